"""Rules put to use: counted, split, explained, saved with a history, and exported as jobs."""

from __future__ import annotations

from audience_builder.audience.columns import COLUMNS, ExportColumn
from audience_builder.audience.exports import Approval, Exports, ExportWish
from audience_builder.audience.port import Travellers
from audience_builder.audience.questions import MembersPage, Questions, Why
from audience_builder.audience.saved import Audiences, Draft, Saved

__all__ = [
    "COLUMNS",
    "Approval",
    "Audiences",
    "Draft",
    "ExportColumn",
    "ExportWish",
    "Exports",
    "MembersPage",
    "Questions",
    "Saved",
    "Travellers",
    "Why",
]
