"""From clauses to a rule: what a denied clause inherits, what is joined by or, what is taken away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from audience_builder.errors import RuleError
from audience_builder.language.build import Meaning, Node, NotSaid, Uses, condition
from audience_builder.language.build_events import EVENTS
from audience_builder.language.build_people import PEOPLE
from audience_builder.language.clause import Clause
from audience_builder.language.clause_kinds import TIMES
from audience_builder.language.item import Item
from audience_builder.language.joining import tree_of
from audience_builder.language.several import spread
from audience_builder.language.torn import drop_torn_words, is_torn
from audience_builder.rule.check import parse_rule

BUILDERS: Final = {**EVENTS, **PEOPLE}
_EVENT_FILTERS: Final = (
    "search_region", "search_stay_type", "search_theme", "viewed_category", "cart", "wishlist", "visit_frequency", "booking_count",
    "total_spend", "average_order_value", "cancellation", "space_rental", "leisure", "rental_car", "transport", "overseas_booking",
)  # fmt: skip
_BEHAVIOUR: Final = (
    "search_region",
    "search_stay_type",
    "search_theme",
    "viewed_category",
    "cart",
    "wishlist",
    "visit_frequency",
)
_MEETS: Final = {"booking_count": "region", "rental_car": "region", "leisure": "region", "space_rental": "region",
                 "transport": "region", "overseas_booking": "destination", "wishlist": "region", "viewed_category": "region",
                 "search_region": "region"}  # fmt: skip


@dataclass(slots=True)
class Assembled:
    """The tree of a sentence (as JSON, without ids), its meanings in order, and the items nobody understood."""

    root: Node | None
    meanings: list[Meaning] = field(default_factory=list[Meaning])
    unread: list[list[Item]] = field(default_factory=list[list[Item]])


def assemble(clauses: Sequence[Clause]) -> Assembled:
    """The tree of clauses."""
    folded = _trips(_cancellations(_stays(list(clauses))))
    meanings = [_meaning(clause) for clause in folded]
    drop_torn_words(meanings)
    _inherit(meanings)
    meanings = _without_repeats(meanings)
    unread = [meaning.clause.items for meaning in meanings if meaning.node is None]
    unread += [[item] for meaning in meanings if meaning.node is not None for item in meaning.unread]
    kept = [meaning for meaning in meanings if meaning.node is not None]
    return Assembled(tree_of(kept), kept, [items for items in unread if items])


# --- folding ------------------------------------------------------------------------------------------------------------

_NO_VERB: Final = ("여행", "trip", "trips")
_LOOKED_FOR: Final = ("search", "view", "wish", "book", "cart")


def _stays(clauses: list[Clause]) -> list[Clause]:
    """`이번 주말에 갈 제주 숙소를 검색한`: a trip before a search is the stay searched for."""
    found: list[Clause] = []
    for clause in clauses:
        before = found[-1] if found else None
        if before is None or clause.kind not in _LOOKED_FOR or clause.joint in ("and", "or"):
            found.append(clause)
            continue
        if (
            before.kind == "trip"
            and before.head is not None
            and before.head.text in _NO_VERB
            and not before.has(*TIMES)
        ):
            clause.args = [*before.args, replace(before.head, readings={"said": "trip"}), *clause.args]
            clause.joint = before.joint
            found[-1] = clause
            continue
        if before.head is None or not (_goes(before) or before.head.text in _NO_VERB) or before.kind != "trip":
            found.append(clause)
            continue
        time = next((item for item in before.args if item.has("season", "window", "within", "ahead")), None)
        if time is None:
            if _is_of_stay(before, clause):
                del found[-1]
                clause.args = [*before.args, replace(before.head, readings={"said": "trip"}), *clause.args]
                clause.joint = before.joint
            found.append(clause)
            continue
        stay = replace(time, readings={"stay_window": stay_of(time)})
        rest = [item for item in before.args if item is not time]
        said = Item(before.head.start, before.head.end, before.head.text, {"said": "trip"})
        found[-1] = clause
        clause.args = [*rest, stay, said, *clause.args]
        clause.joint = before.joint
    return found


def _is_of_stay(before: Clause, clause: Clause) -> bool:
    """`강아지랑 가는 숙소 찾아본`: the trip only says what kind of stay was looked for."""
    noun = next(iter(sorted(clause.args, key=lambda item: item.start)), None)
    return (
        noun is not None
        and before.head is not None
        and noun.has("line", "stay_type")
        and noun.start - before.head.end <= 1
        and all(item.has("party", "place", "both", "said") for item in before.args)
    )


def _goes(clause: Clause) -> bool:
    return clause.kind == "trip" and clause.head is not None and clause.head.value("trip") == "verb"


def stay_of(item: Item) -> Node:
    """The dates of a stay a word of time names."""
    if item.has("season"):
        name, year = item.value("season")
        return {"relation": "touches", "window": {"type": "named", "name": name, "year": year or "upcoming"}}
    if item.has("window"):
        return {"relation": "in", "window": dict(item.value("window"))}
    if item.has("ahead"):
        return {"relation": "in", "window": {"type": "days", "start": item.value("ahead"), "end": item.value("ahead")}}
    n, unit = item.value("within")
    return {"relation": "in", "window": {"type": "next", "n": n, "unit": unit}}


def _cancellations(clauses: list[Clause]) -> list[Clause]:
    """`예약했다가 취소한`: one cancellation."""
    found: list[Clause] = []
    for clause in clauses:
        before = found[-1] if found else None
        joined = clause.head is not None and re.search(r"다가|and then", clause.head.link)
        if (
            before is not None
            and before.kind in ("book", "pay")
            and clause.kind == "cancel"
            and joined
            and not clause.args
        ):
            before.args.append(
                Item(before.head.start, before.head.end, before.head.text, {"said": "book"})
                if before.head
                else clause.items[0]
            )
            before.head, before.kind = clause.head, "cancel"
            continue
        found.append(clause)
    return found


def _trips(clauses: list[Clause]) -> list[Clause]:
    """What a trip has and lacks: 항공권은 샀는데 숙소는 아직 예약하지 않은; … 체크인하는 사람 중 렌터카 없는."""
    found: list[Clause] = []
    for clause in clauses:
        before = found[-1] if found else None
        if before is None or not _is_about_line(clause):
            found.append(clause)
            continue
        is_not = clause.head is not None and clause.head.readings.get(clause.kind) == "not"  # `렌터카 미예약`
        denied = is_not or clause.has("none", "not", "mark_no") or (clause.kind == "has_line" and clause.has("yet"))
        if before.kind == "trip" and not clause.has(*TIMES):
            before.args += _has_or_lacks(clause, denied=denied)
            continue
        if _is_what_is_booked(before, clause) and clause.head is not None:
            before.args += [clause.head, *clause.args]
            continue
        if _is_more_booked(before, clause, denied=denied) and clause.head is not None:
            clause.kind, clause.head, clause.args = "book", None, [clause.head, *clause.args]
            found.append(clause)
            continue
        if (
            _is_about_line(before, place=True)
            and not before.has("none", "not")
            and denied
            and clause.has("yet")
            and not clause.has(*TIMES)
        ):
            head = before.head
            made = Clause(
                head=head, kind="trip", args=[*_has_or_lacks(before, denied=False), *_has_or_lacks(clause, denied=True)]
            )
            made.joint, made.unit = before.joint, before.unit
            found[-1] = made
            continue
        found.append(clause)
    return found


def _is_what_is_booked(before: Clause, clause: Clause) -> bool:
    """`예약한 숙소가 하나도 없는`: what was booked, and whether there is any."""
    if clause.kind != "has_line" or before.kind != "book" or clause.joint or clause.head is None:
        return False
    return bool(re.match(r"^(?:한|했던|해 ?둔|해 ?놓은)\s*$", clause.head.link)) and not before.has("none", "not")


def _is_more_booked(before: Clause, clause: Clause, *, denied: bool) -> bool:
    """`렌터카는 예약했지만 숙소는 없는`: what is there or not behind a booking is booked or not."""
    is_trip = denied and clause.has("yet")
    return clause.kind == "has_line" and before.kind == "book" and not before.has("none", "not") and not is_trip


def _is_about_line(clause: Clause, *, place: bool = False) -> bool:
    return (
        clause.kind in ("book", "has_line", "pay")
        and any(item.has("line") for item in (*clause.args, *([clause.head] if clause.head else [])))
        and not clause.has("count", "money", "stay_type", *(() if place else ("place",)))
    )


def _has_or_lacks(clause: Clause, *, denied: bool) -> list[Item]:
    kind = "trip_lacks" if denied else "trip_has"
    made: list[Item] = []
    for item in clause.items:
        if item.has("line"):
            made.append(replace(item, readings={kind: item.value("line")}))
        elif item.has("place"):
            made.append(item)
        else:
            made.append(replace(item, readings={"said": "line"}))
    return made


# --- meanings -----------------------------------------------------------------------------------------------------------


def _meaning(clause: Clause) -> Meaning:
    """What a clause comes to; a clause that makes no right condition was not understood."""
    meaning = Meaning(clause)
    build = BUILDERS.get(clause.kind)
    if build is None:
        return meaning
    uses = Uses(clause)
    try:
        node = spread(build, uses, meaning)
        parse_rule({"version": 1, "root": node})
    except (NotSaid, RuleError):
        return Meaning(clause)
    if is_torn(node, clause, uses.left):
        return Meaning(clause)
    meaning.node = node
    meaning.unread += [
        item
        for item in uses.left
        if not item.has(
            "first",
            "latest",
            "yet",
            "only",
            "per",
            "never",
            "both",
            "top",
            "exist",
            "elapsed",
            "device_word",
            "a_night",
        )
        or item.has("waits")
    ]
    return meaning


def _without_repeats(meanings: list[Meaning]) -> list[Meaning]:
    """`가입 6개월 미만 신규 회원`: the vague word adds nothing; 휴면 beside another status is the status."""
    signed_up = any(meaning.clause.kind == "signup" and meaning.node for meaning in meanings)
    found: list[Meaning] = []
    for at, meaning in enumerate(meanings):
        word = (
            meaning.clause.head.readings.get("vague") if meaning.clause.kind == "vague" and meaning.clause.head else ""
        )
        if word == "new_member" and signed_up:
            continue
        near = [other for other in meanings[max(at - 1, 0) : at + 2] if other is not meaning]
        if word == "family" and any(_is_family(other) for other in near):
            continue
        beside = [other for other in near if other.clause.kind == "status"]
        if word == "dormant" and beside and beside[0].clause.excluded == meaning.clause.excluded:
            meaning.node = condition("signup", "known", properties={"account_status": ["dormant"]})
            meaning.others = []
        found.append(meaning)
    return found


def _is_family(meaning: Meaning) -> bool:
    node = meaning.node or {}
    return node.get("filter") == "life_stage" and all(str(key).startswith("family") for key in node.get("value", ()))


def _inherit(meanings: Sequence[Meaning]) -> None:
    """A denied event after another takes over its window and place, where it says none itself."""
    before: Meaning | None = None
    for meaning in meanings:
        node = meaning.node
        if node is None or node.get("filter") not in _EVENT_FILTERS:
            continue
        denied = meaning.negative or meaning.clause.excluded
        if meaning.clause.joint == "or" and before is not None and before.node is not None and not denied:
            _share_window(meaning, node, before.node)
        if before is not None and before.node is not None and denied and not before.negative:
            _take_over(meaning, node, before.node)
        if not denied:
            before = meaning


def _share_window(meaning: Meaning, node: Node, before: Node) -> None:
    """`최근 90일 동안 예약 3건 이상이거나 결제 50만원 이상`: the time that is said counts for both sides."""
    if "window" in before and "window" not in node and before["window"].get("type") != "ever":
        node["window"] = before["window"]
        meaning.assumed["window"] = "inherited"


def _take_over(meaning: Meaning, node: Node, before: Node) -> None:
    clause = meaning.clause
    is_viewed = before.get("properties", {}).get("action") == ["viewed"]
    if (
        is_viewed and node["filter"] == "booking_count" and not node.get("properties")
    ):  # 렌터카를 보고 안 산: no rental car
        node["filter"] = before["filter"]
        node["properties"] = {key: value for key, value in before["properties"].items() if key != "action"}
        meaning.assumed["filter"] = "inherited"
    ever = clause.has("exist") or "적" in (clause.head.text if clause.head else "") or _never_before(clause)
    if "window" not in node:
        window = {"type": "ever"} if ever else before.get("window")
        if window is None and (before["filter"] in _BEHAVIOUR or is_viewed):
            window = {"type": "last", "n": 90}
        if window is not None and window.get("type") != "ever":
            node["window"] = window
            meaning.assumed["window"] = "inherited"
        elif ever:
            node["window"] = {"type": "ever"}
    said = dict(node.get("properties", {}))
    place = before.get("properties", {}).get("region") or before.get("properties", {}).get("destination")
    key = _MEETS.get(str(node["filter"]))
    if (
        place
        and key
        and not clause.has("place")
        and not said.keys() - {"status", "basis", "product_line"}
        and "status" not in before.get("properties", {})
    ):
        node["properties"] = {**said, key: list(place)}
        meaning.assumed["region"] = "inherited"
    lines = before.get("properties", {}).get("product_line")
    if lines and node["filter"] == "booking_count" and not said and before["filter"] == "viewed_category":
        node["properties"] = {**node.get("properties", {}), "product_line": list(lines)}
        meaning.assumed["product_line"] = "inherited"


def _never_before(clause: Clause) -> bool:
    return any(item.has("ever") for item in clause.args)
