"""What a user's value is: the answer a condition compares, or None where it is unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import cast

from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.holidays import night_bits
from audience_builder.catalog.options import ACCOUNT_STATUSES, CHANNELS, INTENTS, NIGHT_KINDS
from audience_builder.catalog.places import country_of, leaves, place_of_code
from audience_builder.clock import day_of
from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow
from audience_builder.mart.tables import LAST_ACTIVE_STATUS, EventKind
from audience_builder.rule.defaults import measure_of
from audience_builder.rule.meaning_moments import Moment, happened, is_confirmed, is_stay
from audience_builder.rule.meaning_rows import counted_rows, paid_rows, row_day, wish_totals
from audience_builder.rule.tree import Condition

UserValue = int | date | frozenset[int] | None
"""A number, a date, the codes of options, or unknown."""


def profile_on(who: Person, now: Moment) -> ProfileRow | None:
    """The version of the profile that holds at the moment."""
    for version in who.profiles:
        if version.valid_from <= now.as_of and (version.valid_to is None or now.as_of < version.valid_to):
            return version
    return None


def is_active(who: Person, now: Moment) -> bool:
    """Signed up; not withdrawn, suspended, objecting or erased."""
    profile = profile_on(who, now)
    return profile is not None and profile.status <= LAST_ACTIVE_STATUS and happened(profile.signed_up_at, now)


def status_on(who: Person, now: Moment) -> str:
    """The account status on record, as a key of its list; empty for one outside it."""
    profile = profile_on(who, now)
    found = [option.key for option in ACCOUNT_STATUSES.options if profile and option.code == profile.status]
    return found[0] if found else ""


def value_of(condition: Condition, who: Person, now: Moment) -> UserValue:
    """The value the condition compares."""
    return _VALUES[measure_of(condition).aggregate](condition, who, now)


# --- sums over rows -------------------------------------------------------------------------------------------------------


def _count(condition: Condition, who: Person, now: Moment) -> int:
    if condition.filter == "wishlist":
        return _wished(condition, who, now)
    return sum(row.count if isinstance(row, BehaviorRow) else 1 for row in counted_rows(condition, who, now))


def _wished(condition: Condition, who: Person, now: Moment) -> int:
    made, undone = wish_totals(condition, who, now)
    state = condition.properties.get("state", ("any",))
    if state == ("any",):
        return sum(made.values())
    if state == ("removed",):
        return sum(undone.values())
    return max(0, sum(made.values()) - sum(undone.values()))


def _distinct_days(condition: Condition, who: Person, now: Moment) -> int:
    if condition.filter == "wishlist":
        return _wished_days(condition, who, now)
    return len({row_day(row, condition) for row in counted_rows(condition, who, now)})


def _wished_days(condition: Condition, who: Person, now: Moment) -> int:
    made, undone = wish_totals(condition, who, now)
    state = condition.properties.get("state", ("any",))
    if state == ("any",):
        return sum(count > 0 for count in made.values())
    if state == ("removed",):
        return sum(count > 0 for count in undone.values())
    return sum(made.get(day, 0) - undone.get(day, 0) > 0 for day in made)


def _latest(condition: Condition, who: Person, now: Moment) -> date | None:
    days = [
        day
        for row in counted_rows(condition, who, now)
        if (day := row_day(row, condition)) is not None and day <= now.day
    ]
    return max(days, default=None)


def _spend(condition: Condition, who: Person, now: Moment) -> int:
    """Paid minus refunded, by paid day."""
    return sum(
        row.paid_krw - (row.refunded_krw if happened(row.refunded_at, now) else 0)
        for row in paid_rows(condition, who, now)
    )


def _average_spend(condition: Condition, who: Person, now: Moment) -> int | None:
    confirmed = [row for row in counted_rows(condition, who, now) if is_confirmed(cast(BookingRow, row), now)]
    return _spend(condition, who, now) // len(confirmed) if confirmed else None


def _cancel_rate(condition: Condition, who: Person, now: Moment) -> int | None:
    booked = cast(list[BookingRow], counted_rows(condition, who, now))
    return 1000 * sum(happened(row.cancelled_at, now) for row in booked) // len(booked) if booked else None


def _distinct_lines(condition: Condition, who: Person, now: Moment) -> int:
    lines = {row.product_line for row in counted_rows(condition, who, now)}
    return len(lines - {None})


def _options_seen(condition: Condition, who: Person, now: Moment) -> frozenset[int] | None:
    rows = cast(list[BehaviorRow], counted_rows(condition, who, now))
    return frozenset(row.device for row in rows if row.device is not None) if rows else None


# --- profile --------------------------------------------------------------------------------------------------------------


def _profile(condition: Condition, who: Person, now: Moment) -> int | None:
    return getattr(profile_on(who, now), measure_of(condition).column, None)


def _age(_: Condition, who: Person, now: Moment) -> int | None:
    """Full years; who was born on 29 February ages on 1 March in other years."""
    profile = profile_on(who, now)
    born = profile.born_on if profile else None
    if born is None:
        return None
    return now.day.year - born.year - ((now.day.month, now.day.day) < (born.month, born.day))


def _since(_: Condition, who: Person, now: Moment) -> date | None:
    profile = profile_on(who, now)
    return day_of(profile.signed_up_at) if profile and profile.signed_up_at else None


def _consents(condition: Condition, who: Person, now: Moment) -> frozenset[int]:
    """Marketing use alone, and each channel agreed to besides it; by night a channel needs its night consent too."""
    profile = profile_on(who, now)

    def given(column: str) -> bool:
        moment = cast("datetime | None", getattr(profile, f"{column}_at", None))
        return moment is not None and moment <= now.as_of

    by_night = "night" in condition.properties
    found: set[int] = set()
    for channel in CHANNELS.options:
        night = given(f"{channel.key}_night") if by_night and channel.key in ("push", "sms", "kakao") else True
        if given("marketing_use") and given(channel.key) and night:
            found.add(channel.code)
    return frozenset(found)


# --- traits ---------------------------------------------------------------------------------------------------------------


def _trait(condition: Condition, who: Person, now: Moment) -> UserValue:
    return _TRAITS[measure_of(condition).column](condition, who, now)


def _paid_days(who: Person, now: Moment) -> list[date]:
    return sorted(
        {day_of(row.paid_at) for row in who.bookings if row.paid_at is not None and happened(row.paid_at, now)}
    )


def _payment_cycle(_: Condition, who: Person, now: Moment) -> int | None:
    days = _paid_days(who, now)
    return (days[-1] - days[0]).days // (len(days) - 1) if len(days) > 1 else None


def _elapsed(condition: Condition, who: Person, now: Moment) -> int | None:
    cycle = _payment_cycle(condition, who, now)
    return None if cycle is None else 10 * (now.day - _paid_days(who, now)[-1]).days // cycle


def _confirmed_stays(who: Person, now: Moment) -> Iterable[BookingRow]:
    """Confirmed stays of at least one night."""
    for row in who.bookings:
        if is_confirmed(row, now) and is_stay(row) and row.check_in and row.check_out and row.check_out > row.check_in:
            yield row


def _lead_time(_: Condition, who: Person, now: Moment) -> int | None:
    leads = sorted(
        (row.check_in - day_of(row.booked_at)).days
        for row in _confirmed_stays(who, now)
        if row.check_in and row.booked_at
    )
    return leads[(len(leads) - 1) // 2] if leads else None


def _preferred_nights(_: Condition, who: Person, now: Moment) -> frozenset[int] | None:
    nights = [
        night
        for row in _confirmed_stays(who, now)
        for night in _nights(cast(date, row.check_in), cast(date, row.check_out))
        if now.day - timedelta(days=364) <= night <= now.day
    ]
    if not nights:
        return None
    return frozenset(
        kind.code
        for kind in NIGHT_KINDS.options
        if 3 * sum(night_bits(night) >> kind.code & 1 for night in nights) >= len(nights)
    )


def _nights(check_in: date, check_out: date) -> Iterable[date]:
    return (check_in + timedelta(days=offset) for offset in range((check_out - check_in).days))


# --- overseas intent ------------------------------------------------------------------------------------------------------

_Evidence = tuple[date, date | None, int, str]
"""Day, check-in asked for, how many, and what: search, view or cart."""


def _intent(condition: Condition, who: Person, now: Moment) -> int | None:
    """The strongest intent for any country asked about; unknown for who never visited."""
    if not any(row.kind == EventKind.SESSION and row.day <= now.day for row in who.behavior):
        return None
    asked = cast("tuple[str, ...] | None", condition.properties.get("destination"))
    found = defaultdict[str, list[_Evidence]](list)
    for place, evidence in _overseas_evidence(who, now):
        country = None if place is None else country_of(place_of_code(place).key)
        if (
            country is not None
            and (asked is None or _concerns(country, asked))
            and not _answered(country, evidence, who, now)
        ):
            found[country].append(evidence)
    levels = [_intent_level(evidence, now) for evidence in found.values()]
    return max(levels, default=INTENTS.options[0].code)


def _concerns(country: str, asked: tuple[str, ...]) -> bool:
    """A city asked about counts as its country, also as a member of a group."""
    return any(country_of(leaf) == country for word in asked for leaf in leaves(word))


def _overseas_evidence(who: Person, now: Moment) -> Iterable[tuple[int | None, _Evidence]]:
    names = {EventKind.SEARCH: "search", EventKind.VIEW: "view"}
    for row in who.behavior:
        name = names.get(EventKind(row.kind))
        if name and row.day <= now.day:
            yield row.place, (row.day, row.check_in, row.count, name)
    for booking in who.bookings:
        if booking.carted_at is not None and happened(booking.carted_at, now):
            yield booking.place, (day_of(booking.carted_at), booking.check_in, 1, "cart")


def _answered(country: str, evidence: _Evidence, who: Person, now: Moment) -> bool:
    """A confirmed booking there, made that day or later, that covers the date asked for."""
    day, check_in, _, _ = evidence
    for row in who.bookings:
        there = row.place is not None and country_of(place_of_code(row.place).key) == country
        if not (there and is_confirmed(row, now) and row.booked_at and day_of(row.booked_at) >= day):
            continue
        if check_in is None or (
            row.check_in is not None and row.check_in <= check_in <= (row.check_out or row.check_in)
        ):
            return True
    return False


def _intent_level(evidence: list[_Evidence], now: Moment) -> int:
    def recent(days: int, *names: str) -> list[_Evidence]:
        return [entry for entry in evidence if entry[3] in names and 0 <= (now.day - entry[0]).days < days]

    def dated(entries: list[_Evidence], ahead: int) -> int:
        return sum(entry[2] for entry in entries if entry[1] is not None and 0 <= (entry[1] - now.day).days <= ahead)

    looked = recent(30, "search", "view")
    if recent(7, "cart") or dated(recent(14, "search"), 45) >= 2:
        return 3
    if sum(entry[2] for entry in looked) >= 3 and len({entry[0] for entry in looked}) >= 2:
        return 2
    if dated(recent(30, "search"), 120) >= 1:
        return 2
    return 1 if recent(90, "search", "view") else 0


_TRAITS: dict[str, Callable[[Condition, Person, Moment], UserValue]] = {
    "payment_cycle_days": _payment_cycle,
    "elapsed_tenths": _elapsed,
    "lead_time_days": _lead_time,
    "preferred_nights": _preferred_nights,
    "intent": _intent,
}

_VALUES: dict[Aggregate, Callable[[Condition, Person, Moment], UserValue]] = {
    Aggregate.COUNT: _count,
    Aggregate.DISTINCT_DAYS: _distinct_days,
    Aggregate.LATEST: _latest,
    Aggregate.SPEND: _spend,
    Aggregate.AVERAGE_SPEND: _average_spend,
    Aggregate.CANCEL_RATE: _cancel_rate,
    Aggregate.DISTINCT_LINES: _distinct_lines,
    Aggregate.OPTIONS_SEEN: _options_seen,
    Aggregate.PROFILE: _profile,
    Aggregate.CONSENTS: _consents,
    Aggregate.AGE: _age,
    Aggregate.SINCE: _since,
    Aggregate.TRAIT: _trait,
}
