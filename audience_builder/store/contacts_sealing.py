"""One user's contacts sealed and opened: each field under the user's own key, bound to table, column, row and key version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hmac import digest

from audience_builder.access.blind import CANONICAL, blind_index
from audience_builder.access.cipher import Cipher, new_key, place
from audience_builder.access.keys import Keyring, Purpose
from audience_builder.access.masking import pseudonym
from audience_builder.store.contacts import SealedContact, WrappedKey

FIELDS = ("name", "email", "phone", "push_token")
"""What is kept of a user. Their id is sealed beside it."""

_TABLE = "contact"
_ID = "user_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One user's contacts in clear; a field that is None is not known."""

    user_id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    push_token: str | None = None


class Sealing:
    """Seals under the newest keys, opens under whichever a row was sealed with."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._wrapping: dict[int, Cipher] = {}

    def user_ref(self, user_id: str) -> str:
        """What a user is called in the vault, in tombstones and in the audit trail."""
        return pseudonym(self._keyring.newest(Purpose.REFERENCE).key, user_id)

    def sealed(self, contact: Contact, at: datetime) -> SealedContact:
        """The contacts under a fresh data key, with their blind indexes."""
        ref, lookup = self.user_ref(contact.user_id), self._keyring.newest(Purpose.LOOKUP)
        wrapping = self._keyring.newest(Purpose.WRAPPING).version
        key, version = new_key(), lookup.version
        cipher = Cipher(key)
        cells = {
            column: None if value is None else cipher.seal(value.encode(), _place(column, ref, version))
            for column, value in _cells(contact)
        }
        user_id = cells.pop(_ID)
        assert user_id is not None
        return SealedContact(
            user_ref=ref, user_id=user_id, **cells, **_indexes(contact, lookup.key),
            data_key=self._cipher(wrapping).seal(key, _place("data_key", ref, wrapping)),
            wrap_version=wrapping, data_version=version, updated_at=at,
        )  # fmt: skip

    def opened(self, row: SealedContact, columns: Iterable[str] = FIELDS) -> Contact:
        """The user's id and these fields in clear. Raises SealedError where anything of it was changed or moved."""
        cipher = Cipher(self._data_key(row))
        found = {column: self._cell(cipher, row, column) for column in columns}
        user_id = self._cell(cipher, row, _ID)
        assert user_id is not None
        return Contact(user_id=user_id, **found)

    def rewrapped(self, keys: Iterable[WrappedKey]) -> list[WrappedKey]:
        """The same data keys, wrapped by the newest service key."""
        newest = self._keyring.newest(Purpose.WRAPPING).version
        seal, opened = self._cipher(newest).seal, self._data_key
        return [
            WrappedKey(key.place, key.user_ref, seal(opened(key), _place("data_key", key.user_ref, newest)), newest)
            for key in keys
        ]

    def resealed(self, row: SealedContact) -> SealedContact:
        """The same contacts under a fresh data key and the newest blind index."""
        return self.sealed(self.opened(row), row.updated_at)

    def indexes(self, column: str, canonical: str) -> list[bytes]:
        """Under what a value of `email` or `phone` may stand, whichever version of the key a row was written with."""
        versions = self._keyring.versions(Purpose.LOOKUP)
        return [blind_index(self._keyring.key(Purpose.LOOKUP, version), column, canonical) for version in versions]

    def seal_pending(self, user_id: str, user_ref: str) -> bytes:
        """An id sealed until the mart has forgotten it."""
        return self._pending_cipher().seal(user_id.encode(), place("erased_contact", "pending", user_ref, 1))

    def open_pending(self, pending: bytes, user_ref: str) -> str:
        """The id that is still to be forgotten."""
        return self._pending_cipher().open(pending, place("erased_contact", "pending", user_ref, 1)).decode()

    def _data_key(self, row: SealedContact | WrappedKey) -> bytes:
        version = row.wrap_version
        return self._cipher(version).open(row.data_key, _place("data_key", row.user_ref, version))

    def _cell(self, cipher: Cipher, row: SealedContact, column: str) -> str | None:
        sealed: bytes | None = getattr(row, column)
        return None if sealed is None else cipher.open(sealed, _place(column, row.user_ref, row.data_version)).decode()

    def _cipher(self, version: int) -> Cipher:
        if version not in self._wrapping:
            self._wrapping[version] = Cipher(self._keyring.key(Purpose.WRAPPING, version))
        return self._wrapping[version]

    def _pending_cipher(self) -> Cipher:
        # A key of its own: the key of a hash seals nothing.
        return Cipher(digest(self._keyring.newest(Purpose.ERASED).key, b"pending id", "sha256"))


def _place(column: str, user_ref: str, version: int) -> bytes:
    # The words of a place stand behind each other: what is the same for many rows is written once.
    return _column_place(column) + place(user_ref) + _version_place(version)


@cache
def _column_place(column: str) -> bytes:
    return place(_TABLE, column)


@cache
def _version_place(version: int) -> bytes:
    return place(version)


def _cells(contact: Contact) -> Iterable[tuple[str, str | None]]:
    return ((column, getattr(contact, column)) for column in (_ID, *FIELDS))


def _indexes(contact: Contact, key: bytes) -> Mapping[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    for column, canonical in CANONICAL.items():
        value: str | None = getattr(contact, column)
        written = None if value is None else canonical(value)
        found[f"{column}_index"] = None if written is None else blind_index(key, column, written)
    return found
