"""What the visits leave in `behavior_daily`: sessions, searches, product views and wishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from audience_builder.catalog.options import DEVICES
from audience_builder.mart.tables import BEHAVIOR_DAILY, EventKind
from audience_builder.sample.chance import Bools, Dice, Floats, Ints, Quantiles
from audience_builder.sample.codes import LINES, NO_MODE, NO_NIGHTS, bands, modes
from audience_builder.sample.geography import geography
from audience_builder.sample.goods import stay_types
from audience_builder.sample.moments import DAY, at, dates, day_of, second_of_day, timestamps
from audience_builder.sample.people import People
from audience_builder.sample.rows import Columns, packed, said
from audience_builder.sample.trips import Outcome, Trips
from audience_builder.sample.visits import Visits, devices, idle_visits

USER: Final = "user_no"
"""Until the mart gives numbers this column holds the position in the block."""

_SEARCHED_LINES: Final = {"domestic_stay": 0.85, "overseas_stay": 0.9, "flight": 0.5}
_SEARCHES: Final = np.array([_SEARCHED_LINES.get(line, 0.12) for line in LINES])
_VIEWS_LATER, _VIEWS_LAST = 0.8, 0.95
_WISHES, _UNWISHES, _UNWISHED_WITHIN = 0.1, 0.22, 70
_OTHER_PRODUCT = 0.3
_OTHER_PRICE: Final = Quantiles.of([(0.6, 0.8, 0.9, 1.0, 1.15, 1.7)])
_WIDEST, _WIDER, _PLACE = 0.2, 0.55, 0.95
_TYPE, _ONE_THEME, _ALL_THEMES, _DATES, _PARTY, _PRICE = 0.6, 0.3, 0.15, 0.62, 0.5, 0.14
"""How often a search says each thing; below `_WIDEST` a province or country, below `_WIDER` a travel area."""

_BETWEEN_EVENTS = 75
_DEVICES: Final = max(option.code for option in DEVICES.options) + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """Rows of one kind of event: the trip and user they are of, when, on which device, how many."""

    trip: Ints
    user: Ints
    moment: Ints
    device: Ints
    count: Ints
    is_last: Bools


def behavior(dice: Dice, people: People, trips: Trips, found: Visits) -> list[Columns]:
    """Rows of `behavior_daily`, one set of columns a kind of event; `USER` holds positions in the block."""
    outcome = trips.outcome[found.trip]
    is_short = outcome == Outcome.SEARCHED
    searched = _seen(dice, found, np.where(is_short, 1.0, _SEARCHES[trips.line[found.trip]]), most=4)
    viewed = _seen(dice, found, np.where(is_short, 0.0, np.where(found.is_last, _VIEWS_LAST, _VIEWS_LATER)), most=5)
    wished = _seen(dice, found, np.where(is_short, 0.0, _WISHES), most=1)
    wishes = _product(dice, trips, wished)
    undone, undone_at = _undone(dice, people, wished)
    unwished = {name: values[undone] for name, values in wishes.items()}
    unwished["wished_on"] = dates(day_of(wished.moment[undone]))
    removed = Seen(
        trip=wished.trip[undone],
        user=wished.user[undone],
        moment=undone_at,
        device=wished.device[undone],
        count=wished.count[undone],
        is_last=wished.is_last[undone],
    )
    return [
        _sessions(dice, people, found, removed),
        _rows(EventKind.SEARCH, searched, _search(dice, trips, searched)),
        _rows(EventKind.VIEW, viewed, _view(dice, people, trips, viewed)),
        _rows(EventKind.WISH, wished, wishes),
        _rows(EventKind.WISH_REMOVED, removed, unwished),
    ]


def _seen(dice: Dice, found: Visits, likely: Floats, *, most: int) -> Seen:
    kept = dice.random(len(found)) < likely
    many = dice.random(int(np.count_nonzero(kept)))
    return Seen(
        trip=found.trip[kept],
        user=found.user[kept],
        moment=found.moment[kept],
        device=found.device[kept],
        count=1 + (many * many * many * most).astype(np.int64),
        is_last=found.is_last[kept],
    )


def _undone(dice: Dice, people: People, wished: Seen) -> tuple[Ints, Ints]:
    """Which wishes are taken back, and when."""
    within = dice.random(len(wished.trip))
    day = day_of(wished.moment) + 1 + (within * within * _UNWISHED_WITHIN).astype(np.int64)
    second = second_of_day(dice.random(len(wished.trip)))
    taken_back = (dice.random(len(wished.trip)) < _UNWISHES) & (day <= people.last[wished.user])
    return np.flatnonzero(taken_back), at(day, second)[taken_back]


def _rows(kind: EventKind, seen: Seen, told: Columns) -> Columns:
    day = day_of(seen.moment)
    last = np.minimum(seen.moment + (seen.count - 1) * _BETWEEN_EVENTS, at(day, DAY - 1))
    return packed(
        BEHAVIOR_DAILY,
        {
            USER: seen.user,
            "day": dates(day),
            "kind": np.full(len(day), int(kind)),
            "device": seen.device,
            "count": seen.count,
            "first_at": timestamps(seen.moment),
            "last_at": timestamps(last),
            **told,
        },
    )


def _search(dice: Dice, trips: Trips, seen: Seen) -> Columns:
    trip = seen.trip
    chance = dice.random((8, len(trip)))
    place, themes, nights = trips.place[trip], trips.themes[trip], trips.nights[trip]
    line = trips.line[trip]
    place = np.where(chance[0] < _WIDER, geography().wider_of[place], place)
    place = np.where(chance[0] < _WIDEST, geography().widest_of[place], place)
    # The lowest theme of a mask stands for the one somebody picked.
    picked = np.where(chance[3] < _ALL_THEMES, themes, themes & -themes)
    has_dates = chance[4] < _DATES
    mode = modes(nights)
    return {
        "product_line": line,
        "product_type": said(trips.type[trip], chance[2] < _TYPE),
        "place": said(place, chance[1] < _PLACE),
        "price_band": said(bands(trips.price[trip], nights == 0), (chance[6] < _PRICE) & (nights != NO_NIGHTS)),
        "stay_mode": said(mode, (has_dates | (nights == 0)) & (mode != NO_MODE)),
        "check_in": said(dates(trips.check_in[trip]), has_dates),
        "nights": said(nights, has_dates & (nights != NO_NIGHTS)),
        "party_mask": said(trips.party[trip], chance[5] < _PARTY),
        "theme_mask": said(picked, (chance[3] < _ALL_THEMES + _ONE_THEME) & (themes != 0)),
    }


def _product(dice: Dice, trips: Trips, seen: Seen) -> Columns:
    trip = seen.trip
    nights, themes = trips.nights[trip], trips.themes[trip]
    has_dates = dice.random(len(trip)) < _DATES
    mode = modes(nights)
    return {
        "product_line": trips.line[trip],
        "product_type": trips.type[trip],
        "place": trips.place[trip],
        "price_band": said(bands(trips.price[trip], nights == 0), nights != NO_NIGHTS),
        "stay_mode": said(mode, mode != NO_MODE),
        "check_in": said(dates(trips.check_in[trip]), has_dates),
        "nights": said(nights, has_dates & (nights != NO_NIGHTS)),
        "party_mask": said(trips.party[trip], has_dates),
        "theme_mask": said(themes, themes != 0),
    }


def _view(dice: Dice, people: People, trips: Trips, seen: Seen) -> Columns:
    """The product, or on the way to it another of that place: another stay type at another price."""
    told = _product(dice, trips, seen)
    nights, place = trips.nights[seen.trip], trips.place[seen.trip]
    is_other = (dice.random(len(seen.trip)) < _OTHER_PRODUCT) & ~seen.is_last & (nights > 0)
    is_abroad = trips.line[seen.trip] == LINES["overseas_stay"]
    other = stay_types(dice, people, seen.user, place, is_abroad=is_abroad)
    price = (trips.price[seen.trip] * _OTHER_PRICE.value(0, dice.random(len(seen.trip)))).astype(np.int64)
    price = np.where(is_other, price, trips.price[seen.trip])
    told["product_type"] = np.where(is_other, other, trips.type[seen.trip])
    told["price_band"] = said(bands(price, nights == 0), nights != NO_NIGHTS)
    return told


def _sessions(dice: Dice, people: People, found: Visits, removed: Seen) -> Columns:
    """One row a user, day and device on which there was any visit."""
    idle_user, idle_moment = idle_visits(dice, people)
    user = np.concatenate([found.user, removed.user, idle_user])
    moment = np.concatenate([found.moment, removed.moment, idle_moment])
    device = np.concatenate([found.device, removed.device, devices(dice, people, idle_user)])
    day = day_of(moment)
    key = (user * (1 << 20) + day) * _DEVICES + device
    order = np.lexsort((moment, key))
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    counts = np.diff(starts, append=len(order))
    first, last = moment[order[starts]], moment[order[starts + counts - 1]]
    return packed(
        BEHAVIOR_DAILY,
        {
            USER: user[order[starts]],
            "day": dates(day[order[starts]]),
            "kind": np.full(len(starts), int(EventKind.SESSION)),
            "device": device[order[starts]],
            "count": counts,
            "first_at": timestamps(first),
            "last_at": timestamps(last),
        },
    )
