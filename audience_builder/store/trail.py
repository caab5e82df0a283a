"""The audit trail: what an entry is made of, how it is appended, and how it is read.

Each entry's body is canonical JSON (sorted keys, no spaces) with the hash of the entry before it; its own hash is the SHA-256 of
those bytes. Rules and sets of users stand beside it under their own hashes, each once.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, insert, select

from audience_builder.access import Principal
from audience_builder.errors import NotFoundError, TrailError
from audience_builder.store.rows import AuditEntry, Json, Note, Outcome, UserSet
from audience_builder.store.trail_tables import TRAIL_ENTRY, TRAIL_RULE, TRAIL_USERS
from audience_builder.store.tree import Peaks, grown, leaf_of
from audience_builder.store.user_sets import packed

FIRST_HASH = "0" * 64
"""What the first entry follows."""

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z
_MOST_KNOWN = 10_000

# Made once: a count is asked for on every key stroke.
LAST = select(TRAIL_ENTRY.c.id, TRAIL_ENTRY.c.hash).order_by(TRAIL_ENTRY.c.id.desc()).limit(1)
_APPEND = insert(TRAIL_ENTRY)
_KEEP_RULES = insert(TRAIL_RULE)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the trail ends: how many entries there are, the last one's hash, and the peaks of the tree over them."""

    size: int = 0
    hash: str = FIRST_HASH
    peaks: Peaks = ()


class KnownRules:
    """Hashes of rules that are in the trail already, as far as they are remembered."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def add(self, hashes: Sequence[str]) -> None:
        """They are in the trail by now."""
        for key in hashes:
            self._known[key] = None
            self._known.move_to_end(key)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)

    def __contains__(self, key: str) -> bool:
        return key in self._known


class Chain:
    """Makes entries, each with the hash of the one before it. `head` is where they end."""

    def __init__(self, head: Head, name_of: Callable[[int], str]) -> None:
        self.head = head
        self._name_of = name_of

    def row(self, principal: Principal, at: datetime, note: Note, rules: dict[str, str], *, users: Json | None) -> Json:
        """The next entry as a row of its table; the rules it is about are put into `rules`, by hash."""
        texts = [_json(rule) for rule in note.rules]
        mine = {_digest(text): text.decode() for text in texts}
        rules |= mine
        head = self.head
        body: Json = {
            "id": head.size + 1,
            "at": at,
            "principal": principal.id,
            "roles": sorted(principal.roles),
            "via": principal.via,
            "address": principal.address,
            "action": note.action,
            "object": note.subject,
            "outcome": note.outcome,
            "detail": note.detail,
            "rules": list(mine),
            "user": None if note.user is None else self._name_of(note.user),
            "users": users,
            "previous": head.hash,
        }
        text = _json(body)
        digest = _digest(text)
        self.head = Head(head.size + 1, digest, grown(head.peaks, head.size, leaf_of(digest)))
        columns = {key: body[key] for key in ("id", "at", "principal", "action", "object", "outcome", "user")}
        return {**columns, "users": users and users["digest"], "hash": digest, "body": text.decode()}


def require_end(head: Head, last: Any) -> None:
    """Raise TrailError unless the last entry (its id and hash; None where there is none) is where the trail was left."""
    if (last[0], last[1]) != (head.size, head.hash) if last else head.size:
        raise TrailError(
            "the audit trail does not end where it was left: nothing is done until that is cleared up",
            fix="Stop the server and run `audience-builder audit verify`.",
        )


class TrailWriter:
    """Appends within one transaction. `head` is where the trail ends then; it counts once the transaction is kept."""

    def __init__(self, connection: Connection, head: Head, *, known: KnownRules, name_of: Callable[[int], str]) -> None:
        self._chain = Chain(head, name_of)
        self.rules: list[str] = []
        self._connection = connection
        self._known = known
        self._has_looked = False

    @property
    def head(self) -> Head:
        """Where the trail ends now."""
        return self._chain.head

    def append(self, entries: Sequence[tuple[Principal, datetime, Note]]) -> None:
        """Put these behind the last one. Raises TrailError where the trail does not end where it was left."""
        self._look()
        rules: dict[str, str] = {}
        self._connection.execute(_APPEND, [self._row(*entry, rules) for entry in entries])
        self._keep_rules(rules)

    def _look(self) -> None:
        if self._has_looked:
            return
        require_end(self.head, self._connection.execute(LAST).first())
        self._has_looked = True

    def _row(self, principal: Principal, at: datetime, note: Note, rules: dict[str, str]) -> Json:
        users = None if note.users is None else self._kept(note)
        return self._chain.row(principal, at, note, rules, users=users)

    def _kept(self, note: Note) -> Json:
        """The set of users in its place, and what the entry says of it."""
        found = packed(note.users)
        is_there = select(TRAIL_USERS.c.digest).where(TRAIL_USERS.c.digest == found.digest)
        said = {"digest": found.digest, "count": found.count, "first": found.first, "last": found.last}
        if self._connection.execute(is_there).first() is None:
            self._connection.execute(insert(TRAIL_USERS).values(**said, users=found.content))
        return said

    def _keep_rules(self, rules: dict[str, str]) -> None:
        new = [key for key in rules if key not in self._known]
        if not new:
            return
        there = set(self._connection.execute(select(TRAIL_RULE.c.hash).where(TRAIL_RULE.c.hash.in_(new))).scalars())
        missing = [{"hash": key, "rule": rules[key]} for key in new if key not in there]
        if missing:
            self._connection.execute(_KEEP_RULES, missing)
        self.rules += new


class SqlTrail:
    """The trail as it is read, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(
        self, limit: int = 100, *, before: int | None = None, principal: str | None = None, action: str | None = None
    ) -> list[AuditEntry]:
        """The latest entries, newest first: those before an entry, of a principal, or of an action, where these are named."""
        query = select(TRAIL_ENTRY).order_by(TRAIL_ENTRY.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(TRAIL_ENTRY.c.id < before)
        if principal is not None:
            query = query.where(TRAIL_ENTRY.c.principal == principal)
        if action is not None:
            query = query.where(TRAIL_ENTRY.c.action == action)
        return [entry_of(row) for row in self._connection.execute(query).mappings()]

    def entries(self, after: int = 0) -> Iterator[AuditEntry]:
        """All entries in order, or those behind one."""
        query = select(TRAIL_ENTRY).where(TRAIL_ENTRY.c.id > after).order_by(TRAIL_ENTRY.c.id)
        for row in self._connection.execute(query).mappings():
            yield entry_of(row)

    def of(self, principal: str, action: str, *, since: datetime | None = None) -> Iterator[AuditEntry]:
        """A principal's entries of one action, in order; those since a moment."""
        theirs = (TRAIL_ENTRY.c.principal == principal) & (TRAIL_ENTRY.c.action == action)
        if since is not None:
            theirs &= TRAIL_ENTRY.c.at >= since
        for row in self._connection.execute(select(TRAIL_ENTRY).where(theirs).order_by(TRAIL_ENTRY.c.id)).mappings():
            yield entry_of(row)

    def hashes(self, first: int, last: int) -> Iterator[str]:
        """The hashes of the entries `first` (from 0) until `last` (not included), in order."""
        inside = (TRAIL_ENTRY.c.id > first) & (TRAIL_ENTRY.c.id <= last)
        yield from self._connection.execute(
            select(TRAIL_ENTRY.c.hash).where(inside).order_by(TRAIL_ENTRY.c.id)
        ).scalars()

    def rule(self, key: str) -> Json:
        """The canonical rule of that hash. Raises NotFoundError."""
        found = self._connection.execute(select(TRAIL_RULE.c.rule).where(TRAIL_RULE.c.hash == key)).scalar()
        if found is None:
            raise NotFoundError("the trail has no rule of that hash", fix="Take a hash from an entry.")
        return orjson.loads(found)


def entry_of(row: RowMapping) -> AuditEntry:
    """An entry as its body says it."""
    said: dict[str, Any] = orjson.loads(row["body"])
    users = said["users"]
    return AuditEntry(
        id=said["id"],
        at=datetime.fromisoformat(said["at"]),
        principal=said["principal"],
        roles=tuple(said["roles"]),
        via=said["via"],
        address=said["address"],
        action=said["action"],
        object=said["object"],
        detail=said["detail"],
        outcome=Outcome(said["outcome"]),
        rules=tuple(said["rules"]),
        user=said["user"],
        users=None if users is None else UserSet(**users),
        previous_hash=said["previous"],
        hash=row["hash"],
    )


def followed(rows: Iterator[RowMapping], head: Head) -> Head:
    """Where the trail ends, read from `head` on. Raises TrailError at the first entry that does not follow the one before it."""
    for row in rows:
        body = row["body"].encode()
        digest, said = _digest(body), orjson.loads(body)
        if (row["hash"], said["id"], said["previous"]) != (digest, head.size + 1, head.hash):
            raise TrailError(
                f"the audit trail is broken at entry {head.size + 1}",
                fix="Run `audience-builder audit verify`, and restore the data directory from a backup.",
            )
        head = Head(head.size + 1, digest, grown(head.peaks, head.size, leaf_of(digest)))
    return head


def _json(said: Json) -> bytes:
    return orjson.dumps(said, option=_CANONICAL)


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
