"""Events as rows of `behavior_daily`: words as codes, moments as days in Korea, and what is alike summed to one cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.apply.event import OPTIONS, Event, codes
from audience_builder.catalog.options import NIGHT_EDGES, STAY_MODES, USE_EDGES, night_band, use_band
from audience_builder.mart.columns import Array, Columns, scanned
from audience_builder.mart.schema import DIALECT
from audience_builder.mart.tables import SEOUL_OFFSET_HOURS
from audience_builder.mart.transaction import Transaction

Longs = npt.NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHIFT = SEOUL_OFFSET_HOURS * 3_600_000_000
_NONE = -1
_CODES = {name: codes(name) for name in OPTIONS}
_BITS = {name: {word: 1 << code for word, code in codes(name).items()} for name in ("travel_party", "theme")}
_MODES = {key: next(iter(STAY_MODES.codes([key]))) for key in ("day_use", "overnight", "long_stay", "monthly")}
_LONG_STAY_FROM, _MONTHLY_FROM = 7, 28
_SUMMED = ("count", "first_at", "last_at")


def columns(events: Sequence[Event]) -> dict[str, Array]:
    """The events one by one as columns of `behavior_daily`, but for who they are of. Their words have been checked."""
    at = np.array([(event.at - _EPOCH) // _MICROSECOND for event in events], np.int64)
    said = {name: _coded(name, (getattr(event, name) for event in events)) for name in OPTIONS}
    check_in, check_out = (_days(getattr(event, name) for event in events) for name in ("check_in", "check_out"))
    nights = _nights(events, check_in, check_out)
    mode = _mode(said.pop("stay_mode"), nights)
    price = np.array([_NONE if event.price is None else event.price for event in events], np.int64)
    wished = _days(event.wished_on if event.kind == "wish_removed" else None for event in events)
    moments = at.view("datetime64[us]")
    return {
        "day": ((at + _SHIFT) // 86_400_000_000).astype("datetime64[D]"),
        **{name: _said(values) for name, values in said.items() if name != "kind"},
        "kind": said["kind"].astype(np.uint8),
        "price_band": _said(_band(price, mode)),
        "stay_mode": _said(mode),
        "check_in": check_in,
        "nights": _said(nights),
        "party_mask": _mask("travel_party", [event.travel_party for event in events]),
        "theme_mask": _mask("theme", [event.theme for event in events]),
        "wished_on": wished,
        "count": np.ones(len(events), np.int32),
        "first_at": moments,
        "last_at": moments,
    }


def summed(tx: Transaction, rows: Columns) -> Columns:
    """Rows alike in everything the mart keeps, added up."""
    keys = [column(name, quoted=True) for name in rows if name not in _SUMMED]
    totals = [exp.cast(exp.Sum(this=column("count")), "INTEGER").as_("count")]
    totals += [exp.Min(this=column("first_at")).as_("first_at"), exp.Max(this=column("last_at")).as_("last_at")]
    with scanned(tx.connection, rows, "told") as told:
        query = select(*keys, *totals).from_(told.subquery("t")).group_by(*keys)
        return cast(Columns, tx.connection.execute(query.sql(DIALECT)).fetchnumpy())


def _coded(name: str, words: Iterable[str | None]) -> Longs:
    known = _CODES[name]
    return np.array([_NONE if word is None else known[word] for word in words], np.int64)


def _said(values: Longs) -> Array:
    """Codes with what was not said left empty."""
    return np.ma.masked_equal(values, _NONE).astype(np.int32)


def _mask(name: str, chosen: Sequence[tuple[str, ...]]) -> Array:
    """A bit a word; empty where nothing was said."""
    bits = _BITS[name]
    values = np.array([_NONE if not words else _together(bits, words) for words in chosen], np.int64)
    return np.ma.masked_equal(values, _NONE)


def _together(bits: dict[str, int], words: tuple[str, ...]) -> int:
    found = 0
    for word in words:
        found |= bits[word]
    return found


def _days(values: Iterable[date | None]) -> Array:
    return np.array(list(values), dtype="datetime64[D]")


def _nights(events: Sequence[Event], check_in: Any, check_out: Any) -> Longs:
    """As said, else from check-in to check-out."""
    between = np.where(np.isnat(check_in) | np.isnat(check_out), _NONE, (check_out - check_in).astype(np.int64))
    said = np.array([_NONE if event.nights is None else event.nights for event in events], np.int64)
    return np.where(said != _NONE, said, between)


def _mode(said: Longs, nights: Longs) -> Longs:
    """The stay mode as said, else told from the nights (`intake.stays` says the same of files)."""
    told = np.select(
        [nights == 0, nights >= _MONTHLY_FROM, nights >= _LONG_STAY_FROM, nights > 0],
        [_MODES["day_use"], _MODES["monthly"], _MODES["long_stay"], _MODES["overnight"]],
        _NONE,
    )
    return np.where(said != _NONE, said, told)


def _band(price: Longs, mode: Longs) -> Longs:
    """The band of a price: of a use where the mode is day use, else of a night."""
    by_use = use_band(0) + np.searchsorted(USE_EDGES, price, side="right")
    by_night = night_band(0) + np.searchsorted(NIGHT_EDGES, price, side="right")
    return np.where(price == _NONE, _NONE, np.where(mode == _MODES["day_use"], by_use, by_night))
