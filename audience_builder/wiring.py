"""Puts the parts together over one data directory. The only place that knows which technology stands behind a port."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, cast

from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder import clock
from audience_builder.access import Permission, Principal, require
from audience_builder.api import App, Freshness, Progress, SampleWish
from audience_builder.audience import Approval, Audiences, Exports, Limits, Questions, Recorded
from audience_builder.audience.duckdb import DuckDBTravellers
from audience_builder.audience.live import LiveEngine, Reach
from audience_builder.audience.runner import ExportRunner
from audience_builder.audience.shared import SharedEngine
from audience_builder.catalog.dimensions import dimensions
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.errors import AudienceBuilderError, BusyError, InputError
from audience_builder.index import CursorSource, Index, Traits, build, load, traits_from
from audience_builder.index.columns import TRAIT
from audience_builder.language.morphemes import MORPHEMES
from audience_builder.language.phrasebook import Phrasebook
from audience_builder.language.port import Interpreter
from audience_builder.mart import traits
from audience_builder.mart.columns import Columns
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.schema import BOOKING_NOW, DIALECT
from audience_builder.mart.tables import BEHAVIOR_DAILY
from audience_builder.settings import Settings
from audience_builder.store import Outcome, Store
from audience_builder.store.sqlite import open_store

if TYPE_CHECKING:
    from audience_builder.intake import FileReport, ImportReport

_LOG = logging.getLogger("audience_builder")
_LOOK_SECONDS = 30.0
_MB = 1 << 20


def open_app(settings: Settings, *, watch: bool = False, now: Callable[[], datetime] = clock.now) -> App:
    """Open the product over a data directory, made where it is not there.

    With `watch` the index follows the mart in the background (and counts wait for the first one); without, it is made at once
    where there is none. Raises BusyError where another process has the directory open, InputError where it cannot be one.
    """
    _make(settings.data)
    with ExitStack() as opened:
        mart = DuckDBMart(settings.mart, dimensions=dimensions(), now=now, memory_mb=settings.mart_mb)
        opened.callback(mart.close)
        store = open_store(settings.store, now=now)
        opened.callback(store.close)
        live = LiveEngine(DuckDBEngine(mart))
        engine = SharedEngine(live)
        live.on_change(engine.forget)
        mart.on_change(lambda version, users: engine.forget())
        keeper = IndexKeeper(mart, live, root=settings.index, cache_bytes=settings.cache_mb * _MB, now=now)
        opened.callback(keeper.close)
        travellers = DuckDBTravellers(mart)
        runner = ExportRunner(engine=engine, travellers=travellers, store=store, folder=settings.exports, now=now)
        opened.callback(runner.close)
        limits = Limits(exact=settings.exact_from, guarded=settings.guarded_from)
        keeper.open(watch=watch)
        runner.recover()
        return App(
            principal=Principal(settings.principal, settings.principal, settings.roles),
            questions=Recorded(Questions(engine=engine, travellers=travellers, limits=limits, now=now), store),
            audiences=Audiences(store=store, now=now, new_id=_new_id),
            exports=Exports(store=store, runner=runner, approval=Approval(settings.approval), now=now, new_id=_new_id),
            loading=MartLoading(mart, store, keeper, rejects=settings.rejects),
            store=store,
            freshness=keeper.freshness,
            watermark=lambda: mart.watermark,
            version=keeper.version,
            on_change=live.on_change,
            interpreter=_interpreter(background=watch),
            now=now,
            close=opened.pop_all().close,
            language=settings.language,
            hosts=frozenset({"localhost", "127.0.0.1", "::1", settings.host}),
            workers=settings.workers,
        )


def _make(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise InputError(
            f"{data} cannot be a data directory: {problem.strerror}", fix="Say another --data."
        ) from problem


def _interpreter(*, background: bool) -> Interpreter:
    """The offline interpreter; in a server its morpheme analyser is loaded in the background."""
    if background:
        MORPHEMES.load_in_background()
    return Phrasebook(MORPHEMES)


def _new_id() -> str:
    return secrets.token_hex(8)


class IndexKeeper:
    """Keeps the index equal to the mart: loads what was saved, builds what is missing, and publishes it to the engine."""

    def __init__(
        self, mart: DuckDBMart, engine: LiveEngine, *, root: Path, cache_bytes: int, now: Callable[[], datetime]
    ) -> None:
        self._mart = mart
        self._engine = engine
        self._root = root
        self._cache_bytes = cache_bytes
        self._now = now
        self._index: Index | None = None
        self._problem = ""
        self._building = Lock()
        self._changed = Event()
        self._closed = False
        self._watcher: Thread | None = None

    def open(self, *, watch: bool) -> None:
        """Take the saved index where it is right, and build one otherwise: in the background with `watch`, else at once."""
        saved = load(self._root, mart_version=self._mart.version) if self._mart.version else None
        if saved is not None and _reach(saved).has(self._now()):
            self._publish(saved)
        if watch:
            if self._mart.version:
                self._engine.is_building()
            self._mart.on_change(lambda version, users: self._changed.set())
            self._changed.set()
            self._watcher = Thread(target=self._watch, name="index", daemon=True)
            self._watcher.start()
        elif self._index is None:
            self.catch_up()

    def catch_up(self) -> None:
        """Build and publish a new index unless the present one is right. Returns when counts speak of the mart's version."""
        with self._building:
            if self._mart.version == 0 or self._is_right():
                return
            self._engine.is_building()
            try:
                today = clock.day_of(self._now())
                if self._mart.traits_day != today:
                    self._mart.refresh_traits(today)
                with closing(self._mart.cursor()) as cursor, CursorSource(cursor, now=self._now()) as source:
                    self._publish(build(self._root, source))
                self._problem = ""
            except AudienceBuilderError as error:
                self._problem = error.message
                self._engine.has_failed()

    def version(self) -> int:
        """The mart version counts speak of."""
        return self._mart.version if self._index is None else self._index.mart_version

    def freshness(self) -> Freshness:
        """How old the newest answer is."""
        return Freshness(
            mart_version=self._mart.version,
            index_version=self._index.mart_version if self._index else None,
            index=self._engine.state,
            changed_at=self._mart.changed_at,
            watermark=self._mart.watermark,
            traits_day=self._mart.traits_day,
            waiting=self._mart.waiting(),
            problem=self._problem,
        )

    def close(self) -> None:
        """Stop watching. An index under way is finished first, for the mart is about to close."""
        self._closed = True
        self._changed.set()
        if self._watcher is not None:
            self._watcher.join()

    def _is_right(self) -> bool:
        index, now = self._index, self._now()
        if index is None or index.mart_version != self._mart.version or not _reach(index).has(now):
            return False
        return index.traits is not None and index.traits.day == clock.day_number(clock.day_of(now))

    def _watch(self) -> None:
        while not self._closed:
            self._changed.clear()
            try:
                self.catch_up()
            except Exception:  # the next change, or the next look, tries again
                _LOG.exception("the index could not be built")
                self._engine.has_failed()
            self._changed.wait(_LOOK_SECONDS)

    def _publish(self, index: Index) -> None:
        self._index = index
        engine = BitmapEngine(index, traits_for=self._traits_for, cache_bytes=self._cache_bytes)
        self._engine.publish(engine, _reach(index))

    def _traits_for(self, day: int, users: int) -> Traits:
        """The traits as of any day, by the mart's own models."""
        models = traits.joined(traits.relations(exp.to_table(BOOKING_NOW), exp.to_table(BEHAVIOR_DAILY.name)))
        stored = [column(entry.name) for entry in TRAIT if entry.name != "visited"]
        query = select(column("user_no").as_("user"), *stored, "visited::UTINYINT AS visited", dialect=DIALECT)
        with closing(self._mart.cursor()) as cursor:
            found = cursor.execute(query.from_(models.subquery("m")).sql(DIALECT), {"day": clock.day_from(day)})
            return traits_from([cast(Columns, found.fetchnumpy())], day=day, users=users)


class MartLoading:
    """Puts data into the mart, one load at a time, and returns when counts speak of it."""

    def __init__(self, mart: DuckDBMart, store: Store, keeper: IndexKeeper, *, rejects: Path) -> None:
        self._mart = mart
        self._store = store
        self._keeper = keeper
        self._rejects = rejects
        self._loading = Lock()

    def sample(self, principal: Principal, wish: SampleWish, progress: Progress) -> Mapping[str, Any]:
        """Generate a sample into an empty mart."""

        def load_sample() -> dict[str, Any]:
            from audience_builder import sample  # only loads need it, and it takes a while to import

            made = sample.generate(
                self._mart,
                users=wish.users,
                days=wish.days,
                seed=wish.seed,
                end=wish.end,
                density=sample.Density(wish.density),
                progress=lambda done, total: progress("sample", done, total),
            )
            spec = made.spec
            named = {"users": spec.users, "days": spec.days, "seed": spec.seed, "end": str(spec.end)}
            return {**named, "density": str(spec.density), "rows": made.rows}

        return self._loaded(principal, "sample", load_sample, progress)

    def import_files(
        self, principal: Principal, map_name: str, files: Sequence[Path], progress: Progress
    ) -> Mapping[str, Any]:
        """Import files by a map; what is repeated changes nothing."""

        def load_files() -> dict[str, Any]:
            from audience_builder import intake

            report = intake.import_files(
                self._mart,
                map_name,
                files,
                rejects_dir=self._rejects,
                progress=lambda told: progress(f"{told.file}: {told.step}", told.done, told.total),
            )
            return {"map": report.map_name, **_said(report), "files": [_file(entry) for entry in report.files]}

        return self._loaded(principal, "import", load_files, progress)

    def _loaded(
        self, principal: Principal, action: str, load_it: Callable[[], dict[str, Any]], progress: Progress
    ) -> dict[str, Any]:
        require(principal, Permission.LOAD_DATA)
        if not self._loading.acquire(blocking=False):
            raise BusyError("something else is being loaded", fix="Wait until it is done.")
        try:
            # The mart is another database: the trail says what began before it begins, and then how it ended.
            self._note(principal, f"{action}.begin")
            try:
                found = load_it()
            except Exception as error:
                self._note(principal, action, outcome=Outcome.FAILED, problem=getattr(error, "code", "unexpected"))
                raise
            self._note(principal, action, mart_version=self._mart.version)
            progress("index", 0, 0)
            self._keeper.catch_up()
            return {**found, "mart_version": self._mart.version}
        finally:
            self._loading.release()

    def _note(self, principal: Principal, action: str, *, outcome: Outcome = Outcome.DONE, **detail: object) -> None:
        with self._store.unit(principal) as unit:
            unit.audit(action, "mart", outcome=outcome, **detail)


def _said(report: ImportReport | FileReport) -> dict[str, Any]:
    """What became of the rows."""
    return {
        "read": report.read,
        "applied": report.applied,
        "merged": report.merged,
        "duplicate": report.duplicate,
        "rejected": report.rejected,
        "reasons": {reason.value: count for reason, count in report.reasons.items()},
    }


def _file(report: FileReport) -> dict[str, Any]:
    rejects = None if report.rejects_file is None else str(report.rejects_file)
    extra = {"derived_users": report.derived_users, "already_applied": report.already_applied, "rejects": rejects}
    return {"file": report.file, **_said(report), "users": report.users, **extra}


def _reach(index: Index) -> Reach:
    return Reach(index.since, index.until)
