"""Who asks, and what each endpoint demands of them. An endpoint without a declared permission fails the build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from audience_builder.access import Permission, Principal, require
from audience_builder.api.app import App
from audience_builder.errors import DeniedError

LOCAL = "audience_builder.local"
"""Set in a request's scope by whoever hands it over, where it comes from who owns the data directory."""


def app_of(request: HTTPConnection) -> App:
    """The product behind this request or connection."""
    return request.app.state.app


@dataclass(frozen=True)
class Permitted:
    """A dependency that gives the principal, or refuses them. `only_local` also refuses what came by network."""

    permission: Permission
    only_local: bool = False

    async def __call__(self, request: HTTPConnection) -> Principal:
        """The principal of this request. Raises DeniedError."""
        principal = app_of(request).principal  # there is no sign-in yet: whoever reaches the process is its principal
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
