"""Any file of users, bookings or events, read through a map and written into the mart: each row applied or refused by name."""

from __future__ import annotations

from audience_builder.intake.importing import Progress, ProgressCallback, import_files
from audience_builder.intake.map_file import load_map, shipped_maps
from audience_builder.intake.reason import Reason
from audience_builder.intake.report import FileReport, ImportReport

__all__ = [
    "FileReport",
    "ImportReport",
    "Progress",
    "ProgressCallback",
    "Reason",
    "import_files",
    "load_map",
    "shipped_maps",
]
