"""Events over HTTP, from being sent to being counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audience_builder.api.guard import MOST_BYTES
from audience_builder.apply.collector import MOST_BYTES as BATCH_BYTES
from tests.api.client import asking
from tests.audience.small import NOW, copied, opened, rule_json

LINES = {"Content-Type": "application/x-ndjson"}
JEJU_TODAY = rule_json(
    {
        "type": "condition", "id": "jeju", "filter": "search_region", "operator": ">=", "value": 1,
        "window": {"type": "last", "n": 1, "unit": "day"}, "properties": {"region": ["jeju"]},
    }
)  # fmt: skip


def search(number: int, user: str, **more: Any) -> bytes:
    said = {"id": f"s{number}", "user_id": user, "kind": "search", "at": NOW.isoformat(), "place": "jeju", **more}
    return json.dumps(said).encode()


def test_a_search_moves_the_count_and_says_who_was_refused_and_why(tmp_path: Path) -> None:
    app = opened(copied(tmp_path / "data"))
    with asking(app) as client:
        before = client.post("/count", JEJU_TODAY).json()
        others = [f"U{number:010d}" for number in range(1, 201)]
        body = b"\n".join([*(search(n, user) for n, user in enumerate(others)), search(0, others[0]), b"oh"])
        answer = client.request("POST", "/events", content=body, headers=LINES)
        assert answer.status_code == 200, answer.text
        assert answer.json() == {
            "accepted": len(others) + 1,
            "refused": 1,
            "problems": [
                {
                    "line": len(others) + 2,
                    "code": "not_json",
                    "field": "",
                    "fix": "Send one JSON object a line, in UTF-8.",
                }
            ],
        }
        source = client.get("/pipeline").json()["sources"][0]
        after = client.post("/count", JEJU_TODAY).json()
    assert (source["received"], source["applied"], source["duplicate"]) == (len(others) + 1, len(others), 1)
    assert source["in_flight"] == 0
    assert before["count"] < after["count"] <= before["count"] + len(others)
    assert after["mart_version"] == before["mart_version"] + 1
    app.close()


def test_events_are_taken_by_the_batch_and_no_larger(tmp_path: Path) -> None:
    app = opened(copied(tmp_path / "data"))
    with asking(app) as client:
        many = b"\n".join(search(n, "U0000000001") for n in range(MOST_BYTES // 100))
        assert MOST_BYTES < len(many) < BATCH_BYTES
        assert client.request("POST", "/events", content=many, headers=LINES).json()["refused"] == 0
        answer = client.request("POST", "/events", content=b" " * (BATCH_BYTES + 1), headers=LINES)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
        answer = client.request("POST", "/events", content=b"id=1", headers={"Content-Type": "text/plain"})
        assert (answer.status_code, answer.json()["code"]) == (400, "input_invalid")
    app.close()


def test_where_too_much_waits_the_sender_is_told_when_to_come_again(tmp_path: Path) -> None:
    app = opened(copied(tmp_path / "data"), stream_blocks=1)
    with asking(app) as client:
        app.collector._waiting = lambda: 2  # as if the applier stood still
        answer = client.request("POST", "/events", content=search(1, "U0000000001"), headers=LINES)
    assert (answer.status_code, answer.json()["code"]) == (429, "full")
    assert int(answer.headers["Retry-After"]) > 0
    app.close()
