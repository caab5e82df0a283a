"""Events from pages of other sites: with a key of that very origin, and with nothing else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from audience_builder.api import App
from audience_builder.api.guard import BROWSER_BYTES
from audience_builder.errors import FullError, InputError
from audience_builder.identity.browser_keys import BURST, PER_SECOND, BrowserKeys
from tests.api.client import Client, asking
from tests.api.test_events import JEJU_TODAY
from tests.audience.small import NOW, copied, opened

SHOP, OTHER = "https://www.example.com", "https://evil.example"
ADMIN_PATH = "/browser-keys"


def event(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"b{number}", "user_id": f"U{number:010d}", "kind": "search", "at": NOW.isoformat(), "place": "jeju", **more
    }  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    found = opened(copied(tmp_path_factory.mktemp("collect") / "data"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def key(app: App) -> str:
    with asking(app, local=True) as client:
        made = client.post(ADMIN_PATH, {"label": "shop", "origins": [f"{SHOP}/", "HTTPS://M.example.com:443"]})
    assert made.json()["origins"] == [SHOP, "https://m.example.com"]
    return made.json()["id"]


@pytest.fixture
def page(app: App) -> Iterator[Client]:
    """A browser that is signed in nowhere."""
    with asking(app, signed_in=False) as client:
        yield client


def send(page: Client, key: str, body: Any, origin: str = SHOP, **headers: str) -> httpx.Response:
    said = {"Origin": origin, "Content-Type": "text/plain;charset=UTF-8", "Sec-Fetch-Site": "cross-site", **headers}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return page.request("POST", f"/collect/{key}", content=content, headers=said)


def test_a_search_on_another_site_moves_the_count(app: App, page: Client, key: str) -> None:
    with asking(app) as marketer:
        before = marketer.post("/count", JEJU_TODAY).json()["count"]
        answer = send(page, key, [event(number) for number in range(1, 100)])
        again = send(page, key, [event(number) for number in range(1, 100)])
        after = marketer.post("/count", JEJU_TODAY).json()["count"]
        source = marketer.get("/pipeline").json()["sources"][0]
    assert answer.json() == again.json() == {"accepted": 99, "refused": 0, "problems": []}
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert before < after <= before + 99
    assert source["duplicate"] == 99


def test_a_wrong_key_and_a_wrong_origin_are_told_the_same(page: Client, key: str) -> None:
    answers = [
        send(page, key, event(1), origin=OTHER), send(page, "abw_none", event(1)), send(page, key, event(1), origin="null"),
        page.request("POST", f"/collect/{key}", content=b"[]"),
    ]  # fmt: skip
    assert {(each.status_code, each.text) for each in answers} == {(404, answers[0].text)}
    assert not any("access-control-allow-origin" in each.headers for each in answers)


def test_what_is_known_of_a_user_is_not_told(page: Client, key: str) -> None:
    known, unknown = (send(page, key, event(number)) for number in (1, 9_999_999_999))
    assert known.text == unknown.text


def test_a_browser_is_asked_for_permission_by_its_origin(page: Client, key: str) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Sec-Fetch-Site": "cross-site"}
    ours, foreign = (
        page.request("OPTIONS", f"/collect/{key}", headers=asked | {"Origin": origin}) for origin in (SHOP, OTHER)
    )
    assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (204, SHOP)
    assert (foreign.status_code, foreign.headers.get("access-control-allow-origin")) == (404, None)


def test_a_key_opens_nothing_else(page: Client, key: str) -> None:
    as_token = {"Authorization": f"Bearer {key}"}
    assert page.request("POST", "/events", json=event(1), headers=as_token).status_code == 401
    assert page.request("GET", "/pipeline", headers=as_token).status_code == 401
    assert page.request("GET", "/pipeline", headers={"Origin": SHOP}).status_code == 403
    assert page.request("GET", f"/collect/{key}", headers={"Origin": SHOP}).status_code == 405


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"at": (NOW - timedelta(hours=25)).isoformat()}, "too_old", "at"),
        ({"user_id": "hong@example.com"}, "personal_data", "user_id"),
        ({"email": "hong@example.com"}, "unknown_field", ""),
    ],
)
def test_what_is_too_old_or_personal_is_refused(page: Client, key: str, more: Any, code: str, field: str) -> None:
    answer = send(page, key, [event(1, **more)])
    assert [(each["code"], each["field"]) for each in answer.json()["problems"]] == [(code, field)]
    assert "hong" not in answer.text


def test_no_more_comes_at_once_than_a_browser_has_to_say(page: Client, key: str) -> None:
    many = send(page, key, [event(number) for number in range(101)])
    large = send(page, key, b" " * (BROWSER_BYTES + 1))
    assert (many.status_code, large.status_code) == (400, 413)
    assert send(page, key, b"oh").status_code == 400


def test_a_key_that_sends_too_much_is_told_when_to_go_on(
    app: App, page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audience_builder.identity.browser_keys.PER_SECOND", 100)  # however slow the machine is
    with asking(app, local=True) as client:
        busy = client.post(ADMIN_PATH, {"label": "busy", "origins": [SHOP]}).json()["id"]
    app.identity.browser_keys.spend(busy, BURST)
    answer = send(page, busy, b" " * (BROWSER_BYTES - 1))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= BROWSER_BYTES / 100 + 1
    assert answer.headers["access-control-allow-origin"] == SHOP


def test_the_bucket_fills_again(app: App) -> None:
    clock = [0.0]
    keys = BrowserKeys(store=app.store, now=app.now, seconds=lambda: clock[0])
    keys.spend("k", BURST)
    with pytest.raises(FullError) as full:
        keys.spend("k", 2 * PER_SECOND)
    assert full.value.retry_seconds == 3
    clock[0] = 3.0
    keys.spend("k", 2 * PER_SECOND)


def test_a_revoked_key_ends_at_once_and_all_of_it_is_recorded(app: App, page: Client) -> None:
    with asking(app, local=True) as client:
        made = client.post(ADMIN_PATH, {"label": "short", "origins": [SHOP]}).json()["id"]
        assert send(page, made, event(1)).status_code == 200
        assert client.delete(f"{ADMIN_PATH}/{made}").status_code == 204
        assert send(page, made, event(1)).status_code == 404
        assert made not in client.get(ADMIN_PATH).text
        assert client.delete(f"{ADMIN_PATH}/{made}").status_code == 404
    with app.store.unit(app.principal) as unit:
        noted = [entry.action for entry in unit.trail.newest(50) if entry.object == made]
    assert noted == ["browser_key.revoke", "browser_key.create"]


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "http://www.example.com",
        "https://*.example.com",
        "https://a.example/path",
        "null",
        "https://u@a.example",
        "",
    ],
)
def test_what_is_no_origin_gets_no_key(app: App, origin: str) -> None:
    with pytest.raises(InputError):
        app.identity.browser_keys.create(app.principal, "shop", [origin])


def test_the_script_is_small_and_for_every_site(page: Client) -> None:
    answer = page.bare("GET", "/collect.js", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"})
    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert len(gzip.compress(answer.content)) <= 2_048
