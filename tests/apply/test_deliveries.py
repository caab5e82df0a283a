"""Many deliveries of the same, each to people of its own in one mart: whatever order and however often, what is said of them is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import orjson
import pytest

from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.stream.port import Message
from tests.apply.streams import flow, generated
from tests.apply.test_behavior import cells
from tests.apply.test_operations import Json, Shop, delivered, history

FEW, MANY = 200, 10_000
_AT_ONCE = 100
_WIDTH = 6
T = TypeVar("T")

counts = pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.laws)])


def named(group: int) -> str:
    return f"{group:05d}."


def merged(dice: Random, each: Sequence[Sequence[T]]) -> list[T]:
    """All of them in one row, each in its own order."""
    turns = [number for number, some in enumerate(each) for _ in some]
    dice.shuffle(turns)
    iterators = [iter(some) for some in each]
    return [next(iterators[number]) for number in turns]


def cut(dice: Random, sent: Sequence[T]) -> Iterator[Sequence[T]]:
    first = 0
    while first < len(sent):
        size = dice.choice((1, 7, 100, 1_000, 3_000))
        yield sent[first : first + size]
        first += size


def hashes(tables: Sequence[Sequence[tuple[Any, ...]]], *, keys: int = 1) -> dict[str, str]:
    """What is said of each group, as a hash; the first `keys` columns name the group."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, rows in enumerate(tables):
        for row in rows:
            own = [value[_WIDTH:] if isinstance(value, str) else value for value in row[:keys]]
            found[row[0][:_WIDTH]].append(repr((number, *own, *row[keys:])))
    return {group: sha256("\n".join(sorted(rows)).encode()).hexdigest() for group, rows in found.items()}


@counts
def test_events_delivered_in_any_order_and_any_number_come_to_one_state(tmp_path: Path, times: int) -> None:
    events, dice, sent_in_all = generated(60, seed=9), Random(times), 0
    with flow(tmp_path / "live", most_waiting=1_000_000) as live:
        for first in range(0, times, _AT_ONCE):
            groups = [[of_group(each, group) for each in events] for group in range(first, first + _AT_ONCE)]
            each_sent = [[*group, *dice.choices(group, k=dice.randrange(60))] for group in groups]
            for sent in each_sent:
                dice.shuffle(sent)
            for block in cut(dice, merged(dice, each_sent)):
                sent_in_all += len(block)
                live.take(*block)
                if dice.random() < 0.5:
                    live.applier.catch_up()
        live.applier.catch_up()
        assert live.counts() == (sent_in_all, 60 * times, sent_in_all - 60 * times, 0, 0)
        found = hashes([cells(live.mart)])
    assert len(found) == times
    assert len(set(found.values())) == 1


def of_group(event: Json, group: int) -> Json:
    return {**event, "id": named(group) + event["id"], "user_id": named(group) + event["user_id"]}


@counts
def test_operational_rows_delivered_in_any_order_and_any_number_come_to_one_state(tmp_path: Path, times: int) -> None:
    dice = Random(times)
    told = max((history(Random(seed)) for seed in range(20)), key=len)
    shop = Shop(tmp_path)
    for first in range(0, times, _AT_ONCE):
        each_sent = [
            [of_shop(message, group) for message in delivered(dice, told)] for group in range(first, first + _AT_ONCE)
        ]
        for block in cut(dice, merged(dice, each_sent)):
            shop.tell(*block)
    assert shop.reasons() == []
    found = hashes(said(shop.mart), keys=2)
    shop.close()
    assert len(found) == times
    assert len(set(found.values())) == 1


def of_shop(message: Message, group: int) -> Message:
    """The same message of the shop of that number."""
    key = renamed(orjson.loads(message.key or b"{}"), group)
    if message.value is None:
        return Message(orjson.dumps(key), None)
    value = orjson.loads(message.value)
    row = None if value["after"] is None else renamed(value["after"], group)
    return Message(orjson.dumps(key), orjson.dumps({**value, "after": row}))


def renamed(row: Json, group: int) -> Json:
    names = {name: named(group) + row[name] for name in ("user_id", "booking_id") if name in row}
    numbers = {"wish_id": 1_000 * group + row["wish_id"]} if "wish_id" in row else {}
    return {**row, **names, **numbers}


def said(mart: DuckDBMart) -> list[list[tuple[Any, ...]]]:
    """Everything the mart says of anybody; the first two columns hold the group's name."""
    asked = (
        "SELECT user_id, user_id, t.* EXCLUDE (user_no) FROM user_profile AS t JOIN user_number USING (user_no)",
        "SELECT user_id, booking_id, t.* EXCLUDE (user_no, booking_id) FROM booking_now AS t JOIN user_number USING (user_no)",
        "SELECT user_id, user_id, t.* EXCLUDE (user_no) FROM behavior_daily AS t JOIN user_number USING (user_no)",
    )
    with mart.cursor() as cursor:
        return [cursor.execute(query).fetchall() for query in asked]
