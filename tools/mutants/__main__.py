"""Seeds one fault after another and asks the laws. Run as `python -m tools.mutants [--only TEXT] [--again]`.

Outcomes are kept in `.data/mutants.json`, so a run goes on where the last one stopped; docs/mutants.md is written at the end.
Fails where fewer than 98 % of the faults are killed.
"""

from __future__ import annotations

import argparse
import hashlib
import sys

from tools.mutants.fault import Fault
from tools.mutants.faults import FAULTS
from tools.mutants.page import page, share_killed
from tools.mutants.results import Results
from tools.mutants.workspace import ROOT, Workspace, workspace

ENOUGH = 0.98
PAGE = ROOT / "docs" / "mutants.md"


def main() -> int:
    """Try what has not been tried. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="faults with this text in their name or file")
    parser.add_argument(
        "--most", type=int, default=80, help="how many of the list at most, the same ones every time (0 = all)"
    )
    parser.add_argument("--again", action="store_true", help="also those whose outcome is known")
    parser.add_argument("--limit-seconds", type=float, default=900.0, help="seconds of work the laws may take")
    given = parser.parse_args()
    results = Results()
    chosen = _mixed([fault for fault in FAULTS if given.only in f"{fault.name} {fault.file}"])[: given.most or None]
    wanted = [fault for fault in chosen if given.again or results.of(fault) is None]
    if wanted:
        with workspace(limit_seconds=given.limit_seconds) as place:
            # The tree may change meanwhile: outcomes speak of what was copied.
            results = Results(root=place.home)
            if not (results.is_sound() or _holds_unharmed(place)):
                return 1
            results.keep_sound()
            _try_all(wanted, place, results)
    found = Results().all_of(chosen)
    PAGE.write_text(page(found), encoding="utf-8")
    share = share_killed(found)
    print(f"{100 * share:.1f} % of {len(chosen)} faults killed ({len(FAULTS)} are listed); see docs/mutants.md")
    return 0 if share >= ENOUGH else 1


def _mixed(chosen: list[Fault]) -> list[Fault]:
    """In an order that mixes files, the same every time: a run broken off says something about all of them."""
    return sorted(chosen, key=lambda fault: hashlib.sha256(fault.name.encode()).digest())


def _holds_unharmed(place: Workspace) -> bool:
    print("the laws without a fault …", flush=True)
    outcome = place.unharmed()
    if outcome.verdict != "survived":
        print(f"the laws do not hold without a fault: {outcome.law} {outcome.message}")
        return False
    print(f"the laws without a fault: hold ({outcome.seconds:.0f} s)", flush=True)
    return True


def _try_all(wanted: list[Fault], place: Workspace, results: Results) -> None:
    for number, fault in enumerate(wanted, start=1):
        outcome = place.outcome(fault)
        results.keep(fault, outcome)
        by = f"{outcome.law}[{outcome.of}]" if outcome.law else outcome.message[-200:]
        print(
            f"{number}/{len(wanted)} {outcome.verdict} in {outcome.seconds:.0f} s: {fault.name} ({fault.file}) {by}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
