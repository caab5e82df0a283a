"""What became of each fault, kept in a file so that a run can go on where the last one stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tools.mutants.fault import Fault
from tools.mutants.workspace import ROOT, Outcome

PLACE = ROOT / ".data" / "mutants.json"

_ASKED = ("engine", "index", "mart", "rule", "catalog")
"""The folders of the product the laws run through."""


class Results:
    """Outcomes by fault. One holds as long as the fault, its file and the laws are what they were."""

    def __init__(self, place: Path = PLACE, *, root: Path = ROOT) -> None:
        self._place, self._root = place, root
        laws = sorted((root / "tests" / "laws").glob("*.py"))
        self._laws = hashlib.sha256(b"".join(path.read_bytes() for path in laws)).hexdigest()
        self._kept: dict[str, dict[str, object]] = json.loads(place.read_text("utf-8")) if place.exists() else {}

    def of(self, fault: Fault) -> Outcome | None:
        """The outcome, if it is known and still holds. Running out of time is none: another run may have more."""
        found = self._kept.get(self._key(fault))
        outcome = None if found is None else Outcome(**found)  # type: ignore[arg-type]
        return None if outcome is None or outcome.verdict == "timed out" else outcome

    def keep(self, fault: Fault, outcome: Outcome) -> None:
        """Write an outcome down at once."""
        self._write(self._key(fault), outcome)

    def all_of(self, faults: Sequence[Fault]) -> Mapping[Fault, Outcome | None]:
        """Each fault with its outcome, None where it has not been tried."""
        return {fault: self.of(fault) for fault in faults}

    def is_sound(self) -> bool:
        """Whether the laws are known to hold of this very product without a fault."""
        return self._sound_key() in self._kept

    def keep_sound(self) -> None:
        """Write down that they do."""
        self._write(self._sound_key(), Outcome("survived"))

    def _write(self, key: str, outcome: Outcome) -> None:
        self._kept[key] = asdict(outcome)
        self._place.parent.mkdir(parents=True, exist_ok=True)
        part = self._place.with_suffix(".part")
        part.write_text(json.dumps(self._kept, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(self._place)

    def _sound_key(self) -> str:
        product = self._root / "audience_builder"
        read = [
            path
            for folder in _ASKED
            for path in sorted((product / folder).rglob("*"))
            if path.suffix in (".py", ".sql")
        ]
        said = hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()
        return f"without a fault {said[:16]} {self._laws[:16]}"

    def _key(self, fault: Fault) -> str:
        text = (self._root / "audience_builder" / fault.file).read_text(encoding="utf-8")
        said = "\0".join((fault.name, fault.file, fault.before, fault.after, text, self._laws))
        return f"{fault.name} {hashlib.sha256(said.encode()).hexdigest()[:16]}"
