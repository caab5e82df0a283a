"""The closed lists of options a rule may name, apart from places."""

from __future__ import annotations

from audience_builder.catalog.options.bookings import (
    ACTIONS,
    BOOKING_BASES,
    BOOKING_STATUSES,
    CART_STAGES,
    INTENTS,
    NTHS,
    TRIP_PHASES,
    WISH_STATES,
)
from audience_builder.catalog.options.lines import (
    LEISURE_TYPES,
    PRODUCT_LINES,
    SPACE_TYPES,
    TRANSPORT_LINE,
    TRANSPORT_TYPES,
    VEHICLE_CLASSES,
)
from audience_builder.catalog.options.people import (
    ACCOUNT_STATUSES,
    CHANNELS,
    DEVICES,
    GENDERS,
    LIFE_STAGES,
    NIGHT_KINDS,
    PARTIES,
    TIERS,
)
from audience_builder.catalog.options.stays import (
    NIGHT_EDGES,
    PRICE_BANDS,
    PRICE_BOUNDS,
    STAY_MODES,
    STAY_TYPES,
    THEMES,
    USE_EDGES,
    night_band,
    use_band,
)

__all__ = [
    "ACCOUNT_STATUSES",
    "ACTIONS",
    "BOOKING_BASES",
    "BOOKING_STATUSES",
    "CART_STAGES",
    "CHANNELS",
    "DEVICES",
    "GENDERS",
    "INTENTS",
    "LEISURE_TYPES",
    "LIFE_STAGES",
    "NIGHT_EDGES",
    "NIGHT_KINDS",
    "NTHS",
    "PARTIES",
    "PRICE_BANDS",
    "PRICE_BOUNDS",
    "PRODUCT_LINES",
    "SPACE_TYPES",
    "STAY_MODES",
    "STAY_TYPES",
    "THEMES",
    "TIERS",
    "TRANSPORT_LINE",
    "TRANSPORT_TYPES",
    "TRIP_PHASES",
    "USE_EDGES",
    "VEHICLE_CLASSES",
    "WISH_STATES",
    "night_band",
    "use_band",
]
