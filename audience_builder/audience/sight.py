"""Counts for those who only look on: guarded at fifty, also against what two or more counts together would tell.

Any two counts somebody was told split everybody into four groups: in both, in one, in the other, in neither. Each of them must be
empty or have at least as many users as are told at all, and no two rules may mean the very same users. `docs/guards.md` says what
this keeps and what it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from pyroaring import BitMap

from audience_builder.access import Principal
from audience_builder.audience.guard import Limits, Number, ShownCount
from audience_builder.engine.port import Engine
from audience_builder.errors import AudienceBuilderError, LimitError, TooCloseError
from audience_builder.rule.canonical import rule_hash
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule, walk
from audience_builder.store import AuditEntry, Outcome, Store
from audience_builder.store.user_sets import bitmap_of

_COUNTED = ("count", "audience.count")


@dataclass(frozen=True, slots=True)
class _Told:
    """A count somebody was told: of which rule, when, about which moment and data, and who they were (None = too few to tell)."""

    rule: str
    at: datetime
    as_of: datetime
    mart_version: int
    base: int
    users: BitMap | None


class _Past:
    """What one principal was told and refused, the latest last."""

    def __init__(self) -> None:
        self.told: list[_Told] = []
        self.refused: list[datetime] = []

    def forget(self, before: datetime) -> None:
        self.told = [each for each in self.told if each.at >= before]
        self.refused = [each for each in self.refused if each >= before]


class GuardedSight:
    """Tells guarded principals what they may know. What they were told before is read from the audit trail."""

    def __init__(self, engine: Engine, store: Store, limits: Limits, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._engine = engine
        self._store = store
        self._limits = limits
        self._lock = Lock()
        self._past: dict[str, _Past] = {}

    def count(self, principal: Principal, rule: Rule, *, as_of: datetime) -> ShownCount:
        """The rule's own size and no node's; None where it is too few, or nearly everybody.

        Asked again of data that hardly changed, it is told as it was before. Raises TooCloseError where it would, together with
        what was told before, tell of too few; LimitError after too many counts or refusals.
        """
        with self._lock:
            past = self._past_of(principal)
            if len(past.refused) >= self._limits.most_refused:
                raise _too_much(f"{len(past.refused)} counts were refused")
            found = self._engine.count(rule, as_of=as_of)
            users = self._users(rule, as_of)
            told = _Told(
                rule_hash(rule), self._now(), as_of, found.mart_version, found.base, self._large(users, found.base)
            )
            if told.users is not None:
                try:
                    told = self._compared(past, told, told.users)
                except TooCloseError:
                    past.refused.append(told.at)
                    raise
            self._keep(past, told)
        return self._shown(rule, told)

    def _compared(self, past: _Past, asked: _Told, users: BitMap) -> _Told:
        """What is told: this, or the same rule's earlier answer where hardly anybody came or went. Raises TooCloseError."""
        for other in reversed(past.told):
            if other.users is None:
                continue
            both = users.intersection_cardinality(other.users)
            mine, theirs = len(users) - both, len(other.users) - both
            if other.rule == asked.rule:
                if self._is_few(mine) or self._is_few(theirs):
                    return other
                continue
            # Each is about its own moment, at which there were so many in all.
            neither = (base - both - mine - theirs for base in (asked.base, other.base))
            if mine == theirs == 0 or any(map(self._is_few, (both, mine, theirs, *neither))):
                raise TooCloseError(
                    f"together with a count you were told this would tell of fewer than {self._limits.guarded} users",
                    fix="Ask for something clearly wider, narrower or different.",
                )
        return asked

    def _keep(self, past: _Past, told: _Told) -> None:
        if any((each.rule, each.users) == (told.rule, told.users) for each in past.told):
            return
        if len(past.told) >= self._limits.most_counts:
            raise _too_much(f"{len(past.told)} different counts were told")
        past.told.append(told)

    def _large(self, users: BitMap, base: int) -> BitMap | None:
        """The users, if they are neither too few nor nearly everybody."""
        return users if self._limits.guarded <= len(users) <= base - self._limits.guarded else None

    def _is_few(self, number: int) -> bool:
        return 0 < number < self._limits.guarded

    def _shown(self, rule: Rule, told: _Told) -> ShownCount:
        total: Number = None if told.users is None else len(told.users)
        return ShownCount(
            total=total,
            base=None,
            nodes={node.id: total if node is rule.root else None for node in walk(rule.root)},
            as_of=told.as_of,
            mart_version=told.mart_version,
            thresholds={},
            below=self._limits.guarded,
        )

    def _users(self, rule: Rule, as_of: datetime) -> BitMap:
        found = BitMap()
        for block in self._engine.members(rule, as_of=as_of):
            found |= bitmap_of(block)
        return found

    # --- what was told before ---------------------------------------------------------------------------------------------

    def _past_of(self, principal: Principal) -> _Past:
        since = self._now() - self._limits.window
        past = self._past.get(principal.id)
        if past is None:
            past = self._past[principal.id] = self._read(principal, since)
        past.forget(since)
        return past

    def _read(self, principal: Principal, since: datetime) -> _Past:
        """What the trail says was told and refused: after a start, nothing is forgotten."""
        past = _Past()
        for entry, rule in self._entries(principal, since):
            if entry.outcome is Outcome.DENIED:
                past.refused += [entry.at] * (entry.detail.get("problem") == TooCloseError.code)
            elif entry.outcome is Outcome.DONE:
                as_of = datetime.fromisoformat(entry.detail["as_of"])
                users = None if entry.detail["count"] is None else self._users(rule, as_of)
                base = self._engine.count(rule, as_of=as_of).base
                told = _Told(rule_hash(rule), entry.at, as_of, entry.detail["mart_version"], base, users)
                if all((each.rule, each.users) != (told.rule, told.users) for each in past.told):
                    past.told.append(told)
        return past

    def _entries(self, principal: Principal, since: datetime) -> Iterator[tuple[AuditEntry, Rule]]:
        with self._store.unit(principal) as unit:
            found = [entry for action in _COUNTED for entry in unit.trail.of(principal.id, action, since=since)]
            rules = {key: unit.trail.rule(key) for entry in found for key in entry.rules}
        for entry in sorted(found, key=lambda entry: entry.id):
            try:
                yield entry, parse_rule(rules[entry.rules[0]])
            except AudienceBuilderError:
                continue  # the catalog no longer knows its words: nobody can ask it again, either


def _too_much(what: str) -> LimitError:
    return LimitError(f"{what} within a day: no more for now", fix="Ask again tomorrow, or ask a marketer.")
