"""Faults in the engine that answers by SQL."""

from __future__ import annotations

from tools.mutants.fault import faults

STATEMENTS = (
    *faults(
        "engine/sql.py",
        {
            "at least k of SQL asks for more": ("return exp.GTE(this=total(", "return exp.GT(this=total("),
            "a facet's base of SQL is its count": (
                '_how_many(line).as_(f"base_{place}")',
                '_how_many(every(of_whom)).as_(f"base_{place}")',
            ),
        },
        first="facets",
    ),
    *faults(
        "engine/sql_terms.py",
        {
            "the last day of a range is out in SQL": ("high=literal(high))", "high=literal(high - 1))"),
            "a mask of SQL must hold all bits": (
                "return exp.NEQ(this=common, expression=number(0))",
                "return exp.EQ(this=common, expression=number(mask))",
            ),
            "the last night does not touch in SQL": ("exp.GTE(this=last.copy()", "exp.GT(this=last.copy()"),
            "what lies ahead has happened in SQL": ("(low, min(high, last)) for", "(low, high) for"),
            "quotients below zero are rounded up in SQL": (
                "exp.LT(this=value.copy(), expression=number(0))",
                "exp.LT(this=value.copy(), expression=number(-(10**15)))",
            ),
        },
    ),
    *faults(
        "engine/sql_sheet.py",
        {
            "a profile that has just begun does not hold in SQL": (
                'exp.LTE(this=column("valid_from")',
                'exp.LT(this=column("valid_from")',
            ),
            "a profile that has just ended holds in SQL": (
                "exp.GT(this=valid_to.copy()",
                "exp.GTE(this=valid_to.copy()",
            ),
            "the last active status is not active in SQL": ("LAST_ACTIVE_STATUS),", "LAST_ACTIVE_STATUS - 1),"),
            "signing up is told by the day in UTC": (
                'korean_day(column("signed_up_at"))',
                'exp.cast(column("signed_up_at"), "DATE")',
            ),
            "questions that differ in the night are one": ("ask.countries, ask.night, ask.statuses", "ask.countries, False, ask.statuses"),
        },
    ),
)  # fmt: skip

ROWS = faults(
    "engine/sql_rows.py",
    {
        "a cancellation to come is one": ("either((never, later))", "never"),
        "a booking cancelled today is confirmed": (
            "exp.GT(this=cancelled_day.copy()",
            "exp.GTE(this=cancelled_day.copy()",
        ),
        "a stay without a check-out is never over": ('expressions=[of("check_in_day")])', "expressions=[exp.null()])"),
        "a no-show is completed in SQL": ('exp.not_(of("no_show")), at_most(over', "at_most(over"),
        "a no-show before check-in in SQL": ('of("no_show"), at_most(of("check_in_day"), now.day)', 'of("no_show")'),
        "checking in today is upcoming in SQL": ('exp.GT(this=of("check_in_day")', 'exp.GTE(this=of("check_in_day")'),
        "wishes undone are wishes made": ('{"any": _UNDONE,', '{"any": frozenset[int](),'),
        "wishes undone count where they were never asked": ('"kept": frozenset[int]()', '"kept": _UNDONE'),
        "a wish undone later is undone in SQL": ('if rows.wish_state != "any":', 'if rows.wish_state == "none":'),
        "behaviour lies ahead": ('(date == "day" and rows.wish_state == "any")', '(date == "day" and rows.wish_state == "none")'),
        "a stay touches on the day of check-out": (
            'last_night=booking("last_night_day")',
            'last_night=booking("check_out_day")',
        ),
        "a search without nights touches nothing": (
            "at_least_one = when(exp.GT(this=nights, expression=number(1)), nights.copy(), number(1))",
            "at_least_one = nights.copy()",
        ),
        "what is not booked yet has no lead": (
            "when(at_most(booked, now.day), booked.copy(), booking(\"carted_day\"))",
            "booked.copy()",
        ),
        "a payment to come lies in the window": (
            '_HAPPENED = frozenset({"carted", "booked", "paid", "cancelled"})',
            '_HAPPENED = frozenset({"carted", "booked", "cancelled"})',
        ),
        "line and type are both needed in SQL": (
            "return [either(one_of(shape.of(name), codes) for",
            "return [every(one_of(shape.of(name), codes) for",
        ),
        "a wish undone is undone on its own day": (
            'when(undone, _behavior("wished_on"), _behavior("day"))',
            '_behavior("day")',
        ),
    },
)  # fmt: skip

FACTS = faults(
    "engine/sql_facts.py",
    {
        "refunds are always taken off": (
            'when(at_most(booking("refunded_day"), now.day), booking("refunded_krw"), number(0))',
            'booking("refunded_krw")',
        ),
        "rows are counted, not events": ('return _sum(counted(shape.of("count")))', 'return exp.Count(this=counted(shape.of("count")))'),
        "a wish undone is a wish": ('exp.Neg(this=shape.of("count"))', 'shape.of("count")'),
        "has is turned round": ("expression=number(1)) for lines in rows.has", "expression=number(0)) for lines in rows.has"),
        "lacks is ignored in SQL": ("if rows.lacks:", "if rows.lacks and rows.has:"),
        "distinct is not": ("exp.Count(this=exp.Distinct(expressions=[value]))", "exp.Count(this=value)"),
        "a day with its wish undone counts": (
            "exp.GT(this=_sum(_made_or_undone(rows)), expression=number(0))",
            "exp.GTE(this=_sum(_made_or_undone(rows)), expression=number(0))",
        ),
        "the average counts cancelled bookings in SQL": (
            'every((confirmed(now), in_window(rows, now, "booked")))',
            'in_window(rows, now, "booked")',
        ),
        "the latest is the earliest": ("latest = exp.Max(this=counted(", "latest = exp.Min(this=counted("),
        "what only some ask is asked of none": ("if test not in common]", "if test in common]"),
        "of two windows the wider holds": ("if len(windows) > 1 and", "if len(windows) > 2 and"),
        "the last day of several windows is out": ("((min(ends), max(ends)),)", "((min(ends), max(ends) - 1),)"),
        "no spend is unknown": ("Aggregate.DISTINCT_DAYS, Aggregate.SPEND, Aggregate.DISTINCT_LINES", "Aggregate.DISTINCT_DAYS, Aggregate.DISTINCT_LINES"),
    },
)  # fmt: skip

VALUES = faults(
    "engine/sql_values.py",
    {
        "a negative is false of the unknown in SQL": (
            "return exp.not_(two_valued) if ask.negated",
            "return exp.Coalesce(this=exp.not_(found), expressions=[exp.false()]) if ask.negated",
        ),
        "marketing use is not needed in SQL": ('("marketing_use_at", f"{key}_at")', '(f"{key}_at",)'),
        "night consent is ignored in SQL": ("needed[_NIGHT_CONSENTS[key]] = None", 'needed[f"{key}_at"] = None'),
        "a consent of this moment is not given": ("exp.LTE(this=of_profile(name)", "exp.LT(this=of_profile(name)"),
        "nobody ages on the birthday": ("before = exp.GT(this=month_day", "before = exp.GTE(this=month_day"),
        "the born on 29 February age on the 28th in SQL": (
            "number(100 * today.month + today.day)",
            "number(100 * today.month + today.day + ((today.month, today.day) == (2, 28)))",
        ),
        "sign-up by the day in UTC": (
            "day_number_of(korean_day(of_profile(ask.column)))",
            'day_number_of(exp.cast(of_profile(ask.column), "DATE"))',
        ),
        "account status is ignored in SQL": ("if ask.statuses is None:", "if ask.statuses is None or ask.statuses:"),
        "countries asked about are ignored in SQL": ("if ask.countries is None", "if ask.countries is None or ask.countries"),
        "who never visited has no intent in SQL": ('return when(_of_trait("visited"), level)', "return level"),
        "ties are out of shares": ("(exp.GTE if test.top else exp.LTE)", "(exp.GT if test.top else exp.LT)"),
        "a share has one more": ("is_in = exp.LT(", "is_in = exp.LTE("),
        "zero is in the lowest share of SQL": ("above = exp.GT(this=value", "above = exp.GTE(this=value"),
        "only is true of nothing in SQL": ("every((some, exp.not_(", "every((exp.true(), exp.not_("),
        "one of all sets is enough in SQL": (
            "every(shares_bit(value.copy(), _mask(codes)) for codes in test.sets)",
            "shares_bit(value.copy(), _mask(frozenset[int]().union(*test.sets)))",
        ),
    },
)  # fmt: skip

PROPERTIES = faults(
    "engine/sql_properties.py",
    {
        "every stay has every kind of night": ("more = either(exp.GT(", "more = either(exp.GTE("),
        "left hours end with the hour": ("60 * test.high + 59", "60 * test.high"),
        "a cart is left at once in SQL": ("_LEFT_AFTER_MINUTES: Final = 60", "_LEFT_AFTER_MINUTES: Final = 0"),
        "a booking does not answer its own cart in SQL": (
            "confirmed(now, answer),",
            'confirmed(now, answer), exp.NEQ(this=answer("booking_id"), expression=booking("booking_id")),',
        ),
        "a booking in the minute of the cart does not answer in SQL": (
            'exp.GTE(this=answer("booked_minute")',
            'exp.GT(this=answer("booked_minute")',
        ),
        "stays that share one night do not overlap in SQL": (
            'exp.LTE(this=booking("check_in_day"), expression=answer("last_night_day"))',
            'exp.LT(this=booking("check_in_day"), expression=answer("last_night_day"))',
        ),
        "a cart taken out by hand is left in SQL": ("every((carted, still_in, idle,", "every((carted, idle,"),
        "a failed payment is no touch in SQL": (
            'for name in ("checkout_minute", "payment_failed_minute")',
            'for name in ("checkout_minute",)',
        ),
        "the first stage wins": ("for option in CART_STAGES.options:", "for option in reversed(CART_STAGES.options):"),
        "of two bookings of a moment the earlier id is latest": (
            "desc=test.latest) for name in",
            'desc=test.latest and name == "booked_at") for name in',
        ),
        "a cancelled booking may be the first": (
            ".where(confirmed(now))",
            '.where(at_most(booking("booked_day"), now.day))',
        ),
        "checking in today is not upcoming in SQL": (
            "return exp.GTE(this=check_in, expression=today)",
            "return exp.GT(this=check_in, expression=today)",
        ),
        "without a check-out nobody is in a trip": (
            'exp.Coalesce(this=booking("check_out_day"), expressions=[check_in.copy()])',
            'booking("check_out_day")',
        ),
    },
)  # fmt: skip

SQL_FAULTS = (*STATEMENTS, *ROWS, *FACTS, *VALUES, *PROPERTIES)
