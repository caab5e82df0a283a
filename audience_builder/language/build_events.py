"""Clauses about what people did: searches, views, carts, wishes, visits, bookings, cancellations, trips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from audience_builder.catalog.places import is_overseas
from audience_builder.language.build import (
    STAY_LINES,
    Builder,
    Meaning,
    Node,
    NotSaid,
    Uses,
    compared,
    condition,
    count_of,
    days_of,
    duration_limits,
    last,
    negated,
    properties_of,
    window_of,
)
from audience_builder.language.build_carts import cart, checkout_left, event, left, wish
from audience_builder.language.build_habits import CANCEL_RATE
from audience_builder.language.build_money import average, paid_sum, spend
from audience_builder.language.clause import OFTEN
from audience_builder.language.clause_kinds import TIMES


def search(uses: Uses, meaning: Meaning) -> Node:
    """A search; where it was for stays at home or abroad, that is a place."""
    line = next((item for item in uses.clause.args if item.has("line") and item.value("line")[0] in STAY_LINES), None)
    fixed: dict[str, Any] = {}
    if line is not None:
        uses.take("line")
        region = {"domestic_stay": "korea", "overseas_stay": "overseas"}.get(line.value("line")[0])
        if region and not uses.clause.has("place"):
            fixed["region"] = [region]
    node = event(uses, meaning, "search_region", "looking", **fixed)
    kinds = [key for key in ("region", "stay_type", "theme") if key in node.get("properties", {})]
    owner = {"stay_type": "search_stay_type", "theme": "search_theme"}.get(kinds[0] if kinds else "", "search_region")
    return {**node, "filter": owner}


_SOLD: Final = {"rental_car": "rental_car", "leisure_ticket": "leisure", "space": "space_rental"}
_TYPES: Final = {
    "vehicle": "rental_car",
    "leisure_type": "leisure",
    "space_type": "space_rental",
    "transport": "transport",
}


def _cross_sell(uses: Uses) -> str:
    """The filter that owns what is spoken of: a rental car, leisure, a space or transport said alone."""
    args = uses.clause.args
    if any(item.has("stay_type") for item in args):
        return ""
    for kind, owner in _TYPES.items():
        found = next(
            (
                item
                for item in args
                if (item.has(kind) and not item.has("theme")) or (item.has(kind) and any(o.has("line") for o in args))
            ),
            None,
        )
        if found is not None and len(_lines(uses)) <= 1:
            return owner
    lines = _lines(uses)
    rides = [item for item in args if item.has("line")]
    if len(lines) > 1 and all(item.has("transport") for item in rides):
        return "transport"
    return _SOLD.get(lines[0], "") if len(lines) == 1 else ""


def _lines(uses: Uses) -> tuple[str, ...]:
    return tuple(key for item in uses.clause.args if item.has("line") for key in item.value("line"))


def view(uses: Uses, meaning: Meaning) -> Node:
    """A product page looked at."""
    owner = _cross_sell(uses)
    if owner:
        return _typed(uses, meaning, owner, action=["viewed"])
    uses.forget_stays_beside_types()
    return event(uses, meaning, "viewed_category", "booking")


def _typed(uses: Uses, meaning: Meaning, owner: str, **fixed: Any) -> Node:
    """Cross-sell: the line itself is said by the filter."""
    if owner != "transport" or uses.clause.has("transport"):
        uses.forget(entry for entry in uses.clause.args if entry.has("line") and not entry.has(*_TYPES))
    return event(uses, meaning, owner, "booking", **fixed)


def booked(uses: Uses, meaning: Meaning, **fixed: Any) -> Node:
    """A booking, under the filter that owns it."""
    if uses.clause.has("elapsed"):
        return since_booking(uses, meaning)
    abroad = _abroad(uses)
    if abroad is not None:
        return abroad(uses, meaning)
    owner = _cross_sell(uses)
    if owner and not uses.clause.has("first"):
        return _typed(uses, meaning, owner)
    uses.forget_stays_beside_types()
    if uses.drop("first"):
        fixed["nth"] = ["first"]
    return event(uses, meaning, "booking_count", "booking", **fixed)


def _abroad(uses: Uses) -> Builder | None:
    """Stays and flights abroad belong to a filter of their own, as long as nothing is said that it does not know."""
    args = uses.clause.args
    if any(item.has("stay_type", "theme", "stay_mode", "night_kind") and not item.has("place") for item in args):
        return None
    places = [item for item in args if item.has("place") and not item.has("window")]
    lines = _lines(uses)
    flights = [item for item in args if item.has("transport") and "flight_international" in item.value("transport")]
    if places and all(is_overseas(key) for item in places for key in item.value("place")):
        line = (
            {"stay": "overseas_stay", "overseas_stay": "overseas_stay", "flight": "flight"}.get(lines[0])
            if lines
            else ""
        )
        if line is None:
            return None
    elif flights:
        line = "flight"
    elif lines == ("overseas_stay",):
        line = "overseas_stay"
    else:
        return None

    def build(uses: Uses, meaning: Meaning) -> Node:
        uses.drop("line")
        uses.drop("transport")
        node = event(uses, meaning, "overseas_booking", "booking", **({"product_line": [line]} if line else {}))
        if node.get("properties", {}).get("destination") == ["overseas"]:
            del node["properties"]["destination"]
        return node

    return build


def stayed(uses: Uses, meaning: Meaning) -> Node:
    """A stay that has been: the date meant is the stay's, and only completed ones count."""
    said = uses.clause.head.text if uses.clause.head else ""
    lines = any(word in said.replace(" ", "") for word in ("숙박", "묵", "투숙", "머문", "머물", "stay"))
    has_what = uses.clause.has("stay_type", "line", "transport", "leisure_type", "space_type", "vehicle")
    fixed: dict[str, Any] = {"status": ["completed"], "basis": ["stay"]}
    if lines and not has_what:
        fixed["product_line"] = ["stay"]
    if _cross_sell(uses):
        return booked(uses, meaning)
    uses.forget_stays_beside_types()
    return event(uses, meaning, "booking_count", "booking", **fixed)


def checked_out(uses: Uses, meaning: Meaning) -> Node:
    """Stays that are over, by the day of leaving; `체크아웃한 지 하루` is that one day."""
    item = next((item for item in uses.clause.args if item.has("duration")), None)
    if item is None or not uses.clause.has("elapsed"):
        if uses.drop("elapsed"):  # `체크아웃한 지 3일 이내`
            return event(uses, meaning, "booking_count", "booking", status=["completed"], basis=["check_out"])
        return booked(uses, meaning, status=["completed"], basis=["check_out"])
    uses.take("duration")
    uses.drop("elapsed")
    operator, days = compared(duration_limits(item))
    if operator != "=":
        raise NotSaid
    node = event(uses, meaning, "booking_count", "booking", status=["completed"], basis=["check_out"])
    return {**node, "window": {"type": "days", "start": -days, "end": -days}}


def visit(uses: Uses, meaning: Meaning) -> Node:
    """Visits counted; or how long there has been none."""
    if uses.clause.has("only") and uses.clause.has("device") and not uses.clause.has("count", "not", "none"):
        return only_from(uses, meaning)
    for item in uses.all("device"):
        if item.value("device") != ("app",):
            uses.give_back(item)
    if uses.clause.has("elapsed"):
        return since_visit(uses, meaning)
    duration = next((item for item in uses.clause.args if item.has("duration") or item.has("within")), None)
    denied = uses.clause.has("not", "none") and not uses.clause.has("hardly")
    if uses.clause.has("day_count") or (duration is not None and not denied and duration.has("cmp")):
        return visited_days(uses, meaning)
    if denied and duration is not None and not uses.clause.has("count", "window"):
        uses.take("duration", "within")
        negated(uses)
        span = duration.value("within" if duration.has("within") else "duration")
        meaning.others.append(condition("last_visit", ">=", days_of(span)))
        return condition("last_visit", "not_within", last(span), properties=properties_of(uses, "last_visit", meaning))
    if denied and not uses.clause.has("window", "season", "recent", "ever", "count", "behind", "never"):
        negated(uses)
        meaning.assumed["value"] = "absent"
        meaning.others.append(condition("last_visit", ">=", 90))
        return condition("last_visit", ">=", 30, properties=properties_of(uses, "last_visit", meaning))
    return event(uses, meaning, "visit_frequency", "looking")


def only_from(uses: Uses, meaning: Meaning) -> Node:
    """`PC로만 접속하는`: people who use no other device."""
    uses.drop("only")
    item = uses.take("device")
    assert item is not None
    window = window_of(uses, meaning)
    return condition("device_type", "only", list(item.value("device")), window=window)


def visited_days(uses: Uses, meaning: Meaning) -> Node:
    """On how many different days there were visits."""
    item = uses.take("duration")
    window = window_of(uses, meaning)
    if item is None:
        raise NotSaid
    operator, value = compared(duration_limits(item))
    return condition("visit_frequency", operator, value, measure="days", window=window)


def _since(uses: Uses, meaning: Meaning, filter_key: str) -> Node:
    """How many days ago the last one was, or in which stretch of time it lies."""
    uses.drop("elapsed", "said", "latest")
    item = uses.take("duration") or uses.take("within")
    denied = negated(uses)
    if item is None and not any(entry.has("days") for entry in uses.clause.args):
        window = window_of(uses, meaning)
        properties = properties_of(uses, filter_key, meaning)
        if window is None and filter_key == "last_booking" and properties and not denied:
            return condition("booking_count", ">=", 1, properties={**properties, "nth": ["latest"]})
        if window is None:
            raise NotSaid
        if "start" in window and window.get("type") == "days" and window["start"] == window["end"]:
            return condition(filter_key, "=", -window["start"], properties=properties)
        return condition(filter_key, "not_within" if denied else "within", window, properties=properties)
    item = item or uses.take("window")
    assert item is not None
    limits = duration_limits(item)
    operator, value = compared(limits)
    if item.has("behind") and not item.has("cmp", "days"):
        operator = "="
    elif not item.has("cmp", "within", "days"):
        operator = ">="
        meaning.assumed["operator"] = "elapsed"
    if denied:
        operator = {">=": "<", ">": "<=", "<=": ">", "<": ">="}[operator]
    return condition(filter_key, operator, value, properties=properties_of(uses, filter_key, meaning))


def since_visit(uses: Uses, meaning: Meaning) -> Node:
    """How long ago the last visit was."""
    return _since(uses, meaning, "last_visit")


def since_booking(uses: Uses, meaning: Meaning) -> Node:
    """How long ago the last booking was."""
    uses.forget_stays_beside_types()
    return _since(uses, meaning, "last_booking")


def cancelled(uses: Uses, meaning: Meaning) -> Node:
    """Bookings cancelled; `절반 이상을 취소한` is the share of them."""
    uses.drop("said")
    if uses.clause.has("percent"):
        return CANCEL_RATE(uses, meaning)
    uses.forget_stays_beside_types()
    return event(uses, meaning, "cancellation", "booking")


def trip(uses: Uses, meaning: Meaning) -> Node:
    """A trip ahead; trips counted are those that were made (`부산 여행은 2번`, `여행 자주 가는`)."""
    head = uses.clause.head.text if uses.clause.head else ""
    if head == "여행" and uses.clause.has("count", *OFTEN) and not uses.clause.has(*TIMES):
        uses.drop("said")
        return stayed(uses, meaning)
    window = _when_ahead(uses)
    season = uses.take("season") if window is None else None
    window = window or (None if season is not None else _how_far_ahead(uses) or window_of(uses, meaning, ahead=True))
    fixed: dict[str, Any] = {}
    if season is not None:
        name, year = season.value("season")
        fixed["stay"] = {"relation": "touches", "window": {"type": "named", "name": name, "year": year or "upcoming"}}
    for key in ("has", "lacks"):
        lines = [line for item in uses.all(f"trip_{key}") for line in item.value(f"trip_{key}")]
        if lines:
            fixed[key] = lines
    if head == "flying":
        fixed.setdefault("has", []).append("flight")
    if head.startswith("출국") and not uses.clause.has("place"):
        fixed["destination"] = ["overseas"]
    _take_lacking(uses, fixed)
    operator, value = count_of(uses, meaning)
    properties = {**properties_of(uses, "upcoming_trip", meaning), **fixed}
    return condition("upcoming_trip", operator, value, window=window, properties=properties)


def _when_ahead(uses: Uses) -> Node | None:
    """`3일 전`, `D-3`: three days before the trip is three days ahead of it."""
    ahead = uses.take("ahead")
    before = uses.take("behind") if ahead is None else None
    if before is not None:
        uses.drop("elapsed")
        ahead = replace(before, readings={"ahead": before.value("behind")})
    return {"type": "days", "start": ahead.value("ahead"), "end": ahead.value("ahead")} if ahead else None


def _how_far_ahead(uses: Uses) -> Node | None:
    duration = uses.take("duration")
    if duration is None:
        return None
    limits = duration_limits(duration)
    if limits.is_exact:
        return {"type": "days", "start": limits.low, "end": limits.low}
    if limits.low is None:
        return {"type": "next", "n": limits.high - limits.high_open, "unit": "day"}
    return {"type": "days", "start": limits.low + limits.low_open, "end": limits.high or 3660}


def _take_lacking(uses: Uses, fixed: dict[str, Any]) -> None:
    """`렌터카 없는 여행`: a product denied is one the trip lacks."""
    if not any(item.has("line") for item in uses.clause.args) or uses.clause.has("trip_has"):
        return
    item = next(item for item in uses.clause.args if item.has("line"))
    if uses.clause.has("none", "not") and item in uses.all("line"):
        uses.drop("none", "not")
        fixed["lacks"] = [*fixed.get("lacks", []), *item.value("line")]


def in_trip(uses: Uses, meaning: Meaning) -> Node:
    """On a trip now."""
    operator, value = count_of(uses, meaning)
    properties = {**properties_of(uses, "upcoming_trip", meaning), "phase": ["in_trip"]}
    return condition("upcoming_trip", operator, value, properties=properties)


def paid(uses: Uses, meaning: Meaning) -> Node:
    """Money spent where a sum is named, bookings where none is."""
    return paid_sum(uses, meaning) if uses.clause.has("money", "much", "percent") else booked(uses, meaning)


EVENTS: Final[Mapping[str, Builder]] = {
    "search": search,
    "view": view,
    "cart": cart,
    "left": left,
    "checkout_left": checkout_left,
    "checkout": lambda uses, meaning: cart(uses, meaning, stage=["checkout_started", "payment_failed"]),
    "payment_failed": lambda uses, meaning: cart(uses, meaning, stage=["payment_failed"]),
    "wish": wish,
    "wish_kept": lambda uses, meaning: wish(uses, meaning, state=["kept"]),
    "wish_removed": lambda uses, meaning: wish(uses, meaning, state=["removed"]),
    "visit": visit,
    "visit_days": visited_days,
    "last_visit": since_visit,
    "last_booking": since_booking,
    "book": booked,
    "stayed": stayed,
    "check_out": checked_out,
    "checked_in": lambda uses, meaning: booked(uses, meaning, basis=["check_in"]),
    "no_show": lambda uses, meaning: booked(uses, meaning, status=["no_show"]),
    "cancel": cancelled,
    "trip": trip,
    "in_trip": in_trip,
    "pay": paid,
    "spend": spend,
    "aov": average,
}
