"""A PostgreSQL of one's own for a while: made in a folder, on a free port of this machine, gone in the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

_BIN = Path("/usr/lib/postgresql/15/bin")
_OWNER = "postgres"
SCHEMA = Path(__file__).resolve().parents[2] / "pipeline" / "capture" / "schema.sql"


class MissingError(RuntimeError):
    """Something this needs is not on the machine."""


@contextmanager
def postgres(*, schema: bool = True) -> Generator[str]:
    """The address of an empty database (with the operational tables, unless said otherwise) whose log can be read."""
    if not _BIN.is_dir():
        raise MissingError("PostgreSQL 15 is not installed: apt-get install postgresql-15")
    folder = Path(tempfile.mkdtemp(prefix="ab-pg-"))
    port = free_port()
    try:
        _own(folder)
        _run(["initdb", "-D", str(folder / "data"), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", _OWNER])
        told = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c wal_level=logical"
        _run(["pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", told, "start"])
        try:
            url = f"postgresql://{_OWNER}@127.0.0.1:{port}/postgres"
            if schema:
                _run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", url], stdin=SCHEMA.read_text(encoding="utf-8"))
            yield url
        finally:
            _run(["pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _own(folder: Path) -> None:
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, _OWNER)


def _run(words: Sequence[str], *, stdin: str = "") -> None:
    owner = pwd.getpwnam(_OWNER) if os.geteuid() == 0 else None
    subprocess.run(
        [str(_BIN / words[0]), *words[1:]],
        input=stdin,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        user=None if owner is None else owner.pw_uid,
        group=None if owner is None else owner.pw_gid,
        extra_groups=None if owner is None else [],
    )
