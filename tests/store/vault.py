"""A contacts vault in a folder, opened as the product opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from audience_builder.access import Principal, Role
from audience_builder.access.keys import Keyring, MasterKeys
from audience_builder.access.keys_file import FileMasterKeys
from audience_builder.store.contacts_import import ContactsReport, read_contacts
from audience_builder.store.contacts_rotation import KeyRotation
from audience_builder.store.contacts_sealing import Contact, Sealing
from audience_builder.store.contacts_vault import A_DAY, ContactVault, Limits
from audience_builder.store.database import Database
from audience_builder.store.keys import open_keyring
from audience_builder.store.sqlite import open_store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ADMIN = Principal("ada", "Ada", frozenset({Role.ADMIN}))
MARKETER = Principal("mina", "Mina", frozenset({Role.MARKETER}))
DPO = Principal("dara", "Dara", frozenset({Role.DPO}))
REASON = "고객 문의 확인을 위해"


@dataclass(frozen=True)
class Opened:
    """Everything of a vault."""

    folder: Path
    store: Database
    keyring: Keyring
    master: MasterKeys
    vault: ContactVault
    rotation: KeyRotation

    @property
    def sealing(self) -> Sealing:
        return Sealing(self.keyring)

    def take_in(self, text: str | bytes, *, name: str = "contacts.csv") -> ContactsReport:
        """Import the text of a file."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            return self.vault.take_in(ADMIN, read_contacts(path), lambda read: None)
        finally:
            path.unlink()

    def everybody(self) -> list[Contact]:
        """Every contact there is, opened."""
        with self.store.unit(ADMIN) as unit:
            rows = unit.contacts.behind(data=1 << 30, after=0, limit=1 << 30)
        return sorted((self.sealing.opened(row) for _, row in rows), key=lambda contact: contact.user_id)


@contextmanager
def opened(
    folder: Path, *, at_once: int = 1_000, limits: Limits = A_DAY, now: Callable[[], datetime] = lambda: NOW
) -> Iterator[Opened]:
    """The vault of that folder."""
    store = open_store(folder / "store.sqlite", now=now)
    try:
        keyring, master = open_keyring(
            store, lambda may_make: FileMasterKeys(folder / "keys" / "master.json", may_make=may_make), now=now
        )
        yield Opened(
            folder, store, keyring, master,
            ContactVault(store=store, keyring=keyring, now=now, limits=limits),
            KeyRotation(store=store, keyring=keyring, master=master, now=now, at_once=at_once),
        )  # fmt: skip
    finally:
        store.close()


def people(count: int) -> str:
    """The text of a file with so many users."""
    rows = (f"U{n},홍길동{n},kim{n}@example.com,010-{n // 10_000:04}-{n % 10_000:04},token{n}x\n" for n in range(count))
    return "user_id,name,email,phone,push_token\n" + "".join(rows)
