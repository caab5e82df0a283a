"""The product in a terminal: one file a verb. What is slow to load is loaded by the verbs that need it."""

from __future__ import annotations

import typer

from audience_builder.cli import (
    ask,
    capture,
    catalog,
    collect,
    count,
    dead_letters,
    demo,
    erase,
    export,
    facets,
    import_files,
    members,
    rejects,
    sample,
    serve,
    why,
)
from audience_builder.cli.account import ACCOUNT
from audience_builder.cli.audience import AUDIENCE
from audience_builder.cli.audit import AUDIT
from audience_builder.cli.contacts import CONTACTS
from audience_builder.cli.key import KEY
from audience_builder.cli.keys import KEYS
from audience_builder.cli.token import TOKEN

APP = typer.Typer(
    name="audience-builder",
    help="Describe travellers by 32 filters and know exactly how many they are (여행자 오디언스 빌더).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

APP.command("demo", epilog=demo.EXAMPLE)(demo.demo)
APP.command("sample", epilog=sample.EXAMPLE)(sample.sample)
APP.command("import", epilog=import_files.EXAMPLE)(import_files.import_files)
APP.command("capture", epilog=capture.EXAMPLE)(capture.capture)
APP.command("collect", epilog=collect.EXAMPLE)(collect.collect)
APP.command("dead-letters", epilog=dead_letters.EXAMPLE)(dead_letters.dead_letters)
APP.command("rejects", epilog=rejects.EXAMPLE)(rejects.rejects)
APP.command("catalog", epilog=catalog.EXAMPLE)(catalog.catalog)
APP.command("ask", epilog=ask.EXAMPLE)(ask.ask)
APP.command("count", epilog=count.EXAMPLE)(count.count)
APP.command("facets", epilog=facets.EXAMPLE)(facets.facets)
APP.command("members", epilog=members.EXAMPLE)(members.members)
APP.command("why", epilog=why.EXAMPLE)(why.why)
APP.add_typer(AUDIENCE, name="audience")
APP.add_typer(AUDIT, name="audit")
APP.add_typer(ACCOUNT, name="account")
APP.add_typer(TOKEN, name="token")
APP.add_typer(KEY, name="key")
APP.command("export", epilog=export.EXAMPLE)(export.export)
APP.add_typer(CONTACTS, name="contacts")
APP.add_typer(KEYS, name="keys")
APP.command("erase", epilog=erase.EXAMPLE)(erase.erase)
APP.command("serve", epilog=serve.EXAMPLE)(serve.serve)


def main() -> None:
    """The command `audience-builder`."""
    APP()
