"""Files: read back as they were meant, harmless to spreadsheets, whole or not there."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_builder.audience.files import write_whole
from audience_builder.audience.formats import csv_bytes, json_bytes

NAMES = ("user_id", "tier")


def csv_rows(*rows: tuple[str | None, ...], with_bom: bool = False) -> list[list[str]]:
    content = b"".join(csv_bytes(NAMES, [rows], with_bom=with_bom)).decode("utf-8-sig" if with_bom else "utf-8")
    return list(csv.reader(io.StringIO(content, newline="")))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
def test_a_cell_that_begins_like_a_formula_begins_with_an_apostrophe(first: str) -> None:
    cell = f"{first}cmd|' /C calc'!A0"
    assert csv_rows((cell, None))[1] == [f"'{cell}", ""]


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",))))
def test_no_cell_of_a_csv_ever_begins_a_formula(cell: str) -> None:
    (_, (said, _)) = csv_rows((cell, "gold"))
    assert not said.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert said in (cell, f"'{cell}")


def test_a_csv_has_a_header_even_without_rows() -> None:
    assert b"".join(csv_bytes(NAMES, [])) == b"user_id,tier\r\n"


def test_excel_is_told_that_it_is_utf_8_where_wanted() -> None:
    assert b"".join(csv_bytes(NAMES, [], with_bom=True)).startswith(b"\xef\xbb\xbfuser_id")
    assert csv_rows(('김, "수"\n', "골드"), with_bom=True)[1] == ['김, "수"\n', "골드"]


@pytest.mark.parametrize("blocks", [[], [[]], [[("a", None)]], [[("a", "1"), ("=b", None)], [], [("c", "\n")]]])
def test_json_says_cells_as_they_are_whatever_the_blocks(blocks: list[list[tuple[str | None, ...]]]) -> None:
    said = json.loads(b"".join(json_bytes(NAMES, blocks)))
    assert said == [dict(zip(NAMES, row, strict=True)) for block in blocks for row in block]


def test_a_file_is_private_and_its_digest_is_told(tmp_path: Path) -> None:
    path = tmp_path / "exports" / "a.csv"
    written = write_whole(path, [b"one", b"two"])
    assert path.read_bytes() == b"onetwo"
    assert (written.size_bytes, written.digest) == (6, hashlib.sha256(b"onetwo").hexdigest())
    assert oct(path.stat().st_mode & 0o777) == oct(0o600)


def test_an_error_on_the_way_leaves_nothing_and_touches_no_older_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"older")

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_whole(path, chunks())
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]
