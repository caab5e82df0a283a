"""The difference of two memberships: who entered, who left, and why. Pure: what is asked comes in, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from audience_builder.audience.causes import Answers, Changed, answers, causes_of, code, has_each
from audience_builder.clock import day_of
from audience_builder.engine.bitmap_snapshot import Snapshot
from audience_builder.engine.port import UserNumbers
from audience_builder.index.arrays import WORD, Flags, Words, sealed, unpacked, words_for
from audience_builder.index.patch import has, put_bits
from audience_builder.mart.memberships import AudiencePlace, Cause, Step
from audience_builder.rule.tree import Rule
from audience_builder.store import Version

_SPARSE = 8
"""A set is kept as numbers where that takes so many times less than a bit a user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An audience moved: by which version of its rule, when, how many entered and left, and how many are in now."""

    audience_id: str
    version: int
    mart_version: int
    at: datetime
    entered: int
    exited: int
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What is known of an audience between two rounds.

    `stored` is what the ledger says; `at` may be later, where nobody moved. `members` are words, or the numbers of a few. `answers`
    are None where the round before was another process's; `rule` is None where it can no longer be read.
    """

    stored: AudiencePlace
    at: AudiencePlace
    rule: Rule | None
    members: Words | UserNumbers
    answers: Answers | None


def begun(version: Version, rule: Rule, snapshot: Snapshot, erased: UserNumbers) -> tuple[Step, Kept]:
    """The first look at an audience: whoever is in has been before, nobody knows since when."""
    words = _without(snapshot.words(rule), erased)
    to, users = _place(version, snapshot, words), _numbers(words)
    causes = np.full(users.size, code(Cause.BASELINE), np.uint8)
    step = Step(to=to, since=None, users=users, is_in=np.ones(users.size, np.bool_), causes=causes)
    return step, Kept(to, to, rule, packed(words), answers(rule, snapshot))


def stepped(
    version: Version, rule: Rule, snapshot: Snapshot, kept: Kept, changed: Changed, erased: UserNumbers
) -> tuple[Step, Kept]:
    """Who moved since the round before, and what is known now."""
    words, now = _without(snapshot.words(rule), erased), answers(rule, snapshot)
    to = _place(version, snapshot, words)
    users = _numbers(_difference(words, kept.members))
    is_in = has_each(words, users)
    causes = np.zeros(0, np.uint8)
    if users.size:
        same_day = day_of(to.as_of) == day_of(kept.at.as_of)
        causes = causes_of(users, changed=changed, before=kept.answers, now=now, rule=rule, same_day=same_day)
        if to.rule_version != kept.at.rule_version:
            causes[_by_rule(users, is_in, snapshot, kept.rule)] = code(Cause.RULE_CHANGE)
        causes[np.isin(users, erased, assume_unique=True)] = code(Cause.ERASURE)
    step = Step(to=to, since=kept.stored, users=users, is_in=is_in, causes=causes)
    return step, Kept(kept.stored, to, rule, packed(words) if users.size else kept.members, now)


def standing(kept: Kept) -> Step:
    """Nobody moved, up to where the audience was looked at last."""
    none = np.zeros(0, np.uint32)
    return Step(to=kept.at, since=kept.stored, users=none, is_in=none.astype(np.bool_), causes=none.astype(np.uint8))


def moved(step: Step) -> Moved:
    """What a step comes to."""
    entered = int(step.is_in.sum())
    return Moved(
        audience_id=step.to.audience_id, version=step.to.rule_version, mart_version=step.to.mart_version, at=step.to.as_of,
        entered=entered, exited=step.users.size - entered, size=step.to.size,
    )  # fmt: skip


def packed(words: Words) -> Words | UserNumbers:
    """A set in the form that takes less."""
    if int(np.bitwise_count(words).sum()) * 4 * _SPARSE < words.nbytes:
        return _numbers(words)
    return words


def packed_numbers(users: UserNumbers) -> Words | UserNumbers:
    """The set of these numbers (ascending) in the form that takes less."""
    words = np.zeros(words_for(int(users[-1]) + 1 if users.size else 0), np.uint64)
    put_bits(words, users, np.ones(users.size, np.bool_))
    return packed(sealed(words))


def _place(version: Version, snapshot: Snapshot, words: Words) -> AudiencePlace:
    return AudiencePlace(
        audience_id=version.audience_id, rule_version=version.version, mart_version=snapshot.mart_version,
        as_of=snapshot.as_of, size=int(np.bitwise_count(words).sum()),
    )  # fmt: skip


def _by_rule(users: UserNumbers, is_in: Flags, snapshot: Snapshot, before: Rule | None) -> Flags:
    """Whom the rule before would have left where they were; everybody where nobody can say."""
    if before is None:
        return np.ones(users.size, np.bool_)
    return has_each(snapshot.words(before), users) != is_in


def _without(words: Words, users: UserNumbers) -> Words:
    """An index may be older than an erasure."""
    known = users[users < words.size * WORD]
    if not known.size or not has(words, known).any():
        return words
    found = words.copy()
    put_bits(found, known, np.zeros(known.size, np.bool_))
    return sealed(found)


def _difference(words: Words, members: Words | UserNumbers) -> Words:
    is_few = members.dtype == np.uint32
    size = words_for(int(members[-1]) + 1 if members.size else 0) if is_few else members.size
    found = np.zeros(max(words.size, size), np.uint64)
    found[: words.size] = words
    if not is_few:
        found[: members.size] ^= members
    elif members.size:
        numbers = members.astype(np.uint32)
        put_bits(found, numbers, ~has(found, numbers))
    return found


def _numbers(words: Words) -> UserNumbers:
    """The users of a set, ascending. Words without any are passed over: movers are few."""
    filled = np.flatnonzero(words)
    bits = unpacked(words[filled], filled.size * WORD).reshape(-1, WORD)
    rows, columns = np.nonzero(bits)
    found: npt.NDArray[np.int64] = filled[rows] * WORD + columns
    return found.astype(np.uint32)
