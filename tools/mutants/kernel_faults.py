"""Faults in the compiled loops."""

from __future__ import annotations

from tools.mutants.fault import faults

SETS = faults(
    "engine/kernel.py",
    {
        "all joins like any": ("out[i] &= row[i]", "out[i] |= row[i]"),
        "any joins like all": ("out[i] |= row[i]", "out[i] &= row[i]"),
        "not reaches beyond everybody": ("out[i] = everybody[i] & ~head[i]", "out[i] = ~head[i]"),
        "at least k means more than k": ("out[i] = above | equal", "out[i] = above"),
        "four true children count as none": ("_PLANES = 8 ", "_PLANES = 2 "),
        "the last word of a set is dropped where it is not full": (
            "for i in range(whole * 64, values.size):",
            "for i in range(whole * 64, whole * 64):",
        ),
        "the highest number is out in full words": (
            "np.uint64((value >= low) & (value <= high))",
            "np.uint64((value >= low) & (value < high))",
        ),
        "the highest number is out in the last word": ("if low <= values[i] <= high:", "if low <= values[i] < high:"),
        "the last user has no code": (
            "for i in range(values.size):\n        code = values[i]",
            "for i in range(values.size - 1):\n        code = values[i]",
        ),
    },
)

FACET_SETS = faults(
    "engine/kernel.py",
    {"a facet counts everybody": ("ones(row[i] & audience[start + i])", "ones(row[i])")},
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
        "the last night does not touch": ("(first[r] <= last_night[i])", "(first[r] < last_night[i])"),
        "a searched stay ends at check-out": ("np.int64(nights[i]) - 1 if 0", "np.int64(nights[i]) if 0"),
        "unsaid nights are very many": ("0 < nights[i] < NO_NIGHTS", "0 < nights[i] <= NO_NIGHTS"),
        "a row counts once whatever its events": ("+= counts[i] * np.int32(kept[i])", "+= np.int32(kept[i])"),
        "wishes undone are added": (
            "totals[users[i]] += (-sign if undone[i] else sign) * counts[i]",
            "totals[users[i]] += (sign if undone[i] else sign) * counts[i]",
        ),
        "a day counts for each of its rows": (
            "if kept[i] and (users[i] != last[0] or days[i] != last[1]):",
            "if kept[i]:",
        ),
        "a day with its wish undone still counts": (
            "+= np.int32(last[2] > 0) - np.int32(before)",
            "+= np.int32(last[2] > 0 and not before)",
        ),
        "the latest day is that of the last row": (
            "if kept[i] and days[i] > latest[users[i]]:",
            "if kept[i]:",
        ),
        "an unsaid line is a line": ("if kept[i] and codes[i] < 64:", "if kept[i]:"),
        "a row that does not count hides its day": ("if kept[j] and days[j] == days[i]:", "if days[j] == days[i]:"),
        "days are told apart from the row before only": (
            "if kept[j] and days[j] == days[i]:",
            "if kept[j] and j == i - 1 and days[j] == days[i]:",
        ),
        "refunds are ignored": (
            "back = refunded[i] if (refunded_day[i] != NO_DAY) & (refunded_day[i] <= day) else 0",
            "back = 0",
        ),
        "refunds to come are taken off": (
            "(refunded_day[i] != NO_DAY) & (refunded_day[i] <= day) else 0",
            "(refunded_day[i] != NO_DAY) else 0",
        ),
        "refunds without a day are taken off": (
            "(refunded_day[i] != NO_DAY) & (refunded_day[i] <= day) else 0",
            "(refunded_day[i] <= day) else 0",
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
        "what was cancelled is confirmed too": (
            "(CANCELLED if _happened(cancelled, day) else CONFIRMED)",
            "CONFIRMED | (CANCELLED if _happened(cancelled, day) else 0)",
        ),
        "today's moments have not happened": ("day != NO_DAY and day <= by", "day != NO_DAY and day < by"),
        "an unsaid moment has happened": ("return day != NO_DAY and day <= by", "return day <= by"),
        "a no-show before check-in": ("(NO_SHOW if _happened(check_in, day) else 0)", "NO_SHOW"),
        "a no-show is completed": ("    if no_show:\n", "    if no_show and not _happened(end, day):\n"),
        "checking in today is upcoming": ("check_in > day else 0", "check_in >= day else 0"),
        "every confirmed booking is the latest": ("np.uint16(0xFFFF ^ LATEST)", "np.uint16(0xFFFF)"),
        "only the first user has a first booking": (
            "if i > 0 and users[i] != users[i - 1]:\n            is_first, latest = True, -1",
            "if i > 0 and users[i] != users[i - 1]:\n            is_first, latest = is_first, -1",
        ),
        "the day of check-out is no longer in the trip": ("and day <= end and", "and day < end and"),
        "day use is a trip": (" and stay_mode[i] != day_use:", " and stay_mode[i] != day_use + 1:"),
        "without a check-out a stay never ends": (
            "end = check_out[i] if check_out[i] != NO_DAY else check_in[i]",
            "end = check_out[i] if check_out[i] != NO_DAY else day + 1",
        ),
        "checkout comes after a failed payment": (
            "if _happened(failed, day):\n        return STAGE_FAILED",
            "if _happened(failed, day) and not _happened(checkout, day):\n        return STAGE_FAILED",
        ),
        "a cart is left at once": ("touched + 60 <= minute", "touched <= minute"),
        "a cart is left after 61 minutes": ("touched + 60 <= minute", "touched + 60 < minute"),
        "a booking does not answer its own cart": ("if states[j] & CONFIRMED:", "if states[j] & CONFIRMED and j != i:"),
        "a cart taken out by hand is left": (" or _happened(removed[i], minute):", " or removed[i] == minute + 1:"),
        "a booking in the minute of the cart does not answer": ("booked[j] >= carted[i])", "booked[j] > carted[i])"),
        "stays that share one night do not overlap": (
            "first <= other_last and other_first <= last",
            "first < other_last and other_first < last",
        ),
        "unsaid products are the same": (
            "(product[j] == product[i] and product[i] != 0)",
            "(product[j] == product[i])",
        ),
        "unsaid places are the same": ("place[j] == place[i] and place[i] != NO_PLACE", "place[j] == place[i]"),
        "a failed payment is no touch": ("touched = max(touched, failed)", "touched = max(touched, touched)"),
        "left hours since the cart": ("hours[i] = (minute - touched) // 60", "hours[i] = (minute - carted[i]) // 60"),
        "left hours rounded up": ("(minute - touched) // 60", "(minute - touched + 59) // 60"),
    },
)  # fmt: skip

KERNEL_FAULTS = (*SETS, *FACET_SETS, *ROWS, *FACET_ROWS, *BOOKINGS)
