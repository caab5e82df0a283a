"""Clauses found from left to right: what belongs to which verb or noun.

Korean puts what belongs to a verb before it and numbers before or behind; English puts most of it behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from audience_builder.language.clause import (
    BOUGHT,
    Clause,
    governs,
    in_two,
    is_age_apart,
    is_cart_noun,
    is_completed,
    is_home_of,
    is_of_members,
    is_only_noun,
    is_part_of_name,
    is_said_of,
    is_share,
    is_what,
    kind_of_head,
    meant,
    names_what,
    said_together,
    tail_of,
)
from audience_builder.language.clause_kinds import (
    ALONE,
    ASKS_FOR,
    BEHIND,
    DATED,
    EVENTS,
    HEADS,
    OF_AGE,
    TAKE_TIME,
    TAKES_OVER,
    TIMES,
)
from audience_builder.language.coordinated import as_usual, share, share_before
from audience_builder.language.finder import Finder
from audience_builder.language.glue import CELL, link_of
from audience_builder.language.item import Item
from audience_builder.language.quantity import QUANTITIES, with_comparisons
from audience_builder.language.values import VALUES, listed, without_fillers

_AMONG: Final = re.compile(r"(?:^|\s|[가-힣])(?:중에서는?|중에선|중에는?|중|가운데서?|에서)\s*$")
_WHETHER: Final = re.compile(r"는지\s")
_ELLIPSIS: Final = ("not", "none", "exist", "never", "yet", "mark_yes", "mark_no", "often", "seldom", "hardly", "much")


def clauses(items: Iterable[Item], text: str, *, head_first: bool) -> list[Clause]:
    """The clauses of a sentence; what belongs to none stands in clauses without a kind (not understood)."""
    prepared = list(with_comparisons(without_fillers(items), head_first=head_first))
    reader = _Reader(text, head_first=head_first)
    for item in listed(prepared):
        reader.take(item)
    return reader.end()


class _Reader(Finder):
    """Takes items one after another and puts each where it belongs."""

    def take(self, item: Item) -> None:
        """The next item."""
        self._note_link(item)
        said = meant(item, self._pending, self._text, head_first=self._head_first)
        if said is not None:
            self._place(said)
        self._was_user = item.has("user", "vague", "tier") or (self._was_user and item.has("not"))

    def _place(self, item: Item) -> None:
        if item.has("whatever"):  # `수신 동의 여부와 상관없이`: what was just said does not matter
            is_said = not self._pending and self._open is not None
            self._pending = []
            if is_said:
                self._found.pop()
            return
        if item.has("waits") and any(held.has("channel") for held in self._pending):
            self._waits(item)
            return
        if item.text == "not" and not self._head_first:  # `AND NOT 휴면`
            self._flush(before_people=True)
            self._joint = "exclude"
            self._close()
            return
        if item.has("team") and not item.has("cmp"):  # what the team says of a word goes before what else it is
            self._alone(replace(item, readings={kind: item.value(kind) for kind in ("vague", "team")}))
            return
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
        """What has been found, when the sentence is over; what is only asked about (`묵었는지`) is no condition."""
        self._flush(before_people=bool(self._pending) and "/" in self._pending[0].link)  # the last cell of a note
        for clause in self._found:
            if clause.kind in EVENTS and _WHETHER.match(self._text, max(item.end for item in clause.items)):
                clause.kind = ""
        as_usual(self._found)
        (share if self._head_first else share_before)(self._found, self._text)
        return self._found

    def _note_link(self, item: Item) -> None:
        link = link_of(self._tail + item.link)
        if (
            link == "list"
            and item.link.strip() == "하고"
            and self._found
            and self._found[-1].kind in EVENTS
            and not self._pending
        ):
            link = "and"  # `검색하고 예약한`: a verb, no list
        if self._listing is not None and CELL.search(item.link):
            self._listing = None
        self._linked = self._linked if link == "" else self._tail + item.link
        self._tail = tail_of(item)
        if self._joint == "or" and link == "and" and self._was_user and self._head_first:
            return  # `gold members or people who …`: the pronoun joins nothing
        if _AMONG.search(item.link) and (self._found or "에서" not in item.link):
            link = link or "and"
        if not link:
            return
        if link in ("and", "or") and self._pending and not self._head_first:
            self._end_cell(item)
            if link == "or" and self._pending and item.has(*VALUES) and self._pending[-1].has(*VALUES):
                self._pending.append(
                    Item(item.start, item.start, "", {"either": True})
                )  # `골프장이나 리조트`: nobody can ask so
                return
        elif (
            link
            and self._head_first
            and self._found
            and self._found[-1].kind in OF_AGE
            and all(held.has("place") for held in self._pending)
        ) or (link and self._head_first and self._pending and all(held.has("life") for held in self._pending)):
            self._flush(before_people=True)
        if self._joint != "exclude":
            self._joint = "or" if "or" in (link, self._joint) and link != "and" else link
        if link == "and":
            self._unit += 1
        if (self._found and not (self._pending and not self._head_first)) or self._found:
            self._found[-1].closed = True

    # --- kinds of items -------------------------------------------------------------------------------------------------

    def _user(self, item: Item) -> None:
        """A noun for people ends what was said of them."""
        self._flush(before_people=True, at=item)
        self._people.append(len(self._found))
        if self._found:
            self._found[-1].closed = True

    def _exclude(self, item: Item) -> None:
        """Takes away what was just said: back to the last connective; `제외: …` what follows."""
        if not self._head_first and self._text[item.end :].lstrip().startswith(":"):
            self._flush(before_people=True)
            self._begin_list()
            return
        if self._pending and not self._head_first and any(held.has(*VALUES) for held in self._pending):
            self._without = [held for held in self._pending if held.has(*VALUES)]
            self._pending = [held for held in self._pending if not held.has(*VALUES)]
            return
        self._flush(before_people=True, at=item)
        if self._head_first:
            self._joint = "exclude"
            self._unit += 1
            self._close()
            return
        if self._is_of_people():
            self._unit += 1
            self._close()
            return
        unit = self._found[-1].unit if self._found else 0
        for clause in reversed(self._found):
            if clause.unit != unit and clause.joint != "list":
                break
            clause.excluded = True
            clause.args.append(item) if clause is self._found[-1] else None
            if clause.joint == "and":
                break
        self._unit += 1
        self._close()

    def _is_of_people(self) -> bool:
        """`취소율이 30%를 넘고 예약이 5건 이상인 회원은 제외`: everything said of those people is taken away together."""
        if not self._people or self._people[-1] != len(self._found):
            return False
        start = self._people[-2] if len(self._people) > 1 else 0
        said = said_together(self._found[start:])
        for clause in said:
            clause.excluded, clause.unit = True, said[0].unit
        return bool(said)

    def _head(self, item: Item) -> None:
        kind = kind_of_head(item, self._pending)
        last = self._open
        if last is not None and (self._absorbed(last, item, kind) or self._is_of_the_unknown(last, item, kind)):
            return
        if last is not None and kind == "cart" and is_cart_noun(last, item):
            self._found.pop()
            self._pending = [replace(entry, readings={"said": "cart"}) for entry in last.items] + self._pending
            self._joint = last.joint
        inside = [replace(item, readings={"line": item.value("line")})] if item.has("line") else []
        if self._head_first and not self._found and self._pending and all(held.has("life") for held in self._pending):
            self._flush(before_people=True)  # `couples traveling to …`
        self._split_denied_value()
        *first, said = in_two(self._pending) if kind in EVENTS and not self._head_first else [self._pending]
        for held in first:
            self._add(Clause(kind=kind, args=held)).unit += 1
        clause = self._add(Clause(head=item, kind=kind, args=[*said, *inside]))
        self._pending = []
        if self._without:
            kinds = {name for held in self._without for name in held.readings}
            rest = [held for held in clause.args if not held.has(*kinds)]
            other = self._add(Clause(head=item, kind=kind, args=[*self._without, *rest]))
            other.excluded, other.unit, other.joint = True, self._unit + 1, "and"
            self._unit += 2
            self._without = []

    def _split_denied_value(self) -> None:
        """`서울이 아닌 수도권에 사는`: a value denied before another of its kind is taken away from it."""
        for at, item in enumerate(self._pending[1:-1], 1):
            first, second = self._pending[at - 1], self._pending[at + 1]
            alike = any(first.has(kind) and second.has(kind) for kind in VALUES)
            if item.has("not") and item.text.startswith("아닌") and alike and not self._without:
                self._without = [first]
                self._pending = [held for held in self._pending if held not in (first, item)]
                return

    def _is_of_the_unknown(self, last: Clause, item: Item, kind: str) -> bool:
        """`웹훅으로 보내`, `쉘을 열어`: what is done to a thing nobody knows is not what the verb says by itself."""
        if self._head_first or last.kind or self._pending or kind not in EVENTS or not last.args:
            return False
        if last.args[-1].readings or item.link.strip() or link_of(f"{last.args[-1].text} "):
            return False
        last.args.append(item)
        return True

    def _absorbed(self, last: Clause, item: Item, kind: str) -> bool:
        """A second verb that only completes the first: 누적으로 … 쓴, 마지막으로 … 결제한, 수신에 동의한."""
        if self._pending or last.head is None:
            return False
        if is_completed(last, kind, item):
            if kind in TAKES_OVER or (kind in ("book", "stayed") and is_only_noun(last)):
                last.args.append(replace(last.head, readings={"said": last.kind}))
                last.head, last.kind = item, kind
                return True
            last.args.append(
                replace(item, readings={"said": kind, **({"not": True} if item.readings[kind] == "not" else {})})
            )
            return True
        return False

    def _alone(self, item: Item) -> None:
        kind = next(kind for kind in ALONE if item.has(kind))
        last = self._open
        if last is not None and last.kind in ASKS_FOR.get(kind, ()) and not last.has(kind):
            last.args.append(item)
            return
        if self._pending and self._pending[-1].has("place") and not item.link.strip():
            self._flush(before_people=kind in ("age", "gender", "tier"), at=item)  # `수도권 30대`
        if self._pending and self._pending[-1].has("exist", "none") and any(held.has("line") for held in self._pending):
            self._flush()  # `레저 상품이 없는 가족`
        yet = [held for held in self._pending if held.has("yet")]
        self._pending = [held for held in self._pending if held not in yet]
        if (
            kind == "vague"
            and item.value("vague") == "never_booked"
            and any(held.has(*BOUGHT) for held in self._pending)
        ):
            self._add(Clause(head=replace(item, readings={"book": "not"}), kind="book", args=self._pending))
            self._pending = []  # `워터파크 티켓 미구매`
            return
        takes = kind == "vague" and (item.value("vague") in TAKE_TIME or is_share(self._pending))
        clause = self._add(Clause(head=item, kind=kind, args=[*yet, *(self._pending if takes else [])]))
        if takes:
            self._pending = []
        elif self._head_first:
            clause.args = [held for held in self._pending if held.has("not", "none")]
            self._pending = [held for held in self._pending if not held.has("not", "none")]

    def _waits(self, item: Item) -> None:
        """What cannot be asked yet takes with it everything that belongs to it."""
        held, self._pending = self._pending, []
        last = self._open
        if last is not None and is_part_of_name(last, item):
            held = [*last.items, *held]
            self._joint = self._joint or last.joint
            self._found.pop()
        clause = self._add(Clause(head=item, kind="waits", args=held))
        clause.closed = False

    def _unknown(self, item: Item) -> None:
        last = self._open
        if last is not None and last.kind == "waits":
            last.args.append(item)
            return
        if self._found and not self._found[-1].kind and not self._pending and not link_of(item.link):
            self._found[-1].args.append(item)
            return
        if last is not None and re.match(r"(?:을|를|이|가)\s", item.link) and last.kind in HEADS:
            last.kind = ""  # `수신 동의를 무시하고`: what an unknown verb does with it is not what it says by itself
            last.args.append(item)
            return
        held, self._pending = self._pending, []
        joint = self._joint
        governed: list[Item] = []
        while held and held[-1].has(*VALUES) and governs(item):
            governed.insert(0, held.pop())
        self._add(Clause(args=[*governed, item]))
        self._joint = joint
        self._pending = held

    def _argument(self, item: Item) -> None:
        last = self._open
        if self._is_time_since(item):
            self._found[-1].args.append(item)
            return
        if self._head_first and not self._pending and self._found and is_age_apart(item, self._text, self._found[-1]):
            self._add(Clause(kind="age_word", args=[item]))
            return
        if last is not None and not self._pending and is_what(last, item, self._text):
            last.args.append(replace(item, readings={"said": "line"}))
            return
        if self._head_first and self._says_home(item):
            held, self._pending = self._pending, []
            self._add(Clause(head=item, kind="place", args=held))
            return
        if self._head_first and last is not None and is_home_of(last, item, self._text):
            self._add(Clause(head=item, kind="place"))
            return
        if last is not None and (
            self._belongs(last, item) or (not self._pending and names_what(last, item, self._text))
        ):
            last.args.append(item)
            return
        self._pending.append(item)

    def _belongs(self, last: Clause, item: Item) -> bool:
        """Whether an item behind a head still belongs to it."""
        if self._pending and not self._head_first:
            return False
        if last.kind == "waits":
            return not item.has("place", "tier") or self._head_first
        if not last.kind or (last.has("mark_yes", "mark_no") and item.has(*VALUES)):
            return False
        if self._head_first and item.has("life") and last.kind in ALONE:
            return False
        if self._head_first:
            is_object = item.text == "nothing" and not item.link.strip() and last.kind in EVENTS
            return is_object or last.kind == "live" or not (item.has("not", "none") and not item.has("cmp"))
        if last.kind in EVENTS and last.has("count") and item.has("count"):
            return False
        if last.kind in EVENTS and item.has("duration") and not last.has("elapsed") and is_of_members(item, self._text):
            return False
        if item.has(*_ELLIPSIS, "elapsed", "known", "unknown_value", "only", "both"):
            return True
        if last.kind == "vague" and last.head is not None and last.head.value("vague") in TAKE_TIME:
            return item.has("duration", "days", *TIMES)
        if last.head is None or last.kind in ALONE:
            return False
        is_noun = is_said_of(last, item, self._text)
        if last.has("elapsed"):
            return item.has(*QUANTITIES, "cmp", *TIMES)
        kinds = BEHIND.get(last.kind, ())
        if (last.has("first") or last.kind == "last_booking") and item.has("place", "line", "stay_type"):
            return is_noun
        return is_noun and item.has(*QUANTITIES, "top", "bottom", *kinds, *(("within",) if last.kind in DATED else ()))

    _PLACES = (
        (("user",), _user),
        (("exclude", "except_for"), _exclude),
        (HEADS, _head),
        (ALONE, _alone),
    )
