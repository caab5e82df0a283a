"""Every row looked at: `stage.checked` has one row a row of the file, its values, and the first reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.intake.map_file import ImportMap
from audience_builder.intake.reason import Reason, problem
from audience_builder.intake.records import column_name
from audience_builder.intake.stage import Stage
from audience_builder.intake.target import CHOSEN, STATUS, TARGETS, Shape
from audience_builder.intake.tree import STAGE, call, case, cast, col, empty, is_empty, is_said, number, text
from audience_builder.intake.values import (
    Given,
    Writing,
    is_unknown,
    normalised,
    option_value,
    trimmed,
    unmapped,
    unread,
    values_bounded,
    values_read,
)
from audience_builder.intake.vocabulary import ANY, NOTHING, REJECT, normal, vocabulary
from audience_builder.mart.identity import TOMBSTONE, id_tag
from audience_builder.mart.schema import korean_day

Check = tuple[Reason, str, exp.Expr]
"""A reason, the column it is about, and when a row is refused for it."""

MOST_LETTERS = 200
DEFAULT_SEPARATOR = "|"
_EMAIL = r".*[^\s@]+@[^\s@]+\.[^\s@]+.*"
_PHONE = r"(\+?82[ -]?|0)1[016789][ -]?\d{3,4}[ -]?\d{4}"
_PUSH = r".*[\w-]{11,}:[\w-]{80,}.*"
_NAME = "[\uac00-\ud7a3]{2,5}"
_PRODUCT = "product_id"
"""A house may well be called by its name: the one id that can be a word of Korean."""


@dataclass(frozen=True)
class Asked:
    """The columns of one file as a map reads them, and the moment of the import (UTC)."""

    found: ImportMap
    givens: tuple[Given, ...]
    now: datetime

    @cached_property
    def by_name(self) -> Mapping[str, Given]:
        """The mapped targets by name."""
        return {given.target.name: given for given in self.givens}

    def has(self, name: str) -> bool:
        """Whether the target is mapped, and its column in the file."""
        return name in self.by_name

    def value(self, name: str) -> exp.Expr:
        """The value of a target; empty where it is not mapped."""
        target = STATUS if name == STATUS.name and self.found.kind == "bookings" else TARGETS[self.found.kind][name]
        return self.by_name[name].value if self.has(name) else unmapped(target)

    def now_literal(self) -> exp.Expr:
        """The moment of the import as a TIMESTAMP in UTC."""
        return cast(text(self.now.astimezone(UTC).replace(tzinfo=None).isoformat(" ")), "TIMESTAMP")

    def today(self) -> exp.Expr:
        """The day of the import in Korea."""
        return korean_day(self.now_literal())


def check_rows(stage: Stage, asked: Asked, columns: Sequence[tuple[str, exp.Expr]], checks: Sequence[Check]) -> None:
    """Fill `stage.checked` with `line`, `problem` and the columns, made of the values `v_…` of the targets."""
    for given in asked.givens:
        if given.target.shape in CHOSEN:
            _load_words(stage, asked, given)
    refuses_erased = stage.run(select("1").from_("erased_user").limit(1))
    every = [*_ids(asked), *_unreadable(asked), *checks]
    branches = [(is_said(col("problem")), col("problem"))]
    branches += [
        (condition, text(problem(reason, about))) for reason, about, condition in _in_order(every, bool(refuses_erased))
    ]
    mark = case(*branches).as_("problem", quoted=True)
    kept = [value.as_(name, quoted=True) for name, value in columns]
    stage.make("checked", select(col("line"), mark, *kept).from_(_values(asked).subquery("v")))


def _in_order(checks: Sequence[Check], refuses_erased: bool) -> Iterator[Check]:
    order = {reason: place for place, reason in enumerate(Reason)}
    erased = [(Reason.ERASED_USER, "user_id", _is_erased(refuses_erased))]
    yield from sorted([*checks, *erased], key=lambda entry: order[entry[0]])


def _is_erased(refuses_erased: bool) -> exp.Expr:
    looks_burnt = call("starts_with", col("v_user_id"), text(TOMBSTONE))
    if not refuses_erased:
        return looks_burnt
    tags = select(col("id_tag")).from_("erased_user")
    return exp.or_(looks_burnt, exp.In(this=id_tag(col("v_user_id")), query=tags.subquery()))


def _ids(asked: Asked) -> Iterator[Check]:
    yield Reason.NO_USER, "user_id", is_empty(col("v_user_id"))
    for given in asked.givens:
        if given.target.shape is Shape.ID:
            patterns = (_EMAIL, _PHONE, _PUSH, *(() if given.target.name == _PRODUCT else (_NAME,)))
            looks = [call("regexp_full_match", given.said, text(pattern)) for pattern in patterns]
            yield Reason.CONTACT_AS_ID, given.target.name, exp.or_(*looks)
            yield Reason.ID_TOO_LONG, given.target.name, call("length", given.value) > number(MOST_LETTERS)


_UNREADABLE = {
    Shape.MOMENT: Reason.BAD_DATE,
    Shape.DATE: Reason.BAD_DATE,
    Shape.BIRTH: Reason.BAD_DATE,
    Shape.VERSION: Reason.NOT_A_NUMBER,
}


def _unreadable(asked: Asked) -> Iterator[Check]:
    """Texts that gave no value, and moments that have not come yet."""
    pattern = Writing.of(asked.found).number_pattern()
    for given in asked.givens:
        name, shape = given.target.name, given.target.shape
        if shape in CHOSEN:
            yield Reason.UNKNOWN_VALUE, name, col("u_" + name)
        elif shape in _UNREADABLE:
            yield _UNREADABLE[shape], name, unread(given)
        elif shape is not Shape.ID:
            is_number = call(
                "regexp_full_match", given.said, text(pattern if shape is not Shape.WHOLE else r"[+-]?\d+(\.0+)?")
            )
            yield Reason.NOT_A_NUMBER, name, exp.and_(unread(given), exp.Not(this=is_number))
            yield Reason.OUT_OF_RANGE, name, unread(given)
        if shape is Shape.MOMENT:
            yield Reason.FUTURE_DATE, name, given.value > asked.now_literal()
        if shape is Shape.BIRTH:
            yield Reason.FUTURE_DATE, name, given.value > asked.today()


# --- texts, then values -------------------------------------------------------------------------------------------------


def texts(asked: Asked) -> exp.Select:
    """`line`, `problem`, and the text `x_…` of every target."""
    empties = asked.found.file.empty
    found = [_text(given, empties).as_("x_" + given.target.name, quoted=True) for given in asked.givens]
    return select(col("line"), col("problem"), *found).from_(exp.to_table("raw", db=STAGE))


def _text(given: Given, empties: Sequence[str]) -> exp.Expr:
    if given.position is None:
        return cast(text(given.spec.constant or ""), "VARCHAR")
    return trimmed(col(column_name(given.position)), empties)


def _values(asked: Asked) -> exp.Select:
    """Beside the texts, the value `v_…` of every target, and `u_…` = it is no option."""
    read = select("t.*", *values_read(asked.givens, Writing.of(asked.found))).from_(texts(asked).subquery("t"))
    # Bounds are asked one level up: else DuckDB reads every date three times, once a comparison.
    query = select("x.*", *values_bounded(asked.givens)).from_(read.subquery("x"))
    for given in asked.givens:
        if given.target.shape in CHOSEN:
            query = _with_option(query, asked, given)
    return query


def _with_option(query: exp.Select, asked: Asked, given: Given) -> exp.Select:
    name, word = given.target.name, "w_" + given.target.name
    other, any_is_fine = _otherwise(asked, given)
    value = option_value(given, other)
    unknown = is_unknown(given, any_is_fine=any_is_fine)
    for prefix, state in _prefixes(asked, given):
        begins = call("starts_with", given.said, text(prefix))
        said = empty("INTEGER") if state is None else cast(number(state), "INTEGER")
        value = case((begins, said), otherwise=value)
        unknown = case((begins, exp.true() if state is None else exp.false()), otherwise=unknown)
    key = given.said if given.target.shape is Shape.MASK else normalised(given.said)
    table = exp.to_table("words_" + name, db=STAGE, alias=word)
    return query.select(value.as_("v_" + name, quoted=True), unknown.as_("u_" + name, quoted=True)).join(
        table, on=col("said", word).eq(key), join_type="left"
    )


def _prefixes(asked: Asked, given: Given) -> Iterator[tuple[str, int | None]]:
    """What a status says by how it begins (None = refuse it); the longest beginning last, so that it is asked first."""
    if given.target is STATUS and asked.found.status:
        states = vocabulary(STATUS.vocabulary).keys
        by_length = sorted(asked.found.status.prefix.items(), key=lambda entry: len(entry[0]))
        yield from ((prefix, states.get(key)) for prefix, key in by_length)


def _mapping(asked: Asked, given: Given) -> Mapping[str, str]:
    """What the map says of texts: as in `[values]`."""
    status = asked.found.status
    if given.target is STATUS and status:
        return status.values | ({ANY: status.otherwise} if status.otherwise is not None else {})
    return asked.found.values.get(given.target.name, {})


def _otherwise(asked: Asked, given: Given) -> tuple[int | None, bool]:
    """The code of whatever the map does not name, and whether that is fine."""
    key = _mapping(asked, given).get(ANY, REJECT)
    return vocabulary(given.target.vocabulary).keys.get(key), key != REJECT


def _load_words(stage: Stage, asked: Asked, given: Given) -> None:
    """The table `stage.words_…`: every text that means an option, its code (-1 = not known), and whether it is allowed."""
    words = vocabulary(given.target.vocabulary)
    said: dict[str, tuple[int, bool]] = {key: (code, True) for key, code in words.said.items()}
    for source, key in _mapping(asked, given).items():
        if source != ANY:
            said[normal(source)] = (words.keys.get(key, -1), key != REJECT)
    several = given.target.shape is Shape.MASK
    name = ("word_" if several else "words_") + given.target.name
    fields = {"said": empty("VARCHAR"), "code": empty("BIGINT"), "known": empty("BOOLEAN")}
    stage.make(name, select(*(value.as_(key) for key, value in fields.items())).limit(0))
    stage.load(
        name,
        {
            "said": np.array(list(said), dtype=object),
            "code": np.array([code for code, _ in said.values()], dtype=np.int64),
            "known": np.array([known for _, known in said.values()], dtype=np.bool_),
        },
    )
    if several:
        stage.make("words_" + given.target.name, _combinations(asked, given, name))


def _combinations(asked: Asked, given: Given, words: str) -> exp.Select:
    """Every text of several words that stands in the file, with the mask of all of them."""
    said = col("x_" + given.target.name)
    distinct = select(said.as_("said")).distinct().from_(texts(asked).subquery("x")).where(is_said(said))
    separator = given.spec.separator or DEFAULT_SEPARATOR
    parts = call("unnest", call("string_split", col("said"), text(separator)))
    split = select(col("said"), normalised(call("trim", parts)).as_("word")).from_(distinct.subquery("d"))
    other, any_is_fine = _otherwise(asked, given)
    elsewhere = empty("BIGINT") if other is None else number(other)
    code = case((is_said(col("said", "w")), call("nullif", col("code", "w"), number(-1))), otherwise=elsewhere)
    known = call("coalesce", col("known", "w"), exp.true() if any_is_fine else exp.false())
    mask = call(
        "bit_or", exp.BitwiseLeftShift(this=cast(number(1), "BIGINT"), expression=exp.paren(cast(code, "INTEGER")))
    )
    return (
        select(col("said", "s").as_("said"), mask.as_("code"), call("bool_and", known).as_("known"))
        .from_(split.subquery("s"))
        .join(exp.to_table(words, db=STAGE, alias="w"), on=col("said", "w").eq(col("word", "s")), join_type="left")
        .where(col("word", "s").neq(text(NOTHING)))
        .group_by(col("said", "s"))
    )
