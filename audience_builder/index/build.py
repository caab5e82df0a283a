"""From the mart to an index: read in pieces of bounded size, written as it is read, then mapped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from audience_builder.catalog.holidays import FIRST_DAY, LAST_DAY, NIGHT_CLASSES, cumulative_nights
from audience_builder.clock import day_number
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Halves, Integers, packed
from audience_builder.index.columns import (
    BEHAVIOR_LOGS,
    BOOKING,
    CONSENTS,
    LATE_CONSENTS,
    LOGS,
    NO_DAY,
    PROFILE,
    TRAIT,
    fitted,
)
from audience_builder.index.contents import Index, traits_from
from audience_builder.index.saved import Writer, load
from audience_builder.index.source import Source, State

_MOST_EVENTS = 2**31 - 1


def opened(root: Path, source: Source) -> Index:
    """The index of the source's version: the saved one where it is whole and profiles still hold, else built anew."""
    state = source.state()
    saved = load(root, mart_version=state.version)
    holds = saved is not None and (saved.since, saved.until) == (state.since, state.until)
    return saved if saved is not None and holds else build(root, source)


def build(root: Path, source: Source) -> Index:
    """Read everything, save it under `root`, and map it. Raises EngineError for rows the index cannot hold exactly."""
    state = source.state()
    with Writer(root) as writer:
        rows = {"late_consents": _write_profiles(writer, source, state)}
        for name in BEHAVIOR_LOGS:
            rows[name] = _write_behavior(writer, source, name, state.users)
        rows["booking"] = _write_bookings(writer, source)
        _write_traits(writer, source, state)
        writer.publish(
            {
                "mart_version": state.version,
                "users": state.users,
                "since": state.since,
                "until": state.until,
                "traits_day": state.traits_day,
                "rows": rows,
            }
        )
    index = load(root, mart_version=state.version)
    if index is None:
        raise EngineError("the index could not be read back", fix="Check the disk it is written to.")
    return index


def _write_profiles(writer: Writer, source: Source, state: State) -> int:
    """Profiles one place a user, consents one row of bits each. Returns how many consents came after `since`."""
    profile = {entry.name: np.full(state.users, entry.empty or 0, entry.dtype) for entry in PROFILE}
    consents = np.zeros((len(CONSENTS), state.users), np.bool_)
    late = 0
    for piece in source.profiles():
        who = np.ma.getdata(piece["user"])
        for entry in PROFILE:
            profile[entry.name][who] = fitted(piece[entry.name], entry)
        for row, name in enumerate(CONSENTS):
            moments, missing = np.ma.getdata(piece[name]), np.ma.getmaskarray(piece[name])
            consents[row, who] = ~missing & (moments <= state.since)
            later = ~missing & (moments > state.since)
            late += _write_late(writer, who[later], row, moments[later])
    for name, values in profile.items():
        writer.append(f"profile.{name}", values)
    writer.append("consents", np.concatenate([packed(flags) for flags in consents]))
    return late


def _write_late(writer: Writer, who: Array, consent: int, moments: Array) -> int:
    piece = {"user": who, "consent": np.full(len(who), consent), "moment": moments}
    for entry in LATE_CONSENTS:
        writer.append(f"late_consents.{entry.name}", fitted(piece[entry.name], entry))
    return len(who)


def _write_behavior(writer: Writer, source: Source, log: str, users: int) -> int:
    """Append a behaviour log piece by piece. Returns its rows."""
    rows = 0
    events = np.zeros(users, np.int64)
    for piece in source.behavior(log):
        for entry in LOGS[log]:
            writer.append(f"{log}.{entry.name}", fitted(piece[entry.name], entry), empty=entry.empty)
        np.add.at(events, np.ma.getdata(piece["user"]), np.abs(np.ma.getdata(piece["count"]).astype(np.int64)))
        rows += len(piece["user"])
    if int(events.max(initial=0)) > _MOST_EVENTS:
        raise EngineError(f"a user has more than {_MOST_EVENTS} events of {log}", fix="Correct the counts in the mart.")
    return rows


def _write_bookings(writer: Writer, source: Source) -> int:
    """Append the booking log piece by piece. Returns its rows."""
    nights = NightKinds()
    rows = 0
    for piece in source.bookings():
        columns = {entry.name: fitted(piece[entry.name], entry) for entry in BOOKING if entry.name != "night_mask"}
        columns["night_mask"] = nights.of(columns["check_in"], columns["check_out"], columns["nights"] > 0)
        for name, values in columns.items():
            writer.append(f"booking.{name}", values)
        rows += len(piece["user"])
    return rows


def _write_traits(writer: Writer, source: Source, state: State) -> None:
    if state.traits_day is None:
        return
    traits = traits_from(source.traits(), day=state.traits_day, users=state.users)
    for entry in TRAIT:
        writer.append(f"trait.{entry.name}", traits[entry.name])


class NightKinds:
    """Which kinds of nights a stay has, from running sums of nights by kind: two look-ups a stay, however long."""

    def __init__(self, first: date = FIRST_DAY, last: date = LAST_DAY) -> None:
        self._first = day_number(first)
        self._before = cumulative_nights(first, last)

    def of(self, check_in: Integers, check_out: Integers, is_stay: Array) -> Halves:
        """A bit a kind of the nights from check-in to check-out; none without a night. Raises EngineError for an unknown day."""
        masks = np.zeros(len(check_in), np.uint16)
        stays = np.flatnonzero(is_stay & (check_in != NO_DAY) & (check_out > check_in))
        start, end = check_in[stays] - self._first, check_out[stays] - self._first
        if stays.size and not (start.min() >= 0 and end.max() < len(self._before)):
            raise EngineError(f"a stay lies outside {FIRST_DAY} to {LAST_DAY}", fix="Correct its dates in the mart.")
        for kind in range(len(NIGHT_CLASSES)):
            has = self._before[end, kind] > self._before[start, kind]
            masks[stays] |= has.astype(np.uint16) << np.uint16(kind)
        return masks
