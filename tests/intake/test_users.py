"""Users: versions of what is known, whatever the order in which files arrive."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from audience_builder.catalog.places import place
from audience_builder.intake import Reason
from tests.intake.desk import NOW, Desk

CHANGES = """kind = "users"
[columns]
user_id = "user"
signed_up_at = "signed"
changed_at = "since"
tier = "tier"
"""
NAIVE_NOW = NOW.replace(tzinfo=None)


def versions(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows(
        "SELECT n.user_id, valid_from, valid_to, tier FROM user_profile JOIN user_number n USING (user_no) ORDER BY 1, 2"
    )


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number) - timedelta(hours=9)


def test_what_is_known_first_holds_since_the_sign_up_and_a_change_since_the_import(desk: Desk) -> None:
    desk.bring("users_csv", "user_id,signed_up_at,tier\nu1,2026-01-01,silver\nu2,2026-02-01,gold\n")
    report = desk.bring("users_csv", "user_id,signed_up_at,tier\nu1,2026-01-01,gold\nu2,2026-02-01,gold\n")
    assert (report.applied, report.duplicate) == (1, 1)
    assert versions(desk) == [("u1", day(1, 1), NAIVE_NOW, 2), ("u1", NAIVE_NOW, None, 3), ("u2", day(2, 1), None, 3)]


def test_changes_with_their_moments_make_one_chain_in_whatever_order_they_arrive(desk: Desk) -> None:
    head = "user,signed,since,tier\n"
    desk.bring(CHANGES, head + "u1,2026-01-01,2026-05-01,gold\nu1,2026-01-01,2026-01-01,welcome\n")
    report = desk.bring(
        CHANGES,
        head + "u1,2026-01-01,2026-03-01,silver\nu1,2026-01-01,2026-05-01,gold\nu1,2026-01-01,2026-06-01,gold\n",
    )
    assert (report.read, report.applied, report.duplicate) == (3, 1, 2)
    assert versions(desk) == [
        ("u1", day(1, 1), day(3, 1), 1), ("u1", day(3, 1), day(5, 1), 2), ("u1", day(5, 1), None, 3),
    ]  # fmt: skip


def test_of_two_rows_about_one_moment_the_later_holds(desk: Desk) -> None:
    report = desk.bring("users_csv", "user_id,signed_up_at,tier\nu1,2026-01-01,silver\nu1,2026-01-01,gold\n")
    assert (report.applied, report.duplicate) == (1, 1)
    assert versions(desk) == [("u1", day(1, 1), None, 3)]


def test_a_withdrawn_user_is_no_longer_active_and_erasure_is_no_status(desk: Desk) -> None:
    report = desk.bring(
        "users_csv", "user_id,signed_up_at,status\nu1,2026-01-01,정상\nu2,2026-01-01,탈퇴\nu3,2026-01-01,erased\n"
    )
    assert report.reasons == {Reason.UNKNOWN_VALUE: 1}
    assert desk.mart.active_count(datetime(2026, 2, 1, tzinfo=UTC)) == 1


def test_a_birth_may_lie_long_ago_but_not_ahead(desk: Desk) -> None:
    rows = "u1,2026-01-01,1931-05-05\nu2,2026-01-01,2026-11-23\nu3,2026-01-01,1899-12-31\nu4,2026-01-01,2026-11-22\n"
    report = desk.bring("users_csv", "user_id,signed_up_at,born_on\n" + rows)
    assert report.reasons == {Reason.FUTURE_DATE: 1, Reason.BAD_DATE: 1}
    assert report.applied == 2


def test_values_are_mapped_and_whatever_else_is_unknown_refused_or_chosen(desk: Desk) -> None:
    text = """kind = "users"
    [columns]
    user_id = "u"
    signed_up_at = "s"
    gender = "g"
    tier = "t"
    life_stage = "l"
    [values.gender]
    "W" = "female"
    "?" = ""
    [values.tier]
    "P" = "vvip"
    "*" = "welcome"
    [values.life_stage]
    "x" = "reject"
    "*" = ""
    """
    rows = (
        "1,2026-01-01,w,p,커플\n2,2026-01-01,?,zz,odd\n3,2026-01-01,M,,\n4,2026-01-01,여,gold,X\n5,2026-01-01,,gold,\n"
    )
    report = desk.bring(text, "u,s,g,t,l\n" + rows)
    assert report.reasons == {Reason.UNKNOWN_VALUE: 2}
    found = desk.rows(
        "SELECT n.user_id, gender, tier, life_stage FROM user_profile JOIN user_number n USING (user_no) ORDER BY 1"
    )
    assert found == [("1", 1, 5, 7), ("2", None, 1, None), ("5", None, 3, None)]


def test_korean_typed_on_a_mac_is_the_same_korean(desk: Desk) -> None:
    decomposed = unicodedata.normalize("NFD", "강릉")
    assert desk.bring("users_csv", f"user_id,signed_up_at,activity_region\nu1,2026-01-01,{decomposed}\n").applied == 1
    assert desk.rows("SELECT activity_region FROM user_profile") == [(place("gangneung").code,)]
