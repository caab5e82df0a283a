"""Rules put to use: counted, split, explained, saved with a history, and exported as jobs."""

from __future__ import annotations

from audience_builder.audience.answers import MembersPage, Why
from audience_builder.audience.asking import Asking
from audience_builder.audience.columns import COLUMNS, ExportColumn
from audience_builder.audience.exports import Approval, Exports, ExportWish
from audience_builder.audience.guard import Limits, Number, ShownCount, ShownFacet, ShownLine, ShownSizes
from audience_builder.audience.overseeing import Overseeing
from audience_builder.audience.port import Travellers
from audience_builder.audience.questions import Questions
from audience_builder.audience.recorded import Recorded
from audience_builder.audience.saved import Audiences, Draft, Saved, Wish

__all__ = [
    "COLUMNS",
    "Approval",
    "Asking",
    "Audiences",
    "Draft",
    "ExportColumn",
    "ExportWish",
    "Exports",
    "Limits",
    "MembersPage",
    "Number",
    "Overseeing",
    "Questions",
    "Recorded",
    "Saved",
    "ShownCount",
    "ShownFacet",
    "ShownLine",
    "ShownSizes",
    "Travellers",
    "Why",
    "Wish",
]
