"""Why a fault may survive: what no generated traveller, rule or world of the laws ever comes to."""

from __future__ import annotations

REASONS: dict[str, str] = {}
"""By the fault's name."""
