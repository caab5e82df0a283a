"""What a marketer waits for in a real Chromium, against the server as it is shipped. Writes docs/web-performance.md.

Run as `make bench-web DATA=FOLDER` or `python -m bench.web --data FOLDER`. Where the folder holds nothing, a sample is made there first.
The server is started over it as a demo (whoever is on this machine is let in), on a free port, and is ended again; the list of saved
audiences has a small sample of its own. Server and browser share this machine's cores.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from audience_builder.audience import Draft
from audience_builder.settings import read
from audience_builder.wiring import open_app
from bench import rules
from bench.records import machine
from tools.node import command, environment

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "web-performance.md"
_COMMAND: Final = (sys.executable, "-m", "audience_builder")
_MEGABITS, _LATENCY_MS = 10, 40
_YEAR: Final = {"type": "last", "n": 365}
_SPEND: Final = {
    "type": "condition", "id": "spend", "filter": "total_spend", "operator": ">=", "value": 100_000, "window": _YEAR,
}  # fmt: skip
_SMALL: Final = ("--users", "2000", "--days", "60")
_FLUID_MS: Final = 50.0


def main(arguments: Sequence[str]) -> int:
    """Measure and write the page. Returns the exit code: 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="bench.web")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--users", type=int, default=300_000, help="how many are made where there is no data")
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--audiences", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=PAGE)
    asked, load = parser.parse_args(arguments), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="ab-bench-web-") as folder:
        small = Path(folder) / "data"
        _say(f"saving {asked.audiences:,} audiences …")
        _save(small, asked.audiences)
        _say(f"starting the server over {asked.data} …")
        with _serving(asked.data, "--users", str(asked.users)) as url, _serving(small, *_SMALL) as list_url:
            found = _measured(url, list_url, asked)
    lines = list(_lines(found))
    asked.out.write_text("\n".join(_page(lines, found, load)) + "\n", encoding="utf-8")
    _say("\n".join(line for line, _ in lines))
    return 0 if all(is_met for _, is_met in lines) else 1


def _say(text: str) -> None:
    print(text, flush=True)


def _save(data: Path, audiences: int) -> None:
    """Audiences with names, tags and rules as teams have them, in a small data directory made for it."""
    subprocess.run([*_COMMAND, "sample", *_SMALL, "--data", str(data)], check=True, stdout=subprocess.DEVNULL)
    app = open_app(read({}, data=data))
    try:
        for number in range(audiences):
            draft = Draft(
                rule=rules.rule(Random(number % 40)), description=f"설명 {number}", tags=(f"tag {number % 25}",)
            )
            app.audiences.save_new(app.principal, f"오디언스 {number:05d}", draft)
            if (number + 1) % 1_000 == 0:
                _say(f"  {number + 1:,} saved")
    finally:
        app.close()


def _measured(url: str, list_url: str, asked: argparse.Namespace) -> dict[str, Any]:
    wanted = {
        "url": url, "list_url": list_url, "loads": asked.loads, "megabits": _MEGABITS, "latency_ms": _LATENCY_MS,
        "few": _draft([_SPEND, *_conditions(7, 1)]), "many": _draft(_hundred()),
        "warm": [150_000, 160_000, 170_000], "values": [200_000 + 7_000 * number for number in range(asked.edits)],
        "search": f"오디언스 {asked.audiences * 3 // 4:05d}",
    }  # fmt: skip
    words = command([str(ROOT / "web" / "measures" / "measure.mjs")])
    done = subprocess.run(
        words, input=json.dumps(wanted), stdout=subprocess.PIPE, text=True, check=False, env=environment()
    )
    if done.returncode:
        raise SystemExit("the browser's part failed")
    return json.loads(done.stdout)


def _conditions(many: int, seed: int) -> list[dict[str, Any]]:
    """One group any of whose random conditions may hold, so that somebody is left."""
    dice = Random(seed)
    children = [{**rules.condition(dice), "id": f"c{seed}-{number}"} for number in range(many)]
    return [{"type": "group", "id": f"g{seed}", "logic": "any", "children": children}]


def _hundred() -> list[dict[str, Any]]:
    return [_SPEND, *(node for seed in range(1, 10) for node in _conditions(11, seed))]


def _draft(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page keeps of an unfinished rule, and finds when it is opened again."""
    root = {"type": "group", "id": "root", "logic": "all", "children": nodes}
    doc = {"root": root, "exclude": {"type": "group", "id": "exclude", "logic": "any", "children": []}}
    return {"history": {"doc": doc, "past": [], "future": []}, "opened": None}


@contextmanager
def _serving(data: Path, *words: str) -> Generator[str]:
    """The address of a demo over this data, until the context ends."""
    call = [*_COMMAND, "demo", "--data", str(data), "--port", "0", *words]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.wait(60)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://[^/\s]+", line)
        if found:
            return found[0]
    raise SystemExit("the server did not start")


Line = tuple[str, bool]
"""A line of a table, and whether its bar is met (always, where it has none)."""


def _lines(found: dict[str, Any]) -> Iterator[Line]:
    yield from _counts("a rule of eight conditions", found["edited"])
    yield from _counts("a rule of a hundred conditions", found["hundred"][0]["times"])
    carried = [{name: size / 1000 for name, size in load["carried"].items()} for load in found["loads"]]
    yield _line(
        "scripts and styles until the builder stands there, gzip", [each["until"] for each in carried], 300, "kB"
    )
    yield _line("scripts and styles fetched ahead of being used, gzip", [each["after"] for each in carried], None, "kB")
    largest = [load["largest"] for load in found["loads"]]
    yield _line(f"largest paint of a first visit at {_MEGABITS} Mb/s, {_LATENCY_MS} ms away", largest, 1500)
    slowed = [load["largest"] for load in found["slowed"]]
    yield _line("the same on a processor four times as slow", slowed, None)
    for name, moves in (
        ("100 conditions", found["hundred"]),
        (f"{found['list']['total']:,} audiences", found["list"]["found"]),
    ):
        for move in moves:
            yield from _felt(f"{name}: {move['name']}", move)
    yield _line("audiences: a page of a hundred, asked and answered", found["list"]["asking"], None)


def _counts(name: str, times: list[dict[str, float]]) -> Iterator[Line]:
    for key, what, bar in (
        ("stale", "the number fades", 50),
        ("fresh", "exact total and nodes", 150),
        ("facets", "facets", 300),
    ):
        yield _line(f"{name}: from an edit until {what}", [time[key] for time in times], bar)


def _felt(name: str, move: dict[str, Any]) -> Iterator[Line]:
    """What a browser calls interaction to next paint: the slowest of fewer than fifty; and frames."""
    pressed = sorted(move["pressed"], reverse=True)
    if pressed:
        yield _line(f"{name}, from touching to seeing", pressed, 200, worst=pressed[len(pressed) // 50])
    late = 100 * sum(frame > _FLUID_MS for frame in move["frames"]) / max(1, len(move["frames"]))
    yield (
        f"| {name}, frames later than {_FLUID_MS:g} ms | {len(move['frames']):,} | | {late:.1f} % | {max(move['frames']):.0f} ms | | |",
        True,
    )


def _line(name: str, times: list[float], bar: float | None, unit: str = "ms", *, worst: float | None = None) -> Line:
    p50, p95, most = np.percentile(np.array(times), (50, 95, 100))
    judged = p95 if worst is None else worst
    is_met = bar is None or judged <= bar
    said = "" if bar is None else f"{bar:g} {unit}"
    verdict = "" if bar is None else "yes" if is_met else "**missed**"
    return f"| {name} | {len(times):,} | {p50:,.0f} | {judged:,.0f} | {most:,.0f} {unit} | {said} | {verdict} |", bool(
        is_met
    )


def _page(lines: list[Line], found: dict[str, Any], load: float) -> Iterator[str]:
    yield "# What a marketer waits for"
    yield ""
    yield f"Written by `make bench-web` on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {found['users']:,} active users, {machine()}, Chromium {found['browser']},"
    yield f"Python {sys.version.split()[0]}; server, browser and what moves it share the cores with others' work,"
    yield f"a load of {load:.1f} when it began. Each edit asks for a number that was not asked for before."
    yield "Times end when what changed was drawn. Judged is p95; of touching to seeing, the slowest move (one in fifty is left out, as browsers count"
    yield f"it; moves under 16 ms are not told by the browser and so not in the list). {found['list']['total']:,} audiences stand in the list."
    yield ""
    yield "| | looked at | p50 | judged | slowest | bar | met |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for line, _ in lines:
        yield line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
