"""Faults in the compiled loops."""

from __future__ import annotations

from tools.mutants.fault import faults

SETS = faults(
    "engine/kernel.py",
    {
        "all joins like any": ("out[i] = head[i] & second[i]", "out[i] = head[i] | second[i]"),
        "all joins its third child like any": ("out[i] &= row[i]", "out[i] |= row[i]"),
        "any joins like all": ("out[i] = head[i] | second[i]", "out[i] = head[i] & second[i]"),
        "an only child is not itself": ("children[min(1, children.size - 1)]", "UNIVERSE"),
        "not reaches beyond everybody": ("out[i] = everybody[i] & ~head[i]", "out[i] = ~head[i]"),
        "at least k means more than k": ("        out[i] |= equal[i]\n", "        out[i] |= np.uint64(0)\n"),
        "at least two means at least one": ("out[i] |= once[i] & row[i]", "out[i] |= row[i]"),
        "children are counted in one bit too few": ("if (c + 1) >> bits:", "if (c + 1) >> (bits + 1):"),
        "the last user has no code": (
            "for i in range(values.size):\n        code = values[i]",
            "for i in range(values.size - 1):\n        code = values[i]",
        ),
    },
)

FACET_SETS = faults(
    "engine/kernel.py",
    {"a facet counts everybody": ("in_a += ones(a[i] & word)", "in_a += ones(a[i])")},
    first="facets",
)

ROWS = faults(
    "engine/kernel_rows.py",
    {
        "the last day of one range is out": (
            "(values[i] >= low) & (values[i] <= high)",
            "(values[i] >= low) & (values[i] < high)",
        ),
        "the first day of several ranges is out": ("(days[i] >= first[r])", "(days[i] > first[r])"),
        "line and type are both needed": (
            "(one_codes[a >> 6] >> np.uint64(a & 63)) | (",
            "(one_codes[a >> 6] >> np.uint64(a & 63)) & (",
        ),
        "a mask must share all bits": ("np.uint8((masks[i] & wanted) != 0)", "np.uint8((masks[i] & wanted) == wanted)"),
        "an unsaid day has a distance": ("np.uint8(said & (days >= low)", "np.uint8((days >= low)"),
        "the last night does not touch": ("(first[r] <= last_night) &", "(first[r] < last_night) &"),
        "a searched stay ends at check-out": (
            "np.int64(nights[i]) - 1 if nights[i] > 0",
            "np.int64(nights[i]) if nights[i] > 0",
        ),
        "unsaid nights are very many": (
            "np.int64(nights[i]) - 1 if nights[i] > 0 else np.int64(0)",
            "np.int64(nights[i]) - 1 if nights[i] > 0 else np.int64(9)",
        ),
        "a row counts once whatever its events": ("+= np.int32(counts[i]) * np.int32(kept[i])", "+= np.int32(kept[i])"),
        "wishes undone are added": (
            "totals[users[i]] += (-sign if undone[i] else sign) * np.int32(counts[i])",
            "totals[users[i]] += (sign if undone[i] else sign) * np.int32(counts[i])",
        ),
        "a day counts for each of its rows": (
            "if kept[i] and (users[i] != last[0] or days[i] != last[1]):",
            "if kept[i]:",
        ),
        "a day with its wish undone still counts": (
            "+= np.int32(last[2] > 0) - np.int32(before)",
            "+= np.int32(last[2] > 0 and not before)",
        ),
        "the latest day is that of the last row": ("if kept[i] and days[i] >= latest[users[i]]:", "if kept[i]:"),
        "an unsaid line is a line": ("np.uint64(kept[i] & np.uint8(codes[i] < 64))", "np.uint64(kept[i])"),
        "a row that does not count hides its day": (
            "        if kept[i]:\n            found[total]",
            "        if kept[i] or i % 2:\n            found[total]",
        ),
        "refunds are ignored": ("* np.int64(refunded_day[i] <= day)", "* np.int64(0)"),
        "refunds to come are taken off": ("np.int64(refunded_day[i] <= day)", "np.int64(refunded_day[i] != NO_DATE)"),
        "refunds without a day are taken off": (
            "np.int64(refunded_day[i] <= day)",
            "np.int64((refunded_day[i] <= day) | (refunded_day[i] == NO_DATE))",
        ),
    },
)

FACET_ROWS = faults(
    "engine/kernel_rows.py",
    {
        "a facet line needs the very mask": ("if wanted[s] & masks[i]:", "if wanted[s] == masks[i]:"),
        "a code is on its first line only": (
            "for s in range(starts[code], starts[code + 1]):",
            "for s in range(starts[code], min(starts[code] + 1, starts[code + 1])):",
        ),
    },
    first="facets",
)

BOOKINGS = faults(
    "engine/kernel_bookings.py",
    {
        "what was cancelled is confirmed too": ("(CANCELLED if cancelled <= day else CONFIRMED)", "CONFIRMED | (CANCELLED if cancelled <= day else 0)"),
        "today's moments have not happened": ("day != NO_DAY and day <= by", "day != NO_DAY and day < by"),
        "an unsaid moment has happened": ("return day != NO_DAY and day <= by", "return day <= by"),
        "a no-show before check-in": ("(NO_SHOW if check_in <= day else 0)", "NO_SHOW"),
        "a no-show is completed": ("    if no_show:\n", "    if no_show and not _happened(end, day):\n"),
        "checking in today is upcoming": ("check_in > day else 0", "check_in >= day else 0"),
        "every confirmed booking is the latest": ("np.uint16(0xFFFF ^ LATEST)", "np.uint16(0xFFFF)"),
        "the day of check-out is no longer in the trip": ("day <= end and stay_mode", "day < end and stay_mode"),
        "day use is a trip": (" and stay_mode[i] != day_use:", " and stay_mode[i] != day_use + 1:"),
        "without a check-out a stay never ends": ("end = check_out[i] if check_out[i] != NO_DATE else check_in[i]", "end = check_out[i] if check_out[i] != NO_DATE else day + 1"),
        "checkout comes after a failed payment": ("        if failed[s] <= day:", "        if failed[s] <= day and not checkout[s] <= day:"),
        "a cart is left at once": ("touched + LEFT_AFTER_MINUTES <= minute", "touched <= minute"),
        "a cart is left after 61 minutes": ("touched + LEFT_AFTER_MINUTES <= minute", "touched + LEFT_AFTER_MINUTES < minute"),
        "a cart taken out by hand is left": (" or _happened(removed[c], minute):", " or removed[c] == minute + 1:"),
        "a failed payment is no touch": ("touched = max(touched, failed)", "touched = max(touched, touched)"),
        "left hours since the cart": ("hours[c] = (minute - touched) // 60", "hours[c] = (minute - carted[c]) // 60"),
        "left hours rounded up": ("(minute - touched) // 60", "(minute - touched + 59) // 60"),
    },
)  # fmt: skip

ANSWERS = faults(
    "index/kernel.py",
    {
        "a booking in the minute of the cart does not answer": (
            "booked[after - 1] >= minute)\n",
            "booked[after - 1] > minute)\n",
        ),
        "a booking's day in UTC": ("(moment // _MINUTE + SEOUL_MINUTES)", "(moment // _MINUTE)"),
        "only the first booking since may answer": ("            j += 1\n", "            j = users.size\n"),
        "what stands before a cart never answers": ("            after -= 1\n", "            break\n"),
        "a cart answered later for good was never left": (
            "booked_day[j] <= first_day:",
            "booked_day[j] <= first_day + 3650:",
        ),
        "a cart answered by what was cancelled was never left": (
            "if cancelled_day[j] == NO_DATE and booked_day[j]",
            "if booked_day[j]",
        ),
        "answers behind one that was cancelled are forgotten": (
            "if cancelled_day[j] == NO_DATE:\n",
            "if cancelled_day[j] != NO_DATE:\n",
        ),
        "unsaid products are the same": (
            "if product[booking] == product[cart] and product[cart] != 0:",
            "if product[booking] == product[cart]:",
        ),
        "unsaid places are the same": (" or place[cart] == NO_PLACE:", ":"),
        "stays that share one night do not overlap": (
            "check_in[booking] <= last_night[cart] and check_in[cart] <= last_night[booking]",
            "check_in[booking] < last_night[cart] and check_in[cart] < last_night[booking]",
        ),
    },
    first="booked_for_it",
)

CARTS = faults(
    "engine/kernel_bookings.py",
    {
        "a booking cancelled since still answers": (
            "booked_day[a] <= day and not cancelled_day[a] <= day",
            "booked_day[a] <= day",
        ),
        "a booking to come answers": ("booked_day[a] <= day and not", "not"),
        "the next cart's answers are this one's too": (
            "before, first = first, np.int64(ends[c])",
            "before, first = start, np.int64(ends[c])",
        ),
        "a cart is filled the day after": ("(CARTED if carted[i] <= day else 0)", "(CARTED if carted[i] < day else 0)"),
        "the first confirmed booking is never the first": (
            "(FIRST if before < 0 else 0)",
            "(FIRST if before > 0 else 0)",
        ),
    },
    first="cart",
)

NUMBERS = faults(
    "engine/kernel_slices.py",
    {
        "the unknown is written like the lowest": ("            out[i] = 0\n", "            out[i] = 1\n"),
        "the lowest number is written as unknown": (
            "np.uint64(value) - np.uint64(low) + np.uint64(1)",
            "np.uint64(value) - np.uint64(low)",
        ),
        "the unknown is the lowest number": (
            "if value != empty:\n            low, high",
            "if value != empty + 1:\n            low, high",
        ),
    },
)

KERNEL_FAULTS = (*ANSWERS, *CARTS, *NUMBERS, *SETS, *FACET_SETS, *ROWS, *FACET_ROWS, *BOOKINGS)
