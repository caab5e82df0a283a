"""Heads and proofs of the tree, held to the definition of RFC 6962 and to a verifier that shares no code with them."""

from __future__ import annotations

from hashlib import sha256

import pytest

from audience_builder.store.tree import consistency, grown, head_of, head_over, inclusion, leaf_of
from audience_builder.verifier import begins, includes

MOST = 70
HASHES = [sha256(bytes([number])).hexdigest() for number in range(MOST)]
LEAVES = [leaf_of(each) for each in HASHES]


def defined(leaves: list[bytes]) -> bytes:
    """The head as the RFC defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + defined(leaves[:half]) + defined(leaves[half:])).digest()


def over(first: int, last: int) -> bytes:
    return defined(LEAVES[first:last])


@pytest.mark.parametrize("size", range(MOST + 1))
def test_the_head_is_the_one_that_is_defined_whether_grown_or_made_at_once(size: int) -> None:
    peaks: tuple[bytes, ...] = ()
    for number, leaf in enumerate(LEAVES[:size]):
        peaks = grown(peaks, number, leaf)
    assert head_of(peaks) == head_over(LEAVES[:size]) == defined(LEAVES[:size])
    assert len(peaks) == size.bit_count()


def test_a_leaf_is_not_hashed_as_a_node() -> None:
    assert leaf_of(HASHES[0]) == sha256(b"\x00" + bytes.fromhex(HASHES[0])).digest()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 64, MOST])
def test_each_leaf_is_proven_and_nothing_else_is(size: int) -> None:
    head = over(0, size)
    for index in range(size):
        proof = inclusion(index, size, over)
        assert includes(LEAVES[index], index, size, proof, head)
        assert not includes(LEAVES[index], (index + 1) % size, size, proof, head) or size == 1
        assert not includes(LEAVES[(index + 1) % MOST], index, size, proof, head)
        assert not includes(LEAVES[index], index, size, [*proof, head], head)
        assert not proof or not includes(LEAVES[index], index, size, proof[:-1], head)
    assert not includes(LEAVES[0], size, size, [], head)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 64, MOST])
def test_each_earlier_tree_is_proven_to_begin_the_later_and_no_other(size: int) -> None:
    head = over(0, size)
    for old in range(1, size + 1):
        proof = consistency(old, size, over)
        assert begins(old, over(0, old), size, proof, head)
        assert not begins(old, over(0, old - 1), size, proof, head)
        assert old == size or not begins(old, over(0, old), size, proof, over(0, size - 1)) or size - 1 == old
        assert not begins(old, over(0, old), size, [*proof, head], head)
    assert not begins(0, head, size, [], head)
