"""Puts the parts together over one data directory. The only place that knows which technology stands behind a port."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from audience_builder import clock
from audience_builder.access import Permission, Principal, require
from audience_builder.access.fields import open_field_rights
from audience_builder.access.file_seal import FileSeal
from audience_builder.access.keys import Purpose
from audience_builder.access.keys_file import FileMasterKeys
from audience_builder.access.row_seal import RowSeal
from audience_builder.api import App, Progress, SampleWish
from audience_builder.audience import Approval, Audiences, Exports, Limits, Overseeing, Questions, Recorded
from audience_builder.audience.duckdb import DuckDBTravellers
from audience_builder.audience.erasing import Erasing
from audience_builder.audience.export_files import ExportFiles
from audience_builder.audience.export_rows import ExportRows
from audience_builder.audience.exports import ExportPolicy
from audience_builder.audience.fielded import Fielded
from audience_builder.audience.live import LiveEngine
from audience_builder.audience.runner import ExportLimits, ExportRunner
from audience_builder.audience.shared import SharedEngine
from audience_builder.audience.sight import GuardedSight
from audience_builder.audience.sizing import SizeKeeper, measure
from audience_builder.audience.upkeep import Upkeep
from audience_builder.catalog import BY_KEY
from audience_builder.catalog.dimensions import dimensions
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.errors import BusyError, InputError
from audience_builder.identity import Policy, ProviderSettings, open_identity
from audience_builder.keeper import IndexKeeper
from audience_builder.language.glossary import Glossary
from audience_builder.language.later import Budget, Later
from audience_builder.language.model.opening import Choice, open_model
from audience_builder.language.model.reader import ModelReader
from audience_builder.language.morphemes import MORPHEMES
from audience_builder.language.phrasebook import Phrasebook
from audience_builder.language.port import Interpreter
from audience_builder.language.prompts import Prompts
from audience_builder.mart.duckdb import DuckDBMart, ErasureReport
from audience_builder.rule.rights import RuleRights
from audience_builder.settings import Settings
from audience_builder.store import Outcome, Store, Witness
from audience_builder.store.contacts_rotation import KeyRotation
from audience_builder.store.contacts_sealing import Sealing
from audience_builder.store.contacts_vault import ContactVault
from audience_builder.store.keys import OpenMaster, open_keyring
from audience_builder.store.sqlite import open_store
from audience_builder.store.witness import FileWitness
from audience_builder.store.witnessing import Witnessing

if TYPE_CHECKING:
    from audience_builder.intake import FileReport, ImportReport

_MB = 1 << 20


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
        keeper = IndexKeeper(mart, live, root=settings.index, cache_bytes=settings.cache_mb * _MB, now=now)
        opened.callback(keeper.close)
        travellers = DuckDBTravellers(mart)
        vault = ContactVault(store=store, keyring=keyring, now=now, numbers=travellers.numbers)
        files = ExportFiles(settings.exports, FileSeal(keyring))
        runner = ExportRunner(
            engine=engine, rows=ExportRows(travellers=travellers, vault=vault, now=now), store=store, files=files, now=now,
            limits=ExportLimits(least=settings.exact_from, rows_a_day=settings.export_rows),
        )  # fmt: skip
        opened.callback(runner.close)
        upkeep.add(runner.expire)
        limits = _limits(settings)
        guarded = GuardedSight(engine, store, limits, now=now)
        questions = Questions(engine=engine, travellers=travellers, guarded=guarded, limits=limits, now=now)
        erasing = Erasing(
            store=store,
            sealing=Sealing(keyring),
            travellers=travellers,
            forget=_forgetting(mart, keeper, watch),
            withdraw=runner.withdraw,
            now=now,
        )
        erasing.recover()
        sizes = SizeKeeper(engine=engine, store=store, now=now)
        opened.callback(sizes.close)
        live.on_change(sizes.moved)
        if watch:
            sizes.open()
        keeper.open(watch=watch)
        runner.recover()
        local = Principal(settings.principal, settings.principal, settings.roles)
        glossary = Glossary(store, local, now=now)
        interpreter = _interpreter(glossary, background=watch)
        later = _later(settings, interpreter, store, now)
        if later is not None:
            opened.callback(later.close)
        if watch:
            upkeep.start()
        return App(
            principal=local,
            questions=Recorded(Fielded(questions, rights), store),
            audiences=Audiences(
                store=store, now=now, new_id=_new_id, measure=measure(engine, now), limits=limits, rights=rights
            ),
            exports=Exports(
                store=store,
                runner=runner,
                files=files,
                policy=ExportPolicy(Approval(settings.approval), rights),
                now=now,
                new_id=_new_id,
            ),
            contacts=vault,
            rotation=KeyRotation(store=store, keyring=keyring, master=master, now=now),
            erasing=erasing,
            loading=MartLoading(mart, store, keeper, rejects=settings.rejects, seal=RowSeal(keyring)),
            store=store,
            identity=open_identity(
                store=store,
                now=now,
                policy=_policy(settings, demo=demo),
                local=local,
                provider=_provider(settings),
                public_url=settings.public_url,
            ),
            freshness=keeper.freshness,
            watermark=lambda: mart.watermark,
            version=keeper.version,
            on_change=live.on_change,
            prompts=Prompts(interpreter, store, rights, later),
            rights=rights,
            glossary=glossary,
            overseeing=Overseeing(store=store, travellers=travellers),
            now=now,
            close=opened.pop_all().close,
            language=settings.language,
            proxies=settings.trusted_proxies,
            hosts=frozenset(
                {"localhost", "127.0.0.1", "::1", settings.host, urlsplit(settings.public_url).hostname or ""}
            )
            - {""},
            workers=settings.workers,
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


_STALE_REJECTS = timedelta(days=30)


def _tidy(rejects: Path) -> None:
    """Remove what an import that was killed left behind, and rejects nobody mended in a month."""
    for left in rejects.glob(".intake-*"):
        shutil.rmtree(left, ignore_errors=True)
    for file in rejects.glob("rejects-*.csv"):
        if clock.now() - datetime.fromtimestamp(file.stat().st_mtime, UTC) > _STALE_REJECTS:
            file.unlink()


class MartLoading:
    """Puts data into the mart, one load at a time, and returns when counts speak of it."""

    def __init__(self, mart: DuckDBMart, store: Store, keeper: IndexKeeper, *, rejects: Path, seal: RowSeal) -> None:
        self._mart = mart
        self._store = store
        self._keeper = keeper
        self._rejects = rejects
        self._seal = seal
        self._loading = Lock()
        _tidy(rejects)

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
                seal_row=self._seal.seal,
                progress=lambda told: progress(f"{told.file}: {told.step}", told.done, told.total),
            )
            return {"map": report.map_name, **_said(report), "files": [_file(entry) for entry in report.files]}

        return self._loaded(principal, "import", load_files, progress)

    def rejects(self, principal: Principal, name: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Refused rows of a rejects file behind a line, opened. Raises NotFoundError where there is no such file."""
        require(principal, Permission.LOAD_DATA)
        from audience_builder.intake.rejects import read_rejects

        path = self._rejects / Path(name).name
        with self._store.unit(principal) as unit:
            found = list(read_rejects(path, self._seal.open, after=after, limit=limit))
            unit.audit("rejects.open", "rejects", after=after, rows=len(found))
        return found

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
