"""What a provider tells the product later: a true logout ends what it names, a forged one ends nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from audience_builder.api import App
from tests.api.client import Client, asking
from tests.audience.small import NOW
from tests.identity.company import AT, ATTACKER, MINUTE, ROLES, back, begun, is_in, product_of
from tests.identity.issuer import CLIENT, Issuer, issuing


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing(lambda: NOW) as found:
        yield found


@pytest.fixture(scope="module")
def app(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with product_of(issuer, tmp_path_factory.mktemp("told"), roles=ROLES) as found:
        yield found


@pytest.fixture
def browser(app: App) -> Iterator[Client]:
    with asking(app, signed_in=False) as client:
        yield client


EVENTS = {"http://schemas.openid.net/event/backchannel-logout": {}}


def logout(issuer: Issuer, **claims: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "iss": issuer.url, "aud": CLIENT, "iat": AT, "exp": AT + 120, "jti": f"j{time.monotonic_ns()}", "events": EVENTS,
        "sid": "provider-session-1",
    }  # fmt: skip
    return {name: value for name, value in {**said, **claims}.items() if value is not ...}


def told(browser: Client, token: str) -> int:
    return browser.request("POST", "/sign-in/provider/logout", data={"logout_token": token}).status_code


LOGOUTS: dict[str, dict[str, Any]] = {
    "no event": {"events": ...},
    "another event": {"events": {"urn:else": {}}},
    "event no object": {"events": {"http://schemas.openid.net/event/backchannel-logout": True}},
    "a nonce": {"nonce": "n"},
    "no name": {"jti": ...},
    "of nobody": {"sid": ...},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another"},
    "ended": {"exp": AT - 61},
    "made too long ago": {"iat": AT - 11 * MINUTE},
    "without an end": {"exp": ...},
}


@pytest.mark.parametrize("name", LOGOUTS)
def test_no_forged_logout_ends_anything(browser: Client, issuer: Issuer, name: str) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    back(browser, issuer, flow)
    assert told(browser, issuer.signed(logout(issuer, **LOGOUTS[name]), typ="logout+jwt")) == 400
    assert told(browser, issuer.signed(logout(issuer), ATTACKER, typ="logout+jwt")) == 400
    assert is_in(browser)


@pytest.mark.parametrize("whose", [{"sid": "provider-session-1"}, {"sid": ..., "sub": "user-1"}])
def test_a_true_logout_ends_the_sessions_it_names_once(browser: Client, issuer: Issuer, whose: dict[str, Any]) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    back(browser, issuer, flow)
    token = issuer.signed(logout(issuer, **whose), typ="logout+jwt")
    assert told(browser, token) == 200
    assert not is_in(browser)
    assert told(browser, token) == 400


def test_who_has_no_role_any_more_loses_what_is_open(browser: Client, issuer: Issuer, app: App) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    back(browser, issuer, flow)
    with asking(app, signed_in=False) as other:
        flow = begun(other, issuer)
        issuer.id_token = issuer.signed(issuer.claims(flow.nonce, roles=["nothing"]))
        assert back(other, issuer, flow).status_code == 401
    assert not is_in(browser)
