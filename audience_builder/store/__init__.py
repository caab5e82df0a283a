"""Our own database: audiences, export jobs and the audit trail; an effect and its audit row are one transaction."""

from __future__ import annotations

from audience_builder.store.accounts_rows import Account, AccountKind, ApiToken, Session
from audience_builder.store.browser_keys import BrowserKey
from audience_builder.store.port import (
    Audiences,
    AudienceShelf,
    AuditTrail,
    ExportJobs,
    Seen,
    Store,
    UnauditedError,
    Unit,
)
from audience_builder.store.rows import (
    Audience,
    AudiencePage,
    AudienceQuery,
    AudienceSize,
    AuditEntry,
    ExportJob,
    ExportState,
    GlossaryWord,
    Note,
    Outcome,
    UserSet,
    Version,
)
from audience_builder.store.witness import Sighting, Witness

__all__ = [
    "Account",
    "AccountKind",
    "ApiToken",
    "Audience",
    "AudiencePage",
    "AudienceQuery",
    "AudienceShelf",
    "AudienceSize",
    "Audiences",
    "AuditEntry",
    "AuditTrail",
    "BrowserKey",
    "ExportJob",
    "ExportJobs",
    "ExportState",
    "GlossaryWord",
    "Note",
    "Outcome",
    "Seen",
    "Session",
    "Sighting",
    "Store",
    "UnauditedError",
    "Unit",
    "UserSet",
    "Version",
    "Witness",
]
