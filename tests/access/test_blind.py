"""Equal contacts are found however they are written; without the key the index tells nothing."""

from __future__ import annotations

import pytest

from audience_builder.access.blind import blind_index, canonical_email, canonical_phone
from audience_builder.access.cipher import new_key

SAME_PHONE = [
    "010-1234-5678", "01012345678", "010 1234 5678", "010.1234.5678", "(010)1234-5678", "+82 10-1234-5678", "+821012345678",
    "+82 (0)10-1234-5678", "82-10-1234-5678", "0082 10 1234 5678", "０１０－１２３４－５６７８", " 010-1234-5678 ",
]  # fmt: skip
NO_PHONE = [
    "",
    "119",
    "1588-1234",
    "010-1234",
    "010-1234-56789012",
    "abc",
    "010-1234-567x",
    "+0123456789",
    "٠١٠١٢٣٤٥٦٧٨",
    "10-1234-5678",
]
NO_EMAIL = ["", "kim", "kim@", "@naver.com", "kim@naver", "a b@naver.com", "kim@@naver.com", "kim@naver..com", "x" * 65 + "@naver.com",
            "a@" + "b" * 250 + ".com", "kim@naver.com,lee@naver.com"]  # fmt: skip


@pytest.mark.parametrize("written", SAME_PHONE, ids=ascii)
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    assert canonical_phone(written) == "01012345678"


def test_numbers_of_other_countries_and_lines_keep_what_tells_them_apart() -> None:
    assert canonical_phone("+1 415-555-2671") == "+14155552671"
    assert canonical_phone("02-123-4567") == canonical_phone("+82 2 123 4567") == "021234567"
    assert canonical_phone("0505-1234-5678") == "050512345678"


@pytest.mark.parametrize("written", NO_PHONE, ids=ascii)
def test_what_is_no_number_has_no_index(written: str) -> None:
    assert canonical_phone(written) is None


def test_an_address_is_one_however_it_is_written() -> None:
    assert {canonical_email(text) for text in ("Kim@Naver.com", " kim@naver.COM ", "ｋｉｍ@naver.com")} == {
        "kim@naver.com"
    }
    assert canonical_email("홍길동@여기어때.한국") == "홍길동@여기어때.한국"


@pytest.mark.parametrize("written", NO_EMAIL, ids=lambda text: ascii(text)[:40])
def test_what_is_no_address_has_no_index(written: str) -> None:
    assert canonical_email(written) is None


def test_an_index_depends_on_key_column_and_value() -> None:
    key, other = new_key(), new_key()
    found = {blind_index(key, "phone", "01012345678"), blind_index(other, "phone", "01012345678"),
             blind_index(key, "email", "01012345678"), blind_index(key, "phone", "01012345679")}  # fmt: skip
    assert len(found) == 4
    assert {len(entry) for entry in found} == {32}


def test_a_hundred_thousand_guesses_without_the_key_find_nobody() -> None:
    stored = {blind_index(new_key(), "phone", f"010{number:08}") for number in range(100_000)}
    guessing = new_key()
    assert not any(blind_index(guessing, "phone", f"010{number:08}") in stored for number in range(100_000))
