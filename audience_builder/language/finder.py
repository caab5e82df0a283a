"""What a reader has found so far, what still waits for a verb, and what becomes of it when none comes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from audience_builder.language.clause import (
    Clause,
    is_bought,
    is_denied_too,
    is_done_noun,
    is_membership,
    is_not_done,
    is_sum,
    says_again,
    says_another,
)
from audience_builder.language.clause_kinds import DATED, EVENTS, OF_AGE, PEOPLE, SAYS_WHETHER, TIMES
from audience_builder.language.glue import CELL
from audience_builder.language.item import Item
from audience_builder.language.values import VALUES
from audience_builder.language.vocabulary import names

_JOINING: Final = re.compile(r"[\s,/;·()\[\]|&]|\b(?:and|or)\b")

_IN_COMPANY: Final = ("", "동반", "동반한", "동반하는", "있는", "가있는", "이있는")


class Finder:
    """Keeps clauses in order of the sentence; words without a verb wait in `_pending`."""

    def __init__(self, text: str, *, head_first: bool) -> None:
        self._text = text
        self._head_first = head_first
        self._found: list[Clause] = []
        self._pending: list[Item] = []
        self._without: list[Item] = []
        self._joint = ""
        self._tail = ""
        self._linked = ""
        self._was_user = False
        self._listing: int | None = None  # the unit of what follows `제외:`
        self._unit = 0
        self._people: list[int] = []  # how many clauses had been found at each noun for people

    @property
    def _open(self) -> Clause | None:
        return self._found[-1] if self._found and not self._found[-1].closed else None

    def _end_cell(self, item: Item) -> None:
        """In notes each cell says one thing: what waits in it will get no verb from the next."""
        held = self._pending
        if is_done_noun(held, item.link):
            self._pending = []
            self._add(Clause(kind="book", args=held))
            return
        if held and held[-1].has("exist", "none") and any(entry.has("line") for entry in held):
            self._flush()
            return
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
        clause.link, self._linked = self._linked, ""
        before = self._found[-1] if self._found else None
        if clause.joint == "exclude" or (
            self._head_first and before is not None and before.excluded and not clause.joint
        ):
            clause.excluded, clause.joint = True, "and"
        clause.unit = self._unit
        if self._listing is not None:
            is_first = not (self._found and self._found[-1].unit == self._listing)
            clause.excluded, clause.unit, clause.joint = True, self._listing, "and" if is_first else "list"
        self._found.append(clause)
        return clause

    def _close(self) -> None:
        if self._found:
            self._found[-1].closed = True

    def _flush(self, *, before_people: bool = False, at: Item | None = None) -> None:
        """What waits for a verb when none comes: kinds of people stand alone, the rest is not understood."""
        held, self._pending = self._pending, []
        if self._without:
            self._take_people_away()
        whole = self._as_one(held, before_people=before_people)
        if whole is not None:
            self._add(whole)
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

    def _as_one(self, held: list[Item], *, before_people: bool) -> Clause | None:
        """What waits as one clause whose verb goes without saying."""
        if self._head_first and self._joint == "and" and self._found and is_denied_too(self._found[-1], held):
            kept = [] if any(item.has(*VALUES) for item in held) else self._again(held)
            return Clause(head=self._found[-1].head, kind=self._found[-1].kind, args=[*kept, *held])
        if self._joint == "exclude" and self._found and held and all(item.has(*TIMES) for item in held):
            return Clause(kind=self._found[-1].kind, args=[*self._again(held), *held])  # `but not this year`
        if self._found and says_again(self._found[-1], held):
            return Clause(kind=self._found[-1].kind, args=[*self._again(held), *held])
        if self._found and says_another(self._found[-1], held):
            return Clause(kind=self._found[-1].kind, args=held)
        if any(item.has("night") for item in held) and all(item.has("night", "mark_yes", "mark_no") for item in held):
            return Clause(kind="consent", args=held)
        if is_sum(held):
            return Clause(kind="spend", args=held)
        mode = next((item for item in held if item.has("stay_mode")), None)
        if mode is not None and (
            any(item.has("exist", "count", "none") for item in held) or (before_people and held == [mode])
        ):
            return Clause(kind="book", args=held)
        if is_bought(held) or is_not_done(held):
            return Clause(kind="book", args=held)
        if before_people and is_membership(held, self._text):
            return Clause(kind="signup", args=held)
        line = next((item for item in held if item.has("line")), None)
        if line is not None and any(item.has(*SAYS_WHETHER) for item in held if item is not line):
            return Clause(head=line, kind="has_line", args=[item for item in held if item is not line])
        return None

    def _take_people_away(self) -> None:
        """`직장인 제외한 20대`: what was to be left out of a deed, where no deed came."""
        left_out, self._without = self._without, []
        for item in left_out:
            kind = self._kind_alone(item, before_people=True, at=None) or ("place" if item.has("place") else "")
            clause = self._add(Clause(head=item, kind=kind) if kind else Clause(args=[item]))
            clause.excluded, clause.joint = True, "and"
            self._unit += 1

    def _begin_list(self) -> None:
        """What follows is taken away, each of it, until the cell ends."""
        self._unit += 1
        self._listing = self._unit
        self._unit += 1

    def _again(self, held: list[Item]) -> list[Item]:
        """What the clause before said of what was done and this one does not; it stands nowhere in the sentence."""
        at = held[0].start
        if any(item.has(*VALUES) for item in held):
            return []
        return [replace(item, start=at, end=at) for item in self._found[-1].args if item.has(*VALUES)]

    def _kind_alone(self, item: Item, *, before_people: bool, at: Item | None) -> str:
        """What an item is without a verb; a place right before people is where they live."""
        kind = next((kind for kind in PEOPLE if item.has(kind)), "")
        behind = _JOINING.sub("", self._text[item.end : at.start]) if at is not None else ""
        if kind == "party" and not (before_people and behind in _IN_COMPANY) and at is not None:
            return ""
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

    def _says_home(self, item: Item) -> bool:
        """`users in Busan who …`: where those people are at home."""
        before, behind = self._text[: item.start].rstrip(), self._text[item.end :]
        of_people = self._was_user and item.has("place") and before.endswith((" in", " from"))
        is_denied = all(held.has("not") for held in self._pending)  # `customers not in Seoul`
        return of_people and is_denied and bool(re.match(r"\s*(?:who|that|with|,|and\b|$)", behind))

    def _is_time_since(self, item: Item) -> bool:
        """`가입하고 일주일 지났는데`: how long ago what was just said was."""
        if self._pending or self._head_first or not self._found or not item.has("duration"):
            return False
        last = self._found[-1]
        return (
            last.kind in DATED and not last.args and "지나" in item.text.replace("지났", "지나") and not last.excluded
        )
