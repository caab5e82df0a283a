"""`python -m audience_builder` is the command `audience-builder`."""

from __future__ import annotations

from audience_builder.cli import main

main()
