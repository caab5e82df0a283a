"""Everything at once: a sample, a server, and a first count."""

from __future__ import annotations

import sys
import time
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from audience_builder.cli.connect import settings_of
from audience_builder.cli.options import Data
from audience_builder.cli.progress import bars
from audience_builder.cli.serve import Port, told
from audience_builder.cli.show import number, put
from audience_builder.cli.verb import verb
from audience_builder.errors import InputError

if TYPE_CHECKING:
    from audience_builder.api import App

EXAMPLE = """Example:  audience-builder demo --users 50000"""

Users = Annotated[int, typer.Option(min=1, help="How many travellers to make, where there are none (고객 수).")]
Days = Annotated[int, typer.Option(min=1, max=1100, help="How many days of what they did (기간).")]

_SEED = 1
_LOOK_SECONDS = 0.05


@verb
def demo(users: Users = 300_000, days: Days = 365, port: Port = None, data: Data = None) -> None:
    """Make a sample where there is none, serve it, and show a first count (체험하기)."""
    from audience_builder.api import SampleWish
    from audience_builder.cli.serving import serving
    from audience_builder.wiring import open_app

    settings = settings_of(data, port=port)
    if not settings.is_loopback or settings.public_url:
        raise InputError("a demo lets everybody in, so it is for this machine alone", fix="Use serve for others.")
    app = open_app(settings, watch=True, demo=True)
    if app.identity.accounts.has_any():
        app.close()
        raise InputError(
            f"{settings.data} has accounts, and a demo lets everybody in", fix="Use serve, or another --data."
        )
    if app.freshness().mart_version == 0:
        put(f"making {number(users)} travellers and what they did in {days} days …")
        sys.stdout.flush()
        with bars() as progress:
            app.loading.sample(app.principal, SampleWish(users=users, days=days, seed=_SEED), progress)
    tell_address = told(app, settings)

    def tell(url: str) -> None:
        tell_address(url)
        Thread(target=_first_count, args=(app,), daemon=True).start()

    serving(app, settings, tell)


def _first_count(app: App) -> None:
    """Count the first example that may be asked as soon as counting is possible, and say how many they are."""
    from audience_builder.api.examples import EXAMPLES
    from audience_builder.rule.check import parse_rule

    usable = (each for each in EXAMPLES if not app.rights.problems(app.principal, parse_rule(each.rule)))
    example = next(usable, None)
    if example is None:
        return
    while app.freshness().index == "building":
        time.sleep(_LOOK_SECONDS)
    found = app.questions.count(app.principal, parse_rule(example.rule))
    said = example.ko if app.language == "ko" else example.en
    put(f"{said}: {number(found.total, found.below)} / {number(found.base, found.below)}")
    sys.stdout.flush()
