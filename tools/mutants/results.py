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
    """Outcomes by fault. One holds as long as the fault and its file are what they were, and so are the laws that were asked: of
    a fault that was killed the law that did it (others may come and go), of any other all of them.
    """

    def __init__(self, place: Path = PLACE, *, root: Path = ROOT) -> None:
        self._place, self._root = place, root
        self._laws = {path.name: path.read_text("utf-8") for path in sorted((root / "tests" / "laws").glob("*.py"))}
        self._kept: dict[str, dict[str, object]] = json.loads(place.read_text("utf-8")) if place.exists() else {}

    def of(self, fault: Fault) -> Outcome | None:
        """The outcome, if it is known and still holds. Running out of time is none: another run may have more."""
        found = dict(self._kept.get(self._key(fault), {}))
        asked = found.pop("asked", None)
        outcome = Outcome(**found) if found else None  # type: ignore[arg-type]
        if outcome is None or outcome.verdict == "timed out" or asked != self._asked_by(outcome):
            return None
        return outcome

    def keep(self, fault: Fault, outcome: Outcome) -> None:
        """Write an outcome down at once."""
        self._write(self._key(fault), outcome, self._asked_by(outcome))

    def all_of(self, faults: Sequence[Fault]) -> Mapping[Fault, Outcome | None]:
        """Each fault with its outcome, None where it has not been tried."""
        return {fault: self.of(fault) for fault in faults}

    def is_sound(self) -> bool:
        """Whether the laws are known to hold of this very product without a fault."""
        return self._sound_key() in self._kept

    def keep_sound(self) -> None:
        """Write down that they do."""
        self._write(self._sound_key(), Outcome("survived"), "")

    def _asked_by(self, outcome: Outcome) -> str:
        """A word for the laws the outcome rests on: the file of the one that killed with what it stands on, else all."""
        killers = [name for name, text in self._laws.items() if outcome.law and f"def {outcome.law}(" in text]
        stands_on = [name for name in self._laws if not name.startswith("test_")]
        names = sorted({*killers, *stands_on}) if killers and outcome.is_killed else sorted(self._laws)
        return _word("".join(self._laws[name] for name in names))

    def _write(self, key: str, outcome: Outcome, asked: str) -> None:
        self._kept[key] = {**asdict(outcome), "asked": asked}
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
        said = "".join(path.read_text("utf-8") for path in read)
        return f"without a fault {_word(said)} {_word(''.join(self._laws.values()))}"

    def _key(self, fault: Fault) -> str:
        text = (self._root / "audience_builder" / fault.file).read_text(encoding="utf-8")
        return f"{fault.name} {_word(chr(0).join((fault.name, fault.file, fault.before, fault.after, text)))}"


def _word(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
