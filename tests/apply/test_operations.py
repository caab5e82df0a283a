"""Captured rows from the database's log to what the mart says: the same whatever order they come in, and however often."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Timer
from typing import Any

import pytest

from audience_builder.apply.applier import Applier
from audience_builder.apply.change import UNAVAILABLE
from audience_builder.apply.operations import TOPIC, Operations
from audience_builder.catalog.dimensions import dimensions
from audience_builder.intake.vocabulary import vocabulary
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.tables import Status
from audience_builder.stream.port import Message
from audience_builder.stream.sqlite import SqliteStream
from tests.apply.streams import NOW, SEAL

Json = dict[str, Any]
BEGAN = NOW - timedelta(days=30)
USER: Json = {"user_id": "U1", "status": None, "born_on": "1990-05-01Z", "gender": "female", "tier": "gold", "home_place": "seoul",
              "life_stage": None, "signed_up_at": "2026-01-02T03:04:05.000000Z", "email": "someone@example.com"}  # fmt: skip
BOOKED: Json = {"booking_id": "B1", "user_id": "U1", "product_line": "domestic_stay", "product_type": "hotel", "place": "jeju",
                "booked_at": "2026-11-01T00:00:00.000000Z", "paid_at": "2026-11-01T00:01:00.000000Z", "check_in": "2026-12-24Z",
                "check_out": "2026-12-26Z", "paid": "300000.00", "travel_party": ["couple"], "no_show": False}  # fmt: skip
CONSENT: Json = {"user_id": "U1", "channel": "push", "granted_at": "2026-02-01T00:00:00.000000Z"}
WISH: Json = {
    "wish_id": 7,
    "user_id": "U1",
    "product_line": "domestic_stay",
    "place": "jeju",
    "wished_at": "2026-11-02T00:00:00.000000Z",
}
KEYS = {
    "users": ("user_id",),
    "bookings": ("booking_id",),
    "consents": ("user_id", "channel"),
    "wishlists": ("wish_id",),
}


def change(
    table: str, place: int, row: Json | None, *, key: Json | None = None, op: str = "", old: Json | None = None
) -> Message:
    """A change as Debezium tells it, committed `place` minutes after the beginning."""
    of = key if key is not None else {name: (row or old or {})[name] for name in KEYS[table]}
    at = int((BEGAN + timedelta(minutes=place)).timestamp() * 1000)
    source = {"table": table, "lsn": place, "ts_ms": at, "snapshot": "false"}
    value = {"before": None, "after": row, "source": source, "op": op or ("d" if row is None else "u"), "ts_ms": at}
    return Message(json.dumps(of).encode() if op != "t" else None, json.dumps(value).encode())


def gone(table: str, place: int, key: Json) -> list[Message]:
    """A deletion, and the tombstone behind it."""
    told = change(table, place, None, key=key)
    return [told, Message(told.key, None)]


class Shop:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.mart = DuckDBMart(folder / "mart.duckdb", dimensions=dimensions(), now=lambda: NOW, id_key=b"k" * 32)
        self.stream = SqliteStream(folder / "stream.sqlite", now=lambda: NOW)
        self.applier = Applier(self.stream, self.mart, [Operations()], seal=SEAL, now=lambda: NOW)

    def tell(self, *messages: Message) -> Shop:
        self.stream.append(TOPIC, messages)
        self.applier.catch_up()
        place = self.applier.lags()[0].place
        assert place.received == place.applied + place.duplicate + place.late + place.dead
        return self

    def reasons(self) -> list[str]:
        return sorted(each.reason for each in self.applier.dead_entries(100))

    def rows(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        with self.mart.cursor() as cursor:
            query = f"SELECT {columns} FROM {table} JOIN user_number USING (user_no) ORDER BY ALL"
            return cursor.execute(query).fetchall()

    def said(self) -> list[Any]:
        """Everything the mart says of anybody, whatever number they have."""
        profile = ", ".join(
            ("user_id", "valid_from", "valid_to", "status", "tier", "gender", "signed_up_at", "push_at", "email_at")
        )
        booking = "user_id, booking_id, source_version, deleted, place, price_band, paid_krw, refunded_krw, cancelled_at, check_in"
        event = "user_id, day, kind, place, wished_on, count, first_at"
        return [self.rows("user_profile", profile), self.rows("booking", booking), self.rows("behavior_daily", event)]

    def close(self) -> None:
        self.applier.close()
        self.stream.close()
        self.mart.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    found = Shop(tmp_path)
    yield found
    found.close()


def code(name: str, word: str) -> int:
    return vocabulary(name).keys[word]


def test_a_row_of_each_table_is_what_the_mart_says(shop: Shop) -> None:
    shop.tell(
        change("users", 1, USER),
        change("consents", 2, CONSENT),
        change("bookings", 3, BOOKED),
        change("wishlists", 4, WISH),
    )
    signed_up = datetime(2026, 1, 2, 3, 4, 5)
    first, second = shop.rows("user_profile", "valid_from, valid_to, status, born_on, tier, push_at, email_at")
    assert first == (signed_up, second[0], Status.NORMAL, date(1990, 5, 1), code("tier", "gold"), None, None)
    assert second[1:] == (None, Status.NORMAL, date(1990, 5, 1), code("tier", "gold"), datetime(2026, 2, 1), None)
    assert shop.rows("booking", "booking_id, place, paid_krw, price_band, stay_mode, party_mask, source_version, deleted") == [
        ("B1", code("place", "jeju"), 300_000, code("price_band", "n_15_20"), code("stay_mode", "overnight"),
         1 << code("travel_party", "couple"), 3, False)
    ]  # fmt: skip
    assert shop.rows("behavior_daily", "kind, day, count") == [(4, date(2026, 11, 2), 1)]
    assert shop.reasons() == []


def test_a_column_nobody_knows_is_left_behind(shop: Shop) -> None:
    shop.tell(change("users", 1, USER))
    with shop.mart.cursor() as cursor:
        assert "example.com" not in str(cursor.execute("SELECT body FROM source_row").fetchall())


def test_a_consent_withdrawn_is_none_from_then_on(shop: Shop) -> None:
    key = {"user_id": "U1", "channel": "push"}
    shop.tell(change("users", 1, USER), change("consents", 2, CONSENT), *gone("consents", 9, key))
    assert [row[0] for row in shop.rows("user_profile", "push_at, valid_from")][-1] is None
    assert len(shop.rows("user_profile", "user_no")) == 3


def test_a_booking_cancelled_and_one_deleted(shop: Shop) -> None:
    cancelled = {**BOOKED, "cancelled_at": "2026-11-03T00:00:00.000000Z", "refunded": "300000"}
    shop.tell(change("bookings", 1, BOOKED), change("bookings", 5, cancelled))
    assert shop.rows("booking_now", "booking_id, refunded_krw") == [("B1", 300_000)]
    shop.tell(*gone("bookings", 6, {"booking_id": "B1"}))
    assert shop.rows("booking_now", "booking_id") == []


def test_a_user_whose_row_is_gone_has_withdrawn(shop: Shop) -> None:
    shop.tell(change("users", 1, USER), *gone("users", 5, {"user_id": "U1"}))
    assert shop.rows("user_profile", "status") == [(Status.NORMAL,), (Status.WITHDRAWN,)]


def test_a_wish_undone_says_the_day_it_was_made(shop: Shop) -> None:
    shop.tell(change("wishlists", 1, WISH), *gone("wishlists", 9, {"wish_id": 7}))
    assert shop.rows("behavior_daily", "kind, wished_on") == [(4, None), (5, date(2026, 11, 2))]


def test_a_table_that_is_emptied_has_no_row_left(shop: Shop) -> None:
    other = {**BOOKED, "booking_id": "B2"}
    shop.tell(change("bookings", 1, BOOKED), change("bookings", 2, other), change("bookings", 5, None, key={}, op="t"))
    assert shop.rows("booking_now", "booking_id") == []
    late = change("bookings", 4, {**BOOKED, "booking_id": "B0"})
    shop.tell(late, change("bookings", 6, {**BOOKED, "booking_id": "B3"}))
    assert shop.rows("booking_now", "booking_id") == [("B3",)]


def test_a_key_that_changes_is_another_row(shop: Shop) -> None:
    shop.tell(
        change("bookings", 1, BOOKED),
        *gone("bookings", 5, {"booking_id": "B1"}),
        change("bookings", 5, {**BOOKED, "booking_id": "B9"}),
    )
    assert shop.rows("booking_now", "booking_id") == [("B9",)]


def test_a_large_value_that_did_not_change_is_what_it_was(shop: Shop) -> None:
    shop.tell(change("bookings", 1, {**BOOKED, "product_id": "P" * 5_000}))
    shop.tell(change("bookings", 2, {**BOOKED, "product_id": UNAVAILABLE, "paid": "1000"}))
    assert shop.rows("booking_now", "length(product_id), paid_krw") == [(5_000, 1_000)]
    shop.tell(change("bookings", 3, {**BOOKED, "booking_id": "B2", "product_id": UNAVAILABLE}))
    assert shop.reasons() == ["unavailable:product_id"]


def test_whose_schema_connect_has_put_around_it_reads_alike(shop: Shop) -> None:
    plain = change("users", 1, USER)
    around = [
        json.dumps({"schema": {}, "payload": json.loads(part or b"null")}).encode() for part in (plain.key, plain.value)
    ]
    shop.tell(Message(around[0], around[1]))
    assert len(shop.rows("user_profile", "user_no")) == 1


def test_heartbeats_and_messages_say_nothing(shop: Shop) -> None:
    shop.tell(Message(b'{"serverName":"yg"}', b'{"ts_ms":1}'), Message(b'{"prefix":"a"}', b'{"op":"m","source":{}}'))
    assert shop.reasons() == []
    assert shop.applier.lags()[0].place.applied == 2


def test_an_erased_user_is_refused_and_nothing_of_them_stays(shop: Shop) -> None:
    shop.tell(change("users", 1, USER), change("bookings", 2, BOOKED))
    shop.mart.erase("U1")
    shop.tell(change("users", 3, USER), change("bookings", 4, BOOKED))
    assert shop.reasons() == ["erased", "erased"]
    with shop.mart.cursor() as cursor:
        assert cursor.execute("SELECT COUNT(*) FROM source_row").fetchone() == (0,)


WRONG: dict[str, Message] = {
    "not_json": Message(b"{}", b"{"),
    "not_a_change": Message(b'{"user_id":"U1"}', b'{"op":"x","source":{}}'),
    "no_key": Message(b"{}", change("users", 1, USER).value),
    "unknown_table": change("staff", 1, {"id": 1}, key={"id": 1}),
    "missing:user_id": change("bookings", 1, {**BOOKED, "user_id": None}),
    "missing:signed_up_at": change("users", 1, {**USER, "signed_up_at": None}),
    "missing:booked_at": change("bookings", 1, {**BOOKED, "booked_at": None}),
    "unknown_word:tier": change("users", 1, {**USER, "tier": "platinum plus"}),
    "unknown_word:travel_party": change("bookings", 1, {**BOOKED, "travel_party": "couple"}),
    "unknown_word:channel": change("consents", 1, {**CONSENT, "channel": "fax"}),
    "wrong_value:paid": change("bookings", 1, {**BOOKED, "paid": "-3"}),
    "wrong_value:refunded": change("bookings", 1, {**BOOKED, "refunded": "AQ=="}),
    "wrong_value:booked_at": change("bookings", 1, {**BOOKED, "booked_at": 1_700_000_000}),
    "wrong_value:check_in": change("bookings", 1, {**BOOKED, "check_in": "soon"}),
    "wrong_value:place": change("bookings", 1, {**BOOKED, "place": {"name": "jeju"}}),
    "reversed_dates:check_out": change("bookings", 1, {**BOOKED, "check_out": "2026-12-01Z"}),
}


@pytest.mark.parametrize("reason", WRONG)
def test_what_is_wrong_is_put_aside_with_its_reason_and_stops_nothing(shop: Shop, reason: str) -> None:
    shop.tell(WRONG[reason], change("users", 9, USER))
    assert shop.reasons() == [reason]
    assert len(shop.rows("user_profile", "user_no")) == 1


SCHEMA_CHANGES: dict[str, tuple[Json, str]] = {
    "a column added": ({**BOOKED, "coupon": "C1"}, ""),
    "a column with a default added": ({**BOOKED, "points": 0}, ""),
    "a column we do not need dropped": ({k: v for k, v in BOOKED.items() if k != "order_id"}, ""),
    "a column we read dropped": ({k: v for k, v in BOOKED.items() if k != "travel_party"}, ""),
    "a column we must have dropped": ({k: v for k, v in BOOKED.items() if k != "booked_at"}, "missing:booked_at"),
    "a column renamed": ({("member" if k == "user_id" else k): v for k, v in BOOKED.items()}, "missing:user_id"),
    "a number widened": ({**BOOKED, "paid": 300_000}, ""),
    "a number made text": ({**BOOKED, "paid": "300000"}, ""),
    "a number made a fraction": ({**BOOKED, "paid": "300000.5"}, "wrong_value:paid"),
    "an option added": ({**BOOKED, "product_type": "treehouse"}, "unknown_word:product_type"),
    "a date made a number of days": ({**BOOKED, "check_in": 20_811}, ""),
    "columns in another order": (dict(reversed(BOOKED.items())), ""),
}


@pytest.mark.parametrize("name", SCHEMA_CHANGES)
def test_a_table_that_changes_its_form_is_read_on_or_its_rows_are_put_aside(shop: Shop, name: str) -> None:
    row, reason = SCHEMA_CHANGES[name]
    shop.tell(
        change("bookings", 1, {**BOOKED, "booking_id": "old"}),
        change("bookings", 2, row),
        change("bookings", 3, {**BOOKED, "booking_id": "new"}),
    )
    assert shop.reasons() == ([reason] if reason else [])
    found = {row[0] for row in shop.rows("booking_now", "booking_id")}
    assert found == ({"old", "new"} if reason else {"old", "B1", "new"})


def history(dice: Random) -> list[list[Message]]:
    """What happens in a small shop: each change with what always comes right behind it."""
    told: list[list[Message]] = []
    for place in range(1, dice.randrange(8, 24)):
        user = f"U{dice.randrange(3)}"
        table = dice.choice(("users", "consents", "bookings", "wishlists"))
        number = dice.randrange(3)
        rows: dict[str, Json] = {
            "users": {**USER, "user_id": user, "tier": dice.choice(["silver", "gold", "vip", None])},
            "consents": {**CONSENT, "user_id": user, "channel": dice.choice(["push", "email"])},
            "bookings": {
                **BOOKED,
                "booking_id": f"B{number}",
                "user_id": f"U{number}",
                "paid": str(dice.randrange(10) * 50_000),
            },
            "wishlists": {**WISH, "wish_id": place, "user_id": user},
        }
        row = rows[table]
        key = {name: row[name] for name in KEYS[table]}
        if table == "wishlists":
            told.append([change(table, place, row)])
            if dice.random() < 0.5:
                told.append(gone(table, place + 100, key))
        else:
            told.append(gone(table, place, key) if dice.random() < 0.2 else [change(table, place, row)])
    return told


def delivered(dice: Random, told: Sequence[list[Message]]) -> list[Message]:
    """In any order, some of them again."""
    sent = [*told, *dice.choices(told, k=dice.randrange(len(told)))]
    dice.shuffle(sent)
    return [message for each in sent for message in each]


@pytest.mark.parametrize("seed", range(12))
def test_deliveries_in_any_order_and_any_number_come_to_one_mart(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    told = history(dice)
    once = Shop(tmp_path / "once").tell(*(message for each in told for message in each))
    expected = once.said()
    once.close()
    assert any(expected)
    for attempt in range(5):
        again = Shop(tmp_path / str(attempt))
        messages = delivered(dice, told)
        while messages:
            size = dice.randrange(1, len(messages) + 1)
            again.tell(*messages[:size])
            messages = messages[size:]
        assert again.said() == expected
        again.close()


def test_entries_that_come_one_after_the_other_are_applied_together(shop: Shop) -> None:
    shop.stream.append(TOPIC, [change("users", 1, USER)])
    later = Timer(0.1, lambda: shop.stream.append(TOPIC, [change("bookings", 2, BOOKED)]))
    later.start()
    tally = shop.applier.apply_next(TOPIC, 0, fill_seconds=2.0)
    later.join()
    assert tally is not None
    assert (tally.received, tally.applied) == (2, 2)
    assert shop.applier.apply_next(TOPIC, 0) is None
