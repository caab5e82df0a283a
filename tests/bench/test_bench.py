"""The bench on a few people: everyone asked gives the same numbers, and the page says what was measured."""

from __future__ import annotations

from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

from audience_builder.catalog import FILTERS
from audience_builder.rule.tree import conditions
from bench import charts, measures, report, rules
from bench.__main__ import main
from bench.records import Results, Timings, read
from bench.rivals.bitmap import NAME

RIVALS = {
    "this product: bitsets", "words table on DuckDB", "words table on ClickHouse", "Polars, tuned columns", "pyroaring",
    "DuckDB, tuned columns", "ClickHouse, tuned columns",
}  # fmt: skip
READS = "this product: bitsets, the rule read too"
FLOOR = "streaming the same bytes"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run on 3,000 users leaves behind: it ends at the first number that differs."""
    place = tmp_path_factory.mktemp("bench")
    small = ["--users", "3000", "--days", "90", "--rules", "12", "--rounds", "2", "--audiences", "1"]
    assert main(["--data", str(place / "data"), "--out", str(place / "performance"), *small]) == 0
    return place


@pytest.fixture(scope="module")
def run(out: Path) -> Results:
    (kept,) = (out / "performance").glob("*.json")
    return read(kept)


def test_everyone_does_every_task_in_every_round(run: Results) -> None:
    assert {entry.who for entry in run.of(measures.COUNT)} == RIVALS | {FLOOR, READS}
    assert {entry.who for entry in run.of(measures.TOTAL)} == RIVALS | {READS}
    assert {entry.who for entry in run.of(measures.FACETS)} == RIVALS | {FLOOR}
    assert {entry.who for entry in run.of(measures.CHANGE)} == {name for name in RIVALS if "words" not in name}
    assert {entry.runs for entry in run.of(measures.COUNT)} == {24}
    assert [entry.runs for entry in run.of(measures.EDIT)] == [12]


def test_what_is_kept_says_on_what_it_was_measured(run: Results) -> None:
    assert run.users >= 3000
    assert run.facts["facet lines"] == sum(len(entry.cuts) for entry in FILTERS)
    assert "cores" in run.machine
    assert {"duckdb", "chdb", "polars", "pyroaring"} <= set(run.versions)


def test_the_page_has_a_table_and_a_chart_a_task(out: Path, run: Results) -> None:
    page = (out / "performance.md").read_text(encoding="utf-8")
    for entry in run.of(measures.COUNT):
        assert f"{entry.mean:,.2f} | {entry.p50:,.2f} | {entry.p99:,.2f}" in page
    for line in page.splitlines():
        if line.startswith("!["):
            assert (out / line.split("](")[1].rstrip(")")).is_file()
    assert "Tried, and did not help" in page


def test_growth_is_told_once_there_are_two_sizes(tmp_path: Path, run: Results) -> None:
    folder = tmp_path / "performance"
    run.write(folder)
    report.write(folder)
    assert "## Growth" not in (tmp_path / "performance.md").read_text(encoding="utf-8")
    larger = Results(run.made_on, run.machine, run.versions, {**run.facts, "users": 10 * run.users}, run.records)
    larger.write(folder)
    report.write(folder)
    assert "## Growth" in (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert (folder / "growth.svg").is_file()


def test_charts_are_pictures_that_say_what_they_show() -> None:
    drawn = charts.bars("Counts & more", "ms", {NAME: 1.4, "DuckDB <best>": 69.0}, ours=NAME)
    grown = charts.lines("Growth", "ms", [1000, 100_000], {NAME: [0.1, 2.0], "Polars": [0.5, 20.0]})
    for picture in (drawn, grown):
        root = ElementTree.fromstring(picture)
        said = {child.tag.split("}")[1]: child.text for child in root if child.tag.endswith(("title", "desc"))}
        assert said["title"]
        assert NAME in (said["desc"] or "")
        assert "prefers-color-scheme: dark" in picture


def test_random_rules_ask_every_filter() -> None:
    asked = [entry for number in range(200) for entry in conditions(rules.rule(Random(number)))]
    assert {entry.filter for entry in asked} == {entry.key for entry in FILTERS}
    sizes = [len(list(conditions(rules.rule(Random(number))))) for number in range(200)]
    assert min(sizes) >= 2
    assert max(sizes) <= 12


def test_spread_is_how_far_the_means_of_rounds_lie_apart() -> None:
    timings = Timings()
    timings.seconds["task", "who", 1] = {0: [0.001, 0.003], 1: [0.004, 0.004]}
    (record,) = timings.records()
    assert (record.runs, record.mean, record.p50) == (4, 3.0, 3.5)
    assert record.spread == pytest.approx((4 - 2) / 3)
