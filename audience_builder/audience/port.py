"""What audiences ask of the mart beyond counting: who a number is, and what the profile says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from audience_builder.engine.port import UserNumbers
from audience_builder.mart.person import Person

Record = tuple[object, ...]
"""A user's id, then the asked columns of the profile that holds at the moment (all None where none does)."""


class Travellers(Protocol):
    """The users of one mart, by their numbers. Ids are the source's own: pseudonyms, for the mart holds no names."""

    def number(self, user_id: str) -> int | None:
        """The number of an id; None for one never seen, and for an erased one."""
        ...

    def numbers(self, user_ids: Sequence[str]) -> dict[str, int]:
        """The numbers of those of these ids that have one."""
        ...

    def records(self, users: UserNumbers, columns: Sequence[str], as_of: datetime) -> list[Record]:
        """A record a user, by ascending number; users erased meanwhile are left out."""
        ...

    def person(self, user_no: int) -> Person:
        """Everything known of one user."""
        ...
