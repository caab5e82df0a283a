"""Events from being taken to being counted: nothing lost, nothing doubled, whatever comes and however often."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from audience_builder import intake
from audience_builder.catalog.dimensions import dimensions
from audience_builder.errors import ConflictError, FullError, InputError
from audience_builder.mart import streamed
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.tables import BEHAVIOR_DAILY
from audience_builder.stream.port import Message
from tests.apply.streams import NOW, SEAL, Flow, Json, blocks, flow, generated, visit

COLUMNS = (
    "user_id", "event", "at", "event_id", "product_line", "product_type", "place", "price", "device", "stay_mode",
    "check_in", "nights", "travel_party", "theme", "wished_on",
)  # fmt: skip
MAP = """
kind = "events"
name = "told"
says = "The same events as a file."
[columns]
""" + "\n".join(
    f'{name} = {{ column = "{name}", optional = true{", separator = " + chr(34) + "|" + chr(34) if name in ("travel_party", "theme") else ""} }}'
    for name in COLUMNS
)


def test_events_that_come_by_the_stream_mean_what_the_same_file_means(tmp_path: Path) -> None:
    events = generated(600, seed=5)
    with flow(tmp_path / "live") as live:
        for block in blocks(events, 90):
            assert live.take(*block).refused == 0
        live.applier.catch_up()
        told = cells(live.mart)
    (tmp_path / "told.toml").write_text(MAP, encoding="utf-8")
    mart = DuckDBMart(None, dimensions=dimensions())
    report = intake.import_files(
        mart, tmp_path / "told.toml", [written(tmp_path / "e.csv", events)], rejects_dir=tmp_path / "no"
    )
    assert report.rejected == 0
    assert cells(mart) == told
    mart.close()
    assert len(told) > 300


def written(file: Path, events: list[Json]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        for event in events:
            row = {name: "|".join(value) if isinstance(value, list) else value for name, value in event.items()}
            if row.pop("check_out", None):  # two days after check-in; a file says nights or check-out
                row["nights"] = 2
            writer.writerow({"event": row.pop("kind"), "event_id": row.pop("id"), **row})
    return file


def cells(mart: DuckDBMart) -> list[tuple[Any, ...]]:
    """What was done, summed, by the source's id of each user."""
    keys = [
        entry.name for entry in BEHAVIOR_DAILY.columns if entry.name not in ("user_no", "count", "first_at", "last_at")
    ]
    query = (
        f"SELECT n.user_id, {', '.join(f'b.{key}' for key in keys)}, SUM(b.count), MIN(b.first_at), MAX(b.last_at) "
        f"FROM behavior_daily AS b JOIN user_number AS n USING (user_no) GROUP BY ALL ORDER BY ALL"
    )
    with mart.cursor() as cursor:
        return cursor.execute(query).fetchall()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Flow]:
    with flow(tmp_path / "live") as found:
        yield found


def test_an_event_is_applied_and_its_user_told_as_changed(live: Flow) -> None:
    changed: list[Any] = []
    live.mart.on_change(lambda version, users: changed.append((version, users)))
    assert live.take(visit(1), visit(2)).accepted == 2
    live.applier.catch_up()
    assert live.counts() == (2, 2, 0, 0, 0)
    assert [(version, users.tolist()) for version, users in changed] == [(1, [0, 1])]
    assert live.mart.watermark == NOW


def test_the_same_event_counts_once_in_one_batch_in_another_and_after_a_restart(tmp_path: Path) -> None:
    with flow(tmp_path) as live:
        live.take(visit(1), visit(1), visit(2))
        live.applier.catch_up()
        live.take(visit(2), visit(3))
        live.applier.catch_up()
        assert live.counts() == (5, 3, 2, 0, 0)
    with flow(tmp_path) as again:
        version = again.mart.version
        again.take(visit(1), visit(3))
        again.applier.catch_up()
        assert again.counts() == (7, 3, 4, 0, 0)
        assert again.events_in_mart() == 3
        assert again.mart.version == version  # nothing changed, so nobody is told


def test_a_batch_whose_transaction_fails_is_applied_whole_the_next_time(
    live: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.take(visit(1), visit(2))
    with monkeypatch.context() as broken:
        broken.setattr(streamed, "keep_dead", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            live.applier.catch_up()
    assert live.counts() == (0, 0, 0, 0, 0)
    assert live.events_in_mart() == 0
    live.applier.catch_up()
    assert live.counts() == (2, 2, 0, 0, 0)


def test_who_applies_beside_somebody_else_is_refused(live: Flow) -> None:
    live.take(visit(1))
    live.applier.catch_up()
    with pytest.raises(ConflictError), live.mart.streamed() as tx:
        tx.advance("events", 0, (0, 1), streamed.Outcome(1, 1, 0, 0, 0), at=NOW)


def test_an_event_a_day_behind_is_kept_aside_and_counts_once_replayed(live: Flow) -> None:
    live.take(visit(1))
    live.applier.catch_up()
    edge, behind = NOW - timedelta(hours=24), NOW - timedelta(hours=24, seconds=1)
    live.take(visit(2, at=edge.isoformat()), visit(3, at=behind.isoformat()))
    live.applier.catch_up()
    assert live.counts() == (3, 2, 0, 1, 0)
    assert [(each.reason, each.replayed_at) for each in live.applier.dead_entries(10)] == [("late", None)]
    assert live.applier.replay("late") == 1
    live.applier.catch_up()
    assert live.counts() == (4, 3, 0, 1, 0)
    assert live.applier.replay("late") == 0
    assert live.applier.dead_entries(10)[0].replayed_at is not None


def test_an_erased_user_has_no_event_and_what_came_of_them_is_not_kept(live: Flow) -> None:
    live.take(visit(1, user_id="gone"), visit(2, user_id="here"))
    live.applier.catch_up()
    live.mart.erase("gone")
    live.take(visit(3, user_id="gone"), visit(4, user_id="here"))
    live.applier.catch_up()
    assert live.counts() == (4, 3, 0, 0, 1)
    assert [(each.reason, each.body) for each in live.applier.dead_entries(10)] == [("erased", "")]
    assert live.events_in_mart() == 2


def test_what_others_put_into_the_stream_is_looked_at_again_and_never_stops_it(live: Flow) -> None:
    good = (b'{"id":"g%d","user_id":"U1","kind":"session","at":"2026-11-22T11:00:00+09:00"}' % n for n in range(100))
    block = b"\n".join(line for pair in zip(POISON, good, strict=False) for line in pair)
    live.stream.append("events", [Message(None, block), Message(None, b""), Message(None, None)])
    live.applier.catch_up()
    assert live.counts() == (2 * len(POISON), len(POISON), 0, 0, len(POISON))
    reasons = {each.reason for each in live.applier.dead_entries(100)}
    assert reasons == {
        "not_json",
        "missing",
        "unknown_field",
        "wrong_value",
        "unknown_word",
        "future",
        "reversed_dates",
        "personal_data",
    }
    kept = {SEAL.open(each.place, each.body) for each in live.applier.dead_entries(100)}
    assert kept == {line.decode("utf-8", "backslashreplace") for line in POISON}
    assert not any("@" in each.body for each in live.applier.dead_entries(100))


_GOOD = '"id":"p","user_id":"U1","kind":"session","at":"2026-11-22T11:00:00+09:00"'
POISON = tuple(
    line if isinstance(line, bytes) else line.encode()
    for line in (
        "{", "}", "null", "[]", "7", '"text"', "{" + _GOOD, b"\xff\xfe{}", b'{"id":"\xed\xa0\x80"}', "[" * 5_000,
        '{"id":"' + "x" * 100_000 + '"}', '{"id":"p"}', "{" + _GOOD.replace("U1", "") + "}", "{" + _GOOD + ',"price":NaN}',
        "{" + _GOOD + ',"price":-1}', "{" + _GOOD + ',"price":1.5}', "{" + _GOOD + ',"price":"1"}', "{" + _GOOD + ',"nights":-1}',
        "{" + _GOOD + ',"nights":99999999999999999999}', "{" + _GOOD + ',"theme":"pool"}', "{" + _GOOD + ',"theme":["moon"]}',
        "{" + _GOOD + ',"place":"atlantis"}', "{" + _GOOD.replace("session", "explode") + "}", "{" + _GOOD + ',"email":"a@b.kr"}',
        "{" + _GOOD.replace("U1", "a@b.kr") + "}", "{" + _GOOD.replace("U1", "01012345678") + "}",
        "{" + _GOOD.replace("+09:00", "") + "}", "{" + _GOOD.replace("2026-11-22T11", "2026-11-23T11") + "}",
        "{" + _GOOD.replace("2026", "0001") + "}", "{" + _GOOD + ',"check_in":"2026-13-01"}',
        "{" + _GOOD + ',"check_in":"2026-12-02","check_out":"2026-12-01"}', "{" + _GOOD.replace("session", "wish_removed") + "}",
        "{" + _GOOD.replace("session", "wish_removed") + ',"wished_on":"2026-11-23"}', "{" + _GOOD + ',"at":[]}',
    )
)  # fmt: skip
"""Thirty-odd ways an event can be wrong."""


def test_the_sender_hears_what_is_wrong_and_where_but_never_what_stood_there(live: Flow) -> None:
    taken = live.take(*(line for line in POISON if b"\n" not in line))
    assert (taken.accepted, taken.refused) == (0, len(POISON))
    assert [each.line for each in taken.named] == list(range(1, len(POISON) + 1))
    assert "a@b.kr" not in str(taken)
    assert live.stream.extents("events")[0].end == 0


def test_one_event_or_a_list_of_them_may_be_one_json_value(live: Flow) -> None:
    one = b'{"id":"1","user_id":"U1","kind":"view",\n "at":"2026-11-22T11:00:00+09:00"}'
    assert live.collector.take(one, "application/json").accepted == 1
    assert live.collector.take(b"[" + one.replace(b'"1"', b'"2"') + b", {}]", "application/json").refused == 1
    assert live.collector.take(b" [] ", "application/json").accepted == 0
    with pytest.raises(InputError):
        live.collector.take(b"{", "application/json")
    live.applier.catch_up()
    assert live.counts() == (2, 2, 0, 0, 0)


def test_no_more_is_taken_than_may_wait(tmp_path: Path) -> None:
    with flow(tmp_path, most_waiting=2) as live:
        for number in range(3):
            live.take(visit(number))
        with pytest.raises(FullError) as full:
            live.take(visit(3))
        assert full.value.retry_seconds
        live.applier.catch_up()
        assert live.take(visit(3)).accepted == 1


def test_what_is_applied_is_cut_and_old_events_are_forgotten(live: Flow) -> None:
    live.stream.append("events", [Message(None, b"")] * 1_010)
    live.applier.catch_up()
    live.take(visit(1, at=(NOW - timedelta(hours=30)).isoformat()), visit(2))
    live.applier.catch_up()
    live.applier.tidy()
    held = live.stream.extents("events")[0]
    assert held.end - held.first == 1_000
    with live.mart.cursor() as cursor:
        assert cursor.execute("SELECT COUNT(*) FROM seen_event").fetchone() == (1,)
    live.take(visit(2))
    live.applier.catch_up()
    assert live.counts() == (3, 2, 1, 0, 0)


def test_deliveries_in_any_order_and_any_number_come_to_one_mart(tmp_path: Path) -> None:
    events = generated(60, seed=9)
    users = [{"id": f"first-{n}", "user_id": f"U{n}", "kind": "session", "at": NOW.isoformat()} for n in range(12)]
    expected: list[tuple[Any, ...]] | None = None
    for seed in range(40):
        dice = Random(seed)
        sent = [*events, *dice.choices(events, k=dice.randrange(60))]
        dice.shuffle(sent)
        with flow(tmp_path / str(seed)) as live:
            live.take(*users)
            for block in blocks(sent, dice.randrange(1, 70)):
                live.take(*block)
                if dice.random() < 0.5:
                    live.applier.catch_up()
            live.applier.catch_up()
            received, applied, duplicate, late, dead = live.counts()
            assert (received, applied, late, dead) == (len(sent) + 12, 72, 0, 0)
            assert duplicate == received - applied
            expected = expected or cells(live.mart)
            assert cells(live.mart) == expected


def test_a_thread_applies_what_comes_and_says_what_stands_in_its_way(
    live: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.apply.waiting import until

    live.applier.start()
    live.take(visit(1))
    until(lambda: live.counts()[1] == 1)
    with monkeypatch.context() as broken:
        broken.setattr(streamed, "keep_dead", lambda *_: 1 / 0)
        live.take(visit(2))
        until(lambda: live.applier.lags()[0].problem == "unexpected: ZeroDivisionError")
        assert live.applier.lags()[0].in_flight == 1
        assert live.applier.lags()[0].oldest_waiting_at is not None
    until(lambda: live.counts()[1] == 2 and not live.applier.lags()[0].problem)
