"""Saved audiences: a rule with a name, an owner and a history nobody overwrites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from audience_builder.access import Permission, Principal, require
from audience_builder.errors import ConflictError, InputError
from audience_builder.rule.canonical import rule_hash
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Rule
from audience_builder.store import Audience, Store, Unit, Version

MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be saved. `None` keeps what the audience has (or starts it empty)."""

    rule: Rule
    description: str | None = None
    tags: tuple[str, ...] | None = None
    note: str = ""


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

    def __init__(self, *, store: Store, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def save_new(self, principal: Principal, name: str, draft: Draft) -> Saved:
        """A new audience with version 1. Raises ConflictError where a live one has that name."""
        require(principal, Permission.BUILD_RULES)
        now, words = self._now(), _name(name)
        audience = Audience(
            id=self._new_id(), name=words, description=draft.description or "", tags=draft.tags or (),
            owner=principal.id, version=1, created_at=now, updated_at=now,
        )  # fmt: skip
        version = _version(audience, 1, draft, principal, now)
        with self._store.unit(principal) as unit:
            unit.audiences.add(audience, version)
            unit.audit("audience.save", audience.id, version=1, rule_hash=version.rule_hash)
            return _saved(unit, audience)

    def save_version(self, principal: Principal, name_or_id: str, draft: Draft, *, expected_version: int) -> Saved:
        """The next version, if the newest is the expected one. Raises ConflictError where somebody else saved first."""
        require(principal, Permission.BUILD_RULES)
        now = self._now()
        with self._store.unit(principal) as unit:
            before = unit.audiences.named(name_or_id)
            if before.archived_at is not None:
                raise ConflictError(f"{before.name} is archived", fix="Restore it first.")
            audience = replace(
                before,
                version=expected_version + 1,
                updated_at=now,
                description=before.description if draft.description is None else draft.description,
                tags=before.tags if draft.tags is None else draft.tags,
            )
            version = _version(audience, audience.version, draft, principal, now)
            unit.audiences.add_version(audience, version)
            unit.audit("audience.save", audience.id, version=version.version, rule_hash=version.rule_hash)
            return _saved(unit, audience)

    def list(self, principal: Principal, *, archived: bool = False) -> list[Audience]:
        """The live audiences (or the archived ones), newest first."""
        require(principal, Permission.SEE_AUDIENCES)
        with self._store.unit(principal) as unit:
            unit.audit("audience.list", "audiences", archived=archived)
            return unit.audiences.all(archived=archived)

    def show(self, principal: Principal, name_or_id: str) -> Saved:
        """The audience of that id or name. Raises NotFoundError."""
        require(principal, Permission.SEE_AUDIENCES)
        with self._store.unit(principal) as unit:
            audience = unit.audiences.named(name_or_id)
            unit.audit("audience.show", audience.id)
            return _saved(unit, audience)

    def archive(self, principal: Principal, name_or_id: str) -> Saved:
        """Put it away; its name becomes free."""
        return self._move(principal, name_or_id, archived=True)

    def restore(self, principal: Principal, name_or_id: str) -> Saved:
        """Bring an archived one back. Raises ConflictError where its name is taken by now."""
        return self._move(principal, name_or_id, archived=False)

    def _move(self, principal: Principal, name_or_id: str, *, archived: bool) -> Saved:
        require(principal, Permission.BUILD_RULES)
        now = self._now()
        with self._store.unit(principal) as unit:
            before = unit.audiences.named(name_or_id)
            audience = replace(before, archived_at=now if archived else None, updated_at=now)
            unit.audiences.update(audience)
            unit.audit("audience.archive" if archived else "audience.restore", audience.id)
            return _saved(unit, audience)


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
