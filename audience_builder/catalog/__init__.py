"""The catalog: what may be asked of a traveller, 32 filters declared once each."""

from __future__ import annotations

from audience_builder.catalog.behavioral import BEHAVIORAL
from audience_builder.catalog.cross_sell import CROSS_SELL
from audience_builder.catalog.filter import Filter
from audience_builder.catalog.profile import PROFILE
from audience_builder.catalog.transactional import TRANSACTIONAL

FILTERS: tuple[Filter, ...] = (*BEHAVIORAL, *TRANSACTIONAL, *PROFILE, *CROSS_SELL)
"""All filters in the catalog's order."""

BY_KEY: dict[str, Filter] = {entry.key: entry for entry in FILTERS}
"""Filters by key."""

__all__ = ["BY_KEY", "FILTERS", "Filter"]
