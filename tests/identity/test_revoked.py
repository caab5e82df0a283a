"""A real server with a live connection open: whatever ends somebody's rights closes it, within five seconds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from audience_builder.access import Permission, Principal, Role
from audience_builder.api import App
from audience_builder.identity import Credentials, NewAccount, Origin, Policy, open_identity
from audience_builder.identity.secrets import csrf_of
from tests.api.served import Live, live, served
from tests.audience.small import NOW, WOMEN, rule_json
from tests.identity.company import product_of
from tests.identity.conftest import ADMIN, PASSWORD
from tests.identity.issuer import CLIENT, Issuer, issuing

MOST_SECONDS = 5.0
ENDED, OTHER_ROLES = 4401, 4403


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing(lambda: NOW) as found:
        yield found


@pytest.fixture(scope="module")
def app(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with product_of(issuer, tmp_path_factory.mktemp("revoked"), roles="m=marketer") as found:
        yield found


@pytest.fixture(scope="module")
def port(app: App) -> Iterator[int]:
    with served(app) as found:
        yield found


@dataclass
class Scene:
    """Somebody who is signed in and connected, an admin beside them, and the provider they came by."""

    app: App
    issuer: Issuer
    port: int
    id: str
    headers: dict[str, str]
    session: str
    token: str

    def ask(self, method: str, path: str, **words: Any) -> httpx.Response:
        """As they themselves."""
        return httpx.request(method, f"http://127.0.0.1:{self.port}{path}", headers=self.headers, **words)

    def administer(self, method: str, path: str, **words: Any) -> None:
        """As an admin."""
        answer = httpx.request(
            method, f"http://127.0.0.1:{self.port}/api/v1/accounts/{self.id}{path}", headers=_admin(self.app), **words
        )
        assert answer.is_success, answer.text


def _admin(app: App) -> dict[str, str]:
    with app.store.unit(ADMIN) as unit:
        account = unit.accounts.find(ADMIN.id)
    if account is None:
        new = NewAccount(id=ADMIN.id, name=ADMIN.name, roles=ADMIN.roles, password=PASSWORD)
        account, _ = app.identity.accounts.create(Principal("local", "local", frozenset({Role.ADMIN})), new)
    secret = app.identity.sessions.begin(account, Origin(), how="test").secret
    return {"Cookie": f"{app.identity.cookie}={secret}", "X-CSRF-Token": csrf_of(secret)}


@pytest.fixture
def scene(app: App, issuer: Issuer, port: int, request: pytest.FixtureRequest) -> Scene:
    name = f"mina{abs(hash(request.node.name)) % 10**9}"
    new = NewAccount(id=name, name="미나", roles=frozenset({Role.MARKETER}), password=PASSWORD)
    account, _ = app.identity.accounts.create(ADMIN, new)
    begun = app.identity.sessions.begin(account, Origin(provider_session=f"of {name}"), how="test")
    headers = {"Cookie": f"{app.identity.cookie}={begun.secret}", "X-CSRF-Token": csrf_of(begun.secret)}
    _, token = app.identity.tokens.create(
        Principal(account.id, account.name, account.roles),
        "a machine",
        {Permission.BUILD_RULES},
        lasts=Policy().longest,
    )
    return Scene(app, issuer, port, account.id, headers, begun.session.id, token)


def _by_provider(scene: Scene) -> None:
    claims = {
        "iss": scene.issuer.url, "aud": CLIENT, "iat": scene.issuer.seconds, "exp": scene.issuer.seconds + 60, "jti": scene.id,
        "sid": f"of {scene.id}", "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }  # fmt: skip
    said = {"logout_token": scene.issuer.signed(claims, typ="logout+jwt")}
    answer = httpx.post(f"http://127.0.0.1:{scene.port}/sign-in/provider/logout", data=said)
    assert answer.status_code == 200, answer.text


def _in_another_process(scene: Scene) -> None:
    """The same store, but a gate of its own: nothing tells the server's."""
    other = open_identity(store=scene.app.store, now=scene.app.now, policy=Policy(), local=scene.app.principal)
    other.accounts.disable(ADMIN, scene.id)


def _own(method: str, path: str) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        answer = scene.ask(method, path)
        assert answer.status_code < 400, answer.text

    return act


WAYS: dict[str, tuple[Callable[[Scene], None], int]] = {
    "other roles": (lambda scene: scene.administer("PUT", "/roles", json={"roles": ["viewer"]}), OTHER_ROLES),
    "more roles": (
        lambda scene: scene.administer("PUT", "/roles", json={"roles": ["marketer", "approver"]}),
        OTHER_ROLES,
    ),
    "disabled": (lambda scene: scene.administer("POST", "/disable"), ENDED),
    "disabled by another process": (_in_another_process, ENDED),
    "a new password": (lambda scene: scene.administer("POST", "/password"), ENDED),
    "signed out by an admin": (lambda scene: scene.administer("DELETE", "/sessions"), ENDED),
    "signed out everywhere": (_own("DELETE", "/api/v1/sessions"), ENDED),
    "one session ended": (lambda scene: _own("DELETE", f"/api/v1/sessions/{scene.session}")(scene), ENDED),
    "ended by the provider": (_by_provider, ENDED),
}
"""What takes somebody's rights away, and the code an open connection is closed with."""


@contextmanager
def working(scene: Scene, headers: dict[str, str]) -> Iterator[Live]:
    """Their live connection, with a rule kept counted."""
    with live(scene.port, **headers) as connection:
        connection.ask("d", 1, rule_json(WOMEN))
        assert connection.hear_of("count")["count"] > 0
        yield connection


def closed_after(connection: Live, began: float) -> tuple[int, float]:
    """The code it is closed with, and the seconds since then."""
    with pytest.raises(ConnectionClosed) as closed:
        connection.hear_of("an end")
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, monotonic() - began


def _told(what: str, seconds: float) -> None:
    """Where somebody measures (REVOKED=file), each figure is kept."""
    if "REVOKED" in os.environ:
        with Path(os.environ["REVOKED"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, "seconds": round(seconds, 2)}) + "\n")


@pytest.mark.parametrize("way", WAYS)
def test_an_open_connection_is_closed_within_five_seconds(scene: Scene, way: str) -> None:
    act, code = WAYS[way]
    with working(scene, {"Cookie": scene.headers["Cookie"]}) as connection:
        act(scene)
        found, seconds = closed_after(connection, monotonic())
    assert (found, seconds < MOST_SECONDS) == (code, True), seconds
    _told(way, seconds)
    status = scene.ask("POST", "/api/v1/count", json=rule_json(WOMEN)).status_code
    assert status == (401 if code == ENDED else 200 if way == "more roles" else 403)


@pytest.mark.parametrize("way", ["disabled", "other roles"])
def test_a_machines_connection_ends_with_its_owners_rights(scene: Scene, way: str) -> None:
    act, code = WAYS[way]
    with working(scene, {"Authorization": f"Bearer {scene.token}", "Cookie": "none=0"}) as connection:
        act(scene)
        found, seconds = closed_after(connection, monotonic())
    assert (found, seconds < MOST_SECONDS) == (code, True), seconds


def test_a_revoked_tokens_connection_is_closed(scene: Scene) -> None:
    headers = {"Authorization": f"Bearer {scene.token}", "Cookie": "none=0"}
    token = next(each for each in scene.ask("GET", "/api/v1/tokens").json()["tokens"])
    with working(scene, headers) as connection:
        assert scene.ask("DELETE", f"/api/v1/tokens/{token['id']}").status_code == 204
        found, seconds = closed_after(connection, monotonic())
    assert (found, seconds < MOST_SECONDS) == (ENDED, True), seconds
    assert scene.app.identity.gate.principal(Credentials(scene.token, True)) is None


def test_whoever_else_is_connected_stays(scene: Scene) -> None:
    with live(scene.port, **{"Cookie": _admin_as_marketer(scene.app)}) as other:
        assert other.hear()["t"] == "hello"
        scene.administer("POST", "/disable")
        with pytest.raises(TimeoutError):
            other.connection.recv(timeout=2.5)


def _admin_as_marketer(app: App) -> str:
    new = NewAccount(id="boram", name="보람", roles=frozenset({Role.MARKETER}), password=PASSWORD)
    account, _ = app.identity.accounts.create(ADMIN, new)
    return f"{app.identity.cookie}={app.identity.sessions.begin(account, Origin(), how='test').secret}"
