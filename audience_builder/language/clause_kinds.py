"""What clauses are about, what makes a condition by itself, and what belongs to what."""

from __future__ import annotations

from typing import Final

HEADS: Final = (
    "search", "view", "cart", "left", "checkout_left", "checkout", "payment_failed", "wish_kept", "wish_removed", "wish",
    "visit_days", "last_visit", "visit", "last_booking", "stayed", "checked_in", "check_out", "aov", "spend", "cycle", "elapsed_ratio", "prefer", "lead",
    "cancel_rate", "cancel", "live", "signup", "consent_refused", "consent", "no_show", "interest", "mania", "in_trip", "trip", "intent_word", "lines_word",
    "book", "pay", "tier_word", "device_word", "stage_word", "gender_word", "age_word",
)  # fmt: skip
"""What a clause is about, the more special first where a word can be two."""

ALONE: Final = ("tier", "gender", "age", "vague", "status")
"""What makes a condition by itself."""

TIMES: Final = ("window", "within", "season", "recent", "ever", "ahead", "behind")
TAKE_TIME: Final = ("absent", "never_booked", "long_absent")
OF_AGE: Final = ("gender", "tier", "life", "place", "device")
EVENTS: Final = (
    "search",
    "view",
    "cart",
    "left",
    "checkout_left",
    "wish",
    "visit",
    "book",
    "stayed",
    "no_show",
    "cancel",
    "pay",
    "spend",
    "aov",
)
VERBAL: Final = ("한", "은", "된", "던", "간", "본", "산", "온", "쓴", "는", "있는", "없는")
SAYS_WHETHER: Final = ("not", "none", "exist", "mark_no", "mark_yes", "yet")
PEOPLE: Final = ("life", "device", "party", "channel", "night_kind")
DATED: Final = ("signup", "last_visit", "last_booking", "trip")
COMPLETED: Final = {
    "pay": ("spend", "aov", "per_booking", "last_booking", "waits", "pay"),
    "spend": ("pay",),
    "book": ("waits", "last_booking", "lead", "prefer", "lines_word", "trip", "spend"),
    "no_show": ("book",),
    "lines_word": ("book",),
    "tier_word": ("tier",),
    "visit": ("last_visit", "waits"),
    "view": ("waits",),
    "stayed": ("waits", "lines_word", "trip", "spend"),
    "consent": ("consent", "waits"),
    "consent_refused": ("consent",),
    "signup": ("signup",),
    "trip": ("trip", "intent_word", "waits"),
    "cancel": ("book", "stayed", "pay", "trip"),
    "cart": ("cart", "wish"),
    "left": ("cart",),
    "checkout_left": ("cart",),
    "wish": ("wish",),
    "device_word": ("waits", "lines_word"),
    "live": ("live",),
    "prefer": ("prefer",),
    "interest": ("trip",),
}
ASKS_FOR: Final = {"tier": ("tier_word",), "gender": ("gender_word",), "age": ("age_word",), "vague": (), "status": ()}
TAKES_OVER: Final = ("lines_word", "cancel", "left", "checkout_left", "consent_refused", "interest", "no_show")
"""What a second verb says instead of the first: `수신은 거부한`, `예약하고 노쇼한`."""
BEHIND: Final = {
    "device_word": ("device",), "stage_word": ("life",), "prefer": ("night_kind",), "intent_word": ("intent", "place"),
    "live": ("place",), "consent": ("channel",), "tier_word": ("tier",), "trip": ("ahead", "window"),
    "signup": ("behind", "window", "season"),
    "last_visit": ("behind", "window", "season"), "last_booking": ("behind", "window", "season"),
}  # fmt: skip
