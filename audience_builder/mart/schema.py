"""The mart as trees of SQL: its tables from `tables.py`, and the view that shows each booking as it stands now."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from sqlglot import exp, parse_one
from sqlglot.expressions import column, condition, select

from audience_builder.mart.dimensions import NIGHT_COLUMNS
from audience_builder.mart.tables import BOOKING, BOOKKEEPING, SEOUL_OFFSET_HOURS, TABLES, Table

DIALECT = "duckdb"

BOOKING_NOW = "booking_now"
CALENDAR = "calendar"
PLACE_COUNTRY = "place_country"
DIMENSIONS = "dimension"

DIMENSION_TABLES: dict[str, dict[str, str]] = {
    CALENDAR: {
        "day": "DATE",
        **dict.fromkeys(NIGHT_COLUMNS, "INTEGER"),
    },
    PLACE_COUNTRY: {"place": "USMALLINT", "country_mask": "UBIGINT"},
}
"""The relations made anew from `Dimensions` at every start, and the types of their columns."""

MOMENTS = ("carted", "checkout", "payment_failed", "removed", "booked", "paid", "cancelled", "refunded")
"""What happens to a booking: each is a column `…_at`, and in `booking_now` also `…_day` and `…_minute`."""


def statement(name: str) -> exp.Expr:
    """A statement of `mart/statements` as a tree of its own. Parameters are written `$name`."""
    return _parsed(name).copy()


@lru_cache(maxsize=64)
def _parsed(name: str) -> exp.Expr:
    text = resources.files("audience_builder.mart").joinpath("statements", f"{name}.sql").read_text(encoding="utf-8")
    return parse_one(text, dialect=DIALECT)


def create_tables() -> list[exp.Create]:
    """One statement a table of the mart and its bookkeeping; each does nothing where the table exists."""
    return [_create(table) for table in (*TABLES, *BOOKKEEPING)]


def _create(table: Table) -> exp.Create:
    parts: list[exp.Expr] = [
        exp.ColumnDef(
            this=exp.to_identifier(entry.name, quoted=True),
            kind=exp.DataType.build(entry.type, dialect=DIALECT),
            constraints=[] if entry.nullable else [exp.ColumnConstraint(kind=exp.NotNullColumnConstraint())],
        )
        for entry in table.columns
    ]
    if table.primary:
        parts.append(exp.PrimaryKey(expressions=[exp.to_identifier(name, quoted=True) for name in table.key]))
    return exp.Create(
        this=exp.Schema(this=exp.to_table(table.name), expressions=parts),
        kind="TABLE",
        exists=True,
    )


def booking_now(stay_lines: Iterable[int]) -> exp.Create:
    """The view `booking_now`: the newest version of each booking that is not deleted.

    Beside the columns of `booking` it has days in Korea as numbers since 1970-01-01 (`booked_day`, `check_in_day`,
    `last_night_day` …), minutes since 1970 in UTC (`booked_minute` …), and `nights`, known only of `stay_lines`.
    """
    return exp.Create(
        this=exp.to_table(BOOKING_NOW), kind="VIEW", replace=True, expression=newest(stay_lines, BOOKING.name)
    )


def dimension(name: str, rows: exp.Query) -> exp.Create:
    """A relation of `DIMENSION_TABLES` made anew from `rows`, in the database of its own that is not stored."""
    typed = [
        exp.cast(column(key, quoted=True), kind, dialect=DIALECT).as_(key, quoted=True)
        for key, kind in DIMENSION_TABLES[name].items()
    ]
    chosen = select(*typed).from_(rows.subquery("given"))
    return exp.Create(
        this=exp.to_table(name, db="main", catalog=DIMENSIONS), kind="TABLE", replace=True, expression=chosen
    )


def newest(stay_lines: Iterable[int], table: str) -> exp.Select:
    """`booking_now` read from `table`, which has the columns of `booking`."""
    # An anti join is four times as fast as a window over all versions. Where a version came twice, the later row holds.
    newer = (
        select("1")
        .from_(exp.to_table(table, alias="n"))
        .where("n.booking_id = b.booking_id")
        .where("n.source_version > b.source_version OR (n.source_version = b.source_version AND n.rowid > b.rowid)")
    )
    return versions(stay_lines, table).where(exp.Not(this=exp.Exists(this=newer)))


def versions(stay_lines: Iterable[int], table: str) -> exp.Select:
    """Every version in `table` that is not deleted, `b` for short, with the columns of `booking_now`."""
    stored = [column(name, table="b", quoted=True) for name in BOOKING.column_names()]
    found = select(*stored, *_days(), *_minutes(), _nights(stay_lines)).from_(exp.to_table(table, alias="b"))
    return found.where("NOT b.deleted")


def korean_day(moment: exp.Expr) -> exp.Expr:
    """The day in Korea of a moment in UTC, as a DATE."""
    shift = exp.Interval(this=exp.Literal.number(SEOUL_OFFSET_HOURS), unit=exp.var("HOUR"))
    return exp.cast(exp.Add(this=moment, expression=shift), "DATE")


def _number(day: exp.Expr) -> exp.Expr:
    epoch = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
    return exp.cast(exp.Paren(this=exp.Sub(this=day, expression=epoch)), "INTEGER")


def _days() -> list[exp.Expr]:
    found = [_number(korean_day(_of(f"{name}_at"))).as_(f"{name}_day") for name in MOMENTS]
    found += [_number(_of(name)).as_(f"{name}_day") for name in ("check_in", "check_out")]
    last_night = condition(
        "CASE WHEN b.check_out > b.check_in THEN b.check_out - 1 ELSE b.check_in END", dialect=DIALECT
    )
    return [*found, _number(exp.cast(last_night, "DATE")).as_("last_night_day")]


def _minutes() -> list[exp.Expr]:
    epoch = exp.cast(exp.Literal.string("1970-01-01"), "TIMESTAMP")
    return [
        exp.func("date_diff", exp.Literal.string("minute"), epoch.copy(), _of(f"{name}_at"), dialect=DIALECT).as_(
            f"{name}_minute"
        )
        for name in MOMENTS
    ]


def _nights(stay_lines: Iterable[int]) -> exp.Expr:
    is_stay = _of("product_line").isin(*sorted(stay_lines))
    length = exp.Sub(this=_of("check_out"), expression=_of("check_in"))
    return exp.cast(exp.Case().when(is_stay, length), "INTEGER").as_("nights")


def _of(name: str) -> exp.Column:
    return column(name, table="b", quoted=True)
