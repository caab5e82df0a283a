"""Two thousand sentences with personal data planted in them: none of it leaves."""

from __future__ import annotations

from random import Random

import pytest

from audience_builder.language.model.scrub import MASK, is_clean, scrubbed

SENTENCES = (
    "제주 검색한 {} 골드 이상", "{} 고객을 빼고 20대 여성", "{}", "최근 30일 {}이 예약한 호텔", "문의: {} / 미예약", "who is {} in gold tier",
    "골드,{},푸시 동의", "({}) 서울 거주", "search by {} please", "{}에게 보낼 쿠폰",
)  # fmt: skip
LOCALS = ("hong", "kim.minsu", "lee_jy+promo", "홍길동", "a", "mkt-team.01")
DOMAINS = ("example.com", "naver.com", "mail.example.co.kr", "hanmail.net")


def planted(random: Random) -> tuple[str, str]:
    """Something personal as people write it, and its kind."""
    four = lambda: f"{random.randrange(10_000):04d}"  # noqa: E731
    kind = random.choice(("email", "phone", "resident", "card", "foreign"))
    dash = random.choice(("-", " ", ".", "", " - ", "·"))
    if kind == "email":
        return kind, f"{random.choice(LOCALS)}{random.choice(('@', ' @ ', '＠'))}{random.choice(DOMAINS)}"
    if kind == "phone":
        head = random.choice(("010", "011", "016", "+82 10", "82-10", "+82-(0)10"))
        said = f"{head}{dash}{four()}{dash}{four()}"
        return kind, said if random.random() < 0.8 else said.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    if kind == "resident":
        return (
            kind,
            f"{random.randrange(50, 99)}0{random.randrange(1, 9)}1{random.randrange(9)}{random.choice(('-', ' - ', ''))}{random.randrange(1, 5)}{random.randrange(10**5, 10**6)}",
        )
    if kind == "card":
        return kind, dash.join(("4539", four(), four(), four()))
    return kind, f"+1 {random.randrange(200, 999)} {random.randrange(200, 999)} {four()}"


def test_planted_numbers_and_addresses_never_leave() -> None:
    random = Random(7)
    leaked: list[str] = []
    for _ in range(2000):
        kind, secret = planted(random)
        sentence = random.choice(SENTENCES).format(secret)
        sent = scrubbed(sentence)
        assert len(sent.text) == len(sentence)
        digits = "".join(char for char in sent.text if char.isdigit())
        secret_digits = "".join(str(int(char)) for char in secret if char.isdigit())
        if (kind == "email" and ("@" in sent.text or "＠" in sent.text)) or (
            kind != "email" and secret_digits[-8:] in digits
        ):
            leaked.append(sentence)
        assert is_clean(sent.text), sentence
    assert leaked == []


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("최근 30일 제주 2회 이상 검색한 골드 이상", "최근 30일 제주 2회 이상 검색한 골드 이상"),
        ("1,000,000원 이상 결제", "1,000,000원 이상 결제"),
        ("2026-01-01부터 2026-06-30까지", "2026-01-01부터 2026-06-30까지"),
        ("VIP 고객님께", "VIP 고객님께"),
        ("홍길동님이 예약한 호텔", f"{MASK * 3}님이 예약한 호텔"),
        ("김민수 씨에게", f"{MASK * 3} 씨에게"),
        ("Mr. John Smith and gold", f"{MASK * 14} and gold"),
        ("테헤란로 152 근처", f"{MASK * 8} 근처"),
    ],
)
def test_names_and_streets_are_masked_and_sums_and_dates_are_not(sentence: str, kept: str) -> None:
    assert scrubbed(sentence).text == kept
