"""Files as they come: any encoding and delimiter, and what can be no table is refused before anything is written."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from audience_builder.errors import InputError
from audience_builder.intake import Progress, Reason, import_files
from tests.intake.desk import NOW, Desk

MAP = """kind = "bookings"
[columns]
user_id = "고객"
booking_id = "주문"
booked_at = "일시"
place = { column = "지역", optional = true }
[values.place]
"*" = ""
"""
TEXT = "고객,주문,일시,지역\n김철수0,b1,2026-01-02 10:00:00,제주\n이영희0,b2,2026-01-03 10:00:00,서울\n"
FOUND = [("김철수0", "b1"), ("이영희0", "b2")]


def users_and_bookings(desk: Desk) -> list[tuple[str, str]]:
    return desk.rows("SELECT n.user_id, booking_id FROM booking JOIN user_number n USING (user_no) ORDER BY 2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949", "euc-kr"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(desk: Desk, encoding: str, delimiter: str) -> None:
    report = desk.bring(MAP, desk.file("a.csv", TEXT.replace(",", delimiter), encoding))
    assert report.applied == 2
    assert users_and_bookings(desk) == FOUND


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line_ends_a_line(desk: Desk, end: str) -> None:
    text = TEXT.replace("\n", end).rstrip()
    assert desk.bring(MAP, desk.file("a.csv", text)).applied == 2
    assert users_and_bookings(desk) == FOUND


def test_a_file_without_a_header_is_read_by_the_names_of_the_map(desk: Desk) -> None:
    headless = TEXT.partition("\n")[2]
    report = desk.bring(MAP + '[file]\nheader = false\nnames = ["고객", "주문", "일시", "지역"]\n', headless)
    assert report.read == report.applied == 2


def test_a_first_line_that_is_no_header_is_noticed(desk: Desk) -> None:
    with pytest.raises(InputError, match="names none of the map's columns"):
        desk.bring(MAP, TEXT.partition("\n")[2])
    assert desk.is_untouched()


def test_a_header_may_differ_in_case_and_blanks(desk: Desk) -> None:
    text = " User , ORDER,at\nu1,b1,2026-01-02\n"
    assert (
        desk.bring('kind = "bookings"\n[columns]\nuser_id="user"\nbooking_id="order"\nbooked_at="At"\n', text).applied
        == 1
    )


def test_two_columns_of_one_name_are_unclear(desk: Desk) -> None:
    with pytest.raises(InputError, match="several columns '주문'"):
        desk.bring(MAP, "고객,주문,일시,주문\nu1,b1,2026-01-01,b2\n")


def test_a_quoted_text_may_go_over_lines_and_lines_are_counted_on(desk: Desk) -> None:
    text = '고객,주문,일시,지역\nu1,b1,2026-01-02,"제\n주"\n\n   \nu2,b2,never,서울\n'
    report = desk.bring(MAP, text)
    assert (report.read, report.applied) == (3, 1)
    assert desk.rows("SELECT line, reason FROM dead_letter ORDER BY line") == [
        (5, "column_count"),
        (6, "bad_date booked_at"),
    ]


def test_a_line_in_another_encoding_is_refused_alone(desk: Desk) -> None:
    content = (
        TEXT.encode() + "박민수0,b3,2026-01-04 10:00:00,부산\n".encode("cp949") + "u4,b4,2026-01-05,부산\n".encode()
    )
    report = desk.bring(MAP, content)
    assert (report.applied, report.reasons) == (3, {Reason.BAD_BYTES: 1})
    path = report.files[0].rejects_file
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["line"] == "4"
    assert json.loads(row["row"])[1] == "b3"


def test_what_stands_in_a_rejects_file_is_no_formula(desk: Desk) -> None:
    report = desk.bring(MAP, desk.file("=cmd.csv", TEXT + "=cmd|' /C calc'!A0,b3,never,x\n"))
    path = report.files[0].rejects_file
    assert path is not None
    assert path.name.startswith("rejects-_cmd-")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


PARQUET_HEAD = b"PAR1" + b"\x15\x04\x15" * 50


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        ("고객,주문,일시,지역\n".encode(), "has a header and no rows"),
        ("고객,주문,일시,지역".encode(), "has a header and no rows"),
        (b"\n\n\n", "has no header"),
        (b"\x00\x01\x02\x03" * 1000, "is no text"),
        (bytes(range(256)) * 40, "is no text"),
        (b"PK\x03\x04" + b"x" * 100, "a zip or Excel file"),
        (b"\x1f\x8b" + b"x" * 100, "a gzip file"),
        (PARQUET_HEAD, "is no whole Parquet file"),
        (PARQUET_HEAD + b"PAR1", "is a broken Parquet file"),
        (TEXT.encode() + 'u3,"b3,2026-01-01,서울\nu4,b4,2026-01-01,서울\n'.encode(), "line 4: a quotation mark is opened and never closed"),
        (TEXT.encode() + ('u3,"' + "x" * 200_000 + "\n").encode(), "line 4: a quotation mark is opened"),
        ("고객,주문,일시,지역\n".encode() + b"\xff\xfe\xfd,\xff\xff,\xff\x01,\xff\n" * 5, "encoding of data.csv cannot be told"),
    ],
)  # fmt: skip
def test_what_can_be_no_table_is_refused_whole(desk: Desk, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        desk.bring(MAP, desk.file("data.csv", content))
    assert caught.value.fix
    assert desk.is_untouched()


def test_a_folder_and_a_missing_file_are_refused(desk: Desk) -> None:
    with pytest.raises(InputError, match="is a folder"):
        desk.bring(MAP, desk.folder)
    with pytest.raises(InputError, match="there is no file"):
        desk.bring(MAP, desk.folder / "nowhere.csv")
    with pytest.raises(InputError, match="there is no file"):
        desk.bring(MAP, desk.folder / "no\x00where.csv")
    with pytest.raises(InputError, match="no file is named"):
        desk.bring(MAP)
    assert desk.is_untouched()


def test_every_file_is_looked_at_before_the_first_is_applied(desk: Desk) -> None:
    with pytest.raises(InputError, match="is empty"):
        desk.bring(MAP, TEXT, "")
    assert desk.is_untouched()


def test_a_file_that_breaks_later_leaves_those_before_it_and_says_so(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"never closed \(imported before it: data0.csv"):
        desk.bring(MAP, TEXT, TEXT + 'u3,"b3')
    assert users_and_bookings(desk) == FOUND
    assert desk.rows("SELECT count(*) FROM applied_batch") == [(1,)]


def test_a_parquet_cut_in_the_middle_is_refused(desk: Desk) -> None:
    whole = desk.folder / "whole.parquet"
    with desk.mart.cursor() as cursor:
        cursor.execute(
            f"COPY (SELECT 'u' || i AS \"고객\", 'b' || i AS \"주문\", TIMESTAMP '2026-01-01' AS \"일시\" FROM range(9999) r(i)) TO '{whole}' (FORMAT parquet)"
        )
    content = whole.read_bytes()
    for cut in (
        content[:-1000],
        content[: len(content) // 2],
        content[:4],
        content[:-8] + b"\xff\xff\xff\x7fPAR1",
        content[:500] + content[-500:],
    ):
        with pytest.raises(InputError, match="Parquet"):
            desk.bring(MAP, desk.file("cut.parquet", cut))
        assert desk.is_untouched()
    damaged = bytearray(content)
    damaged[200:400] = b"\xff" * 200
    with pytest.raises(InputError):
        desk.bring(MAP, desk.file("damaged.parquet", bytes(damaged)))
    assert desk.is_untouched()
    assert desk.bring(MAP, whole).applied == 9999


def test_types_of_parquet_are_taken_as_they_are(desk: Desk) -> None:
    path = desk.folder / "typed.parquet"
    with desk.mart.cursor() as cursor:
        cursor.execute(
            f"""COPY (SELECT * FROM (VALUES
                  (1.0::DOUBLE, 7::BIGINT, TIMESTAMPTZ '2026-01-01 00:00:00+00', DATE '2026-02-01'),
                  ('nan'::DOUBLE, 8, TIMESTAMPTZ '2026-01-01 00:00:00+09', DATE '2026-02-02'),
                  (2.0, 9, NULL, NULL)) t(u, b, "at", "day")) TO '{path}' (FORMAT parquet)"""
        )
    text = 'kind="bookings"\n[time]\nformats=["%d/%m/%Y"]\ndates=["%d/%m/%Y"]\n[columns]\nuser_id="u"\nbooking_id="b"\nbooked_at="at"\ncheck_in="day"\n'
    report = desk.bring(text, path)
    assert report.reasons == {Reason.NO_USER: 1, Reason.MISSING: 1}
    assert [
        tuple(map(str, row))
        for row in desk.rows(
            "SELECT n.user_id, booking_id, booked_at, check_in FROM booking JOIN user_number n USING (user_no)"
        )
    ] == [("1", "7", "2026-01-01 00:00:00", "2026-02-01")]


def test_progress_is_told_in_bytes_and_rows(desk: Desk) -> None:
    told: list[Progress] = []
    map_file = desk.file("m.toml", MAP)
    import_files(
        desk.mart, map_file, [desk.file("a.csv", TEXT)], rejects_dir=desk.rejects, progress=told.append, now=NOW
    )
    assert {entry.step for entry in told} == {"looking", "reading", "checking", "writing"}
    assert all(entry.file == "a.csv" and 0 <= entry.done <= entry.total for entry in told)
    assert told[-1] == Progress("a.csv", "writing", 2, 2)


def test_the_private_tables_are_gone_afterwards(desk: Desk) -> None:
    desk.bring(MAP, TEXT + "u3,b3,never,x\n")
    assert [path.suffix for path in desk.rejects.iterdir()] == [".csv"]
    assert desk.rows("SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'intake%'") == [(0,)]


@pytest.mark.parametrize("name", ["it's [a] *strange* file?.csv", 'a"; DROP TABLE booking; --.csv', "한글 파일.csv"])
def test_a_file_may_be_called_anything(desk: Desk, name: str) -> None:
    folder = desk.folder / "od'd [dir]*"
    folder.mkdir()
    path = folder / name
    path.write_text(TEXT + "u3,b3,never,x\n", encoding="utf-8")
    report = import_files(desk.mart, desk.file("m.toml", MAP), [path], rejects_dir=folder / "re'jects[0]", now=NOW)
    assert (report.applied, report.rejected) == (2, 1)
    parquet = folder / "x?[0]*.parquet"
    with desk.mart.cursor() as cursor:
        cursor.execute(
            "COPY (SELECT 'u9' AS \"고객\", 'b9' AS \"주문\", '2026-01-01' AS \"일시\") TO 'plain' (FORMAT parquet)".replace(
                "plain", str(desk.folder / "plain")
            )
        )
    (desk.folder / "plain").rename(parquet)
    assert import_files(desk.mart, desk.folder / "m.toml", [parquet], rejects_dir=desk.rejects, now=NOW).applied == 1


def test_a_column_may_be_called_anything(desk: Desk) -> None:
    hostile = 'a"; DROP TABLE booking; --'
    path = desk.folder / "hostile.parquet"
    with desk.mart.cursor() as cursor:
        quoted = hostile.replace('"', '""')
        cursor.execute(
            f"COPY (SELECT 'u1' AS \"{quoted}\", 'b1' AS \"'; --\", '2026-01-01' AS \"x.y\") TO '{path}' (FORMAT parquet)"
        )
    text = f"kind='bookings'\n[columns]\nuser_id='''{hostile}'''\nbooking_id=\"'; --\"\nbooked_at='x.y'\n"
    assert desk.bring(text, path).applied == 1
    quoted = hostile.replace('"', '""')
    assert desk.bring(text, f'"{quoted}",\'; --,x.y\nu2,b2,2026-01-01\n').applied == 1
    assert desk.rows("SELECT count(*) FROM booking") == [(2,)]


def test_rejects_that_cannot_be_written_stop_the_import(desk: Desk) -> None:
    blocked = desk.file("blocked", "a file, not a folder")
    with pytest.raises(InputError, match="rejects cannot be written"):
        import_files(
            desk.mart, desk.file("m.toml", MAP), [desk.file("a.csv", TEXT)], rejects_dir=Path(blocked), now=NOW
        )
    assert desk.rows("SELECT count(*) FROM booking") == [(0,)]
