"""Has a library's calls of the C library come to us instead: its table of addresses is written anew, in this process alone (ELF with glibc)."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator, Mapping
from typing import Any

_STRINGS, _SYMBOLS, _RELOCATIONS, _SIZE, _CALLS_SIZE, _CALLS = 5, 6, 7, 8, 2, 23
_ADDRESSES = frozenset({6, 7, 1025, 1026})
"""The relocations that hold a function's address, on x86-64 and on AArch64."""

_READ_WRITE = mmap.PROT_READ | mmap.PROT_WRITE
_kept: list[Any] = []


class _Loaded(ctypes.Structure):
    _fields_ = (("address", ctypes.c_uint64), ("name", ctypes.c_char_p), ("dynamic", ctypes.c_void_p))


class _Entry(ctypes.Structure):
    _fields_ = (("tag", ctypes.c_int64), ("value", ctypes.c_uint64))


class _Relocation(ctypes.Structure):
    _fields_ = (("offset", ctypes.c_uint64), ("info", ctypes.c_uint64), ("addend", ctypes.c_int64))


class _Symbol(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_uint32),
        ("info", ctypes.c_uint8),
        ("other", ctypes.c_uint8),
        ("section", ctypes.c_uint16),
        ("value", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
    )


def interpose(library: str, calls: Mapping[str, Any]) -> set[str]:
    """Have these functions called where the library, which is loaded, calls those names. Returns the names it calls."""
    loaded = _Loaded.from_address(ctypes.CDLL(library)._handle)
    found: set[str] = set()
    for name, slot in _slots(loaded):
        if name in calls:
            _put(slot, calls[name])
            found.add(name)
    return found


def _slots(loaded: _Loaded) -> Iterator[tuple[str, int]]:
    """Each foreign function's name, and where its address stands."""
    told: dict[int, int] = {}
    at = int(loaded.dynamic or 0)
    while (entry := _Entry.from_address(at)).tag:
        told[entry.tag] = entry.value
        at += ctypes.sizeof(_Entry)
    for begins, size in ((_RELOCATIONS, _SIZE), (_CALLS, _CALLS_SIZE)):
        for offset in range(0, told.get(size, 0), ctypes.sizeof(_Relocation)):
            relocation = _Relocation.from_address(told[begins] + offset)
            if relocation.info & 0xFFFFFFFF in _ADDRESSES:
                symbol = _Symbol.from_address(told[_SYMBOLS] + (relocation.info >> 32) * ctypes.sizeof(_Symbol))
                yield ctypes.string_at(told[_STRINGS] + symbol.name).decode(), loaded.address + relocation.offset


def _put(slot: int, function: Any) -> None:
    page = slot & ~(mmap.PAGESIZE - 1)
    if ctypes.CDLL(None).mprotect(ctypes.c_void_p(page), mmap.PAGESIZE, _READ_WRITE):
        raise OSError("a table of addresses cannot be written")
    _kept.append(function)  # the library does not hold it
    ctypes.c_uint64.from_address(slot).value = ctypes.cast(function, ctypes.c_void_p).value or 0
