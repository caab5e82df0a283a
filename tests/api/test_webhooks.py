"""Webhooks over HTTP, from a search that is sent to a message that arrives."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.audience import Draft
from audience_builder.audience.movements import By
from audience_builder.audience.webhooks import DELIVERY, SIGNATURE
from audience_builder.rule.check import parse_rule
from audience_builder.wiring import open_app
from tests.api.client import as_principal, asking
from tests.apply.waiting import until
from tests.audience.small import NOW, copied, settings_in
from tests.audience.test_membership import SEARCHED, Clock, send

ADMIN = Principal("ann", "Ann", frozenset({Role.ADMIN}))


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, time: Clock) -> Iterator[App]:
    settings = settings_in(copied(tmp_path / "data"), exact_from=1, webhook_loopback="yes")
    found = open_app(settings, watch=True, now=lambda: time.now)
    until(lambda: found.freshness().index == "ready")
    yield found
    found.close()


@pytest.fixture
def heard() -> Iterator[list[tuple[dict[str, str], bytes]]]:
    """What arrives at an address of this machine; its port is the first entry's."""
    found: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    found.append(({"port": str(server.server_port)}, b""))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_search_arrives_as_a_signed_message(app: App, time: Clock, heard: list[tuple[dict[str, str], bytes]]) -> None:
    audience = app.audiences.save_new(app.principal, "제주", Draft(rule=parse_rule(SEARCHED))).audience.id
    until(lambda: app.movements.of(app.principal, audience, by=By.DAY, days=1).began_at is not None)
    ((where, _),) = heard
    url = f"http://127.0.0.1:{where['port']}/moved"
    with asking(as_principal(app, ADMIN)) as api:
        refused = api.post("/webhooks", {"audience": "제주", "url": "https://127.0.0.2.nowhere.invalid/"})
        assert (refused.status_code, refused.json()["code"]) == (400, "input_invalid")
        made = api.post("/webhooks", {"audience": "제주", "url": url})
        assert made.status_code == 201
        time.now = NOW + timedelta(minutes=1)
        send(app, 1, 2, 3, at=time.now)
        until(lambda: len(heard) > 1)
        headers, body = heard[1]
        said = json.loads(body)
        assert (said["audience"], said["entered"] > 0, said["delivery"]) == (audience, True, headers[DELIVERY])
        assert b"U000" not in body
        at, _, mac = headers[SIGNATURE].partition(",v1=")
        signed = at.removeprefix("t=").encode() + b"." + body
        assert mac == hmac.new(made.json()["secret"].encode(), signed, hashlib.sha256).hexdigest()
        until(lambda: api.get("/webhooks").json()["webhooks"][0]["attempts"] == 0)
        (listed,) = api.get("/webhooks").json()["webhooks"]
        assert "secret" not in listed
        assert (listed["state"], listed["problem"], listed["url"]) == ("live", "", url)
        assert api.post(f"/webhooks/{listed['id']}/revive").json()["state"] == "live"
        assert api.delete(f"/webhooks/{listed['id']}").status_code == 204
        assert api.delete(f"/webhooks/{listed['id']}").status_code == 404
        assert api.get("/webhooks").json() == {"webhooks": []}
