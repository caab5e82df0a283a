"""Users: each row a version of what is known of a traveller, since a moment; and users told only by their bookings."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.intake.checked import Asked, Check, check_rows
from audience_builder.intake.reason import Reason
from audience_builder.intake.stage import Stage
from audience_builder.intake.tree import STAGE, call, case, cast, col, first_of, is_empty, is_said, number
from audience_builder.mart.tables import USER_PROFILE, Status

_VALIDITY = ("user_no", "valid_from", "valid_to")
_TYPES = {entry.name: entry.type for entry in USER_PROFILE.columns}
_TOLD = tuple(name for name in _TYPES if name not in _VALIDITY)


def stage_users(stage: Stage, asked: Asked) -> None:
    """Fill `stage.checked`, `stage.known` (the mart's versions of these users) and `stage.made` (versions)."""
    check_rows(stage, asked, tuple(_columns(asked)), tuple(_checks(asked)))
    stage.run_named("make_user_line")
    stage.run_named("make_known_profile")
    stage.make("made", _made(asked))
    stage.run(exp.insert(_in_place_of_bare(), exp.to_table("made", db=STAGE)))


def _columns(asked: Asked) -> Iterator[tuple[str, exp.Expr]]:
    yield "user_id", asked.value("user_id")
    yield "changed_at", asked.value("changed_at")
    for name in _TOLD:
        value = asked.value(name)
        if name == "status":
            value = first_of(value, number(int(Status.NORMAL)))
        yield name, cast(value, _TYPES[name])


def _checks(asked: Asked) -> Iterator[Check]:
    yield Reason.MISSING, "signed_up_at", is_empty(asked.value("signed_up_at"))
    if asked.has("changed_at"):
        yield Reason.MISSING, "changed_at", is_empty(asked.value("changed_at"))


def _made(asked: Asked) -> exp.Select:
    """The versions, with `valid_from` and whether the mart did not know as much already."""
    line, known = exp.to_table("line", db=STAGE, alias="l"), exp.to_table("known", db=STAGE, alias="k")
    newly = case(
        (is_empty(col("user_id", "k")), col("signed_up_at", "l")),
        (col("bare", "k"), _replacing()),
        otherwise=asked.now_literal(),
    )
    same = exp.and_(
        is_said(col("user_id", "k")),
        *(exp.NullSafeEQ(this=col(name, "l"), expression=col(name, "k")) for name in _TOLD),
    )
    told = [col(name, "l") for name in _TOLD]
    since = first_of(col("changed_at", "l"), newly).as_("valid_from")
    return (
        select(col("user_id", "l"), since, *told, number(1).as_("used"), exp.Not(this=exp.paren(same)).as_("fresh"))
        .from_(line)
        .join(known, on=exp.and_(col("user_id", "l").eq(col("user_id", "k")), _in_force()), join_type="left")
    )


def _in_force() -> exp.Expr:
    """Whether the mart's version holds at the moment of the row; without one, whether it still holds."""
    changed_at, until = col("changed_at", "l"), col("valid_to", "k")
    still = exp.and_(is_empty(changed_at), is_empty(until))
    then = exp.and_(col("valid_from", "k") <= changed_at, exp.or_(is_empty(until), changed_at < until))
    return exp.or_(still, then)


def _replacing() -> exp.Expr:
    """Since when a row holds about somebody of whom only bookings told: from the beginning."""
    return call("least", col("signed_up_at", "l"), col("first_from", "k"))


def _in_place_of_bare() -> exp.Select:
    """Once more the rows about users whom only bookings told of, in the place of each of those versions."""
    told = [col(name, "l") for name in _TOLD]
    same_user = col("user_id", "l").eq(col("user_id", "k"))
    later = exp.and_(
        same_user, col("bare", "k"), is_empty(col("changed_at", "l")), col("valid_from", "k").neq(_replacing())
    )
    return (
        select(col("user_id", "l"), col("valid_from", "k"), *told, number(0).as_("used"), exp.true().as_("fresh"))
        .from_(exp.to_table("line", db=STAGE, alias="l"))
        .join(exp.to_table("known", db=STAGE, alias="k"), on=later)
        .where(exp.In(this=col("user_id", "l"), query=_fresh_users().subquery()))
    )


def _fresh_users() -> exp.Select:
    return select(col("user_id")).from_(exp.to_table("made", db=STAGE)).where(col("fresh"))


def profiles_query() -> exp.Select:
    """The fresh versions as `user_profile` takes them."""
    columns = [col("user_no", "u"), col("valid_from", "m"), *(col(name, "m") for name in _TOLD)]
    return _numbered(select(*columns).from_(exp.to_table("made", db=STAGE, alias="m")).where(col("fresh", "m")))


def _numbered(query: exp.Select) -> exp.Select:
    return query.join(exp.to_table("user_number", alias="u"), on=col("user_id", "u").eq(col("user_id", "m")))


# --- users told only by their bookings ------------------------------------------------------------------------------------


def derived_query() -> exp.Query:
    """A first version of every user in `stage.first_seen` who has none: signed up when first seen.

    Who was derived before and now is seen earlier is put earlier: nothing else was ever known of them.
    """
    profiles = exp.to_table("user_profile", alias="p")
    mine = col("user_no", "p").eq(col("user_no", "u"))
    has_none = exp.Not(this=exp.Exists(this=select("1").from_(profiles).where(mine)))
    new = _first(col("first_at", "m")).where(has_none)
    earlier = exp.and_(mine, col("first_at", "m") < col("signed_up_at", "p"), _is_bare())
    again = _first(col("valid_from", "p")).join(profiles, on=earlier)
    before = _first(col("first_at", "m")).distinct().join(profiles, on=earlier)
    return exp.union(exp.union(new, again, distinct=False), before, distinct=False)


def _first(since: exp.Expr) -> exp.Select:
    status = cast(number(int(Status.NORMAL)), _TYPES["status"])
    found = select(
        col("user_no", "u"), since.as_("valid_from"), status.as_("status"), col("first_at", "m").as_("signed_up_at")
    )
    return _numbered(found.from_(exp.to_table("first_seen", db=STAGE, alias="m")))


def _is_bare() -> exp.Expr:
    """Whether no version of the user says more than that there is one."""
    said = [is_said(col(name, "q")) for name in _TOLD if name not in ("status", "signed_up_at")]
    more = exp.or_(*said, col("status", "q").neq(number(int(Status.NORMAL))))
    other = (
        select("1")
        .from_(exp.to_table("user_profile", alias="q"))
        .where(col("user_no", "q").eq(col("user_no", "u")))
        .where(more)
    )
    return exp.Not(this=exp.Exists(this=other))
