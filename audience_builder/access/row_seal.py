"""A row of somebody's file, sealed as one cell of text: it names its key's version and opens only in its place."""

from __future__ import annotations

import base64
import binascii
import re

from audience_builder.access.cipher import Cipher, not_ours, place
from audience_builder.access.keys import Keyring, Purpose

_SEALED = re.compile(r"sealed:(\d{1,9}):([0-9a-f]{1,64}):([A-Za-z0-9+/=]+)")


class RowSeal:
    """Seals rows that were refused, which may say anything of anybody, for the file they are written to and their line."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, file: str, line: int, row: str) -> str:
        """The row as `sealed:<version>:<file>:<text>`. `file` is hexadecimal."""
        key = self._keyring.newest(Purpose.FILES)
        sealed = Cipher(key.key).seal(row.encode("utf-8", "surrogatepass"), place("reject", file, line, key.version))
        return f"sealed:{key.version}:{file}:{base64.b64encode(sealed).decode()}"

    def open(self, line: int, cell: str) -> str:
        """The row that stands in a cell. Raises SealedError for one that was changed or moved."""
        found = _SEALED.fullmatch(cell)
        if found is None:
            raise not_ours()
        version, file = int(found.group(1)), found.group(2)
        try:
            sealed = base64.b64decode(found.group(3), validate=True)
        except binascii.Error:
            raise not_ours() from None
        key = self._keyring.key(Purpose.FILES, version)
        return Cipher(key).open(sealed, place("reject", file, line, version)).decode("utf-8", "surrogatepass")
