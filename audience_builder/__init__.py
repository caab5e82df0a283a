"""Audience Builder: describe travellers by 32 filters and know exactly how many they are, while you type."""

import os

# Must stand in the environment before DuckDB is loaded, so here. DuckDB writes whole blocks, also the part of a block no row fills,
# as its allocator gave it: with what that memory held before, which may be a refused row of an import (duckdb/duckdb#23382).
os.environ.setdefault("DUCKDB_JE_MALLOC_CONF", "zero:true")
