"""What a question is answered with, where it is more than a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audience_builder.engine.port import UserNumbers
from audience_builder.rule.meaning import Explanation


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Some members by ascending number. `after` is where the next page begins, None on the last one; `users` are their numbers."""

    user_ids: tuple[str, ...]
    after: int | None
    as_of: datetime
    users: UserNumbers


@dataclass(frozen=True, slots=True)
class Why:
    """Why one user is in or out of a rule, and the thresholds its shares were compared with."""

    user_id: str
    as_of: datetime
    explanation: Explanation
    thresholds: dict[str, int | None]
    user_no: int
