"""Before clauses are found: fillers fall away, connectives become links, and values side by side become one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from audience_builder.catalog.places import leaves
from audience_builder.language.glue import is_enumeration, link_of
from audience_builder.language.item import Item

VALUES: Final = (
    "place", "stay_type", "theme", "line", "transport", "leisure_type", "space_type", "vehicle", "party", "life", "device",
    "channel", "night_kind", "stay_mode", "intent",
)  # fmt: skip


def without_fillers(items: Iterable[Item]) -> Iterator[Item]:
    """The items that say something; connectives and fillers become part of the link before the next one."""
    between = ""
    for item in items:
        kinds = set(item.readings) - {"filler"}
        link = between + item.link
        if item.text == "+" and link.endswith(" "):  # `VIP + push`, and not `VIP+`
            between = f"{link} and "
            continue
        if item.readings and not kinds:
            between = f"{link}{item.text}"
        elif kinds and kinds <= {"and", "or"}:
            between = f"{link}{item.text}" + (" or " if "or" in kinds else " and ")
        else:
            between = ""
            yield replace(item, link=f"{link} and " if "and" in kinds else link)


def listed(items: list[Item]) -> Iterator[Item]:
    """Values of one kind side by side as one: 부산이나 경남, 호텔·리조트, 20대와 30대."""
    pending: Item | None = None
    for item in items:
        merged = None if pending is None else _merged(pending, item)
        if merged is not None:
            pending = merged
            continue
        if pending is not None:
            yield pending
        pending = item
    if pending is not None:
        yield pending


_LISTED: Final = (*VALUES, "tier", "gender", "status", "age")


def _merged(first: Item, second: Item) -> Item | None:
    link = link_of(second.link)
    if "&" in second.link and second.readings.get("device") == ("app",):
        return None  # `안드로이드 & 앱 10회 실행`
    if second.link.strip() and not is_enumeration(second.link) and link != "or":
        return None
    kinds = [kind for kind in _LISTED if first.has(kind) and second.has(kind)]
    if not kinds or first.has("cmp") or second.has("cmp"):
        return None
    readings = {kind: _joined(kind, first, second, link) for kind in kinds}
    if any(value is None for value in readings.values()):
        return None
    together = (
        {"together": True}
        if re.search(r"^(?:와|과|랑|이랑|하고)\s", second.link) or re.search(r"및|\band\b|&", second.link)
        else {}
    )
    text = f"{first.text}{second.link}{second.text}"
    parts = {"parts": (*first.readings.get("parts", (first,)), second)}
    return Item(
        first.start, second.end, text, {**readings, **together, **parts}, first.mended or second.mended, first.link
    )


def _joined(kind: str, first: Item, second: Item, link: str) -> object:
    one, other = first.value(kind), second.value(kind)
    if kind == "age":
        low, high = min(one[0], other[0]), max(one[1] or 0, other[1] or 0)
        touching = (
            one[1] is not None and other[0] is not None and min(one[1], other[1] or 999) + 1 >= max(one[0], other[0])
        )
        return (low, high) if link and touching else None
    if kind == "place" and link == "":
        return _narrowed(one, other)
    if kind == "device" and link == "" and other == ("web",):  # `PC web`
        return one
    return tuple(dict.fromkeys((*one, *other))) if link or kind != "tier" else None


def _narrowed(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Places side by side: 부산 해운대 is 해운대, 속초 양양 are two."""
    if len(one) == len(other) == 1:
        if leaves(other[0]) <= leaves(one[0]):
            return other
        if leaves(one[0]) <= leaves(other[0]):
            return one
    return (*one, *other)
