"""How each database writes what the words engine asks: one renderer, a line a difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlglot import exp
from sqlglot.dialects.clickhouse import ClickHouse
from sqlglot.dialects.dialect import Dialect, rename_func
from sqlglot.dialects.duckdb import DuckDB


class _BitFunctions(ClickHouse):
    """ClickHouse has functions where others have `&`, `|` and `~`."""

    class Generator(ClickHouse.Generator):
        TRANSFORMS: ClassVar[dict[type[exp.Expr], Callable[..., str]]] = {
            **ClickHouse.Generator.TRANSFORMS,
            exp.BitwiseAnd: rename_func("bitAnd"),
            exp.BitwiseOr: rename_func("bitOr"),
            exp.BitwiseNot: rename_func("bitNot"),
            exp.BitwiseCount: rename_func("bitCount"),
        }


@dataclass(frozen=True, slots=True)
class Spelling:
    """What differs between databases.

    `side_by_side` says how tables are laid beside each other row by row; `in_order` whether each must be asked for in the order of
    its words first (else they stand in the order in which they were put in).
    """

    dialect: type[Dialect]
    side_by_side: Mapping[str, str]
    in_order: bool

    def text(self, query: exp.Expr) -> str:
        """The statement as text. The statement is used up."""
        return query.sql(self.dialect, comments=False, copy=False)

    def beside(self, relation: exp.Subquery) -> exp.Join:
        """A relation laid beside the one before it."""
        keywords: dict[str, Any] = dict(self.side_by_side)
        return exp.Join(this=relation, **keywords)


DUCKDB: Final = Spelling(DuckDB, {"method": "POSITIONAL"}, in_order=False)
CLICKHOUSE: Final = Spelling(_BitFunctions, {"kind": "PASTE"}, in_order=True)
