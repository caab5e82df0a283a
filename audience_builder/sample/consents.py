"""What users consented to, since when, and what they took back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from audience_builder.catalog.options import CHANNELS
from audience_builder.sample.chance import Choices, Dice, Ints
from audience_builder.sample.codes import keys_of
from audience_builder.sample.moments import NEVER, Period

_SHARES: Final = {"push": 0.78, "email": 0.55, "sms": 0.6, "kakao": 0.42}
_NIGHT_SHARES: Final = {"push": 0.32, "sms": 0.16, "kakao": 0.2}
_MARKETING_USE, _WITHOUT_MARKETING_USE = 0.66, 0.12
_LATER, _TAKEN_BACK = 0.22, 0.07
_SCOPES: Final = {"all": 0.4, "push": 0.25, "email": 0.1, "sms": 0.15, "kakao": 0.1}
_SCOPE: Final = Choices.of([list(_SCOPES.values())])

CONSENTS: Final = (*(f"{key}_at" for key in keys_of(CHANNELS)), *(f"{key}_night_at" for key in _NIGHT_SHARES))
"""The consent columns of `user_profile`; a consent's bit is its place in this list. The first is marketing use."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Consents:
    """What each user gave at which moment, and what of it ended at which (NEVER = it holds); masks have a bit a consent."""

    given: Ints
    given_mask: Ints
    withdrawn: Ints
    withdrawn_mask: Ints


def consents(dice: Dice, signed_up: Ints, period: Period) -> Consents:
    """The consents of users who signed up at these moments: most at sign-up, some later, some taken back since."""
    count = len(signed_up)
    late, span = dice.random(count), np.maximum(period.last_moment - signed_up, 1)
    given = np.where(late < _LATER, signed_up + (late / _LATER * span).astype(np.int64), signed_up)
    ended, left = dice.random(count), np.maximum(period.last_moment - given - 1, 0)
    withdrawn = given + 1 + (ended / _TAKEN_BACK * left).astype(np.int64)
    scope = _SCOPE_MASKS[_SCOPE.pick(0, dice.random(count))]
    is_back = (ended < _TAKEN_BACK) & (withdrawn <= period.last_moment)
    return Consents(
        given=given,
        given_mask=_given(dice, count),
        withdrawn=np.where(is_back, withdrawn, NEVER),
        withdrawn_mask=np.where(is_back, scope, 0),
    )


def _given(dice: Dice, count: int) -> Ints:
    """Channels mostly with marketing use of personal data, the night only with its channel."""
    mask = (dice.random(count) < _MARKETING_USE).astype(np.int64)
    share = np.where(mask == 1, 1.0, _WITHOUT_MARKETING_USE)
    for key, likely in _SHARES.items():
        agrees = dice.random(count) < likely * share
        mask |= agrees.astype(np.int64) << _bit(f"{key}_at")
    for key, likely in _NIGHT_SHARES.items():
        agrees = (dice.random(count) < likely) & (mask >> _bit(f"{key}_at") & 1 == 1)
        mask |= agrees.astype(np.int64) << _bit(f"{key}_night_at")
    return mask


def _bit(name: str) -> int:
    return CONSENTS.index(name)


def _mask(scope: str) -> int:
    return sum(1 << bit for bit, name in enumerate(CONSENTS) if scope == "all" or name.startswith(f"{scope}_"))


_SCOPE_MASKS: Final = np.array([_mask(scope) for scope in _SCOPES])
