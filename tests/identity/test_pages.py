"""Pages and cookies as a browser meets them: headers, nonces, forgery, fixation, limits, and where a sign-in may lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx
import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.identity import NewAccount
from audience_builder.identity.secrets import csrf_of
from tests.api.client import HOST, Client, asking, session_of
from tests.api.test_permissions import BODIES, Nobody, endpoints
from tests.audience.small import WOMEN, copied, opened, rule_json
from tests.identity.conftest import ADMIN, PASSWORD, Clock

HTTPS = "https://audience.example"
PAGES = (
    "/",
    "/audiences",
    "/sign-in",
    "/sign-in?again=1",
    "/setup?code=wrong",
    "/signed-out",
    "/sign-in.css",
    "/api/v1/me",
)
FORM = {"name": "mina", "password": PASSWORD}
CSRF = "X-CSRF-Token"


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def app(folder: Path, clock: Clock) -> Iterator[App]:
    found = opened(copied(folder / "data"), now=clock)
    yield found
    found.close()


@pytest.fixture(scope="module")
def secure(folder: Path, clock: Clock) -> Iterator[App]:
    """The same behind a proxy that speaks TLS."""
    found = opened(copied(folder / "secure"), now=clock, public_url=HTTPS)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _mina(app: App, secure: App) -> None:
    for each in (app, secure):
        with each.store.unit(ADMIN) as unit:
            known = unit.accounts.find("mina")
        if known is None:
            new = NewAccount(id="mina", name="미나", roles=frozenset({Role.MARKETER}), password=PASSWORD)
            each.identity.accounts.create(ADMIN, new)


@contextmanager
def browser(app: App, host: str = HOST) -> Iterator[Client]:
    with asking(app, signed_in=False, host=host) as client:
        yield client


def entered(client: Client, host: str = HOST, **more: str) -> httpx.Response:
    """Mina signs in with her password."""
    return client.post("/sign-in", data={**FORM, **more}, headers={"Origin": host})


def flags(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """The name of the session's cookie, and its flags."""
    said = next(each for each in answer.headers.get_list("set-cookie") if "session=" in each)
    pair, *rest = said.split("; ")
    return pair.partition("=")[0], {word.partition("=")[0].lower(): word.partition("=")[2] for word in rest}


# --- headers ------------------------------------------------------------------------------------------------------------------


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    words = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: values for name, *values in words}


def nonce(answer: httpx.Response) -> str:
    (found,) = {word[7:-1] for values in policy(answer).values() for word in values if word.startswith("'nonce-")}
    return found


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_a_nonce_of_its_own_and_allows_nothing_inline(app: App, path: str) -> None:
    with asking(app) as client:
        answers = [client.page(path) if not path.startswith("/api") else client.get(path) for _ in range(3)]
    assert len({nonce(each) for each in answers}) == 3
    assert all(len(nonce(each)) >= 22 for each in answers)  # 128 bits
    said = policy(answers[0])
    assert said["default-src"] == ["'none'"]
    assert said["script-src"] == ["'self'", f"'nonce-{nonce(answers[0])}'"]
    assert said["frame-ancestors"] == said["object-src"] == said["base-uri"] == ["'none'"]
    assert said["form-action"] == ["'self'"]
    assert "unsafe" not in answers[0].headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/sign-in", "/setup?code=wrong", "/signed-out"])
def test_what_a_page_loads_carries_its_nonce_and_nothing_is_written_into_it(app: App, path: str) -> None:
    with browser(app) as client:
        answer = client.page(path)
    loaded = re.findall(r"<(?:script|style|link rel=\"stylesheet\")[^>]*>", answer.text)
    assert loaded
    assert all(f'nonce="{nonce(answer)}"' in each for each in loaded)
    assert re.findall(r"\s(?:style|on\w+)=", answer.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_other_headers(secure: App, path: str) -> None:
    with browser(secure, HTTPS) as client:
        headers = client.page(path).headers
    expected = {
        "strict-transport-security": "max-age=31536000; includeSubDomains", "x-content-type-options": "nosniff",
        "x-frame-options": "DENY", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin", "x-permitted-cross-domain-policies": "none",
    }  # fmt: skip
    assert {name: headers.get(name) for name in expected} == expected
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] in ("no-store", "no-cache")


# --- cookies ------------------------------------------------------------------------------------------------------------------


def test_by_https_the_cookie_is_of_this_host_alone_and_no_script_reads_it(secure: App) -> None:
    with browser(secure, HTTPS) as client:
        name, found = flags(entered(client, HTTPS))
        assert client.get("/me").json()["id"] == "mina"
    assert name == "__Host-ab-session"
    assert found == {"path": "/", "httponly": "", "samesite": "lax", "secure": ""}


def test_by_plain_http_it_is_as_closed_as_browsers_allow(app: App) -> None:
    with browser(app) as client:
        name, found = flags(entered(client))
    assert (name, found) == ("ab-session", {"path": "/", "httponly": "", "samesite": "lax"})


def test_by_https_a_cookie_that_another_host_could_set_is_none(secure: App) -> None:
    secret = session_of(secure)["Cookie"].partition("=")[2]
    with browser(secure, HTTPS) as client:
        assert client.get("/me", headers={"Cookie": f"ab-session={secret}"}).status_code == 401
        assert client.get("/me", headers={"Cookie": f"__Host-ab-session={secret}"}).status_code == 200


def test_a_session_that_somebody_planted_is_never_taken_over(app: App) -> None:
    planted = "a-secret-that-an-attacker-chose-and-knows-already"
    with browser(app) as client:
        client.raw.cookies.set("ab-session", planted)
        entered(client)
        secrets = [each.value for each in client.raw.cookies.jar if each.name == "ab-session"]
    assert planted not in secrets[-1:]
    with browser(app) as other:
        assert other.get("/me", headers={"Cookie": f"ab-session={planted}"}).status_code == 401


def test_a_session_of_before_the_sign_in_is_worth_nothing_after_it(app: App) -> None:
    with browser(app) as client:
        entered(client)
        before = client.raw.cookies["ab-session"]
        entered(client)
        after = client.raw.cookies["ab-session"]
        assert before != after
        assert client.get("/me").status_code == 200
    with browser(app) as other:
        assert other.get("/me", headers={"Cookie": f"ab-session={before}"}).status_code == 401


# --- forgery ------------------------------------------------------------------------------------------------------------------

CHANGES = [
    (method, path)
    for method, path, permitted in endpoints()
    if method not in ("GET", "HEAD", "WEBSOCKET") and permitted.permission != "open"
]


@pytest.mark.parametrize("said", ["missing", "empty", "wrong", "another session's"])
def test_no_change_is_taken_without_the_word_of_our_own_page(app: App, said: str) -> None:
    every = Principal("everything", "everything", frozenset(set(Role) - {Role.SERVICE}))
    headers, other = session_of(app, every), session_of(app, Principal("other", "other", every.roles))
    words: dict[str, str] = {
        "missing": {}, "empty": {CSRF: ""}, "wrong": {CSRF: csrf_of("a guess")}, "another session's": {CSRF: other[CSRF]},
    }[said]  # fmt: skip
    assert len(CHANGES) >= 30
    with browser(app) as client:
        for method, path in CHANGES:
            where, body = path.format_map(Nobody()), BODIES.get(path, {})
            answer = client.request(method, where, json=body, headers={"Cookie": headers["Cookie"], **words})
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (method, path, answer.text)


def test_the_right_word_is_taken_and_reading_needs_none(app: App) -> None:
    with browser(app) as client:
        entered(client)
        me = client.get("/me").json()
        assert client.post("/count", rule_json(WOMEN), headers={CSRF: me["csrf"]}).status_code == 200


@pytest.mark.parametrize("said", ["", "wrong"])
def test_nobody_is_signed_out_by_another_sites_form(app: App, said: str) -> None:
    with browser(app) as client:
        entered(client)
        assert client.post("/sign-out", data={"csrf": said}).status_code == 403
        assert client.get("/me").status_code == 200
        assert client.post("/sign-out", data={"csrf": client.get("/me").json()["csrf"]}).status_code == 303
        assert client.get("/me").status_code == 401


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_site_signs_nobody_in(app: App, headers: dict[str, str]) -> None:
    with browser(app) as client:
        answer = client.post("/sign-in", data=FORM, headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


# --- limits -------------------------------------------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_without_a_request(app: App, clock: Clock) -> None:
    with browser(app) as client:
        entered(client)
        for minutes in (29, 29, 29):
            clock.pass_(minutes=minutes)
            assert client.get("/me").status_code == 200
        clock.pass_(minutes=30)
        assert client.get("/me").status_code == 401


def test_a_session_ends_after_half_a_day_however_busy(app: App, clock: Clock) -> None:
    with browser(app) as client:
        entered(client)
        for _ in range(35):
            clock.pass_(minutes=20)
            assert client.get("/me").status_code == 200
        clock.pass_(minutes=20)
        answer = client.page("/audiences")
        assert client.get("/me").status_code == 401
    assert answer.status_code == 401


# --- where it leads -----------------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "\t//evil.example", " //evil.example", "/\n/evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example",
    "http:evil.example", "https:/evil.example", "/%0d%0aLocation:%20https://evil.example\r\nX: y", "//evil.example/%2f..",
    "/sign-out", "http://localhost:8080@evil.example", "／／evil.example", "", "@evil.example", "/\r/evil.example",
]  # fmt: skip


@pytest.mark.parametrize("following", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_a_sign_in_leads_nowhere_else(app: App, following: str) -> None:
    with browser(app) as client:
        answer = entered(client, next=following)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        form = client.get("/sign-in", params={"next": following}).text
        assert {unescape(each) for each in re.findall(r'name="next" value="([^"]*)"', form)} == {"/"}


@pytest.mark.parametrize(
    "following", ["/audiences", "/audiences/a1?tab=history", "/compare?ids=%5B%221%22%5D", "/?q=제주"]
)
def test_a_sign_in_leads_to_where_one_wanted_to_go(app: App, following: str) -> None:
    with browser(app) as client:
        answer = entered(client, next=following)
    assert httpx.URL(answer.headers["location"]) == httpx.URL(following)
