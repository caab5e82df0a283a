"""Progress is shown where somebody looks, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from audience_builder.cli.progress import Pace, bars, followed, line

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


def test_asked_for_a_log_gets_lines_with_rate_and_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audience_builder.cli.progress._BETWEEN_LINES", 0.0)
    with bars(lines=True) as tell:
        followed(LINES, tell)
    out, err = capsys.readouterr()
    first, second, third = err.splitlines()
    assert (out, first, third) == ("", "reading: 1 of 2", "index")
    assert second.startswith("reading: 2 of 2, ")
    assert second.endswith("/s, 0:00:00 left")


def test_lines_are_told_no_more_often_than_somebody_reads(capsys: pytest.CaptureFixture[str]) -> None:
    with bars(lines=True) as tell:
        for done in range(1, 101):
            tell("sample", done, 100)
    assert len(capsys.readouterr().err.splitlines()) == 2, "the first and the last"


def test_a_log_is_quiet_with_json(capsys: pytest.CaptureFixture[str]) -> None:
    with bars(quiet=True, lines=True) as tell:
        followed(LINES, tell)
    assert capsys.readouterr() == ("", "")


def test_the_rate_is_that_since_the_step_was_first_told_of() -> None:
    moments = iter([100.0, 110.0, 120.0])
    pace = Pace(lambda: next(moments))
    assert [pace.rate(done) for done in (5_000, 7_000, 9_500)] == [None, 200.0, 225.0]
    assert line("sample", 9_500, 10_000, 225.0) == "sample: 9,500 of 10,000, 225/s, 0:00:02 left"
