"""Masks show what the table of masks says and never more, whatever is put in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audience_builder.access.cipher import new_key
from audience_builder.access.masking import HIDDEN, MASKS, mask_email, mask_name, mask_phone, pseudonym

NAMES = {
    "김수용": "김*용", "이산": "이*", "남궁수민": "남**민", "홍길동": "홍*동", "황보관": "황*관", "선우재덕": "선**덕", "김": "*",
    "John Doe": "J*** D**", "Kim": "K**", "Li": "L*", "J": "*", "Mary-Jane Watson": "M******** W*****", "金正恩": "金*恩", "王伟": "王*",
    "山田太郎": "山**郎", "사랑하늘별님구름솔": "사*******솔", "홍 길동": "* 길*", "  홍길동  ": "홍*동", "홍\u200b길동": "홍*동",
    "김Tom": "김**m", "Tom김": "T**김", "T김m": "T**", "": "", "   ": "", "😀😀😀": "😀**", "😀": "*", "홍길동😀": "홍**😀",
    "\ud800홍길동": "홍*동", "\udc00": "", "Ａｎｎ": "Ａ**", "O'Brien": "O******", "아": "*", "ㄱ": "*", "ㅋㅋ": "ㅋ*",
}  # fmt: skip
PHONES = {
    "010-1234-5678": "010-****-5678", "01012345678": "010-****-5678", "010 1234 5678": "010-****-5678", "010.1234.5678": "010-****-5678",
    "+82 10-1234-5678": "010-****-5678", "+821012345678": "010-****-5678", "+82 (0)10-1234-5678": "010-****-5678",
    "０１０１２３４５６７８": "010-****-5678", "011-123-4567": "011-***-4567", "016-9876-5432": "016-****-5432",
    "02-123-4567": "02-***-4567", "02-1234-5678": "02-****-5678", "031-123-4567": "031-***-4567", "064-1234-5678": "064-****-5678",
    "0505-123-4567": "0505-***-4567", "0503-1234-5678": "0503-****-5678", "1588-1234": HIDDEN, "119": HIDDEN, "": HIDDEN, "홍길동": HIDDEN,
    "+1 415-555-2671": "*******2671", "010-12-34": HIDDEN, "+8210": HIDDEN,
}  # fmt: skip
EMAILS = {
    "kimjin@gmail.com": "ki****@gmail.com", "hong1@naver.com": "ho***@naver.com", "abc@daum.net": "a**@daum.net", "ab@nate.com": "a*@nate.com",
    "a@gmail.com": "*@gmail.com", "hong@minsu-family.kr": "ho**@***", "HONG@GMAIL.COM": "HO**@gmail.com", "@gmail.com": "@gmail.com",
    "nothing": HIDDEN, "": HIDDEN, "홍길동이@gmail.com": "홍길**@gmail.com", "a@b@gmail.com": "a**@gmail.com", "kim\u200bjin@gmail.com": "ki****@gmail.com",
}  # fmt: skip
OTHERS = [
    ("birth", "1990-01-02", "1990-**-**"), ("birth", "19900102", "1990-**-**"), ("birth", "1990.01.02", "1990-**-**"),
    ("birth", "900102", "****-**-**"), ("birth", "", "****-**-**"), ("birth", "2999", "****-**-**"),
    ("address", "서울 강남구 테헤란로 1", "서울 강남구 ***"), ("address", "경기도 수원시 영통구 매탄동 1", "경기도 수원시 영통구 ***"),
    ("address", "세종 한누리대로 2130", "세종 ***"), ("address", "홍길동네 집", "***"), ("address", "", "***"),
    ("ip", "203.0.113.7", "203.0.113.*"), ("ip", "2001:db8:1:2::7", "2001:db8:1:*"), ("ip", "::1", "0:0:0:*"), ("ip", "no", HIDDEN),
    ("push_token", "dGhpcyBpcyBh:APA91b" + "x" * 134, HIDDEN), ("push_token", "", HIDDEN),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "shown"), NAMES.items(), ids=ascii)
def test_names_are_masked_as_the_table_says(raw: str, shown: str) -> None:
    assert mask_name(raw) == shown


@pytest.mark.parametrize(("raw", "shown"), PHONES.items(), ids=ascii)
def test_phone_numbers_are_masked_as_the_table_says(raw: str, shown: str) -> None:
    assert mask_phone(raw) == shown


@pytest.mark.parametrize(("raw", "shown"), EMAILS.items(), ids=ascii)
def test_addresses_of_mail_are_masked_as_the_table_says(raw: str, shown: str) -> None:
    assert mask_email(raw) == shown


@pytest.mark.parametrize(("kind", "raw", "shown"), OTHERS, ids=ascii)
def test_everything_else_is_masked_as_the_table_says(kind: str, raw: str, shown: str) -> None:
    assert MASKS[kind](raw) == shown


def test_a_name_is_masked_alike_composed_or_not() -> None:
    for raw in ("홍길동", "남궁수민", "José", "이산"):
        assert mask_name(unicodedata.normalize("NFD", raw)) == mask_name(raw)


ANYTHING = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=0x10FFFF)),
    st.text(alphabet="가힣홍길동김이ㄱㅏ 각金A b*😀👩‍👧\u200d\u0301\ud83d\udc00"),
    st.from_regex(r"(\+82|0)[0-9 *-]{6,14}"),
    st.from_regex(r"[a-z0-9.*가-힣]{0,8}@(gmail\.com|[a-z*]{1,5}\.kr)"),
    st.from_regex(r"[12*][0-9*]{3}[-.]?[0-9*]{2}[-.]?[0-9*]{2}"),
    st.from_regex(r"(서울|경기도|강원) ?[가-힣]{1,4}[시군구] [가-힣* ]{0,8}"),
    st.from_regex(r"[0-9a-f*.:]{3,20}"),
)


@given(st.sampled_from(sorted(MASKS)), ANYTHING)
@settings(max_examples=1500)
def test_masking_what_is_masked_changes_nothing(kind: str, raw: str) -> None:
    once = MASKS[kind](raw)
    assert MASKS[kind](once) == once
    once.encode()  # whatever went in, what comes out is text


def shown_letters(masked: str) -> int:
    return sum(letter not in "* -@.:" for letter in masked)


@given(ANYTHING)
@settings(max_examples=1000)
def test_a_mask_shows_no_more_than_its_kind_may(raw: str) -> None:
    for word in mask_name(raw).split():
        assert shown_letters(word) <= 2
        assert len(word) == 1 or STAR_IN(word)
    local, _, domain = mask_email(raw).rpartition("@")
    assert shown_letters(local) <= 2
    assert not local or STAR_IN(local)
    assert domain in ("***", HIDDEN) or domain in ("gmail.com", "naver.com") or "." in domain
    assert shown_letters(mask_phone(raw)) <= 8
    assert shown_letters(MASKS["birth"](raw)) <= 4
    assert MASKS["push_token"](raw) == HIDDEN


def STAR_IN(word: str) -> bool:
    return "*" in word


@given(st.from_regex(r"010-[0-9]{4}-[0-9]{4}", fullmatch=True))
def test_a_thousandth_of_all_numbers_share_each_mask(raw: str) -> None:
    assert mask_phone(raw) == f"010-****-{raw[-4:]}"


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_pseudonym_tells_nothing_without_its_key(one: str, other: str) -> None:
    key = new_key()
    assert pseudonym(key, one) == pseudonym(key, one)
    assert (pseudonym(key, one) == pseudonym(key, other)) is (one == other)
    assert pseudonym(new_key(), one) != pseudonym(key, one)
