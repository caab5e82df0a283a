"""Every endpoint × every role × one's own object or somebody else's, fresh or not: what happens is what the table says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import Message

from audience_builder.access import GRANTS, Permission, Principal, Role
from audience_builder.api import App
from audience_builder.api.http import create_api
from audience_builder.api.who import CLOSED_DENIED
from audience_builder.errors import NotFoundError
from audience_builder.identity import Origin
from audience_builder.identity.secrets import csrf_of
from audience_builder.rule.canonical import rule_hash
from audience_builder.rule.check import parse_rule
from audience_builder.store import Account, Audience, ExportJob, ExportState, Version
from tests.api.client import Client, account_of, asking
from tests.api.rights import ENDPOINTS, OPEN, ROWS, expected
from tests.api.test_permissions import endpoints
from tests.audience.small import WOMEN_OR_GOLD, copied, opened

LEAST_CELLS = 1_000
SOMEBODY = Principal("somebody", "Somebody", frozenset({Role.MARKETER}))


@dataclass(frozen=True)
class Cell:
    """Who asks what."""

    method: str
    path: str
    role: str | None
    is_own: bool
    is_fresh: bool


def cells() -> Iterator[Cell]:
    for (method, path), (_, objects) in ENDPOINTS.items():
        for is_own in (True, False) if objects else (True,):
            yield Cell(method, path, None, is_own, True)
            for role in Role:
                for is_fresh in (True, False):
                    yield Cell(method, path, role, is_own, is_fresh)


CELLS = tuple(cells())


def test_every_endpoint_stands_in_the_table_and_none_else() -> None:
    assert {(method, path) for method, path, _ in endpoints()} == set(ENDPOINTS)
    assert len(CELLS) >= LEAST_CELLS


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    found = opened(copied(tmp_path_factory.mktemp("matrix") / "data"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[Client]:
    with asking(app, signed_in=False) as found:
        yield found


def principal_of(role: str) -> Principal:
    return Principal(f"the-{role}", role, frozenset({Role(role)}))


def kept_account(app: App, principal: Principal) -> Account:
    """The account of the role, as it was before any cell changed it."""
    account = account_of(app, principal)
    with app.store.unit(principal) as unit:
        if unit.accounts.find(principal.id) is None:
            unit.accounts.add(account)
        else:
            unit.accounts.update(account)
        unit.audit("account.create", account.id)
    app.identity.gate.forget(account.id)
    return account


def signed_in(app: App, principal: Principal, *, is_fresh: bool = True) -> str:
    proven = app.now() - timedelta(minutes=0 if is_fresh else 10)
    return app.identity.sessions.begin(kept_account(app, principal), Origin(proven_at=proven), how="test").secret


def headers(app: App, secret: str) -> dict[str, str]:
    return {"Cookie": f"{app.identity.cookie}={secret}", "X-CSRF-Token": csrf_of(secret)}


# --- objects of somebody's ----------------------------------------------------------------------------------------------------


def an_audience(app: App, owner: Principal) -> str:
    found = f"audience-of-{owner.id}"
    rule = parse_rule(WOMEN_OR_GOLD)
    with app.store.unit(owner) as unit:
        try:
            unit.audiences.named(found)
        except NotFoundError:
            unit.audiences.add(
                Audience(id=found, name=found, owner=owner.id, version=1, created_at=app.now(), updated_at=app.now()),
                Version(
                    audience_id=found,
                    version=1,
                    rule=WOMEN_OR_GOLD,
                    rule_hash=rule_hash(rule),
                    author=owner.id,
                    at=app.now(),
                ),
            )
            unit.audit("audience.save", found)
    return found


def an_export(app: App, owner: Principal, state: ExportState = ExportState.REQUESTED) -> str:
    found = f"export-of-{owner.id}"
    job = ExportJob(
        id=found, principal=owner.id, purpose="p", columns=("user_id",), format="csv", rule=WOMEN_OR_GOLD,
        rule_hash=rule_hash(parse_rule(WOMEN_OR_GOLD)), requested_at=app.now(), as_of=app.now(), state=state,
    )  # fmt: skip
    with app.store.unit(owner) as unit:
        unit.exports.put(job)
        unit.audit("export.request", found)
    return found


def a_session(app: App, owner: Principal) -> str:
    account = kept_account(app, owner)
    return app.identity.sessions.begin(account, Origin(), how="test").session.id


def a_token(app: App, owner: Principal) -> str:
    kept_account(app, owner)
    return app.identity.tokens.create(owner, "t", {Permission.SIGNED_IN}, lasts=timedelta(days=1))[0].id


def an_account(app: App, owner: Principal) -> str:
    return kept_account(app, owner).id


MADE: dict[str, Callable[[App, Principal], str]] = {
    "audience": an_audience,
    "export": an_export,
    "session": a_session,
    "token": a_token,
    "account": an_account,
}


class Places(dict[str, str]):
    """Fills the place of the object, and any other with a name that is nobody's."""

    def __missing__(self, key: str) -> str:
        return "1" if key in ("old", "entry") else "nobody"


# --- what happens ---------------------------------------------------------------------------------------------------------------

BODIES: dict[str, Any] = {"/api/v1/accounts/{account}/roles": {"roles": ["viewer"]}}
SAID = {401: "sign in", 403: "no", 404: "hidden"}


@dataclass
class Stage:
    """The product with people and objects in it. They are made once, and anew after whatever may have changed them."""

    app: App
    client: Client
    secrets: dict[tuple[str, bool], str] = field(default_factory=dict)
    objects: dict[tuple[str, str], str] = field(default_factory=dict)

    def secret(self, cell: Cell) -> str:
        key = (str(cell.role), cell.is_fresh)
        if key not in self.secrets:
            self.secrets[key] = signed_in(self.app, principal_of(key[0]), is_fresh=cell.is_fresh)
        return self.secrets[key]

    def object(self, kind: str, owner: Principal) -> str:
        key = (kind, owner.id)
        if key not in self.objects:
            self.objects[key] = MADE[kind](self.app, owner)
        return self.objects[key]

    def was_changed(self, cell: Cell) -> None:
        self.objects.clear()
        if "session" in cell.path or "account" in cell.path or "/me/" in cell.path:
            self.secrets.clear()


@pytest.fixture(scope="module")
def stage(app: App, client: Client) -> Stage:
    return Stage(app, client)


def happens(stage: Stage, cell: Cell) -> str:
    app, client = stage.app, stage.client
    objects = ENDPOINTS[cell.method, cell.path][1]
    asks = principal_of(cell.role) if cell.role else SOMEBODY
    secret = stage.secret(cell) if cell.role else ""
    places = Places()
    if objects is not None:
        places[objects.kind] = stage.object(objects.kind, asks if cell.is_own and cell.role else SOMEBODY)
    sent = headers(app, secret) if cell.role else {}
    path = cell.path.format_map(places)
    if cell.method == "WEBSOCKET":
        return shaken(app, client, path, sent)
    body = None if cell.method in ("GET", "DELETE") else BODIES.get(cell.path, {})
    answer = client.bare(cell.method, path, headers=sent, json=body)
    if cell.method != "GET" and answer.is_success:
        stage.was_changed(cell)
    assert answer.status_code < 500 or answer.json()["code"] in ("busy",), answer.text
    said = SAID.get(answer.status_code, "yes")
    # Where no object of ours is named, what is not found was looked for: they may.
    return "yes" if said == "hidden" and (objects is None or objects.other != "hidden") else said


def shaken(app: App, client: Client, path: str, sent: dict[str, str]) -> str:
    """How the handshake of a live connection ends."""
    api, said = create_api(app), list[Message]()
    scope: dict[str, Any] = {
        "type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "ws",
        "headers": [(b"host", b"localhost:8080"), (b"origin", b"http://localhost:8080")]
        + [(name.lower().encode(), value.encode()) for name, value in sent.items() if name == "Cookie"],
        "client": ("127.0.0.1", 1), "server": ("localhost", 8080), "subprotocols": [], "asgi": {"version": "3.0"}, "extensions": {},
    }  # fmt: skip
    incoming: list[Message] = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}]

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    client.call(api, scope, receive, send)
    closed = [message["code"] for message in said if message["type"] == "websocket.close"]
    return {(): "yes", (4401,): "sign in", (CLOSED_DENIED,): "no"}[tuple(closed)]


@pytest.mark.parametrize("path", sorted({path for _, path in ENDPOINTS}))
def test_what_happens_is_what_the_table_says(stage: Stage, path: str) -> None:
    wrong = []
    for cell in (each for each in CELLS if each.path == path):
        row = ENDPOINTS[cell.method, cell.path][0]
        found = happens(stage, cell)
        wanted = expected(cell.method, path, role=cell.role, is_own=cell.is_own, is_fresh=cell.is_fresh)
        if row == OPEN and found in ("sign in", "hidden"):
            found = "yes"  # a wrong password, a provider that is not there: the door was open
        if found != wanted:
            wrong.append((cell, found, wanted))
    assert wrong == []


def test_the_roles_of_the_product_are_those_of_the_table() -> None:
    """An endpoint's permission is granted to exactly the roles of its row (but for loading, which is for this machine alone)."""
    for method, path, permitted in endpoints():
        row, _ = ENDPOINTS[method, path]
        if row not in (OPEN, "load data"):
            granted = {role for role, permissions in GRANTS.items() if permitted.permission in permissions}
            assert granted == ROWS[row], (method, path)
