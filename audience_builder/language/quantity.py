"""Numbers and the words that compare them, put together: 3회 이상, over 500k, 10만원 이상 30만원 미만."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from audience_builder.language.glue import link_of
from audience_builder.language.item import Item

QUANTITIES: Final = ("money", "count", "percent", "duration", "number", "nights", "times_of", "age", "hours", "within")
COMPARISONS: Final = ("ge", "gt", "le", "lt", "eq", "ne", "about")
_ABOUT: Final = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number is compared with: `=`, `!=`, or from `low` to `high`, an end left out or open (`>` and `<`)."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False
    differs: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether one number is meant."""
        return self.low is not None and self.low == self.high

    def scaled(self, factor: int | Decimal) -> Limits:
        """The same in smaller steps."""
        return replace(
            self,
            **{
                end: None if getattr(self, end) is None else int(getattr(self, end) * factor) for end in ("low", "high")
            },
        )


def with_comparisons(items: Iterator[Item], *, head_first: bool) -> Iterator[Item]:
    """The items with every number and what compares it as one (reading `cmp`: its limits); also tiers and ages."""
    held = list(items)
    at = 0
    while at < len(held):
        item, at = _compared(held, at, head_first=head_first)
        yield item


def _compared(held: list[Item], at: int, *, head_first: bool) -> tuple[Item, int]:
    item = held[at]
    before = _comparison(item)
    following = held[at + 1] if at + 1 < len(held) else None
    if (
        before
        and following is not None
        and (_is_quantity(following) or ((head_first or before == "eq") and following.has("tier")))
        and not link_of(following.link)
        and (head_first or before in ("eq", "about", "ge", "le"))
    ):
        whole, end = _compared(held, at + 1, head_first=head_first)
        limits = whole.readings.get("cmp")
        if limits is None or not (whole.has("by", "range")):
            return _with(following, item, before, item.link), at + 2
        return replace(whole, start=item.start, link=item.link), end
    if not _is_quantity(item) and not item.has("tier", "intent"):
        return item, at + 1
    behind = held[at + 2] if at + 2 < len(held) else None
    if behind is not None and _is_tier_of_people(item, held[at + 1], behind):
        return _with(item, behind, _comparison(behind), item.link), at + 3
    if following is not None and _comparison(following) and not link_of(following.link):
        made = _with(item, following, _comparison(following), item.link)
        if at + 3 < len(held) and _is_same(item, held[at + 2]) and _comparison(held[at + 3]):
            other = _with(held[at + 2], held[at + 3], _comparison(held[at + 3]), "")
            low, high = made.value("cmp"), other.value("cmp")
            if high.high is not None:
                both = Limits(low.low, high.high, low.low_open, high.high_open)
                return _whole(made, other, both), at + 4
        return made, at + 2
    if _is_quantity(item) and (item.has("range") or _is_spread(item)):
        low, high = _ends(item)
        return replace(item, readings={**item.readings, "cmp": Limits(low, high)}), at + 1
    return item, at + 1


def _is_tier_of_people(item: Item, people: Item, behind: Item) -> bool:
    """`silver members or higher`, `gold tier or above`."""
    return (
        item.has("tier")
        and people.has("user", "tier_word")
        and _comparison(behind) in ("ge", "le")
        and not behind.link.strip()
    )


def _whole(first: Item, last: Item, limits: Limits) -> Item:
    return replace(first, end=last.end, text=f"{first.text} {last.text}", readings={**first.readings, "cmp": limits})


def _is_quantity(item: Item) -> bool:
    return item.has(*QUANTITIES)


def _is_same(one: Item, other: Item) -> bool:
    return any(one.has(kind) and other.has(kind) for kind in (*QUANTITIES, "tier"))


def _is_spread(item: Item) -> bool:
    low, high = _ends(item)
    return low != high


def _comparison(item: Item) -> str:
    return next((kind for kind in COMPARISONS if item.has(kind)), "")


def _ends(item: Item) -> tuple[Any, Any]:
    """The least and the most a quantity is by itself."""
    for kind in QUANTITIES:
        if item.has(kind):
            value = item.value(kind)
            return value if isinstance(value, tuple) and kind not in ("duration", "within") else (value, value)
    value = item.value("tier") if item.has("tier") else item.value("intent")
    return value[0], value[-1]


def _with(item: Item, comparison: Item, said: str, link: str) -> Item:
    low, high = _ends(item)
    limits = _LIMITS[said](low, high)
    start, end = min(item.start, comparison.start), max(item.end, comparison.end)
    text = f"{item.text} {comparison.text}" if item.start < comparison.start else f"{comparison.text} {item.text}"
    return Item(start, end, text, {**item.readings, "cmp": limits, "by": said}, item.mended, link)


def _around(low: Any, high: Any) -> Limits:
    if isinstance(low, int) and isinstance(high, int):
        return Limits(int(low * (1 - _ABOUT)), int(high * (1 + _ABOUT)))
    return Limits(low, high)


def _above(low: Any, high: Any) -> Limits:
    return Limits(low=low if high is None else high, low_open=True)


_LIMITS: Final[dict[str, Callable[[Any, Any], Limits]]] = {
    "ge": lambda low, _: Limits(low=low),
    "gt": _above,
    "le": lambda _, high: Limits(high=high),
    "lt": lambda low, _: Limits(high=low, high_open=True),
    "eq": Limits,
    "ne": lambda low, high: Limits(low, high, differs=True),
    "about": _around,
}
