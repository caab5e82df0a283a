"""Addresses that are told when a saved audience moves: how many entered and left since they were told last, and nobody's name.

What is told is the difference of sums that stand in the mart, so nothing is lost where this process dies. What is on its way keeps
its id and its bytes until it is taken: a receiver may hear it twice, and knows it by the id. `docs/membership.md` has the rules.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Protocol
from urllib.parse import urlsplit

import orjson

from audience_builder.access import Permission, Principal, Role, require
from audience_builder.audience.guard import Limits, shown
from audience_builder.errors import AudienceBuilderError, InputError, LimitError
from audience_builder.mart.memberships import AudiencePlace
from audience_builder.store import Outcome, Store
from audience_builder.store.webhooks import DEAD, LIVE, Webhook

TELLER = Principal("service:webhooks", "the webhook teller", frozenset({Role.SERVICE}))
"""Who tells addresses."""

SIGNATURE, DELIVERY = "Audience-Builder-Signature", "Audience-Builder-Delivery"
PAUSES = (10, 30, 120, 600, 3_600, 21_600, 43_200)
"""Seconds after each attempt that failed until the next; after as many and one more the address is dead."""

MOST = 100
_EVERY = timedelta(seconds=10)
_LOOK_SECONDS = 30.0
_GOOD = range(200, 300)
_LOG = logging.getLogger("audience_builder")


class Sums(Protocol):
    """What moved in all."""

    def places(self) -> dict[str, AudiencePlace]:
        """How far each audience is recorded, by its id."""
        ...

    def totals(self, audience_id: str) -> tuple[int, int]:
        """How many ever entered and left it."""
        ...


class Outward(Protocol):
    """The way out of the house."""

    def require_allowed(self, url: str) -> None:
        """Raise InputError for an address nothing may be sent to."""
        ...

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send, and return the status. Raises OSError where nobody answered, or where nothing may be sent to."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """A new webhook, and the secret its messages are signed with: told this once."""

    webhook: Webhook
    secret: str


class Webhooks:
    """Adds, shows, revives and removes them. `secret_of` makes the secret of an id, always the same: none is stored."""

    def __init__(
        self,
        *,
        store: Store,
        sums: Sums,
        outward: Outward,
        secret_of: Callable[[str], str],
        new_id: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sums = sums
        self._outward = outward
        self._secret_of = secret_of
        self._new_id = new_id
        self._now = now

    def all(self, principal: Principal) -> list[Webhook]:
        """Every one, the oldest first."""
        require(principal, Permission.ADMINISTER)
        with self._store.unit(principal) as unit:
            unit.audit("webhook.list", "webhooks")
            return unit.webhooks.all()

    def add(self, principal: Principal, audience: str, url: str) -> Made:
        """Tell this address of what moves from now on. Raises InputError for an address nothing may be sent to."""
        require(principal, Permission.ADMINISTER)
        self._outward.require_allowed(url)
        now = self._now()
        with self._store.unit(principal) as unit:
            if len(unit.webhooks.all()) >= MOST:
                raise LimitError(f"there are {MOST} webhooks at most", fix="Remove one of them.")
            key = unit.audiences.named(audience).id
            entered, exited = self._sums.totals(key)
            webhook = Webhook(
                id=self._new_id(), audience_id=key, url=url, created_at=now, created_by=principal.id,
                told_at=now, next_at=now, told_entered=entered, told_exited=exited,
            )  # fmt: skip
            unit.webhooks.add(webhook)
            unit.audit("webhook.add", webhook.id, audience=key, host=host_of(url))
        return Made(webhook, self._secret_of(webhook.id))

    def revive(self, principal: Principal, webhook_id: str) -> Webhook:
        """Try again what was given up."""
        require(principal, Permission.ADMINISTER)
        with self._store.unit(principal) as unit:
            webhook = replace(unit.webhooks.named(webhook_id), state=LIVE, attempts=0, next_at=self._now(), problem="")
            unit.webhooks.put(webhook)
            unit.audit("webhook.revive", webhook_id)
            return webhook

    def remove(self, principal: Principal, webhook_id: str) -> None:
        """Tell it no more. Raises NotFoundError."""
        require(principal, Permission.ADMINISTER)
        with self._store.unit(principal) as unit:
            unit.webhooks.remove(webhook_id)
            unit.audit("webhook.remove", webhook_id)


class Teller:
    """Tells addresses in a thread of its own, each at most every ten seconds, what moved since they were told."""

    def __init__(
        self,
        *,
        store: Store,
        sums: Sums,
        outward: Outward,
        secret_of: Callable[[str], str],
        limits: Limits,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sums = sums
        self._outward = outward
        self._secret_of = secret_of
        self._limits = limits
        self._now = now
        self._turn = Lock()
        self._woken = Event()
        self._closing = Event()
        self._thread: Thread | None = None

    def open(self) -> None:
        """Begin: what moved while nobody told is told first."""
        self._thread = Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something moved."""
        self._woken.set()

    def close(self) -> None:
        """Stop after the message that is being sent."""
        self._closing.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def tell(self) -> int:
        """Send what is due, one address after the other. Returns how many took it."""
        with self._turn:
            with self._store.unit(TELLER) as unit:
                hooks = [each for each in unit.webhooks.all() if each.state == LIVE and each.next_at <= self._now()]
            places = self._sums.places() if hooks else {}
            ready = [self._ready(each, places.get(each.audience_id)) for each in hooks]
            return sum(self._told(each) for each in ready if each is not None and not self._closing.is_set())

    def _ready(self, hook: Webhook, place: AudiencePlace | None) -> Webhook | None:
        """With what is to be said to it; None where there is nothing new."""
        if hook.pending is not None or place is None:
            return hook if hook.pending is not None else None
        entered, exited = self._sums.totals(hook.audience_id)
        if (entered, exited) == (hook.told_entered, hook.told_exited):
            return None
        below = self._limits.exact
        said = {
            "type": "audience.moved",
            "audience": hook.audience_id,
            "version": place.rule_version,
            "mart_version": place.mart_version,
            "since": hook.told_at.isoformat(),
            "at": place.as_of.isoformat(),
            "entered": shown(entered - hook.told_entered, below),
            "exited": shown(exited - hook.told_exited, below),
            "size": shown(place.size, below),
            "below": below,
        }
        delivery = hashlib.sha256(f"{hook.id} {entered} {exited}".encode()).hexdigest()[:16]
        pending = {"id": delivery, "said": {"delivery": delivery, **said}, "entered": entered, "exited": exited}
        return replace(hook, pending=pending)

    def _told(self, hook: Webhook) -> bool:
        """Whether it took what is pending. The trail says that it leaves before it does."""
        pending = hook.pending
        assert pending is not None
        pause = PAUSES[min(hook.attempts, len(PAUSES) - 1)]
        hook = replace(hook, attempts=hook.attempts + 1, next_at=self._now() + timedelta(seconds=pause))
        self._keep(hook, "webhook.send", Outcome.DONE, delivery=pending["id"], attempt=hook.attempts)
        body = orjson.dumps(pending["said"])
        try:
            status = self._outward.post(
                hook.url, body, signed(self._secret_of(hook.id), body, self._now(), pending["id"])
            )
            problem = "" if status in _GOOD else f"answered {status}"
        except OSError as error:
            problem = str(error)
        if problem:
            is_dead = hook.attempts > len(PAUSES)
            hook = replace(hook, problem=problem, state=DEAD if is_dead else LIVE)
            action = "webhook.dead" if is_dead else "webhook.failed"
            self._keep(hook, action, Outcome.FAILED, delivery=pending["id"], problem=problem)
            return False
        told = replace(
            hook, pending=None, attempts=0, problem="", next_at=self._now() + _EVERY,
            told_entered=pending["entered"], told_exited=pending["exited"],
            told_at=datetime.fromisoformat(pending["said"]["at"]),
        )  # fmt: skip
        self._keep(told, "webhook.taken", Outcome.DONE, delivery=pending["id"])
        return True

    def _keep(self, hook: Webhook, action: str, outcome: Outcome, **detail: object) -> None:
        with self._store.unit(TELLER) as unit:
            unit.webhooks.put(hook)
            unit.audit(action, hook.id, outcome=outcome, audience=hook.audience_id, host=host_of(hook.url), **detail)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._woken.clear()
            try:
                self.tell()
            except AudienceBuilderError as error:  # too busy: the next look tries again
                _LOG.info("webhooks could not be told: %s", error.code)
            except Exception:
                _LOG.exception("webhooks could not be told")
            self._closing.wait(1.0)
            self._woken.wait(_LOOK_SECONDS if not self._woken.is_set() else 0.0)


def signed(secret: str, body: bytes, at: datetime, delivery: str) -> dict[str, str]:
    """The headers of a message: `t` is when it was signed (seconds since 1970), `v1` the HMAC-SHA-256 of `t.body`."""
    moment = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", SIGNATURE: f"t={moment},v1={mac}", DELIVERY: delivery}


def host_of(url: str) -> str:
    """The name an address is of: all of it that may stand in the trail."""
    host = urlsplit(url).hostname
    if not host:
        raise InputError("this is no address", fix="Say one such as https://hooks.example.com/audience.")
    return host
