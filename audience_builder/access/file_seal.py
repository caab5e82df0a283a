"""Files of this installation, sealed where they lie: each names the version of its key and opens only as what it was sealed as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audience_builder.access.cipher import not_ours, place
from audience_builder.access.file_cipher import open_file, seal_file
from audience_builder.access.keys import Keyring, Purpose

_VERSION_BYTES = 4


class FileSeal:
    """Seals under the newest key for files, opens under the one a file names."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, chunks: Iterable[bytes], *words: str) -> Iterator[bytes]:
        """The bytes of a sealed file. `words` say what it is (`export` and the job's id): it opens as nothing else."""
        key = self._keyring.newest(Purpose.FILES)
        yield key.version.to_bytes(_VERSION_BYTES, "big")
        yield from seal_file(chunks, key.key, about=place(*words, key.version))

    def open(self, chunks: Iterable[bytes], *words: str) -> Iterator[bytes]:
        """The plain bytes, piece by piece. Raises SealedError at the first that is not as it was written, or missing."""
        head, rest = bytearray(), iter(chunks)
        while len(head) < _VERSION_BYTES:
            chunk = next(rest, None)
            if chunk is None:
                raise not_ours()
            head += chunk
        version = int.from_bytes(head[:_VERSION_BYTES], "big")
        key = self._keyring.key(Purpose.FILES, version)
        yield from open_file(_joined(bytes(head[_VERSION_BYTES:]), rest), key, about=place(*words, version))


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
