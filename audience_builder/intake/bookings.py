"""Bookings: the rows of one order joined, cancellations put to their orders, and which of them tell the mart anything new."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.intake import booking_rows, money, stays
from audience_builder.intake.booking_rows import MASKS, SAID_FIRST
from audience_builder.intake.checked import Asked, check_rows
from audience_builder.intake.reason import Reason, problem
from audience_builder.intake.stage import Stage
from audience_builder.intake.target import BOOKING_MOMENTS
from audience_builder.intake.tree import (
    STAGE,
    call,
    case,
    cast,
    col,
    empty,
    first_of,
    is_empty,
    is_said,
    named,
    number,
    where,
)
from audience_builder.mart.schema import korean_day
from audience_builder.mart.tables import BOOKING

_AGE = "place_in_file"


def stage_bookings(stage: Stage, asked: Asked) -> None:
    """Fill `stage.checked`, `stage.known` (what the mart has of these bookings) and `stage.made` (one row a booking)."""
    if asked.found.money.rates:
        money.load_rates(stage, asked.found.money)
    check_rows(stage, asked, tuple(booking_rows.columns(asked)), tuple(booking_rows.checks(asked)))
    if _joins(asked):
        stage.run_named("mark_two_users", {"mark": problem(Reason.TWO_USERS, "user_id")})
    stage.run_named("make_known")
    if _can_cancel(asked):
        stage.run_named(
            "mark_unmatched", {"mark": problem(Reason.CANCELLATION_WITHOUT_ORDER, booking_rows.id_name(asked))}
        )
    # Of orders every accepted row is a line, so a view follows `checked` by itself and nothing is copied.
    stage.make("line", _lines(asked), kind="VIEW" if asked.found.group else "TABLE")
    stage.run_named("mark_too_large", {"mark": problem(Reason.OUT_OF_RANGE, "paid"), "most": money.LARGEST_BOOKING})
    if not asked.found.group:
        stage.run_named("drop_too_large")
    stage.make("made", _made(asked))
    if _can_cancel(asked):
        stage.run(_late_cancellations(asked))


def _joins(asked: Asked) -> bool:
    """Whether several rows can make one booking."""
    return asked.found.group is not None or _can_cancel(asked)


def _can_cancel(asked: Asked) -> bool:
    """Whether a row can cancel a booking that another row told of."""
    status = asked.found.status
    said = {*status.prefix.values(), *status.values.values(), status.otherwise} if status else set[str]()
    return "cancellation" in said


def _lines(asked: Asked) -> exp.Query:
    """The rows that make bookings: of an order all of them, of a single booking the newest, and whatever cancels it."""
    accepted = select("*").from_(exp.to_table("checked", db=STAGE)).where(is_empty(col("problem")))
    if asked.found.group:
        return accepted
    newest = exp.Window(
        this=exp.RowNumber(),
        partition_by=[col("booking_id")],
        order=exp.Order(expressions=[_descending(_version(asked)), _descending(col("line"))]),
    )
    wanted = (
        select("*", exp.alias_(newest, _AGE)).from_(exp.to_table("checked", db=STAGE)).where(is_empty(col("problem")))
    )
    own = wanted.where(exp.Not(this=col("cancels")))
    found = (
        select(exp.Star(**{"except_": [exp.to_identifier(_AGE)]}))
        .from_(own.subquery("own"))
        .where(col(_AGE).eq(number(1)))
    )
    if not _can_cancel(asked):
        return found
    return exp.union(found, accepted.where(col("cancels")), distinct=False)


def _descending(value: exp.Expr) -> exp.Expr:
    return exp.Ordered(this=value, desc=True, nulls_first=False)


def _version(asked: Asked) -> exp.Expr:
    """What tells a newer row from an older one; nothing where the import itself does."""
    if asked.found.version.by == "column":
        return col("version")
    if asked.found.version.by == "event":
        return call("epoch_us", call("greatest", *(col(name) for name in BOOKING_MOMENTS)))
    return empty("BIGINT")


def _joined(asked: Asked) -> exp.Select:
    """Each booking's rows as one, in money of the source."""
    own = exp.Not(this=col("cancels")) if _can_cancel(asked) else None

    def of_own(aggregate: str, *values: exp.Expr) -> exp.Expr:
        return where(call(aggregate, *values), own)

    moments = [name for name in BOOKING_MOMENTS if name not in ("cancelled_at", "refunded_at")]
    columns = [
        ("user_id", call("arg_min", col("user_id"), col("line"))),
        ("used", exp.Count(this=exp.Star())),
        *((name, of_own("arg_min", col(name), col("line"))) for name in SAID_FIRST),
        *((name, of_own("bit_or", col(name))) for name in MASKS),
        *((name, of_own("min", col(name))) for name in moments),
        *((name, of_own("bool_or", col(name))) for name in ("no_show", "deleted")),
        ("check_in", of_own("min", col("check_in"))),
        ("check_out", of_own("max", col("check_out"))),
        ("cancelled_at", _cancelled_at(asked, own)),
        ("refunded_at", _refunded_at(own)),
        *((name, call("sum", col(name))) for name in ("paid", "refund")),
        ("version", call("max", col("version"))),
    ]
    query = select(col("booking_id"), *named(columns)).from_(exp.to_table("line", db=STAGE))
    return query.group_by(col("booking_id")).having(call("bool_or", exp.Not(this=col("cancels"))))


def _cancelled_at(asked: Asked, own: exp.Expr | None) -> exp.Expr:
    """When a row cancelled the whole; else when the last of its lines was cancelled, if all of them were."""
    whole = where(call("bool_and", is_said(col("cancelled_at"))), own)
    by_lines = case((whole, where(call("max", col("cancelled_at")), own)), otherwise=empty("TIMESTAMP"))
    late = where(call("min", col("cancelled_at")), col("cancels"))
    return first_of(late, by_lines) if _can_cancel(asked) else by_lines


def _refunded_at(own: exp.Expr | None) -> exp.Expr:
    """When the last of the refunds was made."""
    at = first_of(col("refunded_at"), col("cancelled_at"))
    made = where(call("max", at), exp.and_(col("refund") > number(0), is_said(at)))
    return first_of(made, where(call("max", col("refunded_at")), own))


def _krw(asked: Asked) -> exp.Select:
    """The joined bookings with amounts in KRW and nights."""
    factor = money.fixed_factor(asked.found.money)
    query = select("j.*").from_(_joined(asked).subquery("j"))
    if factor is None:
        day = korean_day(first_of(*(col(name, "j") for name in ("booked_at", "carted_at", "cancelled_at"))))
        holds = exp.and_(day >= col("since", "r"), day < col("until", "r"))
        query = query.join(exp.to_table("rate", db=STAGE, alias="r"), on=holds, join_type="left")
        factor = col("factor", "r")
    return query.select(
        money.krw(col("paid", "j"), factor).as_("paid_krw"),
        money.krw(_refund_of_all(asked), factor).as_("refunded_krw"),
        money.krw(cast(col("price", "j"), money.AMOUNT), factor).as_("price_krw"),
        _nights().as_("nights"),
    )


def _refund_of_all(asked: Asked) -> exp.Expr:
    """What was given back: as the rows say; of a booking cancelled by a row without an amount all of it, if the map says so."""
    if not _can_cancel(asked) or asked.found.money.cancelled != "refunded":
        return col("refund", "j")
    unsaid = exp.and_(is_said(col("cancelled_at", "j")), col("refund", "j").eq(number(0)))
    return case((unsaid, col("paid", "j")), otherwise=col("refund", "j"))


def _nights() -> exp.Expr:
    is_stay = col("product_line", "j").isin(*stays.STAY_LINES)
    length = exp.Sub(this=col("check_out", "j"), expression=col("check_in", "j"))
    return case((is_stay, length), otherwise=empty("BIGINT"))


def _made(asked: Asked) -> exp.Select:
    """`stage.made`: the columns of `booking` without `user_no`, with `user_id`, `used` (rows) and `fresh` (new to the mart)."""
    told = select("k.*", stays.stay_mode(col("stay_mode"), col("nights")).as_("mode")).from_(_krw(asked).subquery("k"))
    whole = select("*").from_(told.subquery("t"))
    values = _final(asked)
    typed = [cast(values[name], kind).as_(name) for name, kind in _KEPT.items()]
    chosen = select(*typed, col("user_id"), col("used")).from_(whole.subquery("w"))
    return _judged(asked, chosen)


_KEPT = {entry.name: entry.type for entry in BOOKING.columns if entry.name not in ("user_no",)}
_COMPARED = tuple(name for name in _KEPT if name not in ("booking_id", "source_version"))


def _final(asked: Asked) -> dict[str, exp.Expr]:
    values: dict[str, exp.Expr] = {name: col(name) for name in _KEPT}
    mode = col("mode")
    cost = stays.price_of_booking(col("paid_krw"), col("nights"), mode)
    price = first_of(case((is_said(col("booked_at")), cost)), col("price_krw"))
    refunded_at = case(
        (col("refunded_krw") > number(0), first_of(col("refunded_at"), col("cancelled_at"))),
        otherwise=col("refunded_at"),
    )
    return values | {
        "source_version": first_of(_version(asked), number(0)),
        "stay_mode": mode,
        "price_band": first_of(col("price_band"), stays.price_band(price, mode)),
        "party_mask": col("travel_party"),
        "theme_mask": col("theme"),
        "refunded_at": refunded_at,
        "refunded_krw": first_of(col("refunded_krw"), number(0)),
        "paid_krw": first_of(col("paid_krw"), number(0)),
    }


def _judged(asked: Asked, chosen: exp.Query) -> exp.Select:
    """The bookings with `fresh`, and by import with a version above all that the mart has."""
    same = exp.and_(
        *(exp.NullSafeEQ(this=col(name, "m"), expression=col(name, "k")) for name in _COMPARED),
        col("user_id", "m").eq(col("user_id", "k")),
    )
    newest, version = col("source_version", "k"), col("source_version", "m")
    by_import = asked.found.version.by == "import"
    if by_import:
        now = call("epoch_us", asked.now_literal())
        version = call("greatest", now, first_of(newest + number(1), now))
        old = same
    else:
        old = exp.or_(version < newest, exp.and_(version.eq(newest), same))
    fresh = exp.or_(is_empty(newest), exp.Not(this=exp.paren(old)))
    rest = [col(name, "m") for name in (*_KEPT, "user_id", "used") if name != "source_version"]
    return (
        select(version.as_("source_version"), *rest, fresh.as_("fresh"))
        .from_(chosen.subquery("m"))
        .join(
            exp.to_table("known", db=STAGE, alias="k"),
            on=col("booking_id", "m").eq(col("booking_id", "k")),
            join_type="left",
        )
    )


def _late_cancellations(asked: Asked) -> exp.Expr:
    """Cancellations of bookings that only the mart knows: its newest version once more, cancelled."""
    back = money.fixed_factor(asked.found.money)
    rows = (
        select(
            col("booking_id"),
            call("min", col("cancelled_at")).as_("at"),
            call("sum", col("refund")).as_("back"),
            exp.Count(this=exp.Star()).as_("used"),
            call("max", col("version")).as_("version"),
        )
        .from_(exp.to_table("line", db=STAGE))
        .group_by(col("booking_id"))
        .having(call("bool_and", col("cancels")))
    )
    joined = select("c.*").from_(rows.subquery("c"))
    if back is None:
        day = korean_day(col("at", "c"))
        holds = exp.and_(day >= col("since", "r"), day < col("until", "r"))
        joined = joined.join(exp.to_table("rate", db=STAGE, alias="r"), on=holds, join_type="left")
        back = col("factor", "r")
    joined = joined.select(money.krw(col("back", "c"), back).as_("back_krw"))
    chosen = select(*_cancelled(asked), col("user_id", "k"), col("used", "c")).from_(joined.subquery("c"))
    chosen = chosen.join(
        exp.to_table("known", db=STAGE, alias="k"), on=col("booking_id", "c").eq(col("booking_id", "k"))
    )
    judged = _judged(asked, chosen)
    names = [exp.to_identifier(expression.alias_or_name, quoted=True) for expression in judged.selects]
    return exp.insert(judged, exp.to_table("made", db=STAGE), columns=names)


def _cancelled(asked: Asked) -> list[exp.Expr]:
    all_of_it = col("paid_krw", "k") if asked.found.money.cancelled == "refunded" else col("refunded_krw", "k")
    refunded = case((col("back_krw", "c") > number(0), col("back_krw", "c")), otherwise=all_of_it)
    version = {
        "column": col("version", "c"),
        "event": call("greatest", call("epoch_us", col("at", "c")), col("source_version", "k")),
        "import": number(0),
    }[asked.found.version.by]
    changed = {
        "source_version": first_of(version, number(0)),
        "cancelled_at": col("at", "c"),
        "refunded_at": case((refunded > number(0), col("at", "c")), otherwise=col("refunded_at", "k")),
        "refunded_krw": refunded,
    }
    return [cast(changed.get(name, col(name, "k")), kind).as_(name) for name, kind in _KEPT.items()]


def first_seen() -> exp.Select:
    """Each user of the bookings in this file, and when they were first seen."""
    moment = call("least", *(col(name) for name in ("carted_at", "booked_at", "cancelled_at")))
    return (
        select(col("user_id"), call("min", moment).as_("first_at"))
        .from_(exp.to_table("made", db=STAGE))
        .group_by(col("user_id"))
        .having(is_said(call("min", moment)))
    )
