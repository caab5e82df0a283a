"""The live connection: rules in, exact numbers out, and again whenever the data moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from audience_builder.access import Principal, Role
from audience_builder.api import App, SampleWish
from audience_builder.api.http import bare_api
from audience_builder.api.live.messages import MOST_DOCS
from audience_builder.engine.port import Count
from audience_builder.rule.tree import Rule
from tests.api.client import Client, as_principal
from tests.api.served import Live, live, served
from tests.audience.small import GOLD, SEEN, WOMEN, opened, rule_json

RULE, OTHER = rule_json(WOMEN, GOLD), rule_json(WOMEN, SEEN)
COUNTED = ("count", "base", "nodes", "thresholds", "mart_version", "fresh_as_of")


@pytest.fixture(scope="module")
def port(shared: App) -> Iterator[int]:
    with served(shared) as found:
        yield found


@pytest.fixture
def client(port: int) -> Iterator[Live]:
    with live(port) as found:
        yield found


def test_the_first_message_says_what_is_spoken_here(client: Live, shared: App) -> None:
    assert client.hear() == {
        "t": "hello", "protocol": 1, "mart_version": shared.version(), "most_docs": MOST_DOCS, "ping_seconds": 20.0,
    }  # fmt: skip


@pytest.mark.parametrize("rule", [RULE, OTHER, rule_json(WOMEN, kind="any")])
def test_the_answer_is_the_one_that_a_post_gets(client: Live, api: Client, rule: dict[str, Any]) -> None:
    client.ask("d", 1, rule)
    said, posted = client.hear_of("count"), api.post("/count", rule).json()
    assert {key: said[key] for key in COUNTED} == {key: posted[key] for key in COUNTED}
    assert (said["doc"], said["rev"]) == ("d", 1)


def test_facets_are_those_that_a_post_gets(client: Live, api: Client) -> None:
    client.ask("d", 1, RULE, "facets:age,gender")
    said = client.hear_of("facets")["facets"]
    posted = api.post("/facets", {"rule": RULE, "filters": ["age", "gender"]}).json()["facets"]
    assert said == {
        facet["filter"]: [{key: line[key] for key in ("key", "count", "base")} for line in facet["lines"]]
        for facet in posted
    }
    client.ask("d", 2, RULE, "facets")
    assert len(client.hear_of("facets", rev=2)["facets"]) == 32


def test_only_what_is_wanted_is_told(client: Live) -> None:
    client.ask("d", 1, RULE, "total")
    assert client.hear_of("count")["nodes"] == {}


def test_a_moment_of_the_past_can_be_asked_about(client: Live, api: Client) -> None:
    client.ask("d", 1, RULE, as_of="2026-10-01")
    posted = api.post("/count", {"rule": RULE, "as_of": "2026-10-01"}).json()
    said = client.hear_of("count")
    assert (said["count"], datetime.fromisoformat(said["as_of"])) == (
        posted["count"],
        datetime.fromisoformat(posted["as_of"]),
    )


def test_a_wrong_rule_is_told_with_every_place(client: Live, api: Client) -> None:
    wrong = rule_json({**WOMEN, "filter": "gendr"}, {**GOLD, "value": "golden"})
    client.ask("d", 3, wrong)
    said = client.hear_of("problem")
    assert (said["doc"], said["rev"]) == ("d", 3)
    assert said["problem"] == api.post("/count", wrong).json()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "json_invalid"),
        ("[]", "request_invalid"),
        ('{"t": "eval"}', "request_invalid"),
        ('{"t": "dance"}', "request_invalid"),
        ('{"t": "eval", "doc": "d", "rev": -1, "rule": {}}', "request_invalid"),
        ('{"t": "eval", "doc": "d", "rev": 1, "rule": {}, "want": ["everything"]}', "request_invalid"),
    ],
)
def test_what_is_no_message_is_told_and_the_connection_stays(client: Live, text: str, code: str) -> None:
    client.connection.send(text)
    said = client.hear_of("problem")
    assert (said["doc"], said["problem"]["code"]) == ("", code)
    client.ask("d", 1, RULE)
    assert client.hear_of("count")["rev"] == 1


def test_a_ping_is_answered(client: Live) -> None:
    client.say(t="ping")
    assert client.hear_of("pong") == {"t": "pong"}


def test_one_connection_counts_a_few_rules_at_once_and_a_closed_one_makes_room(client: Live) -> None:
    for number in range(MOST_DOCS):
        client.ask(f"d{number}", 1, RULE)
        client.hear_of("count", doc=f"d{number}")
    client.ask("more", 1, RULE)
    assert client.hear_of("problem")["problem"]["code"] == "busy"
    client.say(t="close", doc="d0")
    client.ask("more", 2, RULE)
    assert client.hear_of("count", doc="more")["rev"] == 2


def test_a_message_too_large_ends_the_connection(client: Live) -> None:
    client.connection.send(" " * 400_000)
    with pytest.raises(ConnectionClosed) as closed:
        client.hear_of("count")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize("words", [{"Origin": "http://evil.example"}, {"host": "evil.example"}])
def test_another_site_cannot_connect(port: int, words: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused, live(port, **words):
        pass
    assert refused.value.response.status_code == 403


def test_who_may_not_build_rules_cannot_connect(shared: App) -> None:
    viewer = Principal("vi", "Vi", frozenset({Role.VIEWER}))
    with served(as_principal(shared, viewer)) as port, live(port) as client, pytest.raises(ConnectionClosed) as closed:
        client.hear()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4403, "denied")
    with shared.store.unit(viewer) as unit:
        (entry,) = unit.trail.newest(1)
    assert (entry.action, entry.object) == ("denied", "WEBSOCKET /api/v1/live")


def test_the_messages_are_in_the_documentation() -> None:
    schemas = bare_api().openapi()["components"]["schemas"]
    said = {ref["$ref"].rpartition("/")[2] for ref in schemas["LiveOut"]["oneOf"]}
    assert {"CountSaid", "FacetsSaid", "MovedSaid", "ProblemSaid"} <= said <= set(schemas)
    assert {ref["$ref"].rpartition("/")[2] for ref in schemas["LiveIn"]["oneOf"]} == {
        "Eval", "Close", "Follow", "Unfollow", "Ping",
    }  # fmt: skip


# --- the newest wins ------------------------------------------------------------------------------------------------------


class Gate:
    """Questions that wait until they are let through, and remember what they were asked."""

    def __init__(self, app: App) -> None:
        self._questions = app.questions
        self.open = Event()
        self.begun = Event()
        self.asked: list[str] = []

    def count(self, principal: Principal, rule: Rule, *, as_of: datetime) -> Count:
        self.asked.append(rule.root.id)
        self.begun.set()
        assert self.open.wait(20)
        return self._questions.count(principal, rule, as_of=as_of)

    def facets(self, *words: Any, **more: Any) -> Any:
        self.asked.append("facets")
        return self._questions.facets(*words, **more)


def named(name: str) -> dict[str, Any]:
    return {"version": 1, "root": {**WOMEN, "id": name}}


def test_the_newest_wins_and_what_it_overtook_is_not_worked_out(shared: App) -> None:
    gate = Gate(shared)
    with served(replace(shared, questions=gate, workers=1)) as port, live(port) as client:  # type: ignore[arg-type]
        client.ask("d", 1, named("first"), "total", "nodes", "facets")
        assert gate.begun.wait(20)
        for rev in range(2, 30):
            client.ask("d", rev, named(f"n{rev}"))
        client.ask("d", 5, named("late"))
        client.say(t="ping")
        client.hear_of("pong")  # all of it was read
        gate.open.set()
        said = client.hear_of("count")
        assert (said["rev"], list(said["nodes"])) == (29, ["n29"])
    assert gate.asked == ["first", "n29"]


def test_who_edits_goes_before_all_that_only_follow_the_data_even_if_it_was_to_follow_too(shared: App) -> None:
    gate, moves = Gate(shared), list[Callable[[], None]]()

    def on_change(told: Callable[[], None]) -> Callable[[], None]:
        moves.append(told)
        return lambda: moves.remove(told)

    app = replace(shared, questions=gate, workers=1, on_change=on_change)  # type: ignore[arg-type]
    gate.open.set()
    with served(app) as port, live(port) as client:
        for doc in ("a", "b", "c"):
            client.ask(doc, 1, named(doc))
            client.hear_of("count", doc=doc)
        gate.open.clear()
        gate.begun.clear()
        moves[0]()
        assert gate.begun.wait(20)  # one is being counted again, two wait
        client.ask("c", 2, named("edited"))
        client.say(t="ping")
        client.hear_of("pong")
        gate.open.set()
        client.hear_of("count", doc="b")
    assert gate.asked == ["a", "b", "c", "a", "edited", "b"]


def test_a_closed_document_is_told_nothing_more(shared: App) -> None:
    gate = Gate(shared)
    with served(replace(shared, questions=gate, workers=1)) as port, live(port) as client:  # type: ignore[arg-type]
        client.ask("d", 1, named("first"))
        assert gate.begun.wait(20)
        client.say(t="close", doc="d")
        client.say(t="ping")
        client.hear_of("pong")
        gate.open.set()
        client.ask("other", 1, named("other"))
        assert client.hear_of("count")["doc"] == "other"


def test_a_mistake_of_ours_is_told_in_a_sentence(shared: App, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def count(self, *words: Any, **more: Any) -> Count:
            raise ZeroDivisionError("inside")

    with served(replace(shared, questions=Broken())) as port, live(port) as client:  # type: ignore[arg-type]
        client.ask("d", 1, RULE)
        said = client.hear_of("problem")
    assert (said["problem"]["code"], "inside" in json.dumps(said)) == ("unexpected", False)
    assert "could not be counted" in caplog.text


# --- the data moves, the server restarts ----------------------------------------------------------------------------------


def test_every_open_document_is_told_anew_when_the_data_moves(tmp_path: Path) -> None:
    app = opened(tmp_path / "data")
    wish = SampleWish(users=200, days=30, seed=1)
    with served(app) as port, live(port) as client:
        client.ask("d", 1, named("women"))
        assert client.hear_of("problem")["problem"]["code"] == "not_found"
        app.loading.sample(app.principal, wish, lambda *_: None)
        assert client.hear_of("moved")["mart_version"] == app.version()
        said = client.hear_of("count")
        assert said["rev"] == 1
        assert said["mart_version"] == app.version()
        assert 0 < said["count"] < said["base"] <= 200
    app.close()


def test_after_a_restart_a_client_asks_again_and_is_told_the_same(shared: App) -> None:
    with served(shared) as port:
        with live(port) as client:
            client.ask("d", 7, RULE)
            before = client.hear_of("count")
        connected = live(port)
        client = connected.__enter__()
    with pytest.raises(ConnectionClosed) as closed:
        client.hear_of("count")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    connected.__exit__(None, None, None)
    with served(shared, port=port), live(port) as client:
        client.ask("d", 7, RULE)
        assert client.hear_of("count")["nodes"] == before["nodes"]
