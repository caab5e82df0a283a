"""The product over a sample, following an operational database of its own: for somebody who looks at its page meanwhile.

Run as `python -m tools.services.operations`. Says its address; then, for each number on a line of its input, so many new users sign up
and book in the database. Ends everything it started when its input ends.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from tools import live
from tools.services.postgres import MissingError, postgres

_COMMAND = (sys.executable, "-m", "audience_builder", "demo", "--users", "2000", "--days", "60", "--port", "0")


@contextmanager
def _demo(data: Path) -> Generator[str]:
    """The address of a demo over a sample made there."""
    with subprocess.Popen([*_COMMAND, "--data", str(data)], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _address(process.stdout or ())
        finally:
            process.terminate()
            process.wait(60)


def _address(lines: Iterable[str]) -> str:
    for line in lines:
        found = re.search(r"http://[^/\s]+", line)
        if found:
            return found[0]
    raise RuntimeError("the demo did not start")


def main() -> int:
    """Serve until the input ends. Returns the exit code: 3 where something it needs is not on this machine."""
    try:
        with tempfile.TemporaryDirectory(prefix="ab-operations-") as folder, postgres() as database:
            data = Path(folder) / "data"
            with _demo(data) as address, live.capturing(data, database):
                shop = live.Shop(database)
                print(address, flush=True)
                for line in sys.stdin:
                    shop.book(*shop.sign_up(int(line)))
                    print("booked", flush=True)
                shop.close()
    except MissingError as missing:
        print(missing, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
