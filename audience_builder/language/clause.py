"""Clauses: a verb or noun with what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from audience_builder.language.clause_kinds import COMPLETED, EVENTS, HEADS, OF_AGE, TIMES, VERBAL
from audience_builder.language.item import Item
from audience_builder.language.values import VALUES


@dataclass(slots=True)
class Clause:
    """One thing said: its head (`""` where there is none), what belongs to it, and how it hangs on the clause before.

    `joint` is `and`, `or`, `list` or `""`, and `link` the words that say so; `excluded` where the sentence takes it away.
    """

    head: Item | None = None
    kind: str = ""
    args: list[Item] = field(default_factory=list[Item])
    joint: str = ""
    excluded: bool = False
    closed: bool = False
    unit: int = 0
    link: str = ""

    @property
    def items(self) -> list[Item]:
        """Everything in it, in reading order."""
        return sorted([*([self.head] if self.head else []), *self.args], key=lambda item: item.start)

    @property
    def is_not_even(self) -> bool:
        """Whether it is denied of a number (`두 번도 안`): fewer than that."""
        return any(item.has("not", "none") and item.link.strip() == "도" for item in self.args)

    def all(self, kind: str) -> list[Item]:
        """What belongs to it that can be of a kind."""
        return [item for item in self.args if item.has(kind)]

    def has(self, *kinds: str) -> bool:
        """Whether something of one of these kinds belongs to it."""
        return any(item.has(*kinds) for item in self.args)


def is_part_of_name(last: Clause, item: Item) -> bool:
    """`재구매 확률`, `예약 쿠폰`: a noun right before one that cannot be asked belongs to its name; a verb does not."""
    if last.head is None or last.kind not in (*HEADS, "vague") or last.head.text.endswith(VERBAL):
        return False
    return not item.link.strip() or (item.text.endswith(VERBAL) and item.link.strip() in ("이", "가", "도"))


def is_denied_too(last: Clause, held: list[Item]) -> bool:
    """`booked a hotel but never a pension`: the verb is not said again."""
    return (
        last.kind in EVENTS
        and len(held) > 1
        and held[0].has("never", "not")
        and all(item.has(*VALUES, *TIMES) for item in held[1:])
    )


def is_home_of(last: Clause, item: Item, text: str) -> bool:
    """`women in their 30s in Seoul`: a place said of people is where they live."""
    said_of_people = last.kind in (*OF_AGE, "age") and item.has("place")
    return said_of_people and text[: item.start].rstrip().endswith((" in", " from"))


_N: Final = 4
"""The final consonant ㄴ, by its place in a syllable: a verb before a noun ends on it (`담아둔`)."""


def _ends_on_n(word: str) -> bool:
    return len(word) > 1 and "가" <= word[-1] <= "힣" and (ord(word[-1]) - ord("가")) % 28 == _N


def governs(verb: Item) -> bool:
    """Whether an unknown word is said of the value before it: by a particle, or as a verb right behind (`온천 좋아하는`)."""
    if not verb.link.strip() and _ends_on_n(verb.text):
        return True
    by_particle = re.match(r"(?:을|를|에|에서|로|으로|이|가|은|는)\s", verb.link)
    return bool(by_particle) or (
        not verb.link.strip() and bool(re.search("[하되있없는던은]$|[가-힣]{2}[는은던한]", verb.text))
    )


_JOINING: Final = re.compile(r"[가-힣](?:고|지만|는데|며|면서)$")


def tail_of(item: Item) -> str:
    """The ending a word of the lexicon carries itself (`넘고`, `없는데`): it joins like one that stands free."""
    says = item.has("cmp", "not", "none", "exist", *HEADS) and not item.has("exclude", *VALUES)
    found = _JOINING.search(item.text) if says else None
    return found[0] if found else ""


STAYED_IN: Final = ("stay_type", "line", "stay_mode", "leisure_type", "space_type", "transport", "vehicle")


OFTEN: Final = ("often", "seldom", "hardly", "much")
_TRIPS: Final = ("가는", "여행 가는", "떠나는")


def kind_of_head(item: Item, pending: Sequence[Item]) -> str:
    """What a verb is about; `아이폰도 쓰고` and `모텔을 이용하는` by what stands before it."""
    kind = next(kind for kind in HEADS if item.has(kind))
    counted = any(held.has("count", *OFTEN) for held in pending)
    if kind == "trip" and counted and item.text in _TRIPS:
        return "stayed"  # `부산 여행은 2번`, `여행 자주 가는`: trips that were made
    if item.has("device_word"):
        if any(held.has("device") for held in pending) and not any(held.has("money") for held in pending):
            return "device_word"
        if item.text.startswith("이용") and any(held.has(*STAYED_IN) for held in pending):
            return "stayed"
        if any(held.has("money") for held in pending):
            return "pay"
    return kind


def is_only_noun(last: Clause) -> bool:
    """`부산 여행 예약한`, `누적 10회 예약한`: the noun before says only what was booked, or how it is counted."""
    if last.head is None:
        return False
    if last.kind == "spend":
        return last.head.text in ("누적", "누적으로", "총") and not last.has("money")
    return last.kind == "trip" and last.head.text == "여행"


_BOOKINGS: Final = ("booking", "bookings", "reservation", "reservations", "order", "orders")


def is_completed(last: Clause, kind: str, item: Item) -> bool:
    """Whether a second verb only completes the first: 누적으로 … 쓴, 마지막으로 … 결제한, 찜 목록에 … 담은."""
    if last.kind == "cancel" and kind == "book" and item.text in _BOOKINGS:
        return True
    if last.kind not in COMPLETED.get(kind, ()):
        return False
    if last.kind in ("spend", "trip") and kind in ("book", "stayed", "cancel"):
        return is_only_noun(last) or (last.kind == "trip" and kind == "book")
    return last.kind != "wish" or kind != "cart" or item.text.startswith("담")


_DONE: Final = re.compile(r"^\s*(?:은|는|을|를|도|만)?\s*(?:했|한|해 ?[본봤보]|하고|하는|하지)")


def is_done_noun(held: Sequence[Item], link: str) -> bool:
    """`공간대여는 했지만`: a product one does is booked."""
    return bool(held) and held[-1].has("line", "stay_mode") and bool(_DONE.match(link))


_WHAT: Final = re.compile(
    r"^(?:한|했던|하는|했|된|은|는|던)?\s*(?:지역|도시|여행지|목적지|곳|숙소|상품|카테고리|유형|숙소 유형|테마|나라|국가)(?:이|가|은|는)?\s*$"
)
_IS_HAD: Final = re.compile(r"(?: [가-힣]+)?(?:이|가)\s?(?:있|없)")
"""`찜해둔 풀빌라가 있는`: what was done to it stands before it."""
_IS: Final = re.compile(r"^(?:인|였|이었|이고|이며|이면서|이었|였)")


_IS_SAID: Final = re.compile(
    r"(?:이|가|은|는)\s+(?:[^\s,]+(?:인|이고|이며|이었던|였던|이면서)(?:\s|$)|(?:[0-9]+|한|두|세|네|다섯|열)\s*(?:개|곳|건|회|번))"
)


def is_what(last: Clause, item: Item, text: str) -> bool:
    """`본 숙소가 리조트인`: the noun that is said to be something says nothing itself."""
    if last.kind not in EVENTS or last.head is None or item.text not in ("숙소", "숙박", "상품"):
        return False
    said = text[last.head.end : item.start]
    return bool(re.match(r"^(?:한|했던|하는|던)?\s+$", said) and _IS_SAID.match(text[item.end :]))


def names_what(last: Clause, item: Item, text: str) -> bool:
    """`검색한 지역이 강릉인`, `찜해둔 풀빌라가 있는`: what was searched, said behind the verb."""
    if last.kind not in (*EVENTS, "wish_kept", "last_booking") or last.head is None or not item.has(*VALUES):
        return False
    behind = [held for held in last.args if held.start > last.head.end]
    between = text[behind[-1].end if behind else last.head.end : item.start]
    is_verb = between in ("한 ", "했던 ") or (between == " " and (bool(behind) or _ends_on_n(last.head.text)))
    if is_verb and _IS_HAD.match(text[item.end :]):
        return True
    if last.has("first", "latest") and between.strip() in ("이", "은", "가", "는") and _IS.match(text[item.end :]):
        return True
    return bool(_WHAT.match(text[last.head.end : item.start]) and _IS.match(text[item.end :]))


def says_again(last: Clause, held: Sequence[Item]) -> bool:
    """`작년에 5번 예약, 올해는 0번`: another time and number of what was just said."""
    times = [item for item in held if item.has(*TIMES)]
    if times and last.has(*TIMES) and last.has(*VALUES) and last.kind in EVENTS:
        others = [item for item in held if item not in times]
        if others and all(item.has("place", "stay_type", "line") for item in others):
            return True  # `booked Jeju last year and Busan this year`
    counts = [item for item in held if item.has("count", "none", "number", "never", "not") and item not in times]
    return last.kind in EVENTS and last.has(*TIMES) and len(times) == 1 <= len(counts) and len(held) == len(counts) + 1


def says_another(last: Clause, held: Sequence[Item]) -> bool:
    """`booked twice in Jeju and once in Busan`: another number of another of what was just counted."""
    counts = [item for item in held if item.has("count", "exist", "none")]
    things = [item for item in held if item.has(*_COUNTED)]
    alike = len(things) == 1 and any(things[0].has(kind) and last.has(kind) for kind in _COUNTED)
    return last.kind in EVENTS and last.has("count", "exist") and len(counts) == 1 and alike and len(held) == 2


_COUNTED: Final = ("place", "stay_type", "line")


def in_two(held: Sequence[Item]) -> list[list[Item]]:
    """`상반기에는 3번 이상, 하반기에는 1번도`, `제주는 2번, 부산은 1번` before one verb: what each half says; one part where there are none."""
    counts = [at for at, item in enumerate(held) if item.has("count", "number") and not item.has(*TIMES)]
    for kinds in (TIMES, *((kind,) for kind in _COUNTED)):
        halves = [at for at, item in enumerate(held) if item.has(*kinds)]
        others = [item for item in held if item.has(*VALUES) and not item.has(*kinds)]
        if len(halves) == len(counts) == 2 and not others and halves[0] < counts[0] < halves[1] < counts[1]:
            return [list(held[: halves[1]]), list(held[halves[1] :])]
    return [list(held)]


def is_share(held: Sequence[Item]) -> bool:
    """`상위 10%`."""
    return any(item.has("percent") for item in held) and any(item.has("top", "bottom") for item in held)


def is_sum(held: Sequence[Item]) -> bool:
    """`100만원 이상`: a sum by itself is what was paid altogether."""
    sums = [item for item in held if item.has("money") and item.has("cmp")]
    return len(sums) == 1 and all(item in sums or item.has(*TIMES) for item in held)


_USES: Final = re.compile(r"(?:하고|하며|하면서|하지|해|했)")


def is_deed(item: Item, held: Sequence[Item], text: str) -> bool:
    """`에버랜드 간` (and not `두 달 간`), `국내선 3회 이상 이용`, `레저만 이용하고`."""
    if item.has("went"):
        return (
            bool(held)
            and held[-1].has("place", "leisure_type", "count")
            and any(entry.has("place", "leisure_type") for entry in held)
        )
    is_verb = bool(_USES.match(text[item.end :])) or any(entry.has("count") for entry in held)
    return is_verb and any(entry.has(*STAYED_IN) for entry in held)


def is_not_done(held: Sequence[Item]) -> bool:
    """`숙박은 한 번도 안 한`: a product and that it was not done."""
    lines = [item for item in held if item.has("line", "stay_mode")]
    denials = [
        item
        for item in held
        if item.has("not") and item.text.replace(" ", "") in ("안한", "하지않은", "안했", "못한", "안", "하지않", "않")
    ]
    rest = [
        item
        for item in held
        if item not in lines and item not in denials and not item.has("never", "yet", "only", *TIMES)
    ]
    return len(lines) == 1 and len(denials) == 1 and not rest


BOUGHT: Final = ("leisure_type", "space_type", "transport", "vehicle", "line")


def is_bought(held: Sequence[Item]) -> bool:
    """`회의실 대관 2회 이상`, `렌터카 2회`: products counted without a verb; a stay is looked for as well, so not it."""
    things = [item for item in held if item.has(*BOUGHT)]
    counts = [item for item in held if item.has("count")]
    named = [item for item in things if not (item.has("line") and item.value("line")[0].endswith("stay"))]
    rest = [item for item in held if item not in things and item not in counts and not item.has(*TIMES)]
    return len(counts) == 1 and bool(named) and not rest


def is_membership(held: Sequence[Item], text: str) -> bool:
    """`3년 이상 된 회원`: how long somebody has been one."""
    if len(held) != 1 or not held[0].has("duration"):
        return False
    return is_of_members(held[0], text)


def is_of_members(item: Item, text: str) -> bool:
    """Whether a stretch of time stands right before members (`1년 이상 회원`)."""
    return bool(re.match(r"\s*(?:된\s*)?(?:회원|고객|멤버)", text[item.end :])) and item.has("cmp")


_APART: Final = re.compile(r"[,;/]|중|가운데|에서|단\s|거나|or|또는")


def said_together(found: Sequence[Clause]) -> list[Clause]:
    """The events at the end that are said of the same people in one breath; none where there is but one."""
    together: list[Clause] = []
    for clause in reversed(found):
        if clause.kind in (*OF_AGE, "age", "live", "vague", "status") or not clause.kind:
            break
        together.insert(0, clause)
        if clause.joint != "and" or _APART.search(clause.link):
            break
    return together if len(together) > 1 else []


_YOUNGEST, _OLDEST = 14, 99
_NO_UNIT: Final = re.compile(r"\s*(?:,|$|who\b|and\b|or\b|with\b|from\b|in\b|living\b|that\b|on\b|but\b|years?\b)")


def is_age_apart(item: Item, text: str, last: Clause) -> bool:
    """`men over 50`, `…, over 50, …`: a number of no unit said of people, or between commas, is years of age."""
    if not (item.has("number") and item.has("cmp")):
        return False
    low, high = item.value("number")
    stands_so = (last.kind in OF_AGE and bool(_NO_UNIT.match(text[item.end :]))) or (
        "," in item.link and bool(re.match(r"\s*(?:,|$)", text[item.end :]))
    )
    return stands_so and _YOUNGEST <= low <= high <= _OLDEST


def is_cart_noun(last: Clause, item: Item) -> bool:
    """`장바구니에 제주 호텔 담은`: the noun before says only where to."""
    if last.kind != "cart" or last.head is None or last.args:
        return False
    return last.head.text in ("장바구니", "카트") and item.text[0] in "담넣"


_RELATIVE: Final = re.compile(r"^(?:한|했던|하는|하던|할|된|은|는|ㄴ|던|을|해본|해 본|했었던|하신|하셨던|인|한 적)?\s")
_PARTICLES: Final = ("기준", "기준으로", "", "은", "이", "가", "는", "을", "를", "의", "도", ":")
_AGO: Final = ("한 게", "한 것이", "한 것은", "한 날이", "한 지", "한지", "한 때가")
"""`마지막으로 예약한 게 6개월`: when it was, said of the deed."""


def is_said_of(last: Clause, item: Item, text: str) -> bool:
    """Whether a word behind a head is said of it: the head stands there as a noun (`예약은 3회`), not before one (`예약한 3회`)."""
    assert last.head is not None
    behind = [held for held in last.args if held.start >= last.head.end]
    between = text[max(held.end for held in behind) if behind else last.head.end : item.start]
    if between.strip() in ("은", "는") and last.head.text.endswith(("한", "은", "는", "본", "간", "산")):
        return False
    return not _RELATIVE.match(between + " ") or between.strip() in (*_PARTICLES, *_AGO)


_HIGH: Final = re.compile(r"(?:높|많|큰|크|낮|적)\S?(?: 한)?$")
_OF_ALL: Final = re.compile(r"\s*(?:한\s*|이\s*)?(?:순으로\s*|순\s*)?(?:고객\s*)?(?:상위|하위)")
_DEVICE_BEHIND: Final = re.compile(
    r"\s+(?:an? |the |their )?(?:ios|iphone|ipad|android|galaxy|mobile|desktop|web|app|pc)\b"
)


def is_preposition(item: Item, text: str) -> bool:
    """`spent … on hotels`: `on` before anything but a device says nothing."""
    return item.text == "on" and not _DEVICE_BEHIND.match(text[item.end :])


def meant(item: Item, pending: Sequence[Item], text: str, *, head_first: bool) -> Item | None:
    """A word that is something else where it stands; None where it says nothing there."""
    if not head_first and item.has("mark_yes", "mark_no") and item.has("device_word"):  # `푸시 ON`
        return replace(item, readings={kind: True for kind in ("mark_yes", "mark_no") if item.has(kind)})
    if head_first and is_preposition(item, text):
        is_mark = bool(pending) and pending[-1].has("channel")  # `push on`
        return replace(item, readings={"mark_yes": True}) if is_mark else None
    if head_first and item.text == "visitors" and not pending:
        return replace(item, readings={"user": True})
    if _HIGH.match(item.text) and _OF_ALL.match(text[item.end :]):  # `결제액이 높은 상위 5%`
        return None
    if item.has("eq") and not item.has("cmp"):  # `지역=서울`
        return None
    if item.has("went", "used"):
        return replace(item, readings={"stayed": True}) if is_deed(item, pending, text) else None
    return item
