"""Clauses found from left to right: what belongs to which verb or noun.

Korean puts what belongs to a verb before it and numbers before or behind; English puts most of it behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from audience_builder.language.clause import Clause, governs, is_denied_too, is_home_of, is_part_of_name
from audience_builder.language.clause_kinds import (
    ALONE,
    ASKS_FOR,
    BEHIND,
    COMPLETED,
    DATED,
    EVENTS,
    HEADS,
    OF_AGE,
    PEOPLE,
    SAYS_WHETHER,
    TAKE_TIME,
    TIMES,
)
from audience_builder.language.glue import CELL, link_of
from audience_builder.language.item import Item
from audience_builder.language.quantity import QUANTITIES, with_comparisons
from audience_builder.language.values import VALUES, listed, without_fillers
from audience_builder.language.vocabulary import names

_AMONG: Final = re.compile(r"(?:^|\s|[가-힣])(?:중에서는?|중에선|중에는?|중|가운데서?|에서)\s*$")
_RELATIVE: Final = re.compile(r"^(?:한|했던|하는|하던|할|된|은|는|ㄴ|던|을|해본|해 본|했었던|하신|하셨던|인|한 적)?\s")
_WHETHER: Final = re.compile(r"는지\s")
_ELLIPSIS: Final = ("not", "none", "exist", "never", "mark_yes", "mark_no")


def clauses(items: Iterable[Item], text: str, *, head_first: bool) -> list[Clause]:
    """The clauses of a sentence; what belongs to none stands in clauses without a kind (not understood)."""
    prepared = list(with_comparisons(without_fillers(items), head_first=head_first))
    reader = _Reader(text, head_first=head_first)
    for item in listed(prepared):
        reader.take(item)
    return reader.end()


class _Reader:
    """Takes items one after another and puts each where it belongs."""

    def __init__(self, text: str, *, head_first: bool) -> None:
        self._text = text
        self._head_first = head_first
        self._found: list[Clause] = []
        self._pending: list[Item] = []
        self._without: list[Item] = []
        self._joint = ""
        self._unit = 0

    def take(self, item: Item) -> None:
        """The next item."""
        self._note_link(item)
        if item.has("waits") and any(held.has("channel") for held in self._pending):
            self._waits(item)
            return
        if item.text == "not" and not self._head_first and not self._pending:  # `AND NOT 휴면`
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
        self._flush()
        for clause in self._found:
            if clause.kind in EVENTS and _WHETHER.match(self._text, max(item.end for item in clause.items)):
                clause.kind = ""
        return self._found

    @property
    def _open(self) -> Clause | None:
        return self._found[-1] if self._found and not self._found[-1].closed else None

    def _note_link(self, item: Item) -> None:
        link = link_of(item.link)
        if _AMONG.search(item.link) and (self._found or "에서" not in item.link):
            link = link or "and"
        if not link:
            return
        if link in ("and", "or") and self._pending and not self._head_first:
            self._end_cell(item)
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

    def _end_cell(self, item: Item) -> None:
        """In notes each cell says one thing: what waits in it will get no verb from the next."""
        held = self._pending
        among_people = bool(self._found) and all(
            clause.kind in OF_AGE or clause.kind == "age" for clause in self._found
        )
        lives = among_people and item.link.strip() == "," and all(entry.has("place") for entry in held)
        is_cell = bool(CELL.search(item.link)) or lives
        if any(entry.has("mark_yes", "mark_no") for entry in held) or (
            is_cell or all(entry.has("life", "device") for entry in held)
        ):
            self._flush(before_people=is_cell, at=item)

    def _add(self, clause: Clause) -> Clause:
        clause.joint, self._joint = self._joint, ""
        before = self._found[-1] if self._found else None
        if clause.joint == "exclude" or (
            self._head_first and before is not None and before.excluded and not clause.joint
        ):
            clause.excluded, clause.joint = True, "and"
        clause.unit = self._unit
        self._found.append(clause)
        return clause

    # --- kinds of items -------------------------------------------------------------------------------------------------

    def _user(self, item: Item) -> None:
        """A noun for people ends what was said of them."""
        self._flush(before_people=True, at=item)
        if self._found:
            self._found[-1].closed = True

    def _exclude(self, item: Item) -> None:
        """Takes away what was just said: back to the last connective."""
        if self._pending and not self._head_first and any(held.has(*VALUES) for held in self._pending):
            self._without = [held for held in self._pending if held.has(*VALUES)]
            self._pending = [held for held in self._pending if not held.has(*VALUES)]
            return
        self._flush(before_people=True, at=item)
        if self._head_first:
            self._joint = "exclude"
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

    def _head(self, item: Item) -> None:
        kind = next(kind for kind in HEADS if item.has(kind))
        last = self._open
        if last is not None and (self._absorbed(last, item, kind) or self._is_of_the_unknown(last, item, kind)):
            return
        inside = [replace(item, readings={"line": item.value("line")})] if item.has("line") else []
        self._split_denied_value()
        clause = self._add(Clause(head=item, kind=kind, args=[*self._pending, *inside]))
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
        pairs = COMPLETED.get(kind, ())
        if last.kind in pairs:
            if kind in ("cancel", "left", "checkout_left"):
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
        yet = [held for held in self._pending if held.has("yet")]
        self._pending = [held for held in self._pending if held not in yet]
        takes = kind == "vague" and item.value("vague") in TAKE_TIME
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
        governed = [held.pop()] if held and held[-1].has(*VALUES) and governs(item) else []
        self._add(Clause(args=[*governed, item]))
        self._joint = joint
        self._pending = held

    def _argument(self, item: Item) -> None:
        last = self._open
        if self._is_time_since(item):
            self._found[-1].args.append(item)
            return
        if (
            self._head_first
            and item.has("number")
            and item.has("cmp")
            and self._found
            and self._found[-1].kind in OF_AGE
            and not self._pending
        ):
            self._add(Clause(kind="age_word", args=[item]))
            return
        if self._head_first and last is not None and is_home_of(last, item, self._text):
            self._add(Clause(head=item, kind="place"))
            return
        if last is not None and self._belongs(last, item):
            last.args.append(item)
            return
        self._pending.append(item)

    def _is_time_since(self, item: Item) -> bool:
        """`가입하고 일주일 지났는데`: how long ago what was just said was."""
        if self._pending or self._head_first or not self._found or not item.has("duration"):
            return False
        last = self._found[-1]
        return (
            last.kind in DATED and not last.args and "지나" in item.text.replace("지났", "지나") and not last.excluded
        )

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
        if last.kind == "vague" and last.head is not None and last.head.value("vague") in TAKE_TIME:
            return item.has("duration", "days", *TIMES)
        if last.head is None or last.kind in ALONE:
            return False
        behind = [held for held in last.args if held.start >= last.head.end]
        between = self._text[max(held.end for held in behind) if behind else last.head.end : item.start]
        is_noun = not _RELATIVE.match(between + " ") or between.strip() in (
            "",
            "은",
            "이",
            "가",
            "는",
            "을",
            "를",
            "의",
            "도",
            ":",
        )
        if between.strip() in ("은", "는") and last.head.text.endswith(("한", "은", "는", "본", "간", "산")):
            is_noun = False
        if last.has("elapsed"):
            return item.has(*QUANTITIES, "cmp", *TIMES)
        kinds = BEHIND.get(last.kind, ())
        if last.has("first") and item.has("place", "line", "stay_type"):
            return is_noun
        return is_noun and item.has(*QUANTITIES, "top", "bottom", *kinds, *(("within",) if last.kind in DATED else ()))

    def _close(self) -> None:
        if self._found:
            self._found[-1].closed = True

    def _flush(self, *, before_people: bool = False, at: Item | None = None) -> None:
        """What waits for a verb when none comes: kinds of people stand alone, the rest is not understood."""
        held, self._pending = self._pending, []
        if self._head_first and self._joint == "and" and self._found and is_denied_too(self._found[-1], held):
            self._add(Clause(head=self._found[-1].head, kind=self._found[-1].kind, args=held))
            return
        mode = next((item for item in held if item.has("stay_mode")), None)
        if mode is not None and any(item.has("exist", "count", "none") for item in held):
            self._add(Clause(kind="book", args=held))
            return
        line = next((item for item in held if item.has("line")), None)
        if line is not None and any(item.has(*SAYS_WHETHER) for item in held if item is not line):
            self._add(Clause(head=line, kind="has_line", args=[item for item in held if item is not line]))
            return
        while held:
            item = held.pop(0)
            kind = self._kind_alone(item, before_people=before_people, at=at)
            if kind:
                kinds = ("mark_yes", "mark_no", "not", "none", *(("only",) if kind == "device" else ()))
                marks = [other for other in held if other.has(*kinds)]
                self._add(Clause(head=item, kind=kind, args=marks))
                held = [other for other in held if other not in marks]
            elif item.has("only") or (item.has(*TIMES, "duration") and self._take_back(item)):
                continue
            elif item.has("cmp", "both", "per", "never", "exist", "mark_yes", "yet") and self._found:
                self._found[-1].args.append(item)
            else:
                self._add(Clause(args=[item]))

    def _kind_alone(self, item: Item, *, before_people: bool, at: Item | None) -> str:
        """What an item is without a verb; a place right before people is where they live."""
        kind = next((kind for kind in PEOPLE if item.has(kind)), "")
        behind = self._text[item.end : at.start].strip(" ,/;·") if at is not None else ""
        lives = item.has("place") and before_people and behind in ("", "의") and item.text not in names("needs_company")
        return kind or ("place" if lives else "")

    def _take_back(self, item: Item) -> bool:
        """A stretch of time said by itself belongs to the last event that has none."""
        for clause in reversed(self._found):
            if clause.kind in EVENTS and not clause.has(*TIMES):
                clause.args.append(
                    replace(item, readings={"within": item.value("duration")}) if item.has("duration") else item
                )
                return True
        return False

    _PLACES = (
        (("user",), _user),
        (("exclude", "except_for"), _exclude),
        (HEADS, _head),
        (ALONE, _alone),
    )
