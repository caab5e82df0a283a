"""One change of an operational row as Debezium tells it: which table and key, from which place of the database's log, and the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import orjson

from audience_builder.stream.port import Message

UNAVAILABLE = "__debezium_unavailable_value"
"""Stands where a large value did not change: the row before says it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = Mapping[str, Any]


class MisfitError(ValueError):
    """Something that cannot be applied. `code` says why without saying what stood there."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one row (or, with no key, of all rows of its table: a truncation).

    `place` grows with every change of the database (its LSN); `row` is the row from then on, None where it is gone.
    `is_snapshot` = read as it stood, not seen as it changed.
    """

    table: str
    key: str
    place: int
    at: datetime
    row: Row | None
    is_snapshot: bool = False

    @property
    def is_truncation(self) -> bool:
        """Whether every row of the table is gone."""
        return not self.key


def change_of(message: Message) -> Change | None:
    """The change a message tells of; None for what tells of no row (tombstones, heartbeats, ends of transactions).

    Raises MisfitError for what is no change.
    """
    if message.value is None:
        return None
    value, key = _payload(message.value), _payload(message.key or b"{}")
    operation, source = value.get("op"), value.get("source")
    if operation is None and source is None:
        return None
    if operation == "m":
        return None
    if operation not in ("r", "c", "u", "d", "t") or not isinstance(source, dict):
        raise MisfitError("not_a_change")
    said = cast(dict[str, Any], source)
    row = None if operation in ("d", "t") else value.get("after")
    if operation not in ("d", "t") and not isinstance(row, dict):
        raise MisfitError("not_a_change")
    if operation != "t" and not key:
        raise MisfitError("no_key")
    try:
        place, table = int(said["lsn"] or 0), str(said["table"])
        at = _EPOCH + timedelta(milliseconds=int(said["ts_ms"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise MisfitError("not_a_change") from None
    text = "" if operation == "t" else orjson.dumps(key, option=orjson.OPT_SORT_KEYS).decode()
    return Change(table, text, place, at, cast("Row | None", row), operation == "r")


def _payload(body: bytes) -> dict[str, Any]:
    """The object itself, also where Connect has put its schema around it."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MisfitError("not_json") from None
    if isinstance(said, dict) and {"schema", "payload"} <= said.keys():
        said = cast(dict[str, Any], said)["payload"]
    if not isinstance(said, dict):
        raise MisfitError("not_a_change")
    return cast(dict[str, Any], said)


def moment(row: Row, name: str) -> datetime | None:
    """A timestamp with a zone, as text in UTC. Raises MisfitError for anything else."""
    said = row.get(name)
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        raise MisfitError(f"wrong_value:{name}") from None
    if found.tzinfo is None:
        raise MisfitError(f"wrong_value:{name}")
    return found.astimezone(UTC)


def day(row: Row, name: str) -> date | None:
    """A date: as text, with or without the Z of Debezium's ISO strings, or as days since 1970."""
    said = row.get(name)
    try:
        if said is None or isinstance(said, date):
            return said
        if isinstance(said, int):
            return date(1970, 1, 1) + timedelta(days=said)
        return date.fromisoformat(str(said).removesuffix("Z"))
    except (ValueError, OverflowError):
        raise MisfitError(f"wrong_value:{name}") from None


def whole(row: Row, name: str) -> int:
    """A whole number of KRW, 0 where nothing is said. Raises MisfitError for fractions and what is below zero."""
    said = row.get(name)
    try:
        number = float(said) if said is not None else 0.0
    except (TypeError, ValueError):
        raise MisfitError(f"wrong_value:{name}") from None
    if not (number.is_integer() and 0 <= number < 2**53):
        raise MisfitError(f"wrong_value:{name}")
    return int(number)


def text(row: Row, name: str) -> str | None:
    """A text; None for none and for the empty one. Raises MisfitError where it did not come along."""
    said = row.get(name)
    if said == UNAVAILABLE:
        raise MisfitError(f"unavailable:{name}")
    if said is not None and not isinstance(said, str | int):
        raise MisfitError(f"wrong_value:{name}")
    return str(said) if said not in (None, "") else None


def code(row: Row, name: str, codes: Mapping[str, int]) -> int | None:
    """The code of a word of the catalog. Raises MisfitError for a word that is none."""
    word = text(row, name)
    if word is None:
        return None
    if word not in codes:
        raise MisfitError(f"unknown_word:{name}")
    return codes[word]


def mask(row: Row, name: str, codes: Mapping[str, int]) -> int | None:
    """A bit for each of the words of a list."""
    said = row.get(name)
    if said is None or said == []:
        return None
    words: list[object] = cast("list[object]", said) if isinstance(said, list) else [None]
    if not all(isinstance(word, str) and word in codes for word in words):
        raise MisfitError(f"unknown_word:{name}")
    found = 0
    for word in words:
        found |= 1 << codes[str(word)]
    return found
