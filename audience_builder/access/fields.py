"""What each role may do with each filter: see it, use it in a rule, have it as a column of an export.

A permission says what somebody may do at all; this says with which fields. Unless a table says otherwise every role has every
right. Who has several roles has what all of them allow, so that no other role undoes what one of them is denied.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from audience_builder.access.permission import Role
from audience_builder.access.principal import Principal
from audience_builder.errors import InputError


class Right(StrEnum):
    """What may be done with a field. Who may use or export it may see it."""

    SEE = "see"
    USE = "use"
    EXPORT = "export"


EVERY_FILTER = "*"
"""In a table: every filter that it does not name."""

SENSITIVE = "sensitive"
"""In a table: the options of any filter that tell of intimate things (motel, day use). They are never a column."""

_ALL, _OF_OPTIONS = frozenset(Right), frozenset({Right.SEE, Right.USE})
Table = Mapping[Role, Mapping[str, frozenset[Right]]]


@dataclass(frozen=True, slots=True)
class FieldRights:
    """The table of role × filter × right. A field is a filter's key or `sensitive`; what is not said of a role is allowed to it."""

    table: Table = field(default_factory=dict[Role, Mapping[str, frozenset[Right]]])

    def of(self, role: Role, name: str) -> frozenset[Right]:
        """What one role may do with a field."""
        said = self.table.get(role, {})
        found = said.get(name, said.get(EVERY_FILTER, _ALL))
        return found & _OF_OPTIONS if name == SENSITIVE else found

    def may(self, principal: Principal, right: Right, name: str) -> bool:
        """Whether the principal's roles, all of them, allow it."""
        return bool(principal.roles) and all(right in self.of(role, name) for role in principal.roles)

    def denied(self, principal: Principal, right: Right, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the fields with which the principal may not do that, in their order."""
        return tuple(name for name in names if not self.may(principal, right, name))

    def narrows(self, principal: Principal) -> bool:
        """Whether the table says anything of the principal's roles."""
        return any(role in self.table for role in principal.roles)


def open_field_rights(file: Path | None, known: Iterable[str]) -> FieldRights:
    """The table of a file; without one nothing is narrowed. Raises InputError where it cannot be read, or not be meant."""
    if file is None:
        return FieldRights()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as problem:
        raise InputError("the table of field rights cannot be read", fix="Check its path and owner.") from problem
    return read_field_rights(text, known)


def read_field_rights(text: str, known: Iterable[str]) -> FieldRights:
    """The table of a TOML file: a heading for each role, under it lines `filter = ["see", "use", "export"]`.

    `known` are the filters there are. Raises InputError for what cannot be meant.
    """
    fields = frozenset({*known, EVERY_FILTER, SENSITIVE})
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the table of field rights is no TOML: {error}", fix=_FIX) from None
    return FieldRights({_role(name): _rows(name, rows, fields) for name, rows in said.items()})


_FIX = 'Write a heading such as [analyst], and under it lines such as life_stage = ["see"].'


def _role(name: str) -> Role:
    if name not in set(Role):
        raise InputError(f"there is no role {name!r:.40}", fix=f"One of {', '.join(Role)}.")
    return Role(name)


def _rows(role: str, rows: object, fields: frozenset[str]) -> dict[str, frozenset[Right]]:
    if not isinstance(rows, dict):
        raise InputError(f"{role} is no heading of the table of field rights", fix=_FIX)
    found: dict[str, frozenset[Right]] = {}
    for name, said in cast(dict[str, Any], rows).items():
        if name not in fields:
            raise InputError(
                f"there is no filter {name!r:.60} to give {role} rights on", fix="docs/catalog.md lists them."
            )
        if not isinstance(said, list) or any(each not in set(Right) for each in cast("list[object]", said)):
            raise InputError(f"these are no rights on {name}", fix=f"A list of {', '.join(Right)}; empty for none.")
        found[name] = frozenset(Right(each) for each in cast("list[str]", said))
        if found[name] and Right.SEE not in found[name]:
            raise InputError(f"{role} cannot use what it may not see: {name}", fix="Add see, or leave the list empty.")
    return found
