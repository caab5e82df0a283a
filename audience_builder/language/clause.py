"""Clauses: a verb or noun with what belongs to it, found from left to right.

Korean puts what belongs to a verb before it and numbers before or behind; English puts most of it behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from audience_builder.language.glue import link_of
from audience_builder.language.item import Item
from audience_builder.language.quantity import QUANTITIES, with_comparisons

HEADS: Final = (
    "search", "view", "cart", "left", "checkout_left", "checkout", "payment_failed", "wish_kept", "wish_removed", "wish",
    "last_visit", "visit", "last_booking", "stayed", "check_out", "aov", "spend", "cycle", "elapsed_ratio", "prefer", "lead",
    "cancel_rate", "cancel", "live", "signup", "consent_refused", "consent", "in_trip", "trip", "intent_word", "lines_word",
    "book", "pay", "tier_word", "device_word", "stage_word", "gender_word", "age_word",
)  # fmt: skip
"""What a clause is about, the more special first where a word can be two."""

ALONE: Final = ("tier", "gender", "age", "vague", "status")
"""What makes a condition by itself."""

VALUES: Final = (
    "place", "stay_type", "theme", "line", "transport", "leisure_type", "space_type", "vehicle", "party", "life", "device",
    "channel", "night_kind", "stay_mode", "intent",
)  # fmt: skip
TIMES: Final = ("window", "within", "season", "recent", "ever", "ahead", "behind")
FLAGS: Final = (
    "not", "none", "never", "yet", "exist", "only", "both", "elapsed", "first", "latest", "night", "known", "unknown_value",
    "per_booking", "top", "bottom", "mark_yes", "mark_no", "per",
)  # fmt: skip
_AMONG: Final = re.compile(r"(?:^|\s|[가-힣])(?:중에서는?|중에선|중에는?|중|가운데서?|에서)\s*$")
_RELATIVE: Final = re.compile(r"^(?:한|했던|하는|하던|할|된|은|는|ㄴ|던|을|해본|해 본|했었던|하신|하셨던|인|한 적)?\s")
_ELLIPSIS: Final = ("not", "none", "exist", "never", "mark_yes", "mark_no")


@dataclass(slots=True)
class Clause:
    """One thing said: its head (`""` where there is none), what belongs to it, and how it hangs on the clause before.

    `joint` is `and`, `or`, `list` or `""`; `excluded` where the sentence takes it away; `group` counts brackets around it.
    """

    head: Item | None = None
    kind: str = ""
    args: list[Item] = field(default_factory=list[Item])
    joint: str = ""
    excluded: bool = False
    closed: bool = False
    unit: int = 0
    depth: int = 0
    is_relative: bool = False

    @property
    def items(self) -> list[Item]:
        """Everything in it, in reading order."""
        return sorted([*([self.head] if self.head else []), *self.args], key=lambda item: item.start)

    def all(self, kind: str) -> list[Item]:
        """What belongs to it that can be of a kind."""
        return [item for item in self.args if item.has(kind)]

    def has(self, *kinds: str) -> bool:
        """Whether something of one of these kinds belongs to it."""
        return any(item.has(*kinds) for item in self.args)


def clauses(items: Iterable[Item], text: str, *, head_first: bool) -> list[Clause]:
    """The clauses of a sentence; what belongs to none stands in clauses without a kind (not understood)."""
    prepared = list(with_comparisons(_without_fillers(items), head_first=head_first))
    reader = _Reader(text, head_first=head_first)
    for item in _lists(prepared):
        reader.take(item)
    return reader.end()


# --- preparing ----------------------------------------------------------------------------------------------------------


def _without_fillers(items: Iterable[Item]) -> Iterator[Item]:
    """The items that say something; connectives and fillers become part of the link before the next one."""
    between = ""
    for item in items:
        kinds = set(item.readings) - {"filler"}
        link = between + item.link
        if item.readings and not kinds:
            between = f"{link}{item.text}"
        elif kinds and kinds <= {"and", "or"}:
            between = f"{link}{item.text}" + (" or " if "or" in kinds else " and ")
        else:
            between = ""
            yield replace(item, link=link)


def _lists(items: list[Item]) -> Iterator[Item]:
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
    if link == "and" and not re.fullmatch(r"\s*(?:,|/|및|and|&|,\s*and|그리고|and and|하고)\s*", re.sub(r"\s+and\s+$", "", second.link) or ","):
        return None
    if link == "" and second.link.strip():
        return None
    kinds = [kind for kind in _LISTED if first.has(kind) and second.has(kind)]
    if not kinds or first.has("cmp") or second.has("cmp"):
        return None
    readings = {kind: _joined(kind, first, second, link) for kind in kinds}
    if any(value is None for value in readings.values()):
        return None
    together = {"together": True} if re.search(r"^(?:와|과|랑|이랑|하고)\s", second.link) or re.search(r"및|\band\b|&", second.link) else {}
    text = f"{first.text}{second.link}{second.text}"
    return Item(first.start, second.end, text, {**readings, **together}, first.mended or second.mended, first.link)


def _joined(kind: str, first: Item, second: Item, link: str) -> object:
    one, other = first.value(kind), second.value(kind)
    if kind == "age":
        low, high = min(one[0], other[0]), max(one[1] or 0, other[1] or 0)
        touching = one[1] is not None and other[0] is not None and min(one[1], other[1] or 999) + 1 >= max(one[0], other[0])
        return (low, high) if link and touching else None
    if kind == "place" and link == "":
        return _narrowed(one, other)
    return tuple(dict.fromkeys((*one, *other))) if link or kind != "tier" else None


def _narrowed(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Places side by side: 부산 해운대 is 해운대, 속초 양양 are two."""
    from audience_builder.catalog.places import leaves

    if len(one) == len(other) == 1:
        if leaves(other[0]) <= leaves(one[0]):
            return other
        if leaves(one[0]) <= leaves(other[0]):
            return one
    return (*one, *other)


# --- reading ------------------------------------------------------------------------------------------------------------


class _Reader:
    """Takes items one after another and puts each where it belongs."""

    def __init__(self, text: str, *, head_first: bool) -> None:
        self._text = text
        self._head_first = head_first
        self._found: list[Clause] = []
        self._pending: list[Item] = []
        self._joint = ""
        self._unit = 0

    def take(self, item: Item) -> None:
        """The next item."""
        self._note_link(item)
        for kinds, place in self._PLACES:
            if item.has(*kinds):
                place(self, item)
                return
        if not item.readings:
            self._unknown(item)
        elif item.has("waits"):
            self._waits(item)
        else:
            self._argument(item)

    def end(self) -> list[Clause]:
        """What has been found, when the sentence is over."""
        self._flush()
        return self._found

    @property
    def _open(self) -> Clause | None:
        return self._found[-1] if self._found and not self._found[-1].closed else None

    def _note_link(self, item: Item) -> None:
        link = link_of(item.link)
        if _AMONG.search(item.link) and self._found:
            link = link or "and"
        if not link:
            return
        self._joint = "or" if "or" in (link, self._joint) and link != "and" else link
        if link == "and":
            self._unit += 1
        if self._found and not (self._pending and not self._head_first):
            self._found[-1].closed = True
        elif self._found:
            self._found[-1].closed = True

    def _add(self, clause: Clause) -> Clause:
        clause.joint, self._joint = self._joint, ""
        clause.unit = self._unit
        self._found.append(clause)
        return clause

    # --- kinds of items -------------------------------------------------------------------------------------------------

    def _user(self, item: Item) -> None:
        """A noun for people ends what was said of them."""
        self._flush(before_people=True)
        if self._found:
            self._found[-1].closed = True

    def _exclude(self, item: Item) -> None:
        """Takes away what was just said: back to the last connective."""
        self._flush(before_people=True)
        if self._head_first:
            self._joint = "exclude"
            return
        unit = self._found[-1].unit if self._found else 0
        for clause in reversed(self._found):
            if clause.unit != unit and clause.joint != "list":
                break
            clause.excluded = True
            clause.args.append(item) if clause is self._found[-1] else None
            if clause.joint in ("and", "or"):
                break
        self._unit += 1
        self._close()

    def _head(self, item: Item) -> None:
        kind = next(kind for kind in HEADS if item.has(kind))
        last = self._open
        if last is not None and self._absorbed(last, item, kind):
            return
        clause = self._add(Clause(head=item, kind=kind, args=self._pending))
        self._pending = []
        clause.is_relative = False

    def _absorbed(self, last: Clause, item: Item, kind: str) -> bool:
        """A second verb that only completes the first: 누적으로 … 쓴, 마지막으로 … 결제한, 수신에 동의한."""
        if self._pending or last.head is None:
            return False
        pairs = _COMPLETED.get(kind, ())
        if last.kind in pairs:
            last.args.append(replace(item, readings={"said": kind, **({"not": True} if item.readings[kind] == "not" else {})}))
            return True
        return False

    def _alone(self, item: Item) -> None:
        kind = next(kind for kind in ALONE if item.has(kind))
        last = self._open
        if last is not None and last.kind in _ASKS_FOR.get(kind, ()) and not last.has(kind):
            last.args.append(item)
            return
        self._add(Clause(head=item, kind=kind))

    def _waits(self, item: Item) -> None:
        """What cannot be asked yet takes with it everything that belongs to it."""
        clause = self._add(Clause(head=item, kind="waits", args=self._pending))
        self._pending = []
        clause.closed = False

    def _unknown(self, item: Item) -> None:
        last = self._open
        if last is not None and last.kind == "waits":
            last.args.append(item)
            return
        if self._found and not self._found[-1].kind and not self._pending and not link_of(item.link):
            self._found[-1].args.append(item)
            return
        held, self._pending = self._pending, []
        joint = self._joint
        self._add(Clause(args=[item]))
        self._joint = joint
        self._pending = held

    def _argument(self, item: Item) -> None:
        last = self._open
        if last is not None and self._belongs(last, item):
            last.args.append(item)
            return
        self._pending.append(item)

    def _belongs(self, last: Clause, item: Item) -> bool:
        """Whether an item behind a head still belongs to it."""
        if self._pending and not self._head_first:
            return False
        if last.kind == "waits":
            return not item.has("place", "tier") or self._head_first
        if not last.kind:
            return False
        if self._head_first:
            return not (item.has("not", "none") and not item.has("cmp"))
        if item.has(*_ELLIPSIS, "elapsed", "known", "unknown_value", "only", "both"):
            return True
        if last.head is None or last.kind in ALONE:
            return False
        between = self._text[last.head.end : item.start]
        is_noun = not _RELATIVE.match(between + " ") or between.strip() in ("", "은", "이", "가", "는", "을", "를", "의", "도", ":")
        if between.strip() in ("은", "는") and last.head.text.endswith(("한", "은", "는", "본", "간", "산")):
            is_noun = False
        if last.has("elapsed"):
            return item.has(*QUANTITIES, "cmp", *TIMES)
        kinds = _BEHIND.get(last.kind, ())
        return is_noun and item.has(*QUANTITIES, "top", "bottom", *kinds, *(("within",) if last.kind in _DATED else ()))

    def _close(self) -> None:
        if self._found:
            self._found[-1].closed = True

    def _flush(self, *, before_people: bool = False) -> None:
        """What waits for a verb when none comes: kinds of people stand alone, the rest is not understood."""
        held, self._pending = self._pending, []
        for item in held:
            kind = next((kind for kind in _PEOPLE if item.has(kind)), "")
            if not kind and before_people and item.has("place"):
                kind = "place"
            if kind:
                self._add(Clause(head=item, kind=kind))
            elif item.has(*TIMES) and self._take_back(item):
                continue
            elif item.has("not", "none", "mark_no", "exist", "mark_yes", "never", "only", "both", "cmp", "yet", "per") and self._found:
                self._found[-1].args.append(item)
            elif item.has("line") and any(other.has("none", "exist", "not") for other in held):
                self._add(Clause(head=item, kind="has_line", args=[other for other in held if other is not item]))
                return
            else:
                self._add(Clause(args=[item]))

    def _take_back(self, item: Item) -> bool:
        """A stretch of time said by itself belongs to the last event that has none."""
        for clause in reversed(self._found):
            if clause.kind in _EVENTS and not clause.has(*TIMES):
                clause.args.append(item)
                return True
        return False

    _PLACES = (
        (("user",), _user),
        (("exclude", "except_for"), _exclude),
        (HEADS, _head),
        (ALONE, _alone),
    )


_EVENTS: Final = ("search", "view", "cart", "left", "checkout_left", "wish", "visit", "book", "stayed", "cancel", "pay", "spend", "aov")
_PEOPLE: Final = ("life", "device", "party", "channel", "night_kind")
_DATED: Final = ("signup", "last_visit", "last_booking", "trip")
_COMPLETED: Final = {
    "pay": ("spend", "aov", "per_booking", "last_booking", "waits", "pay"),
    "spend": ("pay",),
    "book": ("waits", "last_booking", "lead", "prefer"),
    "visit": ("last_visit", "waits"),
    "view": ("waits",),
    "stayed": ("waits",),
    "consent": ("consent", "waits"),
    "consent_refused": ("consent",),
    "signup": ("signup",),
    "trip": ("trip", "intent_word"),
    "cancel": ("book", "stayed", "pay"),
    "device_word": ("waits",),
    "live": ("live",),
    "prefer": ("prefer",),
}
_ASKS_FOR: Final = {"tier": ("tier_word",), "gender": ("gender_word",), "age": ("age_word",), "vague": (), "status": ()}
_BEHIND: Final = {
    "device_word": ("device",), "stage_word": ("life",), "prefer": ("night_kind",), "intent_word": ("intent", "place"),
    "live": ("place",), "consent": ("channel",), "tier_word": ("tier",), "trip": ("ahead", "window"), "signup": ("behind", "window", "season"),
    "last_visit": ("behind", "window", "season"), "last_booking": ("behind", "window", "season"),
}  # fmt: skip
