"""Everything that can go wrong, as one tree. Each kind has a stable code and tells how to mend it.

AudienceBuilderError
├── RuleError        a rule that cannot be read or means nothing (a list of `Problem`s with JSON pointers)
├── NotFoundError    something named that does not exist
├── ConflictError    somebody else changed it first
│   └── ChangedError     and this is how it is now
├── NotSignedInError nobody is known behind the request
├── DeniedError      the principal may not
│   ├── LimitError        they may, but have done it too often for now
│   ├── StaleSignInError  they may, once they have said again who they are
│   ├── OutsideError      they may, from a network of the house
│   └── FieldError        their roles do not reach this field
├── InputError       a file, map or option that cannot be used
│   └── PersonalDataError  personal data stands where none may be kept
├── BusyError        another process owns the data, or too much at once
│   └── FullError        too much waits already
├── SealedError      something encrypted does not open: changed, moved, or under another key
├── TrailError       what was asked could not be recorded, so it was not done
├── StreamError      the stream did not take it, or cannot be read now; sent again it may
│   └── OffsetGoneError  what was asked for was cut off
└── EngineError      the engine cannot answer exactly
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a rule: where (JSON pointer), what (stable code and sentence), and what to do."""

    pointer: str
    code: str
    message: str
    fix: str = ""


class AudienceBuilderError(Exception):
    """Any error this product raises on purpose. `fix` says what to do about it."""

    code = "error"
    is_recorded = False
    """Whether the audit trail has it already."""

    retry_seconds: int | None = None
    """When to try again, where that is known."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


class RuleError(AudienceBuilderError):
    """A rule that cannot be read or means nothing."""

    code = "rule_invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{entry.pointer or '/'}: {entry.message}" for entry in problems))
        self.problems = problems


class NotFoundError(AudienceBuilderError):
    """Something named does not exist."""

    code = "not_found"


class ConflictError(AudienceBuilderError):
    """Somebody else changed it first."""

    code = "conflict"


class ChangedError(ConflictError):
    """Somebody else changed it meanwhile. `current` is how it is now, `base_version` what one's own change began with."""

    def __init__(self, message: str, *, fix: str = "", current: object, base_version: int | None) -> None:
        super().__init__(message, fix=fix)
        self.current = current
        self.base_version = base_version


class DeniedError(AudienceBuilderError):
    """The principal may not do this."""

    code = "denied"


class TooCloseError(DeniedError):
    """Together with what was told before it would tell of too few people."""

    code = "too_close"


class LimitError(DeniedError):
    """They may, but have done it too often for now."""

    code = "limit"


class StaleSignInError(DeniedError):
    """The principal may, once they have said again who they are."""

    code = "sign_in_again"


class OutsideError(DeniedError):
    """The principal may, but not from this network."""

    code = "outside"


class FieldError(DeniedError):
    """The principal's roles do not reach these fields; of a rule, `problems` say where it speaks of them."""

    code = "field_denied"

    def __init__(self, message: str, *, fix: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, fix=fix)
        self.problems = problems


class NotSignedInError(AudienceBuilderError):
    """Nobody is known behind the request: no session, or one that has ended."""

    code = "not_signed_in"


class InputError(AudienceBuilderError):
    """A file, map or option that cannot be used."""

    code = "input_invalid"


class PersonalDataError(InputError):
    """Personal data stands where none may be kept."""

    code = "personal_data"


class BusyError(AudienceBuilderError):
    """Another process owns the data, or too much is asked at once."""

    code = "busy"


class FullError(BusyError):
    """Too much waits already: it is taken again in `retry_seconds`."""

    code = "full"

    def __init__(self, message: str, *, fix: str = "", retry_seconds: int) -> None:
        super().__init__(message, fix=fix)
        self.retry_seconds = retry_seconds


class SealedError(AudienceBuilderError):
    """Something encrypted does not open: it was changed, cut, moved, or sealed under another key."""

    code = "sealed"


class TrailError(AudienceBuilderError):
    """What was asked could not be recorded in the audit trail, so it was not done."""

    code = "unrecorded"


class StreamError(AudienceBuilderError):
    """The stream did not take something, or cannot be read now; tried again it may."""

    code = "stream"


class OffsetGoneError(StreamError):
    """What was asked for was cut off; `first` is the first offset left."""

    code = "offset_gone"

    def __init__(self, message: str, *, fix: str = "", first: int) -> None:
        super().__init__(message, fix=fix)
        self.first = first


class EngineError(AudienceBuilderError):
    """The engine cannot answer exactly."""

    code = "engine"
