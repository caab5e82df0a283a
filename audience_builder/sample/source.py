"""A sample for an index alone: what an index reads of each block, made without keeping a mart.

Each block is put into a small mart in memory, which computes its traits and is read as any mart is; what was read waits in files
until the index asks for it, for an index reads everybody's profiles before anybody's behaviour.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from audience_builder import clock
from audience_builder.index.columns import USERS_A_PART
from audience_builder.index.source import Cursor, CursorSource, State
from audience_builder.sample import blocks as made
from audience_builder.sample.blocks import Block, SampleSpec, blocks, users_in
from audience_builder.sample.generate import SOURCE, Progress, Writer, ahead, write
from audience_builder.sample.rows import Array, Columns

_KINDS: Final = ("profiles", "behavior", "bookings", "traits")
_FORMAT: Final = 2
"""Grows with every change of what an index reads: files of another format are not gone on from."""
_MASK_OF: Final = "{}?"
_SMALL: Final = np.iinfo(np.int32)


class SampleSource:
    """A sample as an index reads it (`index.Source`), from the files of `spooled`.

    It equals the mart of the same sample after its traits were refreshed: version 1, the same user numbers and the same rows.
    """

    def __init__(self, folder: Path, state: State, ends: list[int]) -> None:
        self._folder = folder
        self._state = state
        self._ends = ends

    def state(self) -> State:
        """What there is to read."""
        return self._state

    def profiles(self) -> Iterator[Columns]:
        """The profiles that hold now."""
        return (piece for piece, _ in self._pieces("profiles"))

    def behavior(self) -> Iterator[Columns]:
        """The behaviour rows, whole parts of users at a time."""
        return whole_parts(self._pieces("behavior"))

    def bookings(self) -> Iterator[Columns]:
        """The bookings as they stand now, whole parts of users at a time."""
        return whole_parts(self._pieces("bookings"))

    def traits(self) -> Iterator[Columns]:
        """The traits of everybody."""
        return (piece for piece, _ in self._pieces("traits"))

    def _pieces(self, kind: str) -> Iterator[tuple[Columns, int]]:
        """What was read of each block, and the number of the first user after it."""
        for block, end in enumerate(self._ends):
            yield _loaded(_file(self._folder, kind, block)), end


class Mart(Writer, Protocol):
    """An empty mart in memory for one block, let go of when it has been read."""

    def refresh_traits(self, day: date, /) -> int:
        """Compute everybody's traits as of a day in Korea."""
        ...

    def cursor(self) -> MartCursor:
        """A new cursor for reading."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class MartCursor(Cursor, Protocol):
    """A cursor that is closed when done."""

    def close(self) -> None:
        """Let go of it."""
        ...


def spooled(
    spec: SampleSpec, folder: Path, *, now: datetime, new_mart: Callable[[], Mart], progress: Progress | None = None
) -> SampleSource:
    """The source of a sample at a moment that knows its zone. Its files stay in `folder`: stopped, it goes on where it was."""
    here = (
        folder
        / sha256(f"{spec.key} block={made.BLOCK} now={now.isoformat()} format={_FORMAT}".encode()).hexdigest()[:16]
    )
    here.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(spec.blocks) if not _state_file(here, number).exists()]
    written = spec.users - sum(users_in(spec, number) for number in missing)
    for number, block in zip(missing, ahead(blocks(spec, missing)), strict=True):
        with closing(new_mart()) as mart:
            _fill(mart, spec, block)
            mart.refresh_traits(clock.day_of(now))
            with closing(mart.cursor()) as cursor, CursorSource(cursor, now=now) as source:
                for kind in _KINDS:
                    found = joined(list(getattr(source, kind)()))
                    _save(_file(here, kind, number), found, first=number * made.BLOCK)
                _note(_state_file(here, number), source.state())
        written += users_in(spec, number)
        if progress:
            progress(written, spec.users)
    states = [State(**json.loads(_state_file(here, number).read_text("utf-8"))) for number in range(spec.blocks)]
    ends = [number * made.BLOCK + users_in(spec, number) for number in range(spec.blocks)]
    return SampleSource(here, _together(states), ends)


def _state_file(folder: Path, block: int) -> Path:
    """Is there when all files of the block are whole."""
    return folder / f"state-{block}.json"


def _note(path: Path, state: State) -> None:
    begun = path.with_suffix(".part")
    begun.write_text(json.dumps(asdict(state)), "utf-8")
    begun.rename(path)


def _fill(mart: Mart, spec: SampleSpec, block: Block) -> None:
    with mart.part(SOURCE, "block") as batch:
        write(batch, block)
    with mart.transaction(SOURCE, spec.key) as batch:
        batch.seen(datetime.fromtimestamp(spec.period.last_moment, UTC))


def _together(states: list[State]) -> State:
    """The state of one mart that holds all blocks."""
    return replace(
        states[-1],
        users=max((number * made.BLOCK + state.users for number, state in enumerate(states) if state.users), default=0),
        since=max(state.since for state in states),
        until=min(state.until for state in states),
    )


def whole_parts(pieces: Iterable[tuple[Columns, int]]) -> Iterator[Columns]:
    """The rows again, each piece whole parts of users: rows of a part begun wait for those of the next piece."""
    waiting: list[Columns] = []
    whole = 0
    for piece, end in pieces:
        waiting.append(piece)
        parts = end // USERS_A_PART * USERS_A_PART
        if parts > whole:
            together, whole = joined(waiting), parts
            is_whole = np.ma.getdata(together["user"]) < whole
            waiting = [_where(together, ~is_whole)]
            yield _where(together, is_whole)
    rest = joined(waiting)
    if rest and len(rest["user"]):
        yield rest


def joined(pieces: list[Columns]) -> Columns:
    """Several pieces as one."""
    if len(pieces) < 2:
        return pieces[0] if pieces else {}
    return {name: _end_to_end([piece[name] for piece in pieces]) for name in pieces[0]}


def _end_to_end(parts: list[Array]) -> Array:
    if any(isinstance(part, np.ma.MaskedArray) for part in parts):
        return np.ma.concatenate(parts)
    return np.concatenate(parts)


def _where(columns: Columns, wanted: Array) -> Columns:
    return {name: values[wanted] for name, values in columns.items()}


def _file(folder: Path, kind: str, block: int) -> Path:
    return folder / f"{kind}-{block}.npz"


def _save(path: Path, columns: Columns, *, first: int) -> None:
    found: dict[str, Any] = {}
    for name, values in columns.items():
        data = np.ma.getdata(values)
        found[name] = _small(data.astype(np.int64) + first if name == "user" else data)
        missing = np.ma.getmaskarray(values)
        if missing.any():
            found[_MASK_OF.format(name)] = np.packbits(missing)
    np.savez(path, **found)


def _small(values: Array) -> Array:
    """Whole numbers in half the room where they fit: there are hundreds of millions of them."""
    if values.dtype != np.int64 or not values.size or values.min() < _SMALL.min or values.max() > _SMALL.max:
        return values
    return values.astype(np.int32)


def _loaded(path: Path) -> Columns:
    with np.load(path) as found:
        arrays = dict(found)
    columns: Columns = {}
    for name, values in arrays.items():
        if not name.endswith("?"):
            missing = arrays.get(_MASK_OF.format(name))
            is_missing = None if missing is None else np.unpackbits(missing, count=len(values)).astype(np.bool_)
            columns[name] = values if is_missing is None else np.ma.MaskedArray(values, mask=is_missing)
    return columns
