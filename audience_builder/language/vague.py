"""Words that mean different things to different people: what each is taken for, and what else it could mean.

A glossary in data, to be edited; thresholds are proposals. Words whose rule cannot be asked yet are not here and so are not understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vague:
    """What a word is taken for, what else it could mean, and whether to ask before relying on it."""

    rule: Node
    others: tuple[Node, ...] = ()
    asks: bool = False


def _c(filter_key: str, operator: str, value: Any, **more: Any) -> Node:
    return {"type": "condition", "filter": filter_key, "operator": operator, "value": value, **more}


def _all(*children: Node) -> Node:
    return {"type": "all", "children": list(children)}


_YEAR: Final = {"type": "last", "n": 1, "unit": "year"}
_TWO_YEARS: Final = {"type": "last", "n": 2, "unit": "year"}
_MONTH: Final = {"type": "last", "n": 30}

VAGUE: Final[dict[str, Vague]] = {
    "regular": Vague(_c("booking_count", ">=", 3, window=_YEAR), (_c("booking_count", ">=", 5, window=_YEAR),), asks=True),
    "loyal": Vague(_c("booking_count", ">=", 5, window=_YEAR), (_c("membership_tier", ">=", "vip"),), asks=True),
    "dormant": Vague(_c("last_visit", ">=", 365), (_c("last_visit", ">=", 90),)),
    "dormant_soon": Vague(_c("last_visit", "between", [335, 364])),
    "absent": Vague(_c("last_visit", ">=", 30), (_c("last_visit", ">=", 90),), asks=True),
    "long_absent": Vague(_c("last_visit", ">=", 180), (_c("last_visit", ">=", 365),)),
    "new_member": Vague(_c("signup", "<=", 30), (_c("booking_count", "=", 0),)),
    "first_buyer": Vague(_all(_c("booking_count", "=", 1), _c("last_booking", "<=", 30))),
    "existing": Vague(_c("booking_count", ">=", 1), (_c("signup", ">", 30),)),
    "never_booked": Vague(_c("booking_count", "=", 0)),
    "rebuyer": Vague(_c("booking_count", ">=", 2)),
    "churn_risk": Vague(
        _all(_c("booking_count", ">=", 2, window=_TWO_YEARS), _c("payment_cycle", ">=", 15, measure="elapsed_ratio"),
             _c("upcoming_trip", "=", 0)),
        (_c("last_booking", "between", [91, 365]),), asks=True,
    ),
    "churned": Vague(_all(_c("booking_count", ">=", 1), _c("last_booking", ">", 365)), (_c("last_visit", ">", 180),), asks=True),
    "quiet": Vague(_c("last_booking", ">", 60), (_c("last_visit", ">", 30),), asks=True),
    "active": Vague(_c("last_visit", "<=", 30), (_c("booking_count", ">=", 1, window=_YEAR),)),
    "high_aov": Vague(_c("average_order_value", ">=", 200_000, window=_YEAR), (_c("average_order_value", "top_percent", 20, window=_YEAR),), asks=True),
    "low_aov": Vague(_c("average_order_value", "<", 70_000, window=_YEAR), (_c("average_order_value", "bottom_percent", 20, window=_YEAR),), asks=True),
    "big_spender": Vague(_c("total_spend", ">=", 2_000_000, window=_YEAR), (_c("total_spend", "top_percent", 5, window=_YEAR),), asks=True),
    "thrifty": Vague(_c("search_theme", ">=", 3, properties={"theme": ["value"]}), asks=True),
    "heavy": Vague(_c("visit_frequency", ">=", 15, window=_MONTH), (_c("booking_count", ">=", 10, window=_YEAR),), asks=True),
    "light": Vague(_c("visit_frequency", "between", [1, 2], window=_MONTH), asks=True),
    "early_bird": Vague(_c("lead_time", ">=", 30), (_c("booking_count", ">=", 1, properties={"lead_days": {"min": 60}}),)),
    "impulsive": Vague(_c("lead_time", "<=", 1), (_c("booking_count", ">=", 2, window={"type": "last", "n": 90}, properties={"lead_days": {"min": 0, "max": 0}}),)),
    "weekender": Vague(_c("preferred_stay_day", "in", ["weekend"])),
    "weekdayer": Vague(_all(_c("preferred_stay_day", "in", ["weekday"]), _c("preferred_stay_day", "not_in", ["weekend"]))),
    "family": Vague(_c("life_stage", "in", ["family_infant", "family_kids", "family_teens"]), (_c("booking_count", ">=", 1, properties={"travel_party": ["child"]}),)),
    "pet_owner": Vague(
        {"type": "any", "children": [_c("booking_count", ">=", 1, properties={"travel_party": ["pet"]}), _c("search_theme", ">=", 2, properties={"theme": ["pet"]})]}
    ),
    "hotel_lover": Vague(
        _c("booking_count", ">=", 2, window=_YEAR, properties={"stay_type": ["hotel"], "price": ["n_15_20", "n_20_30", "n_30_50", "n_50_100", "n_100"]})
    ),
    "camper": Vague(_c("booking_count", ">=", 2, window=_YEAR, properties={"stay_type": ["outdoor"]})),
    "trip_soon": Vague(_c("upcoming_trip", ">=", 1, window={"type": "next", "n": 7}), (_c("upcoming_trip", ">=", 1, window={"type": "next", "n": 3}),)),
    "mz": Vague(_c("age", "between", [16, 45])),
    "senior": Vague(_c("age", ">=", 60), (_c("age", ">=", 65),)),
}  # fmt: skip
