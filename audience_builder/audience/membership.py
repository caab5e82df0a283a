"""Who is in each saved audience, recorded as it changes: who entered, who left, when and why.

Whenever other data is answered from, a day begins, or a rule is saved, every live audience is worked out anew and compared with what
was recorded of it. What differs is written together with how far that is, in one transaction, so that a movement is never lost and
never written twice. `docs/membership.md` says what is recorded, and what is not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Event, Lock, Thread
from time import monotonic, thread_time
from typing import Protocol

from audience_builder.audience.causes import Told
from audience_builder.audience.movement import Kept, Moved, begun, moved, packed_numbers, standing, stepped
from audience_builder.audience.sizing import COUNTER
from audience_builder.engine.bitmap_snapshot import Snapshot
from audience_builder.engine.port import UserNumbers
from audience_builder.errors import AudienceBuilderError, ConflictError
from audience_builder.mart.memberships import AudiencePlace, Step
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from audience_builder.store import Store, Version

_AT_ONCE = 500
_LEAST_SECONDS = 1.0
_SLICE_SECONDS = 0.02
_MINUTE = 60.0
_LOG = logging.getLogger("audience_builder")

Snapshots = Callable[[datetime], Snapshot | None]
"""What the index says of a moment, held still; None where it does not."""


class Ledger(Protocol):
    """Where memberships are recorded."""

    def places(self) -> dict[str, AudiencePlace]:
        """How far each audience is recorded, by its id."""
        ...

    def inside(self, place: AudiencePlace) -> UserNumbers:
        """Who was in at that place, ascending."""
        ...

    def erased(self) -> UserNumbers:
        """The numbers that were burnt, ascending."""
        ...

    def record(self, steps: Sequence[Step]) -> None:
        """Write these in one transaction. Raises ConflictError where somebody was faster."""
        ...


class Recorder:
    """Keeps the ledger equal to the index: at most once a second, one round for all that happened meanwhile.

    `version` is the mart's as it was opened; whatever changed before is not told.
    """

    def __init__(
        self, *, snapshots: Snapshots, ledger: Ledger, store: Store, now: Callable[[], datetime], version: int
    ) -> None:
        self._snapshots = snapshots
        self._ledger = ledger
        self._store = store
        self._now = now
        self._told = Told(version)
        self._kept: dict[str, Kept] = {}
        self._rules: dict[tuple[str, int], Rule | None] = {}
        self._listeners: list[Callable[[Moved], None]] = []
        self._working = Lock()
        self._is_behind = False
        self._woken = Event()
        self._closing = Event()
        self._thread: Thread | None = None

    def open(self) -> None:
        """Follow in the background from now on."""
        self._thread = Thread(target=self._follow, name="membership", daemon=True)
        self._thread.start()
        self._woken.set()

    def close(self) -> None:
        """Stop after the round under way, and note how far memberships are known."""
        self._closing.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
        with self._working:
            self._record([standing(kept) for kept in self._kept.values() if kept.at != kept.stored])

    def on_move(self, listener: Callable[[Moved], None]) -> Callable[[], None]:
        """Call `listener` for every audience that moved, once that is recorded; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def note(self, version: int, users: UserNumbers | None) -> None:
        """The mart changed (`mart.on_change`). Without a thread, what time alone has moved by now is recorded first."""
        if self._thread is None and not self._is_behind:
            self._try()
        self._told.note(version, users)
        self._is_behind = True

    def saved(self) -> None:
        """A rule was saved. Without a thread that is looked at when the data moves."""
        self._woken.set()

    def moved(self) -> None:
        """Other data is answered from. Without a thread, what changed in the mart is recorded before this returns."""
        if self._thread is not None:
            self._woken.set()
        elif self._is_behind:
            self._try()

    def refresh(self) -> tuple[Moved, ...]:
        """Work out every live audience, and record who moved. Returns which did; none where there is no index now."""
        with self._working:
            self._is_behind = False
            snapshot = self._snapshots(self._now())
            if snapshot is None:
                return ()
            rounds = list(self._rounds(snapshot))
            self._settle(rounds)
        found = tuple(moved(step) for step, _ in rounds if step.since is not None and step.users.size)
        for each in found:
            for listener in tuple(self._listeners):
                listener(each)
        return found

    def _rounds(self, snapshot: Snapshot) -> Iterator[tuple[Step, Kept]]:
        """What becomes of every live audience, and what is known of it then."""
        live, erased, since = self._live(), self._ledger.erased(), thread_time()
        self._load({version.audience_id for version, _ in live})
        for version, rule in live:
            kept = self._kept.get(version.audience_id)
            if kept is None:
                yield begun(version, rule, snapshot, erased)
            elif _is_due(kept, version, snapshot):
                changed = self._told.between(kept.at.mart_version, snapshot.mart_version)
                yield stepped(version, rule, snapshot, kept, changed, erased)
            if self._thread is not None and thread_time() - since > _SLICE_SECONDS:
                self._closing.wait(thread_time() - since)  # who counts goes first
                since = thread_time()

    def _settle(self, rounds: Sequence[tuple[Step, Kept]]) -> None:
        """Write all rounds where anybody moved in one of them, and go on from there."""
        is_written = any(step.since is None or step.users.size for step, _ in rounds)
        if is_written:
            self._record([step for step, _ in rounds])
        for step, kept in rounds:
            self._kept[step.to.audience_id] = replace(kept, stored=step.to) if is_written else kept
        if self._kept:
            self._told.forget(min(kept.at.mart_version for kept in self._kept.values()))

    def _record(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        try:
            self._ledger.record(steps)
        except ConflictError:
            self._kept.clear()  # what is known here is not what is recorded: the next round reads it anew
            raise

    # --- what there is ----------------------------------------------------------------------------------------------------

    def _live(self) -> list[tuple[Version, Rule]]:
        """Every live audience with its newest rule, by id. One whose rule can no longer be read stays as it was recorded."""
        found: list[Version] = []
        with self._store.unit(COUNTER) as unit:
            while page := unit.shelf.newest(after=found[-1].audience_id if found else "", limit=_AT_ONCE):
                found += page
        self._rules = {
            (each.audience_id, each.version): self._rules.get((each.audience_id, each.version)) or _readable(each)
            for each in found
        }
        read = [(each, self._rules[each.audience_id, each.version]) for each in found]
        return [(version, rule) for version, rule in read if rule is not None]

    def _load(self, live: set[str]) -> None:
        """Read what is recorded of live audiences that are not known yet; forget those that were put away."""
        self._kept = {key: kept for key, kept in self._kept.items() if key in live}
        if live <= self._kept.keys():
            return
        for key, place in self._ledger.places().items():
            if key in live and key not in self._kept:
                self._kept[key] = Kept(
                    place, place, self._rule_of(place), packed_numbers(self._ledger.inside(place)), None
                )

    def _rule_of(self, place: AudiencePlace) -> Rule | None:
        with self._store.unit(COUNTER) as unit:
            versions = unit.audiences.versions(place.audience_id)
        return next((_readable(each) for each in versions if each.version == place.rule_version), None)

    # --- on and on --------------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        while not self._closing.is_set():
            begun_at, used = monotonic(), thread_time()
            self._woken.clear()
            self._try()
            self._closing.wait(max(_LEAST_SECONDS - (monotonic() - begun_at), thread_time() - used))
            # A day begins with a minute; what is left in a cart becomes so at one.
            self._woken.wait(_MINUTE - self._now().timestamp() % _MINUTE)

    def _try(self) -> None:
        try:
            self.refresh()
        except AudienceBuilderError as error:  # nothing to look at yet, or too busy: the next change tries again
            _LOG.info("memberships could not be recorded: %s", error.code)
        except Exception:
            _LOG.exception("memberships could not be recorded")


def _is_due(kept: Kept, version: Version, snapshot: Snapshot) -> bool:
    """Whether there is anything new to see. What is recorded never goes back: an index may be older than that."""
    at = kept.at
    if snapshot.mart_version < at.mart_version or snapshot.as_of < at.as_of:
        return False
    same_minute = int(snapshot.as_of.timestamp() // _MINUTE) == int(at.as_of.timestamp() // _MINUTE)
    is_new = kept.answers is None or not same_minute  # what another process saw is looked at once more
    return is_new or (version.version, snapshot.mart_version) != (at.rule_version, at.mart_version)


def _readable(version: Version) -> Rule | None:
    try:
        return parse_rule(version.rule)
    except AudienceBuilderError:
        return None
