"""The product over HTTP, and over a socket for the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from audience_builder.cli.connect import settings_of
from audience_builder.cli.options import Data
from audience_builder.cli.show import put
from audience_builder.cli.verb import verb

if TYPE_CHECKING:
    from audience_builder.api import App
    from audience_builder.settings import Settings

EXAMPLE = """Example:  audience-builder serve --data ./my-data --port 8080"""

Host = Annotated[str | None, typer.Option(help="Where to listen. Default: 127.0.0.1, this machine alone.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Default: 8080; 0 = any that is free.")]


@verb
def serve(host: Host = None, port: Port = None, data: Data = None) -> None:
    """Serve the page and the API; other commands then go through this process (서버 실행)."""
    from audience_builder.cli.serving import serving
    from audience_builder.wiring import open_app

    settings = settings_of(data, host=host, port=port)
    app = open_app(settings, watch=True)
    serving(app, settings, told(app, settings))


def told(app: App, settings: Settings) -> Callable[[str], None]:
    """What is said once the server answers: where it is, and as long as nobody can sign in, how to begin."""

    def tell(url: str) -> None:
        put(f"{url}  serves {settings.data}; stop with Ctrl+C")
        identity = app.identity
        code = None if identity.demo.is_on or identity.provider is not None else identity.setup.code()
        if code is not None:
            where = settings.public_url or url
            put(f"{where}/setup?code={code}  makes the first account (once, within an hour)")
        sys.stdout.flush()

    return tell
