"""An import from end to end: look at every file, read, check, write the rejects, and apply each file in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol, cast

import duckdb
import numpy as np
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder import clock
from audience_builder.errors import AudienceBuilderError, ConflictError, InputError
from audience_builder.intake import bookings, events, users
from audience_builder.intake.checked import Asked
from audience_builder.intake.map_file import ImportMap, load_map
from audience_builder.intake.map_text import MapText
from audience_builder.intake.raw import givens, read_rows, refuse_headless
from audience_builder.intake.reason import Reason, split
from audience_builder.intake.rejects import rejects_name, write_rejects
from audience_builder.intake.report import FileReport, ImportReport
from audience_builder.intake.source import Source, open_source
from audience_builder.intake.stage import Stage, staged
from audience_builder.intake.target import BOOKING_MOMENTS, Kind
from audience_builder.intake.tree import STAGE, call, col, is_said
from audience_builder.intake.values import Given
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING
from audience_builder.mart.transaction import DeadLetter, Transaction

Step = Literal["looking", "reading", "checking", "writing"]
_AT_ONCE = 100_000


class Mart(Protocol):
    """What an import needs of the mart: a cursor to read with, and a transaction to write in."""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new cursor that sees whole batches only."""
        ...

    def transaction(self, source: str, key: str) -> AbstractContextManager[Transaction]:
        """One batch: everything in it, or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is: bytes of a step, or rows (`checking`, `writing`)."""

    file: str
    step: Step
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One file on its way into the mart."""

    mart: Mart
    found: ImportMap
    source: Source
    asked: Asked
    key: str
    rejects: Path
    seal: Callable[[int, str], str]
    together: frozenset[str]
    tell: Callable[[Step, int, int], None]


SealRow = Callable[[str, int, str], str]
"""Makes a refused row unreadable for others: given the key of its file, its line and what stands there."""


def _left_out(file: str, line: int, row: str) -> str:
    """Nothing of a refused row is kept but its line and the reason."""
    return ""


def import_files(  # noqa: PLR0913  (all but three are options said by name)
    mart: Mart,
    map_name_or_path: str | Path,
    files: Sequence[str | Path],
    *,
    rejects_dir: Path,
    seal_row: SealRow = _left_out,
    progress: ProgressCallback | None = None,
    now: datetime | None = None,
) -> ImportReport:
    """Import files into the mart as a map says; a file imported before changes nothing.

    Every file is looked at before the first is applied; each is then applied as a whole or not at all. Rows that cannot
    be used stand in `rejects_dir`, one file a source, with what stood there sealed by `seal_row` (without it: left out).
    `now` (UTC) is the moment of the import. Raises InputError for a map or file that cannot be used.
    """
    found, written = load_map(map_name_or_path)
    if not files:
        raise InputError("no file is named", fix="Name one or more files after the map.")
    _make(rejects_dir)
    moment = (now or clock.now()).astimezone(UTC)
    tell = progress or _silent
    with closing(mart.cursor()) as cursor:
        sources = [_looked_at(Path(file), found, written, cursor, tell) for file in files]
        together = frozenset(_key(source, found)[:12] for source, _ in sources)
        reports: list[FileReport] = []
        for source, asked_for in sources:
            job = _Job(
                mart=mart, found=found, source=source, asked=Asked(found, asked_for, moment), key=_key(source, found),
                rejects=rejects_dir, seal=_sealing(seal_row, _key(source, found)[:12]), together=together,
                tell=_telling(tell, source.name),
            )  # fmt: skip
            with _saying_what_was_done(reports):
                reports.append(_imported(job, cursor))
    return ImportReport(map_name=found.name, files=tuple(reports))


def _silent(_: Progress) -> None:
    """Nobody wants to know."""


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise InputError(f"rejects cannot be written to {folder}", fix="Check the path and its rights.") from problem


def _sealing(seal_row: SealRow, file: str) -> Callable[[int, str], str]:
    return lambda line, row: seal_row(file, line, row)


def _telling(tell: ProgressCallback, file: str) -> Callable[[Step, int, int], None]:
    return lambda step, done, total: tell(Progress(file, step, done, total))


def _looked_at(
    path: Path, found: ImportMap, written: MapText, cursor: duckdb.DuckDBPyConnection, tell: ProgressCallback
) -> tuple[Source, tuple[Given, ...]]:
    source = open_source(path, found, cursor, lambda done, total: tell(Progress(path.name, "looking", done, total)))
    refuse_headless(source, found)
    return source, givens(source, found, written)


def _key(source: Source, found: ImportMap) -> str:
    return hashlib.sha256((source.digest + found.digest()).encode()).hexdigest()


@contextmanager
def _saying_what_was_done(reports: list[FileReport]) -> Generator[None]:
    """Add to an error that the files before it are in the mart already."""
    try:
        yield
    except AudienceBuilderError as problem:
        if reports:
            done = ", ".join(report.file for report in reports)
            problem.message += f" (imported before it: {done}; importing those again changes nothing)"
            problem.args = (problem.message,)
        raise


# --- one file -------------------------------------------------------------------------------------------------------------

_STAGING: dict[Kind, Callable[[Stage, Asked], None]] = {
    "users": users.stage_users,
    "bookings": bookings.stage_bookings,
    "events": events.stage_events,
}


def _imported(job: _Job, cursor: duckdb.DuckDBPyConnection) -> FileReport:
    already = select("1").from_("applied_batch").where(col("key").eq(exp.Literal.string(job.key)))
    with staged(cursor, job.rejects) as stage:
        if stage.run(already):
            return FileReport(file=job.source.name, key=job.key, already_applied=True)
        mapped = frozenset(given.position for given in job.asked.givens if given.position is not None)
        read_rows(stage, job.source, mapped, job.seal, lambda done, total: job.tell("reading", done, total))
        (read,) = cast("tuple[int]", stage.one(select("count(*)").from_(exp.to_table("raw", db=STAGE))))
        job.tell("checking", 0, read)
        _STAGING[job.found.kind](stage, job.asked)
        source = _source_name(stage, job)
        job.tell("checking", read, read)
        target = job.rejects / rejects_name(job.source, job.key)
        refused = write_rejects(stage, job.asked, job.source, target, job.seal)
        try:
            return _applied(stage, job, source, read, target if refused else None)
        except BaseException:
            if refused:
                target.unlink(missing_ok=True)
            raise


def _source_name(stage: Stage, job: _Job) -> str:
    """How the batch is noted in the mart. Raises InputError for events of days told before."""
    days = events.days_of(stage) if job.found.kind == "events" else None
    if days is None:
        return ":".join(("import", job.found.kind, job.key[:12]))
    digest = job.source.digest
    events.refuse_told_twice(stage, job.asked, file=job.source.name, days=days, digest=digest, together=job.together)
    return events.source_of(job.asked, *days, digest=digest, key=job.key)


def _applied(stage: Stage, job: _Job, source: str, read: int, rejects: Path | None) -> FileReport:
    counts = _Counts.of(stage, read, rejects)
    derives = job.found.derive_users
    if derives:
        stage.make("first_seen", bookings.first_seen())
    if not counts.rows and not (derives and _lacks_profiles(stage)):
        return counts.report(job, derived=0)
    with job.mart.transaction(source, job.key) as tx:
        if tx.already_applied:
            return FileReport(file=job.source.name, key=job.key, already_applied=True)
        _number_users(stage, tx)
        written = _written(stage, job.found.kind, tx)
        if written != counts.rows:
            raise ConflictError(
                "somebody in the file was erased while it was read; nothing was kept", fix="Import it again."
            )
        derived = tx.profiles_from(stage.bound_tree(users.derived_query())) if derives else 0
        for letters in _dead_letters(stage):
            tx.dead(letters)
        _tell_time(stage, job.found.kind, tx)
        job.tell("writing", written, counts.rows)
        return counts.report(job, derived=derived)


@dataclass(frozen=True, slots=True)
class _Counts:
    """The rows of a file, counted where they ended."""

    read: int
    rows: int
    applied: int
    used: int
    known: int
    superseded: int
    users: int
    reasons: dict[Reason, int]
    rejects: Path | None

    @classmethod
    def of(cls, stage: Stage, read: int, rejects: Path | None) -> _Counts:
        """Counted in `checked`, `line` and `made` separately, so that a row lost on the way shows."""
        rows, applied, used, known, people = cast("tuple[int, ...]", stage.run_named("count_made")[0])
        (superseded,) = cast("tuple[int]", stage.run_named("count_superseded")[0])
        reasons: dict[Reason, int] = {}
        for mark, count in cast("list[tuple[str, int]]", stage.run_named("count_reasons")):
            reason, _ = split(mark)
            reasons[reason] = reasons.get(reason, 0) + count
        return cls(read, rows, applied, used, known, superseded, people, reasons, rejects)

    def report(self, job: _Job, *, derived: int) -> FileReport:
        """The report; raises EngineError where the counts do not add up."""
        return FileReport(
            file=job.source.name, key=job.key, read=self.read, applied=self.applied, merged=self.used - self.applied,
            duplicate=self.known + self.superseded, rejected=sum(self.reasons.values()), reasons=self.reasons,
            users=self.users, derived_users=derived, rejects_file=self.rejects,
        )  # fmt: skip


# --- into the mart --------------------------------------------------------------------------------------------------------


def _number_users(stage: Stage, tx: Transaction) -> None:
    """Give every user of the file a number, in the order of their ids."""
    ids = select(col("user_id")).distinct().from_(exp.to_table("made", db=STAGE)).order_by(col("user_id"))
    for chunk in stage.in_chunks(ids, _AT_ONCE):
        tx.numbers(np.array([row[0] for row in chunk], dtype=object))


def _written(stage: Stage, kind: Kind, tx: Transaction) -> int:
    if kind == "users":
        return tx.profiles_from(stage.bound_tree(users.profiles_query()))
    table = BOOKING if kind == "bookings" else BEHAVIOR_DAILY
    columns = [col(name, "u" if name == "user_no" else "m") for name in table.column_names()]
    made, numbers = exp.to_table("made", db=STAGE, alias="m"), exp.to_table("user_number", alias="u")
    query = (
        select(*columns)
        .from_(made)
        .join(numbers, on=col("user_id", "u").eq(col("user_id", "m")))
        .where(col("fresh", "m"))
    )
    return tx.append_from(table.name, stage.bound_tree(query))


def _lacks_profiles(stage: Stage) -> bool:
    return bool(stage.run_named("find_without_profile"))


def _dead_letters(stage: Stage) -> Iterator[list[DeadLetter]]:
    refused = (
        select(col("line"), col("problem")).from_(exp.to_table("checked", db=STAGE)).where(is_said(col("problem")))
    )
    for chunk in stage.in_chunks(refused.order_by(col("line")), _AT_ONCE):
        yield [DeadLetter(int(cast(int, line)), str(mark)) for line, mark in chunk]


_MOMENTS: dict[Kind, tuple[str, ...]] = {"users": (), "bookings": BOOKING_MOMENTS, "events": ("last_at",)}


def _tell_time(stage: Stage, kind: Kind, tx: Transaction) -> None:
    """Tell the mart the latest moment in the file."""
    if not _MOMENTS[kind]:
        return
    latest = call(
        "max",
        call("greatest", *(col(name) for name in _MOMENTS[kind]), *([exp.null()] if len(_MOMENTS[kind]) == 1 else [])),
    )
    (seen,) = stage.one(select(latest).from_(exp.to_table("made", db=STAGE)))
    if isinstance(seen, datetime):
        tx.seen(seen.replace(tzinfo=UTC))
