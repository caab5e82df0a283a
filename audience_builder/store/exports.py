"""Export jobs in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from audience_builder.errors import NotFoundError
from audience_builder.store.rows import ExportJob, ExportState
from audience_builder.store.tables import EXPORT_JOB


class SqlExports:
    """The table `export_job`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, job: ExportJob) -> None:
        """Keep a new job, or its new state."""
        columns = {**asdict(job), "columns": list(job.columns)}
        changed = self._connection.execute(update(EXPORT_JOB).where(EXPORT_JOB.c.id == job.id).values(**columns))
        if changed.rowcount == 0:
            self._connection.execute(insert(EXPORT_JOB).values(**columns))

    def named(self, job_id: str) -> ExportJob:
        """The job of that id."""
        row = self._connection.execute(select(EXPORT_JOB).where(EXPORT_JOB.c.id == job_id)).mappings().first()
        if row is None:
            raise NotFoundError(f"there is no export {job_id!r:.80}", fix="List the exports to see their ids.")
        return _job(row)

    def all(self) -> list[ExportJob]:
        """Every job, newest first."""
        query = select(EXPORT_JOB).order_by(EXPORT_JOB.c.requested_at.desc(), EXPORT_JOB.c.id)
        return [_job(row) for row in self._connection.execute(query).mappings()]


def _job(row: RowMapping) -> ExportJob:
    words: dict[str, Any] = {str(key): value for key, value in row.items()}
    words["columns"], words["state"] = tuple(words["columns"]), ExportState(words["state"])
    return ExportJob(**words)
