"""A loopback of Gemini's API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.language.gemini_server import Gemini, serving


@pytest.fixture
def gemini() -> Iterator[Gemini]:
    with serving(Gemini()) as server:
        yield server
