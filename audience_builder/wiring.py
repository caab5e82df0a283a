"""Puts the parts together over one data directory. The only place that knows which technology stands behind a port."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from audience_builder import clock
from audience_builder.access import Principal
from audience_builder.access.fields import open_field_rights
from audience_builder.access.file_seal import FileSeal
from audience_builder.access.keys import Keyring, MasterKeys, Purpose
from audience_builder.access.keys_file import FileMasterKeys
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
from audience_builder.identity import Identity, Policy, ProviderSettings, open_identity
from audience_builder.keeper import IndexKeeper
from audience_builder.language.glossary import Glossary
from audience_builder.language.later import Budget, Later
from audience_builder.language.model.opening import Choice, open_model
from audience_builder.language.model.reader import ModelReader
from audience_builder.language.morphemes import MORPHEMES
from audience_builder.language.phrasebook import Phrasebook
from audience_builder.language.port import Interpreter
from audience_builder.language.prompts import Prompts
from audience_builder.loading import MartLoading
from audience_builder.mart.duckdb import DuckDBMart, ErasureReport
from audience_builder.rule.rights import RuleRights
from audience_builder.settings import Settings
from audience_builder.store import Store, Witness
from audience_builder.store.contacts_rotation import KeyRotation
from audience_builder.store.contacts_sealing import Sealing
from audience_builder.store.contacts_vault import ContactVault
from audience_builder.store.keys import OpenMaster, open_keyring
from audience_builder.store.sqlite import open_store
from audience_builder.store.witness import FileWitness
from audience_builder.store.witnessing import Witnessing
from audience_builder.stream.port import Stream, Topic
from audience_builder.stream.sqlite import SqliteStream

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
    _make(settings.data)
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
    witnessing = Witnessing(store, _witness(settings))
    witnessing.check()
    upkeep = Upkeep(settings.witness_seconds)
    opened.callback(upkeep.close)  # after everything that may still leave an entry
    upkeep.add(witnessing.publish)
    keyring, master = open_keyring(store, _master_keys(settings), now=now)
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
        opened=opened, settings=settings, watch=watch, now=now, rights=rights, limits=_limits(settings),
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
    interpreter = _interpreter(glossary, background=ground.watch)
    later = _later(ground.settings, interpreter, ground.store, ground.now)
    if later is not None:
        ground.opened.callback(later.close)
    return Prompts(interpreter, ground.store, ground.rights, later)


def _asking(ground: _Ground) -> Asking:
    guarded = GuardedSight(ground.engine, ground.store, ground.limits, now=ground.now)
    questions = Questions(
        engine=ground.engine, travellers=ground.travellers, guarded=guarded, limits=ground.limits, now=ground.now
    )
    return Recorded(Fielded(questions, ground.rights), ground.store)


def _opened_stream(settings: Settings, now: Callable[[], datetime]) -> Stream:
    """The stream where the settings say it lies. Raises InputError where its client is not installed."""
    if not settings.kafka:
        return SqliteStream(settings.stream, now=now)
    from audience_builder.stream.kafka import KafkaStream, settings_of

    return KafkaStream(settings.kafka, settings_of(settings.kafka_settings))


def _stream(ground: _Ground) -> tuple[Applier, Collector]:
    """What applies the stream, and what puts events into it; without `watch` each batch is applied before it is answered."""
    stream = _opened_stream(ground.settings, ground.now)
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
    _make(settings.data)
    stream = _opened_stream(settings, clock.now)
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
    audiences = Audiences(
        store=store,
        now=now,
        new_id=_new_id,
        measure=measure(ground.engine, now),
        limits=ground.limits,
        rights=ground.rights,
    )
    audiences.on_save(parts.recorder.saved)
    return App(
        principal=ground.local,
        questions=_asking(ground),
        audiences=audiences,
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
        hosts=_hosts(settings),
        workers=settings.workers,
    )  # fmt: skip


def _hosts(settings: Settings) -> frozenset[str]:
    """The names this server may be asked under."""
    own = {"localhost", "127.0.0.1", "::1", settings.host, urlsplit(settings.public_url).hostname or ""}
    return frozenset(own - {""})


def _identity(ground: _Ground, *, demo: bool) -> Identity:
    settings = ground.settings
    return open_identity(
        store=ground.store,
        now=ground.now,
        policy=_policy(settings, demo=demo),
        local=ground.local,
        provider=_provider(settings),
        public_url=settings.public_url,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        exact=settings.exact_from,
        guarded=settings.guarded_from,
        window=timedelta(hours=settings.guard_hours),
        most_counts=settings.guard_counts,
        most_refused=settings.guard_refusals,
    )


def _witness(settings: Settings) -> Witness:
    if settings.witness.startswith(("http://", "https://")):
        from audience_builder.store.witness_http import HttpWitness  # slow to load, and rarely needed

        return HttpWitness(settings.witness)
    return FileWitness(settings.witness_file)


def _make(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise InputError(
            f"{data} cannot be a data directory: {problem.strerror}", fix="Say another --data."
        ) from problem


def _interpreter(glossary: Glossary, *, background: bool) -> Interpreter:
    """The offline interpreter; in a server its morpheme analyser is loaded in the background."""
    if background:
        MORPHEMES.load_in_background()
    return Phrasebook(MORPHEMES, glossary.lexicons)


def _later(settings: Settings, interpreter: Interpreter, store: Store, now: Callable[[], datetime]) -> Later | None:
    """The language model that is asked too, where one is switched on."""
    if not settings.model:
        return None
    choice = Choice(
        provider=settings.model, name=settings.model_name, url=settings.model_url, key_file=settings.model_key_file,
        terms=settings.model_terms, streams=settings.model_streams,
    )  # fmt: skip
    reader = ModelReader(open_model(choice), interpreter, seconds=settings.model_seconds)
    return Later(reader, store, Budget(settings.model_calls, settings.model_calls_each), now=now)


def _policy(settings: Settings, *, demo: bool) -> Policy:
    return Policy(
        idle=timedelta(minutes=settings.idle_minutes),
        longest=timedelta(hours=settings.session_hours),
        fresh=timedelta(minutes=settings.fresh_minutes),
        inside=settings.download_networks,
        is_demo=demo,
    )


def _master_keys(settings: Settings) -> OpenMaster:
    return lambda may_make: FileMasterKeys(settings.master_key, may_make=may_make)


def _forgetting(mart: DuckDBMart, keeper: IndexKeeper, watch: bool) -> Callable[[str], ErasureReport]:
    """Has the mart forget a user; counts stop speaking of them before it is said to be done (with `watch`, a moment later)."""

    def forget(user_id: str) -> ErasureReport:
        report = mart.erase(user_id)
        if not watch:
            keeper.catch_up()
        return report

    return forget


def _provider(settings: Settings) -> ProviderSettings | None:
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id or settings.oidc_client_secret_file is None or not settings.oidc_roles:
        raise InputError(
            "a provider to sign in with needs a client id, a file with its secret, and which of its groups have which role",
            fix="Set AUDIENCE_BUILDER_OIDC_CLIENT_ID, …_OIDC_CLIENT_SECRET_FILE and …_OIDC_ROLES.",
        )
    try:
        secret = settings.oidc_client_secret_file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as problem:
        raise InputError(
            "the file with the client's secret cannot be read", fix="Check its path and owner."
        ) from problem
    return ProviderSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret,
        roles_claim=settings.oidc_roles_claim,
        roles=settings.oidc_roles,
        scope=settings.oidc_scope,
        acr=settings.oidc_acr,
    )


def _new_id() -> str:
    return secrets.token_hex(8)
