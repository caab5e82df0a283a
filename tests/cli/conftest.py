"""A data directory, asked right here and through a server that has it open."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audience.small import copied
from tests.cli.terminal import serving


@pytest.fixture(scope="module")
def local() -> Iterator[Path]:
    """A directory nobody has open."""
    folder = Path(tempfile.mkdtemp(prefix="ab-"))  # short: a socket's path may not be long
    yield copied(folder / "data")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def served() -> Iterator[Path]:
    """A directory a server has open."""
    folder = Path(tempfile.mkdtemp(prefix="ab-"))
    with serving("serve", copied(folder / "data")) as server:
        yield server.data
    shutil.rmtree(folder)


@pytest.fixture(params=["local", "served"])
def data(request: pytest.FixtureRequest) -> Path:
    """Either of the two: what is tested with it holds both ways."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def own() -> Iterator[Path]:
    """A directory of the test's own, with the sample."""
    folder = Path(tempfile.mkdtemp(prefix="ab-"))
    yield copied(folder / "data")
    shutil.rmtree(folder)


@pytest.fixture
def new() -> Iterator[Path]:
    """A place where there is nothing yet."""
    folder = Path(tempfile.mkdtemp(prefix="ab-"))
    yield folder / "data"
    shutil.rmtree(folder)
