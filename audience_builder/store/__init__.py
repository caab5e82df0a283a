"""Our own database: audiences, export jobs and the audit trail; an effect and its audit row are one transaction."""

from __future__ import annotations

from audience_builder.store.accounts_rows import Account, AccountKind, ApiToken, Session
from audience_builder.store.port import Audiences, AuditTrail, ExportJobs, Seen, Store, UnauditedError, Unit
from audience_builder.store.rows import Audience, AuditEntry, ExportJob, ExportState, Note, Outcome, UserSet, Version
from audience_builder.store.witness import Sighting, Witness

__all__ = [
    "Account",
    "AccountKind",
    "ApiToken",
    "Audience",
    "Audiences",
    "AuditEntry",
    "AuditTrail",
    "ExportJob",
    "ExportJobs",
    "ExportState",
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
