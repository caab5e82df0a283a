"""Captured rows of the operational database into the mart, whatever order they come in and however often.

Every version of a row is kept by its place in the database's log. What the mart says of a user, a booking or a wish follows from all
versions that are kept, so it is the same whichever came first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson

from audience_builder.apply import shop
from audience_builder.apply.change import UNAVAILABLE, Change, MisfitError, change_of
from audience_builder.apply.columns import of_cells
from audience_builder.apply.port import Dead, Tally
from audience_builder.apply.shop import BOOKINGS, CONSENTS, USERS, WISHES, Cells
from audience_builder.clock import day_of
from audience_builder.mart import captured
from audience_builder.mart.captured import Key, SourceRow
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_PROFILE, EventKind
from audience_builder.mart.transaction import Transaction
from audience_builder.mart.users import ERASED
from audience_builder.stream.port import Entry

TOPIC = "operations"
"""The topic captured rows lie in, one change an entry."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A change and the entry that told of it; `row` is what is kept of it, `user` whose it is where that is said."""

    entry: Entry
    change: Change
    row: shop.Row | None = None
    user: str | None = None

    @property
    def key(self) -> Key:
        return self.change.table, self.change.key


class Operations:
    """Applies changes of operational rows (`apply.port.Applies`)."""

    entries_at_once = 5_000

    def __init__(self, topics: Sequence[str] = (TOPIC,)) -> None:
        self.topics: tuple[str, ...] = tuple(topics)

    def apply(self, entries: Sequence[Entry], tx: Transaction) -> Tally:
        """Put what these changes say into the mart."""
        dead: list[Dead] = []
        told, silent = _read(entries, dead)
        looked_at = _checked(_filled(told, tx), dead)
        truncations = [each for each in looked_at if each.change.is_truncation]
        rows = [each for each in looked_at if not each.change.is_truncation]
        new = [
            rows[position]
            for position in captured.fresh(tx.connection, [(*each.key, each.change.place) for each in rows])
        ]
        kept = self._kept(new, dead, tx)
        self._follow(kept, tx)
        self._empty(truncations, {row.source for row in kept}, tx)
        for each in looked_at:
            tx.seen(each.change.at)
        applied = silent + len(kept) + len(truncations)
        return Tally(received=len(entries), applied=applied, duplicate=len(rows) - len(new), dead=tuple(dead))

    def _kept(self, new: list[_Told], dead: list[Dead], tx: Transaction) -> list[SourceRow]:
        """The versions as they are kept; of erased users nothing is."""
        named = [each.user for each in new if each.user is not None]
        numbers = iter(tx.numbers(np.array(named, dtype=object)).tolist() if named else [])
        found: list[SourceRow] = []
        for each in new:
            user = None if each.user is None else next(numbers)
            if user == ERASED:
                dead.append(Dead(each.entry, 0, b"", "erased"))
                continue
            body = None if each.row is None else orjson.dumps(each.row).decode()
            at = each.change.at.replace(tzinfo=None)
            found.append(SourceRow(*each.key, each.change.place, at, user, body))
        return found

    def _follow(self, rows: list[SourceRow], tx: Transaction) -> None:
        """Bring the mart up to what these versions and all before them say."""
        if not rows:
            return
        before = captured.versions(tx.connection, {(row.source, row.key) for row in rows})
        captured.keep(tx.connection, rows)
        after = _with(before, rows)
        owners = {key: owner for key, known in after.items() if (owner := _owner(known)) is not None}
        captured.own(tx.connection, {key: owners[key] for key in owners if any(v.user_no is None for v in after[key])})
        self._put_profiles({owners[key] for key in owners if key[0] in (USERS, CONSENTS)}, tx)
        for source, table, said in ((BOOKINGS, BOOKING.name, _bookings), (WISHES, BEHAVIOR_DAILY.name, _wishes)):
            new: list[Cells] = []
            for key in (key for key in owners if key[0] == source):
                now, then = said(after[key]), said(before[key]) if _owner(before[key]) is not None else []
                new += [{"user_no": owners[key], **cells} for cells in _without(now, then)]
            if new:
                tx.append(table, of_cells(table, new))

    def _empty(self, told: list[_Told], sources: set[str], tx: Transaction) -> None:
        """Every row of a table that was there before it was emptied is gone, also one that comes only now."""
        connection = tx.connection
        new = captured.fresh(connection, [(*each.key, each.change.place) for each in told]) if told else []
        changes = [told[position].change for position in new]
        captured.keep(
            connection, [SourceRow(c.table, "", c.place, c.at.replace(tzinfo=None), None, None) for c in changes]
        )
        emptied = captured.versions(connection, {(source, "") for source in sources | {c.table for c in changes}})
        for (source, _), truncations in emptied.items():
            for each in truncations:
                keys = captured.keys_of(connection, source, before=each.place)
                gone = captured.fresh(connection, [(source, key, each.place) for key in keys]) if keys else []
                self._follow([SourceRow(source, keys[at], each.place, each.at, None, None) for at in gone], tx)

    def _put_profiles(self, users: set[int], tx: Transaction) -> None:
        found: list[Cells] = []
        for user, rows in captured.versions_of_users(tx.connection, users).items():
            found += [{"user_no": user, **cells} for cells in shop.profiles([_version(row) for row in rows])]
        if found:
            tx.profiles(of_cells(USER_PROFILE.name, found))


def _read(entries: Sequence[Entry], dead: list[Dead]) -> tuple[list[_Told], int]:
    """The changes, and how many entries tell of none."""
    told: list[_Told] = []
    silent = 0
    for entry in entries:
        try:
            change = change_of(entry.message)
        except MisfitError as misfit:
            dead.append(Dead(entry, 0, entry.message.value or b"", misfit.code))
            continue
        if change is None:
            silent += 1
        else:
            told.append(_Told(entry, change))
    return told, silent


def _filled(told: list[_Told], tx: Transaction) -> list[_Told]:
    """Large values that did not change, from the version before."""
    wanting = {each.key for each in told if each.change.row and UNAVAILABLE in each.change.row.values()}
    if not wanting:
        return told
    known = captured.versions(tx.connection, wanting)
    last = {key: _row(rows[-1]) or {} for key, rows in known.items() if rows}
    found: list[_Told] = []
    for each in told:
        row = each.change.row
        if row is not None and each.key in wanting:
            before = last.get(each.key, {})
            row = {name: before.get(name, value) if value == UNAVAILABLE else value for name, value in row.items()}
            last[each.key] = dict(row)
        found.append(replace(each, change=replace(each.change, row=row)))
    return found


def _checked(told: list[_Told], dead: list[Dead]) -> list[_Told]:
    found: list[_Told] = []
    for each in told:
        try:
            if each.change.is_truncation:
                found.append(each)
            else:
                found.append(replace(each, row=shop.kept(each.change), user=shop.user_of(each.change)))
        except MisfitError as misfit:
            dead.append(Dead(each.entry, 0, each.entry.message.value or b"", misfit.code))
    return found


def _with(known: Mapping[Key, list[SourceRow]], rows: Iterable[SourceRow]) -> dict[Key, list[SourceRow]]:
    """Every version of these rows, by place: those known before and the new ones."""
    found = {key: list(before) for key, before in known.items()}
    for row in rows:
        found[row.source, row.key].append(row)
    return {key: sorted(each, key=lambda row: row.place) for key, each in found.items()}


def _owner(rows: Iterable[SourceRow]) -> int | None:
    return next((row.user_no for row in rows if row.user_no is not None), None)


def _row(row: SourceRow) -> shop.Row | None:
    return None if row.body is None else orjson.loads(row.body)


def _version(row: SourceRow) -> shop.Version:
    return shop.Version(row.source, row.key, row.place, row.at.replace(tzinfo=UTC), _row(row))


def _bookings(rows: Sequence[SourceRow]) -> list[Cells]:
    """A version of the booking for each version of its row; one that is gone says last what it was."""
    found: list[Cells] = []
    said: Cells | None = None
    for row in rows:
        body = _row(row)
        said = shop.booking(body) if body is not None else said
        if said is not None:
            found.append({**said, "source_version": row.place, "deleted": body is None})
    return found


def _wishes(rows: Sequence[SourceRow]) -> list[Cells]:
    """What was done: a wish when its row comes, its undoing when the row goes."""
    found: list[Cells] = []
    said: Cells | None = None
    for row in rows:
        body = _row(row)
        if body is not None and said is None:
            said = shop.wish(body)
            found.append(_event(EventKind.WISH, said, said["at"]))
        elif body is None and said is not None:
            undone = max(row.at.replace(tzinfo=UTC), said["at"])
            found.append({**_event(EventKind.WISH_REMOVED, said, undone), "wished_on": day_of(said["at"])})
            said = None
    return found


def _event(kind: EventKind, said: Cells, at: datetime) -> Cells:
    what = {name: value for name, value in said.items() if name != "at"}
    return {**what, "kind": int(kind), "day": day_of(at), "wished_on": None, "count": 1, "first_at": at, "last_at": at}


def _without(now: list[Cells], then: list[Cells]) -> list[Cells]:
    """What is said now and was not said then."""
    left = Counter(_hashable(cells) for cells in then)
    found: list[Cells] = []
    for cells in now:
        if left[_hashable(cells)] > 0:
            left[_hashable(cells)] -= 1
        else:
            found.append(cells)
    return found


def _hashable(cells: Cells) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(cells.items()))
