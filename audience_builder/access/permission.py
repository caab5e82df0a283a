"""Roles, permissions, and the one table that joins them. What is not in the table is denied."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for. A principal may have several."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    MARKETER = "marketer"
    APPROVER = "approver"
    ADMIN = "admin"
    DPO = "dpo"
    SERVICE = "service"


class Permission(StrEnum):
    """What may be done. Every endpoint declares exactly one."""

    OPEN = "open"  # for everybody, also before signing in: whether it is alive, and the way in
    SIGNED_IN = "signed_in"  # nothing about anybody but oneself: the catalog, the page, one's own sessions
    OWN_TOKENS = "own_tokens"  # tokens in one's own name
    SEE_AUDIENCES = "see_audiences"  # saved audiences and their counts
    BUILD_RULES = "build_rules"  # count and save rules of one's own
    SEE_EXACT = "see_exact"  # exact numbers from ten up; without it numbers are guarded at fifty
    EXPLORE_RULES = "explore_rules"  # live facets, and what else tells many numbers at once
    SEE_MEMBERS = "see_members"  # pseudonymous members, and why one is in
    UNMASK = "unmask"  # one record in clear, with a reason
    REQUEST_EXPORT = "request_export"  # exports, launches and syncs
    EXPORT_CONTACTS = "export_contacts"  # exports with names, e-mail addresses or phone numbers
    DOWNLOAD_EXPORT = "download_export"  # the file of an export of one's own
    APPROVE = "approve"  # what somebody else requested
    APPROVE_CONTACTS = "approve_contacts"  # exports with contacts that somebody else requested
    SEE_ACCOUNTS = "see_accounts"  # who may sign in, and as what
    ADMINISTER = "administer"  # destinations, secrets, users and roles
    LOAD_DATA = "load_data"  # imports and samples: puts data in, sees none
    SEND_EVENTS = "send_events"  # events of travellers as they happen: puts data in, sees none
    OVERSEE = "oversee"  # the audit trail
    ERASE = "erase"  # erasure, freezing, shredding of keys
    RUN_JOB = "run_job"  # jobs that were approved


_EVERYBODY = frozenset({Permission.OPEN, Permission.SIGNED_IN, Permission.OWN_TOKENS})

FRESH = frozenset(
    {
        Permission.OWN_TOKENS,
        Permission.REQUEST_EXPORT,
        Permission.EXPORT_CONTACTS,
        Permission.DOWNLOAD_EXPORT,
        Permission.APPROVE,
        Permission.APPROVE_CONTACTS,
        Permission.UNMASK,
        Permission.ADMINISTER,
        Permission.ERASE,
    }
)
"""What asks a person to have proven lately who they are, and not only to have a session."""

INSIDE = frozenset({Permission.DOWNLOAD_EXPORT, Permission.EXPORT_CONTACTS, Permission.UNMASK})
"""What can be bound to the networks of the house."""

PERSONAL = frozenset(
    {
        Permission.OWN_TOKENS,
        Permission.EXPORT_CONTACTS,
        Permission.APPROVE,
        Permission.APPROVE_CONTACTS,
        Permission.UNMASK,
        Permission.ADMINISTER,
        Permission.ERASE,
    }
)
"""What no token is given: a person must be there."""

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _EVERYBODY | {Permission.SEE_AUDIENCES},
    Role.ANALYST: _EVERYBODY | {Permission.SEE_AUDIENCES, Permission.BUILD_RULES},
    Role.MARKETER: _EVERYBODY
    | {
        Permission.SEE_AUDIENCES,
        Permission.SEE_EXACT,
        Permission.BUILD_RULES,
        Permission.EXPLORE_RULES,
        Permission.SEE_MEMBERS,
        Permission.REQUEST_EXPORT,
        Permission.EXPORT_CONTACTS,
        Permission.DOWNLOAD_EXPORT,
    },
    Role.APPROVER: _EVERYBODY
    | {Permission.SEE_AUDIENCES, Permission.SEE_EXACT, Permission.SEE_MEMBERS, Permission.APPROVE},
    Role.ADMIN: _EVERYBODY
    | {Permission.SEE_ACCOUNTS, Permission.ADMINISTER, Permission.LOAD_DATA, Permission.SEND_EVENTS},
    Role.DPO: _EVERYBODY
    | {
        Permission.SEE_AUDIENCES,
        Permission.SEE_EXACT,
        Permission.SEE_MEMBERS,
        Permission.UNMASK,
        Permission.APPROVE,
        Permission.APPROVE_CONTACTS,
        Permission.SEE_ACCOUNTS,
        Permission.OVERSEE,
        Permission.ERASE,
    },
    Role.SERVICE: _EVERYBODY | {Permission.RUN_JOB, Permission.LOAD_DATA, Permission.SEND_EVENTS},
}
"""What each role grants. A principal may do what any of their roles grants."""

APART: tuple[frozenset[Role], ...] = (
    frozenset({Role.DPO, Role.MARKETER}),
    frozenset({Role.DPO, Role.ANALYST}),
    frozenset({Role.DPO, Role.ADMIN}),
    *(frozenset({Role.SERVICE, role}) for role in Role if role is not Role.SERVICE),
)
"""Roles no account has together: who oversees neither builds nor administers, and a machine is nobody."""
