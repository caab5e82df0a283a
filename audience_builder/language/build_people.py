"""Clauses about who people are: where they live, tier, age, gender, devices, consent, sign-up, and vague words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from audience_builder.catalog.options import INTENTS, TIERS
from audience_builder.catalog.places import is_overseas
from audience_builder.language.build import (
    Builder,
    Meaning,
    Node,
    NotSaid,
    Uses,
    compared,
    condition,
    days_of,
    duration_limits,
    last,
    negated,
    note_homonym,
    properties_of,
    window_of,
)
from audience_builder.language.build_habits import CANCEL_RATE, KNOWING, cycle, lead, number, preferred
from audience_builder.language.build_money import count_of_share
from audience_builder.language.item import Item
from audience_builder.language.quantity import Limits
from audience_builder.language.several import devoted, interested
from audience_builder.language.vague import VAGUE, Vague

_BARE: Final = (
    "받는",
    "받지",
    "받을 수 있는",
    "받고 있는",
    "동의",
    "허용",
    "거부",
    "consent",
    "consents",
    "accept",
    "refused",
)
_ALL: Final = ("모든", "전 ", "전체", "all", "every")
_NIGHT_CHANNELS: Final = ("push", "sms", "kakao")
_CHANNELS: Final = ("push", "email", "sms", "kakao")


def _chosen(filter_key: str, kind: str, key: str = "") -> Builder:
    """A filter whose value is one of several options."""

    def build(uses: Uses, meaning: Meaning) -> Node:
        knowing = next((operator for flag, operator in KNOWING.items() if uses.drop(flag)), "")
        if knowing:
            return condition(
                filter_key, {"known": "unknown", "unknown": "known"}[knowing] if negated(uses) else knowing
            )
        item = _item(uses, kind)
        if item is None:
            raise NotSaid
        note_homonym(item, kind, "value", meaning)
        operator = "not_in" if negated(uses) else "in"
        if uses.drop("only") and filter_key == "device_type":
            operator = "only"
        elif uses.clause.has("both") and filter_key == "device_type" and operator == "in" and len(item.value(kind)) > 1:
            operator = "has_all"
        uses.drop("both", "said", key)
        window = window_of(uses, meaning) if filter_key == "device_type" else None
        return condition(filter_key, operator, list(item.value(kind)), window=window)

    return build


def _item(uses: Uses, kind: str) -> Item | None:
    head = uses.clause.head
    return head if head is not None and head.has(kind) and uses.clause.kind == kind else uses.take(kind)


def place_alone(uses: Uses, meaning: Meaning) -> Node:
    """`서울 여성`: a place beside people is taken for where they live, unless it is abroad (`해외 여행객`)."""
    item = _item(uses, "place")
    if item is not None and any(is_overseas(key) for key in item.value("place")):
        raise NotSaid
    meaning.assumed["filter"] = "home"
    return _chosen("activity_region", "place")(uses, meaning)


def _ordered(filter_key: str, kind: str) -> Builder:
    """A filter whose options have an order: by itself an option is meant exactly."""

    def build(uses: Uses, meaning: Meaning) -> Node:
        item = _item(uses, kind)
        destination = uses.take("place") if filter_key == "overseas_intent" else None
        properties: dict[str, Any] = {"destination": list(destination.value("place"))} if destination else {}
        if item is None:
            if filter_key != "overseas_intent":
                raise NotSaid
            denied = uses.clause.has("none", "not")
            uses.drop("none", "not", "exist")
            return condition(filter_key, "=" if denied else ">=", "none" if denied else "weak", properties=properties)
        uses.drop("said", "trip", "exist")
        options: tuple[str, ...] = item.value(kind)
        if len(options) != 1:
            return condition(filter_key, "not_in" if negated(uses) else "in", list(options), properties=properties)
        limits = item.readings.get("cmp")
        operator, value = option_compared(limits) if isinstance(limits, Limits) else ("=", options[0])
        if negated(uses):
            operator = {"=": "!=", ">=": "<", ">": "<=", "<=": ">", "<": ">="}[operator]
        return condition(filter_key, operator, value, properties=properties)

    return build


def option_compared(limits: Limits) -> tuple[str, Any]:
    """Limits of options (each end a key)."""
    if limits.high is None:
        return (">" if limits.low_open else ">="), limits.low
    if limits.low is None:
        return ("<" if limits.high_open else "<="), limits.high
    order = TIERS.keys() if limits.low in TIERS else INTENTS.keys()
    low, high = order.index(limits.low) + limits.low_open, order.index(limits.high) - limits.high_open
    if low > high:
        raise NotSaid
    return ("!=" if limits.differs else "=", order[low]) if low == high else ("between", [order[low], order[high]])


def age(uses: Uses, meaning: Meaning) -> Node:
    """Years of age; a decade is a range, and with a comparison the end that is meant."""
    head = uses.clause.head
    item = head if head is not None and head.has("age") else uses.take("age") or uses.take("number")
    for flag, knowing in KNOWING.items():
        if uses.drop(flag):
            return condition("age", knowing)
    if item is None:
        raise NotSaid
    kind = "age" if item.has("age") else "number"
    operator, value = compared(_age_limits(item, kind))
    if negated(uses):
        if operator == "between":
            return {"type": "not", "child": condition("age", operator, value)}
        operator = {"=": "!=", ">=": "<", ">": "<=", "<=": ">", "<": ">="}[operator]
    return condition("age", operator, value)


def _age_limits(item: Item, kind: str) -> Limits:
    low, high = item.value(kind)
    limits = item.readings.get("cmp")
    said = item.readings.get("by")
    if not isinstance(limits, Limits) or high is None:
        return Limits(low, high)
    if low != high and said in ("ge", "gt", "le", "lt"):
        ends = {
            "ge": Limits(low=low),
            "gt": Limits(low=high, low_open=True),
            "le": Limits(high=high),
            "lt": Limits(high=low, high_open=True),
        }
        return ends[said]
    return limits


def consent(uses: Uses, meaning: Meaning) -> Node:
    """Which channels were consented to; refusing is having given no consent."""
    refused = uses.clause.kind == "consent_refused"
    items = uses.all("channel")
    head = uses.clause.head
    if head is not None and uses.clause.kind == "channel":
        items = [head, *items]
    channels = [channel for item in items for channel in item.value("channel")]
    night = uses.drop("night")
    together = uses.drop("both") or any(item.has("together") or item.text.startswith(_ALL) for item in items)
    denied = negated(uses) != refused
    uses.drop("said")
    if not channels and not night and head is not None and head.text in _BARE:
        raise NotSaid  # consent to what?
    if not channels and denied and not night and uses.clause.has("never"):
        channels = [*_CHANNELS]  # `수신 동의를 하나도 안 한`
    if not channels:
        channels = [*_NIGHT_CHANNELS] if night else ["marketing_use"]
        meaning.assumed["value"] = "channel"
    if len(channels) > 1 and "marketing_use" in channels:
        channels.remove("marketing_use")
    if night and "marketing_use" in channels:
        raise NotSaid
    operator = "not_in" if denied else "has_all" if together and len(channels) > 1 else "in"
    properties = {"night": True} if night else {}
    said = condition("marketing_consent", operator, channels, properties=properties)
    others = [channel for channel in _CHANNELS if channel not in channels]
    only = uses.take("only")
    if only is None or denied or "marketing_use" in channels or only.start != items[-1].end:
        return said
    return {"type": "all", "children": [said, condition("marketing_consent", "not_in", others, properties=properties)]}


def channel_alone(uses: Uses, meaning: Meaning) -> Node:
    """`푸시 O`: a channel with a mark is a consent; without one it says nothing."""
    head = uses.clause.head
    says_consent = head is not None and re.search("동의|consent", head.text)
    if not uses.clause.has("mark_yes", "mark_no") and not uses.clause.excluded and not says_consent:
        raise NotSaid
    return consent(uses, meaning)


def travelled_with(uses: Uses, meaning: Meaning) -> Node:
    """`반려견 동반 고객`: company said of people is taken from their bookings."""
    item = _item(uses, "party")
    assert item is not None
    party = list(item.value("party"))
    meaning.assumed["filter"] = "company"
    meaning.others.append(condition("search_region", ">=", 1, properties={"travel_party": party}))
    denied = negated(uses)
    return condition("booking_count", "=" if denied else ">=", 0 if denied else 1, properties={"travel_party": party})


def signup(uses: Uses, meaning: Meaning) -> Node:
    """How long ago the sign-up was, or when."""
    uses.drop("elapsed", "said", "exist")
    point = next((item for item in uses.clause.args if item.has("behind", "ahead") and not item.has("cmp")), None)
    duration = None if point else uses.take("duration") or uses.take("within")
    if duration is not None:
        limits = duration_limits(duration)
        said = duration.value("within" if duration.has("within") else "duration")
        operator, value = compared(limits)
        if not duration.has("cmp", "within"):
            operator = ">="
            meaning.assumed["operator"] = "elapsed"
        if said[1] in ("month", "year") and operator in (">=", ">", "<", "<="):
            return condition("signup", "within" if operator in ("<", "<=") else "not_within", last(said))
        return condition("signup", operator, value)
    behind = uses.take("behind") or uses.take("ahead")
    if behind is not None and not behind.has("window"):
        return condition("signup", "=", behind.value("behind" if behind.has("behind") else "ahead"))
    if behind is not None and behind.has("days"):
        return condition("signup", "between", list(behind.value("days")))
    window = window_of(uses, meaning)
    head = uses.clause.head
    if window is None and head is not None and head.text.startswith("신규") and not uses.left:
        return dict(VAGUE["new_member"].rule)
    if window is None:
        raise NotSaid
    return condition("signup", "not_within" if negated(uses) else "within", window)


def status(uses: Uses, meaning: Meaning) -> Node:
    """The status of the account: everybody has a sign-up, so its being known with that status says it."""
    del meaning
    item = _item(uses, "status")
    if item is None:
        raise NotSaid
    keys: tuple[str, ...] = item.value("status")
    return condition("signup", "unknown" if negated(uses) else "known", properties={"account_status": list(keys)})


def vague(uses: Uses, meaning: Meaning) -> Node:
    """A word of the glossary: its first reading is taken, the others are offered."""
    item = _item(uses, "vague")
    if item is None or (item.value("vague") not in VAGUE and not item.has("team")):
        raise NotSaid
    entry: Vague = item.value("team") if item.has("team") else VAGUE[item.value("vague")]
    if item.value("vague") == "absent":
        return _absent(uses, meaning)
    window = window_of(uses, meaning)
    duration = uses.take("duration")
    if duration is not None and window is None:
        window = last(duration.value("duration"))
    node = dict(entry.rule)
    percent = uses.take("percent")
    if percent is not None:
        if "top_percent" not in {other.get("operator") for other in entry.others}:
            raise NotSaid
        operator, value = count_of_share(uses, percent)
        return condition(node["filter"], operator, value, window=window or node.get("window"))
    if window is not None:
        if node.get("filter") != "booking_count":
            raise NotSaid
        node = {**node, "window": window}
    if item.value("vague") == "never_booked":
        properties = _booked_what(uses, meaning)
        node = {**node, **({"properties": properties} if properties else {})}
        meaning.negative = True
    if entry.asks:
        meaning.assumed["word"] = item.value("vague")
    meaning.others.extend(entry.others)
    if negated(uses):
        return {"type": "not", "child": node}
    return node


def _booked_what(uses: Uses, meaning: Meaning) -> Node:
    return properties_of(uses, "booking_count", meaning)


def _absent(uses: Uses, meaning: Meaning) -> Node:
    """미접속: for how long, or 30 days."""
    days = uses.take("days")
    if days is not None:
        return condition("last_visit", "between", list(days.value("days")))
    item = uses.take("duration") or uses.take("within")
    if item is not None:
        span = item.value("within" if item.has("within") else "duration")
        meaning.others.append(condition("last_visit", ">=", days_of(span)))
        return condition("last_visit", "not_within", last(span))
    window = window_of(uses, meaning)
    if window is not None:
        return condition("visit_frequency", "=", 0, window=window)
    meaning.assumed["word"] = "absent"
    meaning.others.append(condition("last_visit", ">=", 90))
    return condition("last_visit", ">=", 30)


PEOPLE: Final[Mapping[str, Builder]] = {
    "live": _chosen("activity_region", "place"),
    "place": place_alone,
    "gender": _chosen("gender", "gender"),
    "gender_word": _chosen("gender", "gender"),
    "life": _chosen("life_stage", "life"),
    "stage_word": _chosen("life_stage", "life"),
    "device": _chosen("device_type", "device"),
    "device_word": _chosen("device_type", "device"),
    "tier": _ordered("membership_tier", "tier"),
    "tier_word": _ordered("membership_tier", "tier"),
    "intent_word": _ordered("overseas_intent", "intent"),
    "age": age,
    "age_word": age,
    "consent": consent,
    "consent_refused": consent,
    "channel": channel_alone,
    "party": travelled_with,
    "signup": signup,
    "cycle": cycle,
    "elapsed_ratio": cycle,
    "lead": lead,
    "cancel_rate": CANCEL_RATE,
    "lines_word": number("product_line_count", "lines_booked", ("count", "number")),
    "prefer": preferred,
    "interest": interested,
    "mania": devoted,
    "status": status,
    "vague": vague,
}
