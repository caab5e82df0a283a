"""Addresses, numbers and tokens are found wherever somebody types them; ordinary words, days, amounts and ids are not."""

from __future__ import annotations

import pytest

from audience_builder.access.personal import personal_kind, refuse_personal
from audience_builder.errors import PersonalDataError

FOUND = {
    "email": [
        "kim@example.com", "제주 고객 kim.jin+a@naver.com 제외", "KIM@EXAMPLE.CO.KR", "홍길동@naver.com", "kim＠naver.com", "<kim@naver.com>",
        "kim@여기어때.한국", "ki\u200bm@naver.com", "kim@xn--9k3b.kr", "mailto:kim@naver.com",
    ],
    "phone": [
        "01012345678", "010-1234-5678", "010 1234 5678", "010.1234.5678", "+82 10-1234-5678", "+821012345678", "82-10-1234-5678",
        "010)1234-5678", "(010)1234-5678", "０１０－１２３４－５６７８", "연락처는 011-123-4567", "02-1234-5678", "031-123-4567", "070-1234-5678",
        "010-1234-5678님", "전화010-1234-5678", "010·1234·5678", "٠١٠-١٢٣٤-٥٦٧٨", "010\u200b12345678", "010 - 1234 - 5678",
    ],
    "resident_number": ["900101-1234567", "주민번호 900101 - 2234567"],
    "card": ["4111-1111-1111-1111", "4111 1111 1111 1111", "4111111111111111"],
    "push_token": ["dGhpcyBpc1-_x:APA91b" + "x" * 134],
}  # fmt: skip
NOTHING = [
    "제주 골드 이상", "2026-10-01", "2026-10-01T09:00:00+09:00", "U0000000302", "3박 4일 150,000원", "1588-1234", "10-20대", "@제주", "a@b",
    "20261001", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "객단가 100000-200000", "1월~12월 365일", "jeju_2026",
    "01012345678901234", "x01012345678", "4111-1111-1111-1112", "2026.10.01-2026.10.31", "v1.2.3", "", "010", "D-3", "100 1000 10000",
    "eyJhbGciOiJIUzI1NiJ9", "a" * 300, "고객 1,000명 @ 서울",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FOUND.items() for text in texts], ids=ascii)
def test_personal_data_is_found(kind: str, text: str) -> None:
    assert personal_kind(text) == kind


@pytest.mark.parametrize("text", NOTHING, ids=lambda text: ascii(text)[:30])
def test_ordinary_text_is_let_through(text: str) -> None:
    assert personal_kind(text) is None


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"name": "a", "tags": ["b", "kim@naver.com"]}, "/tags/1"),
        ({"rule": {"root": {"id": "010-1234-5678"}}}, "/rule/root/id"),
        ({"kim@naver.com": 1}, "/0"),
        ({"kim jin": {"deep": ["010-1234-5678"]}}, "/0/deep/0"),
        ("kim@naver.com", "/"),
    ],
)
def test_it_is_refused_with_where_and_which_kind_but_never_what(said: object, where: str) -> None:
    with pytest.raises(PersonalDataError) as caught:
        refuse_personal(said)
    assert f"stands at {where};" in caught.value.message
    assert not any(part in caught.value.message for part in ("kim", "1234", "5678", "naver"))


def test_json_nested_without_end_is_looked_through_without_harm() -> None:
    deep: list[object] = ["제주"]
    for _ in range(100_000):
        deep = [deep]
    refuse_personal(deep)
