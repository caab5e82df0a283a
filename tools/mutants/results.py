"""What became of each fault, kept in a file so that a run can go on where the last one stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from tools.mutants.fault import Fault
from tools.mutants.workspace import ROOT, Outcome

PLACE = ROOT / ".data" / "mutants.json"


class Results:
    """Outcomes by fault. One holds as long as the fault, its file and the laws are what they were."""

    def __init__(self, place: Path = PLACE, *, root: Path = ROOT) -> None:
        self._place, self._root = place, root
        laws = sorted((root / "tests" / "laws").glob("*.py"))
        self._laws = hashlib.sha256(b"".join(path.read_bytes() for path in laws)).hexdigest()
        self._kept: dict[str, dict[str, object]] = json.loads(place.read_text("utf-8")) if place.exists() else {}

    def of(self, fault: Fault) -> Outcome | None:
        """The outcome, if it is known and still holds."""
        found = self._kept.get(self._key(fault))
        return None if found is None else Outcome(**found)  # type: ignore[arg-type]

    def keep(self, fault: Fault, outcome: Outcome) -> None:
        """Write an outcome down at once."""
        self._kept[self._key(fault)] = asdict(outcome)
        self._place.parent.mkdir(parents=True, exist_ok=True)
        part = self._place.with_suffix(".part")
        part.write_text(json.dumps(self._kept, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(self._place)

    def all_of(self, faults: tuple[Fault, ...]) -> Mapping[Fault, Outcome | None]:
        """Each fault with its outcome, None where it has not been tried."""
        return {fault: self.of(fault) for fault in faults}

    def _key(self, fault: Fault) -> str:
        text = (self._root / "audience_builder" / fault.file).read_text(encoding="utf-8")
        said = "\0".join((fault.name, fault.file, fault.before, fault.after, text, self._laws))
        return f"{fault.name} {hashlib.sha256(said.encode()).hexdigest()[:16]}"
