"""Events: each row checked, then summed to one row of the mart a user, day in Korea and what was done."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.errors import InputError
from audience_builder.intake import money, stays
from audience_builder.intake.checked import Asked, Check, check_rows
from audience_builder.intake.reason import Reason
from audience_builder.intake.stage import Stage
from audience_builder.intake.tree import STAGE, call, case, cast, col, empty, first_of, is_empty, is_said, number, text
from audience_builder.mart.schema import korean_day
from audience_builder.mart.tables import BEHAVIOR_DAILY, EventKind

_UNDOES = number(int(EventKind.WISH_REMOVED))
_AS_SAID = ("product_line", "product_type", "place", "device", "check_in", "travel_party", "theme", "event_id")
_SUMMED = ("count", "first_at", "last_at")
_TYPES = {entry.name: entry.type for entry in BEHAVIOR_DAILY.columns}
_CELL = tuple(name for name in _TYPES if name not in ("user_no", *_SUMMED))


def stage_events(stage: Stage, asked: Asked) -> None:
    """Fill `stage.checked` and `stage.made` (one row a cell, with `used` = how many rows of the file are in it)."""
    if asked.found.money.rates:
        money.load_rates(stage, asked.found.money)
    check_rows(stage, asked, tuple(_columns(asked)), tuple(_checks(asked)))
    stage.run_named("make_event_line")
    stage.make("made", _made(asked))


def _columns(asked: Asked) -> Iterator[tuple[str, exp.Expr]]:
    yield "user_id", asked.value("user_id")
    yield "at", asked.value("at")
    yield "day", korean_day(asked.value("at"))
    yield "kind", asked.value("event")
    yield from ((name, asked.value(name)) for name in _AS_SAID)
    yield "nights", _nights(asked)
    yield "stay_mode", stays.stay_mode(asked.value("stay_mode"), _nights(asked))
    yield "price", cast(asked.value("price"), money.AMOUNT)
    yield "price_band", asked.value("price_band")
    yield "wished_on", case((asked.value("event").eq(_UNDOES), asked.value("wished_on")), otherwise=empty("DATE"))
    yield "count", first_of(asked.value("count"), number(1))


def _nights(asked: Asked) -> exp.Expr:
    between = cast(exp.Sub(this=asked.value("check_out"), expression=asked.value("check_in")), "INTEGER")
    return first_of(asked.value("nights"), between)


def _checks(asked: Asked) -> Iterator[Check]:
    undoes = asked.value("event").eq(_UNDOES)
    yield Reason.MISSING, "event", is_empty(asked.value("event"))
    yield Reason.MISSING, "at", is_empty(asked.value("at"))
    yield Reason.MISSING, "wished_on", exp.and_(undoes, is_empty(asked.value("wished_on")))
    yield Reason.REVERSED_DATES, "wished_on", exp.and_(undoes, asked.value("wished_on") > korean_day(asked.value("at")))
    yield Reason.REVERSED_DATES, "check_out", asked.value("check_out") < asked.value("check_in")
    yield Reason.NEGATIVE_PRICE, "price", asked.value("price") < number(0)
    yield Reason.OUT_OF_RANGE, "price", money.is_too_large(cast(asked.value("price"), money.AMOUNT), money.LARGEST_LINE)
    yield Reason.BAD_QUANTITY, "count", asked.value("count") < number(1)
    yield Reason.BAD_QUANTITY, "nights", asked.value("nights") < number(0)
    if asked.found.money.rates:
        no_rate = korean_day(asked.value("at")) < money.first_rate_day(asked.found.money)
        yield Reason.NO_RATE, "at", exp.and_(is_said(asked.value("price")), no_rate)


def _made(asked: Asked) -> exp.Select:
    """The cells: rows of one user that are alike in everything the mart keeps, added up."""
    factor = money.fixed_factor(asked.found.money)
    priced = select("l.*").from_(exp.to_table("line", db=STAGE, alias="l"))
    if factor is None:
        holds = exp.and_(col("day", "l") >= col("since", "r"), col("day", "l") < col("until", "r"))
        priced = priced.join(exp.to_table("rate", db=STAGE, alias="r"), on=holds, join_type="left")
        factor = col("factor", "r")
    priced = priced.select(money.krw(col("price", "l"), factor).as_("price_krw"))
    band = first_of(col("price_band"), stays.price_band(col("price_krw"), col("stay_mode")))
    renamed = {"party_mask": col("travel_party"), "theme_mask": col("theme"), "price_band": band}
    typed = [cast(renamed.get(name, col(name)), _TYPES[name]).as_(name) for name in _CELL]
    cells = select(col("user_id"), *typed, col("count"), col("at")).from_(priced.subquery("p"))
    keys = [col("user_id"), *(col(name) for name in _CELL)]
    sums = [
        cast(call("sum", col("count")), "INTEGER").as_("count"),
        call("min", col("at")).as_("first_at"),
        call("max", col("at")).as_("last_at"),
        exp.Count(this=exp.Star()).as_("used"),
        exp.true().as_("fresh"),
    ]
    return select(*keys, *sums).from_(cells.subquery("c")).group_by(*(key for key in keys))


# --- days told twice ------------------------------------------------------------------------------------------------------

_SOURCE = "import:events"


def source_of(asked: Asked, first: str, last: str, *, digest: str, key: str) -> str:
    """How a batch of events is noted in the mart: its map, days, file and key, so that what is told twice is noticed."""
    return ":".join((_SOURCE, asked.found.name, first, last, digest[:12], key[:12]))


def days_of(stage: Stage) -> tuple[str, str] | None:
    """The first and the last day in Korea of the accepted rows; None where there are none."""
    found = stage.run(select("CAST(MIN(day) AS TEXT)", "CAST(MAX(day) AS TEXT)").from_(exp.to_table("made", db=STAGE)))
    first, last = found[0]
    return (str(first), str(last)) if first is not None else None


def refuse_told_twice(
    stage: Stage, asked: Asked, *, file: str, days: tuple[str, str], digest: str, together: frozenset[str]
) -> None:
    """Raise InputError where an earlier import told of the same file, or this map's of some of the same days.

    `together` are the keys of the files of this import: parts of one export may share their days.
    """
    of_events = call("starts_with", col("source"), text(_SOURCE + ":"))
    for row in stage.run(select(col("source")).from_("applied_batch").where(of_events)):
        name, first, last, other, key = str(row[0]).removeprefix(_SOURCE + ":").rsplit(":", 4)
        if other == digest[:12]:
            raise InputError(
                f"{file} was imported before with another form of the map: its events would count twice",
                fix="Events cannot be taken back; import only files that were not imported.",
            )
        overlaps = name == asked.found.name and first <= days[1] and days[0] <= last
        if overlaps and key not in together and asked.found.events.overlap == "refuse":
            raise InputError(
                f"{file} tells of {days[0]} to {days[1]}, and events of {first} to {last} were imported before: "
                "they would count twice",
                fix='Cut the file to new days; if it tells of other events, say [events] overlap = "add" in the map.',
            )
