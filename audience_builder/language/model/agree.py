"""Two readers of one sentence: where they agree is sure, where they differ both readings are offered, and nothing is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from audience_builder.errors import RuleError
from audience_builder.language.edit_targets import names
from audience_builder.language.model.check import Candidate, Grounded
from audience_builder.language.port import (
    Assumption,
    Edit,
    Interpretation,
    NotUnderstood,
    Phrase,
    Reading,
)
from audience_builder.rule.canonical import condition_key, node_key
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Condition, Rule, conditions, walk

Node = dict[str, Any]
_HALF: Final = 2


@dataclass(frozen=True, slots=True)
class _Part:
    """What the model adds at the top of the rule: a condition, or a group of them, and its leaves."""

    node: Node
    leaves: tuple[Grounded, ...]


def agreed(first: Interpretation, candidate: Candidate, *, reader: str, base: Rule | None) -> Interpretation:
    """The phrasebook's reading widened by what the model read in the words the phrasebook did not understand."""
    known = {} if first.rule is None else {condition_key(entry): entry.id for entry in conditions(first.rule)}
    both = {key for leaf in candidate.leaves if (key := _key(leaf)) in known}
    fresh = tuple(leaf for leaf in candidate.leaves if _key(leaf) not in known and _is_news(leaf, first))
    parts = list(_parts(candidate, fresh))
    added = tuple(leaf for part in parts for leaf in part.leaves)
    rule = _joined(first.rule, parts)
    edits = [Edit("add", str(part.node["id"])) for part in parts] if base is not None else []
    if base is not None and rule is not None:
        rule, removed = _without(rule, base, candidate, first)
        edits += removed
    if rule is None:
        return replace(first, interpreter=reader)
    covered = [(leaf.start, leaf.end) for leaf in added] + [
        (entry.start, entry.end) for entry in candidate.removed if edits
    ]
    return replace(
        first,
        interpreter=reader,
        rule=rule,
        phrases=(*_told_by_both(first, known, both), *(_phrase(first.text, leaf) for leaf in added)),
        assumptions=(*first.assumptions, *(Assumption(_id(leaf), *slot) for leaf in added for slot in leaf.assumed)),
        readings=(*first.readings, *_other_readings(first, candidate, known, both)),
        not_understood=tuple(_still_unread(first, covered)),
        edits=(*first.edits, *edits),
    )


def _key(leaf: Grounded) -> str:
    """The canonical key of a condition, within its denial or not."""
    root = parse_rule({"version": 1, "root": leaf.node}).root
    return condition_key(root) if isinstance(root, Condition) else node_key(root)


def _id(leaf: Grounded) -> str:
    return str(leaf.node["id"])


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _is_news(leaf: Grounded, first: Interpretation) -> bool:
    """Whether a condition speaks of words the phrasebook left over, and mostly of those."""
    if first.rule is None:
        return True
    left = sum(_overlap((leaf.start, leaf.end), (entry.start, entry.end)) for entry in first.not_understood)
    read = sum(_overlap((leaf.start, leaf.end), (entry.start, entry.end)) for entry in first.phrases)
    return left > 0 and left >= read


# --- what is added ------------------------------------------------------------------------------------------------------


def _parts(candidate: Candidate, fresh: tuple[Grounded, ...]) -> Iterator[_Part]:
    """The model's news, as they are joined; a group only some members of which are news cannot be split and is left out."""
    number = 0

    def numbered(node: Node) -> Node:
        nonlocal number
        number += 1
        return {**node, "id": f"m{number}"}

    tops: dict[str, list[Grounded]] = {}
    for leaf in candidate.leaves:
        tops.setdefault(_top(leaf.group, candidate), []).append(leaf)
    for top, held in tops.items():
        if top == "":
            for leaf in held:
                if leaf in fresh:
                    named = replace(leaf, node=_named(leaf.node, numbered))
                    yield _Part(named.node, (named,))
        elif all(leaf in fresh for leaf in held):
            named_leaves = {id(leaf): replace(leaf, node=_named(leaf.node, numbered)) for leaf in held}
            yield _Part(_grouped(top, candidate, held, named_leaves, numbered), tuple(named_leaves.values()))


def _named(node: Node, numbered: Any) -> Node:
    named = numbered(node)
    return {**named, "child": numbered(node["child"])} if node["type"] == "not" else named


def _top(group: str, candidate: Candidate) -> str:
    """The outermost group of a condition that is more than all of its members."""
    top = ""
    while group:
        said = candidate.groups[group]
        top = group if said.logic != "all" or top else top
        group = said.parent
    return top


def _grouped(
    group: str, candidate: Candidate, held: list[Grounded], leaves: Mapping[int, Grounded], numbered: Any
) -> Node:
    said = candidate.groups[group]
    children = [leaves[id(leaf)].node for leaf in held if leaf.group == group]
    inner = [key for key, other in candidate.groups.items() if other.parent == group]
    children += [_grouped(key, candidate, held, leaves, numbered) for key in inner if _holds(key, candidate, held)]
    if said.logic == "not":
        child = children[0] if len(children) == 1 else numbered({"type": "all", "children": children})
        return numbered({"type": "not", "child": child})
    return children[0] if len(children) == 1 else numbered({"type": said.logic, "children": children})


def _holds(group: str, candidate: Candidate, held: list[Grounded]) -> bool:
    def inside(leaf: Grounded) -> bool:
        at = leaf.group
        while at:
            if at == group:
                return True
            at = candidate.groups[at].parent
        return False

    return any(inside(leaf) for leaf in held)


def _joined(rule: Rule | None, parts: list[_Part]) -> Rule | None:
    """The rule with more that must hold; the same rule where together they would be none."""
    if not parts:
        return rule
    nodes = [part.node for part in parts]
    if rule is not None:
        root = to_json(rule)["root"]
        nodes = [*(root["children"] if root["type"] == "all" else [root]), *nodes]
    try:
        if len(nodes) == 1:
            return parse_rule({"version": 1, "root": nodes[0]})
        held = (
            {"id": to_json(rule)["root"]["id"]} if rule is not None and to_json(rule)["root"]["type"] == "all" else {}
        )
        return parse_rule({"version": 1, "root": {"type": "all", **held, "children": nodes}})
    except RuleError:
        return rule


# --- what is taken away -------------------------------------------------------------------------------------------------


def _without(rule: Rule, base: Rule, candidate: Candidate, first: Interpretation) -> tuple[Rule, list[Edit]]:
    """The rule without top conditions the sentence names and takes away; never without all of them."""
    root = to_json(rule)["root"]
    children: list[Node] = root["children"] if root["type"] == "all" else [root]
    ours = {node.id for node in walk(base.root)}
    gone: list[Node] = []
    for entry in candidate.removed:
        unread = any(_overlap((entry.start, entry.end), (left.start, left.end)) for left in first.not_understood)
        gone += [
            node
            for node in children
            if node["id"] == entry.node and node["id"] in ours and unread and names(entry.items, node)
        ]
    kept = [node for node in children if node not in gone]
    if not gone or not kept:
        return rule, []
    made: Node = {**root, "children": kept} if len(kept) > 1 else kept[0]
    return parse_rule({"version": 1, "root": made}), [Edit("remove", str(node["id"])) for node in gone]


# --- what is told -------------------------------------------------------------------------------------------------------


def _phrase(sentence: str, leaf: Grounded) -> Phrase:
    return Phrase(leaf.start, leaf.end, sentence[leaf.start : leaf.end], _id(leaf), "assumed", "model")


def _told_by_both(first: Interpretation, known: Mapping[str, str], both: set[str]) -> Iterator[Phrase]:
    sure = {known[key] for key in both}
    for phrase in first.phrases:
        yield replace(phrase, source="both") if phrase.node in sure else phrase


def _other_readings(
    first: Interpretation, candidate: Candidate, known: Mapping[str, str], both: set[str]
) -> Iterator[Reading]:
    """What the model made of words the phrasebook read otherwise."""
    sure = {known[key] for key in both}
    for leaf in candidate.leaves:
        if _key(leaf) in known or _is_news(leaf, first):
            continue
        for phrase in first.phrases:
            shared = _overlap((leaf.start, leaf.end), (phrase.start, phrase.end))
            if phrase.node not in sure and shared * _HALF >= min(leaf.end - leaf.start, phrase.end - phrase.start):
                yield Reading(phrase.node, phrase.start, phrase.end, leaf.node, asks=True)
                break


def _still_unread(first: Interpretation, covered: list[tuple[int, int]]) -> Iterator[NotUnderstood]:
    """The phrases still in no condition: where half of one has become a condition, what is left of it."""
    for entry in first.not_understood:
        pieces = [(entry.start, entry.end)]
        for start, end in covered:
            pieces = [
                piece
                for low, high in pieces
                for piece in ((low, min(high, start)), (max(low, end), high))
                if piece[0] < piece[1]
            ]
        for start, end in pieces:
            text = first.text[start:end]
            if (start, end) == (entry.start, entry.end) or any(char.isalnum() for char in text):
                trimmed = start + len(text) - len(text.lstrip())
                yield replace(entry, start=trimmed, end=trimmed + len(text.strip()), text=text.strip())
