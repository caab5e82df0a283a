"""Who is registered: a block of users as arrays, one entry a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from audience_builder.catalog.options import DEVICES, GENDERS, LIFE_STAGES
from audience_builder.mart.tables import Status
from audience_builder.sample.chance import Bools, Choices, Dice, Floats, Ints, Quantiles, weights_of
from audience_builder.sample.density import Pace
from audience_builder.sample.geography import geography
from audience_builder.sample.moments import NEVER, Period, at, day_of
from audience_builder.sample.tastes import TASTE_KEYS, TASTES
from audience_builder.sample.travellers import TRAVELLERS

_KINDS: Final = Choices.of([[kind.share for kind in TRAVELLERS]])
_AGES: Final = Quantiles.of([kind.ages for kind in TRAVELLERS])
_STAGES: Final = Choices.of(
    [weights_of(kind.stages, [option.key for option in LIFE_STAGES.options], rest=0.004) for kind in TRAVELLERS]
)
_STAGE_CODES: Final = np.array([option.code for option in LIFE_STAGES.options])
_DEVICES: Final = Choices.of([weights_of(t.devices, [o.key for o in DEVICES.options]) for t in TASTES.values()])
_DEVICE_CODES: Final = np.array([option.code for option in DEVICES.options])
_FEMALE, _MALE = (next(iter(GENDERS.codes([key]))) for key in ("female", "male"))
_TASTE_OF_KIND: Final = np.array([TASTE_KEYS.index(kind.taste) for kind in TRAVELLERS])
_TRIPS: Final = np.array([kind.trips for kind in TRAVELLERS])
_FEMALE_SHARE: Final = np.array([kind.female for kind in TRAVELLERS])

_UNKNOWN_GENDER, _UNKNOWN_BIRTH, _UNKNOWN_STAGE, _UNKNOWN_HOME = 0.06, 0.08, 0.3, 0.13
_HOME_ABROAD = 0.004
_NEW_A_YEAR, _MOST_NEW = 0.2, 0.6
_LAPSED_BEFORE, _LAPSING = 0.11, 0.24
_WITHOUT_PROFILE = 0.004
_SECOND_DEVICE = 0.45
_OLDEST_SIGN_UP = 2400
_DORMANT_AFTER = 365
_FROM_THE_START = 0

_STATUSES: Final = (Status.WITHDRAWN, Status.WITHDRAWAL_PENDING, Status.SUSPENDED, Status.OBJECTING, Status.STAFF_TEST)
_STATUS: Final = Choices.of([[0.014, 0.003, 0.0015, 0.0015, 0.002, 0.978]])
_ENDING: Final = (Status.WITHDRAWN, Status.SUSPENDED)

ADULT: Final = 19
"""From this age on somebody may book a motel."""

NOT_KNOWN: Final = -1_000_000
"""Written for a birth date or home nobody told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """A block of users. 0 is "not known" in `gender` and `stage`, NOT_KNOWN in `born` and `home`; moments are seconds.

    `pace` is how much they all do; `kind` and `taste` are positions in TRAVELLERS and TASTES; `province` is where they live,
    known or not. Facts lie in the days `first` … `last`; `status` holds from `status_at` on.
    """

    pace: Pace
    kind: Ints
    taste: Ints
    province: Ints
    age: Ints
    trips: Floats
    device: Ints
    other_device: Ints
    is_new: Bools
    has_profile: Bools
    born: Ints
    gender: Ints
    stage: Ints
    home: Ints
    home_place: Ints
    signed_up: Ints
    first: Ints
    last: Ints
    status: Ints
    status_at: Ints

    def __len__(self) -> int:
        return len(self.kind)


def people(dice: Dice, count: int, period: Period, pace: Pace) -> People:
    """`count` users who signed up before or during the period."""
    kind = _KINDS.pick(0, dice.random(count))
    taste = _TASTE_OF_KIND[kind]
    home = geography().homes.pick(0, dice.random(count))
    home_place = geography().home_codes[home]
    age = _AGES.whole(kind, dice.random(count))
    born = period.end - (age * 1461 + (dice.random(count) * 1461).astype(np.int64)) // 4
    activity = pace.activity.value(0, dice.random(count)) / pace.activity.means()[0]
    device = _DEVICES.pick(taste, dice.random(count))
    other = _DEVICES.pick(taste, dice.random(count))
    is_new = dice.random(count) < min(_NEW_A_YEAR * period.days / 365, _MOST_NEW)
    signed_up = _signed_up(dice, is_new, period)
    life = _life(dice, signed_up, is_new, period)
    return People(
        pace=pace,
        kind=kind,
        taste=taste,
        province=geography().province_of[home_place],
        age=age,
        trips=_TRIPS[kind] * activity * pace.trips,
        device=_DEVICE_CODES[device],
        other_device=_DEVICE_CODES[np.where(dice.random(count) < _SECOND_DEVICE, other, device)],
        is_new=is_new,
        has_profile=dice.random(count) >= _WITHOUT_PROFILE,
        born=np.where(dice.random(count) < _UNKNOWN_BIRTH, NOT_KNOWN, born),
        gender=_gender(dice, kind),
        stage=_stage(dice, kind),
        home=_recorded_home(dice, home_place),
        home_place=home_place,
        signed_up=signed_up,
        **life,
    )


def _signed_up(dice: Dice, is_new: Bools, period: Period) -> Ints:
    """The moment of sign-up: during the period of those who are new, else within the years before, lately more often."""
    count = len(is_new)
    far, near, second = dice.random(count), dice.random(count), dice.random(count)
    before = period.start - 1 - (far * (0.4 + 0.6 * far) * _OLDEST_SIGN_UP).astype(np.int64)
    during = period.start + (near * period.days).astype(np.int64)
    return at(np.where(is_new, during, before), (second * 86_400).astype(np.int64))


def _life(dice: Dice, signed_up: Ints, is_new: Bools, period: Period) -> dict[str, Ints]:
    """From when to when somebody is seen, and what became of the account."""
    count = len(signed_up)
    lapse, when, ending = dice.random(count), dice.random(count), dice.random(count)
    lapsed = (lapse < _LAPSED_BEFORE) & ~is_new
    lapsing = ~lapsed & (lapse < _LAPSED_BEFORE + _LAPSING)
    first = np.where(is_new, day_of(signed_up), period.start)
    within = first + (when * (period.end - first + 1)).astype(np.int64)
    last = np.where(lapsing, within, period.end)
    last = np.where(lapsed, period.start - 1 - (when * 500).astype(np.int64), last)
    choice = _STATUS.pick(0, dice.random(count))
    status = np.array([*_STATUSES, Status.NORMAL])[choice]
    day = first + (ending * (period.end - first + 1)).astype(np.int64)
    status_at = np.maximum(at(day, (ending * 1e6).astype(np.int64) % 86_400), signed_up + 1)
    is_dormant = lapsed & (status == Status.NORMAL) & (last + _DORMANT_AFTER <= period.end)
    status = np.where(is_dormant, int(Status.DORMANT), status)
    dormant_at = np.maximum(at(np.maximum(last + _DORMANT_AFTER, period.start), 15_000), signed_up + 1)
    status_at = np.where(is_dormant, dormant_at, status_at)
    status_at = np.where((status == Status.NORMAL) | (status_at > period.last_moment), NEVER, status_at)
    status_at = np.where(status == Status.STAFF_TEST, _FROM_THE_START, status_at)
    is_over = np.isin(status, _ENDING) & (status_at >= 0)
    last = np.where(is_over, np.minimum(last, day - 1), last)
    return {"status": status, "status_at": status_at, "first": first, "last": last}


def _gender(dice: Dice, kind: Ints) -> Ints:
    is_female = dice.random(len(kind)) < _FEMALE_SHARE[kind]
    return np.where(dice.random(len(kind)) < _UNKNOWN_GENDER, 0, np.where(is_female, _FEMALE, _MALE))


def _stage(dice: Dice, kind: Ints) -> Ints:
    found = _STAGE_CODES[_STAGES.pick(kind, dice.random(len(kind)))]
    return np.where(dice.random(len(kind)) < _UNKNOWN_STAGE, 0, found)


def _recorded_home(dice: Dice, home_place: Ints) -> Ints:
    chance = dice.random(len(home_place))
    recorded = np.where(chance < _UNKNOWN_HOME, NOT_KNOWN, home_place)
    return np.where(chance >= 1 - _HOME_ABROAD, geography().abroad, recorded)
