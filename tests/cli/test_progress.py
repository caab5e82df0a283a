"""Progress is shown where somebody looks, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from audience_builder.cli.progress import bars, followed

LINES = [
    {"progress": {"step": "reading", "done": 1, "total": 2}},
    {"progress": {"step": "reading", "done": 2, "total": 2}},
    {"progress": {"step": "index", "done": 0, "total": 0}},
    {"result": {"rows": 7}},
]


class Terminal(io.StringIO):
    """Something that calls itself a terminal."""

    def isatty(self) -> bool:
        return True


def test_steps_are_told_in_order_and_the_result_comes_last() -> None:
    told: list[tuple[str, int, int]] = []
    assert followed(LINES, lambda *step: told.append(step)) == {"rows": 7}
    assert told == [("reading", 1, 2), ("reading", 2, 2), ("index", 0, 0)]


def test_on_a_terminal_each_step_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with bars() as tell:
        followed(LINES, tell)
    assert "reading" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


@pytest.mark.parametrize("quiet", [True, False])
def test_elsewhere_nothing_is_shown(capsys: pytest.CaptureFixture[str], quiet: bool) -> None:
    with bars(quiet=quiet) as tell:
        followed(LINES, tell)
    assert capsys.readouterr() == ("", "")


def test_with_json_even_a_terminal_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with bars(quiet=True) as tell:
        followed(LINES, tell)
    assert terminal.getvalue() == ""
