"""What may be asked of a rule: how many, how they split, who, and why one of them. Every question leaves an audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from audience_builder.access import Permission, Principal, require
from audience_builder.audience.coverage import Coverage, coverage
from audience_builder.audience.many import Sizes, sizes
from audience_builder.audience.narrowing import Narrowing, narrowing
from audience_builder.audience.port import Travellers
from audience_builder.audience.reach import Reach, reach
from audience_builder.audience.relax import Relaxed, gentlest, relaxations
from audience_builder.audience.sampled import spread
from audience_builder.catalog import BY_KEY
from audience_builder.engine.port import Count, Engine, Facet, UserNumbers
from audience_builder.errors import InputError, NotFoundError
from audience_builder.rule.canonical import canonical, rule_hash
from audience_builder.rule.meaning import Explanation, explain
from audience_builder.rule.tree import Rule
from audience_builder.store import Store

MOST_MEMBERS = 1_000
"""How many members a page has at most; more are an export."""

MOST_SAMPLED = 20
"""How many members a sample has at most: each one's rows are read."""


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Some members by ascending number. `after` is where the next page begins, None on the last one."""

    user_ids: tuple[str, ...]
    after: int | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Why:
    """Why one user is in or out of a rule, and the thresholds its shares were compared with."""

    user_id: str
    as_of: datetime
    explanation: Explanation
    thresholds: dict[str, int | None]


class Questions:
    """Asks an engine, lets only who may, and notes who asked what."""

    def __init__(self, *, engine: Engine, travellers: Travellers, store: Store, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._travellers = travellers
        self._store = store
        self._now = now

    def count(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Count:
        """The rule's size and every node's."""
        require(principal, Permission.BUILD_RULES)
        found = self._engine.count(rule, as_of=as_of or self._now())
        self._note(principal, "count", rule, found.as_of, count=found.total, mart_version=found.mart_version)
        return found

    def count_saved(
        self, principal: Principal, audience_id: str, rule: Rule, *, as_of: datetime | None = None
    ) -> Count:
        """The size of a saved audience's rule: also for those who build none themselves."""
        require(principal, Permission.SEE_AUDIENCES)
        found = self._engine.count(rule, as_of=as_of or self._now())
        self._note(principal, "audience.count", rule, found.as_of, audience=audience_id, count=found.total)
        return found

    def facets(
        self,
        principal: Principal,
        rule: Rule | None,
        *,
        as_of: datetime | None = None,
        filters: Sequence[str] | None = None,
    ) -> tuple[datetime, tuple[Facet, ...]]:
        """The exact split over the filters' options, of the rule's users or of everybody, and the moment it is about."""
        require(principal, Permission.BUILD_RULES)
        unknown = [key for key in filters or () if key not in BY_KEY]
        if unknown:
            raise InputError(f"no filter {unknown[0]!r:.60}", fix="The catalog lists all filters.")
        moment = as_of or self._now()
        found = self._engine.facets(rule, as_of=moment, filters=filters)
        self._note(principal, "facets", rule, moment, filters=list(filters or ()))
        return moment, found

    def counts(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> Sizes:
        """The sizes of many rules, of one moment and one state of the data."""
        require(principal, Permission.BUILD_RULES)
        found = sizes(self._engine, [rule.root for rule in rules], as_of=as_of or self._now())
        self._note_many(principal, "counts", rules, found.as_of, counts=list(found.counts))
        return found

    def narrowing(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Narrowing:
        """What each node costs the rule: alone, left out, and step by step."""
        require(principal, Permission.BUILD_RULES)
        found = narrowing(self._engine, rule, as_of=as_of or self._now())
        self._note(principal, "narrowing", rule, found.as_of, count=found.total)
        return found

    def relaxed(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Relaxed:
        """Gentler forms of the rule that mean more users than it, the gentlest first."""
        require(principal, Permission.BUILD_RULES)
        moment, ways = as_of or self._now(), tuple(relaxations(rule))
        asked = [rule.root, *(way.rule.root for way in ways if way.rule is not None)]
        found = sizes(self._engine, asked, as_of=moment)
        self._note(principal, "relax", rule, moment, count=found.counts[0])
        return gentlest(ways, found)

    def reach(self, principal: Principal, rule: Rule | None, *, as_of: datetime | None = None) -> Reach:
        """How many of a rule's users (or of everybody) consented, channel by channel."""
        require(principal, Permission.BUILD_RULES)
        found = reach(self._engine, rule, as_of=as_of or self._now())
        self._note(principal, "reach", rule, found.as_of, count=found.total)
        return found

    def coverage(self, principal: Principal, *, as_of: datetime | None = None) -> Coverage:
        """Of how many users each filter has an answer, and how everybody splits."""
        require(principal, Permission.BUILD_RULES)
        found = coverage(self._engine, as_of=as_of or self._now())
        self._note(principal, "coverage", None, found.as_of)
        return found

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
        self._note(principal, "sample", rule, moment, shown=len(records))
        return tuple(
            Why(str(record[0]), moment, self._explained(rule, number, moment, total.thresholds), total.thresholds)
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
        self._note(principal, "members", rule, moment, shown=len(ids))
        return MembersPage(ids, int(numbers[-1]) if more else None, moment)

    def why(self, principal: Principal, rule: Rule, user_id: str, *, as_of: datetime | None = None) -> Why:
        """Each node's verdict and each condition's value for one user. Raises NotFoundError for an id never seen."""
        require(principal, Permission.SEE_MEMBERS)
        number = self._travellers.number(user_id)
        if number is None:
            raise NotFoundError("there is no user of that id", fix="Take an id from the members or your own data.")
        moment = as_of or self._now()
        edges = self._engine.count(rule, as_of=moment).thresholds
        explanation = self._explained(rule, number, moment, edges)
        self._note(principal, "why", rule, moment, user_no=number)
        return Why(user_id, moment, explanation, edges)

    def _explained(self, rule: Rule, number: int, moment: datetime, edges: Mapping[str, int | None]) -> Explanation:
        return explain(rule, self._travellers.person(number), moment, edges)

    def _note_many(
        self, principal: Principal, action: str, rules: Sequence[Rule], as_of: datetime, **detail: Any
    ) -> None:
        asked = {"rules": [canonical(rule) for rule in rules], "rule_hashes": [rule_hash(rule) for rule in rules]}
        with self._store.unit(principal) as unit:
            unit.audit(action, "rule", as_of=as_of.isoformat(), **asked, **detail)

    def _note(self, principal: Principal, action: str, rule: Rule | None, as_of: datetime, **detail: Any) -> None:
        asked = {"rule": canonical(rule), "rule_hash": rule_hash(rule)} if rule else {}
        with self._store.unit(principal) as unit:
            unit.audit(action, "rule" if rule else "everybody", as_of=as_of.isoformat(), **asked, **detail)


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
