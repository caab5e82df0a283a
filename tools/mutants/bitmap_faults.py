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
            "counts are known by their place": ("Tally(count))", "Tally(tallies[0]))"),
            "the first bit of a word is everybody's": (">> (user_no & 63) & 1", "& 1"),
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
        "states are kept without the day": ('("states", self.day)', '("states",)'),
        "traits of another day are taken": ("own is not None and own.day == self.day", "own is not None"),
    },
)  # fmt: skip

TESTS = (
    *faults(
        "engine/bitmap_tests.py",
        {
        "a share is rounded down": ("-(-test.percent * count // 100)", "max(1, test.percent * count // 100)"),
        "ties are out of the highest share": ("values.between(limit, None) if test.top", "values.between(limit + 1, None) if test.top"),
        "zero is in the lowest share": ("else values.between(1, limit)", "else values.between(0, limit)"),
        "shares are taken of users who are not active": ("known = everybody & values.between(1, None)", "known = values.between(1, None)"),
        "one of all sets is enough": ("found = found & _shares_code(values, codes, everybody)", "found = _shares_code(values, codes, everybody)"),
        "only is true of nothing": ("return _shares_code(values, test.codes, everybody) & ~_shares_code(values, others, everybody)", "return _of_known(values, everybody) & ~_shares_code(values, others, everybody)"),
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
        "a stay lies on its check-in": (
            "return (_touches(plan.Touches(rows.days), asked),)",
            'return (_day_in(asked.log, "check_in", rows.days),)',
        ),
        "a cart booked later counts from that day": ("said = np.where(booked <= asked.day, booked, carted)", "said = np.where(booked != NO_DATE, booked, carted)"),
        "left hours without a least hold of every row": ("low, high = max(0, test.low or 0),", "low, high = (-1 if test.low is None else test.low),"),
        "checking in today is not upcoming": ("\"check_in\", asked.day, None, empty=NO_DATE", "\"check_in\", asked.day + 1, None, empty=NO_DATE"),
        "first and latest change places": (
            "state.LATEST if test.latest else state.FIRST",
            "state.FIRST if test.latest else state.LATEST",
        ),
    },
)  # fmt: skip

VALUES = faults(
    "engine/bitmap_values.py",
    {
        "has is ignored": ("wanted &= (bits & _bits(lines, bits)) != 0", "wanted &= (bits & _bits(lines, bits)) >= 0"),
        "lacks is ignored": ("(bits & _bits(rows.lacks, bits)) == 0", "(bits & _bits(rows.lacks, bits)) >= 0"),
        "wishes kept fall below zero": ("np.maximum(totals, 0, out=totals)", "np.abs(totals, out=totals)"),
        "wishes undone count below zero": ('"removed": -1', '"removed": 1'),
        "a visit without a device is unknown": ("packed(seen != 0))", "packed(seen > 1))"),
        "spend lies on the booked day": ('date="paid"', 'date="booked"'),
        "the average counts cancelled bookings": (
            "state_step(found.asked, state.CONFIRMED)",
            "state_step(found.asked, state.BOOKED)",
        ),
        "everybody ages a day late": (
            "- written[born[known] - first]) // 10_000",
            "- written[born[known] - first] - 1) // 10_000",
        ),
        "the born on 29 February age on the 28th": (
            "written = _written_dates(first, last)",
            "written = (lambda w: np.where(w % 10_000 == 229, w - 1, w))(_written_dates(first, last))",
        ),
        "marketing use is not needed": ("everyone & given[channel.key] & (", "given[channel.key] & ("),
        "countries asked about are ignored": (
            "np.uint64(2**64 - 1 if ask.countries is None else ask.countries)",
            "np.uint64(2**64 - 1)",
        ),
        "who never visited has no intent": ('levels[traits["visited"] == 0] = _NO_LEVEL', 'levels[traits["visited"] == 0] = none'),
        "the lowest level wins": (
            '("intent_weak", weak), ("intent_clear", clear), ("intent_imminent", imminent)',
            '("intent_imminent", imminent), ("intent_clear", clear), ("intent_weak", weak)',
        ),
        "the latest day may lie ahead": ("np.uint16(max(0, reader.day)), kept)", "np.uint16(max(0, reader.day) + 10_000), kept)"),
    },
)  # fmt: skip

INDEX = (
    *faults(
        "index/build.py",
        {
            "consents to come are given": ("~missing & (moments <= state.since)", "~missing"),
        },
    ),
    *faults(
        "index/source.py",
        {
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
            "the index takes unsaid products for one": ("CASE WHEN product_id IS NULL THEN 0 ELSE", "CASE WHEN product_id = '' THEN 0 ELSE"),
        },
    ),
    *faults(
        "index/queries/traits.sql",
        {"clear and imminent change places": ("intent_clear,\n  intent_imminent,", "intent_imminent AS intent_clear,\n  intent_clear AS intent_imminent,")},
    ),
)  # fmt: skip

NUMBERS = (
    *faults(
        "engine/bitmap_sets.py",
        {
            "the highest number of a range is out": ("kind(last - first), out)", "kind(max(0, last - first - 1)), out)"),
            "an open end starts at the unknown": ("first = 1 if low is None", "first = 0 if low is None"),
            "a range begins one too high": ("max(1, low - lowest + 1)", "max(1, low - lowest + 2)"),
        },
    ),
    *faults(
        "engine/bitmap_rows.py",
        {
            "a payment to come has happened": (
                "if rows.date in HAPPENED_DATES else",
                'if rows.date in HAPPENED_DATES and rows.date != "paid" else',
            ),
        },
    ),
    *faults(
        "engine/bitmap_scan.py",
        {
            "the last stretch of a window is skipped": (
                "            end = int(starts[after])\n",
                "            end = int(starts[max(run + 1, after - 1)])\n",
            ),
            "a block keeps what the block before had left": ("                kept.fill(1)\n", "                kept[:1] = 1\n"),
        },
    ),
    *faults(
        "engine/bitmap_gathered.py",
        {"sums go on from the part before": ("        numbers.fill(0)\n", "        numbers[:1] = 0\n")},
    ),
    *faults(
        "engine/bitmap_values.py",
        {
            "night consent is ignored": (" & (everyone if night is None else night)", ""),
        },
    ),
    *faults(
        "engine/bitmap_patched.py",
        {
            "changed users keep their old answer": ("        put_bits(words, users, now)\n", "        put_bits(words, users, before)\n"),
            "changed users count twice": ("large.count - int(before.sum()) + int(now.sum())", "large.count + int(now.sum())"),
            "a share does not move with changed users": (
                "values[self.reading.patch.users] = _plain(value_of(self.small, ask))",
                "values[self.reading.patch.users] += 0",
            ),
            "who becomes active is not everybody": ("return self._laid(self.base.everybody(), self.small.everybody())", "return self.base.everybody()"),
        },
    ),
    *faults(
        "index/patch.py",
        {
            "bits of a word already set stay set": ("words[where] &= ~np.bitwise_or.reduceat(bits, first)", "words[where] &= ~np.uint64(0)"),
            "only the first user of a word is changed": ("np.bitwise_or.reduceat(np.where(values, bits, np.uint64(0)), first)", "np.where(values, bits, np.uint64(0))[first]"),
        },
    ),
    *faults(
        "index/bookings.py",
        {
            "the day of check-out is a night": ("has = self._before[end, kind] >", "has = self._before[end + 1, kind] >"),
            "what is no stay has nights": ('ordered["nights"] > 0', 'ordered["nights"] > -(2**15) - 1'),
            "a cart emptied after hours was never left": ("carted > LEFT_AFTER_MINUTES)", "carted > LEFT_AFTER_MINUTES * 100)"),
            "carts are of the rows beside them": ('return {"row": places[final],', 'return {"row": places[final] ^ 1,'),
            "a cart's lead is counted in stretches of the month": ('np.where(booked != NO_DATE, booked, np.where(carted', 'np.where(booked != NO_DATE, booked * 0, np.where(carted'),
        },
    ),
    *faults(
        "index/rows.py",
        {
            "of two bookings of a moment the later id is first": ("np.lexsort((tie[rows], moment[rows], group))", "np.lexsort((tie[rows], moment[rows], group))[::-1]"),
            "carts stand before bookings": ("minute.max(initial=0) + 1", "minute.min(initial=0) - 1"),
            "days of a stretch stand in any order": ("user % USERS_A_PART, day)", "user % USERS_A_PART)"),
            "the earliest day of a stretch is its latest": ("min(low, int(said.min())), max(high, int(said.max()))", "max(0, int(said.max())), max(high, int(said.max()))"),
            "of two bookings of a minute the later is first": ("(tie[rows], moment[rows], group)", "(tie[rows], -moment[rows], group)"),
            "a part's first row is that of the part before": ("before = np.concatenate(([0], ends[:-1, -1]))", "before = np.concatenate(([1], ends[:-1, -1]))"),
        },
    ),
    *faults(
        "index/queries/bookings.sql",
        {
            "a cancellation's day is a day late": ("epoch_us(cancelled_at)", "epoch_us(cancelled_at) + 86400000000"),
        },
    ),
    *faults(
        "index/queries/superseded.sql",
        {"the oldest version holds in the index": ("n.source_version > b.source_version OR", "n.source_version < b.source_version OR")},
    ),
    *faults(
        "index/queries/superseded_of.sql",
        {"the oldest version holds in a patch": ("n.source_version > b.source_version OR", "n.source_version < b.source_version OR")},
    ),
)  # fmt: skip

BITMAP_FAULTS = (*NUMBERS, *ENGINE, *READING, *TESTS, *ROWS, *VALUES, *INDEX)
