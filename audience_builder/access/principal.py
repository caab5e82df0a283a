"""Whoever is asking."""

from __future__ import annotations

from dataclasses import dataclass

from audience_builder.access.permission import APART, FRESH, GRANTS, INSIDE, Permission, Role
from audience_builder.errors import DeniedError, InputError, OutsideError, StaleSignInError


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or machine that asks, and the roles they have. Never a traveller in the data: that is a user.

    `scope` narrows what the roles grant (a token's permissions; None = all of it). `is_fresh` says that they proved who they are
    within the last minutes, `is_inside` that they ask from a network of the house. `via` is how they are known (`local`,
    `session:…`, `token:…`) and `address` where from.
    """

    id: str
    name: str
    roles: frozenset[Role]
    scope: frozenset[Permission] | None = None
    is_fresh: bool = True
    is_inside: bool = True
    via: str = "local"
    address: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles grants it, within the scope. What else it takes is said by `require`."""
        if permission is Permission.OPEN:
            return True
        in_scope = self.scope is None or permission in self.scope
        return in_scope and any(permission in GRANTS[role] for role in self.roles)


def require(principal: Principal, permission: Permission) -> None:
    """Raise DeniedError unless a role grants the permission, and the principal is fresh and inside where it takes that."""
    if not principal.may(permission):
        raise DeniedError(f"{principal.name} may not {_SAYS[permission]}", fix=_fix(principal, permission))
    if permission in FRESH and not principal.is_fresh:
        raise StaleSignInError(
            f"to {_SAYS[permission]}, say again who you are", fix="Sign in again (/sign-in?again=1), then repeat this."
        )
    if permission in INSIDE and not principal.is_inside:
        raise OutsideError(
            f"from this network nobody may {_SAYS[permission]}", fix="Do it from a network of the house."
        )


def check_roles(roles: frozenset[Role]) -> None:
    """Raise InputError where an account may not have these roles together."""
    for pair in APART:
        if pair <= roles:
            one, other = sorted(pair)
            raise InputError(f"nobody is both {one} and {other}", fix="Give these roles to two people.")


def _fix(principal: Principal, permission: Permission) -> str:
    roles = sorted(role for role, granted in GRANTS.items() if permission in granted)
    if not frozenset(roles) & principal.roles:
        return f"This needs one of the roles {', '.join(roles)}."
    return f"This token does not carry {permission}."


_SAYS: dict[Permission, str] = {
    Permission.OPEN: "come in",
    Permission.SIGNED_IN: "look around",
    Permission.OWN_TOKENS: "have tokens",
    Permission.SEE_AUDIENCES: "see saved audiences",
    Permission.BUILD_RULES: "build and count rules",
    Permission.SEE_EXACT: "see exact numbers",
    Permission.EXPLORE_RULES: "explore a rule by many numbers at once",
    Permission.SEE_MEMBERS: "see members",
    Permission.UNMASK: "see a record in clear",
    Permission.REQUEST_EXPORT: "request an export",
    Permission.EXPORT_CONTACTS: "export contacts",
    Permission.DOWNLOAD_EXPORT: "have the file of an export",
    Permission.APPROVE: "approve what others request",
    Permission.APPROVE_CONTACTS: "approve exports of contacts",
    Permission.SEE_ACCOUNTS: "see who may sign in",
    Permission.ADMINISTER: "administer destinations, secrets and roles",
    Permission.LOAD_DATA: "load data",
    Permission.SEND_EVENTS: "send events",
    Permission.OVERSEE: "oversee the audit trail",
    Permission.ERASE: "erase anybody",
    Permission.RUN_JOB: "run approved jobs",
}
