"""A disk whose power can be cut: what was not synced is gone, or there in part, or in another order.

In a child every `fsync` and `fdatasync` of Python, SQLite and DuckDB is seen, and what the file holds then is what is kept. At the cut the
files become what a disk may hold: of a synced file what was synced, each of its blocks written since or not; of what was appended since,
 and of a file never synced, nothing or a beginning (ext4 and XFS let a file grow only by what is written); names made and removed
since their folder was synced in effect or not, renamings in their order. A file that was synced keeps the name it had then, as
journalling file systems do it. Nothing is truly synced here, so that nothing but what is seen counts.

`notyet`: a block is 4 KB, but in a mart the 256 KB that DuckDB writes at once. When it puts its file in order it writes some of those over ones
that still hold, so a disk that stops within one leaves a mart that cannot be opened.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from threading import RLock
from typing import Any

from tools.killing.interposed import interpose

_BLOCK = 4096
_MART, _MART_HEADERS, _MART_BLOCK = "mart.duckdb", 3 * 4096, 1 << 18
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
_RENAME = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p)


class Disk:
    """The files of a folder; `beside` holds what is kept of them.

    Files named in `others` are another's: a cut leaves them alone. A disk that `lies` says it has synced files whose names begin so, and has not.
    """

    def __init__(self, folder: Path, beside: Path, *, others: frozenset[str] = frozenset(), lies: str = "") -> None:
        self._folder, self._others, self._lies = folder.resolve(), others, lies
        self._synced, self._renames = beside / "synced", beside / "renames"
        self._held = (
            beside / "held"
        )  # a second name of each synced file: which is which stays known when names are made anew
        self._turns = RLock()
        self.cuts, self.lost = 0, 0
        self._rename: Callable[[str, str], None] = os.rename

    def begin(self) -> None:
        """All there is now is synced."""
        for kept in (self._synced, self._held):
            shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self._folder, self._synced)
        shutil.copytree(self._folder, self._held, copy_function=os.link)
        self._renames.write_text("", encoding="utf-8")

    def watch(self) -> None:
        """See what this process syncs and renames from now on. Raises OSError where that cannot be seen."""
        for name, watched in (("fsync", self.sync), ("fdatasync", self.sync), ("rename", self._note_rename)):
            setattr(os, name, watched)
        calls = {"fsync": _SYNC(self.sync), "fdatasync": _SYNC(self.sync), "rename": _RENAME(self._renamed)}
        for library in ("libsqlite3", "_duckdb"):
            if not {"fsync", "fdatasync"} & interpose(_loaded(library), calls):
                raise OSError(f"{library} syncs in a way that is not seen")

    def cut(self, dice: Random) -> None:
        """Make of the folder what a disk may hold whose power was cut now; `lost` counts the files it changed."""
        is_torn = dice.random() < 0.7  # else nothing is there that was not synced
        renames = self._pending()
        for old, new in renames[: dice.randint(0, len(renames)) if is_torn else 0]:
            self._move(old, new)
        found: dict[Path, bytes] = {}
        synced_as = {(self._held / name).stat().st_ino: name for name in _files(self._held)}
        for name in sorted(_files(self._folder) | _files(self._synced)):
            now, then = _content(self._folder / name), _content(self._synced / name)
            if name.name in self._others:
                left = now
            elif not is_torn or now is None:
                left = then if not is_torn or dice.random() < 0.5 else None
            else:
                known_as = synced_as.get((self._folder / name).stat().st_ino)
                left = _left(dice, name, now, then, known_as)
            self.lost += left != now
            if left is not None:
                found[name] = left
        for each in self._folder.iterdir():
            _remove(each)
        for name, content in found.items():
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(content)
        self.cuts += 1

    # --- in the child -------------------------------------------------------------------------------------------------

    def sync(self, handle: int) -> int:
        """Keep what an open file or folder holds now."""
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        is_said_only = self._lies and path.name.startswith(self._lies)
        if path.is_relative_to(self._folder) and path.exists() and not is_said_only:
            with self._turns:
                if path.is_dir():
                    self._sync_names(path)
                else:
                    self._sync_content(path)
        return 0

    def _sync_content(self, path: Path) -> None:
        for kept, put in ((self._synced, shutil.copyfile), (self._held, os.link)):
            place, aside = kept / path.relative_to(self._folder), kept.with_name("aside")
            place.parent.mkdir(parents=True, exist_ok=True)
            aside.unlink(missing_ok=True)
            put(path, aside)
            os.replace(aside, place)
            aside.unlink(missing_ok=True)  # two names of one file are not replaced

    def _sync_names(self, folder: Path) -> None:
        renames, name = self._pending(), str(folder.relative_to(self._folder))
        settled = max(
            (at for at, pair in enumerate(renames, 1) if name in {str(Path(each).parent) for each in pair}), default=0
        )
        for old, new in renames[:settled]:
            self._move(old, new)
        self._put_pending(renames[settled:])
        kept, held = (each / folder.relative_to(self._folder) for each in (self._synced, self._held))
        kept.mkdir(parents=True, exist_ok=True)
        for each in kept.iterdir():
            if not (folder / each.name).exists():
                _remove(each)
                _remove(held / each.name)
        for each in folder.iterdir():
            if not (kept / each.name).exists():
                (kept / each.name).mkdir() if each.is_dir() else (kept / each.name).touch()

    def _note_rename(self, old: Any, new: Any) -> None:
        with self._turns:
            self._rename(old, new)
            pair = [Path(os.path.abspath(os.fsdecode(each))) for each in (old, new)]
            if all(each.is_relative_to(self._folder) for each in pair):
                first, second = (str(each.relative_to(self._folder)) for each in pair)
                self._put_pending([*self._pending(), (first, second)])

    def _renamed(self, old: bytes, new: bytes) -> int:
        try:
            self._note_rename(old, new)
        except OSError as problem:
            ctypes.set_errno(problem.errno or 0)
            return -1
        return 0

    # --- renamings that no sync of their folder has settled -----------------------------------------------------------

    def _pending(self) -> list[tuple[str, str]]:
        lines = self._renames.read_text(encoding="utf-8").splitlines()
        return [(old, new) for old, new in (line.split("\t") for line in lines)]

    def _put_pending(self, renames: list[tuple[str, str]]) -> None:
        aside = self._renames.with_name("renames-aside")
        aside.write_text("".join(f"{old}\t{new}\n" for old, new in renames), encoding="utf-8")
        os.replace(aside, self._renames)

    def _move(self, old: str, new: str) -> None:
        for kept in (self._synced, self._held):
            source, target = kept / old, kept / new
            if source.exists():
                _remove(target)
                target.parent.mkdir(parents=True, exist_ok=True)
                self._rename(str(source), str(target))


def _left(dice: Random, name: Path, now: bytes, then: bytes | None, known_as: Path | None) -> bytes | None:
    """What may be there under a name: `now` was written, `then` synced; None = there is no such file.

    `known_as` is the name under which what was written was synced last, if it was.
    """
    if known_as == name:
        return _mixed(dice, now, then or b"", _blocks(name.name, len(then or b"")))
    return now[: dice.randint(0, len(now))] if known_as is None and dice.random() < 0.5 else then


def _mixed(dice: Random, now: bytes, then: bytes, blocks: Iterable[slice]) -> bytes:
    """Of what was synced each block as it was or as it was written since; behind it as much as was written before the cut."""
    share = dice.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    found = bytearray(then)
    for block in blocks:
        if len(now[block]) == len(then[block]) and dice.random() < share:
            found[block] = now[block]
    if len(now) < len(then):
        return bytes(found[: dice.choice((len(now), len(then)))])
    return bytes(found + now[len(then) : dice.randint(len(then), len(now))])


def _blocks(name: str, length: int) -> Iterator[slice]:
    """What is written whole or not at all."""
    at = 0
    while at < length:
        size = _MART_BLOCK if name == _MART and at >= _MART_HEADERS else _BLOCK
        yield slice(at, at + size)
        at += size


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _files(folder: Path) -> set[Path]:
    return {each.relative_to(folder) for each in folder.rglob("*") if each.is_file()}


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _loaded(name: str) -> str:
    """The path of a library this process has loaded."""
    with Path("/proc/self/maps").open(encoding="utf-8") as maps:
        for line in maps:
            path = line.rstrip("\n").rpartition(" ")[2]
            if name in Path(path).name:
                return path
    raise OSError(f"{name} is not loaded")
