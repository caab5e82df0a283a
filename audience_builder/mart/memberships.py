"""Who is in each audience and since when: movements written once, added up by the hour, and read back.

An audience's members are the users of its baseline who have no row of that cause, and those who have an open row. Everything here
happens inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import duckdb
import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from audience_builder.errors import ConflictError
from audience_builder.mart.columns import Array, scanned
from audience_builder.mart.schema import DIALECT, statement
from audience_builder.mart.tables import AUDIENCE_MEMBERSHIP
from audience_builder.store.user_sets import bitmap_of, packed, unpacked

UserNumbers = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint8]


class Cause(StrEnum):
    """Why somebody entered or left an audience (`docs/membership.md` says how each is told)."""

    BASELINE = "baseline"
    BEHAVIOUR = "behaviour"
    PROFILE = "profile"
    CONSENT = "consent"
    ROLL_OFF = "roll_off"
    RANKING = "ranking"
    RULE_CHANGE = "rule_change"
    ERASURE = "erasure"
    UNKNOWN = "unknown"


CAUSES = tuple(Cause)
"""Causes by the code they have in `Step.causes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudiencePlace:
    """How far an audience's membership is recorded: of which rule, mart and moment (in UTC), and how many were in."""

    audience_id: str
    rule_version: int
    mart_version: int
    as_of: datetime
    size: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """What moved in one audience: to where, from where (None = this is its baseline), and who, ascending, each with its cause.

    `is_in` says of each whether it entered; without `since` everybody named did.
    """

    to: AudiencePlace
    since: AudiencePlace | None
    users: UserNumbers
    is_in: npt.NDArray[np.bool_]
    causes: Codes


@dataclass(frozen=True, slots=True)
class Spell:
    """Once in an audience: from when, until when (None = still), why it began and ended. `entered_at` of a baseline is a latest."""

    entered_at: datetime
    exited_at: datetime | None
    cause: Cause
    exited_cause: Cause | None
    rule_version: int


@dataclass(frozen=True, slots=True)
class Movement:
    """How many moved in one hour (its beginning, UTC) for one cause."""

    hour: datetime
    cause: Cause
    entered: int
    exited: int


def upgrade(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the table of an older mart, which holds no rows yet, the column it lacks."""
    known = connection.execute("SELECT name FROM pragma_table_info(?)", [AUDIENCE_MEMBERSHIP.name]).fetchall()
    if ("exited_cause",) not in known:
        connection.execute("ALTER TABLE audience_membership ADD COLUMN exited_cause VARCHAR")


def places(connection: duckdb.DuckDBPyConnection) -> dict[str, AudiencePlace]:
    """How far each audience is recorded, by its id."""
    found = connection.execute(
        "SELECT audience_id, rule_version, mart_version, as_of, size FROM audience_place"
    ).fetchall()
    return {
        row[0]: AudiencePlace(
            audience_id=row[0], rule_version=row[1], mart_version=row[2], as_of=_aware(row[3]), size=row[4]
        )
        for row in found
    }


def record(connection: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> None:
    """Write movements, their sums and how far that is. Of the erased nothing is written.

    Raises ConflictError where an audience is not recorded up to just where its step begins.
    """
    known = places(connection)
    for step in steps:
        if known.get(step.to.audience_id) != step.since:
            raise ConflictError(
                f"the membership of {step.to.audience_id} has moved on", fix="Go on from what the mart says."
            )
    later = [step for step in steps if step.since is not None]
    begun = [step for step in steps if step.since is None]
    cause = {"code": np.arange(len(CAUSES), dtype=np.uint8), "cause": np.array([str(each) for each in CAUSES], object)}
    with scanned(connection, _places_of(steps), "moved_step"), scanned(connection, cause, "moved_cause"):
        _begin(connection, begun)
        _move(connection, later, first=len(begun))
        connection.execute(statement("membership_place").sql(DIALECT))


def _begin(connection: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> None:
    for step in steps:
        users = bitmap_of(step.users)
        at = _naive(step.to.as_of)
        row = [step.to.audience_id, at, step.to.rule_version, len(users), packed(users).content]
        connection.execute("INSERT INTO audience_baseline VALUES (?, ?, ?, ?, ?)", row)
        cell = [step.to.audience_id, at, Cause.BASELINE, len(users)]
        connection.execute("INSERT INTO audience_movement VALUES (?, DATE_TRUNC('hour', ?::TIMESTAMP), ?, ?, 0)", cell)


def _move(connection: duckdb.DuckDBPyConnection, steps: Sequence[Step], *, first: int) -> None:
    sizes = [step.users.size for step in steps]
    if not sum(sizes):
        return
    moved: dict[str, Array] = {
        "step": np.repeat(np.arange(first, first + len(steps), dtype=np.int32), sizes),
        "user_no": np.concatenate([step.users for step in steps]),
        "is_in": np.concatenate([step.is_in for step in steps]),
        "code": np.concatenate([step.causes for step in steps]),
    }
    with scanned(connection, moved, "moved"):
        for name in ("left", "close", "close_baseline", "enter", "sum"):
            connection.execute(statement(f"membership_{name}").sql(DIALECT))
    connection.execute("DROP TABLE left_now")


def _places_of(steps: Sequence[Step]) -> dict[str, Array]:
    """The baselines first, then the others, each in order."""
    to = [step.to for step in sorted(steps, key=lambda step: step.since is not None)]
    return {
        "step": np.arange(len(to), dtype=np.int32),
        "audience_id": np.array([each.audience_id for each in to], object),
        "rule_version": np.array([each.rule_version for each in to], np.int32),
        "mart_version": np.array([each.mart_version for each in to], np.uint64),
        "at": np.array([_naive(each.as_of) for each in to], "datetime64[us]"),
        "size": np.array([each.size for each in to], np.int64),
    }


def inside(connection: duckdb.DuckDBPyConnection, audience_id: str, at: datetime) -> UserNumbers:
    """Who was recorded as in at a moment (ascending), of those not erased since; before recording began nobody."""
    moment, values = _naive(at), {"audience": audience_id, "at": _naive(at)}
    row = connection.execute(
        "SELECT users FROM audience_baseline WHERE audience_id = ? AND began_at <= ?", [audience_id, moment]
    ).fetchone()
    stayed = unpacked(row[0]) if row else BitMap()
    gone = connection.execute(
        "SELECT user_no FROM audience_membership WHERE audience_id = ? AND cause = 'baseline'", [audience_id]
    ).fetchnumpy()["user_no"]
    rows = connection.execute(statement("membership_inside").sql(DIALECT), values).fetchnumpy()["user_no"]
    found = (stayed - bitmap_of(np.asarray(gone, np.uint32))) | bitmap_of(np.asarray(rows, np.uint32))
    return np.array(found.to_array(), np.uint32)


def erased(connection: duckdb.DuckDBPyConnection) -> UserNumbers:
    """The numbers of erased users."""
    query = "SELECT user_no FROM erased_user WHERE user_no IS NOT NULL ORDER BY user_no"
    return np.asarray(connection.execute(query).fetchnumpy()["user_no"]).astype(np.uint32)


def spells(connection: duckdb.DuckDBPyConnection, audience_id: str, user_no: int, *, most: int) -> tuple[Spell, ...]:
    """When a user was in an audience, the latest first; a baseline that still holds is one of them."""
    values = {"audience": audience_id, "user": user_no, "most": most}
    rows = connection.execute(statement("membership_spells").sql(DIALECT), values).fetchall()
    found = [
        Spell(_aware(row[0]), row[1] and _aware(row[1]), Cause(row[2]), row[3] and Cause(row[3]), row[4])
        for row in rows
    ]
    if not found or (found[-1].cause is not Cause.BASELINE and len(found) < most):
        found += _still_from_baseline(connection, audience_id, user_no)
    return tuple(found)


def _still_from_baseline(connection: duckdb.DuckDBPyConnection, audience_id: str, user_no: int) -> list[Spell]:
    row = connection.execute(
        "SELECT began_at, users, rule_version FROM audience_baseline WHERE audience_id = ?", [audience_id]
    ).fetchone()
    if row is None or user_no not in unpacked(row[1]):
        return []
    return [Spell(_aware(row[0]), None, Cause.BASELINE, None, row[2])]


def movements(
    connection: duckdb.DuckDBPyConnection, audience_id: str, *, since: datetime, until: datetime
) -> tuple[Movement, ...]:
    """What moved in the hours that begin from `since` (included) until `until` (not), by hour and cause."""
    values = {"audience": audience_id, "since": _naive(since), "until": _naive(until)}
    rows = connection.execute(statement("membership_movements").sql(DIALECT), values).fetchall()
    return tuple(Movement(_aware(hour), Cause(cause), entered, exited) for hour, cause, entered, exited in rows)


def totals(connection: duckdb.DuckDBPyConnection, audience_id: str) -> tuple[int, int]:
    """How many ever entered and left an audience; a baseline did neither."""
    row = connection.execute(
        "SELECT COALESCE(SUM(entered) FILTER (WHERE cause <> 'baseline'), 0)::BIGINT, COALESCE(SUM(exited), 0)::BIGINT "
        "FROM audience_movement WHERE audience_id = ?",
        [audience_id],
    ).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def began_at(connection: duckdb.DuckDBPyConnection, audience_id: str) -> datetime | None:
    """When recording began; None where it has not."""
    row = connection.execute("SELECT began_at FROM audience_baseline WHERE audience_id = ?", [audience_id]).fetchone()
    return None if row is None else _aware(row[0])


def erase(connection: duckdb.DuckDBPyConnection, user_no: int, *, at: datetime) -> None:
    """Count the user out of every audience, and take the number out of baselines; rows are deleted by who calls."""
    still_in: list[str] = []
    for audience_id, content in connection.execute("SELECT audience_id, users FROM audience_baseline").fetchall():
        users = unpacked(content)
        if user_no not in users:
            continue
        left = connection.execute(
            "SELECT 1 FROM audience_membership WHERE audience_id = ? AND user_no = ? AND cause = 'baseline'",
            [audience_id, user_no],
        ).fetchone()
        if left is None:
            still_in.append(audience_id)
        users.discard(user_no)
        values = [packed(users).content, audience_id]
        connection.execute("UPDATE audience_baseline SET users = ? WHERE audience_id = ?", values)
    values = {"of": still_in, "user": user_no, "at": at}
    connection.execute(statement("membership_erased").sql(DIALECT), values)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
