"""Which conditions of a rule the words of a change speak of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from audience_builder.catalog import BY_KEY
from audience_builder.language.build import Node
from audience_builder.language.clause_kinds import HEADS
from audience_builder.language.item import Item
from audience_builder.language.values import VALUES

FILTERS_OF_HEAD: Final[dict[str, tuple[str, ...]]] = {
    "search": ("search_region", "search_stay_type", "search_theme"), "view": ("viewed_category",), "cart": ("cart",),
    "wish": ("wishlist",), "visit": ("visit_frequency", "last_visit"), "last_visit": ("last_visit",),
    "book": ("booking_count", "overseas_booking", "rental_car", "transport", "leisure", "space_rental"),
    "stayed": ("booking_count",), "pay": ("total_spend", "average_order_value", "booking_count"), "spend": ("total_spend",),
    "aov": ("average_order_value",), "cycle": ("payment_cycle",), "last_booking": ("last_booking",), "lead": ("lead_time",),
    "cancel": ("cancellation",), "cancel_rate": ("cancellation",), "live": ("activity_region",),
    "tier_word": ("membership_tier",), "device_word": ("device_type",), "stage_word": ("life_stage",),
    "gender_word": ("gender",), "age_word": ("age",), "signup": ("signup",), "consent": ("marketing_consent",),
    "trip": ("upcoming_trip",), "lines_word": ("product_line_count",), "prefer": ("preferred_stay_day",),
    "edit_region_word": ("activity_region",), "edit_money_word": ("total_spend", "average_order_value"),
}  # fmt: skip
_FILTERS_OF_VALUE: Final = {"tier": "membership_tier", "gender": "gender", "age": "age", "life": "life_stage", "device": "device_type",
                            "channel": "marketing_consent", "status": "signup", "night_kind": "preferred_stay_day"}  # fmt: skip
FILTERS_OF_NUMBER: Final[dict[str, tuple[str, ...]]] = {
    "money": ("total_spend", "average_order_value"), "percent": ("cancellation",), "age": ("age",),
    "duration": ("last_visit", "last_booking", "signup", "payment_cycle", "lead_time"),
    "count": ("search_region", "search_stay_type", "search_theme", "viewed_category", "cart", "wishlist", "visit_frequency",
              "booking_count", "cancellation", "product_line_count"),
}  # fmt: skip
KEYS_OF: Final = {"place": ("region", "destination"), "stay_type": ("stay_type",), "theme": ("theme",), "line": ("product_line",),
                   "party": ("travel_party",), "transport": ("type",), "leisure_type": ("leisure_type",)}  # fmt: skip


def targets(held: Sequence[Node], items: Sequence[Item]) -> list[Node]:
    """The conditions an edit speaks of, by value or else by what they are about."""
    for item in items:
        for kind in (*VALUES, "tier", "gender", "age", "status"):
            if item.has(kind):
                found = [node for node in held if speaks_of(node, kind, item.value(kind))]
                if found:
                    return found
    filters = {
        key
        for item in items
        for kind in (*HEADS, *FILTERS_OF_HEAD)
        if item.has(kind)
        for key in FILTERS_OF_HEAD.get(kind, ())
    }
    return [node for node in held if node["filter"] in filters]


def not_about(items: Sequence[Item], targets: Sequence[Node]) -> list[Item]:
    """Words beside what is taken away that nobody understands, or that name something else."""
    named = (*VALUES, "tier", "gender")
    return [
        item
        for item in items
        if not item.readings
        or (
            any(
                item.has(kind) and not any(speaks_of(node, kind, item.value(kind)) for node in targets)
                for kind in named
                if item.has(kind)
            )
            and not any(speaks_of(node, kind, item.value(kind)) for node in targets for kind in named if item.has(kind))
        )
    ]


def names(items: Sequence[Item], node: Node) -> bool:
    """Whether words name a node by a value it has, and are mostly understood."""
    unknown = sum(len(item.text) for item in items if not item.readings)
    if unknown * 2 > sum(len(item.text) for item in items):
        return False
    inside = [part for part in every_node(node) if part["type"] == "condition"]
    return any(
        speaks_of(part, kind, item.value(kind))
        for part in inside
        for item in items
        for kind in (*VALUES, "tier", "gender", "age", "status")
        if item.has(kind)
    )


def speaks_of(node: Node, kind: str, value: Any) -> bool:
    """Whether a condition has this value of a kind."""
    if _FILTERS_OF_VALUE.get(kind) == node["filter"] or (kind == "place" and BY_KEY[node["filter"]].places):
        said = node.get("value")
        values = set(said) if isinstance(said, list) else {said}
        return bool(values & set(value)) or kind == "age"
    properties = node.get("properties", {})
    return any(set(properties.get(key, ())) & set(value) for key in KEYS_OF.get(kind, ()))


def every_node(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in [node["child"]] if node["type"] == "not" else node.get("children", []):
        yield from every_node(child)
