"""The private tables of one import: a database of its own beside the mart, on the disk, gone when the import ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.errors import EngineError, InputError
from audience_builder.intake.tree import STAGE, statement, text
from audience_builder.mart.schema import DIALECT

Row = tuple[object, ...]
Tree = TypeVar("Tree", bound=exp.Expr)
_INCOMING = "incoming_rows"
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Stage:
    """Tables called `stage.…` in a statement are those of this import; any others are the mart's, only read."""

    cursor: duckdb.DuckDBPyConnection
    folder: Path
    catalog: str

    def bound(self, tree: exp.Expr) -> str:
        """A statement as SQL, its `stage.…` tables meaning this import's."""
        return self.bound_tree(tree).sql(DIALECT, copy=False)

    def bound_tree(self, tree: Tree) -> Tree:
        """A statement whose `stage.…` tables mean this import's, also on another connection of the mart."""
        found = tree.copy()
        for table in found.find_all(exp.Table):
            if table.db == STAGE:
                table.set("db", exp.to_identifier("main", quoted=True))
                table.set("catalog", exp.to_identifier(self.catalog, quoted=True))
        return found

    def run(self, tree: exp.Expr, values: Mapping[str, object] | None = None) -> list[Row]:
        """Run a statement and return its rows. Raises InputError where the rows do not let it."""
        try:
            return self.cursor.execute(self.bound(tree), dict(values) if values else None).fetchall()
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as problem:
            raise EngineError("a statement of the import is wrong", fix="This is an error of the product.") from problem
        except duckdb.Error as problem:
            # DuckDB's own words may repeat what stands in a row, so they are kept out of what people see.
            raise InputError(
                f"the rows cannot be read as the map says ({type(problem).__name__})",
                fix="Check the map against the file.",
            ) from problem

    def run_named(self, name: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """Run a statement of `intake/statements`."""
        return self.run(statement(name), values)

    def make(self, table: str, query: exp.Query, *, kind: Literal["TABLE", "VIEW"] = "TABLE") -> None:
        """A table (or a view) of this import from a query."""
        self.run(exp.Create(this=exp.to_table(table, db=STAGE), kind=kind, expression=query))

    def load(self, table: str, columns: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Append arrays to a table of this import; columns left out are empty."""
        self.cursor.register(_INCOMING, dict(columns))
        try:
            rows = select(*(exp.column(name, quoted=True) for name in columns)).from_(_INCOMING)
            names = [exp.to_identifier(name, quoted=True) for name in columns]
            self.run(exp.insert(rows, exp.to_table(table, db=STAGE), columns=names))
        finally:
            self.cursor.unregister(_INCOMING)

    def in_chunks(self, tree: exp.Query, rows: int) -> Iterator[list[Row]]:
        """The rows of a query, so many at a time."""
        self.cursor.execute(self.bound(tree))
        while chunk := self.cursor.fetchmany(rows):
            yield chunk

    def chunked(self, tree: exp.Query) -> Iterator[Row]:
        """The rows of a query one by one, read many at a time."""
        for chunk in self.in_chunks(tree, _AT_ONCE):
            yield from chunk

    def one(self, tree: exp.Expr, values: Mapping[str, object] | None = None) -> Row:
        """The one row of a statement."""
        return self.run(tree, values)[0]


@contextmanager
def staged(cursor: duckdb.DuckDBPyConnection, beside: Path) -> Generator[Stage]:
    """The private tables of an import, in a folder that only this user can read; deleted at the end, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix=".intake-", dir=beside))
    catalog = folder.name.lstrip(".").replace("-", "_")
    attach = exp.Attach(this=exp.alias_(text(str(folder / "stage.duckdb")), catalog, quoted=True))
    try:
        cursor.execute(attach.sql(DIALECT))
        yield Stage(cursor, folder, catalog)
    except duckdb.Error as problem:
        raise InputError(
            f"the import cannot be done here ({type(problem).__name__})", fix="Check space and rights."
        ) from problem
    finally:
        with suppress(duckdb.Error):
            cursor.execute(exp.Detach(this=exp.to_identifier(catalog, quoted=True)).sql(DIALECT))
        shutil.rmtree(folder, ignore_errors=True)
