"""A map says what is wrong with it: the line, the key, and what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from audience_builder.errors import InputError
from audience_builder.intake import load_map, shipped_maps
from audience_builder.intake.target import TARGETS
from audience_builder.intake.vocabulary import vocabulary
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_PROFILE
from tests.intake.desk import Desk

BOOKINGS = """kind = "bookings"
[columns]
user_id = "user"
booking_id = "order"
booked_at = "at"
"""


def wrong(tmp_path: Path, text: str) -> InputError:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_map(path)
    return caught.value


@pytest.mark.parametrize("name", shipped_maps())
def test_a_shipped_map_is_whole(name: str) -> None:
    found, _ = load_map(name)
    assert found.name == name
    assert found.says


def test_the_four_maps_are_shipped() -> None:
    assert shipped_maps() == ("bookings_csv", "events_csv", "online_retail_ii", "users_csv")


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("kind = ", "mine.toml is no valid TOML", "Mend that line"),
        ("kind = 'trips'\n[columns]\n", "line 1: kind", "docs/import.md"),
        ("[columns]\nuser_id = 'a'\n", "kind: it must be given", ""),
        (BOOKINGS + "[colums]\n", "line 6: colums: there is no such key", "Did you mean columns?"),
        (BOOKINGS + "[money]\ncurency = 'GBP'\n", "line 7: [money] curency", "Did you mean currency?"),
        (BOOKINGS + "chek_in = 'x'\n", "line 6: [columns] chek_in: bookings have no such target", "Did you mean check_in?"),
        (BOOKINGS + "place = { colum = 'x' }\n", "line 6: [columns.place] colum", "Did you mean column?"),
        (BOOKINGS + "place = 3\n", "line 6: [columns] place: must be a column's name", ""),
        (BOOKINGS + "place = {}\n", "line 6: [columns] place: needs either", ""),
        (BOOKINGS + "place = { column = 'x', constant = 'jeju' }\n", "needs either a column or a constant", ""),
        (BOOKINGS + "place = { constant = 'jejoo' }\n", "'jejoo' is no option", "Did you mean jeju?"),
        (BOOKINGS + "place = { column = 'x', format = '%Y' }\n", "only moments and dates have a format", ""),
        (BOOKINGS + "check_in = { column = 'x', format = '%Q' }\n", "'%Q' is no part of a date", "%Y"),
        (BOOKINGS + "check_in = { column = 'x', format = '%Y%' }\n", "is no part of a date", "%Y"),
        (BOOKINGS + "check_in = { column = 'x', format = 'YYYY-MM-DD' }\n", "'YYYY-MM-DD' is no format", "%Y"),
        (BOOKINGS + "derive_users = 'yes'\n", "line 6: [columns] derive_users", ""),
        ("derive_users = 'yes'\n" + BOOKINGS, "line 1: derive_users: must be true or false", ""),
        (BOOKINGS + "[time]\nzone = 'Europe/Londn'\n", "'Europe/Londn' is no time zone", "Europe/London"),
        (BOOKINGS + "[time]\nzone = 'KST'\n", "'KST' is no time zone", ""),
        (BOOKINGS + "[money]\ncurrency = 'GBP'\n", "GBP needs a rate to KRW", "rate ="),
        (BOOKINGS + "[money]\nrate = 'many'\n", "line 7: [money] rate: must be a number", ""),
        (BOOKINGS + "[money]\nrate = -1\n", "must be more than 0", ""),
        (BOOKINGS + "[money]\nrate = nan\n", "should be a finite number", ""),
        (BOOKINGS + "[money]\nrate = 0\n", "must be more than 0", ""),
        (BOOKINGS + "[money]\nrate = '0.123456789'\n", "more than 8 decimals", ""),
        (BOOKINGS + "[money.rates]\n2026-13-01 = 1\n", "must be a day", ""),
        (BOOKINGS + "[money]\nrate = 1\n[money.rates]\n2026-01-01 = 1\n", "there is a table of rates too", ""),
        (BOOKINGS + "[money]\nthousands = '.'\n", "the same sign", ""),
        (BOOKINGS + "paid = 'p'\ncancelled_at = 'c'\n", "no column says what was refunded", "cancelled ="),
        (BOOKINGS + "paid = 'p'\nquantity = 'q'\nunit_price = 'u'\n", "paid already says it", ""),
        (BOOKINGS + "quantity = 'q'\n", "quantity and unit_price go together", ""),
        (BOOKINGS + "nights = 'q'\ncheck_out = 'c'\n", "check_out already says it", ""),
        (BOOKINGS + "version = 'v'\n", "go together", ""),
        (BOOKINGS + "[values.place]\n'서울' = 'seoul'\n", "[values] place: no mapped target", ""),
        (BOOKINGS + "place = 'x'\n[values.place]\n'서울' = 'soul'\n", "'soul' is no option of place", "Did you mean seoul?"),
        (BOOKINGS + "[status]\ncolumn = 's'\nvalues = { a = 'canceled' }\n", "'canceled' is no state", "Did you mean cancelled?"),
        (BOOKINGS + "[status]\ncolumn = 's'\nvalues = { '*' = 'cart' }\n", "is said by `otherwise`", ""),
        (BOOKINGS + "[status]\ncolumn = 's'\nprefix = { X = 'cancellation' }\n", "rows that cancel other rows", 'by = "event"'),
        (BOOKINGS + "status = 's'\n", "has a section of its own", "[status]"),
        (BOOKINGS + "[group]\nby = 'order_id'\n", "order_id must be mapped", ""),
        (BOOKINGS + "[group]\nby = 'user_id'\n", "line 7: [group] by", ""),
        (BOOKINGS + "[events]\noverlap = 'add'\n", "is for events", ""),
        (BOOKINGS + "[file]\ndelimiter = ';;'\n", "must be one sign", ""),
        (BOOKINGS + "[file]\nheader = false\n", "needs names", ""),
        (BOOKINGS + "[file]\nencoding = 'klingon'\n", "line 7: [file] encoding", ""),
        ("kind = 'users'\nderive_users = true\n[columns]\nuser_id='a'\nsigned_up_at='b'\n", "is for bookings, not for users", ""),
        ("kind = 'users'\n[columns]\nuser_id='a'\n", "signed_up_at must be mapped", ""),
        ("kind = 'events'\n[columns]\nuser_id='a'\nat='b'\n", "event must be mapped", "constant"),
        ("kind = 'events'\n[columns]\nat='b'\n", "user_id must be mapped", ""),
        ("kind = 'bookings'\n[columns]\nuser_id='a'\nbooking_id='b'\n", "booked_at (or carted_at) must be mapped", ""),
        ("name = 'a b:c'\n" + BOOKINGS, "line 1: name", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_a_proposal(tmp_path: Path, text: str, message: str, fix: str) -> None:
    problem = wrong(tmp_path, text)
    assert message in problem.message
    assert fix in problem.fix


@pytest.mark.parametrize(
    "column", ["E-mail", "이메일", "Phone Number", "휴대폰 번호", "name", "Customer Name", "주민등록번호"]
)
def test_a_column_of_names_or_contacts_cannot_be_mapped_onto_anything(tmp_path: Path, column: str) -> None:
    problem = wrong(tmp_path, BOOKINGS.replace('"user"', f'"{column}"'))
    assert "holds a name, a contact or an identity number" in problem.message
    assert "encrypted in the store" in problem.fix


@pytest.mark.parametrize("target", ["name", "email", "phone"])
def test_there_is_no_target_for_names_or_contacts(tmp_path: Path, target: str) -> None:
    problem = wrong(tmp_path, BOOKINGS + f'{target} = "x"\n')
    assert "names and contacts cannot be mapped" in problem.message
    assert not any(target in targets for targets in TARGETS.values())


def test_a_map_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_map("online_retail")
    assert caught.value.fix == "Did you mean online_retail_ii?"
    with pytest.raises(InputError, match="cannot be read"):
        load_map(tmp_path)
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00kind")
    with pytest.raises(InputError, match="not a text in UTF-8"):
        load_map(tmp_path / "bad.toml")


def test_a_column_the_file_does_not_have_is_named_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(InputError) as caught:
        desk.bring(BOOKINGS, "user,order_no,at\nu1,b1,2026-01-01\n")
    assert "map.toml, line 4: [columns] booking_id: data0.csv has no column 'order'" in caught.value.message
    assert caught.value.fix == "Did you mean order_no?"
    assert desk.is_untouched()


def test_comments_and_order_do_not_make_another_map_but_a_rate_does(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        path = tmp_path / "same.toml"
        path.write_text(text, encoding="utf-8")
        return load_map(path)[0].digest()

    assert digest(BOOKINGS) == digest("# mine\n" + BOOKINGS.replace('user_id = "user"\n', "") + 'user_id = ["user"]\n')
    assert digest(BOOKINGS) != digest(BOOKINGS + "[money]\nrate = '1.5'\n")


def test_every_column_of_the_mart_can_be_reached() -> None:
    """What no target fills is filled by the import itself."""
    own = {"user_no", "valid_from", "valid_to", "source_version", "day", "kind", "first_at", "last_at"}
    renamed = {"party_mask": "travel_party", "theme_mask": "theme", "paid_krw": "paid", "refunded_krw": "refunded"}
    for kind, table in (("users", USER_PROFILE), ("bookings", BOOKING), ("events", BEHAVIOR_DAILY)):
        names = {renamed.get(name, name) for name in table.column_names()} - own
        assert names <= TARGETS[kind].keys(), kind  # type: ignore[index]


def test_every_target_with_options_has_a_vocabulary() -> None:
    for targets in TARGETS.values():
        for target in targets.values():
            assert not target.vocabulary or vocabulary(target.vocabulary).keys
