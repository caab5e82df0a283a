"""Nothing is told of anybody unless the audit trail says so first: the same port, in front of whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import numpy as np

from audience_builder.access import Principal
from audience_builder.audience.answers import MembersPage, Why
from audience_builder.audience.asking import Asking
from audience_builder.audience.coverage import Coverage
from audience_builder.audience.guard import ShownCount, ShownFacet, ShownSizes
from audience_builder.audience.narrowing import Narrowing
from audience_builder.audience.overlap import Overlap
from audience_builder.audience.reach import Reach
from audience_builder.audience.relax import Relaxed
from audience_builder.engine.port import UserNumbers
from audience_builder.errors import AudienceBuilderError, DeniedError
from audience_builder.rule.canonical import canonical
from audience_builder.rule.tree import Rule
from audience_builder.store import Note, Outcome, Store

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class _Told:
    """What an answer told, as far as it is recorded: numbers as they were shown, and the users it showed."""

    detail: dict[str, Any]
    user: int | None = None
    users: UserNumbers | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """Who asks what of which rules. An empty list of rules is everybody."""

    principal: Principal
    action: str
    rules: Sequence[Rule] = ()


class Recorded:
    """Hands questions on and records each with how it ended, before its answer is told (`audience.asking.Asking`).

    Where the trail cannot be written the question fails, and nothing is told.
    """

    def __init__(self, asking: Asking, store: Store) -> None:
        self._asking = asking
        self._store = store

    def count(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> ShownCount:
        """The rule's size and every node's."""
        return self._answered(
            _Question(principal, "count", (rule,)), lambda: self._asking.count(principal, rule, as_of=as_of), _of_count
        )

    def count_saved(
        self, principal: Principal, audience_id: str, rule: Rule, *, as_of: datetime | None = None
    ) -> ShownCount:
        """The size of a saved audience's rule."""
        return self._answered(
            _Question(principal, "audience.count", (rule,)),
            lambda: self._asking.count_saved(principal, audience_id, rule, as_of=as_of),
            lambda found: _Told({**_of_count(found).detail, "audience": audience_id}),
        )

    def facets(
        self,
        principal: Principal,
        rule: Rule | None,
        *,
        as_of: datetime | None = None,
        filters: Sequence[str] | None = None,
    ) -> tuple[datetime, tuple[ShownFacet, ...]]:
        """The exact split over the filters' options."""
        return self._answered(
            _Question(principal, "facets", _these(rule)),
            lambda: self._asking.facets(principal, rule, as_of=as_of, filters=filters),
            lambda found: _Told({"as_of": found[0].isoformat(), "filters": list(filters or ())}),
        )

    def counts(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> ShownSizes:
        """The sizes of many rules."""
        return self._answered(
            _Question(principal, "counts", rules),
            lambda: self._asking.counts(principal, rules, as_of=as_of),
            lambda found: _Told({"as_of": found.as_of.isoformat(), "counts": list(found.counts)}),
        )

    def narrowing(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Narrowing:
        """What each node costs the rule."""
        return self._answered(
            _Question(principal, "narrowing", (rule,)),
            lambda: self._asking.narrowing(principal, rule, as_of=as_of),
            _of_total,
        )

    def relaxed(self, principal: Principal, rule: Rule, *, as_of: datetime | None = None) -> Relaxed:
        """Gentler forms of the rule."""
        return self._answered(
            _Question(principal, "relax", (rule,)),
            lambda: self._asking.relaxed(principal, rule, as_of=as_of),
            _of_total,
        )

    def reach(self, principal: Principal, rule: Rule | None, *, as_of: datetime | None = None) -> Reach:
        """How many consented, channel by channel."""
        return self._answered(
            _Question(principal, "reach", _these(rule)),
            lambda: self._asking.reach(principal, rule, as_of=as_of),
            _of_total,
        )

    def overlap(self, principal: Principal, rules: Sequence[Rule], *, as_of: datetime | None = None) -> Overlap:
        """How the users of two to six rules overlap."""
        return self._answered(
            _Question(principal, "overlap", rules),
            lambda: self._asking.overlap(principal, rules, as_of=as_of),
            lambda found: _Told({"as_of": found.as_of.isoformat(), "union": found.union}),
        )

    def coverage(self, principal: Principal, *, as_of: datetime | None = None) -> Coverage:
        """Of how many users each filter has an answer."""
        return self._answered(
            _Question(principal, "coverage"),
            lambda: self._asking.coverage(principal, as_of=as_of),
            lambda found: _Told({"as_of": found.as_of.isoformat()}),
        )

    def sample(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, wanted: int = 5
    ) -> tuple[Why, ...]:
        """A few members, each with why it is one."""
        return self._answered(
            _Question(principal, "sample", (rule,)),
            lambda: self._asking.sample(principal, rule, as_of=as_of, wanted=wanted),
            lambda found: _Told(
                {"shown": len(found)}, users=np.sort(np.array([why.user_no for why in found], np.uint32))
            ),
        )

    def members(
        self, principal: Principal, rule: Rule, *, as_of: datetime | None = None, after: int = -1, limit: int = 100
    ) -> MembersPage:
        """A page of pseudonymous ids."""
        return self._answered(
            _Question(principal, "members", (rule,)),
            lambda: self._asking.members(principal, rule, as_of=as_of, after=after, limit=limit),
            lambda found: _Told({"as_of": found.as_of.isoformat(), "shown": len(found.user_ids)}, users=found.users),
        )

    def why(self, principal: Principal, rule: Rule, user_id: str, *, as_of: datetime | None = None) -> Why:
        """Each node's verdict and each condition's value for one user."""
        return self._answered(
            _Question(principal, "why", (rule,)),
            lambda: self._asking.why(principal, rule, user_id, as_of=as_of),
            lambda found: _Told({"as_of": found.as_of.isoformat()}, user=found.user_no),
        )

    def _answered(self, question: _Question, ask: Callable[[], _Answer], tells: Callable[[_Answer], _Told]) -> _Answer:
        try:
            found = ask()
        except Exception as error:
            outcome = Outcome.DENIED if isinstance(error, DeniedError) else Outcome.FAILED
            self._note(question, outcome, _Told({"problem": getattr(error, "code", "unexpected")}))
            if isinstance(error, AudienceBuilderError):
                error.is_recorded = True
            raise
        self._note(question, Outcome.DONE, tells(found))
        return found

    def _note(self, question: _Question, outcome: Outcome, told: _Told) -> None:
        note = Note(
            action=question.action,
            subject="rule" if question.rules else "everybody",
            outcome=outcome,
            detail=told.detail,
            rules=tuple(canonical(rule) for rule in question.rules),
            user=told.user,
            users=told.users,
        )
        self._store.note(question.principal, note)


def _these(rule: Rule | None) -> tuple[Rule, ...]:
    return () if rule is None else (rule,)


def _of_count(found: ShownCount) -> _Told:
    return _Told({"as_of": found.as_of.isoformat(), "count": found.total, "mart_version": found.mart_version})


def _of_total(found: Narrowing | Relaxed | Reach) -> _Told:
    return _Told({"as_of": found.as_of.isoformat(), "count": found.total})
