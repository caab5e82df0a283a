"""Our own three formats, with Korean files of a few rows."""

from __future__ import annotations

import csv
import json
import stat
from datetime import date, datetime
from pathlib import Path

import pytest

from audience_builder.catalog.options import PRICE_BANDS, STAY_MODES
from audience_builder.catalog.places import place
from audience_builder.errors import InputError
from audience_builder.intake import ImportReport, Reason
from audience_builder.intake.vocabulary import vocabulary
from tests.intake.desk import Desk

EXAMPLES = Path(__file__).parent / "examples"


def code(name: str, key: str) -> int:
    return vocabulary(name).keys[key]


def rejects(report: ImportReport) -> list[dict[str, str]]:
    path = report.files[0].rejects_file
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_users_come_with_their_options_places_and_dated_consents(desk: Desk) -> None:
    report = desk.bring("users_csv", EXAMPLES / "users.csv")
    assert (report.read, report.applied, report.duplicate, report.rejected) == (9, 4, 0, 5)
    found = desk.rows(
        """SELECT n.user_id, status, born_on, gender, tier, activity_region, life_stage, signed_up_at, valid_from, valid_to,
                  marketing_use_at, push_at, email_at, push_night_at, sms_at
           FROM user_profile JOIN user_number n USING (user_no) ORDER BY 1"""
    )
    assert found[0] == (
        "U-1001", 1, date(1991, 2, 28), 1, 3, place("seoul_gangnam").code, code("life_stage", "couple"),
        datetime(2024, 3, 2, 0, 15), datetime(2024, 3, 2, 0, 15), None,
        datetime(2024, 3, 2, 0, 15), datetime(2024, 3, 2, 0, 15), None, datetime(2024, 5, 1, 12, 30), None,
    )  # fmt: skip
    assert [(row[0], row[1], row[3], row[4]) for row in found[1:]] == [
        ("U-1002", 1, 2, 4), ("U-1003", 2, 1, 1), ("U-1004", 11, None, 2),
    ]  # fmt: skip
    assert found[2][7] == datetime(2025, 12, 31, 15, 30)


def test_refused_users_are_named_with_line_reason_and_row(desk: Desk) -> None:
    report = desk.bring("users_csv", EXAMPLES / "users.csv")
    assert report.reasons == {
        Reason.NO_USER: 1, Reason.FUTURE_DATE: 1, Reason.BAD_DATE: 1, Reason.UNKNOWN_VALUE: 1, Reason.CONTACT_AS_ID: 1,
    }  # fmt: skip
    rows = rejects(report)
    assert [(row["line"], row["reason"]) for row in rows] == [
        ("6", "no_user"), ("7", "future_date"), ("8", "bad_date"), ("9", "unknown_value"), ("10", "contact_as_id"),
    ]  # fmt: skip
    assert json.loads(rows[2]["row"])["가입일시"] == "2024-13-01 00:00:00"
    assert rows[2]["explanation"].startswith("signed_up_at (column 가입일시): ")
    path = report.files[0].rejects_file
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.name.startswith("rejects-users-")
    assert desk.rows("SELECT count(*), min(reason) FROM dead_letter") == [(5, "bad_date signed_up_at")]


def test_a_place_with_two_meanings_is_refused_with_both(desk: Desk) -> None:
    text = "user_id,signed_up_at,activity_region\nu1,2024-01-01,강서구\nu2,2024-01-01,부산 강서구\n"
    report = desk.bring("users_csv", text)
    (row,) = rejects(report)
    assert "busan_gangseo or seoul_gangseo" in row["explanation"]
    assert desk.rows("SELECT activity_region FROM user_profile") == [(place("busan_gangseo").code,)]


def test_bookings_come_with_nights_modes_prices_and_masks(desk: Desk) -> None:
    report = desk.bring("bookings_csv", EXAMPLES / "bookings.csv")
    assert (report.read, report.applied, report.rejected) == (11, 6, 5)
    found = {
        row[0]: row[1:]
        for row in desk.rows(
            """SELECT booking_id, product_line, place, stay_mode, price_band, party_mask, theme_mask, booked_at, paid_at,
                      cancelled_at, refunded_at, no_show, check_in, paid_krw, refunded_krw, carted_at FROM booking_now"""
        )
    }
    modes, bands = {o.key: o.code for o in STAY_MODES.options}, {o.key: o.code for o in PRICE_BANDS.options}
    villa = found["B-1"]
    assert villa[:6] == (
        code("product_line", "domestic_stay"), place("aewol_hyeopjae").code, modes["overnight"], bands["n_20_30"],
        1 << code("travel_party", "couple") | 1 << code("travel_party", "pet"),
        1 << code("theme", "ocean_view") | 1 << code("theme", "pool"),
    )  # fmt: skip
    assert villa[6:9] == (datetime(2026, 5, 1, 1, 0), datetime(2026, 5, 1, 1, 0), None)
    assert found["B-2"][3] is None
    assert found["B-2"][6] == datetime(2026, 5, 2, 15, 30)
    assert found["B-3"][8:10] == (datetime(2026, 7, 15, 0, 0), datetime(2026, 7, 15, 0, 0))
    assert found["B-3"][12:14] == (300_000, 250_000)
    assert found["B-4"][2:4] == (modes["day_use"], bands["d_3_4"])
    assert found["B-5"][6:9] == (None, None, None)
    assert found["B-5"][14] == datetime(2026, 11, 20, 11, 0)
    assert found["B-6"][10] is True


def test_refused_bookings_are_counted_by_reason(desk: Desk) -> None:
    report = desk.bring("bookings_csv", EXAMPLES / "bookings.csv")
    assert report.reasons == {
        Reason.REVERSED_DATES: 1, Reason.NEGATIVE_PRICE: 1, Reason.UNKNOWN_VALUE: 1, Reason.MISSING: 2,
    }  # fmt: skip


def test_users_of_bookings_wait_for_a_profile_unless_the_map_derives_them(desk: Desk) -> None:
    desk.bring("bookings_csv", EXAMPLES / "bookings.csv")
    assert desk.mart.waiting() == 3
    desk.bring("users_csv", EXAMPLES / "users.csv")
    assert desk.mart.waiting() == 0


def test_events_are_summed_by_korean_day_and_told_once(desk: Desk) -> None:
    report = desk.bring("events_csv", EXAMPLES / "events.csv")
    assert (report.read, report.applied, report.merged, report.duplicate, report.rejected) == (13, 6, 1, 1, 5)
    found = desk.rows(
        "SELECT day, kind, count, first_at, last_at, price_band, nights, stay_mode, device FROM behavior_daily ORDER BY first_at"
    )
    assert [(row[0], row[1], row[2]) for row in found] == [
        (date(2026, 11, 18), 4, 1), (date(2026, 11, 19), 3, 3), (date(2026, 11, 19), 5, 1),
        (date(2026, 11, 20), 1, 1), (date(2026, 11, 20), 2, 2), (date(2026, 11, 21), 2, 1),
    ]  # fmt: skip
    assert found[4][3:5] == (datetime(2026, 11, 20, 14, 55), datetime(2026, 11, 20, 14, 56))
    assert found[1][5] == 6
    assert found[4][6:9] == (2, 2, 0)
    assert desk.rows("SELECT wished_on FROM behavior_daily WHERE kind = 5") == [(date(2026, 11, 18),)]
    assert report.reasons == {
        Reason.MISSING: 1, Reason.UNKNOWN_VALUE: 2, Reason.FUTURE_DATE: 1, Reason.BAD_QUANTITY: 1,
    }  # fmt: skip
    assert desk.mart.watermark is not None
    assert desk.mart.watermark.replace(tzinfo=None) == datetime(2026, 11, 20, 15, 1)


@pytest.mark.parametrize("name", ["users", "bookings", "events"])
def test_an_example_imported_again_changes_nothing_and_says_so(desk: Desk, name: str) -> None:
    desk.bring(f"{name}_csv", EXAMPLES / f"{name}.csv")
    before, version = desk.mart.content_hash(), desk.mart.version
    copy = desk.file("renamed.csv", (EXAMPLES / f"{name}.csv").read_bytes())
    again = desk.bring(f"{name}_csv", copy)
    assert again.files[0].already_applied
    assert again.read == again.applied == 0
    assert (desk.mart.content_hash(), desk.mart.version) == (before, version)


def test_a_second_file_about_the_same_days_of_events_is_refused(desk: Desk) -> None:
    desk.bring("events_csv", EXAMPLES / "events.csv")
    before = desk.mart.content_hash()
    with pytest.raises(InputError, match="2026-11-18 to 2026-11-21 were imported before"):
        desk.bring("events_csv", "user_id,event,at\nu1,visit,2026-11-21 09:00:00\n")
    assert desk.mart.content_hash() == before
    later = desk.bring("events_csv", "user_id,event,at\nu1,visit,2026-11-22 09:00:00\n")
    assert later.applied == 1


def test_a_file_of_events_cannot_be_imported_again_by_a_changed_map(desk: Desk) -> None:
    text = 'kind = "events"\n[columns]\nuser_id = "u"\nat = "at"\nevent = { constant = "search" }\n'
    file = desk.file("events.csv", "u,at\nu1,2026-11-20\n")
    desk.bring(text, file)
    for changed in (text.replace("search", "view"), text.replace("search", "view") + '[events]\noverlap = "add"\n'):
        with pytest.raises(InputError, match="was imported before with another form of the map"):
            desk.bring(changed, file)
    assert desk.rows("SELECT kind, count FROM behavior_daily") == [(2, 1)]


def test_other_events_of_the_same_days_are_added_when_the_map_says_so(desk: Desk) -> None:
    text = 'kind = "events"\n[columns]\nuser_id = "u"\nat = "at"\nevent = { constant = "search" }\n[events]\noverlap = "add"\n'
    desk.bring(text, "u,at\nu1,2026-11-20\n")
    desk.bring(text, "u,at\nu1,2026-11-20\nu1,2026-11-20\n")
    assert desk.rows("SELECT sum(count) FROM behavior_daily") == [(3,)]


def test_parts_of_one_export_imported_together_may_share_their_days(desk: Desk) -> None:
    one = "user_id,event,at\nu1,visit,2026-11-20 09:00:00\n"
    two = "user_id,event,at\nu2,visit,2026-11-20 10:00:00\n"
    assert desk.bring("events_csv", one, two).applied == 2
    assert [entry.already_applied for entry in desk.bring("events_csv", one, two).files] == [True, True]
