"""A row of a file of bookings: what it says of its booking, what it paid and gave back, and why it may be refused."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from audience_builder.intake import money
from audience_builder.intake.checked import Asked, Check
from audience_builder.intake.reason import Reason
from audience_builder.intake.target import BOOKING_MOMENTS
from audience_builder.intake.tree import call, case, cast, col, empty, first_of, is_empty, is_said, number, text
from audience_builder.intake.vocabulary import STATES
from audience_builder.mart.schema import korean_day

SAID_FIRST = ("order_id", "product_id", "product_line", "product_type", "place", "stay_mode", "price_band", "price")
"""Of several rows of an order, what the first row that says it says."""

MASKS = ("travel_party", "theme")
"""Of several rows of an order, what any of them says."""

_CODE = {state: code for code, state in enumerate(STATES)}
_GIVEN_BACK = ("credit", "cancellation")
_ZERO = cast(number(0), money.AMOUNT)


def id_name(asked: Asked) -> str:
    """The target that tells one booking from another."""
    return asked.found.group.by if asked.found.group else "booking_id"


def _is(asked: Asked, *states: str) -> exp.Expr:
    """Whether the row says one of these states."""
    if not asked.has("status"):
        return exp.false()
    return first_of(col("v_status").isin(*(_CODE[state] for state in states)), exp.false())


def columns(asked: Asked) -> Iterator[tuple[str, exp.Expr]]:
    """What `stage.checked` keeps of a row."""
    yield "user_id", asked.value("user_id")
    yield "booking_id", _booking_id(asked)
    yield from (
        (name, asked.value(name)) for name in (*SAID_FIRST, *MASKS, "check_in", "version") if name != "order_id"
    )
    yield "order_id", _booking_id(asked) if id_name(asked) == "order_id" else asked.value("order_id")
    yield "check_out", _check_out(asked)
    yield from _moments(asked)
    flags = {name: first_of(asked.value(name).eq(number(1)), exp.false()) for name in ("no_show", "deleted")}
    yield "no_show", exp.or_(flags["no_show"], _is(asked, "no_show"))
    yield "deleted", exp.or_(flags["deleted"], _is(asked, "deleted"))
    yield "cancels", _is(asked, "cancellation")
    yield "paid", _paid(asked)
    yield "refund", _refund(asked)


def _booking_id(asked: Asked) -> exp.Expr:
    given = asked.by_name.get(id_name(asked))
    status = asked.found.status
    if given is None:
        return empty("VARCHAR")
    if status is None or not status.strip_prefix:
        return given.value
    branches = [
        (call("starts_with", given.value, text(prefix)), call("substr", given.value, number(len(prefix) + 1)))
        for prefix in sorted(status.prefix, key=len, reverse=True)
    ]
    return call("nullif", case(*branches, otherwise=given.value), text("")) if branches else given.value


def _check_out(asked: Asked) -> exp.Expr:
    if asked.has("nights"):
        return cast(asked.value("check_in") + asked.value("nights"), "DATE")
    return asked.value("check_out")


def _happened(asked: Asked) -> exp.Expr:
    """When a row that gives something back happened."""
    return first_of(asked.value("cancelled_at"), asked.value("booked_at"))


def _moments(asked: Asked) -> Iterator[tuple[str, exp.Expr]]:
    credit, cart = _is(asked, "credit"), _is(asked, "cart")
    for name in BOOKING_MOMENTS:
        value = asked.value(name)
        if name in ("booked_at", "paid_at"):
            value = case((cart, empty("TIMESTAMP")), otherwise=value)
        if name == "paid_at" and not asked.has("paid_at"):
            value = case((_paid(asked) > number(0), asked.value("booked_at")), otherwise=empty("TIMESTAMP"))
        if name == "cancelled_at":
            value = case((_is(asked, "cancellation"), _happened(asked)), otherwise=value)
        if name in ("booked_at", "paid_at", "cancelled_at", "refunded_at"):
            value = case((credit, _happened(asked)), otherwise=value)
        yield name, value


def _amount(asked: Asked) -> exp.Expr:
    """What the row is about in money of the source, exact."""
    quantity = cast(asked.value("quantity"), money.WIDE_NUMBER)
    product = exp.Mul(this=quantity, expression=cast(asked.value("unit_price"), money.WIDE_MONEY))
    return first_of(cast(product if asked.has("quantity") else asked.value("paid"), money.AMOUNT), _ZERO)


def _paid(asked: Asked) -> exp.Expr:
    return money.none_if(_is(asked, *_GIVEN_BACK, "cart"), _amount(asked))


def _refund(asked: Asked) -> exp.Expr:
    """What the row gives back: as its column says, all of a credit, all of what was cancelled if the map says so."""
    back = call("abs", _amount(asked))
    refunded = cast(asked.value("refunded"), money.AMOUNT) if asked.has("refunded") else empty(money.AMOUNT)
    all_of_it = exp.true() if asked.found.money.cancelled == "refunded" else exp.false()
    is_cancelled = exp.and_(is_said(asked.value("cancelled_at")), all_of_it)
    told = case((_is(asked, *_GIVEN_BACK), back), (is_cancelled, _amount(asked)), otherwise=_ZERO)
    return cast(first_of(refunded, told), money.AMOUNT)


# --- reasons to refuse a row ----------------------------------------------------------------------------------------------


def checks(asked: Asked) -> Iterator[Check]:
    """What a row is refused for, beyond texts that cannot be read."""
    yield Reason.MISSING, id_name(asked), is_empty(_booking_id(asked))
    yield from _missing(asked)
    yield from _amounts(asked)
    yield from _orders_of_time(asked)
    yield from _contradictions(asked)
    if asked.found.money.rates:
        day = korean_day(first_of(asked.value("booked_at"), asked.value("carted_at"), asked.value("cancelled_at")))
        yield Reason.NO_RATE, "booked_at", day < money.first_rate_day(asked.found.money)


def _missing(asked: Asked) -> Iterator[Check]:
    booked, carted, cancelled = (asked.value(name) for name in ("booked_at", "carted_at", "cancelled_at"))
    cart, deleted = _is(asked, "cart"), _is(asked, "deleted")
    neither = exp.and_(is_empty(booked), is_empty(carted), exp.Not(this=deleted))
    back = _is(asked, *_GIVEN_BACK)
    if asked.has("status"):
        yield Reason.MISSING, "status", exp.and_(is_empty(col("x_status")), is_empty(col("v_status")))
    yield Reason.MISSING, "carted_at", exp.and_(cart, is_empty(carted))
    yield Reason.MISSING, "cancelled_at", exp.and_(_is(asked, "cancelled"), is_empty(cancelled))
    yield Reason.MISSING, "booked_at", exp.and_(_is(asked, "confirmed", "cancelled", "no_show"), is_empty(booked))
    yield Reason.MISSING, "booked_at", exp.and_(back, is_empty(_happened(asked)))
    yield Reason.MISSING, "booked_at" if asked.has("booked_at") else "carted_at", exp.and_(neither, exp.Not(this=back))
    for name in ("quantity", "unit_price"):
        if asked.has(name):
            yield Reason.MISSING, name, is_empty(asked.value(name))


def _amounts(asked: Asked) -> Iterator[Check]:
    back = _is(asked, *_GIVEN_BACK)
    for name in ("unit_price", "refunded", "price"):
        yield Reason.NEGATIVE_PRICE, name, asked.value(name) < number(0)
    yield Reason.NEGATIVE_PRICE, "paid", exp.and_(asked.value("paid") < number(0), exp.Not(this=back))
    quantity = asked.value("quantity")
    wrong_sign = case((back, quantity >= number(0)), otherwise=quantity <= number(0))
    yield Reason.BAD_QUANTITY, "quantity", wrong_sign
    yield Reason.BAD_QUANTITY, "nights", asked.value("nights") < number(0)
    about = "quantity" if asked.has("quantity") else "paid"
    yield Reason.OUT_OF_RANGE, about, money.is_too_large(_amount(asked), money.LARGEST_LINE)
    yield (
        Reason.OUT_OF_RANGE,
        "refunded",
        money.is_too_large(cast(asked.value("refunded"), money.AMOUNT), money.LARGEST_LINE),
    )


def _orders_of_time(asked: Asked) -> Iterator[Check]:
    yield Reason.REVERSED_DATES, "check_out", asked.value("check_out") < asked.value("check_in")
    yield Reason.REVERSED_DATES, "cancelled_at", asked.value("cancelled_at") < asked.value("booked_at")


def _contradictions(asked: Asked) -> Iterator[Check]:
    yield (
        Reason.CONTRADICTION,
        "cancelled_at",
        exp.and_(_is(asked, "confirmed", "no_show"), is_said(asked.value("cancelled_at"))),
    )
    yield Reason.CONTRADICTION, "booked_at", exp.and_(_is(asked, "cart"), is_said(asked.value("booked_at")))
