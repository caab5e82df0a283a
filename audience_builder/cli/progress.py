"""Progress bars on stderr, where somebody looks at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

from audience_builder.cli.backend import Json

Tell = Callable[[str, int, int], None]


@contextmanager
def bars(*, quiet: bool = False) -> Generator[Tell]:
    """A function to be told steps: one bar each, on a terminal; elsewhere nothing is shown."""
    if quiet or not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        steps: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in steps:
                for before in steps.values():
                    shown.update(before, total=1, completed=1)
                steps[step] = shown.add_task(step, total=total or None)
            shown.update(steps[step], completed=done, total=total or None)

        yield tell


def followed(lines: Iterable[Json], tell: Tell) -> Json:
    """The result at the end of a load's lines, its progress told on the way."""
    result: Json = {}
    for line in lines:
        if "progress" in line:
            step = line["progress"]
            tell(step["step"], step["done"], step["total"])
        else:
            result = line["result"]
    return result
