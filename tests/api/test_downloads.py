"""Files leave only to networks of the house, and only so many users a day and person: over HTTP, as somebody from elsewhere meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from tests.api.client import Client, asking, session_of
from tests.audience.small import WOMEN, copied, opened, rule_json
from tests.identity.conftest import Clock

HOUSE, ELSEWHERE = "10.20.0.7", "203.0.113.9"
MARKETER, OTHER, DPO = (
    Principal(name, name, frozenset({role}))
    for name, role in (("mina", Role.MARKETER), ("boram", Role.MARKETER), ("dara", Role.DPO))
)
WISH = {"rule": rule_json(WOMEN), "purpose": "p"}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Behind a proxy of this machine; a person may export as many as all women, and one more."""
    folder = tmp_path_factory.mktemp("downloads") / "data"
    women = _women(copied(folder), clock)
    found = opened(
        folder,
        now=clock,
        download_networks="10.0.0.0/8,2001:db8::/32",
        trusted_proxies="127.0.0.0/8",
        export_rows=women + 1,
    )
    yield found
    found.close()


def _women(folder: Path, clock: Clock) -> int:
    app = opened(folder, now=clock)
    with asking(app) as client:
        found = client.post("/count", rule_json(WOMEN)).json()["count"]
    app.close()
    return found


@pytest.fixture
def client(app: App) -> Iterator[Client]:
    with asking(app, signed_in=False) as found:
        yield found


def come(app: App, principal: Principal, forwarded: str) -> dict[str, str]:
    """What the proxy hands on of somebody who asks from that address."""
    return {**session_of(app, principal), "X-Forwarded-For": forwarded}


@pytest.fixture(scope="module")
def job(app: App) -> str:
    with asking(app, signed_in=False) as client:
        made = client.post("/exports", WISH, headers=come(app, MARKETER, ELSEWHERE)).json()["id"]
        done = client.get(f"/exports/{made}?wait=20", headers=come(app, MARKETER, ELSEWHERE)).json()
    assert done["state"] == "done"
    return made


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (HOUSE, 200), (f"{ELSEWHERE}, {HOUSE}", 200), ("2001:db8::7", 200), ("::ffff:10.1.2.3", 200),
        (ELSEWHERE, 403), (f"{HOUSE}, {ELSEWHERE}", 403), ("2001:db9::7", 403), ("10.0.0.1.evil.example", 403), ("11.0.0.1", 403),
    ],
)  # fmt: skip
def test_a_file_is_had_from_the_house_alone(app: App, client: Client, job: str, forwarded: str, expected: int) -> None:
    answer = client.get(f"/exports/{job}/file", headers=come(app, MARKETER, forwarded))
    assert answer.status_code == expected
    if expected == 403:
        assert answer.json()["code"] == "outside"
        assert "network" in answer.json()["detail"]
        assert answer.json()["fix"]


def test_a_record_in_clear_is_seen_from_the_house_alone(app: App, client: Client) -> None:
    wish = {"user_id": "nobody", "reason": "열람 요청 처리"}
    outside = client.post("/contacts/unmask", wish, headers=come(app, DPO, ELSEWHERE))
    assert (outside.status_code, outside.json()["code"]) == (403, "outside")
    assert client.post("/contacts/unmask", wish, headers=come(app, DPO, HOUSE)).status_code == 404


def test_everything_else_works_from_elsewhere(app: App, client: Client) -> None:
    headers = come(app, MARKETER, ELSEWHERE)
    assert client.post("/count", rule_json(WOMEN), headers=headers).status_code == 200
    assert client.get("/exports", headers=headers).status_code == 200


def test_a_token_is_bound_to_the_house_too(app: App, client: Client, job: str) -> None:
    made = client.post(
        "/tokens",
        {"label": "a machine", "permissions": ["download_export"], "days": 1},
        headers=come(app, MARKETER, HOUSE),
    ).json()
    words = {"Authorization": f"Bearer {made['secret']}"}
    assert client.get(f"/exports/{job}/file", headers={**words, "X-Forwarded-For": ELSEWHERE}).status_code == 403
    assert client.get(f"/exports/{job}/file", headers={**words, "X-Forwarded-For": HOUSE}).status_code == 200


def test_who_is_no_trusted_proxy_is_not_believed(clock: Clock, tmp_path: Path) -> None:
    app = opened(copied(tmp_path / "data"), now=clock, download_networks="10.0.0.0/8")
    with asking(app, signed_in=False) as client:
        headers = come(app, MARKETER, HOUSE)
        made = client.post("/exports", WISH, headers=headers).json()["id"]
        client.get(f"/exports/{made}?wait=20", headers=headers)
        assert client.get(f"/exports/{made}/file", headers=headers).json()["code"] == "outside"
    app.close()


def test_each_person_exports_so_many_a_day_and_again_the_next(app: App, client: Client, job: str, clock: Clock) -> None:
    def ended(principal: Principal) -> dict[str, str]:
        headers = come(app, principal, ELSEWHERE)
        made = client.post("/exports", WISH, headers=headers).json()["id"]
        return client.get(f"/exports/{made}?wait=20", headers=headers).json()

    refused = ended(MARKETER)
    assert (refused["state"], refused["file"]) == ("failed", None)
    assert "may still export today (1 of" in refused["problem"]
    assert client.get(f"/exports/{refused['id']}/file", headers=come(app, MARKETER, HOUSE)).status_code == 404
    assert ended(OTHER)["state"] == "done"
    clock.pass_(hours=24, seconds=1)
    assert ended(MARKETER)["state"] == "done"
