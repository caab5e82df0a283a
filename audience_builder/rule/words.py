"""A rule read aloud, in Korean or English, by code. `rule/words_read.py` reads the same sentence back to the same rule.

A flat rule is one sentence; a deeper one numbered lines. Every phrase knows its node, so that a sentence and a tree can
point at each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from audience_builder.rule.tree import All, AnyOf, AtLeast, Condition, Node, Not, Rule, children_of
from audience_builder.rule.words_clause import clause
from audience_builder.rule.words_korean import ENDINGS, Ending, particle
from audience_builder.rule.words_number import Language
from audience_builder.rule.words_tables import JOINING
from audience_builder.rule.words_text import Span, Text, joined

_DEEPEST_SENTENCE: Final = 2
_AND: Final = {"ko": ", ", "en": ", "}


@dataclass(frozen=True, slots=True)
class Words:
    """A rule in words. `spans` tie stretches of the text to nodes and to their parts; the outermost come first."""

    text: str
    spans: tuple[Span, ...]
    language: Language


def words(rule: Rule, language: Language = "ko") -> Words:
    """The rule in full: one sentence, or numbered lines where it is nested deeper than a sentence bears."""
    said = _numbered(rule.root, language) if _is_deep(rule.root) else _SENTENCE[language](rule.root)
    return Words(said.text, said.spans, language)


def compact(rule: Rule, language: Language = "ko") -> Words:
    """The rule on one line, as briefs are written: clauses apart by slashes."""
    said = _compact(rule.root, language)
    return Words(said.text, said.spans, language)


def _is_deep(node: Node) -> bool:
    below = [child for child in children_of(node) if not isinstance(child, Condition)]
    return _depth(node) > _DEEPEST_SENTENCE or any(isinstance(part, AtLeast) for part in (node, *below))


def _depth(node: Node) -> int:
    return max((1 + _depth(child) for child in children_of(node)), default=0)


# --- one sentence -------------------------------------------------------------------------------------------------------


def _ko_sentence(root: Node) -> Text:
    return _ko_joined(root, Ending.BEFORE_NOUN) + " 고객"


def _ko_joined(node: Node, last: Ending) -> Text:
    """A group's clauses; each but the last ends as the group joins them."""
    if not isinstance(node, All | AnyOf):
        return _ko_part(node, last)
    ending = Ending.AND if isinstance(node, All) else Ending.OR
    parts = [_ko_part(child, ending) for child in node.children[:-1]]
    return joined(", ", [*parts, _ko_part(node.children[-1], last)]).marked(node.id)


def _ko_part(node: Node, ending: Ending) -> Text:
    if isinstance(node, Condition):
        return clause(node, "ko", ending)
    verb = "제외하다" if isinstance(node, Not) else "이다"
    within = node.child if isinstance(node, Not) else node
    case = "(" + _ko_joined(within, Ending.BEFORE_NOUN) + " 경우)"
    object_ = particle("을/를", "경우") + " " if isinstance(node, Not) else ""
    return (case + object_ + ENDINGS[verb][ending]).marked(node.id)


def _en_sentence(root: Node) -> Text:
    return "Customers with " + _en_joined(root)


def _en_joined(node: Node) -> Text:
    if not isinstance(node, All | AnyOf):
        return _en_part(node)
    word = " and " if isinstance(node, All) else " or "
    parts = [_en_part(child) for child in node.children]
    said = joined(", ", parts[:-1]) + word + parts[-1] if len(parts) > 1 else parts[0]
    return said.marked(node.id)


def _en_part(node: Node) -> Text:
    if isinstance(node, Condition):
        return clause(node, "en")
    within = node.child if isinstance(node, Not) else node
    return (("not (" if isinstance(node, Not) else "(") + _en_joined(within) + ")").marked(node.id)


_SENTENCE: Final = {"ko": _ko_sentence, "en": _en_sentence}

# --- numbered lines -----------------------------------------------------------------------------------------------------


def _numbered(root: Node, language: Language) -> Text:
    heading = _heading(root, JOINING[language].root)
    return joined("\n", [Text(heading), *_lines(children_of(root), language, "")]).marked(root.id)


def _lines(nodes: Iterable[Node], language: Language, above: str) -> list[Text]:
    found: list[Text] = []
    for index, node in enumerate(nodes, 1):
        number = f"{above}{index}"
        if isinstance(node, Condition):
            found.append(f"({number}) " + clause(node, language, Ending.PLAIN))
        else:
            heading = f"({number}) " + Text(_heading(node, JOINING[language].group))
            below = _lines(children_of(node), language, f"{number}.")
            found.append(joined("\n", [heading, *below]).marked(node.id))
    return found


def _heading(node: Node, headings: object) -> str:
    assert isinstance(headings, dict)
    return str(headings[node.type]).format(k=node.k if isinstance(node, AtLeast) else "")


# --- one line -----------------------------------------------------------------------------------------------------------

_OR: Final = {"ko": " 또는 ", "en": " or "}
_NOT: Final = {"ko": " 제외", "en": "not "}
_AT_LEAST: Final = {"ko": "{k}개 이상", "en": "at least {k} of"}


def _compact(node: Node, language: Language, *, inside: bool = False) -> Text:
    match node:
        case Condition():
            return clause(node, language, Ending.PLAIN)
        case Not():
            child = _compact(node.child, language, inside=True)
            return (child + _NOT["ko"] if language == "ko" else _NOT["en"] + child).marked(node.id)
        case AtLeast():
            parts = joined(" / ", [_compact(child, language, inside=True) for child in node.children])
            return (_AT_LEAST[language].format(k=node.k) + Text(" (") + parts + ")").marked(node.id)
        case All() | AnyOf():
            separator = " / " if isinstance(node, All) else _OR[language]
            parts = joined(separator, [_compact(child, language, inside=True) for child in node.children])
            return ("(" + parts + ")" if inside else parts).marked(node.id)
