"""Rules to begin with: what the page offers, and what the documentation shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """A rule with a name a marketer would give it."""

    key: str
    ko: str
    en: str
    rule: dict[str, Any]


def _rule(root: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "root": root}


def _last(days: int) -> dict[str, Any]:
    return {"type": "last", "n": days}


def _condition(id_: str, filter_: str, operator: str, value: object, **more: object) -> dict[str, Any]:
    return {"type": "condition", "id": id_, "filter": filter_, "operator": operator, "value": value, **more}


EXAMPLES = (
    Example(
        "jeju_gold_not_booked",
        "최근 2주 제주를 두 번 이상 검색했지만 예약은 안 한 골드 이상",
        "Searched Jeju twice in two weeks, booked nothing, gold or higher",
        _rule(
            {
                "type": "all",
                "id": "all",
                "children": [
                    _condition("jeju", "search_region", ">=", 2, window=_last(14), properties={"region": ["jeju"]}),
                    _condition("booked", "booking_count", "=", 0, window=_last(14)),
                    _condition("gold", "membership_tier", ">=", "gold"),
                ],
            }
        ),
    ),
    Example(
        "cart_left",
        "최근 7일 장바구니에 담고 떠난 푸시 동의 고객",
        "Left a cart in the last 7 days and may be pushed",
        _rule(
            {
                "type": "all",
                "id": "all",
                "children": [
                    _condition("cart", "cart", ">=", 1, window=_last(7), properties={"left": True}),
                    _condition("push", "marketing_consent", "in", ["push"]),
                ],
            }
        ),
    ),
    Example(
        "families_weekend",
        "주말에 묵는 아이 동반 가족, 또는 키즈 테마를 찾은 고객",
        "Families who stay on weekends, or anybody who searched for kids themes",
        _rule(
            {
                "type": "any",
                "id": "any",
                "children": [
                    {
                        "type": "all",
                        "id": "family",
                        "children": [
                            _condition("stage", "life_stage", "in", ["family_infant", "family_kids", "family_teens"]),
                            _condition("weekend", "preferred_stay_day", "in", ["weekend"]),
                        ],
                    },
                    _condition("kids", "search_theme", ">=", 1, window=_last(90), properties={"theme": ["kids"]}),
                ],
            }
        ),
    ),
    Example(
        "overseas_soon",
        "해외여행이 임박했거나 뚜렷하지만 해외 예약은 없는 고객",
        "Clear intent to go abroad, but no booking abroad",
        _rule(
            {
                "type": "all",
                "id": "all",
                "children": [
                    _condition("intent", "overseas_intent", ">=", "clear"),
                    {"type": "not", "id": "not", "child": _condition("abroad", "overseas_booking", ">=", 1)},
                ],
            }
        ),
    ),
    Example(
        "sleeping_spenders",
        "결제 금액 상위 20%인데 90일 넘게 예약이 없는 고객",
        "Top 20% by spend who have not booked for more than 90 days",
        _rule(
            {
                "type": "all",
                "id": "all",
                "children": [
                    _condition("spend", "total_spend", "top_percent", 20, window={"type": "ever"}),
                    _condition("quiet", "last_booking", ">", 90),
                ],
            }
        ),
    ),
    Example(
        "trip_without_car",
        "앞으로 30일 안에 제주에 가는데 렌터카가 없는 고객",
        "Going to Jeju within 30 days without a rental car",
        _rule(
            {
                "type": "all",
                "id": "all",
                "children": [
                    _condition(
                        "trip",
                        "upcoming_trip",
                        ">=",
                        1,
                        window={"type": "next", "n": 30},
                        properties={"region": ["jeju"], "lacks": ["rental_car"]},
                    ),
                ],
            }
        ),
    ),
)
"""From the simplest to the fullest; the first stands for the product."""
