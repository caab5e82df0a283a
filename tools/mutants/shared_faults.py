"""Faults in what both engines read: questions made ready, bookings as they stand now, and the trait models."""

from __future__ import annotations

from tools.mutants.fault import Fault, faults

ASKS = faults(
    "engine/asks.py",
    {
        "more than n is at least n": ("(v[0] + 1, None)", "(v[0], None)"),
        "less than n is at most n": ("(None, v[0] - 1)", "(None, v[0])"),
        "n days ago is out at the far end": ("else day - high,", "else day - high + 1,"),
        "n days ago is out at the near end": ("else day - low)", "else day - low - 1)"),
        "the basis is ignored": ("return basis[0] if basis else facts.date", "return facts.date"),
        "bookings of any status count": (
            'if condition.filter == "booking_count":\n        return _CONFIRMED',
            'if condition.filter == "booking_count":\n        return None',
        ),
        "every line counts": ("lines=PRODUCT_LINES.codes(facts.lines)", "lines=PRODUCT_LINES.codes(())"),
        "a place has nothing in it": (
            'plan.CodeIn("place", matching(_keys(value)))',
            'plan.CodeIn("place", frozenset(sorted(matching(_keys(value)))[:1]))',
        ),
        "one line of has is enough": (
            "has=tuple(PRODUCT_LINES.codes((key,)) for key in has)",
            "has=(PRODUCT_LINES.codes(has),) if has else ()",
        ),
        "wishes undone are not asked for": ('wish_state=state[0] if state else "any"', 'wish_state="any"'),
        "first is latest": ('latest=_keys(value) == ("latest",)', 'latest=_keys(value) != ("latest",)'),
        "in a trip is upcoming": ('in_trip=_keys(value) == ("in_trip",)', 'in_trip=_keys(value) != ("in_trip",)'),
        "checking in is touching": ('if stay.relation == "in" else', 'if stay.relation != "in" else'),
        "night is not asked for": ('night="night" in condition.properties', "night=False"),
        "views are bookings": ("asked.viewed if is_viewed(condition) else asked.facts", "asked.facts"),
        "highest is lowest": ("top=operator is Operator.TOP_PERCENT", "top=operator is not Operator.TOP_PERCENT"),
        "answers are kept without the day": ("@{day}.0", "@.0"),
        "answers are kept without the minute": ("{ready.cache_key.removesuffix('.0')}.{minute}", "{ready.cache_key}"),
        "answers are kept without properties": (
            "{condition_key(condition)}@",
            "{condition.filter}{condition.operator}{condition.value}{condition.measure}{condition.window}@",
        ),
    },
)  # fmt: skip

_ALL_DAYS = '_number(korean_day(_of(f"{name}_at"))).as_(f"{name}_day")'
_ONE_IN_UTC = '_number(exp.cast(_of(f"{{name}}_at"), "DATE") if name == "{0}" else korean_day(_of(f"{{name}}_at"))).as_(f"{{name}}_day")'

ZONES = tuple(
    Fault(f"{name} by the day in UTC", "mart/schema.py", _ALL_DAYS, _ONE_IN_UTC.format(name))
    for name in ("carted", "checkout", "payment_failed", "booked", "paid", "cancelled", "refunded")
)

BOOKING_NOW = faults(
    "mart/schema.py",
    {
        "deleted bookings stand": ('found.where("NOT b.deleted")', 'found.where("b.user_no >= 0")'),
        "every version of a booking counts": ("exp.Not(this=exp.Exists(this=newer))", "exp.true()"),
        "the oldest version holds": ("n.source_version > b.source_version", "n.source_version < b.source_version"),
        "of two equal versions the earlier row holds": ("n.rowid > b.rowid", "n.rowid < b.rowid"),
        "the last night is check-out": ("THEN b.check_out - 1 ELSE", "THEN b.check_out ELSE"),
        "what is no stay has nights in booking_now": ("exp.Case().when(is_stay, length)", "length"),
    },
)

LEAD_TIME = faults(
    "mart/models/lead_time.sql",
    {
        "the upper median": ("BETWEEN stays AND stays + 1", "BETWEEN stays + 1 AND stays + 2"),
        "a stay cancelled today has a lead": ("cancelled_on > $day", "cancelled_on >= $day"),
        "day use has a lead": ("nights >= 1", "nights >= 0"),
        "a stay booked today has no lead": ("booked_on <= $day", "booked_on < $day"),
        "a stay booked tomorrow has a lead": ("booked_on <= $day", "booked_on <= $day + 1"),
    },
    first="test_traits",
)

INTENT = faults(
    "mart/models/overseas_intent.sql",
    {
        "weak looks back 89 days": ("seen.day BETWEEN $day - 89 AND", "seen.day BETWEEN $day - 88 AND"),
        "weak looks back 91 days": ("seen.day BETWEEN $day - 89 AND", "seen.day BETWEEN $day - 90 AND"),
        "looks tomorrow": ("seen.day BETWEEN $day - 89 AND $day", "seen.day BETWEEN $day - 89 AND $day + 1"),
        "carts of 6 days": ("cart.carted_on BETWEEN $day - 6", "cart.carted_on BETWEEN $day - 5"),
        "carts of 8 days": ("cart.carted_on BETWEEN $day - 6", "cart.carted_on BETWEEN $day - 7"),
        "near searches of 13 days": ("day >= $day - 13", "day >= $day - 12"),
        "near searches for 44 days ahead": ("$day + 45", "$day + 44"),
        "near searches for 46 days ahead": ("$day + 45", "$day + 46"),
        "near searches for tomorrow on": ("$day - 13 AND check_in BETWEEN $day AND", "$day - 13 AND check_in BETWEEN $day + 1 AND"),
        "near searches are counted by row": ("$day + 45 THEN events", "$day + 45 THEN 1"),
        "one near search is imminent": ("near_searches >= 2", "near_searches >= 1"),
        "dated searches of 29 days": ("kind = $search AND day >= $day - 29", "kind = $search AND day >= $day - 28"),
        "dated searches for 119 days ahead": ("$day + 120", "$day + 119"),
        "dated searches for 121 days ahead": ("$day + 120", "$day + 121"),
        "looks of 29 days": ("day >= $day - 29 THEN events ELSE 0 END) AS looks", "day >= $day - 28 THEN events ELSE 0 END) AS looks"),
        "two looks are clear": ("looks >= 3", "looks >= 2"),
        "four looks are clear": ("looks >= 3", "looks >= 4"),
        "looks on one day are clear": ("days_looked >= 2", "days_looked >= 1"),
        "clear looks on three days": ("days_looked >= 2", "days_looked >= 3"),
        "looks are counted by row": ("$day - 29 THEN events ELSE 0 END) AS looks", "$day - 29 THEN 1 ELSE 0 END) AS looks"),
        "a booking of the same day answers nothing": ("booked.booked_on >= evidence.day", "booked.booked_on > evidence.day"),
        "a booking answers any date": ("OR evidence.check_in BETWEEN booked.check_in AND booked.check_out", "OR evidence.check_in IS NOT NULL"),
        "a booking never answers a date": ("OR evidence.check_in BETWEEN booked.check_in AND booked.check_out", "OR FALSE"),
        "the day of check-out is not answered": ("BETWEEN booked.check_in AND booked.check_out)", "BETWEEN booked.check_in AND booked.check_out - 1)"),
        "a booking answers every country": ("booked.country_mask = evidence.country_mask", "booked.country_mask > 0"),
        "a cancelled booking answers": ("(trip.cancelled_on IS NULL OR trip.cancelled_on > $day)", "trip.booked_on IS NOT NULL"),
        "a booking of tomorrow answers": ("trip.booked_on BETWEEN $day - 89 AND $day", "trip.booked_on BETWEEN $day - 89 AND $day + 1"),
        "imminent is not clear": ("CASE WHEN is_clear OR is_imminent THEN", "CASE WHEN is_clear THEN"),
        "nothing is answered": ("WHERE NOT EXISTS", "WHERE TRUE OR NOT EXISTS"),
    },
    first="test_traits",
)  # fmt: skip

CYCLE = faults(
    "mart/models/payment_cycle.sql",
    {
        "each payment is a paid day": ("COUNT(DISTINCT paid_on)", "COUNT(paid_on)"),
        "today's payment is not paid": ("paid_on <= $day", "paid_on < $day"),
        "tomorrow's payment is paid": ("paid_on <= $day", "paid_on <= $day + 1"),
        "a cycle a day": ("// (days - 1)", "// days"),
        "the cycle is rounded up": ("DATE_DIFF('day', first_on, last_on) // (days - 1)", "(DATE_DIFF('day', first_on, last_on) + days - 2) // (days - 1)"),
        "elapsed is rounded before tenths": ("(10 * DATE_DIFF('day', last_on, $day)) // payment_cycle_days", "10 * (DATE_DIFF('day', last_on, $day) // payment_cycle_days)"),
    },
    first="test_traits",
)  # fmt: skip

NIGHTS = faults(
    "mart/models/preferred_nights.sql",
    {
        "Saturdays need more than a third": ("3 * sat >= nights", "3 * sat > nights"),
        "weekdays need more than a third": ("3 * weekday >= nights", "3 * weekday > nights"),
        "holiday eves need a half": ("3 * holiday_eve >= nights", "2 * holiday_eve >= nights"),
        "Friday is Thursday": ("3 * fri >= nights THEN 16", "3 * thu >= nights THEN 16"),
        "nights of 364 days": ("THEN $day - 364 ELSE", "THEN $day - 363 ELSE"),
        "tonight is not slept": ("THEN $day + 1 ELSE", "THEN $day ELSE"),
        "nights to come count": ("check_out > $day + 1 THEN $day + 1 ELSE", "check_out > $day + 900 THEN $day + 1 ELSE"),
        "cancelled nights count": ("(cancelled_on IS NULL OR cancelled_on > $day)", "booked_on IS NOT NULL"),
        "a booked night of tomorrow counts": ("booked_on <= $day\n", "booked_on <= $day + 1\n"),
    },
    first="test_traits",
)  # fmt: skip

TRAITS = (
    *faults(
        "mart/models/user_trait.sql",
        {"everybody has visited": ("COALESCE(visited.visited, FALSE) AS visited", "TRUE AS visited")},
        first="test_traits",
    ),
    *faults(
        "mart/models/visited.sql",
        {
            "a visit to come is one": ("day <= $day", "day <= $day + 10000"),
            "today's visit is none": ("day <= $day", "day < $day"),
            "any event is a visit": ("kind = $session", "kind >= $session"),
        },
        first="test_traits",
    ),
    *faults(
        "mart/traits.py",
        {"traits by the day in UTC": ('korean_day(column(f"{name}_at"))', 'exp.cast(column(f"{name}_at"), "DATE")')},
    ),
)

SHARED_FAULTS = (*ASKS, *ZONES, *BOOKING_NOW, *LEAD_TIME, *INTENT, *CYCLE, *NIGHTS, *TRAITS)
