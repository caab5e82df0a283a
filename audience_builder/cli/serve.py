"""The product over HTTP, and over a socket for the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from audience_builder.cli.connect import settings_of
from audience_builder.cli.options import Data
from audience_builder.cli.show import put
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder serve --data ./my-data --port 8080"""

Host = Annotated[str | None, typer.Option(help="Where to listen. Default: 127.0.0.1, this machine alone.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Default: 8080; 0 = any that is free.")]


@verb
def serve(host: Host = None, port: Port = None, data: Data = None) -> None:
    """Serve the page and the API; other commands then go through this process (서버 실행)."""
    from audience_builder.cli.serving import serving
    from audience_builder.wiring import open_app

    settings = settings_of(data, host=host, port=port)
    serving(open_app(settings, watch=True), settings, told(str(settings.data)))


def told(data: str) -> Callable[[str], None]:
    """What is said once the server answers."""

    def tell(url: str) -> None:
        put(f"{url}  serves {data}; stop with Ctrl+C")
        sys.stdout.flush()

    return tell
