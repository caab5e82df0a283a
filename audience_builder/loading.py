"""Data put into the mart by hand: one load at a time, noted in the trail, over when counts speak of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from audience_builder import clock
from audience_builder.access import Permission, Principal, require
from audience_builder.access.row_seal import RowSeal
from audience_builder.api import Progress, SampleWish
from audience_builder.errors import BusyError
from audience_builder.keeper import IndexKeeper
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.store import Outcome, Store

if TYPE_CHECKING:
    from audience_builder.intake import FileReport, ImportReport

_STALE_REJECTS = timedelta(days=30)


def _tidy(rejects: Path) -> None:
    """Remove what an import that was killed left behind, and rejects nobody mended in a month."""
    for left in rejects.glob(".intake-*"):
        shutil.rmtree(left, ignore_errors=True)
    for file in rejects.glob("rejects-*.csv"):
        if clock.now() - datetime.fromtimestamp(file.stat().st_mtime, UTC) > _STALE_REJECTS:
            file.unlink()


class MartLoading:
    """Puts data into the mart, one load at a time, and returns when counts speak of it."""

    def __init__(self, mart: DuckDBMart, store: Store, keeper: IndexKeeper, *, rejects: Path, seal: RowSeal) -> None:
        self._mart = mart
        self._store = store
        self._keeper = keeper
        self._rejects = rejects
        self._seal = seal
        self._loading = Lock()
        _tidy(rejects)

    def sample(self, principal: Principal, wish: SampleWish, progress: Progress) -> Mapping[str, Any]:
        """Generate a sample into an empty mart."""

        def load_sample() -> dict[str, Any]:
            from audience_builder import sample  # only loads need it, and it takes a while to import

            made = sample.generate(
                self._mart,
                users=wish.users,
                days=wish.days,
                seed=wish.seed,
                end=wish.end,
                density=sample.Density(wish.density),
                progress=lambda done, total: progress("sample", done, total),
            )
            spec = made.spec
            named = {"users": spec.users, "days": spec.days, "seed": spec.seed, "end": str(spec.end)}
            return {**named, "density": str(spec.density), "rows": made.rows}

        return self._loaded(principal, "sample", load_sample, progress)

    def import_files(
        self, principal: Principal, map_name: str, files: Sequence[Path], progress: Progress
    ) -> Mapping[str, Any]:
        """Import files by a map; what is repeated changes nothing."""

        def load_files() -> dict[str, Any]:
            from audience_builder import intake

            report = intake.import_files(
                self._mart,
                map_name,
                files,
                rejects_dir=self._rejects,
                seal_row=self._seal.seal,
                progress=lambda told: progress(f"{told.file}: {told.step}", told.done, told.total),
            )
            return {"map": report.map_name, **_said(report), "files": [_file(entry) for entry in report.files]}

        return self._loaded(principal, "import", load_files, progress)

    def rejects(self, principal: Principal, name: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Refused rows of a rejects file behind a line, opened. Raises NotFoundError where there is no such file."""
        require(principal, Permission.LOAD_DATA)
        from audience_builder.intake.rejects import read_rejects

        path = self._rejects / Path(name).name
        with self._store.unit(principal) as unit:
            found = list(read_rejects(path, self._seal.open, after=after, limit=limit))
            unit.audit("rejects.open", "rejects", after=after, rows=len(found))
        return found

    def _loaded(
        self, principal: Principal, action: str, load_it: Callable[[], dict[str, Any]], progress: Progress
    ) -> dict[str, Any]:
        require(principal, Permission.LOAD_DATA)
        if not self._loading.acquire(blocking=False):
            raise BusyError("something else is being loaded", fix="Wait until it is done.")
        try:
            # The mart is another database: the trail says what began before it begins, and then how it ended.
            self._note(principal, f"{action}.begin")
            try:
                found = load_it()
            except Exception as error:
                self._note(principal, action, outcome=Outcome.FAILED, problem=getattr(error, "code", "unexpected"))
                raise
            self._note(principal, action, mart_version=self._mart.version)
            progress("index", 0, 0)
            self._keeper.catch_up()
            return {**found, "mart_version": self._mart.version}
        finally:
            self._loading.release()

    def _note(self, principal: Principal, action: str, *, outcome: Outcome = Outcome.DONE, **detail: object) -> None:
        with self._store.unit(principal) as unit:
            unit.audit(action, "mart", outcome=outcome, **detail)


def _said(report: ImportReport | FileReport) -> dict[str, Any]:
    """What became of the rows."""
    return {
        "read": report.read,
        "applied": report.applied,
        "merged": report.merged,
        "duplicate": report.duplicate,
        "rejected": report.rejected,
        "reasons": {reason.value: count for reason, count in report.reasons.items()},
    }


def _file(report: FileReport) -> dict[str, Any]:
    rejects = None if report.rejects_file is None else str(report.rejects_file)
    extra = {"derived_users": report.derived_users, "already_applied": report.already_applied, "rejects": rejects}
    return {"file": report.file, **_said(report), "users": report.users, **extra}
