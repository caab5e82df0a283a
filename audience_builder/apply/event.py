"""One event of a traveller as it is sent: a visit, search, view or wish in the catalog's words; and what may be wrong with one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from audience_builder.access.personal import personal_kind
from audience_builder.clock import day_of
from audience_builder.intake.vocabulary import vocabulary

TOPIC = "events"
"""The topic events lie in: an entry is a block of them, one a line."""

EARLY = timedelta(minutes=5)
"""How far ahead of the clock an event may lie: clocks of devices differ."""

_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_UNDOES = "wish_removed"
_VOCABULARY_OF = {"kind": "event"}


def codes(field: str) -> dict[str, int]:
    """The words a field may hold, with the codes the mart keeps."""
    return vocabulary(_VOCABULARY_OF.get(field, field)).keys


OPTIONS = ("kind", "product_line", "product_type", "place", "device", "stay_mode")
"""Fields that hold one word of the catalog."""

SEVERAL = ("travel_party", "theme")
"""Fields that hold several."""

_CODES = {name: codes(name) for name in (*OPTIONS, *SEVERAL)}


class Event(Struct, forbid_unknown_fields=True, frozen=True):
    """An event. `at` names its zone; `price` is KRW a night (day use: a use); `wished_on` says which wish is undone.

    `id` is the sender's own: the same id twice within 24 hours is one event.
    """

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    user_id: Annotated[str, Meta(min_length=1, max_length=200)]
    kind: str
    at: Annotated[datetime, Meta(tz=True)]
    product_line: str | None = None
    product_type: str | None = None
    place: str | None = None
    device: str | None = None
    stay_mode: str | None = None
    price: Annotated[int, Meta(ge=0, le=10_000_000_000)] | None = None
    check_in: date | None = None
    check_out: date | None = None
    nights: Annotated[int, Meta(ge=0, le=3_650)] | None = None
    travel_party: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    wished_on: date | None = None


def event_schema() -> dict[str, Any]:
    """The JSON schema of an event, with the words each field may hold."""
    found = msgspec.json.schema(Event)
    said = found["$defs"]["Event"]["properties"]
    for name in OPTIONS:
        said[name] = {**said[name], "enum": [*sorted(_CODES[name]), *([None] if "default" in said[name] else [])]}
    for name in SEVERAL:
        said[name] = {**said[name], "items": {"enum": sorted(_CODES[name])}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an event: a stable code, the field it stands in, and what to do. It repeats nothing that was sent."""

    code: str
    field: str
    fix: str


_DECODER = msgspec.json.Decoder(Event)


def decoded(line: bytes) -> Event | Fault:
    """The event of a line of JSON, or why it is none. Nothing is said about its words yet."""
    try:
        return _DECODER.decode(line)
    except msgspec.ValidationError as problem:
        return _misfit(str(problem))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Fault("not_json", "", "Send one JSON object a line, in UTF-8.")


def all_decoded(block: bytes) -> Sequence[Event] | None:
    """The events of a block of lines at once; None where any is wrong (`decoded` says which)."""
    try:
        return _DECODER.decode_lines(block)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _misfit(said: str) -> Fault:
    """msgspec says `… - at `$.field``; what stood there may be anybody's, so only names of ours are repeated."""
    if "missing required field" in said:
        return Fault("missing", _ours(said.split("`")[1]), "Every event has id, user_id, kind and at.")
    if "unknown field" in said:
        return Fault("unknown_field", "", f"Send only {', '.join(Event.__struct_fields__)}.")
    field = said.rpartition("`$.")[2].rstrip("`").partition("[")[0]
    return Fault("wrong_value", _ours(field), "Look up its form in docs/events.md.")


def _ours(field: str) -> str:
    return field if field in Event.__struct_fields__ else ""


def fault_of(event: Event, *, now: datetime) -> Fault | None:
    """What is wrong with an event that was sent at about `now`; None where it can be counted."""
    return next(_faults(event, now), None)


def _faults(event: Event, now: datetime) -> Iterator[Fault]:
    for name in OPTIONS:
        word = getattr(event, name)
        if word is not None and word not in _CODES[name]:
            yield Fault("unknown_word", name, "Use a key of the catalog (docs/catalog.md).")
    for name in SEVERAL:
        if not all(word in _CODES[name] for word in getattr(event, name)):
            yield Fault("unknown_word", name, "Use keys of the catalog (docs/catalog.md).")
    if event.at > now + EARLY:
        yield Fault("future", "at", "Send it when it has happened; check the sender's clock.")
    if event.at < _OLDEST:
        yield Fault("wrong_value", "at", f"Send moments since {_OLDEST.year}.")
    if event.check_in is not None and event.check_out is not None and event.check_out < event.check_in:
        yield Fault("reversed_dates", "check_out", "Check-out is not before check-in.")
    if event.kind == _UNDOES and event.wished_on is None:
        yield Fault("missing", "wished_on", "Say the day of the wish it undoes.")
    if event.kind == _UNDOES and event.wished_on is not None and event.wished_on > day_of(event.at):
        yield Fault("reversed_dates", "wished_on", "A wish is undone after it was made.")
    if _may_be_personal(event.user_id) and personal_kind(event.user_id) is not None:
        yield Fault("personal_data", "user_id", "Name users by their id, never by a contact.")


def _may_be_personal(user_id: str) -> bool:
    """Letters and digits in one word are no contact; digits alone may be a phone."""
    return user_id.isdigit() or not user_id.isalnum()
