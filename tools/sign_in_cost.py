"""What signing in adds to a count over HTTP: `python -m tools.sign_in_cost --data FOLDER` over data that was loaded before.

The same questions go through the whole application in turns: once with the cookie of a session and what a page says with it, once as
the owner of the machine, of whom nothing is looked up or compared. What lies between is what signing in costs.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.api.http import create_api
from audience_builder.api.permission import LOCAL
from audience_builder.identity import Credentials, Origin
from audience_builder.identity.secrets import csrf_of
from audience_builder.settings import read
from audience_builder.store import Account, AccountKind
from audience_builder.wiring import open_app

_HOST = "http://localhost:8080"
_MARKETER = Principal("cost", "cost", frozenset({Role.MARKETER}))
_WARM = 50


def _rule(number: int) -> dict[str, Any]:
    """One of very many rules of three conditions; another number is another question."""
    spend = {"type": "condition", "id": "spend", "filter": "total_spend", "operator": ">=", "value": 10_000 + number}
    searched = {"type": "condition", "id": "searched", "filter": "search_region", "operator": ">=", "value": 1}
    women = {"type": "condition", "id": "women", "filter": "gender", "operator": "in", "value": ["female"]}
    return {"version": 1, "root": {"type": "all", "id": "all", "children": [spend, searched, women]}}


def _as_owner(api: ASGIApp) -> ASGIApp:
    async def owned(scope: Scope, receive: Receive, send: Send) -> None:
        await api({**scope, LOCAL: True}, receive, send)

    return owned


def _session(app: App) -> str:
    account = Account(
        id=_MARKETER.id, kind=AccountKind.LOCAL, name=_MARKETER.name, roles=_MARKETER.roles, created_at=app.now()
    )
    with app.store.unit(_MARKETER) as unit:
        if unit.accounts.find(account.id) is None:
            unit.accounts.add(account)
        unit.audit("account.create", account.id)
    return app.identity.sessions.begin(account, Origin(), how="measured").secret


async def _seconds(client: httpx.AsyncClient, number: int) -> float:
    began = perf_counter()
    answer = await client.post("/api/v1/count", json=_rule(number))
    took = perf_counter() - began
    assert answer.status_code == 200, answer.text
    return took


async def _turns(
    signed_in: httpx.AsyncClient, owner: httpx.AsyncClient, asked: Callable[[int], int], turns: int
) -> None:
    """Ask both in turns, each first every other time, and say what it took."""
    found: dict[str, list[float]] = {"signed in": [], "owner": []}
    clients = [("signed in", signed_in), ("owner", owner)]
    for turn in range(turns + _WARM):
        for place, (name, client) in enumerate(clients[:: 1 if turn % 2 else -1]):
            took = await _seconds(client, asked(2 * turn + place))
            if turn >= _WARM:
                found[name].append(took)
    _say(found)


def _say(found: dict[str, list[float]]) -> None:
    for name, took in found.items():
        print(f"  {name:10} median {median(took) * 1000:.3f} ms, mean {mean(took) * 1000:.3f} ms")
    signed_in, owner = found["signed in"], found["owner"]
    print(f"  signing in adds {median(signed_in) / median(owner) - 1:+.1%} to the median, {mean(signed_in) / mean(owner) - 1:+.1%} to the mean")  # fmt: skip


def _gate(app: App, secret: str, asked: int) -> None:
    gate, credentials = app.identity.gate, Credentials(secret, False, "127.0.0.1")
    believed: list[float] = []
    looked_up: list[float] = []
    for number in range(asked):
        if number % 100 == 0:
            gate.forget(_MARKETER.id)
        kept = looked_up if number % 100 == 0 else believed
        began = perf_counter()
        gate.principal(credentials)
        kept.append(perf_counter() - began)
    print(f"the gate: {median(believed) * 1e6:.1f} µs believed, {median(looked_up) * 1e6:.0f} µs looked up (every 2 s)")


async def _measured(app: App, turns: int) -> None:
    api, secret = create_api(app), _session(app)
    headers = {"Cookie": f"{app.identity.cookie}={secret}", "X-CSRF-Token": csrf_of(secret), "Origin": _HOST}
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=_HOST, headers=headers) as signed_in,
        httpx.AsyncClient(transport=httpx.ASGITransport(_as_owner(api)), base_url=_HOST) as owner,
    ):
        print(f"the same rule again and again, {turns} turns:")
        await _turns(signed_in, owner, lambda _: 0, turns)
        print(f"another rule each time, {turns} turns:")
        await _turns(signed_in, owner, lambda number: 1 + number, turns)
    _gate(app, secret, 20_000)


def main(words: Sequence[str] | None = None) -> None:
    """Measure over a data directory and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=1_000)
    given = parser.parse_args(words)
    app = open_app(read({}, data=given.data))
    try:
        counted = app.questions.counts(_MARKETER, ())
        print(f"{counted.base:,} users")
        asyncio.run(_measured(app, given.turns))
    finally:
        app.close()


if __name__ == "__main__":
    main()
