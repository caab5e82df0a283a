"""What real bookings look like, fitted from the public hotel bookings of Antonio, Almeida and Nunes.

Source: N. Antonio, A. de Almeida, L. Nunes, "Hotel booking demand datasets", Data in Brief 22 (2019) 41-49, CC BY 4.0.
The tables are quantiles and shares of the bookings of individuals (market segments Direct, Online TA, Corporate; Offline
TA/TO where said) without those of deposit type "Non Refund", which are bulk bookings of tour operators.
"""

from __future__ import annotations

from typing import Final

LEAD_DAYS: Final = {
    "corporate": (0, 0, 0, 1, 1, 2, 3, 4, 4, 5, 6, 8, 11, 13, 17, 23, 29, 36, 55, 86, 343),
    "direct": (0, 0, 0, 0, 0, 1, 2, 4, 6, 10, 16, 22, 31, 43, 57, 75, 96, 125, 158, 197, 365),
    "online": (0, 1, 4, 8, 13, 18, 25, 32, 39, 48, 58, 69, 82, 95, 112, 129, 150, 173, 201, 244, 365),
    "individuals": (0, 0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 56, 67, 81, 97, 115, 136, 160, 189, 235, 365),
    "tour": (0, 2, 7, 14, 24, 34, 41, 53, 64, 78, 93, 109, 124, 144, 163, 181, 207, 239, 273, 338, 365),
}
"""Days from booking to check-in by market segment, at every 5 %; more than a year is cut to a year.

`individuals` is Direct, Online TA and Corporate together: the yardstick the sample is held to.
"""

LEAD_EDGES: Final = (0, 1, 2, 4, 8, 15, 31, 61, 91, 181)
CANCELLED_PERMILLE: Final = (57, 66, 99, 123, 230, 317, 371, 366, 415, 506)
"""How many of a thousand bookings are cancelled, by the lead days from each edge up to the next; 315 of all."""

CANCEL_MOMENT: Final = (0.0, 0.0, 0.022, 0.063, 0.137, 0.245, 0.391, 0.552, 0.719, 0.878, 1.0)
"""When a cancellation comes, as a share of the time from booking to check-in, at every 10 %."""

NO_SHOW_PERMILLE: Final = 17
"""How many of a thousand bookings not cancelled are no-shows."""

NIGHTS: Final = {
    "corporate": (0.53, 0.235, 0.113, 0.055, 0.011, 0.004),
    "direct": (0.324, 0.175, 0.151, 0.11, 0.069, 0.039),
    "online": (0.163, 0.182, 0.228, 0.18, 0.087, 0.041),
    "individuals": (0.215, 0.184, 0.207, 0.16, 0.079, 0.038),
}
"""Shares of 1, 2 … 6 nights by market segment."""

PRICE_SPREAD: Final = (0.50, 0.72, 0.81, 0.87, 0.94, 1.0, 1.07, 1.15, 1.27, 1.47, 2.15)
"""The price a night relative to the median of its hotel and month, at every 10 %; the ends are the 1st and 99th percentile."""

PRICE_BY_MONTH: Final = (0.70, 0.74, 0.79, 1.00, 1.12, 1.18, 1.27, 1.40, 1.15, 0.92, 0.71, 0.75)
"""The median price a night from January to December relative to that of the year."""

ARRIVALS_BY_MONTH: Final = (0.51, 0.81, 1.03, 1.05, 1.01, 0.92, 1.14, 1.37, 1.04, 1.18, 0.98, 0.97)
"""Arrivals a month of 2016, the one whole year in the data, relative to the mean month."""
