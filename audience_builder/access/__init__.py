"""Who asks and what they may do: a principal has roles, a role grants permissions, everything else is denied."""

from __future__ import annotations

from audience_builder.access.permission import APART, FRESH, GRANTS, PERSONAL, Permission, Role
from audience_builder.access.principal import Principal, check_roles, require

__all__ = ["APART", "FRESH", "GRANTS", "PERSONAL", "Permission", "Principal", "Role", "check_roles", "require"]
