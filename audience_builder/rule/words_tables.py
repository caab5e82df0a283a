"""How each way of comparing is said: what stands before and behind the noun, by language, shape of the value and operator.

`{v}` a number, `{a}` and `{b}` two, `{p}` a share, `{o}` one option, `{os}` any of several, `{all}` several at once, `{w}` a window;
`{이/가}` a particle by the last sound, `{이다}` a verb that takes the ending of its clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Kind
from audience_builder.catalog.operator import Operator
from audience_builder.rule.words_number import Language

O = Operator  # noqa: E741 - the tables below are read by their columns


@dataclass(frozen=True, slots=True)
class Tail:
    """One way of comparing. `value` where it says one number only; without a `head` it names what is compared itself."""

    operator: Operator
    before: str = ""
    behind: str = ""
    value: int | None = None
    head: bool = True


def _ko(rows: Mapping[Operator, str]) -> tuple[Tail, ...]:
    return tuple(Tail(operator, behind=said) for operator, said in rows.items())


def _en(rows: Mapping[Operator, str]) -> tuple[Tail, ...]:
    return tuple(Tail(operator, behind=said) for operator, said in rows.items())


_KO_KNOWING: Final = {O.KNOWN: "{이/가} 미상이 {아니다}", O.UNKNOWN: "{이/가} 미상{이다}"}
_KO_NUMBERS: Final = {
    O.GE: "{이/가} {v} 이상{이다}",
    O.GT: "{이/가} {v} 초과{이다}",
    O.LE: "{이/가} {v} 이하{이다}",
    O.LT: "{이/가} {v} 미만{이다}",
    O.EQ: "{이/가} 정확히 {v}{이다}",
    O.NE: "{이/가} 정확히 {v}{이/가} {아니다}",
    O.BETWEEN: "{이/가} {a} 이상 {b} 이하{이다}",
    O.TOP_PERCENT: "{이/가} 상위 {p}%{이다}",
    O.BOTTOM_PERCENT: "{이/가} 하위 {p}%{이다}",
    **_KO_KNOWING,
}
_KO_ANY: Final = {O.IN: "{이/가} {os}{이다}", O.NOT_IN: "{이/가} {os}{이/가} {아니다}"}
_KO: Final[dict[Kind, tuple[Tail, ...]]] = {
    Kind.EVENTS: (
        Tail(O.GE, behind="{이/가} {있다}", value=1),
        Tail(O.EQ, behind="{이/가} {없다}", value=0),
        *_ko(_KO_NUMBERS),
    ),
    Kind.NUMBER: _ko(_KO_NUMBERS),
    Kind.DAYS: _ko(
        {
            O.GE: "{이/가} {v} 이상 전{이다}",
            O.GT: "{이/가} {v} 초과 전{이다}",
            O.LE: "{이/가} {v} 이하 전{이다}",
            O.LT: "{이/가} {v} 미만 전{이다}",
            O.EQ: "{이/가} 정확히 {v} 전{이다}",
            O.NE: "{이/가} 정확히 {v} 전이 {아니다}",
            O.BETWEEN: "{이/가} {a} 이상 {b} 이하 전{이다}",
            O.WITHIN: "{이/가} {w}{이다}",
            O.NOT_WITHIN: "{이/가} {w}{이/가} {아니다}",
            **_KO_KNOWING,
        }
    ),
    Kind.ORDERED: _ko(
        {
            O.EQ: "{이/가} {o}{이다}",
            O.NE: "{이/가} {o}{이/가} {아니다}",
            O.GE: "{이/가} {o} 이상{이다}",
            O.GT: "{이/가} {o} 초과{이다}",
            O.LE: "{이/가} {o} 이하{이다}",
            O.LT: "{이/가} {o} 미만{이다}",
            O.BETWEEN: "{이/가} {a} 이상 {b} 이하{이다}",
            O.IN: "{이/가} {os} 중 하나{이다}",
            O.NOT_IN: "{이/가} {os} 중 하나가 {아니다}",
            **_KO_KNOWING,
        }
    ),
    Kind.CHOICE: _ko({**_KO_ANY, **_KO_KNOWING}),
    Kind.CHOICES: _ko(
        {**_KO_ANY, O.HAS_ALL: "{이/가} {all} 모두{이다}", O.ONLY: "{이/가} {os}뿐{이다}", **_KO_KNOWING}
    ),
}

_EN_KNOWING: Final = (Tail(O.KNOWN, before="known "), Tail(O.UNKNOWN, before="unknown "))
_EN: Final[dict[Kind, tuple[Tail, ...]]] = {
    Kind.EVENTS: (
        Tail(O.EQ, before="no ", value=0),
        Tail(O.GE, before="at least {v} "),
        Tail(O.GT, before="more than {v} "),
        Tail(O.LE, before="at most {v} "),
        Tail(O.LT, before="fewer than {v} "),
        Tail(O.NE, before="not exactly {v} "),
        Tail(O.EQ, before="exactly {v} "),
        Tail(O.BETWEEN, before="{a} to {b} "),
        Tail(O.TOP_PERCENT, before="top {p}% by "),
        Tail(O.BOTTOM_PERCENT, before="bottom {p}% by "),
        *_EN_KNOWING,
    ),
    Kind.NUMBER: (
        *_en(
            {
                O.GE: " of at least {v}",
                O.GT: " of more than {v}",
                O.LE: " of at most {v}",
                O.LT: " of less than {v}",
                O.EQ: " of exactly {v}",
                O.NE: " other than {v}",
                O.BETWEEN: " of {a} to {b}",
                O.TOP_PERCENT: " in the top {p}%",
                O.BOTTOM_PERCENT: " in the bottom {p}%",
            }
        ),
        *_EN_KNOWING,
    ),
    Kind.DAYS: (
        *_en(
            {
                O.GE: " at least {v} ago",
                O.GT: " more than {v} ago",
                O.LE: " at most {v} ago",
                O.LT: " less than {v} ago",
                O.EQ: " precisely {v} ago",
                O.NE: " not precisely {v} ago",
                O.BETWEEN: " {a} to {b} ago",
                O.NOT_WITHIN: " not {w}",
                O.WITHIN: " {w}",
            }
        ),
        *_EN_KNOWING,
    ),
    Kind.ORDERED: (
        *_en(
            {
                O.GE: " of {o} or higher",
                O.LE: " of {o} or lower",
                O.GT: " above {o}",
                O.LT: " below {o}",
                O.EQ: " of {o}",
                O.NE: " other than {o}",
                O.BETWEEN: " from {a} to {b}",
                O.NOT_IN: " not among {os}",
                O.IN: " among {os}",
            }
        ),
        *_EN_KNOWING,
    ),
    Kind.CHOICE: (*_en({O.IN: " of {os}", O.NOT_IN: " other than {os}"}), *_EN_KNOWING),
    Kind.CHOICES: (
        *_en(
            {
                O.HAS_ALL: " including all of {all}",
                O.IN: " including {os}",
                O.NOT_IN: " not including {os}",
                O.ONLY: " of only {os}",
            }
        ),
        *_EN_KNOWING,
    ),
}

_OWN: Final[dict[tuple[Language, str], tuple[Tail, ...]]] = {
    ("ko", "marketing_consent"): (
        Tail(O.IN, behind="{os}에 {동의하다}", head=False),
        Tail(O.NOT_IN, behind="{os}에 동의하지 {않다}", head=False),
        Tail(O.HAS_ALL, behind="{all} 모두에 {동의하다}", head=False),
        Tail(O.ONLY, behind="{os}에만 {동의하다}", head=False),
        *_ko(_KO_KNOWING),
    ),
    ("en", "marketing_consent"): (
        Tail(O.HAS_ALL, before="consent to all of {all}", head=False),
        Tail(O.ONLY, before="consent to nothing but {os}", head=False),
        Tail(O.NOT_IN, before="no consent to {os}", head=False),
        Tail(O.IN, before="consent to {os}", head=False),
        *_EN_KNOWING,
    ),
}
_TAILS: Final = MappingProxyType({"ko": _KO, "en": _EN})


def tails_of(filter_key: str, language: Language) -> tuple[Tail, ...]:
    """The ways a filter is compared, those that say more in fewer words first."""
    return _OWN.get((language, filter_key)) or _TAILS[language][BY_KEY[filter_key].kind]


def tail_of(filter_key: str, operator: Operator, value: object, language: Language) -> Tail:
    """The way one comparison is said."""
    return next(
        tail
        for tail in tails_of(filter_key, language)
        if tail.operator is operator and (tail.value is None or tail.value == value)
    )


@dataclass(frozen=True, slots=True)
class Joining:
    """The words around clauses: of several options, of several clauses, and of groups; groups by `all`, `any`, `at_least`, `not`."""

    any_of: str
    all_of: str
    root: Mapping[str, str]
    group: Mapping[str, str]


JOINING: Final[Mapping[Language, Joining]] = MappingProxyType(
    {
        "ko": Joining(
            " 또는 ",
            " 및 ",
            {
                "all": "다음에 모두 해당하는 고객:",
                "any": "다음 중 하나 이상에 해당하는 고객:",
                "at_least": "다음 중 {k}개 이상에 해당하는 고객:",
                "not": "다음에 해당하지 않는 고객:",
            },
            {
                "all": "다음 모두:",
                "any": "다음 중 하나 이상:",
                "at_least": "다음 중 {k}개 이상:",
                "not": "다음은 제외:",
            },
        ),
        "en": Joining(
            " or ",
            " and ",
            {
                "all": "Customers who match all of the following:",
                "any": "Customers who match any of the following:",
                "at_least": "Customers who match at least {k} of the following:",
                "not": "Customers who do not match the following:",
            },
            {
                "all": "all of the following:",
                "any": "any of the following:",
                "at_least": "at least {k} of the following:",
                "not": "not the following:",
            },
        ),
    }
)
