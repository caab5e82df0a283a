"""The rows of an export: what the profile says of users at a moment, and the contacts of those who consent to be reached now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from audience_builder.access import Principal
from audience_builder.audience.columns import ExportColumn, chosen
from audience_builder.audience.formats import Cells
from audience_builder.audience.port import Record, Travellers
from audience_builder.engine.port import UserNumbers
from audience_builder.store.contacts_sealing import Contact


class Vault(Protocol):
    """Opens contacts for an export that was approved."""

    def for_export(self, principal: Principal, user_ids: Sequence[str], fields: Sequence[str]) -> Mapping[str, Contact]:
        """Those of these users of whom anything is kept, by id, with these fields in clear."""
        ...


class ExportRows:
    """Says the columns of an export of users, in their order."""

    def __init__(self, *, travellers: Travellers, vault: Vault, now: Callable[[], datetime]) -> None:
        self._travellers = travellers
        self._vault = vault
        self._now = now

    def of(self, principal: Principal, users: UserNumbers, keys: Sequence[str], as_of: datetime) -> list[Cells]:
        """A row a user, by ascending number: the id, then a cell a column."""
        columns = chosen(keys)
        plain = [entry for entry in columns if entry.contact is None]
        secret = [entry for entry in columns if entry.contact is not None]
        reads = _reads(plain)
        records = self._travellers.records(users, reads, as_of)
        told = self._contacts(principal, users, secret) if secret else {}
        places = [
            (entry, [1 + reads.index(name) for name in entry.reads] if entry in plain else []) for entry in columns
        ]
        return [
            (str(record[0]), *_cells(record, places, told.get(str(record[0]), ()), as_of)) for record in records
        ]  # fmt: skip

    def _contacts(
        self, principal: Principal, users: UserNumbers, columns: Sequence[ExportColumn]
    ) -> dict[str, list[str | None]]:
        """By id a cell a column. Consent counts as it is now: an approval may come long after the request."""
        now, reads = self._now(), _reads(columns)
        records = self._travellers.records(users, reads, now)
        fields = [str(entry.contact) for entry in columns]
        opened = self._vault.for_export(principal, [str(record[0]) for record in records], fields)
        found: dict[str, list[str | None]] = {}
        for user_id, *cells in records:
            contact = opened.get(str(user_id))
            if contact is not None:
                known = dict(zip(reads, cells, strict=True))
                found[contact.user_id] = [_contact_cell(entry, known, contact, now) for entry in columns]
        return found


def _reads(columns: Sequence[ExportColumn]) -> list[str]:
    return list(dict.fromkeys(name for entry in columns for name in entry.reads))


def _cells(
    record: Record,
    places: Sequence[tuple[ExportColumn, Sequence[int]]],
    told: Sequence[str | None],
    as_of: datetime,
) -> Iterator[str | None]:
    contacts = iter(told)
    for entry, where in places:
        if entry.contact is None:
            yield entry.says([record[place] for place in where], as_of)
        else:
            yield next(contacts, None)


def _contact_cell(entry: ExportColumn, known: Mapping[str, object], contact: Contact, now: datetime) -> str | None:
    return entry.says([*(known[name] for name in entry.reads), getattr(contact, str(entry.contact))], now)
