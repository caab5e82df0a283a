"""The files of exports: sealed where they lie, each opening as nothing but its own export's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from audience_builder.access.cipher import not_ours
from audience_builder.access.file_seal import FileSeal
from audience_builder.audience.files import Tally, Written, read_chunks, write_whole
from audience_builder.errors import NotFoundError
from audience_builder.store import ExportJob

SEALED = ".sealed"
"""What the file of an export ends with."""


class ExportFiles:
    """One sealed file a finished job, in one folder: whole, or not there at all."""

    def __init__(self, folder: Path, seal: FileSeal) -> None:
        self._folder = folder
        self._seal = seal

    def path(self, job: ExportJob) -> Path:
        """Where the job's file is, once it is done."""
        return self._folder / f"{job.id}.{job.format}{SEALED}"

    def write(self, job: ExportJob, plain: Iterable[bytes]) -> Written:
        """Seal the bytes as they come. What is told of them is of the plain ones, as they will be fetched."""
        tally = Tally()
        write_whole(self.path(job), self._seal.seal(tally.of(plain), "export", job.id))
        return tally.written

    def opened(self, job: ExportJob) -> Iterator[bytes]:
        """What was written, opened as it is read; before anything of it is told it is proven to be whole.

        Raises NotFoundError where there is no file, SealedError where it is not as it was written.
        """
        if not self.path(job).exists():
            raise NotFoundError("the file of this export is gone", fix="Request it again.")
        tally = Tally()
        for _ in tally.of(self._plain(job)):
            pass
        if tally.written.digest != job.digest:
            raise not_ours()
        return self._plain(job)

    def remove(self, job: ExportJob) -> None:
        """There is no file of this job any more."""
        self.path(job).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove halves of files, and whatever lies there unsealed."""
        for file in self._folder.glob("*"):
            if not file.name.endswith(SEALED):
                file.unlink()

    def _plain(self, job: ExportJob) -> Iterator[bytes]:
        return self._seal.open(read_chunks(self.path(job)), "export", job.id)
