"""Why somebody entered or left an audience: told from what changed about them, not guessed (`docs/membership.md`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.operator import Operator
from audience_builder.engine.bitmap_snapshot import Snapshot
from audience_builder.engine.port import UserNumbers
from audience_builder.index.arrays import Flags, Words
from audience_builder.index.patch import all_users, has
from audience_builder.mart.memberships import CAUSES, Cause
from audience_builder.rule.tree import Condition, Rule, conditions

_OF_PROFILE = {
    Aggregate.CONSENTS: Cause.CONSENT,
    Aggregate.PROFILE: Cause.PROFILE,
    Aggregate.AGE: Cause.PROFILE,
    Aggregate.SINCE: Cause.PROFILE,
}
_SHARES = frozenset({Operator.TOP_PERCENT, Operator.BOTTOM_PERCENT})
_ACTIVE = "everybody"
_MOST_VERSIONS = 10_000

Answers = Mapping[str, tuple[Cause, Words]]
"""Who fulfils each condition about profile or consent, by what it asks, and the cause it stands for."""


def code(cause: Cause) -> int:
    """The code of a cause (`Step.causes`)."""
    return CAUSES.index(cause)


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """Whose rows changed between two versions of the mart: these, or everyone (`users` None), or nobody knows."""

    users: UserNumbers | None
    is_known: bool = True

    def of(self, users: UserNumbers) -> Flags:
        """Whether each of these is among them."""
        if self.users is None:
            return np.ones(users.size, np.bool_)
        return np.isin(users, self.users, assume_unique=True)


class Told:
    """What the mart told of its changes since it was opened, as long as somebody may ask."""

    def __init__(self, since: int) -> None:
        self._lock = Lock()
        self._since = since
        self._told: dict[int, UserNumbers | None] = {}

    def note(self, version: int, users: UserNumbers | None) -> None:
        """A change, and whose rows it changed (None = everyone's)."""
        with self._lock:
            self._told[version] = users
            if len(self._told) > _MOST_VERSIONS:
                self._since = min(self._told)
                del self._told[self._since]

    def forget(self, version: int) -> None:
        """Nobody asks for what was before that version any more."""
        with self._lock:
            self._since = max(self._since, version)
            self._told = {each: users for each, users in self._told.items() if each > version}

    def between(self, since: int, version: int) -> Changed:
        """Whoever changed after `since` up to `version`."""
        with self._lock:
            wanted = range(since + 1, version + 1)
            if not wanted:
                return Changed(np.zeros(0, np.uint32))
            if since < self._since or not all(each in self._told for each in wanted):
                return Changed(None, is_known=False)
            told = [self._told[each] for each in wanted]
        known = [users for users in told if users is not None]
        return Changed(all_users(known) if len(known) == len(told) else None)


def answers(rule: Rule, snapshot: Snapshot) -> Answers:
    """Who fulfils the rule's conditions about profile and consent, and who is active at all."""
    found = {key: (cause, snapshot.words(Rule(root=each))) for key, cause, each in _of_profile(rule)}
    return {_ACTIVE: (Cause.PROFILE, snapshot.everybody()), **found}


def _of_profile(rule: Rule) -> Iterator[tuple[str, Cause, Condition]]:
    for condition in conditions(rule):
        asked = BY_KEY[condition.filter]
        measure = asked.measure(condition.measure) if condition.measure else asked.measures[0]
        cause = None if measure is None else _OF_PROFILE.get(measure.aggregate)
        if cause is not None:
            yield condition.model_dump_json(exclude={"id"}), cause, condition


def causes_of(
    users: UserNumbers, *, changed: Changed, before: Answers | None, now: Answers, rule: Rule, same_day: bool
) -> npt.NDArray[np.uint8]:
    """Why each of these users moved by this rule, as codes.

    `before` are the answers of the round before (None = not known), `same_day` says whether no day began since.
    """
    if not changed.is_known:
        return np.full(users.size, code(Cause.UNKNOWN), np.uint8)
    is_ranked = same_day and any(each.operator in _SHARES for each in conditions(rule))
    found = np.full(users.size, code(Cause.RANKING if is_ranked else Cause.ROLL_OFF), np.uint8)
    touched = changed.of(users)
    found[touched] = code(Cause.BEHAVIOUR if before is not None else Cause.UNKNOWN)
    for cause in (Cause.PROFILE, Cause.CONSENT):  # a consent is what most is asked about
        for key, (stands_for, words) in now.items():
            if before is not None and key in before and stands_for is cause:
                found[touched & (has_each(words, users) != has_each(before[key][1], users))] = code(cause)
    return found


def has_each(words: Words, users: UserNumbers) -> Flags:
    """Whether each is in the set; a number behind its end is not."""
    within = users < words.size * 64
    found = np.zeros(users.size, np.bool_)
    found[within] = has(words, users[within])
    return found
