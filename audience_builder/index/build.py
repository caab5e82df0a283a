"""From the mart to an index: read in pieces of bounded size, written as it is read, then mapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, packed
from audience_builder.index.bookings import Bookings
from audience_builder.index.columns import (
    BEHAVIOR_LOGS,
    CONSENTS,
    LATE_CONSENTS,
    LOGS,
    PROFILE,
    TABLES,
    TRAIT,
    Columns,
    Stored,
    fitted,
    parts_for,
)
from audience_builder.index.contents import Index, traits_from
from audience_builder.index.rows import Cells, Sorted, behavior
from audience_builder.index.saved import Collected, Sink, Writer, load
from audience_builder.index.source import Source, State


def opened(root: Path, source: Source) -> Index:
    """The index of the source's version: the saved one where it is whole and profiles still hold, else built anew."""
    state = source.state()
    saved = load(root, mart_version=state.version)
    holds = saved is not None and (saved.since, saved.until) == (state.since, state.until)
    return saved if saved is not None and holds else build(root, source)


def build(root: Path, source: Source) -> Index:
    """Read everything, save it under `root`, and map it. Raises EngineError for rows the index cannot hold exactly."""
    with Writer(root) as writer:
        facts = _write(writer, source)
        writer.publish(facts)
    index = load(root, mart_version=facts["mart_version"])
    if index is None:
        raise EngineError("the index could not be read back", fix="Check the disk it is written to.")
    return index


def gathered(source: Source) -> Index:
    """Read everything into memory: for the few users of a patch. Raises EngineError for rows the index cannot hold exactly."""
    collected = Collected()
    return collected.index(_write(collected, source))


def _write(writer: Sink, source: Source) -> dict[str, Any]:
    """Everything of the source, and what the manifest says of it."""
    state = source.state()
    rows = {"late_consents": _write_profiles(writer, source, state)}
    rows |= _write_behavior(writer, source, state)
    rows |= _write_bookings(writer, source, state)
    _write_traits(writer, source, state)
    return {
        "mart_version": state.version,
        "users": state.users,
        "since": state.since,
        "until": state.until,
        "traits_day": state.traits_day,
        "rows": rows,
    }


def _write_profiles(writer: Sink, source: Source, state: State) -> int:
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


def _write_late(writer: Sink, who: Array, consent: int, moments: Array) -> int:
    piece = {"user": who, "consent": np.full(len(who), consent), "moment": moments}
    for entry in LATE_CONSENTS:
        writer.append(f"late_consents.{entry.name}", fitted(piece[entry.name], entry))
    return len(who)


def _write_behavior(writer: Sink, source: Source, state: State) -> dict[str, int]:
    """Write the behaviour logs piece by piece. Returns the rows of each."""
    cells = {log: Cells(log, parts_for(state.users)) for log in BEHAVIOR_LOGS}
    for piece in ahead(source.behavior()):
        for found in behavior(piece):
            _write_rows(writer, found, cells[found.log])
    for name, each in cells.items():
        _write_cells(writer, name, each)
    return {name: each.rows for name, each in cells.items()}


def _write_rows(writer: Sink, found: Sorted, cells: Cells) -> None:
    for entry in LOGS[found.log]:
        writer.append(f"{found.log}.{entry.name}", found.columns[entry.name], empty=entry.empty)
    cells.add(found.part, found.stretches, found.columns)


def _write_cells(writer: Sink, log: str, cells: Cells) -> None:
    writer.append(f"{log}.starts", cells.starts().ravel())
    for name, dates in cells.dates().items():
        writer.append(f"{log}.dates.{name}", dates.ravel())


def _write_bookings(writer: Sink, source: Source, state: State) -> dict[str, int]:
    """Write bookings and what is said of some of them piece by piece. Returns the rows of each."""
    cells, bookings, rows = Cells("booking", parts_for(state.users)), Bookings(), dict.fromkeys(TABLES, 0)
    for piece in ahead(source.bookings()):
        for found in bookings.sorted(piece):
            tables = {
                "stage": {**found.stages, "row": found.stages["row"] + cells.rows},
                "cart": {
                    **found.carts,
                    "row": found.carts["row"] + cells.rows,
                    "answers": found.carts["answers"] + rows["answer"],
                },
                "answer": found.answers,
            }
            for name, values in tables.items():
                _write_columns(writer, name, TABLES[name], values)
                rows[name] += len(next(iter(values.values())))
            _write_rows(writer, found.rows, cells)
    _write_cells(writer, "booking", cells)
    return {"booking": cells.rows, **rows}


def _write_columns(writer: Sink, name: str, columns: Iterable[Stored], values: Columns) -> None:
    """Write columns that fit already: dates were made to fit, and row numbers grow to 2^32 only beyond any mart read at once."""
    for entry in columns:
        writer.append(f"{name}.{entry.name}", values[entry.name].astype(entry.dtype))


def ahead(pieces: Iterator[Columns]) -> Iterator[Columns]:
    """The pieces, each read while the one before is worked on."""
    with ThreadPoolExecutor(1, thread_name_prefix="index-read") as reader:
        coming = reader.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = reader.submit(next, pieces, None)
            yield piece


def _write_traits(writer: Sink, source: Source, state: State) -> None:
    if state.traits_day is None:
        return
    traits = traits_from(source.traits(), day=state.traits_day, users=state.users)
    for entry in TRAIT:
        writer.append(f"trait.{entry.name}", traits[entry.name])
