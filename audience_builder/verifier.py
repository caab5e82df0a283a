"""Looks whether an audit trail is what was written: reads the store and the witness by itself, and shares no code with the writer.

What it expects is written down in `docs/audit.md`. It needs the standard library and Ed25519, no network and no running server.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Row = tuple[Any, ...]
_FIRST = "0" * 64
_MOST_FINDINGS = 20
_COLUMNS = 'id, at, principal, action, object, outcome, "user", users, hash, body'


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: at which entry (None = not at one), and what."""

    entry: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.entry is None else f"entry {self.entry}: {self.what}"


@dataclass(slots=True)
class Report:
    """What was read, and everything that is wrong with it, the first entry first.

    `witnessed` is how many entries the witness vouches for; what came later is only held together by the chain.
    """

    trail: str = ""
    entries: int = 0
    checkpoints: int = 0
    witnessed: int | None = None
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def find(self, entry: int | None, what: str) -> None:
        """Something is wrong; after the first few it is only said that there is more."""
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(entry, what))


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkpoint as the store or the witness keeps it: what the tree's head was over the first entries."""

    source: str
    trail: str
    key: str
    size: int
    root: str
    note: str


def verify(store: Path, witness: Path | None = None, *, is_shared: bool = False) -> Report:
    """Read everything and report. A witness that keeps several trails `is_shared`; one that is not must know only this one."""
    report = Report()
    try:
        address = f"file:{quote(str(store))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = bytes
            report.trail = _trail(database)
            claims = [*_kept(database, report)]
            report.checkpoints = len(claims)
            claims += _witnessed(witness, report, is_shared=is_shared)
            _follow(database, report, claims)
    except sqlite3.Error as problem:
        report.find(None, f"the store cannot be read: {problem}")
    report.findings.sort(key=lambda found: found.entry or 0)
    return report


# --- the chain ------------------------------------------------------------------------------------------------------------


def _follow(database: sqlite3.Connection, report: Report, claims: list[Claim]) -> None:
    rules, users = _rules(database), _users(database)
    wanted = {claim.size for claim in claims}
    tree, heads, previous = _Tree(), dict[int, str](), _FIRST
    expected = 1
    for row in database.execute(f"SELECT {_COLUMNS} FROM trail_entry ORDER BY id"):  # noqa: S608  (a constant)
        number = row[0] if isinstance(row[0], int) else 0
        if number != expected:
            report.find(expected, "is missing" if number > expected else f"stands where entry {number} was put in")
        digest = _check(row, previous, report, rules, users)
        tree.add(digest)
        report.entries, previous, expected = tree.size, digest, number + 1
        if tree.size in wanted:
            heads[tree.size] = tree.head().hex()
    lost = max((claim for claim in claims if claim.size > report.entries), key=lambda claim: claim.size, default=None)
    if lost is not None:
        report.find(report.entries + 1, f"is missing, and all behind it: {lost.source} knows {lost.size} entries")
    for claim in claims:
        _hold(claim, report, heads.get(claim.size))


def _check(row: Row, previous: str, report: Report, rules: dict[str, bool], users: dict[str, Row | None]) -> str:
    """The hash the entry has (what is counted on is what stands there, so that one change is told once)."""
    number, body, kept = row[0], row[9], _text(row[8])
    digest = hashlib.sha256(body if isinstance(body, bytes) else b"").hexdigest()
    if digest != kept:
        report.find(number, "was changed after it was written (its hash is another)")
        return kept
    try:
        said: dict[str, Any] = json.loads(body)
        if said["previous"] != previous:
            report.find(number, "does not follow the entry before it")
        for name, found in zip(_COLUMNS.split(", ")[:8], row, strict=False):
            if _column(said, name.strip('"')) != (found if name == "id" else _text(found)):
                report.find(number, f"its column {name} says something else than the entry itself")
        _check_parts(number, said, report, rules, users)
    except (ValueError, KeyError, TypeError):
        report.find(number, "is not written as entries are")
    return digest


def _check_parts(
    number: int, said: dict[str, Any], report: Report, rules: dict[str, bool], users: dict[str, Row | None]
) -> None:
    for key in said["rules"]:
        if not rules.get(key, False):
            report.find(number, f"its rule {key[:12]}… is {'changed' if key in rules else 'missing'}")
    named = said["users"]
    if named is not None:
        kept = users.get(named["digest"])
        if kept is None:
            report.find(number, f"its users {named['digest'][:12]}… are missing or were changed")
        elif kept != (named["count"], named["first"], named["last"]):
            report.find(number, f"the numbers beside its users {named['digest'][:12]}… were changed")


def _column(said: dict[str, Any], name: str) -> object:
    """What a column must say where the entry says this."""
    value = said[name]
    if name == "at":
        return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if name == "users":
        return "" if value is None else value["digest"]
    return "" if value is None else value


def _rules(database: sqlite3.Connection) -> dict[str, bool]:
    """Every rule's hash, and whether the rule still has it."""
    rows = database.execute("SELECT hash, rule FROM trail_rule")
    return {_text(key): hashlib.sha256(_bytes(rule)).hexdigest() == _text(key) for key, rule in rows}


def _users(database: sqlite3.Connection) -> dict[str, Row | None]:
    """Every set of users' digest with its numbers; None where the set has another digest."""
    rows = database.execute("SELECT digest, count, first, last, users FROM trail_users")
    return {
        _text(row[0]): tuple(row[1:4]) if hashlib.sha256(_bytes(row[4])).hexdigest() == _text(row[0]) else None
        for row in rows
    }


def _trail(database: sqlite3.Connection) -> str:
    first = database.execute("SELECT hash FROM trail_entry WHERE id = 1").fetchone()
    return "" if first is None else _text(first[0])[:16]


# --- checkpoints and witness ----------------------------------------------------------------------------------------------


def _kept(database: sqlite3.Connection, report: Report) -> Iterator[Claim]:
    for size, root, key, note in database.execute("SELECT size, root, key, note FROM trail_checkpoint ORDER BY size"):
        yield Claim("the store's checkpoint", report.trail, _text(key), size, _text(root), _text(note))


def _witnessed(path: Path | None, report: Report, *, is_shared: bool) -> list[Claim]:
    """What the witness saw of this trail. What it says is trusted: it must be where nobody of here can write."""
    if path is None:
        return []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as problem:
        report.find(None, f"the witness cannot be read: {problem.strerror}")
        return []
    seen = [claim for claim in (_claim(line, report) for line in lines if line.strip()) if claim is not None]
    mine = [claim for claim in seen if claim.trail == report.trail]
    others = {claim.trail: claim.size for claim in seen if claim.trail != report.trail}
    if not is_shared:
        for trail, size in others.items():
            report.find(None, f"the witness saw a trail {trail} of {size} entries that is not here: was it replaced?")
    if not mine:
        report.find(None, "the witness never saw this trail")
        return []
    if len({claim.key for claim in mine}) > 1:
        report.find(None, "the key that signs the checkpoints was changed")
    report.witnessed = max(claim.size for claim in mine)
    return mine


def _claim(line: bytes, report: Report) -> Claim | None:
    try:
        said = json.loads(line)
        return Claim("the witness", *(said[name] for name in ("trail", "key", "size", "root", "note")))
    except (ValueError, KeyError, TypeError):
        report.find(None, "a line of the witness is none")
        return None


def _hold(claim: Claim, report: Report, head: str | None) -> None:
    """Compare what was claimed with what is there."""
    problem = _note_problem(claim)
    if problem:
        report.find(None, f"{claim.source} over {claim.size} entries {problem}")
    if claim.size <= report.entries and head != claim.root:
        report.find(None, f"the first {claim.size} entries are not those that {claim.source} knows")


def _note_problem(claim: Claim) -> str:
    """What is wrong with a signed note; empty where nothing is."""
    try:
        text, _, last = claim.note.rpartition("\n— ")
        name, signed = last.split()
        origin, size, root = text.split("\n")[:3]
        raw, key = base64.b64decode(signed, validate=True), base64.b64decode(claim.key, validate=True)
        mark = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
        Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], text.encode())
    except (ValueError, binascii.Error, InvalidSignature):
        return "is not signed by the trail's key"
    said = (origin, name, int(size), base64.b64decode(root).hex(), raw[:4])
    expected = (f"audience-builder/{claim.trail}", origin, claim.size, claim.root, mark)
    return "" if said == expected else "says something else than what was signed"


# --- the tree -------------------------------------------------------------------------------------------------------------


class _Tree:
    """The Merkle tree of RFC 6962 over hashes, as far as its head takes."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[tuple[int, bytes]] = []

    def add(self, digest: str) -> None:
        try:
            node = hashlib.sha256(b"\0" + bytes.fromhex(digest)).digest()
        except ValueError:
            node = hashlib.sha256(b"\0" + digest.encode()).digest()  # no hash at all: then no head will be right
        height = 0
        while self._whole and self._whole[-1][0] == height:
            node = hashlib.sha256(b"\1" + self._whole.pop()[1] + node).digest()
            height += 1
        self._whole.append((height, node))
        self.size += 1

    def head(self) -> bytes:
        found = self._whole[-1][1]
        for _, node in reversed(self._whole[:-1]):
            found = hashlib.sha256(b"\1" + node + found).digest()
        return found


def includes(leaf: bytes, index: int, size: int, proof: list[bytes], head: bytes) -> bool:
    """Whether a proof shows that a leaf is the one of that index (from 0) in the tree of that head (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last = leaf, size - 1
    for part in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = hashlib.sha256(b"\1" + part + node).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + part).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and node == head


def begins(old: int, old_head: bytes, size: int, proof: list[bytes], head: bytes) -> bool:
    """Whether a proof shows that the tree of `old_head` is the beginning of the one of `head` (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not proof and old_head == head
    if not 0 < old < size or not proof:
        return False
    parts = proof if old & (old - 1) else [old_head, *proof]
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    older = newer = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            older, newer = (hashlib.sha256(b"\1" + part + node).digest() for node in (older, newer))
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            newer = hashlib.sha256(b"\1" + newer + part).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and older == old_head and newer == head


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
