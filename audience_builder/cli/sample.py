"""A make-believe Yeogi Eottae."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from audience_builder.cli.backend import lines
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.progress import bars, followed
from audience_builder.cli.show import number, put, put_json
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder sample --users 100000 --days 365 --seed 1 --data ./my-data
A large one, 12 bookings a user:  audience-builder sample --users 5000000 --days 1095 --density loyal --log --data ./large"""

Users = Annotated[int, typer.Option(min=1, help="How many travellers (고객 수).")]
Days = Annotated[int, typer.Option(min=1, max=1100, help="How many days of what they did (기간).")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed makes the same content.")]
End = Annotated[
    str | None, typer.Option(metavar="DATE", help="The last day. Default: yesterday in Korea, the last whole day.")
]


class Density(StrEnum):
    """Which customers a sample is of."""

    USUAL = "usual"
    LOYAL = "loyal"


Dense = Annotated[
    Density,
    typer.Option(
        help="How much they do: usual customers, or loyal ones with about 12 bookings in 3 years (얼마나 자주)."
    ),
]

Log = Annotated[bool, typer.Option("--log", help="Tell progress in lines where stderr is no terminal (진행 상황).")]


@verb
def sample(  # noqa: PLR0913, PLR0917 - one parameter an option
    users: Users = 100_000,
    days: Days = 365,
    seed: Seed = 1,
    end: End = None,
    density: Dense = Density.USUAL,
    log: Log = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Generate make-believe travellers from a seed into an empty data directory; stopped, it goes on (가상 데이터 만들기)."""
    body = {"users": users, "days": days, "seed": seed, "end": end, "density": density.value}
    with connected(data, may_be_new=True) as backend, bars(quiet=as_json, lines=log) as tell:
        made = followed(lines(backend, "/samples", body), tell)
    if as_json:
        put_json(made)
    else:
        put(f"{number(made['users'])} users over {made['days']} days until {made['end']}: {number(made['rows'])} rows")
