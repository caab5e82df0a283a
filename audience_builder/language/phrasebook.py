"""The offline interpreter: a lexicon from the catalog, a grammar of clauses, and what was not understood."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

from audience_builder.errors import InputError, RuleError
from audience_builder.language.assemble import Assembled, assemble
from audience_builder.language.build import Meaning
from audience_builder.language.item import Item, whole_words
from audience_builder.language.joining import numbered
from audience_builder.language.lattice import read_items
from audience_builder.language.lexicon import Lexicon, Lexicons, edit_lexicon, lexicon
from audience_builder.language.port import (
    Assumption,
    Interpretation,
    Language,
    NotUnderstood,
    Phrase,
    Reading,
    Status,
)
from audience_builder.language.reader import clauses
from audience_builder.language.typo import mended
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from audience_builder.rule.words_read import Read, read_words

LONGEST: Final = 1000
_HANGUL: Final = re.compile("[가-힣]")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000b-\u001f]")
_BULLET: Final = re.compile(r"(?:(?<=\s)|^)(?:[0-9]{1,2}[).](?=\s)|[-•*▶①-⑨](?=\s))")

_RIGHT: Final = {
    "햇": "했",
    "됬": "됐",
    "왓": "왔",
    "봣": "봤",
    "삿": "샀",
    "갓": "갔",
    "썻": "썼",
    "엇": "었",
    "앗": "았",
}
_MISSPELT: Final = re.compile(f"[{''.join(_RIGHT)}](?=던|는데|고(?:\\s|$)|지만|으며|으나|거나|음|다|을)")
"""A final consonant written single that is double, where only an ending can follow: `예약햇던`."""

Analyser = Callable[[str], frozenset[int]]
"""Which letters of a text are endings and particles."""


class Phrasebook:
    """Reads Korean and English without a network (`language.port.Interpreter`); `analyser` widens what is read."""

    def __init__(self, analyser: Analyser | None = None, words: Callable[[], Lexicons] | None = None) -> None:
        self._analyser = analyser
        self._words = words or (lambda: Lexicons(lexicon(), edit_lexicon()))

    def read(
        self, sentence: str, *, as_of: date, language: Language | None = None, base: Rule | None = None
    ) -> Interpretation:
        """The rule of a sentence (see the port)."""
        if len(sentence) > LONGEST:
            raise InputError(f"a sentence has at most {LONGEST:,} characters", fix="Say it in fewer words.")
        said = language or language_of(sentence)
        if base is not None:
            from audience_builder.language.edit import edited

            return edited(sentence, said, base, self._items(sentence, as_of, self._words().edits), normal(sentence))
        ours = next((read for other in (said, "ko", "en") if (read := read_words(sentence, other))), None)
        if ours is not None:
            return _from_words(sentence, said, ours)
        items = self._items(sentence, as_of)
        return interpretation(sentence, said, items)

    def _items(self, sentence: str, as_of: date, words: Lexicon | None = None) -> list[Item]:
        words = words or self._words().reading
        text = normal(sentence)
        items = read_items(text, words, as_of)
        if all(item.readings for item in items):
            return items
        known = self._analyser(text) if self._analyser else frozenset[int]()
        more = tuple(mended(text, items))
        return read_items(text, words, as_of, known=known, more=more) if known or more else items


def language_of(sentence: str) -> Language:
    """Korean where there is any Hangul."""
    return "ko" if _HANGUL.search(sentence) else "en"


def normal(sentence: str) -> str:
    """The sentence in small letters and plain widths, as long as before: every place in it stays where it was."""
    text = "".join(_plain(char) for char in sentence)
    text = _MISSPELT.sub(lambda match: _RIGHT[match[0]], text)
    text = _BULLET.sub(lambda match: ";" + " " * (len(match[0]) - 1), text)
    return text.replace("\n", ";").replace("\t", " ")


def _plain(char: str) -> str:
    if _INVISIBLE.match(char):
        return " "
    plain = unicodedata.normalize("NFKC", char).lower()
    return plain if len(plain) == 1 else char


def _from_words(sentence: str, language: Language, read: Read) -> Interpretation:
    phrases = tuple(
        Phrase(span.start, span.end, sentence[span.start : span.end], span.node) for span in read.spans if not span.part
    )
    return Interpretation(sentence, language, parse_rule(read.rule), phrases)


def interpretation(sentence: str, language: Language, items: Sequence[Item]) -> Interpretation:
    """What the items of a sentence come to."""
    made = assemble(clauses(items, normal(sentence), head_first=language == "en"))
    unread = not_understood(sentence, made, items)
    mends = tuple((item.text, item.mended) for item in items if item.mended)
    everything = NotUnderstood(0, len(sentence), sentence, "unknown")
    if made.root is None:
        return Interpretation(sentence, language, None, not_understood=unread or (everything,), mended=mends)
    try:
        rule = parse_rule(numbered(copy_of(made)))
    except RuleError:  # each condition is right by itself: they are too many
        return Interpretation(sentence, language, None, not_understood=(everything,), mended=mends)
    return Interpretation(
        sentence,
        language,
        rule,
        tuple(_phrase(sentence, meaning) for meaning in made.meanings),
        tuple(
            Assumption(_id(meaning), slot, reason)
            for meaning in made.meanings
            for slot, reason in meaning.assumed.items()
        ),
        tuple(_readings(made.meanings)),
        unread,
        mended=mends,
    )


def copy_of(made: Assembled) -> dict[str, object]:
    """The tree with nodes of its own (a glossary's fragments are shared), meanings pointing at the new ones."""
    known: dict[int, dict[str, object]] = {}

    def copied(node: dict[str, object]) -> dict[str, object]:
        fresh = {key: copy.deepcopy(value) for key, value in node.items() if key not in ("child", "children")}
        if "child" in node:
            fresh["child"] = copied(node["child"])  # type: ignore[arg-type]
        if "children" in node:
            fresh["children"] = [copied(child) for child in node["children"]]  # type: ignore[union-attr]
        known[id(node)] = fresh
        return fresh

    assert made.root is not None
    root = copied(made.root)
    for meaning in made.meanings:
        meaning.node = known[id(meaning.node)]
    return root


def _id(meaning: Meaning) -> str:
    assert meaning.node is not None
    return str(meaning.node["id"])


def _extent(items: Iterable[Item]) -> tuple[int, int]:
    held = list(items)
    return min(item.start for item in held), max(item.end for item in held)


def _phrase(sentence: str, meaning: Meaning) -> Phrase:
    start, end = _extent(meaning.clause.items)
    status: Status = "ambiguous" if meaning.others else "assumed" if meaning.assumed else "said"
    return Phrase(start, end, sentence[start:end], _id(meaning), status)


def _readings(meanings: Iterable[Meaning]) -> Iterable[Reading]:
    for meaning in meanings:
        start, end = _extent(meaning.clause.items)
        for other in meaning.others:
            yield Reading(_id(meaning), start, end, other, asks="word" in meaning.assumed)
        for slot, reason in meaning.assumed.items():
            if reason.startswith("place:") and meaning.node is not None:
                yield Reading(_id(meaning), start, end, _elsewhere(meaning.node, slot, reason[6:]), asks=True)


def _elsewhere(node: dict[str, object], slot: str, place: str) -> dict[str, object]:
    other = copy.deepcopy(node)
    other.pop("id", None)
    if slot == "value":
        other["value"] = [place]
    else:
        other["properties"][slot] = [place]  # type: ignore[index]
    return other


_JOINABLE: Final = re.compile(r"[\s,.;:!?'\"(){}\[\]<>/\-]*(?:[가-힣]{1,3}\s)?\s*")


def not_understood(sentence: str, made: Assembled, items: Sequence[Item]) -> tuple[NotUnderstood, ...]:
    """The phrases in no condition: whole words, those side by side as one."""
    used = {item.start for meaning in made.meanings for item in meaning.clause.items} - {
        item.start for held in made.unread for item in held
    }
    stretches = sorted((*_extent(held), _reason(held)) for held in made.unread)
    found: list[tuple[int, int, tuple[str, str]]] = []
    for start, end, reason in stretches:
        first, last = whole_words(sentence, start, end)
        between = range(found[-1][1], first) if found else range(0)
        if (
            found
            and not any(place in used for place in between)
            and first - found[-1][1] <= 12
            and not re.search(r"[.;\n]", sentence[found[-1][1] : first])
        ):
            found[-1] = (found[-1][0], max(last, found[-1][1]), found[-1][2] if found[-1][2][1] else reason)
        else:
            found.append((first, last, reason))
    return tuple(NotUnderstood(start, end, sentence[start:end], *reason) for start, end, reason in found)


def _reason(items: Iterable[Item]) -> tuple[str, str]:
    waits = next((str(item.value("waits")) for item in items if item.has("waits")), "")
    return ("notyet", waits) if waits else ("unknown", "")
