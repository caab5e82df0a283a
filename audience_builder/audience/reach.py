"""Who of an audience may be written to, channel by channel: consent only.

Suppression, holdout and frequency belong to a campaign, which is where they are taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audience_builder.audience.guard import Number
from audience_builder.audience.many import sizes
from audience_builder.catalog import BY_KEY
from audience_builder.catalog.operator import Operator
from audience_builder.catalog.options import CHANNELS
from audience_builder.engine.port import Engine
from audience_builder.rule.edit import joined
from audience_builder.rule.tree import Condition, Node, Rule

FILTER = "marketing_consent"
NEEDS_NIGHT = frozenset(
    cut.value[0] for cut in BY_KEY[FILTER].cuts if ("night", True) in cut.properties and isinstance(cut.value, tuple)
)
"""Channels that may be used from 21:00 to 08:00 only with a consent of its own."""
WAYS = tuple(option for option in CHANNELS.options if option.key != "marketing_use")
"""The channels themselves: consent to the use of data for marketing is none, but every channel needs it."""


@dataclass(frozen=True, slots=True)
class ChannelReach:
    """How many of an audience consented to a channel, and how many of them at night (all, where none is needed)."""

    channel: str
    ko: str
    en: str
    consented: Number
    night: Number
    needs_night_consent: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """An audience's consents: by channel, by any of them, and none at all."""

    total: Number
    base: Number
    as_of: datetime
    mart_version: int
    channels: tuple[ChannelReach, ...]
    any: Number
    none: Number


def reach(engine: Engine, rule: Rule | None, *, as_of: datetime) -> Reach:
    """The reach of a rule's users, or of everybody."""
    asked: list[Node] = [_consent(channel.key) for channel in WAYS]
    asked += [_consent(channel.key, night=True) for channel in WAYS if channel.key in NEEDS_NIGHT]
    asked.append(_consent(*(channel.key for channel in WAYS)))
    if rule is not None:
        asked = [joined((rule.root, node)) for node in asked]
    found = sizes(engine, [*asked, *((rule.root,) if rule else ())], as_of=as_of)
    counts = iter(found.counts)
    consented = {channel.key: next(counts) for channel in WAYS}
    at_night = {channel.key: next(counts) for channel in WAYS if channel.key in NEEDS_NIGHT}
    by_any = next(counts)
    total = next(counts, found.base)
    channels = tuple(
        ChannelReach(
            channel=way.key,
            ko=way.ko,
            en=way.en,
            consented=consented[way.key],
            night=at_night.get(way.key, consented[way.key]),
            needs_night_consent=way.key in at_night,
        )
        for way in WAYS
    )
    return Reach(total, found.base, as_of, found.mart_version, channels, by_any, total - by_any)


def _consent(*channels: str, night: bool = False) -> Condition:
    return Condition(
        id="consent",
        filter=FILTER,
        operator=Operator.IN,
        value=channels,
        properties={"night": True} if night else {},
    )
