"""What went wrong, as it is told in a terminal: a message and a fix, or a problem object, and an exit code."""

from __future__ import annotations

import sys
from typing import Any

from audience_builder.errors import AudienceBuilderError, FieldError, RuleError

UNEXPECTED, USAGE, NOT_FOUND, DENIED, BUSY = 1, 2, 3, 4, 5

EXIT_CODES: dict[str, int] = {
    "rule_invalid": USAGE,
    "request_invalid": USAGE,
    "input_invalid": USAGE,
    "too_big": USAGE,
    "personal_data": USAGE,
    "not_found": NOT_FOUND,
    "denied": DENIED,
    "not_signed_in": DENIED,
    "sign_in_again": DENIED,
    "outside": DENIED,
    "field_denied": DENIED,
    "too_close": DENIED,
    "limit": DENIED,
    "conflict": BUSY,
    "busy": BUSY,
}
"""The exit code of each problem's code; any other is unexpected (1)."""


class ProblemError(Exception):
    """A problem the API answered with, or one of our own errors."""

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__(said["detail"])
        self.said = said

    @classmethod
    def of(cls, error: AudienceBuilderError) -> ProblemError:
        """One of our own errors as a problem."""
        said: dict[str, Any] = {"code": error.code, "detail": error.message, "fix": error.fix}
        if isinstance(error, RuleError | FieldError):
            said["problems"] = [
                {"pointer": entry.pointer, "code": entry.code, "detail": entry.message, "fix": entry.fix}
                for entry in error.problems
            ]
        return cls(said)

    @property
    def exit_code(self) -> int:
        """What the process ends with."""
        return EXIT_CODES.get(self.said["code"], UNEXPECTED)


def tell(problem: ProblemError, *, as_json: bool) -> None:
    """Say on stderr what went wrong and what to do."""
    if as_json:
        import orjson

        sys.stderr.write(orjson.dumps(problem.said).decode() + "\n")
        return
    found = problem.said.get("problems") or []
    said = [f"error: {problem.said['detail']}"] if not found else ["error: this cannot be asked"]
    said += [f"  {entry['pointer'] or '/'}: {entry['detail']}{_fix(entry)}" for entry in found]
    if not found and problem.said.get("fix"):
        said.append(f"  {problem.said['fix']}")
    sys.stderr.write("\n".join(said) + "\n")


def _fix(entry: dict[str, str]) -> str:
    return f" · {entry['fix']}" if entry.get("fix") else ""
