"""Who may see which contacts: everybody masked, few in clear, one at a time and for a reason. Every look leaves an audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from audience_builder import clock
from audience_builder.access import Permission, Principal, require
from audience_builder.access.blind import CANONICAL
from audience_builder.access.keys import Keyring
from audience_builder.access.masking import MASKS
from audience_builder.access.personal import refuse_personal
from audience_builder.errors import InputError, LimitError, NotFoundError
from audience_builder.store.contacts_import import Arrival, ContactsReport, arrivals
from audience_builder.store.contacts_sealing import FIELDS, Contact, Sealing
from audience_builder.store.port import Store, Unit
from audience_builder.store.rows import Note
from audience_builder.store.user_sets import UserNumbers

MOST_MASKED = 1_000
"""How many users' masked contacts are shown at once: a page of members."""

_MOST_REASON = 500
_LEAST_REASON = 5
_MOST_FOUND = 20
_AT_ONCE = 2_000

Masked = Mapping[str, str | None]
"""A user's masked contacts by field; None where a field is not known."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one person may see somebody in clear, and look somebody up, on one day in Korea."""

    unmask: int = 30
    look_up: int = 30


A_DAY = Limits()

Numbers = Callable[[Sequence[str]], Mapping[str, int]]


def _nobody(user_ids: Sequence[str]) -> Mapping[str, int]:
    return {}


class ContactVault:
    """Takes contacts in, shows them masked, and opens one for who may and says why."""

    def __init__(
        self,
        *,
        store: Store,
        keyring: Keyring,
        now: Callable[[], datetime],
        numbers: Numbers = _nobody,
        limits: Limits = A_DAY,
    ) -> None:
        """`numbers` gives the mart's numbers of ids, by which the audit trail names users."""
        self._store = store
        self._numbers = numbers
        self._sealing = Sealing(keyring)
        self._now = now
        self._limits = limits

    def masked(self, principal: Principal, user_ids: Sequence[str]) -> list[Masked | None]:
        """The masked contacts of each of these users in order; None of whom nothing is kept."""
        require(principal, Permission.SEE_MEMBERS)
        if len(user_ids) > MOST_MASKED:
            raise InputError(f"at most {MOST_MASKED} users at once, not {len(user_ids)}", fix="Ask page by page.")
        refs, seen = [self._sealing.user_ref(user_id) for user_id in user_ids], self._seen(user_ids)
        with self._store.unit(principal) as unit:
            rows = unit.contacts.known(list(dict.fromkeys(refs)))
            unit.note(
                Note(
                    action="contacts.masked",
                    subject="contacts",
                    detail={"asked": len(refs), "known": len(rows)},
                    users=seen,
                )
            )
            shown = {ref: _masked(self._sealing.opened(row)) for ref, row in rows.items()}
        return [shown.get(ref) for ref in refs]

    def unmask(self, principal: Principal, user_id: str, reason: str, fields: Sequence[str] = FIELDS) -> Contact:
        """One user's contacts (or those fields) in clear, for a reason. Raises LimitError past the day's allowance."""
        require(principal, Permission.UNMASK)
        asked_for = _known_fields(fields)
        because, ref = _reason(reason), self._sealing.user_ref(user_id)
        number = self._numbers([user_id]).get(user_id)
        with self._store.unit(principal) as unit:
            self._count(unit, principal, "unmask", self._limits.unmask)
            row = unit.contacts.known([ref]).get(ref)
            found = None if row is None else self._sealing.opened(row, asked_for)
            detail = {"fields": list(asked_for), "reason": because, "found": found is not None}
            unit.note(Note(action="contacts.unmask", subject=ref, detail=detail, user=number))
        if found is None:
            raise NotFoundError("nothing is kept of that user", fix="Import contacts first.")
        return found

    def for_export(self, principal: Principal, user_ids: Sequence[str], fields: Sequence[str]) -> dict[str, Contact]:
        """Those of these users of whom anything is kept, by id, with these fields in clear: for an export that was approved.

        It leaves no entry: the export's own names everybody in it before its file can be fetched.
        """
        require(principal, Permission.RUN_JOB)
        refs, asked_for = [self._sealing.user_ref(user_id) for user_id in user_ids], _known_fields(fields)
        found: dict[str, Contact] = {}
        for at in range(0, len(refs), _AT_ONCE):
            with self._store.unit(principal) as unit:
                rows = unit.contacts.known(refs[at : at + _AT_ONCE])
            # Opened outside the transaction: others write meanwhile.
            opened = (self._sealing.opened(row, asked_for) for row in rows.values())
            found |= {contact.user_id: contact for contact in opened}
        return found

    def look_up(self, principal: Principal, column: str, value: str, reason: str) -> list[str]:
        """The ids of the users with that e-mail address or phone number, for a reason. Raises LimitError as above."""
        require(principal, Permission.UNMASK)
        if column not in CANONICAL:
            raise InputError("users are looked up by email or phone", fix=f"One of {', '.join(CANONICAL)}.")
        canonical, because = CANONICAL[column](value), _reason(reason)
        if canonical is None:
            raise InputError(f"this is no {column}", fix="Write it in full.")
        with self._store.unit(principal) as unit:
            self._count(unit, principal, "look_up", self._limits.look_up)
            rows = unit.contacts.matching(column, self._sealing.indexes(column, canonical), _MOST_FOUND)
            found = [self._sealing.opened(row, (column,)) for row in rows]
            detail = {"column": column, "reason": because, "refs": sorted(row.user_ref for row in rows)}
            seen = self._seen([entry.user_id for entry in found])
            unit.note(Note(action="contacts.look_up", subject="contacts", detail=detail, users=seen))
        # The index is trusted as little as anything that lies in a file: what was opened decides.
        return sorted(entry.user_id for entry in found if CANONICAL[column](getattr(entry, column) or "") == canonical)

    def take_in(self, principal: Principal, rows: Iterator[Arrival], tell: Callable[[int], None]) -> ContactsReport:
        """Keep the contacts of a file, some rows a transaction; what is known already changes nothing.

        A row without one of the file's columns forgets that field; a column the file lacks stays as it was. Who was erased is
        refused. Raises whatever reading raises: rows before that are kept, and taking the file in again changes nothing of them.
        """
        require(principal, Permission.LOAD_DATA)
        report = ContactsReport()
        for batch in arrivals(rows, _AT_ONCE, report):
            with self._store.unit(principal) as unit:
                self._keep(unit, batch, report)
                unit.audit("contacts.import", "contacts", rows=len(batch), read=report.read)
            tell(report.read)
        return report

    def _keep(self, unit: Unit, batch: Sequence[Arrival], report: ContactsReport) -> None:
        newest = {self._sealing.user_ref(row.contact.user_id): row for row in batch}
        gone = unit.contacts.erased(list(newest))
        known = unit.contacts.known(list(newest))
        sealed, at = [], self._now()
        for ref, row in newest.items():
            if ref in gone:
                report.refuse(row.line, "erased_user", "user_id")
                continue
            before = self._sealing.opened(known[ref]) if ref in known else None
            after = row.over(before)
            if after == before:
                report.unchanged += 1
            else:
                sealed.append(self._sealing.sealed(after, at))
        unit.contacts.put(sealed)
        report.kept += len(sealed)
        report.repeated += len(batch) - len(newest)

    def _seen(self, user_ids: Sequence[str]) -> UserNumbers:
        return np.array(sorted(set(self._numbers(user_ids).values())), dtype=np.uint32)

    def _count(self, unit: Unit, principal: Principal, kind: str, most: int) -> None:
        day = clock.day_of(self._now())
        if unit.contacts.used(principal.id, kind, day) >= most:
            raise LimitError(
                f"{principal.name} has done this {most} times today, which is all a day allows",
                fix="Go on tomorrow, or have somebody else look with you.",
            )
        unit.contacts.use(principal.id, kind, day)


def _masked(contact: Contact) -> Masked:
    cells = ((field, getattr(contact, field)) for field in FIELDS)
    return {field: None if value is None else MASKS[field](value) for field, value in cells}


def _known_fields(fields: Sequence[str]) -> tuple[str, ...]:
    unknown = [field for field in fields if field not in FIELDS]
    if unknown or not fields:
        raise InputError("there is no such field of a contact", fix=f"Some of {', '.join(FIELDS)}.")
    return tuple(dict.fromkeys(fields))


def _reason(reason: str) -> str:
    said = " ".join(reason.split())
    if not _LEAST_REASON <= len(said) <= _MOST_REASON:
        raise InputError(
            f"a reason has {_LEAST_REASON} to {_MOST_REASON} characters", fix="Say why it must be seen in clear."
        )
    refuse_personal({"reason": said})
    return said
