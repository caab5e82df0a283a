"""The five tables of the mart and its bookkeeping, declared once: DDL, the ERD and the loaders derive from here.

Codes come from the catalog's option lists (`Option.code`), places from the place tree; NULL is "not said". Moments are UTC
without a zone, dates are days in Korea.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

SEOUL_OFFSET_HOURS = 9


class EventKind(IntEnum):
    """What a row of `behavior_daily` counts."""

    SESSION = 1
    SEARCH = 2
    VIEW = 3
    WISH = 4
    WISH_REMOVED = 5


class Status(IntEnum):
    """`user_profile.status`. Up to 9 an account is active; above it is out of every audience and count."""

    NORMAL = 1
    DORMANT = 2
    WITHDRAWAL_PENDING = 3
    STAFF_TEST = 4
    WITHDRAWN = 11
    SUSPENDED = 12
    OBJECTING = 13
    ERASED = 14


LAST_ACTIVE_STATUS = 9


@dataclass(frozen=True, slots=True)
class Column:
    """One column: DuckDB type, whether it may be empty, what it says."""

    name: str
    type: str
    says: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, its natural key (enforced only where `primary` is true)."""

    name: str
    says: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    primary: bool = False

    def column_names(self) -> tuple[str, ...]:
        """The names in order."""
        return tuple(column.name for column in self.columns)


def _required(name: str, type_: str, says: str) -> Column:
    return Column(name, type_, says, nullable=False)


USER_PROFILE = Table(
    "user_profile",
    "One row a user and version: what is known of a traveller from `valid_from` until `valid_to`. No name, e-mail or phone.",
    (
        _required("user_no", "UINTEGER", "dense number of the user, never reused"),
        _required("valid_from", "TIMESTAMP", "since when this version holds"),
        Column("valid_to", "TIMESTAMP", "until when (exclusive); empty = still"),
        _required("status", "UTINYINT", "account status (`Status`)"),
        Column("born_on", "DATE", "birth date"),
        Column("gender", "UTINYINT", "gender code"),
        Column("tier", "UTINYINT", "membership tier code"),
        Column("activity_region", "USMALLINT", "place code of the home district"),
        Column("life_stage", "UTINYINT", "life stage code"),
        Column("signed_up_at", "TIMESTAMP", "sign-up moment"),
        Column("marketing_use_at", "TIMESTAMP", "consent to marketing use of personal data; empty = none"),
        Column("push_at", "TIMESTAMP", "consent to ads by push; empty = none"),
        Column("email_at", "TIMESTAMP", "consent to ads by e-mail; empty = none"),
        Column("sms_at", "TIMESTAMP", "consent to ads by SMS; empty = none"),
        Column("kakao_at", "TIMESTAMP", "consent to ads by KakaoTalk; empty = none"),
        Column("push_night_at", "TIMESTAMP", "consent to push from 21:00 to 08:00; empty = none"),
        Column("sms_night_at", "TIMESTAMP", "consent to SMS at night; empty = none"),
        Column("kakao_night_at", "TIMESTAMP", "consent to KakaoTalk at night; empty = none"),
    ),
    key=("user_no", "valid_from"),
)

BEHAVIOR_DAILY = Table(
    "behavior_daily",
    "User x day in Korea x what was done, summed: appended deltas, summed on read. A search with three themes is one event.",
    (
        _required("user_no", "UINTEGER", "the user"),
        _required("day", "DATE", "day in Korea"),
        _required("kind", "UTINYINT", "event kind (`EventKind`)"),
        Column("product_line", "UTINYINT", "product line code"),
        Column("product_type", "UTINYINT", "stay, space, leisure, transport or vehicle type code"),
        Column("place", "USMALLINT", "place code, the finest that was said"),
        Column("price_band", "UTINYINT", "shown price a night (or a use) as a band code"),
        Column("device", "UTINYINT", "device code"),
        Column("stay_mode", "UTINYINT", "stay mode code"),
        Column("check_in", "DATE", "check-in (or use) date asked for"),
        Column("nights", "USMALLINT", "nights asked for; 0 = day use"),
        Column("party_mask", "USMALLINT", "who travels, one bit a party"),
        Column("theme_mask", "UINTEGER", "themes, one bit each"),
        Column("wished_on", "DATE", "only for WISH_REMOVED: the day of the wish it undoes"),
        _required("count", "INTEGER", "how many events"),
        _required("first_at", "TIMESTAMP", "first of them"),
        _required("last_at", "TIMESTAMP", "last of them"),
    ),
    key=("user_no", "day", "kind"),
)

BOOKING = Table(
    "booking",
    "One row a reservation or order line of any product line, as versions (newest wins). A cart is a row not yet booked.",
    (
        _required("booking_id", "VARCHAR", "the source's id"),
        _required("source_version", "BIGINT", "newest wins"),
        _required("deleted", "BOOLEAN", "the source deleted it"),
        Column("order_id", "VARCHAR", "the order it belongs to"),
        _required("user_no", "UINTEGER", "the user"),
        Column("product_id", "VARCHAR", "the product"),
        Column("product_line", "UTINYINT", "product line code"),
        Column("product_type", "UTINYINT", "stay, space, leisure, transport or vehicle type code"),
        Column("place", "USMALLINT", "place code (transport: where it arrives; rental car: where it is picked up)"),
        Column("stay_mode", "UTINYINT", "stay mode code"),
        Column("price_band", "UTINYINT", "paid ÷ nights (a cart: shown price a night) as a band code"),
        Column("party_mask", "USMALLINT", "who travels, one bit a party"),
        Column("theme_mask", "UINTEGER", "themes of the product, one bit each"),
        Column("carted_at", "TIMESTAMP", "put in the cart"),
        Column("checkout_at", "TIMESTAMP", "checkout opened"),
        Column("payment_failed_at", "TIMESTAMP", "payment failed"),
        Column("removed_at", "TIMESTAMP", "taken out of the cart by hand"),
        Column("booked_at", "TIMESTAMP", "booked"),
        Column("paid_at", "TIMESTAMP", "paid"),
        Column("cancelled_at", "TIMESTAMP", "cancelled"),
        Column("refunded_at", "TIMESTAMP", "refunded"),
        _required("no_show", "BOOLEAN", "the guest did not come"),
        Column("check_in", "DATE", "first day of stay or use"),
        Column("check_out", "DATE", "last day of stay or use"),
        _required("paid_krw", "BIGINT", "KRW paid after coupons and points"),
        _required("refunded_krw", "BIGINT", "KRW given back"),
    ),
    key=("booking_id", "source_version"),
)

USER_TRAIT = Table(
    "user_trait",
    "One row a user: the answers that do not add up, computed by `mart/models` as of `as_of_day`. Derived, never the truth.",
    (
        _required("user_no", "UINTEGER", "the user"),
        _required("as_of_day", "DATE", "the day it speaks of"),
        Column("payment_cycle_days", "INTEGER", "mean days between distinct paid days; empty under two"),
        Column("elapsed_tenths", "INTEGER", "days since the last payment ÷ cycle, in tenths; empty with it"),
        Column("lead_time_days", "INTEGER", "lower median of days from booking to check-in; empty without a stay"),
        Column(
            "preferred_nights",
            "USMALLINT",
            "night kinds with at least a third of the last 365 days' nights; empty without a night",
        ),
        Column("intent_weak", "UBIGINT", "countries with overseas intent weak or more, one bit each"),
        Column("intent_clear", "UBIGINT", "countries with overseas intent clear or more"),
        Column("intent_imminent", "UBIGINT", "countries with overseas intent imminent"),
        _required("visited", "BOOLEAN", "ever had a visit; without one overseas intent is unknown"),
    ),
    key=("user_no",),
)

AUDIENCE_MEMBERSHIP = Table(
    "audience_membership",
    "Audience x user and when it was in: who entered, who left, by which rule version and why.",
    (
        _required("audience_id", "VARCHAR", "the audience"),
        _required("user_no", "UINTEGER", "the user"),
        _required("entered_at", "TIMESTAMP", "since when it is in"),
        Column("exited_at", "TIMESTAMP", "since when it is out again; empty = in"),
        _required("rule_version", "INTEGER", "the rule's version"),
        _required("cause", "VARCHAR", "why it entered (docs/membership.md); baseline = it was in when recording began"),
        _required(
            "mart_version", "UBIGINT", "the mart it was computed from; of one that has left, the mart it left by"
        ),
        Column("exited_cause", "VARCHAR", "why it left; empty = in"),
    ),
    key=("audience_id", "user_no", "entered_at"),
)

TABLES = (USER_PROFILE, BEHAVIOR_DAILY, BOOKING, USER_TRAIT, AUDIENCE_MEMBERSHIP)

USER_NUMBER = Table(
    "user_number",
    "Bookkeeping: the source's user id and the dense number it was given on first sight.",
    (_required("user_id", "VARCHAR", "the source's id"), _required("user_no", "UINTEGER", "its number")),
    key=("user_id",),
    primary=True,
)

MART_STATE = Table(
    "mart_state",
    "Bookkeeping: one row. `version` grows with every applied batch.",
    (
        _required("version", "UBIGINT", "grows with every change"),
        Column("changed_at", "TIMESTAMP", "when it last changed"),
        Column("watermark", "TIMESTAMP", "the latest event time seen"),
        Column("traits_day", "DATE", "the day `user_trait` speaks of"),
        Column(
            "id_key_check",
            "VARCHAR",
            "tells whether the key of `erased_user` is the right one; empty before it was needed",
        ),
    ),
    key=(),
)

APPLIED_BATCH = Table(
    "applied_batch",
    "Bookkeeping: what has been applied, so that a repeat changes nothing.",
    (
        _required("source", "VARCHAR", "stream partition or imported file"),
        _required("key", "VARCHAR", "offset or content hash"),
        _required("mart_version", "UBIGINT", "the version it made"),
        _required("applied_at", "TIMESTAMP", "when"),
        _required("rows_applied", "BIGINT", "how many rows it changed"),
    ),
    key=("source", "key"),
    primary=True,
)

DEAD_LETTER = Table(
    "dead_letter",
    "Bookkeeping: rows that could not be applied, with the reason. Holds no personal data: the row itself is in the rejects file.",
    (
        _required("source", "VARCHAR", "where it came from"),
        _required("line", "BIGINT", "line or offset there"),
        _required("reason", "VARCHAR", "why"),
        _required("mart_version", "UBIGINT", "the batch it was in"),
    ),
    key=("source", "line"),
)

STREAM_PLACE = Table(
    "stream_place",
    "Bookkeeping: how far each partition of the stream is applied, and what became of what it held. "
    "`received = applied + duplicate + late + dead`.",
    (
        _required("topic", "VARCHAR", "topic of the stream"),
        _required("part", "INTEGER", "partition of the topic"),
        _required("next", "BIGINT", "the offset that is applied next"),
        _required("received", "BIGINT", "events or rows read so far"),
        _required("applied", "BIGINT", "of these, in the mart"),
        _required("duplicate", "BIGINT", "told before"),
        _required("late", "BIGINT", "too late, kept aside"),
        _required("dead", "BIGINT", "refused, kept aside"),
        _required("applied_at", "TIMESTAMP", "when the last batch was applied"),
    ),
    key=("topic", "part"),
    primary=True,
)

SEEN_EVENT = Table(
    "seen_event",
    "Bookkeeping: which events were applied, as long as they may come again. Of an id it keeps only a hash.",
    (
        _required("hour", "TIMESTAMP", "the hour the event happened in"),
        _required("id_tag", "UHUGEINT", "MD5 of the sender's id"),
    ),
    key=("hour", "id_tag"),
)

SOURCE_ROW = Table(
    "source_row",
    "Bookkeeping: every version of every operational row that was captured, with the columns the mart needs.",
    (
        _required("source", "VARCHAR", "the operational table"),
        _required("key", "VARCHAR", "its primary key, as JSON"),
        _required("place", "BIGINT", "where in the database's log (LSN): newest wins"),
        _required("at", "TIMESTAMP", "when it was committed"),
        Column(
            "user_no", "UINTEGER", "whose row it is; empty of a row that was deleted before anything else came of it"
        ),
        Column("body", "VARCHAR", "the row, as JSON; empty = it was deleted"),
    ),
    key=("source", "key", "place"),
)

DEAD_ENTRY = Table(
    "dead_entry",
    "Bookkeeping: what the stream held and could not be applied. The bytes are sealed.",
    (
        _required("topic", "VARCHAR", "topic of the stream"),
        _required("part", "INTEGER", "partition of the topic"),
        _required("place", "BIGINT", "offset of the entry"),
        _required("line", "INTEGER", "which part of the entry"),
        _required("reason", "VARCHAR", "why, as a code"),
        _required("body", "VARCHAR", "its bytes, sealed"),
        _required("at", "TIMESTAMP", "when it was put aside"),
        Column("replayed_at", "TIMESTAMP", "when it was put into the stream again; empty = never"),
    ),
    key=("topic", "part", "place", "line"),
)

ERASED_USER = Table(
    "erased_user",
    "Bookkeeping: whom to refuse for ever. Of an erased user it keeps only the keyed hash of the id and the burnt number.",
    (
        _required(
            "id_tag", "VARCHAR", "HMAC-SHA-256 of the id's SHA-256 under a key that is not in the mart, hexadecimal"
        ),
        Column("user_no", "UINTEGER", "the number the user had; empty if the mart had never seen the id"),
        _required("erased_at", "TIMESTAMP", "when"),
    ),
    key=("id_tag",),
    primary=True,
)

AUDIENCE_PLACE = Table(
    "audience_place",
    "Bookkeeping: how far each audience's membership is recorded. Its members are those of the baseline who have no row of that "
    "cause, and whoever has an open row.",
    (
        _required("audience_id", "VARCHAR", "the audience"),
        _required("rule_version", "INTEGER", "the rule's version it speaks of"),
        _required("mart_version", "UBIGINT", "the mart it speaks of"),
        _required("as_of", "TIMESTAMP", "the moment it speaks of"),
        _required("size", "BIGINT", "how many were in then"),
    ),
    key=("audience_id",),
    primary=True,
)

AUDIENCE_BASELINE = Table(
    "audience_baseline",
    "Bookkeeping: who was in an audience when its recording began. They entered before, nobody knows when or why.",
    (
        _required("audience_id", "VARCHAR", "the audience"),
        _required("began_at", "TIMESTAMP", "when recording began"),
        _required("rule_version", "INTEGER", "the rule's version they were in by"),
        _required("size", "BIGINT", "how many were in then"),
        _required("users", "BLOB", "their numbers without the erased (portable Roaring bitmap)"),
    ),
    key=("audience_id",),
    primary=True,
)

AUDIENCE_MOVEMENT = Table(
    "audience_movement",
    "Bookkeeping: how many entered and left an audience, hour by hour and cause by cause. Names nobody, so it outlives erasure; "
    "a baseline's size stands under entered.",
    (
        _required("audience_id", "VARCHAR", "the audience"),
        _required("hour", "TIMESTAMP", "the hour it happened in"),
        _required("cause", "VARCHAR", "why (docs/membership.md)"),
        _required("entered", "BIGINT", "how many entered"),
        _required("exited", "BIGINT", "how many left"),
    ),
    key=("audience_id", "hour", "cause"),
    primary=True,
)

MART_CHANGE = Table(
    "mart_change",
    "Bookkeeping: whom each version changed since the index was saved, so that a start reads only them anew.",
    (
        _required("mart_version", "UBIGINT", "the version that changed them"),
        Column("users", "BLOB", "their numbers, ascending, 4 bytes each; empty = everyone, or too many to name"),
    ),
    key=("mart_version",),
)

BOOKKEEPING = (
    USER_NUMBER,
    MART_STATE,
    APPLIED_BATCH,
    DEAD_LETTER,
    ERASED_USER,
    STREAM_PLACE,
    SEEN_EVENT,
    SOURCE_ROW,
    DEAD_ENTRY,
    AUDIENCE_PLACE,
    AUDIENCE_BASELINE,
    AUDIENCE_MOVEMENT,
    MART_CHANGE,
)
