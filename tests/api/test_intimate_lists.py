"""Lists drawn by stays that tell of somebody's private life leave only with the data protection officer's approval."""

from __future__ import annotations

from typing import Any

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from tests.api.client import as_principal, asking


def stays(**properties: list[str]) -> dict[str, Any]:
    condition = {
        "type": "condition",
        "id": "c",
        "filter": "booking_count",
        "operator": ">=",
        "value": 1,
        "properties": properties,
    }
    return {"version": 1, "root": condition}


@pytest.mark.parametrize(
    ("properties", "waits"),
    [
        ({"stay_type": ["hotel"]}, False),
        ({"stay_type": ["motel"]}, False),
        ({"stay_type": ["hotel"], "travel_party": ["couple"]}, False),
        ({"stay_mode": ["overnight"]}, False),
        ({"stay_mode": ["day_use"]}, True),
        ({"stay_type": ["motel"], "travel_party": ["couple"]}, True),
        ({"stay_type": ["motel"], "stay_mode": ["day_use"]}, True),
    ],
)
def test_a_list_drawn_by_intimate_stays_waits_for_the_data_protection_officer(
    own_app: App, properties: dict[str, list[str]], waits: bool
) -> None:
    with asking(as_principal(own_app, _who(Role.MARKETER)), local=True) as client:
        job = client.post("/exports", {"rule": stays(**properties), "purpose": "p"}).json()
        assert (job["state"] == "requested") is waits, job
    if not waits:
        return
    for role, status in ((Role.APPROVER, 403), (Role.DPO, 200)):
        with asking(as_principal(own_app, _who(role)), local=True) as client:
            answer = client.post(f"/exports/{job['id']}/approve")
            assert answer.status_code == status, answer.text


def _who(role: Role) -> Principal:
    return Principal(f"the {role}", str(role), frozenset({role}))
