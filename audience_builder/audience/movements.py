"""How a saved audience moved: how many entered and left, hour by hour or day by day, why, and how large it was after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from audience_builder.access import Permission, Principal, require
from audience_builder.audience.guard import Limits, Number, told
from audience_builder.clock import SEOUL, day_of
from audience_builder.errors import InputError, NotFoundError
from audience_builder.mart.memberships import AudiencePlace, Cause, Movement, Spell
from audience_builder.store import Store

MOST_HOUR_DAYS = 31
"""So many days at most are told hour by hour."""

MOST_SPELLS = 20
"""So many times that somebody was in are told, the latest."""

_HOUR = timedelta(hours=1)


class By(StrEnum):
    """How finely movements are added up. A day is one in Korea."""

    HOUR = "hour"
    DAY = "day"


class Past(Protocol):
    """What is recorded of memberships."""

    def places(self) -> dict[str, AudiencePlace]:
        """How far each audience is recorded, by its id."""
        ...

    def began_at(self, audience_id: str) -> datetime | None:
        """When recording began; None where it has not."""
        ...

    def movements(self, audience_id: str, *, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """What moved in the hours that begin from `since` (included) until `until` (not), by hour and cause."""
        ...

    def spells(self, audience_id: str, user_id: str, *, most: int) -> tuple[Spell, ...] | None:
        """When a user was in, the latest first; None for an id that was never seen."""
        ...


@dataclass(frozen=True, slots=True)
class ShownCause:
    """How many moved for one cause."""

    cause: Cause
    entered: Number
    exited: Number


@dataclass(frozen=True, slots=True)
class ShownMovement:
    """How many moved in the hour or day that begins at `at`, for which causes, and how many were in at its end."""

    at: datetime
    entered: Number
    exited: Number
    size: Number
    causes: tuple[ShownCause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMovements:
    """How an audience moved since a moment. `began_at` is when recording began (None = not yet), `as_of` what it speaks of."""

    by: By
    since: datetime
    began_at: datetime | None
    as_of: datetime | None
    mart_version: int | None
    rule_version: int | None
    size: Number
    entered: Number
    exited: Number
    causes: tuple[ShownCause, ...]
    movements: tuple[ShownMovement, ...]
    below: int


class Movements:
    """Tells how audiences moved, to whom it may be told; each question is in the audit trail first."""

    def __init__(self, past: Past, store: Store, limits: Limits, *, now: Callable[[], datetime]) -> None:
        self._past = past
        self._store = store
        self._limits = limits
        self._now = now

    def of(self, principal: Principal, audience_id: str, *, by: By, days: int) -> ShownMovements:
        """The last `days` days in Korea, today included; hours at most `MOST_HOUR_DAYS` days back.

        Who is guarded is told no number: side by side, and day after day, they would tell of few.
        """
        require(principal, Permission.SEE_AUDIENCES)
        if by is By.HOUR and days > MOST_HOUR_DAYS:
            raise InputError(f"hours are told of {MOST_HOUR_DAYS} days at most", fix="Ask for days, or for fewer.")
        with self._store.unit(principal) as unit:
            unit.audit("audience.movements", audience_id, by=by.value, days=days)
        found = self._of(audience_id, by, days)
        if not principal.may(Permission.SEE_EXACT):
            return _without_numbers(replace(found, below=self._limits.guarded))
        below = self._limits.below(principal)
        return told(replace(found, below=below), below)

    def spells(self, principal: Principal, audience_id: str, user_id: str) -> tuple[Spell, ...]:
        """When a user was in an audience, the latest first. Raises NotFoundError for an id never seen."""
        require(principal, Permission.SEE_MEMBERS)
        found = self._past.spells(audience_id, user_id, most=MOST_SPELLS)
        if found is None:
            raise NotFoundError("there is no user of that id", fix="Take an id from the members or your own data.")
        return found

    def _of(self, audience_id: str, by: By, days: int) -> ShownMovements:
        now, place, began = self._now(), self._past.places().get(audience_id), self._past.began_at(audience_id)
        since = datetime.combine(day_of(now) - timedelta(days=days - 1), time(), SEOUL).astimezone(UTC)
        every = self._past.movements(audience_id, since=datetime.fromtimestamp(0, UTC), until=now + _HOUR)
        before = sum(each.entered - each.exited for each in every if each.hour < since)
        lately = [each for each in every if each.hour >= since]
        first = since if began is None else max(since, _bucket(began, by))
        cells = tuple(_cells(lately, by, (first, now), before)) if began is not None else ()
        moves = [each for each in lately if each.cause is not Cause.BASELINE]
        return ShownMovements(
            by=by,
            since=since,
            began_at=began,
            as_of=place and place.as_of,
            mart_version=place and place.mart_version,
            rule_version=place and place.rule_version,
            size=place and place.size,
            entered=sum(each.entered for each in moves),
            exited=sum(each.exited for each in moves),
            causes=_by_cause(moves),
            movements=cells,
            below=0,
        )


def _bucket(moment: datetime, by: By) -> datetime:
    """When the hour or day of a moment begins."""
    if by is By.HOUR:
        return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return datetime.combine(day_of(moment), time(), SEOUL).astimezone(UTC)


def _cells(moved: Iterable[Movement], by: By, within: tuple[datetime, datetime], size: int) -> Iterator[ShownMovement]:
    """Every hour or day, also those in which nobody moved; `size` is how many were in before."""
    in_bucket: dict[datetime, list[Movement]] = {}
    for each in moved:
        in_bucket.setdefault(_bucket(each.hour, by), []).append(each)
    at, until = within
    while at <= until:
        found = in_bucket.get(at, [])
        size += sum(each.entered - each.exited for each in found)
        moves = [each for each in found if each.cause is not Cause.BASELINE]
        entered, exited = sum(each.entered for each in moves), sum(each.exited for each in moves)
        yield ShownMovement(at, entered, exited, size, _by_cause(moves))
        at += _HOUR if by is By.HOUR else timedelta(days=1)


def _by_cause(moved: Sequence[Movement]) -> tuple[ShownCause, ...]:
    causes = [cause for cause in Cause if any(each.cause is cause for each in moved)]
    return tuple(
        ShownCause(
            cause,
            sum(each.entered for each in moved if each.cause is cause),
            sum(each.exited for each in moved if each.cause is cause),
        )
        for cause in causes
    )


def _without_numbers(found: ShownMovements) -> ShownMovements:
    """Not even which causes there were in which hour."""
    movements = tuple(replace(each, entered=None, exited=None, size=None, causes=()) for each in found.movements)
    return replace(found, size=None, entered=None, exited=None, causes=(), movements=movements)
