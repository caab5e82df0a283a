"""What DuckDB's memory held before is not in the mart's file: blocks are written whole, also where no row fills them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REMEMBERED = b"REMEMBERED-CANARY"
WRITE = """
import sys
{before}
import duckdb
mart = duckdb.connect(sys.argv[1], config={{"threads": 1}})
mart.execute("CREATE TEMP TABLE refused AS SELECT repeat('REMEMBERED-CANARY', 4) || i AS row FROM range(300000) AS t(i)")
mart.execute("SELECT count(DISTINCT row) FROM refused").fetchall()
mart.execute("SELECT row FROM refused ORDER BY row DESC LIMIT 250000").fetchall()
mart.execute("DROP TABLE refused")
for rows in (100, 3000, 20000, 50000, 100000):
    mart.execute(f"CREATE TABLE kept_{{rows}} (user_id VARCHAR USING COMPRESSION uncompressed, moment TIMESTAMP)")
    mart.execute(f"INSERT INTO kept_{{rows}} SELECT 'U' || i, TIMESTAMP '2026-01-01' FROM range({{rows}}) AS t(i)")
    mart.execute("CHECKPOINT")
mart.close()
"""


@pytest.mark.parametrize(
    ("before", "lies_there"),
    [("import audience_builder", False), ("", True)],
    ids=("with the product loaded first", "with DuckDB alone, so that the search is known to find it"),
)
def test_memory_given_back_is_written_into_no_block(before: str, lies_there: bool, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DUCKDB_JE_MALLOC_CONF"}
    mart = tmp_path / "mart.duckdb"
    subprocess.run([sys.executable, "-c", WRITE.format(before=before), mart], check=True, env=environment)
    assert (REMEMBERED in mart.read_bytes()) is lies_there
