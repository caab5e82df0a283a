"""docs/performance.md and its charts, written from what was measured and kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bench import charts, measures
from bench.data import BUILD, MAP
from bench.records import Record, Results, read
from bench.rivals.bitmap import NAME

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "performance"
_TRIED: Final = Path(__file__).with_name("tried.md")
_FLOOR: Final = "streaming the same bytes"
_ALONE: Final = (measures.EDIT, measures.SHORT_WINDOWS, measures.LONG_WINDOWS, BUILD, MAP)

_HOW: Final = {
    measures.COUNT: "Every condition's users are known beforehand: to the product as bitsets, to pyroaring as bitmaps, to the databases and Polars as"
    " a column a value compared, summed over its window, in the smallest type, of active users only. So the clock sees logic and counting, and no"
    " rival adds up a fact. The words tables are this product's index in SQL; they write their query within the clock, the others before it.",
    measures.COUNT_ON: "In the table above everyone finds the caches full of what the others did, machine code and all; a user's next rule finds"
    " them full of the last one. Here the product and the floor take turns and nobody else does.",
    measures.TOTAL: "What a database does best: one filtered count. The product has no shorter way and does all nodes.",
    measures.FACETS: "Lines of a filter that share nobody are one code a user to databases and Polars, others a bit each of a mask.",
    measures.CHANGE: "Until whoever asks next sees the change: a patch laid over the index, an UPDATE, a mutation, a new frame, new bitmaps.",
    measures.CHANGE_AND_COUNT: "A change that is put off is paid for by whoever counts next; here everyone also counts every value of the three attributes.",
}


def write(folder: Path) -> Path:
    """Write the page about the runs kept in a folder, its charts beside them. Returns the page."""
    runs = sorted((read(path) for path in folder.glob("*.json")), key=lambda run: run.users)
    if not runs:
        raise SystemExit(f"nothing was measured yet in {folder}")
    page = folder.with_suffix(".md")
    for name, chart in _charts(runs):
        (folder / f"{name}.svg").write_text(chart, encoding="utf-8")
    page.write_text("\n".join(_lines(runs, folder.name)) + "\n", encoding="utf-8")
    return page


def _lines(runs: Sequence[Results], folder: str) -> Iterator[str]:
    run = runs[-1]
    yield "# Performance"
    yield ""
    yield f"Written by `make bench`. {run.users:,} users, measured on {run.made_on}: {run.machine}; "
    yield f"{', '.join(f'{name} {said}' for name, said in run.versions.items())}."
    yield ""
    yield f"{run.facts['rules']} random rules of 2 to 12 nested conditions over all 32 filters, in {run.facts['rounds']} rounds. In each everyone does the same"
    yield "task in one process, in an order drawn anew for each rule and round; every number of everyone must be equal or the run ends. Absolute times"
    yield "depend on the machine and on what else it does; the ratios of runs side by side do less. *Spread* is how far the means of the rounds lie apart."
    yield ""
    yield f"Data: {', '.join(f'{count:,} {name}' for name, count in run.facts.items() if name not in ('users', 'rules', 'rounds'))}."
    for task, how in _HOW.items():
        yield from _section(run, task, how, folder)
    yield from _alone(run)
    yield from _growth(runs, folder)
    yield ""
    yield from _TRIED.read_text(encoding="utf-8").splitlines()


def _section(run: Results, task: str, how: str, folder: str) -> Iterator[str]:
    found = run.of(task)
    ours = next((entry.mean for entry in found if entry.who == NAME), None)
    if ours is None:
        return
    yield from ("", f"## {task[0].upper()}{task[1:]}", "", how, "")
    yield f"![{task}]({folder}/{_slug(task)}.svg)"
    yield ""
    yield "| | threads | runs | mean ms | p50 | p99 | spread | times ours |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for entry in sorted(found, key=lambda entry: entry.mean):
        who = f"**{entry.who}**" if entry.who == NAME else entry.who
        yield f"| {who} | {entry.threads} | {entry.runs} | {_numbers(entry)} | {entry.mean / ours:,.2f} |"


def _numbers(entry: Record) -> str:
    return f"{entry.mean:,.2f} | {entry.p50:,.2f} | {entry.p99:,.2f} | {entry.spread:.0%}"


def _alone(run: Results) -> Iterator[str]:
    yield from ("", "## The product alone", "")
    yield "| | runs | mean ms | p50 | p99 | spread |"
    yield "|---|--:|--:|--:|--:|--:|"
    for task in _ALONE:
        for entry in run.of(task):
            yield f"| {task} | {entry.runs} | {_numbers(entry)} |"


def _growth(runs: Sequence[Results], folder: str) -> Iterator[str]:
    if len(runs) < 2:
        return
    yield from ("", "## Growth", "", f"![{measures.COUNT} over users]({folder}/growth.svg)", "")
    who = [entry.who for entry in runs[-1].of(measures.COUNT)]
    yield f"| {measures.COUNT}, mean ms | {' | '.join(f'{run.users:,}' for run in runs)} |"
    yield f"|---|{'--:|' * len(runs)}"
    for name in who:
        yield f"| {name} | {' | '.join(_mean(run, name) for run in runs)} |"


def _mean(run: Results, who: str) -> str:
    return next((f"{entry.mean:,.2f}" for entry in run.of(measures.COUNT) if entry.who == who), "")


def _charts(runs: Sequence[Results]) -> Iterator[tuple[str, str]]:
    for task in _HOW:
        found = {entry.who: entry.mean for entry in sorted(runs[-1].of(task), key=lambda entry: entry.mean)}
        if found:
            title = f"{task[0].upper()}{task[1:]}: mean, {runs[-1].users:,} users"
            yield _slug(task), charts.bars(title, "ms", found, ours=NAME)
    if len(runs) > 1:
        means = [{entry.who: entry.mean for entry in run.of(measures.COUNT)} for run in runs]
        always = [name for name in means[-1] if all(name in found for found in means)]
        shown = {name: [found[name] for found in means] for name in always if name in _GROWING}
        yield "growth", charts.lines("A rule counted, every node", "ms", [run.users for run in runs], shown)


_GROWING: Final = (NAME, _FLOOR, "Polars, tuned columns", "DuckDB, tuned columns", "ClickHouse, tuned columns")


def _slug(task: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in task.lower()).strip("-").replace("--", "-")
