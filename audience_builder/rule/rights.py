"""Which rules somebody may ask about: the one place where a rule meets the table of role × filter × right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from audience_builder.access import Principal
from audience_builder.access.fields import SENSITIVE, FieldRights, Right
from audience_builder.catalog import BY_KEY, FILTERS
from audience_builder.catalog.filter import Cut, Filter, Test
from audience_builder.catalog.option import Option, OptionList
from audience_builder.errors import FieldError, Problem
from audience_builder.rule.check import placed
from audience_builder.rule.tree import Condition, Rule, walk

_SENSITIVE_WORDS = ("민감한 선택지(모텔·대실)", "sensitive options (motel, day use)")
_SAYS: dict[Right, tuple[str, str]] = {
    Right.SEE: ("볼", "see"),
    Right.USE: ("사용할", "use"),
    Right.EXPORT: ("내보낼", "export"),
}


class RuleRights:
    """Refuses what speaks of fields that somebody may not see, use or export, and says what they may."""

    def __init__(self, rights: FieldRights) -> None:
        self._rights = rights

    def require(self, principal: Principal, *rules: Rule, right: Right = Right.USE) -> None:
        """Raise FieldError where one of the rules speaks of a field the principal has not that right to."""
        if self._rights.narrows(principal):
            _raise_if([problem for rule in rules for problem in self.problems(principal, rule, right)])

    def require_fields(self, principal: Principal, names: Iterable[str], right: Right) -> None:
        """Raise FieldError where the principal has not that right to one of the fields."""
        _raise_if([_problem("", name, right) for name in self._rights.denied(principal, right, names)])

    def problems(self, principal: Principal, rule: Rule, right: Right = Right.USE) -> tuple[Problem, ...]:
        """Every place of the rule where it speaks of such a field."""
        return tuple(
            _problem(pointer, name, right)
            for name, pointer in _fields(rule)
            if not self._rights.may(principal, right, name)
        )

    def may(self, principal: Principal, name: str, right: Right = Right.SEE) -> bool:
        """Whether the principal has that right to a field."""
        return self._rights.may(principal, right, name)

    def narrows(self, principal: Principal) -> bool:
        """Whether there is anything the principal may not do with some field."""
        return self._rights.narrows(principal)

    def seen(self, principal: Principal) -> tuple[Filter, ...]:
        """The filters the principal may see, in the catalog's order."""
        return tuple(asked for asked in FILTERS if self.may(principal, asked.key))


def is_sensitive(options: OptionList, key: str) -> bool:
    """Whether an option of a list is sensitive, or any that a group of them means."""
    entry = options.named(key)
    return entry.sensitive if isinstance(entry, Option) else any(is_sensitive(options, each) for each in entry.members)


def is_sensitive_cut(asked: Filter, cut: Cut) -> bool:
    """Whether a line of the filter's facet tells who chose a sensitive option."""
    return any(True for _ in _sensitive(asked, cut.value, dict(cut.properties)))


def is_intimate(rule: Rule) -> bool:
    """Whether whom a rule means says something intimate of them: day use, or motels together with company or days of the week."""
    named: set[Test | None] = set()
    tells_more = False
    for node in walk(rule.root):
        if isinstance(node, Condition):
            asked = BY_KEY[node.filter]
            tests = {key: entry.test for key in node.properties if (entry := asked.property_named(key)) is not None}
            tells_more |= asked.key == _DAYS or not _TELLING.isdisjoint(tests.values())
            named |= {tests.get(place.rpartition("/")[2]) for place in _sensitive(asked, node.value, node.properties)}
    return bool(named) and (tells_more or named != {Test.TYPE})


_DAYS = "preferred_stay_day"
_TELLING = frozenset({Test.PARTY, Test.NIGHT_KIND})


def _fields(rule: Rule) -> Iterator[tuple[str, str]]:
    """Every field a rule speaks of, and where (JSON pointer)."""
    for node, place in placed(rule.root, "/root"):
        if isinstance(node, Condition):
            yield node.filter, f"{place}/filter"
            for pointer in _sensitive(BY_KEY[node.filter], node.value, node.properties):
                yield SENSITIVE, f"{place}{pointer}"


def _sensitive(asked: Filter, value: object, properties: Mapping[str, object]) -> Iterator[str]:
    """Where a condition of the filter names a sensitive option."""
    said: list[tuple[str, OptionList | None, object]] = [("/value", asked.options, value)]
    for key, each in properties.items():
        entry = asked.property_named(key)
        said.append((f"/properties/{key}", entry.options if entry else None, each))
    for pointer, options, keys in said:
        if options is not None and any(key in options and is_sensitive(options, key) for key in _keys(keys)):
            yield pointer


def _keys(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    many = cast("tuple[object, ...]", value) if isinstance(value, tuple | list) else ()
    return tuple(key for key in many if isinstance(key, str))


def _problem(pointer: str, name: str, right: Right) -> Problem:
    ko, en = _SENSITIVE_WORDS if name == SENSITIVE else (f"‘{BY_KEY[name].ko}’ 필터", f"the filter {name}")
    may_ko, may_en = _SAYS[right]
    return Problem(
        pointer,
        FieldError.code,
        f"{ko}: {may_ko} 권한이 없습니다 · your role may not {may_en} {en}",
        "이 조건을 빼거나 관리자에게 권한을 요청하세요 · leave it out, or ask an admin for the right",
    )


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        first = problems[0]
        raise FieldError(first.message, fix=first.fix, problems=tuple(problems))
