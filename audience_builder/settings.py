"""What can be set, read once: defaults, then AUDIENCE_BUILDER_* of the environment, then what the command line says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from audience_builder.access import Role
from audience_builder.errors import InputError

PREFIX = "AUDIENCE_BUILDER_"


Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One data directory and how to work on it.

    `principal` and `roles` are who owns this machine: whoever can open the data directory's socket or files. Everybody else signs
    in. `public_url` is where browsers reach the product through a proxy that speaks TLS; empty means this machine alone.
    `oidc_…` names a provider to sign in with, and which of its groups (`oidc_roles`) have which role here. `download_networks` are
    the networks (CIDR) files may be fetched from, `trusted_proxies` those whose word on the client's address is taken.

    `approval` says who approves exports of pseudonymous columns: `policy` or a `person`. `keys` is the file of the master key, best
    on another disk than the data. `cache_mb` bounds what the engine remembers of rules it has answered (left out: half a KiB a
    user and 256 MiB, at most a quarter of this machine's memory), `mart_mb` what the mart's database holds in memory; what needs
    more goes to a folder beside its file. `exact_from` is the smallest number told to those who see exact ones, `guarded_from` to
    everybody else: who also has at most `guard_counts` counts and `guard_refusals` refusals in `guard_hours`. `export_rows` is how
    many users one person may export in 24 hours. `field_rights` is a file with a table of role × filter × right (docs/rights.md);
    without one every role has every filter.
    `stream_blocks` is how many batches of events may wait to be applied before no more are taken. `database` is the operational
    PostgreSQL that `audience-builder capture` follows (postgresql://user:password@host:port/name). `kafka` names the brokers the
    stream lies with (host:port,host:port; empty = a SQLite file of this machine), `kafka_settings` a file of librdkafka's own
    settings, one `name=value` a line (TLS, SASL).
    `webhook_loopback=yes` lets webhooks go to this machine too, there without TLS: for trying them out.
    `model` names a language model that reads sentences too (`gemini`, or `local` for a server that speaks the OpenAI way at
    `model_url`); empty = none, and nothing leaves the house. `model_name` is which, `model_key_file` the file of its key,
    `model_terms=no-training` says that the provider may not train on what is sent: Gemini is not asked without. A sentence waits
    `model_seconds` for it at most; `model_calls` leave in 24 hours for everybody together, `model_calls_each` for one person.
    `witness` is where checkpoints of the audit trail go every `witness_seconds`: a file outside the data (default: beside it), or
    an address of http(s).
    """

    data: Path = Path("audience-data")
    keys: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    language: str = "ko"
    cache_mb: int | None = None
    mart_mb: int = 2048
    stream_blocks: int = 100_000
    database: str = ""
    kafka: str = ""
    kafka_settings: Path | None = None
    webhook_loopback: bool = False
    workers: int = 4
    principal: str = "local"
    roles: frozenset[Role] = frozenset({Role.MARKETER, Role.APPROVER, Role.ADMIN})
    approval: str = "policy"
    witness: str = ""
    witness_seconds: int = 60
    exact_from: int = 10
    guarded_from: int = 50
    guard_hours: int = 24
    guard_counts: int = 500
    guard_refusals: int = 20
    export_rows: int = 1_000_000
    field_rights: Path | None = None
    public_url: str = ""
    idle_minutes: int = 30
    session_hours: int = 12
    fresh_minutes: int = 5
    download_networks: Networks = ()
    trusted_proxies: Networks = ()
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: Path | None = None
    oidc_roles_claim: str = "roles"
    oidc_roles: Mapping[str, Role] = field(default_factory=dict[str, Role])
    oidc_scope: str = "openid profile"
    oidc_acr: str = ""
    model: str = ""
    model_name: str = "gemini-3.8-flash"
    model_url: str = ""
    model_key_file: Path | None = None
    model_terms: str = ""
    model_streams: bool = True
    model_seconds: int = 8
    model_calls: int = 2000
    model_calls_each: int = 200

    @property
    def is_loopback(self) -> bool:
        """Whether nobody but this machine reaches the server."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def mart(self) -> Path:
        """The DuckDB file."""
        return self.data / "mart.duckdb"

    @property
    def stream(self) -> Path:
        """The SQLite file of the stream."""
        return self.data / "stream.sqlite"

    @property
    def store(self) -> Path:
        """The SQLite file."""
        return self.data / "store.sqlite"

    @property
    def trail_key(self) -> Path:
        """The key of the audit trail."""
        return self.data / "keys" / "trail.key"

    @property
    def witness_file(self) -> Path:
        """The file checkpoints of the audit trail go to, where they go to one."""
        return Path(self.witness) if self.witness else self.data.with_name(f"{self.data.absolute().name}.witness")

    @property
    def master_key(self) -> Path:
        """The file of the master key."""
        return self.keys or self.data / "keys" / "master.json"

    @property
    def index(self) -> Path:
        """Where the index is saved."""
        return self.data / "index"

    @property
    def exports(self) -> Path:
        """Where finished exports lie."""
        return self.data / "exports"

    @property
    def rejects(self) -> Path:
        """Where rows an import could not take are written, with the reason."""
        return self.data / "rejects"

    @property
    def socket(self) -> Path:
        """Where the command line reaches a server that has the data open."""
        return self.data / "serve.sock"


def read(environ: Mapping[str, str], **given: object) -> Settings:
    """The settings of this environment; what is `given` (and not None) wins. Raises InputError for what cannot be."""
    found: dict[str, Any] = {}
    for entry in fields(Settings):
        said = given.get(entry.name)
        name = PREFIX + entry.name.upper()
        text = environ.get(name) if said is None else str(said)
        if text:
            found[entry.name] = _read(entry.name, text, name if said is None else f"--{entry.name}")
    return Settings(**found)


def _read(key: str, text: str, source: str) -> object:
    try:
        return _READERS[key](text)
    except ValueError as problem:
        raise InputError(f"{source} cannot be {text!r:.60}: {problem}", fix=_FIXES.get(key, "")) from None


def _between(low: int, high: int) -> Callable[[str], int]:
    def read_number(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(f"it lies between {low} and {high}")
        return number

    return read_number


def _one_of(*words: str) -> Callable[[str], str]:
    def read_word(text: str) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text

    return read_word


def _networks(text: str) -> Networks:
    return tuple(ip_network(word.strip()) for word in text.split(","))


def _public_url(text: str) -> str:
    said = urlsplit(text)
    if said.scheme not in ("http", "https") or not said.hostname or said.path.strip("/") or said.query or said.fragment:
        raise ValueError("an address such as https://audience.example.com")
    return f"{said.scheme}://{said.netloc}"


def _issuer(text: str) -> str:
    said = urlsplit(text)
    if said.scheme != "https" and said.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("an issuer is reached by https")
    return text


def _model_url(text: str) -> str:
    said = urlsplit(text)
    if said.scheme not in ("http", "https") or not said.hostname or said.query or said.fragment or said.username:
        raise ValueError("an address such as http://127.0.0.1:8000/v1")
    return text


def _role_names(text: str) -> dict[str, Role]:
    pairs = (word.rpartition("=") for word in text.split(",") if word.strip())
    return {name.strip(): Role(role.strip()) for name, _, role in pairs}


_READERS: dict[str, Callable[[str], object]] = {
    "data": Path,
    "keys": Path,
    "host": str,
    "port": _between(0, 65_535),
    "language": _one_of("ko", "en"),
    "cache_mb": _between(1, 1_000_000),
    "mart_mb": _between(512, 1_000_000),
    "stream_blocks": _between(1, 100_000_000),
    "database": str,
    "kafka": str,
    "kafka_settings": Path,
    "webhook_loopback": lambda text: _one_of("yes", "no")(text) == "yes",
    "workers": _between(1, 64),
    "principal": str,
    "roles": lambda text: frozenset(Role(word.strip()) for word in text.split(",")),
    "approval": _one_of("policy", "person"),
    "witness": str,
    "witness_seconds": _between(1, 60),
    "exact_from": _between(1, 1_000),
    "guarded_from": _between(10, 10_000),
    "guard_hours": _between(1, 720),
    "guard_counts": _between(1, 10_000),
    "guard_refusals": _between(1, 1_000),
    "export_rows": _between(1, 1_000_000_000),
    "field_rights": Path,
    "public_url": _public_url,
    "idle_minutes": _between(1, 720),
    "session_hours": _between(1, 24),
    "fresh_minutes": _between(1, 60),
    "download_networks": _networks,
    "trusted_proxies": _networks,
    "oidc_issuer": _issuer,
    "oidc_client_id": str,
    "oidc_client_secret_file": Path,
    "oidc_roles_claim": str,
    "oidc_roles": _role_names,
    "oidc_scope": str,
    "oidc_acr": str,
    "model": _one_of("gemini", "local"),
    "model_name": str,
    "model_url": _model_url,
    "model_key_file": Path,
    "model_terms": _one_of("no-training"),
    "model_streams": lambda text: _one_of("yes", "no")(text) == "yes",
    "model_seconds": _between(1, 60),
    "model_calls": _between(1, 1_000_000),
    "model_calls_each": _between(1, 100_000),
}
_FIXES = {
    "port": "Use a free port such as 8081, or 0 for any.",
    "language": "Use ko or en.",
    "roles": f"Join some of {', '.join(Role)} with commas.",
    "approval": "Use policy or person.",
    "public_url": "Say the address browsers use, without a path.",
    "download_networks": "Join networks such as 10.0.0.0/8 with commas.",
    "oidc_roles": f"Join pairs such as marketing-team=marketer with commas; roles are {', '.join(Role)}.",
    "model": "Use gemini or local, or leave it out.",
    "model_streams": "Use yes or no.",
    "model_terms": "Say no-training once the contract says so (a paid tier).",
    "trusted_proxies": "Join networks such as 10.0.0.5/32 with commas.",
}
