"""The Merkle tree of RFC 6962 over the entries of the trail: its head, and proofs that something is in it or went before it.

A leaf is an entry's hash. Leaves and inner nodes are hashed apart (0x00, 0x01), so neither can be taken for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

Peaks = tuple[bytes, ...]
"""The complete subtrees of a tree, largest first: one for each 1 in its size written in binary."""

RangeRoot = Callable[[int, int], bytes]
"""The head of the tree over the leaves `first` (included) until `last` (not included)."""


def leaf_of(entry_hash: str) -> bytes:
    """The leaf of an entry (its hash in hexadecimal)."""
    return sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()


def grown(peaks: Peaks, size: int, leaf: bytes) -> Peaks:
    """The peaks with one leaf more; `size` is how many leaves there were."""
    stack = list(peaks)
    while size & 1:
        leaf = _node(stack.pop(), leaf)
        size >>= 1
    return (*stack, leaf)


def head_of(peaks: Peaks) -> bytes:
    """The head of the tree; of no leaves, the hash of nothing."""
    if not peaks:
        return sha256(b"").digest()
    *rest, found = peaks
    for peak in reversed(rest):
        found = _node(peak, found)
    return found


def head_over(leaves: Iterable[bytes]) -> bytes:
    """The head of the tree over these leaves."""
    peaks: Peaks = ()
    for size, leaf in enumerate(leaves):
        peaks = grown(peaks, size, leaf)
    return head_of(peaks)


def inclusion(index: int, size: int, root_over: RangeRoot) -> list[bytes]:
    """What proves that leaf `index` is in the tree over the first `size` leaves, from the bottom up."""
    return _path(index, 0, size, root_over)


def consistency(old: int, size: int, root_over: RangeRoot) -> list[bytes]:
    """What proves that the tree over the first `old` leaves is the beginning of the one over `size`."""
    return [] if old in (0, size) else _subproof(old, 0, size, root_over, is_whole=True)


def _path(index: int, low: int, high: int, root_over: RangeRoot) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + _split(high - low)
    if index < middle:
        return [*_path(index, low, middle, root_over), root_over(middle, high)]
    return [*_path(index, middle, high, root_over), root_over(low, middle)]


def _subproof(old: int, low: int, high: int, root_over: RangeRoot, *, is_whole: bool) -> list[bytes]:
    if old == high:
        return [] if is_whole else [root_over(low, high)]
    middle = low + _split(high - low)
    if old <= middle:
        return [*_subproof(old, low, middle, root_over, is_whole=is_whole), root_over(middle, high)]
    return [*_subproof(old, middle, high, root_over, is_whole=False), root_over(low, middle)]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
