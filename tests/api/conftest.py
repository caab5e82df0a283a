"""The API over a small sample: shared where a test only asks, one's own where it changes something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audience_builder.api import App
from tests.api.client import Client, asking
from tests.audience.small import copied, opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = opened(copied(tmp_path_factory.mktemp("shared") / "data"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def api(shared: App) -> Iterator[Client]:
    with asking(shared) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path / "data")


@pytest.fixture
def own_app(folder: Path) -> Iterator[App]:
    app = opened(folder)
    yield app
    app.close()


@pytest.fixture
def own(own_app: App) -> Iterator[Client]:
    with asking(own_app) as client:
        yield client
