"""Puts the parts together over one data directory. The only place that knows which technology stands behind a port."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from audience_builder import chosen, clock
from audience_builder.access import Principal
from audience_builder.access.fields import open_field_rights
from audience_builder.access.file_seal import FileSeal
from audience_builder.access.keys import Keyring, MasterKeys, Purpose
from audience_builder.access.row_seal import RowSeal
from audience_builder.api import App
from audience_builder.apply.applier import Applier
from audience_builder.apply.behavior import Behavior
from audience_builder.apply.collector import Collector
from audience_builder.apply.operations import TOPIC as OPERATIONS
from audience_builder.apply.operations import Operations
from audience_builder.audience import Approval, Asking, Audiences, Exports, Limits, Overseeing, Questions, Recorded
from audience_builder.audience.duckdb import DuckDBLedger, DuckDBTravellers
from audience_builder.audience.erasing import Erasing
from audience_builder.audience.export_files import ExportFiles
from audience_builder.audience.export_rows import ExportRows
from audience_builder.audience.exports import ExportPolicy
from audience_builder.audience.fielded import Fielded
from audience_builder.audience.live import LiveEngine
from audience_builder.audience.membership import Recorder
from audience_builder.audience.movements import Movements
from audience_builder.audience.runner import ExportLimits, ExportRunner
from audience_builder.audience.shared import SharedEngine
from audience_builder.audience.sight import GuardedSight
from audience_builder.audience.sizing import SizeKeeper, measure
from audience_builder.audience.upkeep import Upkeep
from audience_builder.audience.webhook_http import HttpOutward
from audience_builder.audience.webhooks import Teller, Webhooks
from audience_builder.capture.debezium import Capture, Database
from audience_builder.catalog import BY_KEY
from audience_builder.catalog.dimensions import dimensions
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.errors import InputError
from audience_builder.identity import Identity, open_identity
from audience_builder.keeper import IndexKeeper
from audience_builder.language.glossary import Glossary
from audience_builder.language.prompts import Prompts
from audience_builder.loading import MartLoading
from audience_builder.mart.duckdb import DuckDBMart, ErasureReport
from audience_builder.mart.waiting import Waiting
from audience_builder.rule.rights import RuleRights
from audience_builder.settings import Settings
from audience_builder.store import Store
from audience_builder.store.contacts_rotation import KeyRotation
from audience_builder.store.contacts_sealing import Sealing
from audience_builder.store.contacts_vault import ContactVault
from audience_builder.store.keys import open_keyring
from audience_builder.store.sqlite import open_store
from audience_builder.store.witnessing import Witnessing
from audience_builder.stream.port import Topic

_MB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What the rest stands on. Whatever is opened is closed by `opened`, the last first."""

    opened: ExitStack
    settings: Settings
    watch: bool
    now: Callable[[], datetime]
    rights: RuleRights
    limits: Limits
    local: Principal
    store: Store
    upkeep: Upkeep
    keyring: Keyring
    master: MasterKeys
    mart: DuckDBMart
    live: LiveEngine
    engine: SharedEngine
    keeper: IndexKeeper
    travellers: DuckDBTravellers
    vault: ContactVault


def open_app(
    settings: Settings, *, watch: bool = False, demo: bool = False, now: Callable[[], datetime] = clock.now
) -> App:
    """Open the product over a data directory, made where it is not there.

    With `watch` the index follows the mart in the background (and counts wait for the first one); without, it is made at once
    where there is none. A `demo` lets anybody on this machine in as any role. Raises BusyError where another process has the
    directory open, InputError where it cannot be one.
    """
    rights = RuleRights(open_field_rights(settings.field_rights, BY_KEY))
    chosen.made(settings.data)
    with ExitStack() as opened:
        ground = _ground(opened, settings, rights, watch=watch, now=now)
        files = ExportFiles(settings.exports, FileSeal(ground.keyring))
        runner = _runner(ground, files)
        erasing = _erasing(ground, runner)
        erasing.recover()
        _follow_sizes(ground)
        recorder = _recorder(ground)
        ground.keeper.open(watch=watch)
        runner.recover()
        applier, collector = _stream(ground)
        glossary = Glossary(ground.store, ground.local, now=now)
        prompts = _prompts(ground, glossary)
        if watch:
            ground.upkeep.start()
        parts = _Parts(
            _exports(ground, runner, files),
            erasing,
            glossary,
            prompts,
            applier,
            collector,
            recorder,
            _webhooks(ground, recorder),
        )
        return _app(ground, parts, demo=demo)


def _ground(
    opened: ExitStack, settings: Settings, rights: RuleRights, *, watch: bool, now: Callable[[], datetime]
) -> _Ground:
    store = open_store(settings.store, now=now, key=settings.trail_key)
    opened.callback(store.close)
    witnessing = Witnessing(store, chosen.witness(settings))
    witnessing.check()
    upkeep = Upkeep(settings.witness_seconds)
    opened.callback(upkeep.close)  # after everything that may still leave an entry
    upkeep.add(witnessing.publish)
    keyring, master = open_keyring(store, chosen.master_keys(settings), now=now)
    id_key = keyring.newest(Purpose.ERASED).key
    mart = DuckDBMart(settings.mart, dimensions=dimensions(), now=now, memory_mb=settings.mart_mb, id_key=id_key)
    opened.callback(mart.close)
    live = LiveEngine(DuckDBEngine(mart))
    engine = SharedEngine(live)
    live.on_change(engine.forget)
    mart.on_change(lambda version, users: engine.forget())
    cache_bytes = None if settings.cache_mb is None else settings.cache_mb * _MB
    keeper = IndexKeeper(mart, live, root=settings.index, cache_bytes=cache_bytes, now=now)
    opened.callback(keeper.close)
    travellers = DuckDBTravellers(mart)
    return _Ground(
        opened=opened, settings=settings, watch=watch, now=now, rights=rights, limits=chosen.limits(settings),
        local=Principal(settings.principal, settings.principal, settings.roles),
        store=store, upkeep=upkeep, keyring=keyring, master=master, mart=mart, live=live, engine=engine, keeper=keeper,
        travellers=travellers, vault=ContactVault(store=store, keyring=keyring, now=now, numbers=travellers.numbers),
    )  # fmt: skip


def _runner(ground: _Ground, files: ExportFiles) -> ExportRunner:
    settings = ground.settings
    runner = ExportRunner(
        engine=ground.engine,
        rows=ExportRows(travellers=ground.travellers, vault=ground.vault, now=ground.now),
        store=ground.store,
        files=files,
        now=ground.now,
        limits=ExportLimits(least=settings.exact_from, rows_a_day=settings.export_rows),
    )
    ground.opened.callback(runner.close)
    ground.upkeep.add(runner.expire)
    return runner


def _exports(ground: _Ground, runner: ExportRunner, files: ExportFiles) -> Exports:
    policy = ExportPolicy(Approval(ground.settings.approval), ground.rights)
    return Exports(store=ground.store, runner=runner, files=files, policy=policy, now=ground.now, new_id=_new_id)


def _erasing(ground: _Ground, runner: ExportRunner) -> Erasing:
    return Erasing(
        store=ground.store,
        sealing=Sealing(ground.keyring),
        travellers=ground.travellers,
        forget=_forgetting(ground.mart, ground.keeper, ground.watch),
        withdraw=runner.withdraw,
        now=ground.now,
    )


def _follow_sizes(ground: _Ground) -> None:
    sizes = SizeKeeper(engine=ground.engine, store=ground.store, now=ground.now)
    ground.opened.callback(sizes.close)
    ground.live.on_change(sizes.moved)
    if ground.watch:
        sizes.open()


def _recorder(ground: _Ground) -> Recorder:
    """What records who enters and leaves saved audiences. It hears of changes before the index does."""
    mart = ground.mart
    recorder = Recorder(
        snapshots=ground.live.snapshot,
        ledger=DuckDBLedger(mart),
        store=ground.store,
        now=ground.now,
        version=mart.version,
    )
    mart.on_change(recorder.note)
    ground.live.on_change(recorder.moved)
    ground.opened.callback(recorder.close)
    if ground.watch:
        recorder.open()
    return recorder


def _webhooks(ground: _Ground, recorder: Recorder) -> Webhooks:
    """What tells addresses that audiences moved. Secrets are made of a key that never changes, so none is stored."""
    ledger, store, now = DuckDBLedger(ground.mart), ground.store, ground.now
    outward = HttpOutward(loopback=ground.settings.webhook_loopback)
    ground.opened.callback(outward.close)
    key = ground.keyring.newest(Purpose.ERASED).key

    def secret_of(webhook_id: str) -> str:
        return hmac.new(key, f"webhook {webhook_id}".encode(), "sha256").hexdigest()

    teller = Teller(store=store, sums=ledger, outward=outward, secret_of=secret_of, limits=ground.limits, now=now)
    ground.opened.callback(teller.close)
    if ground.watch:
        recorder.on_move(lambda _: teller.wake())
        teller.open()
    return Webhooks(store=store, sums=ledger, outward=outward, secret_of=secret_of, new_id=_new_id, now=now)


def _prompts(ground: _Ground, glossary: Glossary) -> Prompts:
    interpreter = chosen.interpreter(glossary, background=ground.watch)
    later = chosen.later(ground.settings, interpreter, ground.store, ground.now)
    if later is not None:
        ground.opened.callback(later.close)
    return Prompts(interpreter, ground.store, ground.rights, later)


def _asking(ground: _Ground) -> Asking:
    guarded = GuardedSight(ground.engine, ground.store, ground.limits, now=ground.now)
    questions = Questions(
        engine=ground.engine, travellers=ground.travellers, guarded=guarded, limits=ground.limits, now=ground.now
    )
    return Recorded(Fielded(questions, ground.rights), ground.store)


def _stream(ground: _Ground) -> tuple[Applier, Collector]:
    """What applies the stream, and what puts events into it; without `watch` each batch is applied before it is answered."""
    stream = chosen.opened_stream(ground.settings, ground.now)
    ground.opened.callback(stream.close)
    mart = ground.mart
    applier = Applier(
        stream, mart, [Behavior(lambda: mart.watermark), Operations()], seal=RowSeal(ground.keyring), now=ground.now
    )
    ground.opened.callback(applier.close)

    def caught_up() -> None:
        applier.catch_up()
        ground.keeper.catch_up()

    if ground.watch:
        applier.start()
    collector = Collector(
        stream,
        now=ground.now,
        waiting=applier.in_flight,
        most_waiting=ground.settings.stream_blocks,
        taken=(lambda: None) if ground.watch else caught_up,
    )
    return applier, collector


def open_capture(settings: Settings) -> tuple[Capture, Callable[[], None]]:
    """What follows the operational database into the stream of this data directory, and how to let go of the stream.

    It needs nothing but the stream, so it runs beside the server (with Kafka, on any machine). Raises InputError where no database
    is named.
    """
    if not settings.database:
        raise InputError("no operational database is named", fix="Set AUDIENCE_BUILDER_DATABASE=postgresql://….")
    chosen.made(settings.data)
    stream = chosen.opened_stream(settings, clock.now)
    stream.create([Topic(OPERATIONS)])
    return Capture(Database(settings.database), stream.append, settings.data / "capture"), stream.close


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was opened over the ground and the application reaches."""

    exports: Exports
    erasing: Erasing
    glossary: Glossary
    prompts: Prompts
    applier: Applier
    collector: Collector
    recorder: Recorder
    webhooks: Webhooks


def _app(ground: _Ground, parts: _Parts, *, demo: bool) -> App:
    settings, store, mart, now = ground.settings, ground.store, ground.mart, ground.now
    return App(
        principal=ground.local,
        questions=_asking(ground),
        audiences=_audiences(ground, parts.recorder),
        recorder=parts.recorder,
        webhooks=parts.webhooks,
        movements=Movements(DuckDBLedger(mart), store, ground.limits, now=now),
        exports=parts.exports,
        contacts=ground.vault,
        rotation=KeyRotation(store=store, keyring=ground.keyring, master=ground.master, now=now),
        erasing=parts.erasing,
        loading=MartLoading(mart, store, ground.keeper, rejects=settings.rejects, seal=RowSeal(ground.keyring)),
        store=store,
        identity=_identity(ground, demo=demo),
        freshness=ground.keeper.freshness,
        waiting=Waiting(ground.mart).count,
        watermark=lambda: mart.watermark,
        version=ground.keeper.version,
        on_change=ground.live.on_change,
        collector=parts.collector,
        applier=parts.applier,
        prompts=parts.prompts,
        rights=ground.rights,
        glossary=parts.glossary,
        below=ground.limits.below,
        overseeing=Overseeing(store=store, travellers=ground.travellers),
        now=now,
        close=ground.opened.pop_all().close,
        language=settings.language,
        proxies=settings.trusted_proxies,
        hosts=chosen.hosts(settings),
        workers=settings.workers,
    )  # fmt: skip


def _audiences(ground: _Ground, recorder: Recorder) -> Audiences:
    found = Audiences(
        store=ground.store,
        now=ground.now,
        new_id=_new_id,
        measure=measure(ground.engine, ground.now),
        limits=ground.limits,
        rights=ground.rights,
    )
    found.on_save(recorder.saved)
    return found


def _identity(ground: _Ground, *, demo: bool) -> Identity:
    settings = ground.settings
    return open_identity(
        store=ground.store,
        now=ground.now,
        policy=chosen.policy(settings, demo=demo),
        local=ground.local,
        provider=chosen.provider(settings),
        public_url=settings.public_url,
    )


def _forgetting(mart: DuckDBMart, keeper: IndexKeeper, watch: bool) -> Callable[[str], ErasureReport]:
    """Has the mart forget a user; counts stop speaking of them before it is said to be done (with `watch`, a moment later)."""

    def forget(user_id: str) -> ErasureReport:
        report = mart.erase(user_id)
        if not watch:
            keeper.catch_up()
        return report

    return forget


def _new_id() -> str:
    return secrets.token_hex(8)
