"""docs/mutants.md: what each seeded fault came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tools.mutants.fault import Fault
from tools.mutants.reasons import REASONS
from tools.mutants.workspace import Outcome

Found = Mapping[Fault, Outcome | None]


def share_killed(found: Found) -> float:
    """Of all faults, the share a law noticed."""
    return sum(outcome is not None and outcome.is_killed for outcome in found.values()) / len(found)


def page(found: Found) -> str:
    """The page."""
    verdicts = Counter("not tried" if outcome is None else outcome.verdict for outcome in found.values())
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    others = [(fault, outcome) for fault, outcome in found.items() if outcome is None or not outcome.is_killed]
    return "\n".join(
        [
            "# Seeded faults",
            "",
            "Written by `make mutants`. Each fault is a small mistake somebody might make in an engine, the index or the mart's models,",
            "seeded alone into a copy of the product; then the laws (`tests/laws`) are asked until one breaks. A fault counts as killed only by a",
            "law that compares what it was given with `rule/meaning.py` or with logic, never by a crash. At least 98 % must be killed.",
            "",
            f"**{len(found)} faults: {said}. {100 * share_killed(found):.1f} % killed.** Seconds are on a shared machine and hold start and import.",
            "",
            *(_survivors(others) if others else []),
            "## All faults",
            "",
            "| fault | file | killed by | s |",
            "|---|---|---|--:|",
            *(
                _row(fault, outcome)
                for fault, outcome in sorted(found.items(), key=lambda pair: (pair[0].file, pair[0].name))
            ),
            "",
        ]
    )


def _survivors(others: list[tuple[Fault, Outcome | None]]) -> list[str]:
    tried = [(fault, outcome) for fault, outcome in others if outcome is not None]
    lines = [
        f"| {fault.name} | `{fault.file}` | {outcome.verdict} | {REASONS.get(fault.name, 'not explained')} |"
        for fault, outcome in tried
    ]
    return ["## Not killed", "", "| fault | file | | why |", "|---|---|---|---|", *lines, ""] if lines else []


def _row(fault: Fault, outcome: Outcome | None) -> str:
    if outcome is None:
        return f"| {fault.name} | `{fault.file}` | not tried | |"
    law = outcome.law.removeprefix("test_").replace("_", " ")
    by = f"{law} [{outcome.of}]" if outcome.is_killed else f"**{outcome.verdict}**"
    return f"| {fault.name} | `{fault.file}` | {by} | {outcome.seconds:.0f} |"
