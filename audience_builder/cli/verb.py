"""What all verbs have in common: how they end when something goes wrong."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

import typer

from audience_builder.cli.problem import UNEXPECTED, ProblemError, tell
from audience_builder.errors import AudienceBuilderError

_Verb = TypeVar("_Verb", bound=Callable[..., None])
_INTERRUPTED = 130


def verb(run: _Verb) -> _Verb:
    """A command that tells what went wrong in a sentence with a fix, and ends with the exit code of its kind."""

    @functools.wraps(run)
    def guarded(*arguments: Any, **options: Any) -> None:
        as_json = bool(options.get("as_json"))
        try:
            run(*arguments, **options)
            sys.stdout.flush()
        except ProblemError as problem:
            _end(problem, as_json=as_json)
        except AudienceBuilderError as error:
            _end(ProblemError.of(error), as_json=as_json)
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has seen enough; nothing more may be written, not even at the end of the process.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(UNEXPECTED) from None
        except (typer.Exit, typer.BadParameter):
            raise
        except Exception as error:
            said = {"code": "unexpected", "detail": f"unexpected: {type(error).__name__}: {error}", "fix": "Try again."}
            _end(ProblemError(said), as_json=as_json)

    return cast(_Verb, guarded)


def _end(problem: ProblemError, *, as_json: bool) -> None:
    tell(problem, as_json=as_json)
    raise typer.Exit(problem.exit_code) from None
