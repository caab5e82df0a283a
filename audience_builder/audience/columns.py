"""What an export may say of a user: a closed list of profile columns in the catalog's words, and nothing of what they did.

Contacts are columns too, kept apart: they need the approval of a person with a right of their own, and a cell is filled only
where its user consented to be reached that way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Filter
from audience_builder.catalog.operator import Operator
from audience_builder.catalog.option import OptionList
from audience_builder.catalog.places import place_of_code
from audience_builder.clock import day_of
from audience_builder.errors import InputError

USER_ID = "user_id"
"""The column every export begins with: the source's id, a pseudonym."""

_CHANNELS = ("push", "email", "sms", "kakao")


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an export: which filter it tells of, which columns of `user_profile` it reads, and what it says of them
    (None = not known).

    A column of contacts names the vault's field (`contact`), whose value stands behind what it reads.
    """

    key: str
    ko: str
    en: str
    filter: str
    reads: tuple[str, ...]
    says: Callable[[Sequence[object], datetime], str | None]
    contact: str | None = None


def _option(key: str) -> ExportColumn:
    asked = BY_KEY[key]
    options = cast(OptionList, asked.options)
    # A sensitive option says nothing: its users look like those of whom nothing is known.
    keys: dict[object, str] = {option.code: option.key for option in options.options if not option.sensitive}
    return ExportColumn(key, asked.ko, asked.en, key, (asked.measures[0].column,), lambda cells, _: keys.get(cells[0]))


def _place(key: str) -> ExportColumn:
    def says(cells: Sequence[object], as_of: datetime) -> str | None:
        return None if cells[0] is None else place_of_code(cast(int, cells[0])).key

    asked = BY_KEY[key]
    return ExportColumn(key, asked.ko, asked.en, key, (asked.measures[0].column,), says)


def _age_band(cells: Sequence[object], as_of: datetime) -> str | None:
    born, today = cast("date | None", cells[0]), day_of(as_of)
    if born is None:
        return None
    return _band(BY_KEY["age"], today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def _signup_band(cells: Sequence[object], as_of: datetime) -> str | None:
    signed_up = cast("datetime | None", cells[0])
    if signed_up is None:
        return None
    return _band(BY_KEY["signup"], (day_of(as_of) - day_of(signed_up.replace(tzinfo=UTC))).days)


def _band(asked: Filter, number: int) -> str | None:
    """The line of the filter's facet that the number falls on."""
    for cut in asked.cuts:
        if cut.operator is Operator.BETWEEN:
            low, high = cast("tuple[int, int]", cut.value)
            if low <= number <= high:
                return cut.key
        elif cut.operator is Operator.GE and number >= cast(int, cut.value):
            return cut.key
    return None


def _consents(cells: Sequence[object], as_of: datetime) -> str:
    """The channels consented to, joined by `|`; a channel counts only together with marketing use."""
    return "|".join(channel for channel, given in zip(_CHANNELS, _given(cells, as_of), strict=True) if given)


def _given(cells: Sequence[object], as_of: datetime) -> list[bool]:
    """For each channel behind marketing use: whether both were consented to by then."""
    at = [cell is not None and cast(datetime, cell).replace(tzinfo=UTC) <= as_of for cell in cells]
    return [at[0] and given for given in at[1:]]


def _contact(key: str, ko: str, en: str, channels: Sequence[str]) -> ExportColumn:
    """A contact, given where any of the channels was consented to: so it tells of consents, too."""

    def says(cells: Sequence[object], as_of: datetime) -> str | None:
        *consents, value = cells
        return cast("str | None", value) if any(_given(consents, as_of)) else None

    reads = ("marketing_use_at", *(f"{each}_at" for each in channels))
    return ExportColumn(key, ko, en, "marketing_consent", reads, says, contact=key)


_LISTED = (
    _option("membership_tier"),
    ExportColumn("age_band", "연령대", "Age band", "age", ("born_on",), _age_band),
    _option("gender"),
    _place("activity_region"),
    _option("life_stage"),
    ExportColumn("signup_band", "가입 기간대", "Tenure band", "signup", ("signed_up_at",), _signup_band),
    ExportColumn(
        "consented_channels",
        "수신 동의 채널",
        "Consented channels",
        "marketing_consent",
        ("marketing_use_at", *(f"{channel}_at" for channel in _CHANNELS)),
        _consents,
    ),
)

_CONTACTS = (
    _contact("name", "이름", "Name", _CHANNELS),
    _contact("email", "이메일", "E-mail", ("email",)),
    _contact("phone", "휴대전화", "Phone", ("sms", "kakao")),
)

CONTACTS = frozenset(entry.key for entry in _CONTACTS)
"""The columns that say who somebody is. The others are pseudonymous."""

COLUMNS: dict[str, ExportColumn] = {entry.key: entry for entry in (*_LISTED, *_CONTACTS)}
"""Every column an export may have besides the user id; none says where or how anybody stayed."""


def has_contacts(keys: Sequence[str]) -> bool:
    """Whether any of these columns says who somebody is."""
    return not CONTACTS.isdisjoint(keys)


def chosen(keys: Sequence[str]) -> tuple[ExportColumn, ...]:
    """The columns of these keys, in that order. Raises InputError for one that is not on the list, or named twice."""
    wanted = [key for key in keys if key != USER_ID]
    unknown = [key for key in wanted if key not in COLUMNS]
    if unknown:
        raise InputError(
            f"an export has no column {unknown[0]!r:.60}", fix=f"It may have {', '.join((USER_ID, *COLUMNS))}."
        )
    if len(set(wanted)) != len(wanted):
        raise InputError("an export column is named twice", fix="Name each column once.")
    return tuple(COLUMNS[key] for key in wanted)
