"""A copy of the product and its laws outside the working tree, in which one fault at a time is seeded."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from tools.mutants.fault import Fault

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("audience_builder", "tests", "tools")
_RULES_AT_LENGTH = 300
_WAITS_TIMES = 6
"""How much longer than its own work a run may take on a machine that does other things."""
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one fault fared. `verdict`: killed (by a law), survived, crashed (badly made: no law spoke), timed out."""

    verdict: str
    law: str = ""
    of: str = ""
    seconds: float = 0.0
    message: str = ""

    @property
    def is_killed(self) -> bool:
        """Whether a law noticed the fault."""
        return self.verdict == "killed"


class Workspace:
    """The copy. Compiled loops are shared between faults but where a fault changes one."""

    def __init__(self, folder: Path, *, limit_seconds: float) -> None:
        self._pristine, self._copy, self._loops = folder / "pristine", folder / "copy", folder / "loops"
        self._spoilt = folder / "loops-of-one-fault"
        self._witness = folder / "witness.json"
        self._limit_seconds = limit_seconds
        for stale in (self._pristine, self._copy, self._spoilt):
            shutil.rmtree(stale, ignore_errors=True)
        for name in _COPIED:
            shutil.copytree(ROOT / name, self._pristine / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy2(ROOT / "pyproject.toml", self._pristine)
        shutil.copytree(self._pristine, self._copy)
        self._loops.mkdir(exist_ok=True)

    @property
    def home(self) -> Path:
        """The product and its laws as they were when the workspace was made."""
        return self._pristine

    def unharmed(self) -> Outcome:
        """Without a fault: every law must hold, and the loops are compiled for all that follow."""
        return self._asked(self._loops, "")

    def outcome(self, fault: Fault) -> Outcome:
        """Seed the fault, ask the laws until one breaks, and take the fault out again. Raises BadFaultError."""
        wrong = fault.seeded((self._pristine / "audience_builder" / fault.file).read_text(encoding="utf-8"))
        with self._seeded(fault, wrong), self._own_loops(fault) as loops:
            return self._asked(loops, fault.first)

    @contextmanager
    def _seeded(self, fault: Fault, wrong: str) -> Generator[None]:
        place, right = (home / "audience_builder" / fault.file for home in (self._copy, self._pristine))
        try:
            place.write_text(wrong, encoding="utf-8")
            _forget_compiled(place)
            yield
        finally:
            shutil.copy2(right, place)
            _forget_compiled(place)

    @contextmanager
    def _own_loops(self, fault: Fault) -> Generator[Path]:
        """Loops of a changed file are compiled anew (they are kept by its time), those of the others are not."""
        if "kernel" not in fault.file:
            yield self._loops
            return
        shutil.copytree(self._loops, self._spoilt)
        try:
            yield self._spoilt
        finally:
            shutil.rmtree(self._spoilt)

    def _asked(self, loops: Path, first: str) -> Outcome:
        started = time.monotonic()
        for selection in ((), ("-m", "laws")):
            self._witness.unlink(missing_ok=True)
            code, said = self._pytest(loops, first, selection)
            seconds = round(time.monotonic() - started, 1)
            if self._witness.exists():
                found = json.loads(self._witness.read_text(encoding="utf-8"))
                verdict = "killed" if found["is_law"] else "crashed"
                return Outcome(verdict, found["law"], found["of"], seconds, found["message"])
            if code != 0:
                return Outcome("timed out" if code is None else "crashed", seconds=seconds, message=said[-600:])
        return Outcome("survived", seconds=seconds)

    def _pytest(self, loops: Path, first: str, selection: Sequence[str]) -> tuple[int | None, str]:
        """The exit code (None = out of time) and what was printed."""
        command = ["nice", "-n", "10", sys.executable, "-m", "pytest", "tests/laws", "-x", "-q", "--tb=short",
                   "-p", "no:cacheprovider", "-p", "tools.mutants.witness", *selection]  # fmt: skip
        given = {
            **os.environ,
            "PYTHONPATH": str(self._copy),
            "NUMBA_CACHE_DIR": str(loops),
            "MUTANT_WITNESS": str(self._witness),
            "MUTANT_FIRST": first,
            "MUTANT_SECONDS": str(round(self._limit_seconds)),
            "LAWS_RULES": str(_RULES_AT_LENGTH),
        }
        process = subprocess.Popen(
            command, cwd=self._copy, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=_WAITS_TIMES * self._limit_seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            return None, "out of time"
        except BaseException:
            _end(process)
            raise
        return None if process.returncode in _OUT_OF_TIME else process.returncode, said


def _end(process: subprocess.Popen[str]) -> None:
    """End the process and what it started, and wait for it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _forget_compiled(source: Path) -> None:
    """Python knows compiled files by whole seconds and sizes: too coarse for two faults in a row."""
    for compiled in source.parent.glob(f"__pycache__/{source.stem}.*.pyc"):
        compiled.unlink()


@contextmanager
def workspace(*, limit_seconds: float) -> Generator[Workspace]:
    """The workspace, one run at a time. It lies in one place always, so that compiled loops hold from run to run."""
    folder = Path(gettempdir()) / f"mutants-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Workspace(folder, limit_seconds=limit_seconds)
