"""The documentation of the API as a file: `python -m tools.openapi` writes it, `--check` says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from audience_builder.api.http import bare_api

PLACE = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def text() -> str:
    """The document as it should stand in `docs/openapi.json`."""
    return orjson.dumps(bare_api().openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` end with 1 where it is not current."""
    if "--check" in arguments:
        current = PLACE.exists() and PLACE.read_text(encoding="utf-8") == text()
        print("docs/openapi.json is current" if current else "docs/openapi.json is old: run python -m tools.openapi")
        return 0 if current else 1
    PLACE.write_text(text(), encoding="utf-8")
    print("wrote docs/openapi.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
