"""The product over a small sample: shared where a test only asks, one's own where it saves or exports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audience_builder.api import App
from tests.audience.small import copied, opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = opened(copied(tmp_path_factory.mktemp("shared") / "data"))
    yield app
    app.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path / "data")


@pytest.fixture
def app(folder: Path) -> Iterator[App]:
    found = opened(folder)
    yield found
    found.close()
