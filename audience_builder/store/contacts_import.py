"""Contacts read from a CSV or NDJSON file, row by row: what cannot be used is refused with its line, column and a code alone."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import orjson

from audience_builder.access.blind import MOST_EMAIL, canonical_email, canonical_phone
from audience_builder.access.personal import personal_kind
from audience_builder.errors import InputError
from audience_builder.store.contacts_sealing import FIELDS, Contact

MOST_REFUSED_TOLD = 1_000
"""So many refused rows are told one by one; the rest are counted."""

_MOST_LINE = 65_536
_KOREAN_NAME = re.compile("[\uac00-\ud7a3]{2,5}")
_MOST_ID = 200
_ID = "user_id"
_SYNONYMS: dict[str, str] = {
    "userid": _ID, "id": _ID, "externalid": _ID, "customerid": _ID, "memberid": _ID, "회원번호": _ID, "고객번호": _ID,
    "회원id": _ID, "고객id": _ID, "name": "name", "이름": "name", "성명": "name", "고객명": "name", "회원명": "name",
    "email": "email", "mail": "email", "이메일": "email", "메일": "email", "phone": "phone", "mobile": "phone", "tel": "phone",
    "phonenumber": "phone", "전화번호": "phone", "휴대폰": "phone", "휴대폰번호": "phone", "휴대전화": "phone", "연락처": "phone",
    "pushtoken": "push_token", "token": "push_token", "푸시토큰": "push_token",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row of a file: its line, the contacts it says, and which fields the file speaks of."""

    line: int
    contact: Contact
    told: frozenset[str]
    problem: tuple[str, str] | None = None

    def over(self, before: Contact | None) -> Contact:
        """What is known after this row: fields the file does not speak of stay."""
        if before is None:
            return self.contact
        return replace(self.contact, **{name: getattr(before, name) for name in FIELDS if name not in self.told})


@dataclass(slots=True)
class ContactsReport:
    """What became of the rows. `refused` names the first of the refused ones: line, code, column."""

    read: int = 0
    kept: int = 0
    unchanged: int = 0
    repeated: int = 0
    reasons: dict[str, int] = field(default_factory=dict[str, int])
    refused: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])

    def refuse(self, line: int, code: str, column: str) -> None:
        """Count a row that was not kept."""
        self.reasons[code] = self.reasons.get(code, 0) + 1
        if len(self.refused) < MOST_REFUSED_TOLD:
            self.refused.append((line, code, column))


def arrivals(rows: Iterator[Arrival], size: int, report: ContactsReport) -> Iterator[list[Arrival]]:
    """The rows that can be used, so many at a time; the others go into the report."""
    batch: list[Arrival] = []
    for row in rows:
        report.read += 1
        if row.problem is not None:
            report.refuse(row.line, *row.problem)
        else:
            batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def read_contacts(path: Path) -> Iterator[Arrival]:
    """The rows of a file, by what its first sign tells: `{` is NDJSON, anything else CSV with a header.

    UTF-8 (with or without mark) or CP949. Raises InputError, which repeats nothing of the file, where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_MOST_LINE)
        is_lines = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        with path.open(encoding=_encoding(head), errors="surrogateescape", newline="") as text:
            yield from (_from_lines if is_lines else _from_csv)(text)
    except OSError as problem:
        raise InputError("the contacts cannot be read", fix="Check the path and its rights.") from problem


def _encoding(head: bytes) -> str:
    # A sign may be cut at the end of what was looked at.
    for encoding in ("utf-8", "cp949"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return "utf-8-sig" if encoding == "utf-8" else encoding
    return "utf-8-sig"


def _from_lines(file: IO[str]) -> Iterator[Arrival]:
    number = 0
    while line := file.readline(_MOST_LINE):
        number += 1
        is_long = len(line) == _MOST_LINE and not line.endswith("\n")
        while is_long and (rest := file.readline(_MOST_LINE)) and not rest.endswith("\n"):
            pass
        if is_long:
            yield _refused(number, "too_long", "")
        elif line.strip():
            yield _from_line(number, line)


def _from_line(number: int, line: str) -> Arrival:
    try:
        said = orjson.loads(line.encode())
    except UnicodeEncodeError:
        return _refused(number, "bad_bytes", "")
    except orjson.JSONDecodeError:
        return _refused(number, "no_json", "")
    if not isinstance(said, dict):
        return _refused(number, "no_json", "")
    cells = {column: value for key, value in said.items() if (column := _column(str(key)))}
    wrong = next((column for column, value in cells.items() if not isinstance(value, str | None)), None)
    if wrong is not None:
        return _refused(number, "no_text", wrong)
    return _arrival(number, {column: value or "" for column, value in cells.items()})


def _from_csv(file: IO[str]) -> Iterator[Arrival]:
    rows = csv.reader(_bounded(file), delimiter=_delimiter(file), strict=True)
    columns: list[str | None] | None = None
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            # One pair of quotes gone astray may have swallowed any number of rows.
            raise InputError(
                f"line {rows.line_num}: a quotation mark is opened and never closed, or a line is too long",
                fix="Mend the line; the rows before it are kept.",
            ) from None
        if row is None:
            if columns is None:
                raise _headless()
            return
        if not row:
            continue
        if columns is None:
            columns = _header(row)
        elif len(row) != len(columns):
            yield _refused(rows.line_num, "column_count", "")
        else:
            cells = zip(columns, row, strict=True)
            yield _arrival(rows.line_num, {column: cell for column, cell in cells if column is not None})


def _bounded(file: IO[str]) -> Iterator[str]:
    while line := file.readline(_MOST_LINE):
        if len(line) == _MOST_LINE and not line.endswith("\n"):
            raise csv.Error("line too long")
        yield line


def _delimiter(file: IO[str]) -> str:
    first = file.readline(_MOST_LINE)
    file.seek(0)
    return max(",;\t|", key=first.count)


def _header(row: list[str]) -> list[str | None]:
    columns = [_column(name) for name in row]
    known = [column for column in columns if column is not None]
    if _ID not in known or len(known) < 2 or len(set(known)) != len(known):
        raise _headless()
    return columns


def _headless() -> InputError:
    return InputError(
        "the first line must name user_id and at least one of name, email, phone, push_token, each once",
        fix="Write a header such as user_id,name,email,phone,push_token (회원번호, 이름, 이메일, 휴대폰, 푸시토큰).",
    )


def _column(name: str) -> str | None:
    return _SYNONYMS.get("".join(sign for sign in name.casefold() if sign.isalnum()))


# --- one row --------------------------------------------------------------------------------------------------------------


def _arrival(line: int, cells: Mapping[str, str]) -> Arrival:
    found: dict[str, str | None] = {}
    for column, cell in cells.items():
        value = unicodedata.normalize("NFC", cell).strip()
        if not _is_text(value):
            return _refused(line, "bad_bytes", column)
        code = _CHECKS[column](value) if value else None
        if code is not None:
            return _refused(line, code, column)
        found[column] = value or None
    user_id = found.pop(_ID, None)
    if user_id is None:
        return _refused(line, "no_user", _ID)
    return Arrival(line, Contact(user_id=user_id, **found), frozenset(found))


def _refused(line: int, code: str, column: str) -> Arrival:
    return Arrival(line, Contact(user_id=""), frozenset(), (code, column))


def _is_text(value: str) -> bool:
    return not any(unicodedata.category(sign) in ("Cs", "Cc") for sign in value)


def _check_id(value: str) -> str | None:
    if len(value) > _MOST_ID:
        return "too_long"
    return "contact_as_id" if personal_kind(value) or _KOREAN_NAME.fullmatch(value) else None


_CHECKS: dict[str, Callable[[str], str | None]] = {
    _ID: _check_id,
    "name": lambda value: "too_long" if len(value) > 200 else None,
    "email": lambda value: None if len(value) <= MOST_EMAIL and canonical_email(value) else "no_email",
    "phone": lambda value: None if len(value) <= 40 and canonical_phone(value) else "no_phone",
    "push_token": lambda value: None if len(value) <= 4096 and value.isascii() and " " not in value else "no_token",
}

REFUSALS: dict[str, str] = {
    "bad_bytes": "the value has bytes that are no text, or signs that cannot be printed",
    "column_count": "the line has more or fewer columns than the header",
    "contact_as_id": "a name, an e-mail address, a number or a token stands where the user's id should",
    "erased_user": "the user was erased and may never come back",
    "no_email": "this is no e-mail address",
    "no_json": "the line is no JSON object",
    "no_phone": "this is no phone number",
    "no_text": "the value is neither text nor null",
    "no_token": "this is no push token",
    "no_user": "no user is named",
    "too_long": "the value is too long",
}
"""What each code means. None of them repeats anything of a row."""
