"""Travellers and memberships in a mart in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.audience.port import Record
from audience_builder.engine.port import UserNumbers
from audience_builder.mart import memberships
from audience_builder.mart.columns import scanned
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.memberships import AudiencePlace, Movement, Spell, Step
from audience_builder.mart.person import Person
from audience_builder.mart.schema import DIALECT
from audience_builder.mart.tables import USER_NUMBER, USER_PROFILE


class DuckDBTravellers:
    """The users of a mart, each read with a cursor of its own: any number of threads may ask at once."""

    def __init__(self, mart: DuckDBMart) -> None:
        self._mart = mart

    def number(self, user_id: str) -> int | None:
        """The number of an id; None for one never seen, and for an erased one."""
        with closing(self._mart.cursor()) as cursor:
            row = cursor.execute("SELECT user_no FROM user_number WHERE user_id = ?", [user_id]).fetchone()
        return int(row[0]) if row else None

    def numbers(self, user_ids: Sequence[str]) -> dict[str, int]:
        """The numbers of those of these ids that have one."""
        query = "SELECT user_id, user_no FROM user_number WHERE user_id IN (SELECT UNNEST(?))"
        with closing(self._mart.cursor()) as cursor:
            return {str(row[0]): int(row[1]) for row in cursor.execute(query, [list(user_ids)]).fetchall()}

    def records(self, users: UserNumbers, columns: Sequence[str], as_of: datetime) -> list[Record]:
        """A record a user, by ascending number; users erased meanwhile are left out."""
        if not len(users):
            return []
        values: dict[str, object] = {"low": int(users[0]), "high": int(users[-1])}
        if columns:
            values["as_of"] = as_of.astimezone(UTC).replace(tzinfo=None)
        with closing(self._mart.cursor()) as cursor, scanned(cursor, {"user_no": users}, "wanted") as wanted:
            return cursor.execute(_records(wanted, columns).sql(DIALECT), values).fetchall()

    def person(self, user_no: int) -> Person:
        """Everything known of one user."""
        return self._mart.person(user_no)


class DuckDBLedger:
    """Where memberships are recorded (`audience.membership.Ledger`, `audience.movements.Past`)."""

    def __init__(self, mart: DuckDBMart) -> None:
        self._mart = mart

    def places(self) -> dict[str, AudiencePlace]:
        """How far each audience is recorded, by its id."""
        with closing(self._mart.cursor()) as cursor:
            return memberships.places(cursor)

    def inside(self, place: AudiencePlace) -> UserNumbers:
        """Who was in at that place, ascending."""
        with closing(self._mart.cursor()) as cursor:
            return memberships.inside(cursor, place.audience_id, place.as_of)

    def erased(self) -> UserNumbers:
        """The numbers that were burnt."""
        with closing(self._mart.cursor()) as cursor:
            return memberships.erased(cursor)

    def totals(self, audience_id: str) -> tuple[int, int]:
        """How many ever entered and left it."""
        with closing(self._mart.cursor()) as cursor:
            return memberships.totals(cursor, audience_id)

    def began_at(self, audience_id: str) -> datetime | None:
        """When recording began; None where it has not."""
        with closing(self._mart.cursor()) as cursor:
            return memberships.began_at(cursor, audience_id)

    def movements(self, audience_id: str, *, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """What moved in the hours that begin from `since` (included) until `until` (not), by hour and cause."""
        with closing(self._mart.cursor()) as cursor:
            return memberships.movements(cursor, audience_id, since=since, until=until)

    def spells(self, audience_id: str, user_id: str, *, most: int) -> tuple[Spell, ...] | None:
        """When a user was in, the latest first; None for an id that was never seen."""
        with closing(self._mart.cursor()) as cursor:
            row = cursor.execute("SELECT user_no FROM user_number WHERE user_id = ?", [user_id]).fetchone()
            return None if row is None else memberships.spells(cursor, audience_id, int(row[0]), most=most)

    def record(self, steps: Sequence[Step]) -> None:
        """Write these in one transaction. Raises ConflictError where somebody was faster."""
        self._mart.record(steps)


def _records(wanted: exp.Select, columns: Sequence[str]) -> exp.Select:
    cells = [column("user_id", table="n"), *(column(name, table="p", quoted=True) for name in columns)]
    found = select(*cells).from_(exp.to_table(USER_NUMBER.name, alias="n"))
    found = found.join(wanted.subquery("w"), on="w.user_no = n.user_no")
    if columns:
        holds = "p.user_no = n.user_no AND p.valid_from <= $as_of AND (p.valid_to IS NULL OR p.valid_to > $as_of)"
        profile = exp.to_table(USER_PROFILE.name, alias="p")
        found = found.join(profile, on=holds, join_type="left", dialect=DIALECT)
    # Numbers were given in order, so a stretch of them is a stretch of the table.
    return found.where("n.user_no BETWEEN $low AND $high", dialect=DIALECT).order_by("n.user_no")
