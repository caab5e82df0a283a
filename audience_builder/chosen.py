"""What the settings choose: limits, keys, the witness, who to sign in with, who reads sentences, where the stream lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from audience_builder.access.keys_file import FileMasterKeys
from audience_builder.audience import Limits
from audience_builder.errors import InputError
from audience_builder.identity import Policy, ProviderSettings
from audience_builder.language.glossary import Glossary
from audience_builder.language.later import Budget, Later
from audience_builder.language.model.opening import Choice, open_model
from audience_builder.language.model.reader import ModelReader
from audience_builder.language.morphemes import MORPHEMES
from audience_builder.language.phrasebook import Phrasebook
from audience_builder.language.port import Interpreter
from audience_builder.settings import Settings
from audience_builder.store import Store, Witness
from audience_builder.store.keys import OpenMaster
from audience_builder.store.witness import FileWitness
from audience_builder.stream.port import Stream
from audience_builder.stream.sqlite import SqliteStream


def hosts(settings: Settings) -> frozenset[str]:
    """The names this server may be asked under."""
    own = {"localhost", "127.0.0.1", "::1", settings.host, urlsplit(settings.public_url).hostname or ""}
    return frozenset(own - {""})


def limits(settings: Settings) -> Limits:
    """Which numbers are told to whom."""
    return Limits(
        exact=settings.exact_from,
        guarded=settings.guarded_from,
        window=timedelta(hours=settings.guard_hours),
        most_counts=settings.guard_counts,
        most_refused=settings.guard_refusals,
    )


def witness(settings: Settings) -> Witness:
    """Where checkpoints of the audit trail go."""
    if settings.witness.startswith(("http://", "https://")):
        from audience_builder.store.witness_http import HttpWitness  # slow to load, and rarely needed

        return HttpWitness(settings.witness)
    return FileWitness(settings.witness_file)


def made(data: Path) -> None:
    """Have the data directory. Raises InputError where it cannot be one."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise InputError(
            f"{data} cannot be a data directory: {problem.strerror}", fix="Say another --data."
        ) from problem


def interpreter(glossary: Glossary, *, background: bool) -> Interpreter:
    """The offline interpreter; in a server its morpheme analyser is loaded in the background."""
    if background:
        MORPHEMES.load_in_background()
    return Phrasebook(MORPHEMES, glossary.lexicons)


def later(settings: Settings, interpreter: Interpreter, store: Store, now: Callable[[], datetime]) -> Later | None:
    """The language model that is asked too, where one is switched on."""
    if not settings.model:
        return None
    choice = Choice(
        provider=settings.model, name=settings.model_name, url=settings.model_url, key_file=settings.model_key_file,
        terms=settings.model_terms, streams=settings.model_streams,
    )  # fmt: skip
    reader = ModelReader(open_model(choice), interpreter, seconds=settings.model_seconds)
    return Later(reader, store, Budget(settings.model_calls, settings.model_calls_each), now=now)


def policy(settings: Settings, *, demo: bool) -> Policy:
    """How long somebody stays signed in, and from where."""
    return Policy(
        idle=timedelta(minutes=settings.idle_minutes),
        longest=timedelta(hours=settings.session_hours),
        fresh=timedelta(minutes=settings.fresh_minutes),
        inside=settings.download_networks,
        is_demo=demo,
    )


def master_keys(settings: Settings) -> OpenMaster:
    """How the master key is opened."""
    return lambda may_make: FileMasterKeys(settings.master_key, may_make=may_make)


def provider(settings: Settings) -> ProviderSettings | None:
    """Whom to sign in with, where there is a provider. Raises InputError where half of it is said."""
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


def opened_stream(settings: Settings, now: Callable[[], datetime]) -> Stream:
    """The stream where the settings say it lies. Raises InputError where its client is not installed."""
    if not settings.kafka:
        return SqliteStream(settings.stream, now=now)
    from audience_builder.stream.kafka import KafkaStream, settings_of

    return KafkaStream(settings.kafka, settings_of(settings.kafka_settings))
