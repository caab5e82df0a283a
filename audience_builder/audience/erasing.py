"""Forgetting a user everywhere: contacts, facts, profile, memberships and the files of exports that name them go.

A keyed name stays that refuses them for ever.

Two databases cannot be changed at once. So the vault forgets first, remembering (sealed) whom the mart must still forget; when the
process dies in between, the next start goes on. Doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from audience_builder.access import Permission, Principal, Role, require
from audience_builder.access.personal import refuse_personal
from audience_builder.audience.port import Travellers
from audience_builder.errors import InputError
from audience_builder.mart.erasure import ErasureReport
from audience_builder.store import Note, Store
from audience_builder.store.contacts_sealing import Sealing

FINISHER = Principal("service:erasure", "the finisher of erasures", frozenset({Role.SERVICE}))
"""Who goes on with what was interrupted."""

_MOST_REASON = 500
_LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a user, before anything is erased."""

    user_ref: str
    contacts: bool
    travelled: bool
    already_erased: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: whether there were contacts, and how many rows of each table of the mart."""

    user_ref: str
    contacts: bool
    rows: Mapping[str, int]
    already_erased: bool


class Erasing:
    """Erases a user from the vault and from the mart."""

    def __init__(
        self,
        *,
        store: Store,
        sealing: Sealing,
        travellers: Travellers,
        forget: Callable[[str], ErasureReport],
        withdraw: Callable[[int], int],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sealing = sealing
        self._travellers = travellers
        self._forget = forget
        self._withdraw = withdraw
        self._now = now

    def look(self, principal: Principal, user_id: str) -> Known:
        """What would be erased."""
        require(principal, Permission.ERASE)
        ref = self._sealing.user_ref(user_id)
        with self._store.unit(principal) as unit:
            has_contacts = ref in unit.contacts.known([ref])
            is_gone = ref in unit.contacts.erased([ref])
            unit.audit("user.erase.look", ref, contacts=has_contacts, already_erased=is_gone)
        return Known(ref, has_contacts, self._travellers.number(user_id) is not None, is_gone)

    def erase(self, principal: Principal, user_id: str, reason: str) -> Erased:
        """Erase a user for ever. There is no way back: what is destroyed is the key of their contacts, and the rows themselves."""
        require(principal, Permission.ERASE)
        said, ref = _reason(reason), self._sealing.user_ref(user_id)
        with self._store.unit(principal) as unit:
            has_contacts = ref in unit.contacts.known([ref])
            is_new = unit.contacts.bury(ref, self._now(), self._sealing.seal_pending(user_id, ref))
            unit.audit("user.erase.begin", ref, reason=said, contacts=has_contacts, already_erased=not is_new)
        self._store.scrub()
        rows = self._finish(principal, user_id, ref)
        return Erased(ref, has_contacts, rows, already_erased=not is_new)

    def recover(self) -> int:
        """Once after a start: have the mart forget whom it has not forgotten yet. Returns how many that were."""
        with self._store.unit(FINISHER) as unit:
            pending = unit.contacts.pending()
        for ref, sealed in pending:
            self._finish(FINISHER, self._sealing.open_pending(sealed, ref), ref)
        return len(pending)

    def _finish(self, principal: Principal, user_id: str, ref: str) -> Mapping[str, int]:
        report = self._forget(user_id)
        files = 0 if report.user_no is None else self._withdraw(report.user_no)
        detail = {"rows": report.rows, "exports": files}
        with self._store.unit(principal) as unit:
            unit.contacts.settle(ref)
            unit.note(Note(action="user.erase", subject=ref, detail=detail, user=report.user_no))
        self._store.scrub()
        return report.rows


def _reason(reason: str) -> str:
    said = " ".join(reason.split())
    if not _LEAST_REASON <= len(said) <= _MOST_REASON:
        raise InputError(
            f"a reason has {_LEAST_REASON} to {_MOST_REASON} characters", fix="Say why the user is erased."
        )
    refuse_personal({"reason": said})
    return said
