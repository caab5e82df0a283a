"""What a map must fulfil beyond its shape: targets of its kind, known options, formats, zone and rates; no contacts."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from audience_builder.errors import InputError
from audience_builder.intake.map_text import MapText, Path, did_you_mean
from audience_builder.intake.target import CHOSEN, DATED, STATUS, TARGETS, Shape, Target, is_contact
from audience_builder.intake.vocabulary import ANY, NOTHING, REJECT, vocabulary

if TYPE_CHECKING:
    from audience_builder.intake.map_file import ColumnSpec, ImportMap

Wrong = tuple[Path, str, str]
"""Where, what, and what to do."""

RATE_DECIMALS = 8
_LARGEST_RATE = Decimal(10**7)
_DIRECTIVE = re.compile(r"%(-?.|$)", re.DOTALL)
_DIRECTIVES = frozenset("aAbBdfgHIjmMnpSyYz%") | {"-d", "-m", "-H", "-I", "-M", "-S"}
_SPECIAL_FORMATS = frozenset({"iso", "unix", "unix_ms"})
_CONTACTS_LIVE_ELSEWHERE = (
    "Leave it out: the mart holds no names, addresses or contacts; they live encrypted in the store."
)

_SAID = {
    "missing": "it must be given",
    "string_type": "must be a text in quotation marks",
    "bool_type": "must be true or false",
    "list_type": "must be a list of texts",
    "dict_type": "must be a section of keys",
    "model_type": "must be a section of keys",
    "model_attributes_type": "must be a section of keys",
}


def unreadable(
    written: MapText, problem: ValidationError, given: dict[str, object], keys_at: Callable[[Path], tuple[str, ...]]
) -> InputError:
    """The first thing wrong with the shape of a map, as an error with its line."""
    first = next((entry for entry in problem.errors() if entry["type"] == "extra_forbidden"), problem.errors()[0])
    path = tuple(str(step) for step in first["loc"])
    while path and not _stands(given, path) and first["type"] != "missing":
        path = path[:-1]
    if first["type"] == "extra_forbidden":
        known = keys_at(path[:-1])
        fix = did_you_mean(path[-1], known) or f"Known keys are {', '.join(known)}."
        return written.wrong(path, "there is no such key", fix=fix)
    said = _SAID.get(first["type"], first["msg"].removeprefix("Value error, ").lower())
    return written.wrong(path, said, fix="docs/import.md describes every key.")


def _stands(given: object, path: Path) -> bool:
    for step in path:
        if not isinstance(given, dict) or step not in given:
            return False
        given = given[step]
    return True


def check(found: ImportMap, written: MapText) -> None:
    """Raise InputError for the first thing that a map of this kind may not say or must."""
    for checked in _CHECKS:
        for path, message, fix in checked(found):
            raise written.wrong(path, message, fix=fix)


def _name(found: ImportMap) -> Iterator[Wrong]:
    if not re.fullmatch(r"[\w.-]{1,60}", found.name):
        yield ("name",), "must be up to 60 letters, digits, '_', '-' or '.'", 'Say name = "…" in the map.'


def _columns(found: ImportMap) -> Iterator[Wrong]:
    targets = TARGETS[found.kind]
    for name, spec in found.columns.items():
        path = ("columns", name)
        if name not in targets:
            yield path, *_no_such_target(found, name)
            continue
        for source in spec.column or ():
            if is_contact(source):
                yield path, f"column '{source}' holds a name, a contact or an identity number", _CONTACTS_LIVE_ELSEWHERE
        yield from _spec(path, spec, targets[name])


def _no_such_target(found: ImportMap, name: str) -> tuple[str, str]:
    if is_contact(name):
        return "names and contacts cannot be mapped", _CONTACTS_LIVE_ELSEWHERE
    if name == STATUS.name and found.kind == "bookings":
        return "a booking's status has a section of its own", 'Say [status] with column = "…" and [status.values].'
    near = did_you_mean(name, TARGETS[found.kind])
    return f"{found.kind} have no such target", near or f"Targets are {', '.join(TARGETS[found.kind])}."


def _spec(path: Path, spec: ColumnSpec, target: Target) -> Iterator[Wrong]:
    if (spec.column is None) == (spec.constant is None) or spec.column == []:
        yield path, "needs either a column or a constant", f'Say {path[-1]} = "name of the column".'
    if spec.format and target.shape not in DATED:
        yield (*path, "format"), "only moments and dates have a format", "Leave it out."
    if spec.separator is not None and (target.shape is not Shape.MASK or not spec.separator):
        yield (
            (*path, "separator"),
            "only travel_party and theme hold several values, between them a sign",
            "Leave it out.",
        )
    if (spec.prefix or spec.whole_number) and target.shape is not Shape.ID:
        yield path, "prefix and whole_number are for ids", "Leave them out."
    for form in spec.format:
        yield from _format((*path, "format"), form)
    if spec.constant is not None and target.shape in CHOSEN:
        words = vocabulary(target.vocabulary)
        if spec.constant not in words.keys:
            yield path, f"'{spec.constant}' is no option", did_you_mean(spec.constant, words.keys)


def _format(path: Path, form: str) -> Iterator[Wrong]:
    wrong = [found[1] for found in _DIRECTIVE.finditer(form) if found[1] not in _DIRECTIVES]
    if wrong:
        yield (
            path,
            f"'%{wrong[0]}' is no part of a date",
            "Use %Y %m %d %H %M %S %f %y %b %p %I %j %z, or iso, unix, unix_ms.",
        )
    elif form not in _SPECIAL_FORMATS and "%" not in form:
        yield path, f"'{form}' is no format", "Use %Y %m %d %H %M %S, or iso, unix, unix_ms."


def _required(found: ImportMap) -> Iterator[Wrong]:
    has = found.columns.keys()
    for name, target in TARGETS[found.kind].items():
        if target.required and name not in has:
            yield ("columns",), f"{name} must be mapped: {target.says}", f'Say {name} = "name of the column".'
    if found.kind == "events" and "event" not in has:
        yield ("columns",), "event must be mapped", 'Map a column, or say event = { constant = "search" }.'
    if found.kind != "bookings":
        return
    wanted = found.group.by if found.group else "booking_id"
    if wanted not in has:
        yield ("columns",), f"{wanted} must be mapped", f'Say {wanted} = "name of the column".'
    if not has & {"booked_at", "carted_at"}:
        yield ("columns",), "booked_at (or carted_at) must be mapped", 'Say booked_at = "name of the column".'


_OF_BOOKINGS = ("status", "group", "derive_users", "version")


def _belongs(found: ImportMap) -> Iterator[Wrong]:
    for key in _OF_BOOKINGS:
        if found.kind != "bookings" and key in found.model_fields_set and getattr(found, key):
            yield (key,), f"is for bookings, not for {found.kind}", "Leave it out."
    if found.kind != "events" and "events" in found.model_fields_set:
        yield ("events",), f"is for events, not for {found.kind}", "Leave it out."
    if (found.version.by == "column") != ("version" in found.columns):
        yield (
            ("version", "by"),
            'by = "column" and the target version go together',
            'Map version and say by = "column".',
        )


_EXCLUDE = (("check_out", "nights"), ("price", "price_band"), ("paid", "quantity"), ("paid", "unit_price"))


def _together(found: ImportMap) -> Iterator[Wrong]:
    has = found.columns.keys()
    for one, other in _EXCLUDE:
        if one in has and other in has:
            yield ("columns", other), f"{one} already says it", f"Map {one} or {other}."
    if ("quantity" in has) != ("unit_price" in has):
        yield ("columns",), "quantity and unit_price go together", "Map both, or map paid."


def _values(found: ImportMap) -> Iterator[Wrong]:
    targets = TARGETS[found.kind]
    for name, mapping in found.values.items():
        target = targets.get(name)
        if target is None or target.shape not in CHOSEN or name not in found.columns:
            chosen = [key for key in found.columns if key in targets and targets[key].shape in CHOSEN]
            yield ("values", name), "no mapped target with options is called so", did_you_mean(name, chosen)
            continue
        keys = vocabulary(target.vocabulary).keys
        for said, key in mapping.items():
            if key not in keys and key not in (REJECT, NOTHING):
                fix = did_you_mean(key, keys) or 'Give an option\'s key, "reject", or "" for not known.'
                yield ("values", name, said), f"'{key}' is no option of {target.vocabulary}", fix


_BOOKING_IDS = frozenset({"booking_id", "order_id"})


def _status(found: ImportMap) -> Iterator[Wrong]:
    status = found.status
    if status is None:
        return
    states = vocabulary(STATUS.vocabulary).keys
    said = [(("status", "prefix", key), state) for key, state in status.prefix.items()]
    said += [(("status", "values", key), state) for key, state in status.values.items()]
    said += [(("status", "otherwise"), status.otherwise)] if status.otherwise is not None else []
    for path, state in said:
        if state not in states and state != REJECT:
            yield (
                path,
                f"'{state}' is no state of a booking",
                did_you_mean(state, states) or f"States are {', '.join(states)}.",
            )
    if "" in status.prefix or ANY in status.values:
        yield ("status",), "what holds otherwise is said by `otherwise`", 'Say otherwise = "confirmed".'
    if status.strip_prefix and any(found.columns[name].prefix for name in _BOOKING_IDS & found.columns.keys()):
        yield (
            ("status", "strip_prefix"),
            "cannot be done where the map puts a prefix before the id",
            "Leave one of them out.",
        )
    if any(state == "cancellation" for _, state in said) and found.version.by == "import":
        # Else a later file that has the order without its cancellation would undo it.
        yield ("version", "by"), "rows that cancel other rows need moments or versions", 'Say [version] by = "event".'
    if any(is_contact(source) for source in status.column):
        yield ("status", "column"), "this column holds a name or a contact", _CONTACTS_LIVE_ELSEWHERE


def _money(found: ImportMap) -> Iterator[Wrong]:
    money = found.money
    if money.rate is not None and money.rates:
        yield ("money", "rate"), "there is a table of rates too", "Say rate or [money.rates]."
    if money.currency != "KRW" and money.rate is None and not money.rates:
        yield (
            ("money", "currency"),
            f"{money.currency} needs a rate to KRW",
            'Say rate = "1800.5", or [money.rates] with days.',
        )
    if money.decimal == money.thousands:
        yield ("money", "thousands"), "decimal and thousands are the same sign", "Say which is which."
    rates: list[tuple[Path, Decimal]] = [(("money", "rates", day), rate) for day, rate in money.rates.items()]
    for path, rate in rates or [(("money", "rate"), money.rate if money.rate is not None else Decimal(1))]:
        yield from _rate(path, rate * money.unit if rate.is_finite() and money.unit.is_finite() else Decimal("NaN"))
    for day in money.rates:
        if not _is_day(day):
            yield ("money", "rates", day), "must be a day like 2026-01-31", "Write the day as year-month-day."
    if _needs_refund_rule(found):
        yield (
            ("money", "cancelled"),
            "no column says what was refunded when a booking was cancelled",
            'Map refunded, or say [money] cancelled = "refunded" (all of it) or "kept".',
        )


def _rate(path: Path, factor: Decimal) -> Iterator[Wrong]:
    if not factor.is_finite() or not 0 < factor < _LARGEST_RATE:
        yield path, "must be more than 0 and under 10,000,000", "Give KRW for one unit of the currency."
    elif factor != factor.quantize(Decimal(1).scaleb(-RATE_DECIMALS)):
        yield path, f"has more than {RATE_DECIMALS} decimals", "Round it."


def _is_day(day: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _needs_refund_rule(found: ImportMap) -> bool:
    if found.kind != "bookings" or found.money.cancelled or "refunded" in found.columns:
        return False
    if not found.columns.keys() & {"paid", "quantity"}:
        return False
    if found.status is None:
        return "cancelled_at" in found.columns
    states = {*found.status.prefix.values(), *found.status.values.values(), found.status.otherwise}
    return bool(states & {"cancelled", "cancellation"})


def _times(found: ImportMap) -> Iterator[Wrong]:
    zones, zone = zoneinfo.available_timezones(), found.time.zone
    if zone != "UTC" and ("/" not in zone or (zones and zone not in zones)):
        yield ("time", "zone"), f"'{zone}' is no time zone", did_you_mean(zone, zones) or "Use a name like Asia/Seoul."
    for key, forms in (("formats", found.time.formats), ("dates", found.time.dates)):
        if not forms:
            yield ("time", key), "must name a format", 'Say "iso".'
        for form in forms:
            yield from _format(("time", key), form)


def _file(found: ImportMap) -> Iterator[Wrong]:
    file = found.file
    if file.delimiter != "auto" and (len(file.delimiter) != 1 or file.delimiter in '\r\n"'):
        yield ("file", "delimiter"), "must be one sign", 'Say "," or ";" or "\\t" or "|", or "auto".'
    if len(file.quote) != 1 or file.quote in "\r\n" or file.quote == file.delimiter:
        yield ("file", "quote"), "must be one sign other than the delimiter", "Leave it out for the usual one."
    if not file.header and not file.names:
        yield (
            ("file", "header"),
            "a file without a header needs names",
            'Say names = ["first column", "second column"].',
        )
    if file.header and file.names:
        yield ("file", "names"), "names are for a file without a header", "Say header = false, or leave them out."
    if len(set(file.names)) != len(file.names):
        yield ("file", "names"), "a name stands twice", "Name every column once."


_CHECKS: tuple[Callable[[Any], Iterator[Wrong]], ...] = (
    _name, _columns, _belongs, _required, _together, _values, _status, _money, _times, _file,
)  # fmt: skip
