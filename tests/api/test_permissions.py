"""Every endpoint declares a permission, and lets exactly those in who have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Response, WebSocket
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from audience_builder.access import GRANTS, Principal, Role
from audience_builder.api import App
from audience_builder.api.http import bare_api
from audience_builder.api.pages import SCREENS
from audience_builder.api.permission import Permitted
from audience_builder.store import Outcome
from tests.api.client import as_principal, asking
from tests.audience.small import WOMEN_OR_GOLD


def declared(dependant: Dependant) -> list[Permitted]:
    own = [dependant.call] if isinstance(dependant.call, Permitted) else []
    return own + [found for each in dependant.dependencies for found in declared(each)]


def flat(routes: Iterable[object]) -> Iterator[object]:
    """Every route, those of included routers too."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from flat(included.routes)


ROUTES = tuple(flat(bare_api().routes))


def endpoints() -> list[tuple[str, str, Permitted]]:
    return [
        (method, route.path, declared(route.dependant)[0])
        for route in ROUTES
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ] + [
        ("WEBSOCKET", route.path, declared(route.dependant)[0])
        for route in ROUTES
        if isinstance(route, APIWebSocketRoute)
    ]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: getattr(route, "path", "?"))
def test_every_endpoint_declares_one_permission(route: object) -> None:
    assert is_declared(route), f"{getattr(route, 'path', route)} is served without a permission of its own"


def is_declared(route: object) -> bool:
    return isinstance(route, APIRoute | APIWebSocketRoute) and len(declared(route.dependant)) == 1


def test_an_endpoint_without_a_permission_would_be_found() -> None:
    forgetful, outer, api = APIRouter(), APIRouter(), bare_api()
    forgetful.add_api_route("/forgotten", lambda: "everything", methods=["GET"])
    forgetful.add_api_websocket_route("/forgotten/live", forgotten_live)
    outer.include_router(forgetful, prefix="/below")
    api.include_router(outer)
    api.mount("/mounted", FastAPI())
    api.add_route("/plain", lambda request: Response())
    found = {getattr(route, "path", "") for route in flat(api.routes) if not is_declared(route)}
    assert {path.removeprefix("/below") for path in found} == {"/forgotten", "/forgotten/live", "/mounted", "/plain"}


async def forgotten_live(websocket: WebSocket) -> None:
    await websocket.accept()


def test_no_endpoint_is_overlooked() -> None:
    described = {
        (method.upper(), path) for path, methods in bare_api().openapi()["paths"].items() for method in methods
    }
    assert described < {(method, path) for method, path, _ in endpoints()}


def test_only_loading_is_for_this_machine_alone() -> None:
    local = {path for _, path, permitted in endpoints() if permitted.only_local}
    assert local == {"/api/v1/samples", "/api/v1/imports", "/api/v1/contacts/imports", "/api/v1/rejects"}


BODIES: dict[str, Any] = {
    "/api/v1/rule/validate": {"rule": WOMEN_OR_GOLD},
    "/api/v1/count": WOMEN_OR_GOLD,
    "/api/v1/facets": {"filters": ["gender"]},
    "/api/v1/counts": {"rules": [WOMEN_OR_GOLD]},
    "/api/v1/narrowing": WOMEN_OR_GOLD,
    "/api/v1/relax": WOMEN_OR_GOLD,
    "/api/v1/reach": {},
    "/api/v1/sample": WOMEN_OR_GOLD,
    "/api/v1/windows": {"windows": [{"type": "ever"}]},
    "/api/v1/members": WOMEN_OR_GOLD,
    "/api/v1/why": {"rule": WOMEN_OR_GOLD, "user_id": "nobody"},
    "/api/v1/dead-letters/replay": {"reason": "late"},
    "/api/v1/audiences": {"name": "a", "rule": WOMEN_OR_GOLD},
    "/api/v1/audiences/{audience}": {"rule": WOMEN_OR_GOLD, "expected_version": 1},
    "/api/v1/audiences/{audience}/export": {"purpose": "p"},
    "/api/v1/audiences/overlap": {"audiences": ["a", "b"]},
    "/api/v1/rule/diff": {"before": WOMEN_OR_GOLD, "after": WOMEN_OR_GOLD},
    "/api/v1/exports": {"purpose": "p", "rule": WOMEN_OR_GOLD},
    "/api/v1/me/proof": {"password": "p"},
    "/api/v1/me/password": {"old": "p", "new": "q"},
    "/api/v1/browser-keys": {"label": "shop", "origins": ["https://www.example.com"]},
    "/api/v1/tokens": {"label": "l", "permissions": ["signed_in"]},
    "/api/v1/accounts": {"id": "someone", "roles": ["viewer"]},
    "/api/v1/accounts/{account}/roles": {"roles": ["viewer"]},
    "/api/v1/samples": {"users": 1},
    "/api/v1/imports": {"map": "m", "files": ["f"]},
    "/api/v1/contacts/masked": {"user_ids": ["nobody"]},
    "/api/v1/contacts/unmask": {"user_id": "nobody", "reason": "a test of rights"},
    "/api/v1/contacts/look-up": {"by": "phone", "value": "010-0000-0000", "reason": "a test of rights"},
    "/api/v1/contacts/imports": {"files": ["f"]},
    "/api/v1/users/erase": {"user_id": "nobody", "reason": "a test of rights"},
    "/api/v1/keys/rotate": {},
    "/api/v1/rejects": {"file": "f"},
}


class Nobody(dict[str, str]):
    """Fills every place of a path with a name that is nobody's."""

    def __missing__(self, key: str) -> str:
        return "nobody"


@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_exactly_what_it_is_granted(shared: App, role: Role) -> None:
    principal = Principal(f"the {role}", role, frozenset({role}))
    with asking(as_principal(shared, principal), local=True) as client:
        for method, path, permitted in endpoints():
            if method == "WEBSOCKET":
                continue  # the matrix shakes its hand
            body = None if method == "GET" else BODIES.get(path, {})
            where = path.format_map(Nobody())
            answer = client.page(where) if path in SCREENS else client.request(method, where, json=body)
            refused = answer.status_code == 403
            assert refused is (permitted.permission not in GRANTS[role]), (method, path, answer.text)


def test_what_is_denied_is_noted_in_the_audit_trail(shared: App) -> None:
    viewer = Principal("vi", "Vi", frozenset({Role.VIEWER}))
    with asking(as_principal(shared, viewer)) as client:
        answer = client.post("/audiences/some/export", {"purpose": "p"})
    assert answer.status_code == 403
    assert "marketer" in answer.json()["fix"]
    with shared.store.unit(viewer) as unit:
        (entry,) = unit.trail.newest(1)
    assert (entry.principal, entry.outcome, entry.action) == ("vi", Outcome.DENIED, "denied")
    assert entry.object == "POST /api/v1/audiences/{audience}/export"


def test_loading_is_refused_when_it_comes_by_network(shared: App) -> None:
    with asking(shared, local=False) as client:
        for path in ("/samples", "/imports", "/contacts/imports"):
            answer = client.post(path, BODIES[f"/api/v1{path}"])
            assert (answer.status_code, answer.json()["code"]) == (403, "denied")
