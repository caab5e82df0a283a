"""The README's commands do what it says, in the order a newcomer types them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "README.ko.md")
PLACEHOLDERS = ("…", "serve", "mina")
"""Commands that name no concrete file, or do not end."""


def commands(page: str) -> list[list[str]]:
    """Every `audience-builder …` of the page, as words."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"(?:^\$ |`)(audience-builder [^`\n#]+)", text, flags=re.MULTILINE)
    return [shlex.split(line) for line in found]


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "audience_builder", *words[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_readme_runs(page: str, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    verbs: list[str] = []
    for words in commands(page):
        if any(mark in word for word in words for mark in PLACEHOLDERS):
            continue
        smaller = ["20000" if before == "--users" else word for before, word in zip(["", *words], words, strict=False)]
        done = run(smaller, tmp_path)
        assert done.returncode == 0, (words, done.stderr)
        verbs.append(words[1])
        if words[1] == "token":
            assert done.stdout.startswith("ab_")
        if words[1] == "count":
            said = json.loads(done.stdout)
            assert {"count", "as_of", "nodes", "elapsed_ms"} <= set(said)
            assert set(said["nodes"]) == {"who", "searched", "booked", "tier"}
    assert verbs == [
        "sample",
        "catalog",
        "count",
        "ask",
        "facets",
        "members",
        "why",
        "audience",
        "export",
        "token",
        "token",
    ]
    assert (tmp_path / "jeju.csv").read_text(encoding="utf-8").startswith("user_id,")


def test_both_readmes_name_the_same_commands() -> None:
    assert [words[1] for words in commands(PAGES[0])] == [words[1] for words in commands(PAGES[1])]


def test_every_link_of_the_documents_leads_somewhere() -> None:
    roots = (*PAGES, "ARCHITECTURE.md", "CONTRIBUTING.md")
    pages = [*(ROOT / name for name in roots), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} names {target}"
