"""The command line as somebody at a terminal uses it: within the test, or as a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from audience_builder.cli import APP

COMMAND = (sys.executable, "-m", "audience_builder")
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)

    @property
    def problem(self) -> Any:
        """The one problem on stderr."""
        return json.loads(self.err)


def run(*words: object, stdin: bytes | None = None) -> Ended:
    """A command within the test's own process."""
    result = CliRunner().invoke(APP, [str(word) for word in words], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def spawn(*words: object, stdin: bytes = b"", **environment: str) -> Ended:
    """A command as a process of its own."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        input=stdin, capture_output=True, timeout=PATIENCE_SECONDS, env={**os.environ, **environment}, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Server:
    """A server as a process of its own, and what it said so far."""

    data: Path
    url: str
    process: subprocess.Popen[str]

    def token(self, *permissions: str) -> dict[str, str]:
        """What a machine sends that was given a token with these permissions, by who owns the data."""
        wanted = [word for each in permissions for word in ("--permission", each)]
        made = run("token", "create", "test", *wanted, "--data", self.data, "--json")
        assert made.code == 0, made.err
        return {"Authorization": f"Bearer {made.said['secret']}"}


@contextmanager
def serving(verb: str, data: Path, *words: object) -> Iterator[Server]:
    """A server over this directory, until the context ends or it was ended otherwise."""
    command = [*COMMAND, verb, "--data", str(data), "--port", "0", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Server(data, _url(process), process)
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_SECONDS)


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        found = re.match(r"(http://\S+)", line)
        if found:
            return found[1]
    raise AssertionError(process.stderr.read())
