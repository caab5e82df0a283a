"""Pieces of SQL as trees: quoted names, literals, calls of DuckDB's functions. Nothing here is ever put together as text.

A piece may stand in several places of a tree: `Stage` copies a statement as a whole before it is written out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from sqlglot import exp, parse_one
from sqlglot.expressions import column

from audience_builder.mart.schema import DIALECT

STAGE = "stage"
"""The word by which a statement means the private tables of the running import."""


def col(name: str, table: str | None = None) -> exp.Column:
    """A column by name, quoted whatever it is called."""
    return column(name, table=table, quoted=True)


def text(value: str) -> exp.Literal:
    """A text."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Expr:
    """A whole number."""
    return exp.Literal.number(value)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function of DuckDB as it stands, without translation."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def cast(value: exp.Expr, type_: str) -> exp.Expr:
    """A value as a type of DuckDB."""
    return exp.Cast(this=value, to=exp.DataType.build(type_, dialect=DIALECT))


def try_cast(value: exp.Expr, type_: str) -> exp.Expr:
    """A value as a type of DuckDB, empty where it is none."""
    return exp.TryCast(this=value, to=exp.DataType.build(type_, dialect=DIALECT))


def empty(type_: str) -> exp.Expr:
    """Nothing, of a type."""
    return cast(exp.null(), type_)


def is_empty(value: exp.Expr) -> exp.Expr:
    """Whether there is no value."""
    return exp.Is(this=value, expression=exp.null())


def is_said(value: exp.Expr) -> exp.Expr:
    """Whether there is a value."""
    return exp.Not(this=is_empty(value))


def case(*branches: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None) -> exp.Expr:
    """The value of the first condition that holds."""
    found = exp.Case()
    for condition, value in branches:
        found = found.when(condition, value, copy=False)
    return found.else_(otherwise, copy=False) if otherwise is not None else found


def first_of(*values: exp.Expr) -> exp.Expr:
    """The first value that is not empty."""
    return call("coalesce", *values)


def where(aggregate: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """An aggregate over the rows of which the condition holds."""
    if condition is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))


def named(expressions: Iterable[tuple[str, exp.Expr]]) -> list[exp.Expr]:
    """Expressions under their names."""
    return [exp.alias_(value, name, quoted=True) for name, value in expressions]


def statement(name: str) -> exp.Expr:
    """A statement of `intake/statements` as a tree of its own."""
    return _parsed(name).copy()


@lru_cache(maxsize=32)
def _parsed(name: str) -> exp.Expr:
    found = resources.files("audience_builder.intake").joinpath("statements", name + ".sql").read_text(encoding="utf-8")
    return parse_one(found, dialect=DIALECT)
