"""Why a row is refused: a stable code each, and the sentence that stands in the rejects file."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The codes, in the order in which a row is looked at: of several reasons the first is given."""

    BAD_BYTES = "bad_bytes"
    BAD_QUOTES = "bad_quotes"
    COLUMN_COUNT = "column_count"
    NO_USER = "no_user"
    ERASED_USER = "erased_user"
    CONTACT_AS_ID = "contact_as_id"
    ID_TOO_LONG = "id_too_long"
    BAD_DATE = "bad_date"
    FUTURE_DATE = "future_date"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NEGATIVE_PRICE = "negative_price"
    BAD_QUANTITY = "bad_quantity"
    UNKNOWN_VALUE = "unknown_value"
    MISSING = "missing"
    REVERSED_DATES = "reversed_dates"
    CONTRADICTION = "contradiction"
    NO_RATE = "no_rate"
    TWO_USERS = "two_users"
    CANCELLATION_WITHOUT_ORDER = "cancellation_without_order"


SAYS: dict[Reason, str] = {
    Reason.BAD_BYTES: "the line has bytes that are no text in the file's encoding",
    Reason.BAD_QUOTES: "the line's quotation marks do not pair up",
    Reason.COLUMN_COUNT: "the line has more or fewer columns than the header",
    Reason.NO_USER: "no user is named",
    Reason.ERASED_USER: "the user was erased and may never come back",
    Reason.CONTACT_AS_ID: "a name, e-mail address, phone number or push token stands where an id should; the mart has no contacts",
    Reason.ID_TOO_LONG: "the id is longer than 200 characters",
    Reason.BAD_DATE: "no date in the formats of the map, or before 1990 (a birth: 1900) or after 2100",
    Reason.FUTURE_DATE: "it lies in the future, so it cannot have happened",
    Reason.NOT_A_NUMBER: "not a number as the map writes numbers",
    Reason.OUT_OF_RANGE: "a number too large to be true",
    Reason.NEGATIVE_PRICE: "an amount below zero",
    Reason.BAD_QUANTITY: "a quantity of zero or with the wrong sign",
    Reason.UNKNOWN_VALUE: "no option of that name",
    Reason.MISSING: "a value that may not be empty is empty",
    Reason.REVERSED_DATES: "it ends before it begins",
    Reason.CONTRADICTION: "it says the opposite of the status",
    Reason.NO_RATE: "the map has no exchange rate for that day",
    Reason.TWO_USERS: "the same booking names another user",
    Reason.CANCELLATION_WITHOUT_ORDER: "it cancels a booking that is neither in this file nor in the mart",
}


def problem(reason: Reason, about: str = "") -> str:
    """How a refused row is marked while it is checked: the code, and the column it is about."""
    return " ".join(filter(None, (reason, about)))


def split(mark: str) -> tuple[Reason, str]:
    """The code and the column of a mark."""
    code, _, about = mark.partition(" ")
    return Reason(code), about
