"""How well sentences are understood: by the users a rule matches, never by how it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from audience_builder.language.port import Interpretation, Interpreter
from audience_builder.mart.person import Person
from audience_builder.rule.meaning import members
from audience_builder.rule.tree import Rule, conditions
from tests.laws.people import people
from tests.rules.notation import rule_of

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
POPULATIONS, PEOPLE = 5, 120
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Utterance:
    """A sentence and what it means: any of `rules` (None = nobody can be meant), phrases to be reported, what it is said about."""

    say: str
    rules: tuple[Rule | None, ...]
    unmapped: tuple[str, ...] = ()
    base: Rule | None = None
    asks: bool = False


@dataclass
class Score:
    """What came of a set."""

    right: int = 0
    claimed: int = 0
    claimed_right: int = 0
    told: int = 0
    to_tell: int = 0
    made: int = 0
    invented: int = 0
    wrong: list[tuple[Utterance, Interpretation]] = field(default_factory=list)
    total: int = 0

    def said(self) -> str:
        """One line of figures."""
        return (
            f"{self.total} utterances: whole rule {self.right / self.total:.1%}, right when complete "
            f"{self.claimed_right}/{self.claimed} = {self.claimed_right / max(1, self.claimed):.1%}, invented conditions {self.invented}/{self.made}, "
            f"not understood and told {self.told}/{self.to_tell}"
        )


def utterances(name: str) -> list[Utterance]:
    """The utterances of a file."""
    held: list[dict[str, Any]] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        Utterance(
            entry["say"],
            tuple(rule_of(nodes) for nodes in (entry["rule"], *entry.get("also", ()))),
            tuple(entry.get("unmapped", ())),
            rule_of(entry["base"]) if "base" in entry else None,
            entry.get("ask", False),
        )
        for entry in held
    ]


@cache
def populations() -> tuple[tuple[Person, ...], ...]:
    """Five generated populations, seen at one moment."""
    return tuple(tuple(people(Random(8000 + seed), PEOPLE, NOW)) for seed in range(POPULATIONS))


def matched(rule: Rule | None) -> tuple[frozenset[int], ...]:
    """Who is meant, in each population."""
    return tuple(frozenset[int]() if rule is None else members(rule, who, NOW) for who in populations())


def is_right(utterance: Utterance, found: Interpretation) -> bool:
    """Whether the rule found matches the users one of the right rules matches."""
    if any((rule is None) == (found.rule is None) is True for rule in utterance.rules):
        return True
    if found.rule is None:
        return False
    mine = matched(found.rule)
    return any(rule is not None and matched(rule) == mine for rule in utterance.rules)


def _invented(utterance: Utterance, found: Rule) -> int:
    """Conditions found that speak of a filter no right rule speaks of."""
    allowed = {entry.filter for rule in (*utterance.rules, utterance.base) if rule for entry in conditions(rule)}
    families = [
        {"search_region", "search_stay_type", "search_theme"},
        {"last_visit", "visit_frequency"},
        {"last_booking", "booking_count"},
    ]
    for family in families:
        if allowed & family:
            allowed |= family
    return sum(entry.filter not in allowed for entry in conditions(found))


def score(interpreter: Interpreter, held: Iterable[Utterance]) -> Score:
    """Reads every utterance and compares."""
    made = Score()
    for utterance in held:
        found = interpreter.read(utterance.say, as_of=TODAY, base=utterance.base)
        right = is_right(utterance, found)
        made.total += 1
        made.right += right
        if found.complete and not utterance.unmapped:
            made.claimed += 1
            made.claimed_right += right
        if found.complete and utterance.unmapped:
            made.claimed += 1
        if found.rule is not None:
            made.made += len(conditions(found.rule))
            made.invented += _invented(utterance, found.rule)
        for phrase in utterance.unmapped:
            made.to_tell += 1
            made.told += any(_overlap(phrase, entry.text) for entry in found.not_understood)
        missed = [
            phrase
            for phrase in utterance.unmapped
            if not any(_overlap(phrase, entry.text) for entry in found.not_understood)
        ]
        if (
            not right
            or missed
            or (found.complete and utterance.unmapped)
            or (utterance.asks and not (found.readings or found.assumptions))
        ):
            made.wrong.append((utterance, found))
    return made


def _overlap(phrase: str, told: str) -> bool:
    """Whether at least half of a phrase was told, word for word."""
    words = phrase.lower().split()
    return sum(word in told.lower() for word in words) * 2 >= len(words)
