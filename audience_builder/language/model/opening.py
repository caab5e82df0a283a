"""The language model an installation has chosen, opened; each provider's client is loaded only where it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import random
from time import monotonic, sleep
from typing import Final

from audience_builder.errors import InputError
from audience_builder.language.model.patience import Patient
from audience_builder.language.model.port import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which model: provider (`gemini`, `local`), its name, address and key, and what is agreed about training on what is sent."""

    provider: str
    name: str
    url: str = ""
    key_file: Path | None = None
    terms: str = ""
    streams: bool = True


def open_model(choice: Choice) -> Model:
    """The model, asked with patience. Raises InputError where something it needs is missing."""
    return Patient(_PROVIDERS[choice.provider](choice), clock=monotonic, sleep=sleep, chance=random)


def _gemini(choice: Choice) -> Model:
    key = _key(choice)
    if not key:
        raise InputError("Gemini needs a key", fix="Put it in a file and name that in AUDIENCE_BUILDER_MODEL_KEY_FILE.")
    if choice.terms != "no-training":
        raise InputError(
            "nothing says that the provider does not train on what is sent",
            fix="Use a paid tier and set AUDIENCE_BUILDER_MODEL_TERMS=no-training.",
        )
    try:
        from audience_builder.language.model.gemini import Gemini
    except ImportError as problem:
        raise InputError("the client of Gemini is not installed", fix="Run `make gemini`.") from problem
    return Gemini(key=key, name=choice.name, url=choice.url, streams=choice.streams)


def _local(choice: Choice) -> Model:
    if not choice.url:
        raise InputError(
            "a local model needs an address", fix="Set AUDIENCE_BUILDER_MODEL_URL, such as http://127.0.0.1:8000/v1."
        )
    from audience_builder.language.model.compatible import Compatible

    return Compatible(url=choice.url, name=choice.name, key=_key(choice))


_PROVIDERS: Final[Mapping[str, Callable[[Choice], Model]]] = {"gemini": _gemini, "local": _local}


def _key(choice: Choice) -> str:
    if choice.key_file is None:
        return ""
    try:
        return choice.key_file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as problem:
        raise InputError("the file with the model's key cannot be read", fix="Check its path and owner.") from problem
