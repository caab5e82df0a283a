"""Late answers: a language model is asked in the background, and what it says is fetched by who asked. Nothing waits for it."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Final

from audience_builder.access import Principal
from audience_builder.errors import AudienceBuilderError, NotFoundError
from audience_builder.language.model.merge import Merged, merged
from audience_builder.language.model.port import ModelProblem
from audience_builder.language.model.reader import ModelReader, Read, Sending
from audience_builder.language.port import Interpretation
from audience_builder.rule.canonical import canonical
from audience_builder.rule.tree import Rule
from audience_builder.store import Note, Outcome, Store

_SENT: Final = "interpret.send"
_READ: Final = "interpret.model"
_DAY: Final = timedelta(hours=24)
_THREADS: Final = 4
_WAITING: Final = 32
_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Budget:
    """How many calls leave the house in 24 hours: of everybody together, and of one person."""

    everybody: int
    each: int


@dataclass(frozen=True, slots=True)
class Late:
    """How a late answer stands: `waiting`, `ready`, or `failed` with a code of `language.model.port.PROBLEMS`.

    `merged` is what it does to the rule there is now: a proposal. Nothing is changed by it.
    """

    state: str
    reader: str
    problem: str = ""
    found: Interpretation | None = None
    merged: Merged | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    principal: str
    first: Interpretation
    future: Future[Read]


class Later:
    """Asks a model about sentences the phrasebook did not wholly understand. Every call is on the trail before it leaves.

    The trail is also the account: calls of the last 24 hours are counted on it, so a restart forgives none.
    """

    def __init__(self, reader: ModelReader, store: Store, budget: Budget, *, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._store = store
        self._budget = budget
        self._now = now
        self._lock = Lock()
        self._counting = Lock()
        self._asked: OrderedDict[str, _Asked] = OrderedDict()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="language-model")

    @property
    def label(self) -> str:
        """Which model reads."""
        return self._reader.label

    def ask(self, principal: Principal, first: Interpretation, *, as_of: date, base: Rule | None) -> str:
        """Begin to ask about a sentence and return a ticket; an empty one where nothing needs to be asked or too much waits."""
        if first.complete and not first.readings:
            return ""
        with self._lock:
            if sum(not entry.future.done() for entry in self._asked.values()) >= _WAITING:
                return ""
            future = self._pool.submit(self._read, principal, first, as_of, base)
            ticket = secrets.token_urlsafe(12)
            self._asked[ticket] = _Asked(principal.id, first, future)
            while len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
        return ticket

    def take(self, principal: Principal, ticket: str, now: Rule | None, *, seconds: float) -> Late:
        """How the answer stands, after waiting at most so long. Raises NotFoundError for a ticket that is nobody's or another's."""
        with self._lock:
            asked = self._asked.get(ticket)
        if asked is None or asked.principal != principal.id:
            raise NotFoundError("no such question", fix="Ask again: late answers are kept for a while only.")
        try:
            read = asked.future.result(timeout=seconds)
        except NotYet:
            return Late("waiting", self.label)
        except ModelProblem as problem:
            return Late("failed", self.label, problem.code)
        except AudienceBuilderError:
            return Late("failed", self.label, "unrecorded")
        shown = asked.first.rule
        return Late("ready", self.label, found=read.found, merged=merged(shown, now, read.found.rule))

    def close(self) -> None:
        """Wait for nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- in the background ----------------------------------------------------------------------------------------------

    def _read(self, principal: Principal, first: Interpretation, as_of: date, base: Rule | None) -> Read:
        try:
            read = self._reader.widened(
                first, as_of=as_of, base=base, before=lambda sending: self._send(principal, sending)
            )
        except ModelProblem as problem:
            self._note(principal, _READ, outcome=Outcome.FAILED, problem=problem.code)
            raise
        except Exception:
            self._note(principal, _READ, outcome=Outcome.FAILED, problem="unexpected")
            raise ModelProblem("unreadable") from None
        rules = () if read.found.rule is None else (read.found.rule,)
        self._note(
            principal, _READ, *rules, calls=read.calls, tokens_in=read.tokens_in, tokens_out=read.tokens_out,
            left_out=list(read.left_out), not_understood=len(read.found.not_understood),
        )  # fmt: skip
        return read

    def _send(self, principal: Principal, sending: Sending) -> None:
        """Put on the trail what is about to leave, as long as it may. Raises ModelProblem where it may not."""
        with self._counting:
            self._within_budget(principal)
            try:
                self._note(
                    principal, _SENT, model=sending.model, digest=sending.digest, characters=sending.characters,
                    masked=sending.masked, repair=sending.is_repair,
                )  # fmt: skip
            except AudienceBuilderError:
                raise ModelProblem("unrecorded") from None

    def _within_budget(self, principal: Principal) -> None:
        since = self._now() - _DAY
        with self._store.unit(principal) as unit:
            mine = sum(1 for _ in unit.trail.of(principal.id, _SENT, since=since))
            all_of_them = unit.trail.newest(self._budget.everybody, action=_SENT)
        if mine >= self._budget.each or (len(all_of_them) >= self._budget.everybody and all_of_them[-1].at > since):
            raise ModelProblem("budget")

    def _note(
        self, principal: Principal, action: str, *rules: Rule, outcome: Outcome = Outcome.DONE, **detail: object
    ) -> None:
        self._store.note(
            principal,
            Note(action=action, subject="sentence", outcome=outcome, detail=detail, rules=tuple(map(canonical, rules))),
        )
