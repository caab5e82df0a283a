"""Checkpoints: signed heads of the tree over the trail, kept in the store and with a witness."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from audience_builder.errors import NotFoundError, TrailError
from audience_builder.store.trail import FIRST_HASH, Head, SqlTrail, followed
from audience_builder.store.trail_key import TrailKey
from audience_builder.store.trail_tables import TRAIL_CHECKPOINT, TRAIL_ENTRY
from audience_builder.store.tree import consistency, head_of, head_over, inclusion, leaf_of
from audience_builder.store.witness import Sighting

_TRAIL_CHARACTERS = 16
_FIX = "Stop, keep the witness as evidence, and run `audience-builder audit verify`."


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is in the tree of a checkpoint (or one checkpoint's tree begins another's): hashes from the bottom up."""

    size: int
    root: str
    leaf: str
    hashes: tuple[str, ...]


class SqlCheckpoints:
    """The table `trail_checkpoint`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self) -> Sighting | None:
        """The last one; None before the first."""
        query = select(TRAIL_CHECKPOINT).order_by(TRAIL_CHECKPOINT.c.size.desc()).limit(1)
        row = self._connection.execute(query).first()
        return None if row is None else Sighting(self.trail(), row.key, row.size, row.root, row.note)

    def trail(self) -> str:
        """What this trail is called: the beginning of its first entry's hash. Empty while there is none."""
        first = self._connection.execute(select(TRAIL_ENTRY.c.hash).where(TRAIL_ENTRY.c.id == 1)).scalar()
        return (first or "")[:_TRAIL_CHARACTERS]

    def add(self, head: Head, key: TrailKey, at: datetime) -> Sighting:
        """Sign where the trail ends now."""
        trail, root = self.trail(), head_of(head.peaks)
        origin = f"audience-builder/{trail}"
        text = f"{origin}\n{head.size}\n{base64.b64encode(root).decode()}\nat {at.isoformat()}\n"
        found = Sighting(trail, key.public, head.size, root.hex(), key.signed(origin, text))
        self._connection.execute(
            insert(TRAIL_CHECKPOINT).values(
                size=head.size, at=at, root=found.root, key=key.public, note=found.note,
                peaks=",".join(peak.hex() for peak in head.peaks),
            )
        )  # fmt: skip
        return found

    def head(self) -> Head:
        """Where the trail ends, followed from the last checkpoint. Raises TrailError where it is broken since."""
        row = self._connection.execute(
            select(TRAIL_CHECKPOINT).order_by(TRAIL_CHECKPOINT.c.size.desc()).limit(1)
        ).first()
        head = Head() if row is None else self._at(row.size, row.root, row.peaks)
        query = select(TRAIL_ENTRY.c.hash, TRAIL_ENTRY.c.body).where(TRAIL_ENTRY.c.id > head.size)
        return followed(iter(self._connection.execute(query.order_by(TRAIL_ENTRY.c.id)).mappings()), head)

    def _at(self, size: int, root: str, peaks: str) -> Head:
        found = tuple(bytes.fromhex(peak) for peak in peaks.split(","))
        last = self._connection.execute(select(TRAIL_ENTRY.c.hash).where(TRAIL_ENTRY.c.id == size)).scalar()
        if last is None or head_of(found).hex() != root or len(found) != size.bit_count():
            raise TrailError(f"the audit trail does not reach its checkpoint over {size} entries", fix=_FIX)
        return Head(size, last, found)

    def require_seen(self, seen: Sighting) -> None:
        """Raise TrailError unless the trail still begins as the witness saw it."""
        size = self._connection.execute(select(func.max(TRAIL_ENTRY.c.id))).scalar() or 0
        if size < seen.size:
            raise TrailError(f"the witness saw {seen.size} entries of the audit trail; here are {size}", fix=_FIX)
        kept = self._connection.execute(
            select(TRAIL_CHECKPOINT.c.root).where(TRAIL_CHECKPOINT.c.size == seen.size)
        ).scalar()
        if kept != seen.root:
            raise TrailError(f"the first {seen.size} entries of the audit trail are not what was witnessed", fix=_FIX)

    # --- proofs -----------------------------------------------------------------------------------------------------------

    def inclusion(self, entry: int) -> Proof:
        """That an entry is under the last checkpoint. Raises NotFoundError for one that is not yet."""
        newest = self.newest()
        if newest is None or not 1 <= entry <= newest.size:
            raise NotFoundError("no checkpoint has that entry yet", fix="Wait for the next checkpoint.")
        (leaf,) = SqlTrail(self._connection).hashes(entry - 1, entry)
        hashes = inclusion(entry - 1, newest.size, self._root_over)
        return Proof(newest.size, newest.root, leaf_of(leaf).hex(), tuple(part.hex() for part in hashes))

    def consistency(self, old: int) -> Proof:
        """That the tree over the first `old` entries begins the last checkpoint's. Raises NotFoundError."""
        newest = self.newest()
        if newest is None or not 1 <= old <= newest.size:
            raise NotFoundError("no checkpoint has that many entries yet", fix="Wait for the next checkpoint.")
        hashes = consistency(old, newest.size, self._root_over)
        return Proof(newest.size, newest.root, self._root_over(0, old).hex(), tuple(part.hex() for part in hashes))

    def _root_over(self, first: int, last: int) -> bytes:
        return head_over(map(leaf_of, SqlTrail(self._connection).hashes(first, last)))


def is_begun(head: Head) -> bool:
    """Whether there is anything to sign."""
    return head.hash != FIRST_HASH
