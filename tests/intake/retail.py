"""What a shop's invoice lines mean, worked out row by row in plain Python: no SQL, and no word of the product's code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
KOREA = timezone(timedelta(hours=9))
RATE = Decimal(1800)

Line = tuple[str, str, str, str, str]
"""Invoice, quantity, date, price, customer: as texts."""


@dataclass
class Customer:
    """What is known of one customer: days in Korea of their invoices, what they spent and cancelled."""

    confirmed: list[date] = field(default_factory=list)
    cancelled: int = 0
    spent: int = 0
    first: datetime | None = None


def customers(lines: Iterable[Line]) -> dict[str, Customer]:
    """Every customer of lines that all are fine."""
    totals: dict[tuple[str, str], Decimal] = {}
    first: dict[tuple[str, str], str] = {}
    for invoice, quantity, moment, price, customer in lines:
        key = (customer, invoice)
        totals[key] = totals.get(key, Decimal(0)) + Decimal(quantity) * Decimal(price)
        first[key] = min(first.get(key, moment), moment)
    found: dict[str, Customer] = {}
    for (who, invoice), total in totals.items():
        customer = found.setdefault(who, Customer())
        at = datetime.strptime(first[who, invoice], "%Y-%m-%d %H:%M:%S").replace(tzinfo=LONDON)
        customer.first = min(customer.first or at, at)
        krw = int((abs(total) * RATE).to_integral_value(ROUND_FLOOR))
        if invoice.startswith("C"):
            customer.cancelled += 1
            customer.spent -= krw
        else:
            customer.confirmed.append(at.astimezone(KOREA).date())
            customer.spent += krw
    return found
