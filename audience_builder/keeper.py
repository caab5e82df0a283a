"""Keeps the index equal to the mart: maps what was saved, lays small changes over it, and builds it anew when they grow."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import date, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import cast

import numpy as np
from duckdb import DuckDBPyConnection
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder import clock
from audience_builder.api import Freshness
from audience_builder.audience.live import LiveEngine, Reach
from audience_builder.changed import Changes, NotYetError, UserNumbers
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.errors import AudienceBuilderError
from audience_builder.index import CursorSource, Index, Source, Traits, WithTraits, build, is_whole, load, traits_from
from audience_builder.index.columns import TRAIT
from audience_builder.index.patch import Patch, patch_of
from audience_builder.mart import traits
from audience_builder.mart.columns import Columns
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.schema import BOOKING_NOW, DIALECT
from audience_builder.mart.tables import BEHAVIOR_DAILY

PATCHED_USERS = 50_000
"""Above so many users changed since it was built, the index is built anew beside: a patch is read whole with every change."""

MOST_PATCHED = 400_000
"""Above so many no patch is made; counts speak of the version before until a new index is there."""

REFRESHED_USERS = 100_000
"""Above so many users whose traits are stale everybody's are computed beside: while some are refreshed in place nobody else writes."""

_LOG = logging.getLogger("audience_builder")
_LOOK_SECONDS = 30.0
_LONGEST_BREATH_SECONDS = 2.0
_PREPARED_SECONDS = 0.5
"""How long new data waits at most for what people look at to be worked out of it."""


class _StoppedError(Exception):
    """Something newer is to be done."""


class IndexKeeper:
    """Keeps the index equal to the mart: loads what was saved, builds what is missing, and publishes it to the engine."""

    def __init__(
        self, mart: DuckDBMart, engine: LiveEngine, *, root: Path, cache_bytes: int | None, now: Callable[[], datetime]
    ) -> None:
        self._mart = mart
        self._engine = engine
        self._root = root
        self._cache_bytes = cache_bytes
        self._now = now
        self._index: Index | None = None
        self._bitmap: BitmapEngine | None = None
        self._version: int | None = None
        self._reach: Reach | None = None
        self._problem = ""
        self._building = Lock()
        self._making = Lock()
        self._changed = Event()
        self._changes = Changes()
        self._closed = False
        self._closing = Event()
        self._patched_users = 0
        self._traits_version: int | None = None
        self._aside: Thread | None = None
        self._threads: list[Thread] = []

    def open(self, *, watch: bool) -> None:
        """Take the newest saved index, and make it right: in the background with `watch` (counts say which version), else at once."""
        version = self._mart.version
        saved = load(self._root) if version else None
        if saved is not None and saved.mart_version <= version and reach_of(saved).has(self._now()):
            self._publish(saved)
        self._begin(version)
        self._mart.on_change(self._note)
        if watch:
            if self._mart.version:
                self._engine.is_building()
            self._changed.set()
            self._start("index", self._watch)
            if saved is not None and saved is self._index:
                self._start("index-check", lambda: self._check(saved))
        elif self._version != version:
            self.catch_up()

    def _begin(self, version: int) -> None:
        """Know whom the mart changed since the saved index, where it still says so."""
        since = version if self._index is None else self._index.mart_version
        users = self._mart.changed_since(since)
        if users is None:
            self._changes.begin(version, version, np.zeros(0, np.uint32))
        else:
            self._changes.begin(since, version, users)

    def catch_up(self) -> None:
        """Have counts speak of the mart's version: by a patch where few users changed, by a new index otherwise."""
        with self._building:
            if self._mart.version == 0 or self._is_right():
                return
            self._engine.is_building()
            try:
                if self._mart.traits_day != clock.day_of(self._now()) or not self._patched():
                    self._built()
                self._problem = ""
            except NotYetError:
                self._changed.set()
            except AudienceBuilderError as error:
                self._problem = error.message
                self._index = None
                self._engine.has_failed()

    def follow(self) -> None:
        """The same without ever standing still: a new index is made beside the one that answers, which is patched meanwhile."""
        with self._building:
            if self._mart.version == 0 or self._is_right():
                return
            self._engine.is_building()
            try:
                is_patched = self._version == self._mart.version or self._patched()
            except NotYetError:
                return
            except AudienceBuilderError as error:
                self._fails(error.message)
                return
            if not is_patched or self._is_worn():
                self._make_aside()

    def _fails(self, problem: str) -> None:
        """Say what stands in the way. What answers now goes on; without any index the mart answers."""
        self._problem = problem
        if self._index is None:
            self._engine.has_failed()

    def version(self) -> int:
        """The mart version counts speak of."""
        return self._mart.version if self._version is None else self._version

    def freshness(self) -> Freshness:
        """How old the newest answer is."""
        return Freshness(
            mart_version=self._mart.version,
            index_version=self._version,
            index=self._engine.state,
            changed_at=self._mart.changed_at,
            watermark=self._mart.watermark,
            traits_day=self._mart.traits_day,
            problem=self._problem,
        )

    def close(self) -> None:
        """Stop watching. An index under way is finished first, for the mart is about to close."""
        self._closed = True
        self._closing.set()
        self._changed.set()
        for thread in self._threads:
            thread.join()

    def _note(self, version: int, users: UserNumbers | None) -> None:
        self._changes.note(version, users)
        self._changed.set()

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = Thread(target=work, name=name, daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()

    def _is_right(self) -> bool:
        index, now = self._index, self._now()
        if index is None or self._version != self._mart.version or self._reach is None or not self._reach.has(now):
            return False
        return index.traits is not None and index.traits.day == clock.day_number(clock.day_of(now))

    def _watch(self) -> None:
        warmed: Index | None = None
        while not self._closed:
            self._changed.clear()
            begun = monotonic()
            try:
                self.follow()
            except Exception:  # the next change, or the next look, tries again
                _LOG.exception("the index could not be patched")
            if self._index is not warmed and self._index is not None:
                warmed = self._index
                self._start("index-warm", self.warm)
            # Where changes come without end, counts have the cores at least half of the time.
            self._closing.wait(min(monotonic() - begun, _LONGEST_BREATH_SECONDS))
            self._changed.wait(_LOOK_SECONDS)

    # --- a patch, or a new index ------------------------------------------------------------------------------------------

    def _patched(self) -> bool:
        """Lay over the index whoever changed since it was built. False where that is not known, or too many. Raises NotYetError."""
        index, bitmap, now = self._index, self._bitmap, self._now()
        if index is None or bitmap is None or index.traits is None:
            return False
        with closing(self._mart.cursor()) as cursor, ExitStack() as reading:
            with self._mart.still():  # whoever is read as changed is all there is in what is read
                users = self._changes.between(index.mart_version, self._mart.version)
                if users is None or users.size > MOST_PATCHED or self._mart.traits_day is None:
                    return False
                self._mart.refresh_traits(self._mart.traits_day, self._newly_changed(users))
                self._traits_version = self._mart.version
                source = reading.enter_context(CursorSource(cursor, now=now, users=users))
                source.state()
            patch = patch_of(users, source)
        reach = _reach_with(index, patch)
        if not reach.has(now) or patch.index.traits is None:
            return False
        bitmap.patch(patch)
        self._patched_users = users.size
        self._show(patch.index.mart_version, reach)
        return True

    def _newly_changed(self, users: UserNumbers) -> UserNumbers:
        """Whose traits may be wrong: whoever changed since they were computed last, of all that changed."""
        newly = self._stale_users()
        return users if newly is None else newly

    def _is_worn(self) -> bool:
        """Whether the index has so large a patch, or speaks of such an old day, that a new one is wanted."""
        traits = None if self._index is None else self._index.traits
        today = clock.day_number(clock.day_of(self._now()))
        return self._patched_users > PATCHED_USERS or traits is None or traits.day != today

    def _make_aside(self) -> None:
        if self._aside is None or not self._aside.is_alive():
            self._aside = Thread(target=self._build_aside, name="index-build", daemon=True)
            self._threads = [each for each in self._threads if each.is_alive()] + [self._aside]
            self._aside.start()

    def _build_aside(self) -> None:
        """A new index, made of the mart as it is now; what changes while it is made is laid over it before it answers."""
        try:
            index = self._new_index()
            with self._building:
                if self._index is None or index.mart_version >= self._index.mart_version:
                    self._adopt(index)
                    self._problem = ""
                    self._lay_over_new(index)
        except AudienceBuilderError as error:
            self._fails(error.message)
        except Exception as error:
            _LOG.exception("the index could not be built")
            self._fails(f"unexpected: {type(error).__name__}")
        self._changed.set()

    def _lay_over_new(self, index: Index) -> None:
        try:
            is_shown = index.mart_version != self._mart.version and self._patched()
        except NotYetError:
            is_shown = False
        if not is_shown:
            self._show(index.mart_version, reach_of(index))

    def _built(self) -> None:
        self._publish(self._new_index())

    def _new_index(self) -> Index:
        today, now = clock.day_of(self._now()), self._now()
        with self._making, closing(self._mart.cursor()) as cursor, ExitStack() as reading:
            with self._mart.still():
                stale = self._stale_users() if self._mart.traits_day == today else None
                is_aside = stale is None or stale.size > REFRESHED_USERS
                if not is_aside:
                    self._mart.refresh_traits(today, stale)
                    self._traits_version = self._mart.version
                source = reading.enter_context(CursorSource(cursor, now=now))
                source.state()
            index = build(self._root, self._with_traits(source, cursor, today) if is_aside else source)
        self._mart.forget_changes(index.mart_version)
        return index

    def _with_traits(self, source: Source, cursor: DuckDBPyConnection, today: date) -> Source:
        """The source with everybody's traits as of today, computed of what it reads while others write."""
        version = source.state().version
        computed = self._mart.computed_traits(cursor, today)
        with self._mart.still():
            if self._mart.keep_traits(today, computed, since=version):
                self._traits_version = version
        return WithTraits(source, clock.day_number(today), computed)

    def _stale_users(self) -> UserNumbers | None:
        """Whoever changed since the mart's traits were computed last; None where that is everybody, or not known."""
        if self._traits_version is None:
            return None
        try:
            return self._changes.between(self._traits_version, self._mart.version)
        except NotYetError:
            return None

    def _publish(self, index: Index) -> None:
        self._adopt(index)
        self._show(index.mart_version, reach_of(index))

    def _adopt(self, index: Index) -> None:
        """Go on from this index; it does not answer yet."""
        self._index, self._patched_users = index, 0
        self._bitmap = BitmapEngine(
            index, traits_for=self._traits_for, cache_bytes=self._cache_bytes, before=self._bitmap
        )
        self._changes.forget(index.mart_version)

    def _show(self, version: int, reach: Reach) -> None:
        """Answer from it. What is said of it comes after: nobody hears of a version that does not answer yet."""
        assert self._bitmap is not None
        self._bitmap.prepare(as_of=self._now(), seconds=_PREPARED_SECONDS)
        self._engine.publish(self._bitmap, reach)
        self._version, self._reach = version, reach

    def _check(self, index: Index) -> None:
        """Look at every byte of an index that was saved by another process; one that is not whole is built anew."""
        if not is_whole(self._root, index.mart_version) and self._index is index and not self._closed:
            _LOG.error("the saved index is damaged and is built anew")
            self._index = None
            self._changed.set()

    def warm(self) -> None:
        """Make what is asked all the time before anybody asks. Ends at once when the index is no longer the one it began with."""
        index, bitmap = self._index, self._bitmap

        def go_on(_done: int, _of: int) -> None:
            if self._closed or self._index is not index:
                raise _StoppedError

        if bitmap is not None:
            try:
                bitmap.warm(as_of=self._now(), progress=go_on)
            except _StoppedError:
                return

    def _traits_for(self, day: int, users: int) -> Traits:
        """The traits as of any day, by the mart's own models."""
        models = traits.joined(traits.relations(exp.to_table(BOOKING_NOW), exp.to_table(BEHAVIOR_DAILY.name)))
        stored = [column(entry.name) for entry in TRAIT if entry.name != "visited"]
        query = select(column("user_no").as_("user"), *stored, "visited::UTINYINT AS visited", dialect=DIALECT)
        with closing(self._mart.cursor()) as cursor:
            found = cursor.execute(query.from_(models.subquery("m")).sql(DIALECT), {"day": clock.day_from(day)})
            return traits_from([cast(Columns, found.fetchnumpy())], day=day, users=users)


def reach_of(index: Index) -> Reach:
    """The moments an index answers."""
    return Reach(index.since, index.until)


def _reach_with(index: Index, patch: Patch) -> Reach:
    return Reach(max(index.since, patch.index.since), min(index.until, patch.index.until))
