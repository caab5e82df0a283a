"""The team's glossary: what vague words are taken for here, changed by admins, in place of the product's own reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from audience_builder.access import Permission, Principal, require
from audience_builder.errors import ConflictError, InputError
from audience_builder.language.lexicon import Lexicons, edit_lexicon, folded, lexicon, lexicon_with
from audience_builder.language.vague import VAGUE, Vague
from audience_builder.language.vocabulary import lines
from audience_builder.rule.canonical import canonical
from audience_builder.rule.check import parse_rule
from audience_builder.store import GlossaryWord, Note, Store

Node = dict[str, Any]
_MOST_WORDS: Final = 500
_MOST_READINGS: Final = 5
_ANY_LETTER: Final = re.compile(r"[가-힣a-zA-Z]{2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A vague word: all the ways it is said, what it is taken for, and who said so (`changed_by` empty = the product)."""

    word: str
    said: tuple[str, ...]
    meaning: Vague
    revision: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""


class Glossary:
    """What vague words mean. Changes hold for the next sentence read in this process, in others from their next start."""

    def __init__(self, store: Store, reader: Principal, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        with store.unit(reader) as unit:
            self._words = tuple(unit.glossary.all())
        self._lexicons = _lexicons(self._words)

    def lexicons(self) -> Lexicons:
        """The words to read with."""
        return self._lexicons

    def entries(self) -> list[Entry]:
        """Every word: the team's meanings, then the product's own that nobody has changed."""
        team = [_entry(word) for word in self._words]
        taken = {said for entry in team for said in entry.said}
        own = [Entry(said[0], said, VAGUE[key]) for key, said in _surfaces().items() if key in VAGUE]
        return [*team, *(entry for entry in own if entry.said[0] not in taken)]

    def put(
        self,
        principal: Principal,
        word: str,
        rule: Node,
        others: Sequence[Node] = (),
        *,
        asks: bool = False,
        revision: int = 0,
    ) -> Entry:
        """Give a word a meaning; `revision` is the one that is changed (0 = none yet).

        Raises RuleError for what is no rule, InputError for what is no word, ConflictError where somebody was first.
        """
        require(principal, Permission.ADMINISTER)
        key = _word(word)
        if len(others) > _MOST_READINGS or (revision == 0 and len(self._words) >= _MOST_WORDS):
            raise InputError("these are too many", fix=f"At most {_MOST_READINGS} readings and {_MOST_WORDS} words.")
        roots = [_root(node) for node in (rule, *others)]
        made = GlossaryWord(
            word=key, rule=roots[0], others=tuple(roots[1:]), asks=asks, revision=revision + 1, changed_at=self._now(),
            changed_by=principal.id,
        )  # fmt: skip
        if revision == 0 and any(entry.word == key for entry in self._words):
            raise ConflictError("the word has a meaning already", fix="Say the revision that is to be changed.")
        with self._store.unit(principal) as unit:
            unit.glossary.put(made)
            rules = tuple(canonical(parse_rule({"version": 1, "root": root})) for root in roots)
            unit.note(
                Note(action="glossary.put", subject=key, detail={"asks": asks, "revision": revision + 1}, rules=rules)
            )
            self._words = tuple(unit.glossary.all())
        self._lexicons = _lexicons(self._words)
        return _entry(made)

    def remove(self, principal: Principal, word: str) -> None:
        """Go back to the product's own meaning, or to none. Raises NotFoundError where the team has given none."""
        require(principal, Permission.ADMINISTER)
        key = _word(word)
        with self._store.unit(principal) as unit:
            unit.glossary.remove(key)
            unit.audit("glossary.remove", key)
            self._words = tuple(unit.glossary.all())
        self._lexicons = _lexicons(self._words)


def _word(word: str) -> str:
    key = folded(word)
    if not 2 <= len(key) <= 40 or not _ANY_LETTER.search(key):
        raise InputError("this is no word of a sentence", fix="Use 2 to 40 letters.")
    return key


def _root(node: Node) -> Node:
    """A rule's root without ids, once it is a right one."""
    parse_rule({"version": 1, "root": node})
    return _bare(node)


def _bare(node: Node) -> Node:
    bare = {key: value for key, value in node.items() if key not in ("id", "child", "children")}
    if "child" in node:
        bare["child"] = _bare(node["child"])
    if "children" in node:
        bare["children"] = [_bare(child) for child in node["children"]]
    return bare


@cache
def _surfaces() -> Mapping[str, tuple[str, ...]]:
    """All the ways each of the product's vague words is said."""
    found: dict[str, list[str]] = {}
    for word, key, _ in lines("vague"):
        found.setdefault(key, []).append(folded(word))
    return {key: tuple(words) for key, words in found.items()}


def _entry(word: GlossaryWord) -> Entry:
    alike = next((said for said in _surfaces().values() if word.word in said), ())
    said = tuple(dict.fromkeys((word.word, *alike)))
    return Entry(
        word.word, said, Vague(word.rule, word.others, word.asks), word.revision, word.changed_at, word.changed_by
    )


def _lexicons(words: Sequence[GlossaryWord]) -> Lexicons:
    if not words:
        return Lexicons(lexicon(), edit_lexicon())
    team = list(_readings(words))
    return Lexicons(lexicon_with(team), lexicon_with(team, edits=True))


def _readings(words: Sequence[GlossaryWord]) -> Iterator[tuple[str, str, Any]]:
    for word in words:
        entry = _entry(word)
        for said in entry.said:
            yield said, "vague", "team"
            yield said, "team", entry.meaning
