"""Which provider people sign in with, and what its groups may do here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from audience_builder.access import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """An OpenID provider. `roles` maps what `roles_claim` (a path with dots) says onto roles; what is not in it gives none.

    `acr` is what a renewed sign-in must be worth (the provider's own word for it; empty = a password will do).
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    roles_claim: str = "roles"
    roles: Mapping[str, Role]
    scope: str = "openid profile"
    acr: str = ""
