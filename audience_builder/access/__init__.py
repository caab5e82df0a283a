"""Who asks and what they may do: a principal has roles, a role grants permissions, everything else is denied."""

from __future__ import annotations

from audience_builder.access.permission import GRANTS, Permission, Role
from audience_builder.access.principal import Principal, require

__all__ = ["GRANTS", "Permission", "Principal", "Role", "require"]
