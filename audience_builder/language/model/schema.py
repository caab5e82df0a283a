"""What a model's answer looks like: flat, without recursion, evidence before what is derived from it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audience_builder.catalog import FILTERS
from audience_builder.catalog.operator import Operator
from audience_builder.language.model.port import ModelProblem

LONGEST: Final = 40_000
MOST: Final = 40


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class SaidGroup(_Part):
    """Conditions joined: `all`, `any` or `not`; `parent` is another group, or empty for the top."""

    id: str
    parent: str = ""
    logic: str


class SaidProperty(_Part):
    """One constraint on the events of a condition, and the words it stands in."""

    evidence: str
    key: str
    values: tuple[str, ...] = ()


class SaidCondition(_Part):
    """One condition as words of the sentence: what they mean is worked out by the product."""

    evidence: str
    value_evidence: str = ""
    window_evidence: str = ""
    properties: tuple[SaidProperty, ...] = ()
    filter: str
    measure: str = ""
    operator: str
    values: tuple[str, ...] = ()
    negated: bool = False
    group: str = ""


class SaidRemoval(_Part):
    """A condition of the rule the sentence takes away."""

    evidence: str
    node: str


class SaidNothing(_Part):
    """Words that are no condition."""

    evidence: str
    reason: str = ""


class Reply(_Part):
    """A whole answer."""

    groups: tuple[SaidGroup, ...] = Field(default=(), max_length=MOST)
    conditions: tuple[SaidCondition, ...] = Field(default=(), max_length=MOST)
    removed: tuple[SaidRemoval, ...] = Field(default=(), max_length=MOST)
    unmapped: tuple[SaidNothing, ...] = Field(default=(), max_length=MOST)


def read_reply(text: str) -> Reply:
    """The answer in a text. Raises ModelProblem where it is none."""
    if len(text) > LONGEST:
        raise ModelProblem("unreadable")
    try:
        return Reply.model_validate_json(text)
    except (ValidationError, RecursionError, ValueError):
        raise ModelProblem("unreadable") from None


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    keys = [*required, *optional]
    return {"type": "object", "properties": {**required, **optional}, "required": keys, "propertyOrdering": keys}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_TEXT: Final = {"type": "string"}
_TEXTS: Final = _list(_TEXT)


def _choice(*words: str, closed: bool) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)} if closed else _TEXT


@cache
def schema(*, closed: bool = True) -> dict[str, Any]:
    """The JSON Schema of an answer, within the subset every provider knows; without `closed` no word is enumerated."""
    group = _object({"id": _TEXT, "parent": _TEXT, "logic": _choice("all", "any", "not", closed=closed)})
    said = _object({"evidence": _TEXT, "key": _TEXT, "values": _TEXTS})
    condition = _object(
        {
            "evidence": _TEXT,
            "value_evidence": _TEXT,
            "window_evidence": _TEXT,
            "properties": _list(said),
            "filter": _choice(*(entry.key for entry in FILTERS), closed=closed),
            "measure": _TEXT,
            "operator": _choice(*(str(entry) for entry in Operator), closed=closed),
            "values": _TEXTS,
            "negated": {"type": "boolean"},
            "group": _TEXT,
        }
    )
    return _object(
        {
            "groups": _list(group),
            "conditions": _list(condition),
            "removed": _list(_object({"evidence": _TEXT, "node": _TEXT})),
            "unmapped": _list(_object({"evidence": _TEXT, "reason": _TEXT})),
        }
    )
