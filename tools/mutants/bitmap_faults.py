"""Faults in the engine that answers from the index, and in how the index is built."""

from __future__ import annotations

from tools.mutants.fault import faults

ENGINE = (
    *faults(
        "engine/bitmap.py",
        {
            "everybody is the audience": ("base=at.everybody().count", "base=found[rule.root.id].count"),
            "members of a second block are numbered like the first": (
                "block.size * WORD)) + first * WORD",
                "block.size * WORD)) + first * 0",
            ),
        },
    ),
    *faults(
        "engine/bitmap.py",
        {
            "a facet's count and base change places": (
                "count=count, base=each.count",
                "count=each.count, base=count",
            ),
            "facets of carts keep the minute they were first asked at": (
                "ask(condition, as_of) if is_of_minute else question",
                "question",
            ),
        },
        first="facets",
    ),
    *faults(
        "engine/bitmap_facets.py",
        {
            "facets count users who are not active": ("active = words & everybody", "active = words"),
            "facets that differ in lines share rows": (
                "Shared(replace(ask.rows, tests=()), test.column)",
                "Shared(replace(ask.rows, tests=(), lines=frozenset(), types=frozenset()), test.column)",
            ),
            "a wish undone is on a facet's line": (" or len(rows.kinds) > 1:", ":"),
        },
        first="facets",
    ),
    *faults(
        "engine/bitmap_program.py",
        {
            "at least k of the bitmap asks for one more": ("node.k if isinstance", "node.k + 1 if isinstance"),
            "groups are kept without their kind": ("self.at.day, kind, least, keys", "self.at.day, least, keys"),
            "groups are kept without their k": ("self.at.day, kind, least, keys", "self.at.day, kind, keys"),
            "groups are kept without their day": ('("group", self.at.day, kind', '("group", kind'),
            "a child named twice counts once under at least": (
                "keys if kind == kernel.AT_LEAST else frozenset(keys)",
                "frozenset(keys)",
            ),
        },
    ),
)

READING = faults(
    "engine/bitmap_reading.py",
    {
        "the last active status is not active": (
            "(users.status <= LAST_ACTIVE_STATUS)",
            "(users.status < LAST_ACTIVE_STATUS)",
        ),
        "who signs up later is active": ("(users.signed_up_day <= self.day)", "(users.signed_up_day <= self.day + 10**6)"),
        "who never signed up is active": ("(users.signed_up_day != NO_DAY) & (", "("),
        "a negative is false of the unknown": (
            "_people(everybody & ~found if ask.negated else found)",
            "_people(everybody & ~found & matching(plan.Known(), self.values(ask), everybody) if ask.negated else found)",
        ),
        "account status widens": ("found &= packed(_is_one_of", "found |= packed(_is_one_of"),
        "a consent of this very moment is late": ("np.count_nonzero(late <= moment)", "np.count_nonzero(late < moment)"),
        "late consents are forgotten": ("if not self.late:", "if self.late >= 0:"),
        "everybody is kept without the day": ('("everybody", self.day)', '("everybody",)'),
        "values are kept without the day": ('("values", self.day, minute, *asked)', '("values", minute, *asked)'),
        "values are kept without the minute": (
            '("values", self.day, minute, *asked)',
            '("values", self.day, *asked)',
        ),
        "values are kept without the night": ("ask.countries, ask.night, self._late(ask)", "ask.countries, self._late(ask)"),
        "values are kept without the countries": (
            "ask.rows, ask.countries, ask.night",
            "ask.rows, ask.night",
        ),
        "values are kept without the column": ("(ask.aggregate, ask.column, ask.rows", "(ask.aggregate, ask.rows"),
        "carts left are kept without the minute": ('("left", self.minute)', '("left",)'),
        "states are kept without the day": ('("states", self.day)', '("states",)'),
        "traits of another day are taken": ("own is not None and own.day == self.day", "own is not None"),
        "blocks part a user's rows": (
            'after = int(np.searchsorted(users, users[last], "right"))',
            "after = last + 1",
        ),
    },
)  # fmt: skip

TESTS = (
    *faults(
        "engine/bitmap_sets.py",
        {
            "the unknown is a number": (
                "return (low + 1, high) if self.empty == low else (low, high - 1)",
                "return low, high",
            )
        },
    ),
    *faults(
        "engine/bitmap_tests.py",
        {
            "a share is rounded down": (
                "-(-test.percent * known.size // 100)",
                "max(1, test.percent * known.size // 100)",
            ),
            "ties are out of the highest share": ("_in_range(values, limit, None)", "_in_range(values, limit + 1, None)"),
            "zero is in the lowest share": ("_in_range(values, 1, limit)", "_in_range(values, 0, limit)"),
            "shares are taken of users who are not active": (
                "values.values[unpacked(everybody, values.values.size)]",
                "values.values",
            ),
            "one of all sets is enough": ("found = found & _shares_bit(values, codes)", "found = _shares_bit(values, codes)"),
            "only is true of nothing": ("packed((values.masks != 0) & (others == 0))", "packed(others == 0)"),
            "options are always known": ("return _of_known(values, everybody)", "return everybody"),
            "unknown options are all options": (
                "found if values.known is None else found & values.known",
                "found",
            ),
        },
    ),
)  # fmt: skip

ROWS = faults(
    "engine/bitmap_rows.py",
    {
        "tomorrow has happened": ("(low, min(high, last)) for", "(low, min(high, last + 1)) for"),
        "today has not happened": ("(low, min(high, last)) for", "(low, min(high, last - 1)) for"),
        "a wish undone later is undone": ('"done_day", None, asked.day)', '"done_day", None, None)'),
        "wishes undone are kept": ('"kept": (0, 1)', '"kept": (0, 0)'),
        "the last stretch of a window is skipped": ("int(high) // STRETCH_DAYS + 1)", "int(high) // STRETCH_DAYS)"),
        "a cancellation to come has happened": (
            'HAPPENED_DATES = ("carted", "booked", "paid", "cancelled")',
            'HAPPENED_DATES = ("carted", "booked", "paid")',
        ),
        "a stay lies on its check-in": (
            "return (_touches(plan.Touches(rows.days), asked),)",
            'return (_day_in(asked.log, "check_in", rows.days),)',
        ),
        "a cart booked later counts from that day": ("has_come = (booked != NO_DAY) & (booked <= asked.day)", "has_come = booked != NO_DAY"),
        "left hours without a least hold of every row": ("max(0, test.low or 0), test.high", "test.low, test.high"),
        "checking in today is not upcoming": (
            '"check_in", asked.day, None, empty=NO_DAY',
            '"check_in", asked.day + 1, None, empty=NO_DAY',
        ),
        "unsaid nights are a number": ("else int(np.iinfo(np.uint16).max)", "else None"),
        "first and latest change places": (
            "state.LATEST if test.latest else state.FIRST",
            "state.FIRST if test.latest else state.LATEST",
        ),
    },
)  # fmt: skip

VALUES = faults(
    "engine/bitmap_values.py",
    {
        "has is ignored": ("wanted &= (bits & _bits(lines)) != 0", "wanted &= (bits & _bits(lines)) >= 0"),
        "lacks is ignored": ("(bits & _bits(rows.lacks)) == 0", "(bits & _bits(rows.lacks)) >= 0"),
        "wishes kept fall below zero": ('np.maximum(totals, 0) if log.name == "wish" else totals', "np.abs(totals)"),
        "wishes undone count below zero": ('"removed": -1', '"removed": 1'),
        "a visit without a device is unknown": ("packed(bits != 0))", "packed((bits & ~_SEEN) != 0))"),
        "spend lies on the booked day": ('date="paid"', 'date="booked"'),
        "the average counts cancelled bookings": (
            "state_step(found.asked, state.CONFIRMED)",
            "state_step(found.asked, state.BOOKED)",
        ),
        "quotients are rounded up": ("totals // np.maximum(counts, 1)", "-(-totals // np.maximum(counts, 1))"),
        "a quotient of nothing is known": ("known = counts > 0", "known = counts >= 0"),
        "everybody ages a day late": (
            "- written[born[known] - first]) // 10_000",
            "- written[born[known] - first] - 1) // 10_000",
        ),
        "the born on 29 February age on the 28th": (
            "written = _written_dates(first, last)",
            "written = (lambda w: np.where(w % 10_000 == 229, w - 1, w))(_written_dates(first, last))",
        ),
        "marketing use is not needed": ("given[_MARKETING_USE] & given[channel.key]", "given[channel.key] & given[channel.key]"),
        "night consent is ignored": ("words &= night", "words &= words"),
        "e-mail needs marketing use only": (
            "words = given[_MARKETING_USE] & given[channel.key]",
            'words = given[_MARKETING_USE] & given[channel.key if channel.key != "email" else _MARKETING_USE]',
        ),
        "countries asked about are ignored": (
            "np.uint64(2**64 - 1 if ask.countries is None else ask.countries)",
            "np.uint64(2**64 - 1)",
        ),
        "who never visited has no intent": ('levels[traits["visited"] == 0] = _NO_LEVEL', 'levels[traits["visited"] == 0] = none'),
        "the lowest level wins": (
            '("intent_weak", weak), ("intent_clear", clear), ("intent_imminent", imminent)',
            '("intent_imminent", imminent), ("intent_clear", clear), ("intent_weak", weak)',
        ),
        "the latest day may lie ahead": ("np.int32(reader.day), kept)", "np.int32(reader.day + 10_000), kept)"),
    },
)  # fmt: skip

INDEX = (
    *faults(
        "index/build.py",
        {
            "consents to come are given": ("~missing & (moments <= state.since)", "~missing"),
            "the day of check-out is a night": ("check_out[stays] - self._first", "check_out[stays] + 1 - self._first"),
            "what is no stay has nights": (
                'columns["nights"] > 0)',
                'columns["check_out"] > columns["check_in"])',
            ),
        },
    ),
    *faults(
        "index/source.py",
        {
            "days of a stretch stand in any order": ("(user << 5) + day % STRETCH_DAYS", "(user << 5)"),
            "users on the edge of two pieces are read twice": ('"last_user": after - 1', '"last_user": after'),
        },
    ),
    *faults(
        "index/queries/profiles.sql",
        {
            "sign-up day in UTC": ("INTERVAL 9 HOUR", "INTERVAL 0 HOUR"),
            "a profile that has just ended holds": ("valid_to > $at", "valid_to >= $at"),
            "a profile that has just begun does not hold": ("valid_from <= $at", "valid_from < $at"),
        },
    ),
    *faults(
        "index/queries/behavior.sql",
        {"a wish undone lies on the day it was undone": ("THEN wished_on ELSE day END", "THEN day ELSE day END")},
    ),
    *faults(
        "index/queries/bookings.sql",
        {
            "of two bookings of a moment the later id is first": ("NULLS LAST, booking_id)", "NULLS LAST, booking_id DESC)"),
            "carts stand before bookings": ("booked_at NULLS LAST", "booked_at NULLS FIRST"),
            "the last night of the index is check-out": ("last_night_day AS last_night", "COALESCE(check_out_day, check_in_day) AS last_night"),
            "the index takes unsaid products for one": ("CASE WHEN product_id IS NULL THEN 0 ELSE", "CASE WHEN product_id = '' THEN 0 ELSE"),
        },
    ),
    *faults(
        "index/queries/traits.sql",
        {"clear and imminent change places": ("intent_clear,\n  intent_imminent,", "intent_imminent AS intent_clear,\n  intent_clear AS intent_imminent,")},
    ),
)  # fmt: skip

BITMAP_FAULTS = (*ENGINE, *READING, *TESTS, *ROWS, *VALUES, *INDEX)
