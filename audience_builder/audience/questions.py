"""What may be asked of a rule: how many, how they split, who, and why one of them. `recorded` stands in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import numpy as np

from audience_builder.access import Permission, Principal, require
from audience_builder.audience.answers import MembersPage, Why
from audience_builder.audience.coverage import Coverage, coverage
from audience_builder.audience.guard import (
    Limits,
    ShownCount,
    ShownFacet,
    ShownSizes,
    shown_count,
    shown_facets,
    told,
)
from audience_builder.audience.many import sizes
from audience_builder.audience.narrowing import Narrowing, narrowing
from audience_builder.audience.overlap import MOST as MOST_COMPARED
from audience_builder.audience.overlap import Overlap, overlap
from audience_builder.audience.port import Travellers
from audience_builder.audience.reach import Reach, reach
from audience_builder.audience.relax import Relaxed, gentlest, relaxations
from audience_builder.audience.sampled import spread
from audience_builder.audience.sight import GuardedSight
from audience_builder.catalog import BY_KEY
from audience_builder.engine.port import Engine, UserNumbers
from audience_builder.errors import InputError, NotFoundError
from audience_builder.rule.canonical import rule_hash
from audience_builder.rule.meaning import explain
from audience_builder.rule.tree import Rule

MOST_MEMBERS = 1_000
"""How many members a page has at most; more are an export."""

MOST_SAMPLED = 20
"""How many members a sample has at most: each one's rows are read."""


class Questions:
    """Asks an engine, lets only who may, and tells what they may see (`audience.asking.Asking`). It leaves no trace: wrap it."""

    def __init__(
        self,
        *,
        engine: Engine,
        travellers: Travellers,
        guarded: GuardedSight,
        limits: Limits,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._guarded = guarded
        self._travellers = travellers
        self._limits = limits
        self._now = now

    def count(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> ShownCount:
        """The rule's size and every node's."""
        require(principal, Permission.BUILD_RULES)
        return self._count(principal, rule, as_of)

    def count_saved(
        self, principal: Principal, audience_id: str, rule: Rule, *, as_of: datetime | None = None
    ) -> ShownCount:
        """The size of a saved audience's rule: also for those who build none themselves."""
        require(principal, Permission.SEE_AUDIENCES)
        return self._count(principal, rule, as_of)

    def facets(
        self,
        principal: Principal,
        rule: Rule | None,
        *,
        as_of: datetime | None = None,
        filters: Sequence[str] | None = None,
    ) -> tuple[datetime, tuple[ShownFacet, ...]]:
        """The exact split over the filters' options, of the rule's users or of everybody, and the moment it is about."""
        require(principal, Permission.EXPLORE_RULES)
        unknown = [key for key in filters or () if key not in BY_KEY]
        if unknown:
            raise InputError(f"no filter {unknown[0]!r:.60}", fix="The catalog lists all filters.")
        moment = as_of or self._now()
        found = self._engine.facets(rule, as_of=moment, filters=filters)
        return moment, shown_facets(found, self._limits.below(principal))

    def counts(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> ShownSizes:
        """The sizes of many rules, of one moment and one state of the data."""
        require(principal, Permission.EXPLORE_RULES)
        found = sizes(self._engine, [rule.root for rule in rules], as_of=as_of or self._now())
        every = ShownSizes(found.counts, found.base, found.as_of, found.mart_version)
        return told(every, self._limits.below(principal))

    def narrowing(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Narrowing:
        """What each node costs the rule: alone, left out, and step by step."""
        require(principal, Permission.EXPLORE_RULES)
        found = narrowing(self._engine, rule, as_of=as_of or self._now())
        return told(found, self._limits.below(principal))

    def relaxed(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Relaxed:
        """Gentler forms of the rule that mean more users than it, the gentlest first."""
        require(principal, Permission.EXPLORE_RULES)
        moment, ways = as_of or self._now(), tuple(relaxations(rule))
        asked = [rule.root, *(way.rule.root for way in ways if way.rule is not None)]
        found = sizes(self._engine, asked, as_of=moment)
        return told(gentlest(ways, found), self._limits.below(principal))

    def reach(self, principal: Principal, rule: Rule | None, *, as_of: datetime | None = None) -> Reach:
        """How many of a rule's users (or of everybody) consented, channel by channel."""
        require(principal, Permission.EXPLORE_RULES)
        found = reach(self._engine, rule, as_of=as_of or self._now())
        return told(found, self._limits.below(principal))

    def overlap(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> Overlap:
        """How the users of two to six rules overlap, region by region."""
        require(principal, Permission.EXPLORE_RULES)
        if not 2 <= len(rules) <= MOST_COMPARED:
            raise InputError(f"two to {MOST_COMPARED} audiences are compared", fix="Choose that many.")
        found = overlap(self._engine, rules, as_of=as_of or self._now())
        return told(found, self._limits.below(principal))

    def coverage(self, principal: Principal, *, as_of: datetime | None = None) -> Coverage:
        """Of how many users each filter has an answer, and how everybody splits."""
        require(principal, Permission.EXPLORE_RULES)
        return coverage(self._engine, as_of=as_of or self._now(), below=self._limits.below(principal))

    def sample(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, wanted: int = 5
    ) -> tuple[Why, ...]:
        """A few members, spread over all of them, each with why it is one."""
        require(principal, Permission.SEE_MEMBERS)
        if not 1 <= wanted <= MOST_SAMPLED:
            raise InputError(f"a sample has 1 to {MOST_SAMPLED} members, not {wanted}", fix="Ask for fewer.")
        moment = as_of or self._now()
        total = self._engine.count(rule, as_of=moment)
        blocks = self._engine.members(rule, as_of=moment)
        numbers = spread(blocks, total=total.total, wanted=wanted, seed=rule_hash(rule))
        records = self._travellers.records(np.array(numbers, np.uint32), (), moment)
        return tuple(
            self._why(rule, str(record[0]), number, moment, total.thresholds)
            for number, record in zip(numbers, records, strict=False)
        )

    def members(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, after: int = -1, limit: int = 100
    ) -> MembersPage:
        """Up to `limit` pseudonymous ids of the rule's users with a number above `after`."""
        require(principal, Permission.SEE_MEMBERS)
        if not 1 <= limit <= MOST_MEMBERS:
            raise InputError(
                f"a page has 1 to {MOST_MEMBERS} members, not {limit}", fix="Ask for an export of them all."
            )
        moment = as_of or self._now()
        numbers = _first_above(self._engine.members(rule, as_of=moment), after, limit + 1)
        more, numbers = len(numbers) > limit, numbers[:limit]
        ids = tuple(str(record[0]) for record in self._travellers.records(numbers, (), moment))
        return MembersPage(ids, int(numbers[-1]) if more else None, moment, numbers)

    def why(self, principal: Principal, rule: Rule, user_id: str, *, as_of: datetime | None = None) -> Why:
        """Each node's verdict and each condition's value for one user. Raises NotFoundError for an id never seen."""
        require(principal, Permission.SEE_MEMBERS)
        number = self._travellers.number(user_id)
        if number is None:
            raise NotFoundError("there is no user of that id", fix="Take an id from the members or your own data.")
        moment = as_of or self._now()
        return self._why(rule, user_id, number, moment, self._engine.count(rule, as_of=moment).thresholds)

    def _why(self, rule: Rule, user_id: str, number: int, moment: datetime, edges: dict[str, int | None]) -> Why:
        return Why(user_id, moment, explain(rule, self._travellers.person(number), moment, edges), edges, number)

    def _count(self, principal: Principal, rule: Rule, as_of: datetime | None) -> ShownCount:
        moment = as_of or self._now()
        if not principal.may(Permission.SEE_EXACT):
            return self._guarded.count(principal, rule, as_of=moment)
        return shown_count(self._engine.count(rule, as_of=moment), self._limits.below(principal))


def _first_above(blocks: Iterator[UserNumbers], after: int, wanted: int) -> UserNumbers:
    """The first `wanted` numbers above `after` of ascending blocks."""
    found: list[UserNumbers] = []
    for block in blocks:
        above = block[int(np.searchsorted(block, after, side="right")) :] if after >= 0 else block
        found.append(above[:wanted])
        wanted -= len(found[-1])
        if wanted <= 0:
            break
    return np.concatenate(found) if found else np.empty(0, np.uint32)
