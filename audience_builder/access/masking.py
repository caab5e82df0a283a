"""How a contact is shown to who may not see it: one mask a kind, the same on every screen, so that two masks never add up.

A mask depends on the value alone. Masking what is masked changes nothing. What is too short to hide anything is hidden whole.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from hmac import digest

STAR = "*"
HIDDEN = STAR * 8
"""What stands for a value of which nothing is shown; its length says nothing either."""

COMMON_DOMAINS = frozenset(
    (
        "naver.com", "gmail.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "hotmail.com", "outlook.com", "outlook.kr",
        "icloud.com", "me.com", "yahoo.com", "yahoo.co.kr", "live.com", "msn.com", "korea.com", "dreamwiz.com", "empas.com",
    )
)  # fmt: skip
"""Mail domains so many people share that they point at nobody. Every other domain is hidden."""

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}
_MOST_SHOWN = 64


def mask_name(name: str) -> str:
    """A Korean name with first and last letter (two letters: the first), any other with the first letter of each word."""
    return " ".join(_masked_word(word) for word in _plain(name).split())


def _masked_word(word: str) -> str:
    if len(word) == 1:
        return STAR
    if not (_is_east_asian(word[0]) or _is_east_asian(word[-1])):
        return word[0] + STAR * (min(len(word), _MOST_SHOWN) - 1)
    if len(word) == 2:
        return word[0] + STAR
    return word[0] + STAR * (min(len(word), _MOST_SHOWN) - 2) + word[-1]


def _is_east_asian(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("HANGUL", "CJK", "HIRAGANA", "KATAKANA"))


def mask_email(email: str) -> str:
    """The first two letters before the @ (of up to three the first, of one none); the domain only where many share it."""
    local, at, domain = _plain(email).replace(" ", "").rpartition("@")
    if not at:
        return HIDDEN
    shown = min(2 if len(local) > 3 else 1, max(len(local) - 1, 0))
    masked = local[:shown] + STAR * (min(len(local), _MOST_SHOWN) - shown)
    known = domain.casefold()
    return f"{masked}@{known if known in COMMON_DOMAINS else STAR * 3}"


_AREA = re.compile(r"(02|0505|050[2-8]|0[1-9]\d)")


def mask_phone(phone: str) -> str:
    """A Korean number without its middle block (010-****-5678); of any other only the last four digits, of a short one none."""
    digits = "".join(re.findall(r"[0-9*+]", unicodedata.normalize("NFKC", phone)))
    if digits.startswith("+82"):
        digits = "0" + digits.removeprefix("+82").removeprefix("0")
    digits = digits.replace("+", "")
    area = _AREA.match(digits)
    if area is not None and 7 <= len(digits) - area.end() <= 8:
        return f"{area.group()}-{STAR * (len(digits) - area.end() - 4)}-{digits[-4:]}"
    if len(digits) < 9:
        return HIDDEN
    return STAR * (min(len(digits), 15) - 4) + digits[-4:]


_DATE = re.compile(r"((?:19|20)\d\d)(?P<sign>[-./]?)[\d*]{2}(?P=sign)[\d*]{2}")


def mask_birth(date: str) -> str:
    """The year alone: 1990-**-**."""
    found = _DATE.fullmatch(_plain(date).replace(" ", ""))
    return f"{found.group(1) if found else STAR * 4}-**-**"


_PROVINCES = (
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남", "전북", "전남", "경북", "경남",
    "제주", "충청북", "충청남", "전라북", "전라남", "경상북", "경상남",
)  # fmt: skip


def mask_address(address: str) -> str:
    """Province and district: 서울 강남구 ***. Nothing of an address that begins with no province."""
    words = _plain(address).split()
    if not words or not words[0].startswith(_PROVINCES) or len(words[0]) > 7:
        return STAR * 3
    shown = words[:1]
    for word in words[1:3]:
        if len(word) > 5 or not word.endswith(("시", "군", "구")) or STAR in word:
            break
        shown.append(word)
    return " ".join((*shown, STAR * 3))


def mask_ip(address: str) -> str:
    """The network: 203.0.113.*, or the first 48 bits of a version 6 address."""
    text = _plain(address).strip()
    if re.fullmatch(r"(\d{1,3}\.){3}\*|([0-9a-f]{1,4}:){3}\*", text):
        return text
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return HIDDEN
    if found.version == 4:
        return ".".join((*str(found).split(".")[:3], STAR))
    return ":".join((*(part.lstrip("0") or "0" for part in found.exploded.split(":")[:3]), STAR))


def mask_token(token: str) -> str:
    """Nothing of a push token, whatever it is: a part of one could be compared."""
    return HIDDEN


def pseudonym(key: bytes, user_id: str) -> str:
    """What stands for an id where only who holds the key may tell whose it is: `u_` and 20 hexadecimal digits."""
    return "u_" + digest(key, b"pseudonym\0" + user_id.encode("utf-8", "surrogatepass"), "sha256").hex()[:20]


def _plain(text: str) -> str:
    """The letters of a text, composed; without marks, joiners and halves of pairs, which would hide where a letter ends."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if letter.isspace() else letter for letter in composed)
    return unicodedata.normalize("NFC", "".join(one for one in kept if unicodedata.category(one) not in _DROPPED))


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "email": mask_email,
    "phone": mask_phone,
    "push_token": mask_token,
    "birth": mask_birth,
    "address": mask_address,
    "ip": mask_ip,
}
"""The mask of each kind of value."""
