"""What an import did with every row: applied, merged, known already, or refused, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audience_builder.errors import EngineError
from audience_builder.intake.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """One file. `read` = `applied` + `merged` + `duplicate` + `rejected`, always; a report that does not add up is an EngineError.

    `applied` = rows the mart has now and did not have; `merged` = further rows of those orders, or events summed into them;
    `duplicate` = rows that say what the mart (or a later row of the file) says already, or an older state of it.
    """

    file: str
    key: str
    read: int = 0
    applied: int = 0
    merged: int = 0
    duplicate: int = 0
    rejected: int = 0
    reasons: Mapping[Reason, int] = field(default_factory=dict[Reason, int])
    users: int = 0
    derived_users: int = 0
    already_applied: bool = False
    rejects_file: Path | None = None

    def __post_init__(self) -> None:
        if self.read != self.applied + self.merged + self.duplicate + self.rejected or self.rejected != sum(
            self.reasons.values()
        ):
            raise EngineError(
                f"{self.file}: {self.read} rows were read, but {self.applied} applied, {self.merged} merged, "
                f"{self.duplicate} known and {self.rejected} refused: nothing of it was kept",
                fix="This is an error of the product: report it with the file.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """All files of one import, and their sums."""

    map_name: str
    files: tuple[FileReport, ...]

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(entry.read for entry in self.files)

    @property
    def applied(self) -> int:
        """Rows the mart has now and did not have."""
        return sum(entry.applied for entry in self.files)

    @property
    def merged(self) -> int:
        """Further rows of those orders, or events summed into them."""
        return sum(entry.merged for entry in self.files)

    @property
    def duplicate(self) -> int:
        """Rows that said nothing new."""
        return sum(entry.duplicate for entry in self.files)

    @property
    def rejected(self) -> int:
        """Rows refused."""
        return sum(entry.rejected for entry in self.files)

    @property
    def reasons(self) -> dict[Reason, int]:
        """How many rows were refused for what."""
        return dict(sum((Counter(entry.reasons) for entry in self.files), Counter[Reason]()))
