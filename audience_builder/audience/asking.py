"""The port behind which rules are asked about. What wraps it is the same port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from audience_builder.access import Principal
from audience_builder.audience.answers import MembersPage, Why
from audience_builder.audience.coverage import Coverage
from audience_builder.audience.guard import ShownCount, ShownFacet, ShownSizes
from audience_builder.audience.narrowing import Narrowing
from audience_builder.audience.overlap import Overlap
from audience_builder.audience.reach import Reach
from audience_builder.audience.relax import Relaxed
from audience_builder.rule.tree import Rule


class Asking(Protocol):
    """Answers what a principal may know of a rule, and raises DeniedError for anything else. `as_of` is now where it is None.

    Every number is told as far as the principal may see it (`audience.guard`).
    """

    def count(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> ShownCount:
        """The rule's size and every node's."""
        ...

    def count_saved(
        self, principal: Principal, audience_id: str, rule: Rule, *, as_of: datetime | None = None
    ) -> ShownCount:
        """The size of a saved audience's rule: also for those who build none themselves."""
        ...

    def facets(
        self,
        principal: Principal,
        rule: Rule | None,
        *,
        as_of: datetime | None = None,
        filters: Sequence[str] | None = None,
    ) -> tuple[datetime, tuple[ShownFacet, ...]]:
        """The exact split over the filters' options, of the rule's users or of everybody, and the moment it is about."""
        ...

    def counts(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> ShownSizes:
        """The sizes of many rules, of one moment and one state of the data."""
        ...

    def narrowing(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Narrowing:
        """What each node costs the rule: alone, left out, and step by step."""
        ...

    def relaxed(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Relaxed:
        """Gentler forms of the rule that mean more users than it, the gentlest first."""
        ...

    def reach(self, principal: Principal, rule: Rule | None, *, as_of: datetime | None = None) -> Reach:
        """How many of a rule's users (or of everybody) consented, channel by channel."""
        ...

    def overlap(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> Overlap:
        """How the users of two to six rules overlap, region by region."""
        ...

    def coverage(self, principal: Principal, *, as_of: datetime | None = None) -> Coverage:
        """Of how many users each filter has an answer, and how everybody splits."""
        ...

    def sample(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, wanted: int = 5
    ) -> tuple[Why, ...]:
        """A few members, spread over all of them, each with why it is one."""
        ...

    def members(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, after: int = -1, limit: int = 100
    ) -> MembersPage:
        """Up to `limit` pseudonymous ids of the rule's users with a number above `after`."""
        ...

    def why(self, principal: Principal, rule: Rule, user_id: str, *, as_of: datetime | None = None) -> Why:
        """Each node's verdict and each condition's value for one user. Raises NotFoundError for an id never seen."""
        ...
