"""A model's answer held against the sentence: what does not follow from its evidence is no condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Final

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Aggregate, Filter, Kind, Unit
from audience_builder.errors import RuleError
from audience_builder.language.build import condition
from audience_builder.language.glue import link_of
from audience_builder.language.item import Item
from audience_builder.language.model import resolve
from audience_builder.language.model.resolve import Evidence, NotProven
from audience_builder.language.model.schema import Reply, SaidCondition, SaidGroup
from audience_builder.language.phrasebook import normal
from audience_builder.rule.check import parse_rule

Node = dict[str, Any]
Problems = list[tuple[str, str]]
_DEEPEST: Final = 3
_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Grounded:
    """A condition that follows from characters `start` up to `end`; `node` is its JSON, `assumed` slots that were not said."""

    node: Node
    start: int
    end: int
    group: str
    assumed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """A node of the rule the sentence takes away, and where it says so."""

    node: str
    start: int
    end: int
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is left of an answer once it has been checked: conditions, how they are joined, and removals."""

    leaves: tuple[Grounded, ...] = ()
    groups: Mapping[str, SaidGroup] = field(default_factory=dict[str, SaidGroup])
    removed: tuple[Removal, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


def checked(reply: Reply, sentence: str, as_of: date) -> Candidate:
    """What of an answer follows from the sentence, and what is wrong with the rest (JSON pointer and code)."""
    problems: Problems = []
    leaves: list[Grounded] = []
    bad_groups: set[str] = set()
    groups = _tree_of(reply.groups, problems)
    for place, said in enumerate(reply.conditions):
        try:
            leaves.append(_grounded(said, groups, sentence, as_of))
        except NotProven as wrong:
            problems.append((f"/conditions/{place}/{wrong.where}", wrong.code))
            bad_groups |= set(_above(said.group, groups))
    whole = {key for key in groups if key not in bad_groups}
    for key in list(whole):
        if not _is_said(groups[key], leaves, groups, sentence, as_of):
            problems.append((f"/groups/{key}", "not_in_the_sentence"))
            whole.discard(key)
    kept = tuple(leaf for leaf in leaves if all(key in whole for key in _above(leaf.group, groups)))
    removed = tuple(_removals(reply, sentence, as_of, problems))
    return Candidate(kept, {key: groups[key] for key in whole}, removed, tuple(problems))


# --- groups -------------------------------------------------------------------------------------------------------------


def _tree_of(said: tuple[SaidGroup, ...], problems: Problems) -> dict[str, SaidGroup]:
    """The groups that hang together as a tree."""
    found = {group.id: group for group in said if group.id and group.logic in ("all", "any", "not")}
    for place, group in enumerate(said):
        if group.id not in found or (group.parent and group.parent not in found):
            problems.append((f"/groups/{place}", "no_tree"))
    return {key: group for key, group in found.items() if len(list(_above(key, found))) <= _DEEPEST}


def _above(key: str, groups: Mapping[str, SaidGroup]) -> Iterator[str]:
    """A group and those it stands in; one that stands in itself has no end and is cut at the depth allowed."""
    seen = 0
    while key and seen <= _DEEPEST:
        yield key
        seen += 1
        key = groups[key].parent if key in groups else ""


def _is_said(
    group: SaidGroup, leaves: list[Grounded], groups: Mapping[str, SaidGroup], sentence: str, as_of: date
) -> bool:
    """Whether the sentence has the word that makes the group: an or between its members, or what takes them away."""
    held = sorted(
        (leaf for leaf in leaves if group.id in _above(leaf.group, groups)), key=lambda leaf: (leaf.start, leaf.end)
    )
    if not held:
        return False
    if group.logic == "all":
        return True
    text = normal(sentence)
    if group.logic == "any":
        between = [text[one.end : other.start] for one, other in pairwise(held)]
        return len(held) >= _LEAST and any(_joins_by_or(piece, as_of) for piece in between)
    around = Evidence(sentence[held[0].start :], as_of)
    before = Evidence(sentence[: held[0].start], as_of)
    return around.has("exclude", "except_for", "not", "none") or before.has("exclude")


def _joins_by_or(between: str, as_of: date) -> bool:
    return link_of(between) == "or" or any(item.has("or") for item in Evidence(between, as_of).all)


# --- conditions ---------------------------------------------------------------------------------------------------------


def _found(piece: str, sentence: str, where: str, *, within: tuple[int, int] | None = None) -> int:
    """Where a piece stands in the sentence, letter for letter."""
    low, high = within or (0, len(sentence))
    at = sentence.find(piece, low, high) if piece.strip() else -1
    if at < 0 and piece.strip():
        at = sentence.find(piece)
    if at < 0:
        raise NotProven(where, "not_in_the_sentence")
    return at


def _grounded(said: SaidCondition, groups: Mapping[str, SaidGroup], sentence: str, as_of: date) -> Grounded:
    asked = BY_KEY.get(said.filter)
    if asked is None:
        raise NotProven("filter", "unknown_filter")
    if said.group and said.group not in groups:
        raise NotProven("group", "no_tree")
    start = _found(said.evidence, sentence, "evidence")
    end = start + len(said.evidence)
    evidence = Evidence(said.evidence, as_of)
    if evidence.has("waits"):
        raise NotProven("evidence", "cannot_be_asked_yet")
    if not evidence.is_anchored:
        raise NotProven("evidence", "says_nothing_of_it")
    for where in ("value_evidence", "window_evidence"):
        if getattr(said, where):
            _found(getattr(said, where), sentence, where, within=(start, end))
    assumed: list[tuple[str, str]] = [("condition", "model")]
    node = _node(said, asked, evidence, as_of, sentence, assumed)
    try:
        parse_rule({"version": 1, "root": node})
    except RuleError as wrong:
        raise NotProven("filter", wrong.problems[0].code) from None
    return Grounded(node, start, end, said.group, tuple(assumed))


def _node(
    said: SaidCondition, asked: Filter, evidence: Evidence, as_of: date, sentence: str, assumed: list[tuple[str, str]]
) -> Node:
    measure = asked.measure(said.measure) if said.measure else asked.measures[0]
    if measure is None:
        raise NotProven("measure", "unknown_measure")
    ahead = asked.key == "upcoming_trip"
    when = Evidence(said.window_evidence, as_of) if said.window_evidence else None
    properties = _properties(said, asked, as_of, sentence)
    operator, value = _compared(said, asked, evidence, when, as_of)
    if operator in ("known", "unknown"):
        return condition(asked.key, operator, measure=said.measure or None, properties=properties)
    window = None
    if when is not None and asked.windows:
        window, is_vague = resolve.window(when, ahead=ahead)
        assumed += [("window", "recent")] if is_vague else []
    negated = _negated(said, evidence)
    node = condition(asked.key, operator, value, measure=said.measure or None, window=window, properties=properties)
    return _denied(node) if negated else node


_ALWAYS_KNOWN: Final = (Aggregate.SINCE,)
"""Nobody is active without having signed up."""


def _compared(
    said: SaidCondition, asked: Filter, evidence: Evidence, when: Evidence | None, as_of: date
) -> tuple[str, Any]:
    if said.operator in ("known", "unknown"):
        if not evidence.has("known", "unknown_value"):
            raise NotProven("operator", "not_in_the_sentence")
        measure = asked.measure(said.measure) if said.measure else asked.measures[0]
        if not said.properties and (
            measure is None or not measure.can_be_unknown or measure.aggregate in _ALWAYS_KNOWN
        ):
            raise NotProven("operator", "everyone")
        return said.operator, None
    piece = Evidence(said.value_evidence, as_of) if said.value_evidence else None
    if asked.kind is Kind.DAYS:
        return resolve.days(piece or evidence, said.operator, when, ahead=False)
    if asked.kind in (Kind.EVENTS, Kind.NUMBER):
        measure = asked.measure(said.measure) if said.measure else asked.measures[0]
        assert measure is not None
        if piece is None:
            if asked.kind is Kind.NUMBER or measure.unit not in (Unit.TIMES, Unit.DAYS):
                raise NotProven("value_evidence", "no_number")
            return ">=", 1
        return resolve.number(asked, measure, piece, said.operator)
    return resolve.choice(asked, piece or evidence, said.operator, said.values)


def _properties(said: SaidCondition, asked: Filter, as_of: date, sentence: str) -> Node:
    found: Node = {}
    for place, entry in enumerate(said.properties):
        prop = asked.property_named(entry.key)
        if prop is None or entry.key in found:
            raise NotProven(f"properties/{place}/key", "unknown_property")
        _found(entry.evidence, sentence, f"properties/{place}/evidence")
        try:
            found[entry.key] = resolve.constraint(prop, Evidence(entry.evidence, as_of), entry.values)
        except NotProven as wrong:
            raise NotProven(f"properties/{place}/{wrong.where}", wrong.code) from None
    return found


_NEGATED_OPERATORS: Final = ("!=", "not_in", "not_within")


def _negated(said: SaidCondition, evidence: Evidence) -> bool:
    """Whether the condition is denied: the model and the words have to agree."""
    meant = said.negated or said.operator in _NEGATED_OPERATORS
    is_group = bool(said.group) and evidence.has("exclude")
    if meant != evidence.denies and not is_group:
        raise NotProven("negated", "denied_in_the_sentence" if evidence.denies else "not_denied_in_the_sentence")
    return meant and not is_group


_OPPOSITES: Final = {
    "in": "not_in",
    "within": "not_within",
    "=": "!=",
    "!=": "=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "<": ">=",
}


def _denied(node: Node) -> Node:
    """The same condition denied."""
    operator, value = node["operator"], node.get("value")
    if BY_KEY[node["filter"]].kind is Kind.EVENTS and value == 0 and operator == "=":
        return node
    if BY_KEY[node["filter"]].kind is Kind.EVENTS and (operator, value) in ((">=", 1), ("=", 1), (">", 0)):
        return {**node, "operator": "=", "value": 0}
    if operator in _OPPOSITES:
        return {**node, "operator": _OPPOSITES[operator]}
    return {"type": "not", "child": node}


# --- removals -----------------------------------------------------------------------------------------------------------


def _removals(reply: Reply, sentence: str, as_of: date, problems: Problems) -> Iterator[Removal]:
    for place, said in enumerate(reply.removed):
        try:
            start = _found(said.evidence, sentence, "evidence")
        except NotProven as wrong:
            problems.append((f"/removed/{place}/{wrong.where}", wrong.code))
            continue
        evidence = Evidence(said.evidence, as_of, edits=True)
        if not any(item.has("edit_remove") for item in evidence.all):
            problems.append((f"/removed/{place}/evidence", "takes_nothing_away"))
            continue
        yield Removal(said.node, start, start + len(said.evidence), tuple(evidence.all))
