"""What erased users are called: a keyed hash of their id, which only this installation's key can make."""

from __future__ import annotations

import duckdb
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.errors import InputError
from audience_builder.mart.schema import DIALECT, DIMENSIONS

ID_KEY = "id_key"
"""The key in the database of its own that is not stored (`dimension`), as HMAC wants it: padded and mixed both ways."""

TOMBSTONE = "erased "
"""How the id of a burnt number begins in `user_number`; the tag of the id follows."""

_BLOCK = 64
_KEY_BYTES = 32


def load_key(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Make the key known to statements of this process. It stands in memory alone."""
    if len(key) != _KEY_BYTES:
        raise ValueError(f"a key has {_KEY_BYTES} bytes, not {len(key)}")
    padded = key.ljust(_BLOCK, b"\0")
    pads = [bytes(byte ^ mixed for byte in padded) for mixed in (0x36, 0x5C)]
    rows = select(*(exp.cast(exp.Placeholder(), "BLOB", dialect=DIALECT).as_(name) for name in ("inside", "outside")))
    made = exp.Create(this=_key_table(), kind="TABLE", replace=True, expression=rows)
    connection.execute(made.sql(DIALECT), pads)


def id_tag(user_id: exp.Expr) -> exp.Expr:
    """The HMAC-SHA-256 of the SHA-256 (hexadecimal) of an id: hexadecimal itself."""
    return tag_of_hash(_sha256(user_id))


def tag_of_hash(id_hash: exp.Expr) -> exp.Expr:
    """The tag of an id of which only the SHA-256 (hexadecimal) is known."""
    inner = exp.DPipe(this=_pad("inside"), expression=exp.func("encode", id_hash, dialect=DIALECT))
    outer = exp.DPipe(this=_pad("outside"), expression=exp.func("unhex", _sha256(inner), dialect=DIALECT))
    return _sha256(outer)


def check_key(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError where the users erased here were erased under another key: it would let them come back."""
    nobody = select(id_tag(exp.Literal.string(""))).sql(DIALECT)
    ours = connection.execute(nobody).fetchone()
    row = connection.execute("SELECT id_key_check FROM mart_state").fetchone()
    assert ours is not None
    if row is None or row[0] is None:
        connection.execute("UPDATE mart_state SET id_key_check = ?", [ours[0]])
    elif row[0] != ours[0]:
        raise InputError(
            "the mart remembers erased users under another key", fix="Open it with the keys it was made with."
        )


def upgrade(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the tombstones of an older mart, plain hashes of ids, their keyed form: all of them, or none."""
    if not _has_column(connection, "erased_user", "id_hash"):
        return
    burnt = exp.func("starts_with", exp.column("user_id"), exp.Literal.string(TOMBSTONE), dialect=DIALECT)
    old = exp.func("substr", exp.column("user_id"), exp.Literal.number(len(TOMBSTONE) + 1))
    renamed = exp.DPipe(this=exp.Literal.string(TOMBSTONE), expression=tag_of_hash(old))
    connection.execute("BEGIN TRANSACTION")
    try:
        connection.execute("ALTER TABLE mart_state ADD COLUMN id_key_check VARCHAR")
        connection.execute("ALTER TABLE erased_user RENAME id_hash TO id_tag")
        connection.execute(exp.update("erased_user", {"id_tag": tag_of_hash(exp.column("id_tag"))}).sql(DIALECT))
        connection.execute(exp.update("user_number", {"user_id": renamed}, where=burnt).sql(DIALECT))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    # The plain hashes still stand in the log and in pages that were let go.
    connection.execute("CHECKPOINT")


def _has_column(connection: duckdb.DuckDBPyConnection, table: str, name: str) -> bool:
    query = "SELECT 1 FROM duckdb_columns() WHERE table_name = ? AND column_name = ?"
    return connection.execute(query, [table, name]).fetchone() is not None


def _key_table() -> exp.Table:
    return exp.to_table(ID_KEY, db="main", catalog=DIMENSIONS)


def _pad(name: str) -> exp.Expr:
    return select(name).from_(_key_table()).subquery()


def _sha256(value: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="SHA256", expressions=[value])
