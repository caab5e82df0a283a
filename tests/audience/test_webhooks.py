"""Addresses that hear when an audience moves: signed, nobody's name, nothing lost, nothing sent where it must not go."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.audience.duckdb import DuckDBLedger
from audience_builder.audience.guard import Limits
from audience_builder.audience.webhook_http import HttpOutward
from audience_builder.audience.webhooks import DELIVERY, MOST, PAUSES, SIGNATURE, Teller, Webhooks
from audience_builder.errors import DeniedError, InputError, LimitError, NotFoundError
from tests.audience.small import NOW, copied, opened
from tests.audience.test_membership import Clock, begun, mart_of, send

ADMIN = Principal("ann", "Ann", frozenset({Role.ADMIN}))
URL = "https://hooks.example.com/audience"


class Receiver:
    """What stands at an address."""

    def __init__(self) -> None:
        self.status: int | None = 200
        self.heard: list[tuple[str, bytes, dict[str, str]]] = []

    def require_allowed(self, url: str) -> None:
        assert url.startswith("https://")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.heard.append((url, body, dict(headers)))
        if self.status is None:
            raise OSError("no answer: ConnectTimeout")
        return self.status

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body, _ in self.heard]


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, time: Clock) -> Iterator[App]:
    found = opened(copied(tmp_path / "data"), now=lambda: time.now)
    yield found
    found.close()


@pytest.fixture
def there() -> Receiver:
    return Receiver()


def secret_of(webhook: str) -> str:
    return f"secret of {webhook}"


def parts(app: App, there: Receiver, exact: int = 1) -> tuple[Webhooks, Teller]:
    words: dict[str, Any] = {
        "store": app.store, "sums": DuckDBLedger(mart_of(app)), "outward": there, "secret_of": secret_of, "now": app.now,
    }  # fmt: skip
    ids = iter(f"hook{number}" for number in range(1_000))
    return Webhooks(**words, new_id=lambda: next(ids)), Teller(**words, limits=Limits(exact=exact))


def trail(app: App, action: str) -> list[Any]:
    with app.store.unit(app.principal) as unit:
        return unit.trail.newest(100, action=action)


def test_an_address_hears_how_many_moved_since_it_was_told(app: App, time: Clock, there: Receiver) -> None:
    audience = begun(app)
    hooks, teller = parts(app, there)
    made = hooks.add(ADMIN, "제주", URL)
    assert (teller.tell(), there.heard) == (0, [])
    for minute in range(2):
        time.pass_(minutes=5)
        send(app, 1 + minute, at=time.now)
    assert teller.tell() == 1
    ((url, body, headers),) = there.heard
    (said,) = there.said()
    assert url == URL
    assert said == {
        "type": "audience.moved", "delivery": headers[DELIVERY], "audience": audience, "version": 1,
        "mart_version": said["mart_version"], "since": NOW.isoformat(), "at": time.now.isoformat(),
        "entered": 2, "exited": 0, "size": said["size"], "below": 1,
    }  # fmt: skip
    at, _, mac = headers[SIGNATURE].partition(",v1=")
    assert at == f"t={int(time.now.timestamp())}"
    signed = at.removeprefix("t=").encode() + b"." + body
    assert mac == hmac.new(made.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert teller.tell() == 0
    assert [entry.object for entry in trail(app, "webhook.send")] == [made.webhook.id]
    assert trail(app, "webhook.taken")[0].detail["host"] == "hooks.example.com"


def test_too_few_are_not_told(app: App, time: Clock, there: Receiver) -> None:
    begun(app)
    hooks, teller = parts(app, there, exact=10)
    hooks.add(ADMIN, "제주", URL)
    time.pass_(minutes=5)
    send(app, 1, at=time.now)
    assert teller.tell() == 1
    (said,) = there.said()
    assert (said["entered"], said["exited"], said["size"], said["below"]) == (None, 0, None, 10)


def test_what_is_not_taken_is_sent_again_as_it_was_later_and_later(app: App, time: Clock, there: Receiver) -> None:
    begun(app)
    hooks, teller = parts(app, there)
    hooks.add(ADMIN, "제주", URL)
    time.pass_(minutes=5)
    send(app, 1, at=time.now)
    there.status = 503
    assert teller.tell() == 0
    send(app, 2, at=time.now + timedelta(seconds=1))
    for pause in PAUSES[:2]:
        time.pass_(seconds=pause - 1)
        assert teller.tell() == 0
        before = len(there.heard)
        time.pass_(seconds=1)
        teller.tell()
        assert len(there.heard) == before + 1
    (hook,) = hooks.all(ADMIN)
    assert (hook.attempts, hook.problem, hook.state) == (3, "answered 503", "live")
    there.status = 204
    time.pass_(seconds=PAUSES[2])
    assert teller.tell() == 1
    assert len({body for _, body, _ in there.heard}) == 1
    time.pass_(seconds=10)
    send(app, 3, at=time.now)
    assert teller.tell() == 1
    assert there.said()[-1]["since"] == there.said()[0]["at"]
    assert sum(said["entered"] for said in (there.said()[0], there.said()[-1])) == 3


def test_an_address_that_never_answers_is_given_up_until_it_is_revived(app: App, time: Clock, there: Receiver) -> None:
    begun(app)
    hooks, teller = parts(app, there)
    made = hooks.add(ADMIN, "제주", URL)
    time.pass_(minutes=5)
    send(app, 1, at=time.now)
    there.status = None
    for pause in (*PAUSES, *PAUSES):
        teller.tell()
        time.pass_(seconds=max(pause, PAUSES[-1]))
    (hook,) = hooks.all(ADMIN)
    assert (hook.state, hook.problem, len(there.heard)) == ("dead", "no answer: ConnectTimeout", len(PAUSES) + 1)
    assert len(trail(app, "webhook.dead")) == 1
    there.status = 200
    assert teller.tell() == 0
    assert hooks.revive(ADMIN, made.webhook.id).state == "live"
    assert teller.tell() == 1
    assert len({body for _, body, _ in there.heard}) == 1


def test_another_process_goes_on_with_what_was_on_its_way(app: App, time: Clock, there: Receiver) -> None:
    begun(app)
    hooks, teller = parts(app, there)
    hooks.add(ADMIN, "제주", URL)
    time.pass_(minutes=5)
    send(app, 1, at=time.now)
    there.status = 500
    teller.tell()
    there.status = 200
    time.pass_(minutes=5)
    _, later = parts(app, there)
    assert later.tell() == 1
    assert len({headers[DELIVERY] for _, _, headers in there.heard}) == 1


def test_only_an_admin_says_where_and_not_without_end(app: App, there: Receiver) -> None:
    begun(app)
    hooks, _ = parts(app, there)
    for role in (Role.MARKETER, Role.DPO, Role.SERVICE):
        with pytest.raises(DeniedError):
            hooks.add(Principal("x", "x", frozenset({role})), "제주", URL)
    with pytest.raises(NotFoundError):
        hooks.add(ADMIN, "nobody", URL)
    made = [hooks.add(ADMIN, "제주", URL) for _ in range(MOST)][-1]
    with pytest.raises(LimitError):
        hooks.add(ADMIN, "제주", URL)
    hooks.remove(ADMIN, made.webhook.id)
    for gone in (hooks.remove, hooks.revive):
        with pytest.raises(NotFoundError):
            gone(ADMIN, made.webhook.id)
    assert len(hooks.all(ADMIN)) == MOST - 1


# --- the way out ----------------------------------------------------------------------------------------------------------


def outward(numbers: list[str], *, loopback: bool = False) -> tuple[HttpOutward, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(302, headers={"Location": "http://169.254.169.254/"})

    def look_up(host: str, port: int) -> list[str]:
        del host, port
        if not numbers:
            raise OSError("unknown")
        return numbers

    return HttpOutward(loopback=loopback, look_up=look_up, transport=httpx.MockTransport(answer)), seen


def test_a_public_address_is_spoken_to_by_the_number_that_was_looked_at() -> None:
    out, seen = outward(["93.184.215.14"])
    out.require_allowed(URL)
    assert out.post(URL + "?a=b", b"{}", {"X": "y"}) == 302
    (request,) = seen
    assert str(request.url) == "https://93.184.215.14/audience?a=b"
    assert (request.headers["Host"], request.extensions["sni_hostname"]) == ("hooks.example.com", "hooks.example.com")
    assert request.headers["X"] == "y"
    out.close()


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2001:db8::1",
    ],
)  # fmt: skip
def test_nothing_goes_to_a_number_that_is_not_public(number: str) -> None:
    for numbers in ([number], ["93.184.215.14", number]):
        out, seen = outward(numbers)
        with pytest.raises(InputError):
            out.require_allowed(URL)
        with pytest.raises(OSError, match="not a public one"):
            out.post(URL, b"{}", {})
        assert seen == []
        out.close()


@pytest.mark.parametrize(
    "url",
    ["", "hooks", "ftp://x.example.com/", "https://", "https://me:pass@x.example.com/", "https://x.example.com:0/",
     "https://x.example.com:99999/", "https://x.example.com/#a", "https://x.example.com/\n", "file:///etc/passwd",
     "https://x.example.com/" + "a" * 2_000],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    out, seen = outward(["93.184.215.14"])
    with pytest.raises(InputError):
        out.require_allowed(url)
    with pytest.raises(OSError, match=r"no address|name is not known"):
        out.post(url, b"{}", {})
    assert seen == []
    out.close()


def test_http_goes_to_this_machine_alone_and_only_where_that_is_allowed() -> None:
    for numbers, loopback, is_allowed in (
        (["127.0.0.1"], True, True), (["127.0.0.1"], False, False), (["93.184.215.14"], True, False), ([], True, False),
    ):  # fmt: skip
        out, _ = outward(numbers, loopback=loopback)
        if is_allowed:
            out.require_allowed("http://localhost:9000/")
        else:
            with pytest.raises(InputError):
                out.require_allowed("http://localhost:9000/")
        out.close()
