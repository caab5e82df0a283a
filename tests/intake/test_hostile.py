"""Whatever a map or a file holds, an import ends with a report that adds up, or with an error of ours and nothing written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audience_builder.errors import AudienceBuilderError, EngineError
from audience_builder.intake import ImportReport, import_files
from audience_builder.mart.duckdb import DuckDBMart
from tests.intake.desk import DIMENSIONS, NOW, Desk

FEW = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

NASTY = (
    "", " ", "0", "-1", "1e999", "nan", "inf", "1,000", "2026-01-01", "2026-02-30", "9999-12-31", "0001-01-01 00:00:00",
    "2026-01-01T00:00:00+99:99", "'; DROP TABLE booking; --", 'a"b', "\\", "\x00", "\ud800".encode("utf-8", "replace").decode(),
    "=cmd|' /C calc'!A0", "제주", "취소", "a" * 300, "kim@example.com", "010-1234-5678", "erased 00", "NULL", "%s", "{}", "\u202e", "\ufeff",
    "9" * 40, "-" + "9" * 40, "0.0000000000001", "true", "1970-01-01", "infinity", "2026-01-01 00:00:60",
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(NASTY), st.sampled_from(("u1", "u2", "b1", "b2", "2026-01-01", "5", "10.5")), st.text(max_size=12)
)

MAPS = {
    "bookings": """kind = "bookings"
derive_users = true
[file]
header = false
names = ["a", "b", "c", "d", "e", "f", "g"]
[columns]
user_id = "a"
booking_id = "b"
booked_at = "c"
quantity = "d"
unit_price = "e"
place = "f"
theme = "g"
cancelled_at = "f"
[status]
column = "g"
prefix = { C = "credit", X = "cancellation", N = "no_show" }
otherwise = "confirmed"
[group]
by = "booking_id"
[version]
by = "event"
[money]
cancelled = "refunded"
rates = { 2026-01-01 = "1300.5" }
currency = "USD"
""",
    "users": """kind = "users"
[file]
header = false
names = ["a", "b", "c", "d", "e", "f", "g"]
[columns]
user_id = "a"
signed_up_at = "b"
changed_at = "c"
born_on = "d"
tier = { column = "e" }
push_at = "f"
activity_region = "g"
[values.tier]
"*" = ""
[values.activity_region]
"*" = "overseas"
""",
    "events": """kind = "events"
[file]
header = false
names = ["a", "b", "c", "d", "e", "f", "g"]
[columns]
user_id = "a"
at = "b"
event = "c"
count = "d"
price = "e"
check_in = "f"
theme = { column = "g", separator = "," }
[events]
overlap = "add"
""",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    mart = DuckDBMart(None, dimensions=DIMENSIONS, now=lambda: NOW)
    yield Desk(mart, tmp_path_factory.mktemp("hostile"))
    mart.close()


def state(desk: Desk) -> tuple[Any, ...]:
    left = sorted(path.name for path in desk.rejects.iterdir()) if desk.rejects.exists() else []
    numbers = desk.rows(
        "SELECT (SELECT count(*) FROM user_number), (SELECT count(*) FROM applied_batch), (SELECT count(*) FROM dead_letter)"
    )
    private = desk.rows("SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'intake%'")
    return desk.mart.version, desk.mart.content_hash(), left, numbers, private


def tried(desk: Desk, map_: Path | str, file: Path) -> ImportReport | None:
    before = state(desk)
    try:
        report = import_files(desk.mart, map_, [file], rejects_dir=desk.rejects, now=NOW)
    except AudienceBuilderError as problem:
        assert not isinstance(problem, EngineError), problem
        assert problem.message
        assert state(desk) == before
        return None
    assert report.read == report.applied + report.merged + report.duplicate + report.rejected
    return report


@FEW
@pytest.mark.parametrize("kind", list(MAPS))
@given(rows=st.lists(st.lists(CELLS, min_size=7, max_size=7), min_size=1, max_size=6))
def test_any_cells_give_a_report_that_adds_up(shared: Desk, kind: str, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    file = shared.file("cells.csv", text.getvalue().encode("utf-8", "surrogatepass"))
    report = tried(shared, shared.file("cells.toml", MAPS[kind]), file)
    if report is not None and not report.files[0].already_applied:
        assert report.read <= len(rows)


@FEW
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(str.encode),
        st.binary(max_size=100).map(lambda tail: b"a,b,c\n1,2,3\n" + tail),
    )
)
def test_any_bytes_are_a_file_or_refused(shared: Desk, content: bytes) -> None:
    tried(
        shared,
        shared.file("bytes.toml", 'kind="bookings"\n[columns]\nuser_id="a"\nbooking_id="b"\nbooked_at="c"\n'),
        shared.file("bytes.csv", content),
    )


@FEW
@given(at=st.integers(0, 10_000), with_=st.binary(min_size=1, max_size=20), cut=st.booleans())
def test_a_damaged_parquet_is_read_or_refused(shared: Desk, at: int, with_: bytes, cut: bool) -> None:
    whole = shared.folder / "whole.parquet"
    if not whole.exists():
        with shared.mart.cursor() as cursor:
            cursor.execute(
                f"COPY (SELECT 'u' || i % 7 AS a, 'b' || i AS b, '2026-01-01' AS c FROM range(500) r(i)) TO '{whole}' (FORMAT parquet)"
            )
    content = bytearray(whole.read_bytes())
    place = at % len(content)
    content[place : len(content) if cut else place + len(with_)] = with_
    tried(
        shared,
        shared.file("p.toml", 'kind="bookings"\n[columns]\nuser_id="a"\nbooking_id="b"\nbooked_at="c"\n'),
        shared.file("damaged.parquet", bytes(content)),
    )


KEYS = ("kind", "name", "columns", "values", "file", "time", "money", "status", "group", "version", "events", "user_id", "booking_id",
        "booked_at", "place", "theme", "column", "constant", "format", "rate", "rates", "zone", "prefix", "otherwise", "by", "names", "header")  # fmt: skip
LEAVES = st.one_of(st.sampled_from(("bookings", "a", "b", "c", "UTC", "iso", "%Y-%m-%d", "event", "jeju", "confirmed", "booking_id")),
                   st.text(max_size=6), st.integers(-5, 5), st.booleans(), st.floats())  # fmt: skip


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    return repr(value)


VALUES = st.recursive(
    LEAVES,
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(st.sampled_from(KEYS), inside, max_size=4)),
    max_leaves=8,
)
WHOLE = {"kind": "bookings", "columns": {"user_id": "a", "booking_id": "b", "booked_at": "c"}}


@FEW
@given(
    changes=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3),
    inside=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=2),
)
def test_any_map_is_followed_or_refused(shared: Desk, changes: dict[str, Any], inside: dict[str, Any]) -> None:
    found: dict[str, Any] = {**WHOLE, "columns": {**WHOLE["columns"], **inside}, **changes}  # type: ignore[dict-item]
    text = "\n".join(f"{key} = {toml(value)}" for key, value in found.items())
    tried(
        shared,
        shared.file("any.toml", text.encode("utf-8", "replace")),
        shared.file("any.csv", "a,b,c\nu1,b1,2026-01-01\n,b2,x\n"),
    )


@FEW
@given(text=st.text(max_size=200))
def test_any_text_as_a_map_is_refused(shared: Desk, text: str) -> None:
    tried(
        shared,
        shared.file("text.toml", text.encode("utf-8", "replace")),
        shared.file("any.csv", "a,b,c\nu1,b1,2026-01-01\n"),
    )


ROWS = st.lists(
    st.tuples(st.sampled_from("uvw"), st.integers(0, 5), st.integers(1, 28), st.integers(0, 3), st.sampled_from(("", "", "2026-03-01", "2026-03-02"))),
    min_size=1, max_size=12,
)  # fmt: skip
PLAIN = MAPS["bookings"].partition("[columns]")[0].replace(
    '"a", "b", "c", "d", "e", "f", "g"', '"a", "b", "c", "d", "e"'
) + (
    '[columns]\nuser_id="a"\nbooking_id="b"\nbooked_at="c"\npaid="d"\ncancelled_at="e"\n[version]\nby="event"\n[money]\ncancelled="kept"\n'
)


@settings(FEW, max_examples=10)
@given(rows=ROWS, cut=st.integers(0, 12))
def test_a_file_cut_in_two_gives_the_same_bookings_as_the_whole(
    tmp_path: Path, rows: list[tuple[str, int, int, int, str]], cut: int
) -> None:
    lines = [
        f"{user},{user}{booking},2026-01-{day:02},{paid},{cancelled}\n" for user, booking, day, paid, cancelled in rows
    ]
    found: list[list[tuple[Any, ...]]] = []
    for parts in ([lines], [lines[:cut], lines[cut:]]):
        mart = DuckDBMart(None, dimensions=DIMENSIONS, now=lambda: NOW)
        desk = Desk(mart, tmp_path)
        for number, part in enumerate(part for part in parts if part):
            import_files(
                mart,
                desk.file("m.toml", PLAIN),
                [desk.file(f"{number}.csv", "".join(part))],
                rejects_dir=desk.rejects,
                now=NOW,
            )
        found.append(
            desk.rows(
                "SELECT n.user_id, b.* EXCLUDE (user_no) FROM booking_now b JOIN user_number n USING (user_no) ORDER BY booking_id"
            )
        )
        mart.close()
    assert found[0] == found[1]
