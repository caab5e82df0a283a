"""From a clause to a condition: which filter is asked, by which measure, compared how, over which window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.options.stays import PRICE_BOUNDS
from audience_builder.catalog.places import is_overseas
from audience_builder.language.clause import Clause
from audience_builder.language.item import Item
from audience_builder.language.quantity import Limits
from audience_builder.language.vocabulary import two_places

Node = dict[str, Any]
STAY_LINES: Final = ("stay", "domestic_stay", "overseas_stay")
DAYS_IN: Final = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(slots=True)
class Meaning:
    """What a clause came to. Without a node it was not understood; `unread` are words in it that were not.

    `assumed` names slots that were not said (`window`, `region` …); `others` are further nodes the words could have meant.
    """

    clause: Clause
    node: Node | None = None
    unread: list[Item] = field(default_factory=list[Item])
    assumed: dict[str, str] = field(default_factory=dict[str, str])
    others: list[Node] = field(default_factory=list[Node])
    negative: bool = False


class NotSaid(Exception):  # noqa: N818 - no error: the words just do not come to a condition
    """The clause is no condition."""


def condition(filter_key: str, operator: str, value: Any = None, **more: Any) -> Node:
    """A condition as JSON, without what is not said."""
    said = {key: entry for key, entry in {"value": value, **more}.items() if entry not in (None, {}, [])}
    return {"type": "condition", "filter": filter_key, "operator": operator, **said}


def compared(limits: Limits) -> tuple[str, Any]:
    """The operator and value that say the limits."""
    if limits.differs:
        return "!=", limits.low
    if limits.high is None:
        return (">" if limits.low_open else ">="), limits.low
    if limits.low is None:
        return ("<" if limits.high_open else "<="), limits.high
    if limits.is_exact and not (limits.low_open or limits.high_open):
        return "=", limits.low
    low, high = limits.low + limits.low_open, limits.high - limits.high_open
    if low > high:
        raise NotSaid
    return ("=", low) if low == high else ("between", [low, high])


COMPLEMENT: Final = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "!=", "!=": "="}


def limits_of(item: Item, kind: str) -> Limits:
    """What a number is compared with; by itself it is meant exactly."""
    found = item.readings.get("cmp")
    if isinstance(found, Limits):
        return found
    value = item.value(kind)
    return Limits(*value) if isinstance(value, tuple) and kind not in ("duration", "within") else Limits(value, value)


def _is_stay(item: Item, lines: tuple[str, ...]) -> bool:
    return item.has("line") and item.value("line")[0] in lines


class Uses:
    """Keeps book of which words of a clause have found their place."""

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self._left = list(clause.args)

    def take(self, *kinds: str) -> Item | None:
        """The first word of a kind that is still free."""
        for item in self._left:
            if item.has(*kinds):
                self._left.remove(item)
                return item
        return None

    def give_back(self, item: Item) -> None:
        """Puts a word back that somebody else needs too."""
        self._left.append(item)

    def forget(self, items: Iterable[Item]) -> None:
        """Takes words that say nothing more."""
        held = list(items)
        self._left = [item for item in self._left if item not in held]

    def all(self, *kinds: str) -> list[Item]:
        """All free words of a kind."""
        found = [item for item in self._left if item.has(*kinds)]
        self._left = [item for item in self._left if item not in found]
        return found

    def drop(self, *kinds: str) -> bool:
        """Takes words that only colour the clause; whether there were any."""
        return bool(self.all(*kinds))

    def forget_stays_beside_types(self) -> None:
        """A stay type says that a stay is meant: 숙소 beside it says nothing more."""
        if self.clause.has("stay_type"):
            self.forget(item for item in self.clause.args if _is_stay(item, STAY_LINES) and not item.has("stay_type"))

    def forget_stays(self) -> None:
        """What is carted or wished is a stay unless something else is said."""
        self.forget(item for item in self.clause.args if _is_stay(item, ("stay",)) and not item.has("stay_type"))

    @property
    def left(self) -> list[Item]:
        """Words nobody took."""
        return [item for item in self._left if item.readings and not item.has("said", "exclude")]


# --- time ---------------------------------------------------------------------------------------------------------------


_AHEAD: Final = ("trip", "in_trip")
_OF_NIGHTS: Final = ("stayed", "trip", "in_trip", "prefer", "checked_in", "check_out", "")


def window_of(uses: Uses, meaning: Meaning, *, ahead: bool = False) -> Node | None:
    """The window a clause names, if it does."""
    item = uses.take("window", "within", "season", "recent", "ever", "behind", "ahead")
    if item is None:
        return None
    if item.has("rate"):
        meaning.assumed["window"] = "rate"
    if item.has("recent"):
        other = uses.take("window", "within")
        if other is not None:
            return window_node(other, ahead=ahead)
        meaning.assumed["window"] = "recent"
    if item.has("behind") and uses.clause.has("beforehand"):
        uses.give_back(item)  # `한 달 전에 미리`: before check-in
        return None
    if item.has("not"):
        uses.give_back(item)  # `never` is a time and a denial
    if item.has("past") and uses.clause.kind not in _AHEAD:
        return dict(item.value("past"))
    if item.has("done") and uses.clause.kind not in _OF_NIGHTS:
        return dict(item.value("done"))
    return window_node(item, ahead=ahead)


def window_node(item: Item, *, ahead: bool = False) -> Node:
    """The window a word of time names."""
    if item.has("window"):
        return dict(item.value("window"))
    if item.has("within"):
        n, unit = item.value("within")
        return {"type": "next" if ahead else "last", "n": n, "unit": unit}
    if item.has("season"):
        name, year = item.value("season")
        return {"type": "named", "name": name, "year": year or ("upcoming" if ahead else "recent")}
    if item.has("recent"):
        return {"type": "last", "n": 30}
    if item.has("behind"):
        return {"type": "days", "start": -item.value("behind"), "end": -item.value("behind")}
    if item.has("ahead"):
        return {"type": "days", "start": item.value("ahead"), "end": item.value("ahead")}
    return {"type": "ever"}


def days_of(duration: tuple[int, str]) -> int:
    """A stretch of time in days, a month as 30 and a year as 365."""
    return duration[0] * DAYS_IN[duration[1]]


def last(duration: tuple[int, str]) -> Node:
    """The window of the last so many days, weeks, months or years."""
    return {"type": "last", "n": duration[0], "unit": duration[1]}


def duration_limits(item: Item) -> Limits:
    """What a stretch of time is compared with, in days."""
    if item.has("within"):
        return Limits(high=days_of(item.value("within")))
    if item.has("days"):
        return Limits(*item.value("days"))
    limits = limits_of(item, "duration")
    ends = {end: None if getattr(limits, end) is None else days_of(getattr(limits, end)) for end in ("low", "high")}
    return Limits(ends["low"], ends["high"], limits.low_open, limits.high_open, limits.differs)


# --- what of ------------------------------------------------------------------------------------------------------------

_PROPERTY: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "place": (("region", ""), ("destination", "")),
    "stay_type": (("stay_type", ""),),
    "line": (("product_line", ""),),
    "transport": (("type", ""),),
    "leisure_type": (("leisure_type", ""),),
    "space_type": (("space_type", ""),),
    "vehicle": (("vehicle_class", ""),),
    "theme": (("theme", ""),),
    "party": (("travel_party", ""),),
    "stay_mode": (("stay_mode", ""),),
    "night_kind": (("weekday", ""),),
    "device": (("device", ""),),
}
_ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "booking": ("place", "stay_type", "transport", "leisure_type", "space_type", "vehicle", "line", "stay_mode", "party", "theme", "night_kind", "device"),
    "looking": ("place", "stay_type", "theme", "party", "stay_mode", "transport", "leisure_type", "space_type", "vehicle", "line", "device"),
}  # fmt: skip


def properties_of(uses: Uses, filter_key: str, meaning: Meaning, order: str = "booking") -> Node:
    """The properties a clause gives its filter; words that are none of its are left."""
    asked, found = BY_KEY[filter_key], dict[str, Any]()
    for kind in _ORDER[order]:
        keys = [key for key, _ in _PROPERTY[kind] if asked.property_named(key) is not None]
        if not keys:
            continue
        for item in uses.all(kind):
            key = keys[-1] if filter_key == "upcoming_trip" and kind == "place" and _abroad(item) else keys[0]
            if key in found:
                raise NotSaid  # `서울에서 제주로 가는`: two of a kind that are no list
            found[key] = list(item.value(kind))
            note_homonym(item, kind, key, meaning)
    if asked.property_named("nights") is not None:
        nights = uses.take("nights")
        if nights is not None:
            found["nights"] = range_of(limits_of(nights, "nights"))
    if asked.property_named("lead_days") is not None:
        found.update(_lead_days(uses))
    if asked.property_named("price") is not None:
        uses.drop("a_night")
        money = uses.take("money")
        if money is not None:
            prices = bands(limits_of(money, "money"))
            if not prices:
                raise NotSaid  # without its price the condition would mean many more
            found["price"] = prices
    return found


def _lead_days(uses: Uses) -> Node:
    """How long before check-in it was booked: `당일 예약`, `한 달 전에 미리 예약`."""
    day = uses.take("lead_days")
    if day is not None:
        low, high = map(int, str(day.value("lead_days")).split("-"))
        return {"lead_days": {"min": low, "max": high}}
    if not uses.clause.has("beforehand"):
        return {}
    item = uses.take("behind", "duration")
    uses.drop("beforehand")
    if item is None:
        raise NotSaid
    low = item.value("behind") if item.has("behind") else days_of(item.value("duration"))
    return {"lead_days": {"min": low}}


def note_homonym(item: Item, kind: str, key: str, meaning: Meaning) -> None:
    """A word for two places: notes the other."""
    word = item.text.strip()
    taken, offered = two_places().get(word, ("", ""))
    if kind == "place" and taken == item.value(kind)[0]:
        meaning.assumed[key] = f"place:{offered}"


def _abroad(item: Item) -> bool:
    return all(is_overseas(key) for key in item.value("place"))


def range_of(limits: Limits) -> Node:
    """Limits as a range of whole numbers, both ends in."""
    low = None if limits.low is None else limits.low + limits.low_open
    high = None if limits.high is None else limits.high - limits.high_open
    return {end: number for end, number in (("min", low), ("max", high)) if number is not None}


def bands(limits: Limits) -> list[str]:
    """The price bands a night that make up exactly these limits; none where they do not."""
    low = limits.low or 0  # `20만원 넘는` begins there too: nobody counts that won
    high = None if limits.high is None else limits.high + (not limits.high_open)
    inside = [
        (key, bounds)
        for key, bounds in PRICE_BOUNDS.items()
        if key.startswith("n_") and bounds[0] >= low and (high is None or (bounds[1] is not None and bounds[1] <= high))
    ]
    # `10만~20만원` is the bands from ten to twenty: their upper end is not in them, and nobody counts that won.
    upper = inside[-1][1][1] if inside else None
    exact = bool(inside) and inside[0][1][0] == low and (upper == high or (high is not None and upper == high - 1))
    return [key for key, _ in inside] if exact else []


# --- how many -----------------------------------------------------------------------------------------------------------


def count_of(uses: Uses, meaning: Meaning) -> tuple[str, Any]:
    """How many events are asked for: at least one, unless said otherwise."""
    if uses.clause.has("mark_yes") and uses.clause.has("mark_no"):
        raise NotSaid  # `숙소 O 렌터카 X` speaks of two things at once
    clause = uses.clause
    negative = _negated(uses)
    meaning.negative = negative
    percent = uses.take("percent")
    if percent is not None:
        which = "top_percent" if uses.drop("top") else "bottom_percent" if uses.drop("bottom") else ""
        if not which or percent.has("cmp"):
            raise NotSaid
        return which, _whole(percent.value("percent"))
    often = _how_often(uses, negative=negative)
    if often is not None:
        meaning.assumed["word"] = "often"
        meaning.negative = often[0] == "<="
        return often
    item = uses.take("count") or uses.take("number")
    exists = uses.drop("exist", "mark_yes")
    uses.drop("per")
    uses.drop("never", "yet")
    if item is None:
        return ("=", 0) if negative else (">=", 1)
    limits = limits_of(item, "count" if item.has("count") else "number")
    if limits.is_exact and limits.low == 0 and not negative:
        meaning.negative = True
    if not item.has("cmp") and exists and not negative and limits.is_exact:
        limits = Limits(low=limits.low)
    operator, value = compared(limits)
    if not item.has("cmp") and limits.is_exact and limits.low:
        meaning.assumed["operator"] = "exact"
    if negative and limits.is_exact and not item.has("cmp") and value > 1 and uses.clause.is_not_even:
        return "<", value  # `두 번도 안 한`
    if negative:
        if operator == "=" and value == 1 and not item.has("cmp"):
            return "=", 0
        if operator not in COMPLEMENT:
            raise NotSaid
        operator = COMPLEMENT[operator]
    del clause
    return operator, value


def _how_often(uses: Uses, *, negative: bool) -> tuple[str, Any] | None:
    """`자주`, `가끔`, `거의 … 안`, `많이`: how often that is (vocabulary, words of counting)."""
    word = uses.take("often", "seldom", "hardly", "much")
    if word is None:
        return None
    if uses.clause.has("count", "number", "percent") or negative != word.has("hardly"):
        raise NotSaid
    uses.drop("exist", "per", "never", "yet")
    if word.has("often"):
        return ">=", 5
    if word.has("seldom"):
        return "between", [1, 2]
    return ("<=", 1) if word.has("hardly") else ("top_percent", 20)


def _whole(percent: Decimal) -> int:
    if percent != int(percent) or not 1 <= percent <= 100:
        raise NotSaid
    return int(percent)


def _negated(uses: Uses) -> bool:
    times = len(uses.all("not", "none", "mark_no"))
    head = uses.clause.head
    inside = head is not None and head.readings.get(uses.clause.kind) == "not"
    return (times + inside) % 2 == 1


def negated(uses: Uses) -> bool:
    """Whether a clause is denied."""
    uses.drop("exist", "mark_yes", "never", "yet")
    return _negated(uses)


Builder = Callable[[Uses, Meaning], Node]
