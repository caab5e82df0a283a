"""What each endpoint demands of who asks. An endpoint without a declared permission fails the build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from audience_builder.access import Permission, Principal, require
from audience_builder.api.who import LOCAL, NOBODY, PRINCIPAL, app_of, require_own_page, who
from audience_builder.errors import DeniedError, NotSignedInError

__all__ = ["LOCAL", "Permitted", "app_of", "permitted"]


@dataclass(frozen=True)
class Permitted:
    """A dependency that gives the principal, or refuses them. `only_local` also refuses what came by network."""

    permission: Permission
    only_local: bool = False

    async def __call__(self, request: HTTPConnection) -> Principal:
        """The principal of this request. Raises NotSignedInError where nobody is known, and DeniedError."""
        if self.permission is Permission.OPEN:
            return NOBODY
        principal = await who(request)
        if principal is None:
            raise NotSignedInError(
                "you are not signed in, or no longer",
                fix="Sign in at /sign-in, or send a token (Authorization: Bearer ab_…).",
            )
        request.scope[PRINCIPAL] = principal
        require_own_page(request)
        require(principal, self.permission)
        if self.only_local and not request.scope.get(LOCAL, False):
            raise DeniedError(
                "this reads files of the machine, so it is not for the network",
                fix="Use the command line on that machine.",
            )
        return principal


def permitted(permission: Permission, *, only_local: bool = False) -> Any:
    """What an endpoint writes to declare its permission and to get its principal."""
    return Depends(Permitted(permission, only_local))
