"""Sentences written by `rule/words.py` read back: the same tables the other way round.

Reads what the product itself says, with any numbers, options and windows put in by hand. Free writing is `language`'s part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from audience_builder.rule.words_korean import Ending
from audience_builder.rule.words_number import Language
from audience_builder.rule.words_read_clause import Clause, clauses
from audience_builder.rule.words_tables import JOINING
from audience_builder.rule.words_text import Span

Node = dict[str, Any]
_LINE: Final = re.compile(r"\(([0-9.]+)\) (.*)")
_KO_CASE: Final = re.compile(r" 경우\)(?:(?P<not>를 제외)(?P<no>하고|하거나|한)|(?P<yes>이고|이거나|인))")
_KO_ENDINGS: Final = {
    **dict.fromkeys(("하고", "이고"), Ending.AND),
    **dict.fromkeys(("하거나", "이거나"), Ending.OR),
    **dict.fromkeys(("한", "인"), Ending.BEFORE_NOUN),
}
_KO_KINDS: Final = {Ending.AND: "all", Ending.OR: "any"}
_EN_KINDS: Final = {" and ": "all", " or ": "any"}


@dataclass(frozen=True, slots=True)
class Read:
    """A rule read from words (as JSON, its conditions with ids), and which characters speak of which condition."""

    rule: dict[str, Any]
    spans: tuple[Span, ...]


class _NotOursError(Exception):
    """The text is none that `words` writes."""


def read_words(text: str, language: Language) -> Read | None:
    """The rule of a sentence as `words` writes it; None for any other text."""
    reader = _Reader(text.strip().removesuffix("."), language)
    try:
        root = reader.numbered() if "\n" in reader.text else reader.sentence()
    except (_NotOursError, RecursionError):
        return None
    return Read({"version": 1, "root": root}, tuple(reader.spans))


class _Reader:
    """Reads one text; `spans` grows with every condition found."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language: Language = language
        self.spans: list[Span] = []

    def sentence(self) -> Node:
        """The whole text as one sentence."""
        if self.language == "ko":
            node, end, ending = self._ko_joined(0)
            if ending is not Ending.BEFORE_NOUN or self.text[end:] != " 고객":
                raise _NotOursError
            return node
        start = "Customers with "
        if not self.text.startswith(start):
            raise _NotOursError
        node, end = self._en_joined(len(start))
        if end != len(self.text):
            raise _NotOursError
        return node

    # --- Korean ---------------------------------------------------------------------------------------------------------

    def _ko_joined(self, at: int) -> tuple[Node, int, Ending]:
        children: list[Node] = []
        kinds: set[str] = set()
        while True:
            node, at, ending = self._ko_part(at)
            children.append(node)
            if ending not in _KO_KINDS:
                return _grouped(children, kinds), at, ending
            if not self.text.startswith(", ", at):
                raise _NotOursError
            kinds.add(_KO_KINDS[ending])
            at += 2

    def _ko_part(self, at: int) -> tuple[Node, int, Ending]:
        if not self.text.startswith("(", at):
            found = self._clause(at, (", ", " 고객", " 경우)"))
            return self._noted(found, at), found.end, found.ending
        node, end, ending = self._ko_joined(at + 1)
        case = _KO_CASE.match(self.text, end)
        if case is None or ending is not Ending.BEFORE_NOUN:
            raise _NotOursError
        if case["not"]:
            return {"type": "not", "child": node}, case.end(), _KO_ENDINGS[case["no"]]
        return node, case.end(), _KO_ENDINGS[case["yes"]]

    # --- English --------------------------------------------------------------------------------------------------------

    def _en_joined(self, at: int) -> tuple[Node, int]:
        children: list[Node] = []
        while True:
            node, at = self._en_part(at)
            children.append(node)
            kind = next((kind for word, kind in _EN_KINDS.items() if self.text.startswith(word, at)), "")
            if kind:
                last, at = self._en_part(at + len(" and " if kind == "all" else " or "))
                return {"type": kind, "children": [*children, last]}, at
            if not self.text.startswith(", ", at):
                return _grouped(children, set()), at
            at += 2

    def _en_part(self, at: int) -> tuple[Node, int]:
        for opening in ("not (", "("):
            if self.text.startswith(opening, at):
                node, end = self._en_joined(at + len(opening))
                if not self.text.startswith(")", end):
                    raise _NotOursError
                return ({"type": "not", "child": node} if opening == "not (" else node), end + 1
        found = self._clause(at, (", ", " and ", " or ", ")", None))
        return self._noted(found, at), found.end

    # --- numbered lines -------------------------------------------------------------------------------------------------

    def numbered(self) -> Node:
        """The whole text as numbered lines."""
        first, *rest = self.text.split("\n")
        lines: list[tuple[list[int], str, int]] = []
        at = len(first) + 1
        for line in rest:
            match = _LINE.fullmatch(line)
            if match is None:
                raise _NotOursError
            lines.append(([int(part) for part in match[1].split(".") if part], match[2], at + match.start(2)))
            at += len(line) + 1
        group = _heading(first, JOINING[self.language].root)
        if group is None:
            raise _NotOursError
        return self._filled(group, lines, 1)

    def _filled(self, group: Node, lines: list[tuple[list[int], str, int]], depth: int) -> Node:
        children: list[Node] = []
        starts = [i for i, (number, _, _) in enumerate(lines) if len(number) == depth]
        if not starts or starts[0] != 0:
            raise _NotOursError
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
            _, said, at = lines[start]
            inner = _heading(said, JOINING[self.language].group)
            if inner is not None:
                children.append(self._filled(inner, lines[start + 1 : stop], depth + 1))
                continue
            found = self._clause(at, ("\n", None))
            if found.end != at + len(said) or stop != start + 1:
                raise _NotOursError
            children.append(self._noted(found, at))
        if group["type"] == "not":
            if len(children) != 1:
                raise _NotOursError
            return {"type": "not", "child": children[0]}
        return {**group, "children": children}

    # --- clauses --------------------------------------------------------------------------------------------------------

    def _clause(self, at: int, followers: tuple[str | None, ...]) -> Clause:
        """The longest clause at a place that goes on as it may (`None` = with nothing)."""
        found = sorted(clauses(self.text, at, self.language), key=lambda entry: -entry.end)
        for entry in found:
            if any(self._goes_on(entry.end, follower) for follower in followers):
                return entry
        raise _NotOursError

    def _goes_on(self, at: int, follower: str | None) -> bool:
        return at == len(self.text) if follower is None else self.text.startswith(follower, at)

    def _noted(self, found: Clause, at: int) -> Node:
        number = f"n{sum(1 for span in self.spans if not span.part) + 1}"
        self.spans.append(Span(at, found.end, number))
        self.spans.extend(Span(start, end, number, part) for part, start, end in found.parts)
        return {**found.condition, "id": number}


def _grouped(children: list[Node], kinds: set[str]) -> Node:
    if len(children) == 1:
        return children[0]
    if len(kinds) != 1:
        raise _NotOursError
    return {"type": kinds.pop(), "children": children}


def _heading(said: str, headings: Any) -> Node | None:
    for kind, heading in _patterns(headings):
        match = heading.fullmatch(said)
        if match:
            return {"type": kind, **{name: int(number) for name, number in match.groupdict().items()}}
    return None


def _patterns(headings: dict[str, str]) -> Iterator[tuple[str, re.Pattern[str]]]:
    for kind, heading in headings.items():
        yield kind, re.compile(re.escape(heading).replace(r"\{k\}", "(?P<k>[0-9]+)"))
