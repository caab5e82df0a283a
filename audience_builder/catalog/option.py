"""What a filter may be asked about: options, their groups, and the lists they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Option:
    """One value a user can pick. `code` is what the mart stores: it is never reused and never changes."""

    key: str
    code: int
    ko: str
    en: str
    synonyms: tuple[str, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A name for several options of one list; as a value it means any of its members."""

    key: str
    ko: str
    en: str
    members: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionList:
    """A closed list of options. `ordered` lists are declared from the lowest option to the highest."""

    name: str
    options: tuple[Option, ...]
    groups: tuple[OptionGroup, ...] = ()
    ordered: bool = False
    _by_key: dict[str, Option | OptionGroup] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        keyed = {**{group.key: group for group in self.groups}, **{option.key: option for option in self.options}}
        if len(keyed) != len(self.groups) + len(self.options):
            raise ValueError(f"option list {self.name} names a key twice")
        if len({option.code for option in self.options}) != len(self.options):
            raise ValueError(f"option list {self.name} uses a code twice")
        object.__setattr__(self, "_by_key", keyed)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def keys(self) -> tuple[str, ...]:
        """Every key that may stand in a rule: options first, then groups."""
        return tuple(option.key for option in self.options) + tuple(group.key for group in self.groups)

    def named(self, key: str) -> Option | OptionGroup:
        """The option or group of that key. Raises KeyError where there is none."""
        return self._by_key[key]

    def codes(self, keys: Iterable[str]) -> frozenset[int]:
        """The stored codes that any of `keys` means, groups expanded."""
        found: set[int] = set()
        for key in keys:
            entry = self._by_key[key]
            if isinstance(entry, Option):
                found.add(entry.code)
            else:
                found |= self.codes(entry.members)
        return frozenset(found)

    def key_of(self, code: int) -> str:
        """The key stored as `code`. Raises KeyError where there is none."""
        for option in self.options:
            if option.code == code:
                return option.key
        raise KeyError(code)


def listed(name: str, table: str, *, groups: tuple[OptionGroup, ...] = (), ordered: bool = False) -> OptionList:
    """A list from lines `code | key | ko | en | synonyms, … | sensitive`; the last two may be left out."""
    return OptionList(name, tuple(_read(line) for line in table.strip().splitlines()), groups, ordered)


def _read(line: str) -> Option:
    code, key, ko, en, *rest = (cell.strip() for cell in line.split("|"))
    synonyms = tuple(word.strip() for word in rest[0].split(",") if word.strip()) if rest else ()
    return Option(key, int(code), ko, en, synonyms, sensitive=rest[1:] == ["sensitive"])
