"""Runs approved exports one after the other, and keeps what they wrote, sealed, for a day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event
from typing import cast

import orjson
from pyroaring import BitMap

from audience_builder.access import Permission, Principal, Role, require
from audience_builder.audience.columns import has_contacts
from audience_builder.audience.export_files import ExportFiles
from audience_builder.audience.export_rows import ExportRows
from audience_builder.audience.files import Written
from audience_builder.audience.formats import FORMATS, Cells
from audience_builder.engine.port import Engine
from audience_builder.errors import (
    AudienceBuilderError,
    BusyError,
    ConflictError,
    DeniedError,
    LimitError,
)
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from audience_builder.store import ExportJob, ExportState, Note, Outcome, Store
from audience_builder.store.user_sets import bitmap_of

POLICY = "policy:pseudonymous-columns"
"""Who approved where nobody had to: every column of the export is pseudonymous."""

RUNNER = Principal("service:exports", "the export runner", frozenset({Role.SERVICE}))
"""Who runs approved jobs."""

KEPT_FOR = timedelta(hours=24)
"""How long a finished file stays."""

_ATTEMPTS = 3
_LOOK_SECONDS = 0.5
_WITHDRAW_SECONDS = 60


DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLimits:
    """How short a list may be, and how many users one person may export within 24 hours."""

    least: int = 10
    rows_a_day: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of an export are written, of how many."""

    written: int
    rows: int


def rows_of(jobs: Iterable[ExportJob], principal: str, *, since: datetime) -> int:
    """How many users somebody's exports that ended since then have; those that failed have none."""
    theirs = (job for job in jobs if job.principal == principal and job.count is not None)
    return sum(job.count or 0 for job in theirs if job.finished_at is not None and job.finished_at >= since)


def fingerprint(job: ExportJob) -> str:
    """What an approval is for: whom, what of them, when, in which form, for whom and why."""
    words = [job.rule_hash, list(job.columns), job.format, job.with_bom, job.purpose, job.as_of, job.principal]
    return hashlib.sha256(orjson.dumps(words)).hexdigest()


class ExportRunner:
    """Turns approved jobs into sealed files in `folder`: whole, or not there at all."""

    def __init__(
        self,
        *,
        engine: Engine,
        rows: ExportRows,
        store: Store,
        files: ExportFiles,
        now: Callable[[], datetime],
        limits: ExportLimits,
    ) -> None:
        self._limits = limits
        self._engine = engine
        self._rows = rows
        self._files = files
        self._store = store
        self._now = now
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="export")
        self._closing = Event()
        self._running: dict[str, Future[None]] = {}
        self._progress: dict[str, Progress] = {}

    def start(self, job: ExportJob) -> None:
        """Run the job as soon as those before it are done."""
        ending = self._running[job.id] = self._worker.submit(self._run, job.id)
        ending.add_done_callback(lambda _: self._running.pop(job.id, None))

    def ending(self, job_id: str) -> Future[None] | None:
        """Done when the job has ended; None for one that is not on its way."""
        return self._running.get(job_id)

    def progress(self, job_id: str) -> Progress | None:
        """How far a job is that is being written now; None for any other."""
        return self._progress.get(job_id)

    def recover(self) -> None:
        """After a start: end what was running when the process died, start what was approved, remove what is left over."""
        self._files.tidy()
        with self._store.unit(RUNNER) as unit:
            jobs = unit.exports.all()
        for job in jobs:
            if job.state is ExportState.RUNNING:
                self._files.remove(job)
                self._end(job, ExportState.FAILED, problem="the process ended while it ran")
            elif job.state is ExportState.APPROVED:
                self.start(job)
        self.expire()

    def expire(self) -> None:
        """Remove the files of jobs that finished more than a day ago."""
        before = self._now() - KEPT_FOR
        with self._store.unit(RUNNER) as unit:
            for job in unit.exports.all():
                if job.state is ExportState.DONE and job.finished_at is not None and job.finished_at < before:
                    self._files.remove(job)
                    unit.exports.put(replace(job, state=ExportState.EXPIRED))
                    unit.audit("export.expired", job.id)

    def withdraw(self, user: int) -> int:
        """Remove the files of exports that name a user (by number), who was erased. Returns how many there were."""
        # What is being written may have read the user before: it is waited for, and then found as the others are.
        wait([*self._running.values()], timeout=_WITHDRAW_SECONDS)
        with self._store.unit(RUNNER) as unit:
            named = {entry.object for entry in unit.seen.of_user(user) if entry.action == f"export.{ExportState.DONE}"}
            jobs = [job for job in unit.exports.all() if job.id in named and job.state is ExportState.DONE]
            for job in jobs:
                self._files.remove(job)
                unit.exports.put(replace(job, state=ExportState.EXPIRED, problem="somebody in it was erased"))
                unit.audit("export.withdraw", job.id)
        return len(jobs)

    def close(self) -> None:
        """Finish the job that runs; those not begun stay approved and run after the next start."""
        self._closing.set()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _run(self, job_id: str) -> None:
        require(RUNNER, Permission.RUN_JOB)
        if not self._can_count(job_id):
            return
        job = self._taken(job_id)
        try:
            self._write(job)
        except AudienceBuilderError as error:
            self._end(job, ExportState.FAILED, problem=error.message)
        except BaseException as error:
            self._end(job, ExportState.FAILED, problem=f"unexpected: {type(error).__name__}")
            raise
        finally:
            self._progress.pop(job_id, None)

    def _can_count(self, job_id: str) -> bool:
        """True as soon as the engine counts, which it does not while the first index is built; False when closing before."""
        with self._store.unit(RUNNER) as unit:
            job = unit.exports.named(job_id)
        while not self._closing.is_set():
            try:
                self._engine.count(parse_rule(job.rule), as_of=cast(datetime, job.as_of))
            except BusyError:
                self._closing.wait(_LOOK_SECONDS)
            except AudienceBuilderError:
                return True  # for the run to fail with
            else:
                return True
        return False

    def _taken(self, job_id: str) -> ExportJob:
        with self._store.unit(RUNNER) as unit:
            job = unit.exports.named(job_id)
            if job.state is not ExportState.APPROVED or job.approved_for != fingerprint(job):
                raise ConflictError("what was approved is not what would run", fix="Request it anew.")
            if has_contacts(job.columns) and job.approved_by in (None, POLICY, job.principal):
                raise DeniedError("contacts are exported only when somebody else approved it", fix="Request it anew.")
            job = replace(job, state=ExportState.RUNNING)
            unit.exports.put(job)
            unit.audit("export.run", job.id, approved_for=job.approved_for)
            return job

    def _write(self, job: ExportJob) -> None:
        """Write the file; where the data changed between counting and writing, write it again."""
        rule, as_of = parse_rule(job.rule), cast(datetime, job.as_of)
        for _ in range(_ATTEMPTS):
            count = self._engine.count(rule, as_of=as_of)
            self._require_allowed(job, count.total)
            self._progress[job.id] = Progress(0, count.total)
            written, rows, users = self._write_file(job, rule)
            if rows == count.total == len(users):
                self._finish(job, written, users, count.mart_version)
                return
            self._files.remove(job)
        raise BusyError("the data kept changing while the export was written", fix="Request it again.")

    def _require_allowed(self, job: ExportJob, rows: int) -> None:
        """Raise where the list is too short to hide anybody in, or longer than who asked may still export today."""
        if 0 < rows < self._limits.least:
            raise DeniedError(f"an export has at least {self._limits.least} users", fix="Widen the rule.")
        with self._store.unit(RUNNER) as unit:
            used = rows_of(unit.exports.all(), job.principal, since=self._now() - DAY)
        if used + rows > self._limits.rows_a_day:
            raise LimitError(
                f"{rows:,} users are more than {job.principal} may still export today "
                f"({max(self._limits.rows_a_day - used, 0):,} of {self._limits.rows_a_day:,})",
                fix="Export fewer, or tomorrow.",
            )

    def _finish(self, job: ExportJob, written: Written, users: BitMap, mart_version: int) -> None:
        """The job is done once the trail has it, with everybody in it; otherwise there is no file."""
        found = {"size_bytes": written.size_bytes, "digest": written.digest, "mart_version": mart_version}
        try:
            self._end(job, ExportState.DONE, users=users, count=len(users), **found)
        except BaseException:
            self._files.remove(job)
            raise

    def _write_file(self, job: ExportJob, rule: Rule) -> tuple[Written, int, BitMap]:
        rows, users = 0, BitMap()

        def blocks() -> Iterator[Sequence[Cells]]:
            nonlocal rows
            for block in self._blocks(job, rule, users):
                yield block
                rows += len(block)
                self._progress[job.id] = replace(self._progress[job.id], written=rows)

        write, _ = FORMATS[job.format]
        return self._files.write(job, write(job.columns, blocks(), with_bom=job.with_bom)), rows, users

    def _blocks(self, job: ExportJob, rule: Rule, users: BitMap) -> Iterator[Sequence[Cells]]:
        as_of = cast(datetime, job.as_of)
        for numbers in self._engine.members(rule, as_of=as_of):
            users |= bitmap_of(numbers)
            yield self._rows.of(RUNNER, numbers, job.columns, as_of)

    def _end(self, job: ExportJob, state: ExportState, *, users: BitMap | None = None, **found: object) -> None:
        ended = replace(job, state=state, finished_at=self._now(), **found)  # pyright: ignore[reportArgumentType]
        outcome = Outcome.DONE if state is ExportState.DONE else Outcome.FAILED
        with self._store.unit(RUNNER) as unit:
            unit.exports.put(ended)
            detail = {**found, "requested_by": job.principal, "columns": list(job.columns)}
            unit.note(Note(action=f"export.{state}", subject=job.id, outcome=outcome, detail=detail, users=users))
