"""A map: which column of a file says what, and how its texts are to be read. TOML, checked before any file is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from audience_builder.errors import InputError
from audience_builder.intake import map_check
from audience_builder.intake.map_text import MapText, did_you_mean
from audience_builder.intake.target import Kind

_SHIPPED = "audience_builder.intake.maps"
_LARGEST_MAP = 1_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _decimal(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("must be a number")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ValueError("must be a number") from None


def _as_column(value: object) -> object:
    if isinstance(value, str):
        return {"column": [value]}
    if isinstance(value, list):
        return {"column": cast("list[object]", value)}
    if isinstance(value, dict):
        given = cast("dict[str, object]", value)
        alone = given.get("column")
        return {**given, "column": [alone]} if isinstance(alone, str) else given
    raise ValueError("must be a column's name, a list of names, or { column = … } or { constant = … }")


def _as_texts(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_text(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, int | Decimal) else value


Number = Annotated[Decimal, BeforeValidator(_decimal)]
Texts = Annotated[list[str], BeforeValidator(_as_texts)]


class ColumnSpec(_Strict):
    """Where the value of a target comes from: a column (the first of these names that the file has), or a constant."""

    column: list[str] | None = None
    constant: Annotated[str | None, BeforeValidator(_as_text)] = None
    optional: bool = False
    format: Texts = []
    separator: str | None = None
    prefix: str = ""
    whole_number: bool = False


class FileSection(_Strict):
    """How the file is written. `auto` looks at the file."""

    format: Literal["auto", "csv", "parquet"] = "auto"
    encoding: Literal["auto", "utf-8", "utf-8-sig", "utf-16", "cp949", "euc-kr", "cp1252", "latin-1"] = "auto"
    delimiter: str = "auto"
    quote: str = '"'
    header: bool = True
    names: list[str] = []
    empty: list[str] = []


class TimeSection(_Strict):
    """The zone in which the source writes moments that do not say one, and the formats of moments and dates."""

    zone: str = "Asia/Seoul"
    formats: Texts = ["iso"]
    dates: Texts = ["iso"]


class MoneySection(_Strict):
    """How amounts are written and what they are worth. KRW = floor(amount x unit x rate), once a booking."""

    currency: str = "KRW"
    rate: Number | None = None
    rates: dict[str, Number] = {}
    unit: Number = Decimal(1)
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    cancelled: Literal["refunded", "kept"] | None = None


class StatusSection(_Strict):
    """What state a booking's row says: by how a text begins, by the whole text, or otherwise."""

    column: Texts
    prefix: dict[str, str] = {}
    values: dict[str, str] = {}
    otherwise: str | None = None
    strip_prefix: bool = False


class GroupSection(_Strict):
    """Rows of one order become one booking."""

    by: Literal["booking_id", "order_id"]


class VersionSection(_Strict):
    """Which of two rows about one booking is newer: by import, by the latest moment in it, or by its column `version`."""

    by: Literal["import", "event", "column"] = "import"


class EventsSection(_Strict):
    """What to do with a second file about days that an earlier one was about."""

    overlap: Literal["refuse", "add"] = "refuse"


class ImportMap(_Strict):
    """A map as it was written, whole and checked."""

    kind: Kind
    name: str = ""
    says: str = ""
    derive_users: bool = False
    file: FileSection = FileSection()
    time: TimeSection = TimeSection()
    money: MoneySection = MoneySection()
    columns: dict[str, Annotated[ColumnSpec, BeforeValidator(_as_column)]]
    values: dict[str, dict[str, str]] = {}
    status: StatusSection | None = None
    group: GroupSection | None = None
    version: VersionSection = VersionSection()
    events: EventsSection = EventsSection()

    def digest(self) -> str:
        """The same for two maps that mean the same, whatever their comments and order. 64 hexadecimal digits."""
        meant = self.model_copy(update={"says": ""}).model_dump_json(exclude_defaults=True)
        return hashlib.sha256(_sorted(meant).encode()).hexdigest()


def _sorted(text: str) -> str:
    import orjson

    return orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS).decode()


def shipped_maps() -> tuple[str, ...]:
    """The names of the maps that come with the product."""
    found = (Path(entry.name) for entry in resources.files(_SHIPPED).iterdir())
    return tuple(sorted(entry.stem for entry in found if entry.suffix == ".toml"))


def load_map(name_or_path: str | Path) -> tuple[ImportMap, MapText]:
    """A map by the name of a shipped one, or by its path. Raises InputError with the line of what is wrong."""
    written = _read(name_or_path)
    given = written.parsed()
    try:
        found = ImportMap.model_validate(given)
    except ValidationError as problem:
        raise map_check.unreadable(written, problem, given, _keys_at) from None
    if not found.name:
        found = found.model_copy(update={"name": Path(written.where).stem})
    map_check.check(found, written)
    return found, written


def _read(name_or_path: str | Path) -> MapText:
    name = str(name_or_path)
    if name in shipped_maps():
        return MapText(name + ".toml", resources.files(_SHIPPED).joinpath(name + ".toml").read_text(encoding="utf-8"))
    path = Path(name_or_path)
    try:
        if path.stat().st_size > _LARGEST_MAP:
            raise InputError(f"{name} is too large to be a map", fix="Give the map after --map and the data as FILE.")
        return MapText(path.name, path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as problem:
        near = did_you_mean(name, shipped_maps()) or f"Shipped maps are {', '.join(shipped_maps())}."
        raise InputError(f"there is no map {name}", fix=near) from problem
    except UnicodeDecodeError as problem:
        raise InputError(f"{name} is not a text in UTF-8", fix="Save the map as UTF-8.") from problem
    except (OSError, ValueError) as problem:
        raise InputError(f"the map {name} cannot be read", fix="Give the path of a readable TOML file.") from problem


@lru_cache(maxsize=1)
def _sections() -> Mapping[str, type[BaseModel]]:
    return {
        "file": FileSection,
        "time": TimeSection,
        "money": MoneySection,
        "status": StatusSection,
        "group": GroupSection,
        "version": VersionSection,
        "events": EventsSection,
    }


def _keys_at(path: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that may stand at a place of the map."""
    if not path:
        return tuple(ImportMap.model_fields)
    if path[0] == "columns":
        return tuple(ColumnSpec.model_fields)
    section = _sections().get(path[0])
    return tuple(section.model_fields) if section else ()
