"""Everybody on one sheet: a row an active user, and for each condition a column that is true or false.

`everybody` has the active users; `fact_1` … what is added up of each user from fact rows, one select for each kind of rows;
`known` a row an active user with a value for each question; `share_1` … the threshold of each share; `answer` a row an active user
with true or false, never NULL, for each condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.catalog.filter import Aggregate
from audience_builder.engine.plan import Ask, Share
from audience_builder.engine.sql_facts import NEVER_UNKNOWN, Added, values
from audience_builder.engine.sql_terms import Moment, at_most, date_of, either, number, timestamp
from audience_builder.engine.sql_values import EVERYBODY, OWN, TRAIT, of_profile, threshold_of, truth
from audience_builder.mart.schema import korean_day
from audience_builder.mart.tables import LAST_ACTIVE_STATUS, USER_PROFILE

TRAIT_RELATION: Final = "user_trait_at"
"""The traits as of the day asked about, with the columns of `user_trait`: whoever runs a query that reads it provides it."""

_KNOWN: Final = "known"
ANSWER: Final = "answer"


@dataclass(frozen=True, slots=True)
class _Own:
    """A value that stands in the user's own row of profile or traits."""

    aggregate: Aggregate
    column: str
    countries: int | None
    night: bool
    statuses: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The relations of a sheet in the order in which they read each other, and where each condition stands on it.

    `truths` has a column for each condition; `thresholds` a scalar for each condition that is a share.
    """

    relations: Mapping[str, exp.Query]
    truths: Mapping[str, exp.Expr]
    thresholds: Mapping[str, exp.Expr]
    reads_traits: bool

    def select(self, *columns: exp.Expr) -> exp.Select:
        """These columns over the sheet."""
        found = select(*columns).from_(exp.to_table(ANSWER), copy=False)
        for name, query in self.relations.items():
            found = found.with_(name, as_=query.copy(), copy=False)  # else every step copies all before it
        return found


def sheet(asks: Mapping[str, Ask], as_of: datetime) -> Sheet:
    """The sheet that answers these conditions, under the same keys."""
    now = Moment.of(as_of)
    values = _values(asks, now)
    shares = {key: ask.test for key, ask in asks.items() if isinstance(ask.test, Share)}
    share_names = {key: f"share_{place}" for place, key in enumerate(shares, start=1)}
    thresholds = {key: select("threshold").from_(exp.to_table(name)).subquery() for key, name in share_names.items()}
    truths = {key: f"condition_{place}" for place, key in enumerate(asks, start=1)}
    answers = (
        truth(ask, column(values.columns[key]), thresholds.get(key, exp.null())).as_(truths[key])
        for key, ask in asks.items()
    )
    relations = {
        EVERYBODY: _everybody(now),
        **values.facts,
        _KNOWN: values.known,
        **{share_names[key]: threshold_of(test, _KNOWN, values.columns[key]) for key, test in shares.items()},
        ANSWER: select("user_no", *answers).from_(exp.to_table(_KNOWN), copy=False),
    }
    return Sheet(relations, {key: column(name) for key, name in truths.items()}, thresholds, values.reads_traits)


def _everybody(now: Moment) -> exp.Select:
    """The active users: a version of the profile holds, its status is an active one, and they had signed up by the day."""
    moment, valid_to = timestamp(now.as_of), column("valid_to")
    still = exp.Is(this=valid_to, expression=exp.null())
    return (
        select("*")
        .from_(exp.to_table(USER_PROFILE.name))
        .where(
            exp.LTE(this=column("valid_from"), expression=moment),
            either((still, exp.GT(this=valid_to.copy(), expression=moment.copy()))),
            at_most(column("status"), LAST_ACTIVE_STATUS),
            at_most(korean_day(column("signed_up_at")), now.day, date_of),
        )
    )


@dataclass(frozen=True, slots=True)
class _Values:
    """The relations of facts, `known` over them, and in which of its columns each condition finds its value."""

    facts: Mapping[str, exp.Query]
    known: exp.Select
    columns: Mapping[str, str]
    reads_traits: bool


def _values(asks: Mapping[str, Ask], now: Moment) -> _Values:
    """Each different question once, however many conditions compare its value."""
    questions = {key: _question(ask) for key, ask in asks.items()}
    names = {question: f"value_{place}" for place, question in enumerate(dict.fromkeys(questions.values()), start=1)}
    facts, added = _facts([question for question in names if isinstance(question, Added)], now)
    own = {
        question: OWN[ask.aggregate](ask, now)
        for question, ask in zip(questions.values(), asks.values(), strict=True)
        if isinstance(question, _Own)
    }
    found = {**added, **own}
    reads_traits = any(ask.aggregate is Aggregate.TRAIT for ask in asks.values())
    joined = {name: exp.to_table(name) for name in facts}
    if reads_traits:
        joined[TRAIT] = exp.to_table(TRAIT_RELATION, alias=TRAIT)
    known = select(of_profile("user_no"), *(found[question].as_(name) for question, name in names.items()))
    known = known.from_(exp.to_table(EVERYBODY), copy=False)
    for alias, relation in joined.items():
        same_user = exp.EQ(this=column("user_no", table=alias), expression=of_profile("user_no"))
        known = known.join(relation, on=same_user, join_type="left", copy=False)
    return _Values(facts, known, {key: names[question] for key, question in questions.items()}, reads_traits)


def _question(ask: Ask) -> Added | _Own:
    if ask.rows is not None:
        return Added(ask.aggregate, ask.column, ask.rows)
    return _Own(ask.aggregate, ask.column, ask.countries, ask.night, ask.statuses)


def _facts(asked: list[Added], now: Moment) -> tuple[dict[str, exp.Query], dict[Added | _Own, exp.Expr]]:
    """One select for each kind of rows, and where in them each value stands: 0 or unknown where a user has no row."""
    together: dict[Added, list[Added]] = {}
    for added in asked:
        together.setdefault(added.shared(), []).append(added)
    relations: dict[str, exp.Query] = {}
    found: dict[Added | _Own, exp.Expr] = {}
    for position, group in enumerate(together.values(), start=1):
        name = f"fact_{position}"
        relations[name] = values(group, now)
        for place, added in enumerate(group, start=1):
            value = column(f"value_{place}", table=name)
            never_unknown = added.aggregate in NEVER_UNKNOWN
            found[added] = exp.Coalesce(this=value, expressions=[number(0)]) if never_unknown else value
    return relations, found
