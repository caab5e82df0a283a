"""Writes every generated document anew; with `--check` tells which are stale and fails.

Run as `python -m tools.docs [--check]`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from audience_builder.apply.event import event_schema
from audience_builder.rule.check import rule_schema
from tools import catalog_docs, mart_docs, openapi

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/catalog.md": catalog_docs.text,
    "docs/mart.md": mart_docs.page,
    "docs/openapi.json": openapi.text,
    "pipeline/topic/event.schema.json": lambda: json.dumps(event_schema(), ensure_ascii=False, indent=1) + "\n",
    "docs/rule.schema.json": lambda: json.dumps(rule_schema(), ensure_ascii=False, indent=1) + "\n",
}
"""Each generated document and what writes it."""


def stale() -> list[str]:
    """The documents that differ from what would be written."""
    return [name for name, text in DOCUMENTS.items() if not _is_current(ROOT / name, text())]


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Write, or check. Returns the exit code."""
    old = stale()
    if "--check" in arguments:
        for name in old:
            print(f"{name} is stale: run `make docs`")
        return 1 if old else 0
    for name in old:
        (ROOT / name).write_text(DOCUMENTS[name](), encoding="utf-8")
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
