"""Whoever is asking."""

from __future__ import annotations

from dataclasses import dataclass

from audience_builder.access.permission import GRANTS, Permission, Role
from audience_builder.errors import DeniedError


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or machine that asks, and the roles they have. Never a traveller in the data: that is a user."""

    id: str
    name: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles grants it."""
        return any(permission in GRANTS[role] for role in self.roles)


def require(principal: Principal, permission: Permission) -> None:
    """Raise DeniedError unless the principal has a role that grants the permission."""
    if principal.may(permission):
        return
    roles = ", ".join(sorted(role for role, granted in GRANTS.items() if permission in granted))
    raise DeniedError(f"{principal.name} may not {_SAYS[permission]}", fix=f"This needs one of the roles {roles}.")


_SAYS: dict[Permission, str] = {
    Permission.OPEN: "look around",
    Permission.SEE_AUDIENCES: "see saved audiences",
    Permission.BUILD_RULES: "build and count rules",
    Permission.SEE_EXACT: "see exact numbers",
    Permission.EXPLORE_RULES: "explore a rule by many numbers at once",
    Permission.SEE_MEMBERS: "see members",
    Permission.UNMASK: "see a record in clear",
    Permission.REQUEST_EXPORT: "request an export",
    Permission.APPROVE: "approve what others request",
    Permission.ADMINISTER: "administer destinations, secrets and roles",
    Permission.LOAD_DATA: "load data",
    Permission.OVERSEE: "oversee the audit trail",
    Permission.RUN_JOB: "run approved jobs",
}
