"""A sealed value opens only where it was sealed, whole and unchanged; a sealed file likewise."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_builder.access.cipher import OVERHEAD_BYTES, Cipher, new_key, place
from audience_builder.access.file_cipher import PIECE_BYTES, is_sealed, open_file, seal_file
from audience_builder.errors import SealedError

KEY = new_key()
HERE = place("contact", "email", "a1", 1)


@given(st.binary(max_size=300), st.lists(st.text(), min_size=4, max_size=4))
def test_what_is_sealed_for_a_place_opens_there(plain: bytes, words: list[str]) -> None:
    cipher = Cipher(KEY)
    sealed = cipher.seal(plain, place(*words))
    assert len(sealed) == len(plain) + OVERHEAD_BYTES
    assert cipher.open(sealed, place(*words)) == plain


def test_different_places_are_different_bytes_however_their_words_run_together() -> None:
    assert len({place("ab", "c"), place("a", "bc"), place("abc"), place("abc", ""), place("a", "b", "c")}) == 5


def test_the_same_value_is_never_sealed_alike() -> None:
    cipher = Cipher(KEY)
    assert len({cipher.seal(b"same", HERE)[1:13] for _ in range(20_000)}) == 20_000


def test_ten_thousand_swapped_cut_and_flipped_values_are_all_refused() -> None:
    chance = random.Random(7)
    cipher, other = Cipher(KEY), Cipher(new_key())
    rows = [(cipher.seal(f"kim{n}@example.com".encode(), place("contact", "email", n, 1)), n) for n in range(500)]
    refused = 0
    for _ in range(10_000):
        sealed, row = chance.choice(rows)
        kind = chance.randrange(6)
        at, opener = place("contact", "email", row, 1), cipher
        if kind == 0:  # another row
            at = place("contact", "email", row + 1 + chance.randrange(400), 1)
        elif kind == 1:  # another column, table or key version
            at = chance.choice(
                [place("contact", "name", row, 1), place("other", "email", row, 1), place("contact", "email", row, 2)]
            )
        elif kind == 2:
            sealed = sealed[: chance.randrange(len(sealed))]
        elif kind == 3:
            flipped = bytearray(sealed)
            flipped[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
            sealed = bytes(flipped)
        elif kind == 4:
            sealed += bytes([chance.randrange(256)])
        else:
            opener = other
        with pytest.raises(SealedError):
            opener.open(sealed, at)
        refused += 1
    assert refused == 10_000


def test_an_error_of_sealing_says_nothing_of_the_value() -> None:
    sealed = Cipher(KEY).seal(b"kim@example.com", HERE)
    with pytest.raises(SealedError) as caught:
        Cipher(KEY).open(sealed[:-1], HERE)
    assert "kim" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 17])
@pytest.mark.parametrize("chunk", [1000, PIECE_BYTES, 1 << 20])
def test_a_sealed_file_opens_whole_in_chunks_of_any_size(size: int, chunk: int) -> None:
    plain = random.Random(size).randbytes(size)
    sealed = b"".join(seal_file(cut(plain, chunk), KEY, about=b"job 1"))
    assert is_sealed(sealed)
    assert not is_sealed(plain)
    assert b"".join(open_file(cut(sealed, chunk), KEY, about=b"job 1")) == plain


def test_a_file_cut_anywhere_does_not_open_to_its_end() -> None:
    sealed = b"".join(seal_file([b"x" * (3 * PIECE_BYTES)], KEY))
    cuts = [*range(0, 90), *range(90, len(sealed), 997), len(sealed) - PIECE_BYTES - 16, len(sealed) - 1]
    for length in cuts:
        with pytest.raises(SealedError):
            list(open_file([sealed[:length]], KEY))


def test_pieces_exchanged_repeated_left_out_or_added_do_not_open() -> None:
    plain = random.Random(3).randbytes(4 * PIECE_BYTES + 5)
    parts = list(seal_file([plain], KEY))
    other = list(seal_file([plain], KEY))
    head, pieces = parts[0], parts[1:]
    wrong = [
        [head, pieces[1], pieces[0], *pieces[2:]],
        [head, pieces[0], pieces[0], *pieces[1:]],
        [head, *pieces[1:]],
        [head, *pieces[:-1]],
        [head, *pieces, pieces[-1]],
        [head, *pieces, b"more"],
        [head, *pieces[:2], other[3], *pieces[3:]],
        [other[0], *pieces],
    ]
    for chunks in wrong:
        with pytest.raises(SealedError):
            list(open_file(chunks, KEY))


def test_every_flipped_byte_of_a_file_is_noticed() -> None:
    sealed = b"".join(seal_file([b"a small list of people"], KEY))
    for place_ in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place_] ^= 0x10
        with pytest.raises(SealedError):
            list(open_file([bytes(changed)], KEY))


def test_a_file_opens_only_under_its_key_and_for_what_it_is_about() -> None:
    sealed = b"".join(seal_file([b"people"], KEY, about=b"job 1"))
    with pytest.raises(SealedError, match="another key"):
        list(open_file([sealed], new_key(), about=b"job 1"))
    with pytest.raises(SealedError, match="another key"):
        list(open_file([sealed], KEY, about=b"job 2"))
    with pytest.raises(SealedError, match="no sealed file"):
        list(open_file([b"user_id\r\nU1\r\n"], KEY))


def test_two_files_of_the_same_content_share_no_piece() -> None:
    one, two = (set(seal_file([b"x" * PIECE_BYTES * 2], KEY)) for _ in range(2))
    assert one.isdisjoint(two)


def test_a_key_of_another_length_is_refused() -> None:
    for wrong in (b"", b"x" * 16, b"x" * 33):
        with pytest.raises(ValueError, match="32 bytes"):
            Cipher(wrong)
        with pytest.raises(ValueError, match="32 bytes"):
            list(seal_file([b""], wrong))


def cut(plain: bytes, size: int) -> list[bytes]:
    return [plain[at : at + size] for at in range(0, len(plain), size)]
