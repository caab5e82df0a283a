"""What changed since an index was built: a small index of the users it changed for, to be laid over the large one.

The large index never changes, and nothing made from it is patched in place: whoever asks gets the large one's answer with the few
users' own in its place. So a change is published in the time it takes to read those users, and questions under way keep their version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from audience_builder.errors import EngineError
from audience_builder.index.arrays import WORD, Array, Flags, Masks, Words, sealed, words_for
from audience_builder.index.build import gathered
from audience_builder.index.columns import CONSENTS, PROFILE, fitted
from audience_builder.index.contents import Index, Log, Table, Users
from audience_builder.index.source import Source


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Users whose rows changed (ascending numbers), and an index of them alone, numbered from 0 in their order.

    `names` are the profile columns and consents that changed; None where anything may have.
    """

    users: Masks
    index: Index
    names: frozenset[str] | None = None


def patch_of(users: Masks, source: Source) -> Patch:
    """A patch of everything about these users; `source` reads them alone."""
    return Patch(users, gathered(source))


def profile_patch(index: Index, users: Masks, said: Mapping[str, Array], *, mart_version: int) -> Patch:
    """A patch of nothing but profile columns (`columns.PROFILE`) and consents (true or false) of some users, a value a user.

    Raises EngineError for users the index does not know and values it cannot hold.
    """
    if users.size and not (bool((users[1:] > users[:-1]).all()) and int(users[-1]) < index.users.size):
        raise EngineError("changed users must ascend and be known to the index", fix="Build the index anew.")
    stored = {entry.name: entry for entry in PROFILE}
    profile = {
        name: sealed(fitted(said[name], stored[name]) if name in said else values[users])
        for name, values in index.users.profile.items()
    }
    consents = np.zeros((len(CONSENTS), words_for(users.size)), np.uint64)
    numbers = np.arange(users.size, dtype=np.uint32)
    for row, name, given in zip(consents, CONSENTS, index.users.consents, strict=True):
        put_bits(row, numbers, np.asarray(said[name], np.bool_) if name in said else has(given, users))
    found = Users(users.size, profile, sealed(consents), _without_rows(index.users.late_consents))
    small = replace(
        index,
        mart_version=mart_version,
        users=found,
        logs={name: _without_log(log) for name, log in index.logs.items()},
        tables={name: _without_rows(table) for name, table in index.tables.items()},
        traits=None,
    )
    return Patch(users, small, frozenset(said))


def _without_rows(table: Table) -> Table:
    return replace(table, rows=0, columns={name: values[:0] for name, values in table.columns.items()})


def _without_log(log: Log) -> Log:
    none = {name: dates[:, :0] for name, dates in log.dates.items()}
    return replace(
        log, rows=0, columns={n: c[:0] for n, c in log.columns.items()}, starts=np.zeros((0, 1), np.int64), dates=none
    )


def has(words: Words, users: Masks) -> Flags:
    """Whether each of those users is in the set."""
    return ((words[users // WORD] >> (users % WORD).astype(np.uint64)) & np.uint64(1)).astype(np.bool_)


def put_bits(words: Words, users: Masks, values: Flags) -> None:
    """Set the bits of those users (ascending) to these values."""
    bits = np.uint64(1) << (users % WORD).astype(np.uint64)
    place = (users // WORD).astype(np.int64)
    first = np.flatnonzero(np.diff(place, prepend=-1))
    if first.size:
        where = place[first]
        words[where] &= ~np.bitwise_or.reduceat(bits, first)
        words[where] |= np.bitwise_or.reduceat(np.where(values, bits, np.uint64(0)), first)


def all_users(patches: Iterable[Masks]) -> Masks:
    """Everybody named in any of them, ascending."""
    return np.unique(np.concatenate([np.zeros(0, np.uint32), *patches]))
