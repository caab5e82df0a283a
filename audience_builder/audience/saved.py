"""Saved audiences: a rule with a name, an owner and a history nobody overwrites."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from audience_builder import clock
from audience_builder.access import Permission, Principal, require
from audience_builder.access.fields import Right
from audience_builder.audience.guard import Limits, shown_size
from audience_builder.audience.sizing import Measure, size_of
from audience_builder.engine.port import Count
from audience_builder.errors import ChangedError, ConflictError, InputError, NotFoundError, RuleError
from audience_builder.rule.canonical import rule_hash
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.rights import RuleRights
from audience_builder.rule.tree import Rule
from audience_builder.rule.words import compact
from audience_builder.rule.words_number import Language
from audience_builder.store import Audience, AudiencePage, AudienceQuery, AudienceSize, Store, Unit, Version

MOST_NAME = 200
_Sized = TypeVar("_Sized", Audience, AudienceSize)
_MOST_SUMMARY = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be saved. `None` keeps what the audience has (or starts it empty)."""

    rule: Rule
    description: str | None = None
    tags: tuple[str, ...] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to call an audience and whose it is. `None` keeps what it has."""

    name: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """An audience with its versions, newest first."""

    audience: Audience
    versions: tuple[Version, ...]

    def rule(self, version: int | None = None) -> Rule:
        """The rule of a version (None = the newest). Raises RuleError where the catalog no longer knows its words."""
        return parse_rule(self.version(version).rule)

    def version(self, number: int | None = None) -> Version:
        """That version (None = the newest). Raises InputError where there is none."""
        wanted = self.audience.version if number is None else number
        for entry in self.versions:
            if entry.version == wanted:
                return entry
        raise InputError(f"{self.audience.name} has no version {wanted}", fix=f"It has 1 to {self.audience.version}.")


class Audiences:
    """Saves, shows and puts away audiences; each command is one transaction with its audit entry."""

    def __init__(
        self,
        *,
        store: Store,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        measure: Measure,
        limits: Limits,
        rights: RuleRights,
    ) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id
        self._measure = measure
        self._limits = limits
        self._rights = rights
        self._listeners: list[Callable[[], None]] = []

    def on_save(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever other rules are live, once that is kept."""
        self._listeners.append(listener)

    def save_new(self, principal: Principal, name: str, draft: Draft) -> Saved:
        """A new audience with version 1. Raises ConflictError where a live one has that name."""
        require(principal, Permission.BUILD_RULES)
        self._rights.require(principal, draft.rule)
        now, words, measured = self._now(), _name(name), self._measure(draft.rule)
        audience = Audience(
            id=self._new_id(), name=words, description=draft.description or "", tags=draft.tags or (),
            owner=principal.id, version=1, created_at=now, updated_at=now,
        )  # fmt: skip
        audience = _described(audience, draft.rule)
        version = _version(audience, 1, draft, principal, now)
        with self._saving(principal) as unit:
            unit.audiences.add(audience, version)
            unit.audit("audience.save", audience.id, version=1, rule_hash=version.rule_hash)
            return self._told(principal, _sized(unit, audience, measured))

    def save_version(
        self,
        principal: Principal,
        name_or_id: str,
        draft: Draft,
        *,
        expected_version: int | None = None,
        expected_revision: int | None = None,
    ) -> Saved:
        """The next version, if nothing changed since the expected one. Raises ChangedError where somebody else was first."""
        require(principal, Permission.BUILD_RULES)
        self._rights.require(principal, draft.rule)
        now, measured = self._now(), self._measure(draft.rule)
        with self._saving(principal) as unit:
            before = _live(unit, name_or_id)
            self._require_unchanged(principal, unit, before, (expected_version, expected_revision))
            audience = replace(
                _described(before, draft.rule),
                version=before.version + 1,
                revision=before.revision + 1,
                updated_at=now,
                description=before.description if draft.description is None else draft.description,
                tags=before.tags if draft.tags is None else draft.tags,
            )
            version = _version(audience, audience.version, draft, principal, now)
            unit.audiences.add_version(audience, version)
            unit.audit("audience.save", audience.id, version=version.version, rule_hash=version.rule_hash)
            return self._told(principal, _sized(unit, audience, measured))

    def rename(
        self, principal: Principal, name_or_id: str, wish: Wish, *, expected_revision: int | None = None
    ) -> Saved:
        """Give it another name, description, tags or owner; its rule stays. Raises ChangedError, ConflictError for a taken name."""
        require(principal, Permission.BUILD_RULES)
        now = self._now()
        with self._store.unit(principal) as unit:
            before = _live(unit, name_or_id)
            self._require_unchanged(principal, unit, before, (None, expected_revision))
            audience = replace(
                before,
                name=before.name if wish.name is None else _name(wish.name),
                description=before.description if wish.description is None else wish.description,
                tags=before.tags if wish.tags is None else wish.tags,
                owner=before.owner if wish.owner is None else wish.owner,
                revision=before.revision + 1,
                updated_at=now,
            )
            unit.audiences.update(audience)
            unit.audit("audience.rename", audience.id)
            return self._told(principal, _saved(unit, audience))

    def duplicate(self, principal: Principal, name_or_id: str, name: str | None = None) -> Saved:
        """A new audience of one's own with the newest rule of another; without a name it is called a copy of it."""
        require(principal, Permission.BUILD_RULES)
        with self._store.unit(principal) as unit:
            source = _saved(unit, unit.audiences.named(name_or_id))
            chosen = _free_name(unit, source.audience.name) if name is None else name
        draft = Draft(
            rule=source.rule(),
            description=source.audience.description,
            tags=source.audience.tags,
            note=f"{source.audience.id} v{source.audience.version}",
        )
        return self.save_new(principal, chosen, draft)

    def page(self, principal: Principal, query: AudienceQuery) -> AudiencePage:
        """Some of the audiences that answer the query."""
        require(principal, Permission.SEE_AUDIENCES)
        if query.sort == "size":
            require(principal, Permission.SEE_EXACT)  # an order of sizes tells them by and by
        with self._store.unit(principal) as unit:
            unit.audit("audience.list", "audiences", archived=query.archived)
            page = unit.shelf.page(query)
            listed = [self._listed(principal, unit, each) for each in page.audiences]
        # What is found by words would tell of the rule it was found by.
        kept = (each for each in listed if each.summary_ko or not query.words)
        return replace(page, audiences=tuple(self._shown(principal, audience) for audience in kept))

    def tags(self, principal: Principal) -> dict[str, int]:
        """Every tag of a live audience, and how many have it."""
        require(principal, Permission.SEE_AUDIENCES)
        with self._store.unit(principal) as unit:
            unit.audit("audience.tags", "audiences")
            return unit.shelf.tags()

    def history(self, principal: Principal, audience_ids: Sequence[str], *, days: int) -> dict[str, list[AudienceSize]]:
        """How large these audiences were on the last so many days that they were counted on."""
        require(principal, Permission.SEE_AUDIENCES)
        since = clock.day_of(self._now()) - timedelta(days=days - 1)
        with self._store.unit(principal) as unit:
            unit.audit("audience.history", "audiences", audiences=list(audience_ids), days=days)
            found = unit.shelf.history(audience_ids, since)
        return {key: [self._shown(principal, size) for size in sizes] for key, sizes in found.items()}

    def show(self, principal: Principal, name_or_id: str) -> Saved:
        """The audience of that id or name. Raises NotFoundError."""
        require(principal, Permission.SEE_AUDIENCES)
        with self._store.unit(principal) as unit:
            audience = unit.audiences.named(name_or_id)
            unit.audit("audience.show", audience.id)
            return self._told(principal, _saved(unit, audience))

    def archive(self, principal: Principal, name_or_id: str) -> Saved:
        """Put it away; its name becomes free."""
        return self._move(principal, name_or_id, archived=True)

    def restore(self, principal: Principal, name_or_id: str) -> Saved:
        """Bring an archived one back. Raises ConflictError where its name is taken by now."""
        return self._move(principal, name_or_id, archived=False)

    @contextmanager
    def _saving(self, principal: Principal) -> Generator[Unit]:
        """A unit that changes which rules are live: who follows them hears of it once it is kept."""
        with self._store.unit(principal) as unit:
            yield unit
        for listener in tuple(self._listeners):
            listener()

    def _told(self, principal: Principal, saved: Saved) -> Saved:
        if self._rights.narrows(principal):
            self._rights.require(principal, saved.rule(), right=Right.SEE)
            seen = tuple(each for each in saved.versions if self._may_see(principal, each))
            saved = replace(saved, versions=seen)
        return replace(saved, audience=self._shown(principal, saved.audience))

    def _listed(self, principal: Principal, unit: Unit, audience: Audience) -> Audience:
        """Without the words of its rule, for who may not see a filter of it."""
        if not self._rights.narrows(principal):
            return audience
        newest = _saved(unit, audience).version()
        return audience if self._may_see(principal, newest) else replace(audience, summary_ko="", summary_en="")

    def _may_see(self, principal: Principal, version: Version) -> bool:
        try:
            return not self._rights.problems(principal, parse_rule(version.rule), Right.SEE)
        except RuleError:
            return False  # the catalog no longer knows its words, so nobody can say what they tell

    def _shown(self, principal: Principal, sized: _Sized) -> _Sized:
        size, base = shown_size(principal, self._limits, size=sized.size, base=sized.base)
        return replace(sized, size=size, base=base)

    def _require_unchanged(
        self, principal: Principal, unit: Unit, now: Audience, expected: tuple[int | None, int | None]
    ) -> None:
        """`expected` is the version and the revision that a change was made from; None where it is not said."""
        version, revision = expected
        if version in (None, now.version) and revision in (None, now.revision):
            return
        raise ChangedError(
            f"{now.name} has version {now.version} by now, and was changed",
            fix=f"Look at what changed, then save with expected_version {now.version}.",
            current=self._told(principal, _saved(unit, now)),
            base_version=version if version != now.version else None,
        )

    def _move(self, principal: Principal, name_or_id: str, *, archived: bool) -> Saved:
        require(principal, Permission.BUILD_RULES)
        now = self._now()
        with self._saving(principal) as unit:
            before = unit.audiences.named(name_or_id)
            moved = now if archived else None
            audience = replace(before, archived_at=moved, updated_at=now, revision=before.revision + 1)
            unit.audiences.update(audience)
            unit.audit("audience.archive" if archived else "audience.restore", audience.id)
            return self._told(principal, _saved(unit, audience))


def _live(unit: Unit, name_or_id: str) -> Audience:
    found = unit.audiences.named(name_or_id)
    if found.archived_at is not None:
        raise ConflictError(f"{found.name} is archived", fix="Restore it first.")
    return found


def _described(audience: Audience, rule: Rule) -> Audience:
    """With its rule on one line, which is also what it is found by."""
    return replace(audience, summary_ko=_summary(rule, "ko"), summary_en=_summary(rule, "en"))


def _summary(rule: Rule, language: Language) -> str:
    return compact(rule, language).text[:_MOST_SUMMARY]


def _sized(unit: Unit, audience: Audience, measured: Count | None) -> Saved:
    """The audience with its size, where it could be counted."""
    if measured is not None:
        size = size_of(audience.id, audience.version, total=measured.total, measured=measured)
        unit.shelf.record([size])
        audience = unit.audiences.named(audience.id)
    return _saved(unit, audience)


def _free_name(unit: Unit, name: str) -> str:
    """`name 사본`, `name 사본 2` … whichever is free."""
    stem = name[: MOST_NAME - 10]
    for number in count(1):
        found = f"{stem} 사본{f' {number}' if number > 1 else ''}"
        try:
            unit.audiences.named(found)
        except NotFoundError:
            return found
    raise AssertionError("numbers never end")


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words or len(words) > MOST_NAME or not words.isprintable():
        raise InputError(f"a name has 1 to {MOST_NAME} printable characters", fix="Say in a few words who is meant.")
    return words


def _version(audience: Audience, number: int, draft: Draft, author: Principal, at: datetime) -> Version:
    return Version(
        audience_id=audience.id,
        version=number,
        rule=to_json(draft.rule),
        rule_hash=rule_hash(draft.rule),
        author=author.id,
        at=at,
        note=draft.note,
    )


def _saved(unit: Unit, audience: Audience) -> Saved:
    return Saved(audience, tuple(unit.audiences.versions(audience.id)))
