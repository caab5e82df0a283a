"""What may be asked of which fields: the same port, in front of whoever answers; facets and coverage tell of fields in sight alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from audience_builder.access import Principal
from audience_builder.access.fields import SENSITIVE, Right
from audience_builder.audience.answers import MembersPage, Why
from audience_builder.audience.asking import Asking
from audience_builder.audience.coverage import Coverage
from audience_builder.audience.guard import ShownCount, ShownFacet, ShownSizes
from audience_builder.audience.narrowing import Narrowing
from audience_builder.audience.overlap import Overlap
from audience_builder.audience.reach import FILTER as CONSENT
from audience_builder.audience.reach import Reach
from audience_builder.audience.relax import Relaxed
from audience_builder.catalog import BY_KEY
from audience_builder.rule.rights import RuleRights, is_sensitive_cut
from audience_builder.rule.tree import Rule


class Fielded:
    """Hands a question on where the principal may use every field its rules speak of (`audience.asking.Asking`).

    A saved audience is counted for whoever may see its fields: they need not be able to use them themselves.
    """

    def __init__(self, asking: Asking, rights: RuleRights) -> None:
        self._asking = asking
        self._rights = rights

    def count(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> ShownCount:
        """The rule's size and every node's."""
        self._rights.require(principal, rule)
        return self._asking.count(principal, rule, as_of=as_of)

    def count_saved(
        self, principal: Principal, audience_id: str, rule: Rule, *, as_of: datetime | None = None
    ) -> ShownCount:
        """The size of a saved audience's rule."""
        self._rights.require(principal, rule, right=Right.SEE)
        return self._asking.count_saved(principal, audience_id, rule, as_of=as_of)

    def facets(
        self,
        principal: Principal,
        rule: Rule | None,
        *,
        as_of: datetime | None = None,
        filters: Sequence[str] | None = None,
    ) -> tuple[datetime, tuple[ShownFacet, ...]]:
        """The exact split over the filters' options, as far as they may be seen."""
        self._rights.require(principal, *_these(rule))
        if filters is not None:
            self._rights.require_fields(principal, [key for key in filters if key in BY_KEY], Right.SEE)
        elif self._rights.narrows(principal):
            filters = [asked.key for asked in self._rights.seen(principal)]
        moment, found = self._asking.facets(principal, rule, as_of=as_of, filters=filters)
        return moment, tuple(self._shown(principal, facet) for facet in found)

    def counts(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> ShownSizes:
        """The sizes of many rules."""
        self._rights.require(principal, *rules)
        return self._asking.counts(principal, rules, as_of=as_of)

    def narrowing(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Narrowing:
        """What each node costs the rule."""
        self._rights.require(principal, rule)
        return self._asking.narrowing(principal, rule, as_of=as_of)

    def relaxed(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Relaxed:
        """Gentler forms of the rule."""
        self._rights.require(principal, rule)
        return self._asking.relaxed(principal, rule, as_of=as_of)

    def reach(self, principal: Principal, rule: Rule | None, *, as_of: datetime | None = None) -> Reach:
        """How many consented, for who may see consents."""
        self._rights.require(principal, *_these(rule))
        self._rights.require_fields(principal, (CONSENT,), Right.SEE)
        return self._asking.reach(principal, rule, as_of=as_of)

    def overlap(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> Overlap:
        """How the users of two to six rules overlap."""
        self._rights.require(principal, *rules)
        return self._asking.overlap(principal, rules, as_of=as_of)

    def coverage(self, principal: Principal, *, as_of: datetime | None = None) -> Coverage:
        """Of how many users each filter in sight has an answer."""
        found = self._asking.coverage(principal, as_of=as_of)
        seen = (entry for entry in found.filters if self._rights.may(principal, entry.filter))
        return replace(
            found, filters=tuple(replace(entry, facet=self._shown(principal, entry.facet)) for entry in seen)
        )

    def sample(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, wanted: int = 5
    ) -> tuple[Why, ...]:
        """A few members, each with why it is one."""
        self._rights.require(principal, rule)
        return self._asking.sample(principal, rule, as_of=as_of, wanted=wanted)

    def members(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, after: int = -1, limit: int = 100
    ) -> MembersPage:
        """A page of pseudonymous ids."""
        self._rights.require(principal, rule)
        return self._asking.members(principal, rule, as_of=as_of, after=after, limit=limit)

    def why(self, principal: Principal, rule: Rule, user_id: str, *, as_of: datetime | None = None) -> Why:
        """Each node's verdict and each condition's value for one user."""
        self._rights.require(principal, rule)
        return self._asking.why(principal, rule, user_id, as_of=as_of)

    def _shown(self, principal: Principal, facet: ShownFacet) -> ShownFacet:
        """Without the lines that tell of sensitive options, for who may not see those."""
        if self._rights.may(principal, SENSITIVE):
            return facet
        asked = BY_KEY[facet.filter]
        hidden = {cut.key for cut in asked.cuts if is_sensitive_cut(asked, cut)}
        return replace(facet, lines=tuple(line for line in facet.lines if line.key not in hidden))


def _these(rule: Rule | None) -> tuple[Rule, ...]:
    return () if rule is None else (rule,)
