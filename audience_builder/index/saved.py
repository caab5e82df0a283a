"""An index as files: one array a file and a manifest, written aside and put in place whole, mapped back without copying.

A directory holds one index per mart version (`index-<version>`); whatever is half-written, damaged or of another make is never
read. Files that are still mapped live on after their directory is removed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, cast

import numpy as np
import orjson

from audience_builder.catalog.holidays import OVERRIDES
from audience_builder.index.arrays import Array, sealed
from audience_builder.index.columns import (
    CONSENTS,
    DATES,
    LATE_CONSENTS,
    LOGS,
    NARROW,
    PROFILE,
    TABLES,
    TRAIT,
    Stored,
    parts_for,
)
from audience_builder.index.contents import Index, Log, Table, Traits, Users

FORMAT = 6
"""Grows with every change of what the files mean; an index of another format is built anew."""

_MANIFEST = "manifest.json"
_PREFIX = "index-"
_ASIDE = ".building-"
_BLOCK = 1 << 22
_NARROWED = frozenset({"booking.paid_krw", "booking.refunded_krw"})
_FULL = frozenset({"booking", *TABLES})


@dataclass(slots=True)
class _Array:
    """An array being written: rows are appended, the header is put right at the end."""

    file: BinaryIO
    dtype: np.dtype[Any]
    full: np.dtype[Any]
    rows: int = 0
    is_said: bool = False
    crc32: int = 0


class Sink(Protocol):
    """Where the arrays of an index go as they are read."""

    def append(self, name: str, values: Array, *, empty: int | None = None) -> None:
        """Put more values behind an array. One that only ever held `empty` is left out in the end."""
        ...


class Collected:
    """Keeps the arrays of a small index in memory."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[Array]] = {}
        self._said: set[str] = set()

    def append(self, name: str, values: Array, *, empty: int | None = None) -> None:
        """Put more values behind an array. One that only ever held `empty` is left out in the end."""
        self._pieces.setdefault(name, []).append(values)
        if empty is None or bool((values != empty).any()):
            self._said.add(name)

    def index(self, facts: Mapping[str, Any]) -> Index:
        """The index of what was collected."""
        return assembled({name: sealed(np.concatenate(self._pieces[name])) for name in self._said}, facts)


class Writer:
    """Writes one index aside, array by array, and puts it in place when everything is on the disk.

    Left by an exception it leaves nothing behind; what a process that died left behind is removed first, as one process owns `root`.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._arrays: dict[str, _Array] = {}

    def __enter__(self) -> Writer:
        self._root.mkdir(parents=True, exist_ok=True)
        for left_behind in self._root.glob(f"{_ASIDE}*"):
            shutil.rmtree(left_behind, ignore_errors=True)
        self._aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self._root))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for array in self._arrays.values():
            array.file.close()
        shutil.rmtree(self._aside, ignore_errors=True)

    def append(self, name: str, values: Array, *, empty: int | None = None) -> None:
        """Put more values behind an array. One that only ever held `empty` is left out in the end."""
        array = self._arrays.get(name) or self._opened(name, values.dtype)
        if array.dtype != values.dtype and values.size and not _fit(values, array.dtype):
            array = self._widened(name)
        body = np.ascontiguousarray(values, array.dtype).data
        array.file.write(body)
        array.crc32 = zlib.crc32(body, array.crc32)
        array.rows += len(values)
        array.is_said = array.is_said or empty is None or bool((values != empty).any())

    def publish(self, facts: Mapping[str, object]) -> Path:
        """Put the index in place and remove older ones. `facts` are what the manifest says besides the files."""
        files = {name: self._closed(name) for name, array in self._arrays.items() if array.is_said}
        for name in self._arrays.keys() - files.keys():
            (self._aside / f"{name}.npy").unlink()  # what nobody said takes no room
        manifest = {"format": FORMAT, "calendar": _calendar(), **facts, "files": files}
        _written(self._aside / _MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        _flush_directory(self._aside)
        place = self._root / f"{_PREFIX}{facts['mart_version']}"
        if place.exists():
            shutil.rmtree(place)
        self._aside.rename(place)
        _flush_directory(self._root)
        for other in self._root.glob(f"{_PREFIX}*"):
            if other != place:
                shutil.rmtree(other, ignore_errors=True)
        return place

    def _opened(self, name: str, dtype: np.dtype[Any]) -> _Array:
        file = (self._aside / f"{name}.npy").open("w+b")
        narrow = NARROW if dtype == np.int64 and name in _NARROWED else dtype
        _put_header(file, narrow, 0)
        self._arrays[name] = _Array(file, narrow, dtype)
        return self._arrays[name]

    def _widened(self, name: str) -> _Array:
        """The array written anew in its full width."""
        narrow, path = self._arrays[name], self._aside / f"{name}.npy"
        _put_again(narrow)
        written = np.load(path).astype(narrow.full)
        path.unlink()
        file = path.open("w+b")
        _put_header(file, narrow.full, 0)
        file.write(written.data)
        crc32 = zlib.crc32(written.data)
        self._arrays[name] = _Array(file, narrow.full, narrow.full, narrow.rows, narrow.is_said, crc32)
        return self._arrays[name]

    def _closed(self, name: str) -> dict[str, int]:
        array = self._arrays[name]
        body = array.file.tell()
        _put_again(array)
        return {"bytes": body, "crc32": array.crc32}


def load(root: Path, *, mart_version: int | None = None) -> Index | None:
    """The saved index of that mart version (None = the newest), or None where there is none.

    Files of another size than was written are not read. Whether every byte is as it was written is asked of `is_whole`: that takes
    seconds for gigabytes, and a file that was put in place whole only fails with the disk.
    """
    wanted = f"{_PREFIX}*" if mart_version is None else f"{_PREFIX}{mart_version}"
    for place in sorted(root.glob(wanted), key=_version_of, reverse=True):
        found = _loaded(place)
        if found is not None:
            return found
    return None


def is_whole(root: Path, mart_version: int) -> bool:
    """Whether every byte of the saved index is as it was written."""
    place = root / f"{_PREFIX}{mart_version}"
    manifest = _manifest(place)
    if manifest is None:
        return False
    try:
        return all(_checksum(place / f"{name}.npy") == says["crc32"] for name, says in manifest["files"].items())
    except OSError:
        return False


def _version_of(place: Path) -> int:
    number = place.name.removeprefix(_PREFIX)
    return int(number) if number.isdigit() else -1


def _loaded(place: Path) -> Index | None:
    manifest = _manifest(place)
    if manifest is None or not all(_has_size(place / f"{name}.npy", says) for name, says in manifest["files"].items()):
        return None
    arrays = {name: sealed(np.load(place / f"{name}.npy", mmap_mode="r")) for name in manifest["files"]}
    return assembled(arrays, manifest)


def assembled(arrays: Mapping[str, Array], manifest: Mapping[str, Any]) -> Index:
    """The index of these arrays; `manifest` says what they are of."""
    users = int(manifest["users"])
    return Index(
        mart_version=int(manifest["mart_version"]),
        since=int(manifest["since"]),
        until=int(manifest["until"]),
        users=_users(arrays, users, manifest["rows"]),
        logs={name: _log(name, columns, arrays, manifest) for name, columns in LOGS.items()},
        tables={name: _table(name, columns, arrays, manifest["rows"]) for name, columns in TABLES.items()},
        traits=_traits(arrays, users, manifest["traits_day"]),
    )


def _manifest(place: Path) -> dict[str, Any] | None:
    try:
        manifest = orjson.loads((place / _MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(manifest, dict):
        return None
    read = cast(dict[str, Any], manifest)
    is_ours = read.get("format") == FORMAT and read.get("calendar") == _calendar()
    return read if is_ours and _PREFIX + str(read.get("mart_version")) == place.name else None


def _has_size(file: Path, says: Mapping[str, int]) -> bool:
    try:
        return file.stat().st_size == says["bytes"]
    except OSError:
        return False


def _users(arrays: Mapping[str, Array], users: int, rows: Mapping[str, int]) -> Users:
    return Users(
        size=users,
        profile={entry.name: _whole_column("profile", entry, arrays, users) for entry in PROFILE},
        consents=arrays["consents"].reshape(len(CONSENTS), -1) if "consents" in arrays else _no_consents(),
        late_consents=_table("late_consents", LATE_CONSENTS, arrays, rows),
    )


def _no_consents() -> Array:
    return sealed(np.zeros((len(CONSENTS), 0), np.uint64))


def _table(name: str, columns: Iterable[Stored], arrays: Mapping[str, Array], rows: Mapping[str, int]) -> Table:
    count = int(rows[name])
    # The engine may rely on every column of a booking; of behaviour most say little, and what nobody said takes no room.
    needed = {entry.name for entry in columns if entry.empty is None or name in _FULL}
    found = {
        entry.name: _whole_column(name, entry, arrays, count)
        for entry in columns
        if entry.name in needed or f"{name}.{entry.name}" in arrays
    }
    return Table(name, count, found)


def _log(name: str, columns: Iterable[Stored], arrays: Mapping[str, Array], manifest: Mapping[str, Any]) -> Log:
    table = _table(name, columns, arrays, manifest["rows"])
    parts = parts_for(int(manifest["users"]))
    dates = {date: arrays[f"{name}.dates.{date}"].reshape(2, -1) for date in DATES[name]}
    stretches = next(iter(dates.values())).shape[1]
    starts = arrays[f"{name}.starts"].reshape(parts, stretches + 1)
    return Log(name, table.rows, table.columns, starts, dates)


def _traits(arrays: Mapping[str, Array], users: int, day: int | None) -> Traits | None:
    if day is None:
        return None
    return Traits(day, {entry.name: _whole_column("trait", entry, arrays, users) for entry in TRAIT})


def _whole_column(of: str, column: Stored, arrays: Mapping[str, Array], rows: int) -> Array:
    """The column's array; where nobody said anything, one that says so of every row."""
    found = arrays.get(f"{of}.{column.name}")
    return found if found is not None else sealed(np.full(rows, column.empty or 0, column.dtype))


# --- files ----------------------------------------------------------------------------------------------------------------


def _put_header(file: BinaryIO, dtype: np.dtype[Any], rows: int) -> None:
    """Numpy leaves room in the header for the length to grow, so that it can be put right in place."""
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (rows,)}
    np.lib.format.write_array_header_1_0(file, header)


def _put_again(array: _Array) -> None:
    """Put the header right and close the file, everything on the disk."""
    array.file.seek(0)
    _put_header(array.file, array.dtype, array.rows)
    array.file.flush()
    os.fsync(array.file.fileno())
    array.file.close()


def _fit(values: Array, dtype: np.dtype[Any]) -> bool:
    kinds = np.iinfo(dtype)
    return bool(kinds.min <= values.min() and values.max() <= kinds.max)


def _written(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checksum(file: Path) -> int:
    """Of what stands behind the header."""
    total = 0
    with file.open("rb") as opened:
        np.lib.format.read_magic(opened)
        np.lib.format.read_array_header_1_0(opened)
        while block := opened.read(_BLOCK):
            total = zlib.crc32(block, total)
    return total


@cache
def _calendar() -> str:
    """What the kinds of nights were computed from: an index made under another calendar is built anew."""
    return f"{version('holidays')} {OVERRIDES!r}"
