"""The rule: conditions joined by all, any, not and at-least-k. Frozen, closed, and the same in memory as on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictInt, StrictStr, Tag

from audience_builder.catalog.operator import Operator
from audience_builder.rule.window import Window

MAX_DEPTH = 8
MAX_CONDITIONS = 200
MAX_BYTES = 262_144
MAX_VALUES = 500

NodeId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Key = Annotated[StrictStr, Field(max_length=60)]
Number = Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Part):
    """A stretch of numbers, both ends in; an open end is left out."""

    min: Number | None = None
    max: Number | None = None


class Stay(_Part):
    """When the stay is: check-in `in` the window, or any night that `touches` it."""

    relation: Literal["in", "touches"]
    window: Window


def _form_of_property(value: object) -> str:
    """Which form a property's value is meant to have, so that a mistake is told of that form alone."""
    if isinstance(value, list | tuple):
        return "options"
    if isinstance(value, Stay) or (isinstance(value, dict) and ("relation" in value or "window" in value)):
        return "stay"
    return "range" if isinstance(value, dict | Range) else "flag"


def _form_of_value(value: object) -> str:
    if isinstance(value, str):
        return "option"
    if isinstance(value, list | tuple):
        items = cast("list[object]", value)
        return "pair" if items and all(isinstance(item, int) for item in items) else "options"
    return "window" if isinstance(value, dict | BaseModel) else "number"


Options = Annotated[tuple[Key, ...], Field(min_length=1, max_length=MAX_VALUES)]
PropertyValue = Annotated[
    Annotated[Options, Tag("options")]
    | Annotated[Literal[True], Tag("flag")]
    | Annotated[Range, Tag("range")]
    | Annotated[Stay, Tag("stay")],
    Discriminator(_form_of_property),
]
Value = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[Key, Tag("option")]
    | Annotated[tuple[Number, Number], Tag("pair")]
    | Annotated[Options, Tag("options")]
    | Annotated[Window, Tag("window")],
    Discriminator(_form_of_value),
]


class Condition(_Part):
    """One filter put to use."""

    type: Literal["condition"] = "condition"
    id: NodeId
    filter: Key
    operator: Operator
    value: Value | None = None
    measure: Key | None = None
    window: Window | None = None
    properties: dict[Key, PropertyValue] = Field(default_factory=dict, max_length=20)


class All(_Part):
    """Everyone of whom every child is true."""

    type: Literal["all"] = "all"
    id: NodeId
    children: Annotated[tuple[Node, ...], Field(min_length=1, max_length=MAX_CONDITIONS)]


class AnyOf(_Part):
    """Everyone of whom at least one child is true."""

    type: Literal["any"] = "any"
    id: NodeId
    children: Annotated[tuple[Node, ...], Field(min_length=1, max_length=MAX_CONDITIONS)]


class Not(_Part):
    """Every active user of whom the child is not true: the exact complement."""

    type: Literal["not"] = "not"
    id: NodeId
    child: Node


class AtLeast(_Part):
    """Everyone of whom at least k of the children are true."""

    type: Literal["at_least"] = "at_least"
    id: NodeId
    k: Annotated[StrictInt, Field(ge=1, le=MAX_CONDITIONS)]
    children: Annotated[tuple[Node, ...], Field(min_length=1, max_length=MAX_CONDITIONS)]


Node = Annotated[Condition | All | AnyOf | Not | AtLeast, Field(discriminator="type")]


class Rule(_Part):
    """Who is meant. `version` is the language's version; a rule has a root, for an empty rule would be everyone."""

    version: Literal[1] = 1
    root: Node


def children_of(node: Condition | All | AnyOf | Not | AtLeast) -> tuple[Node, ...]:
    """The node's children, in order; none for a condition."""
    if isinstance(node, Condition):
        return ()
    return (node.child,) if isinstance(node, Not) else node.children


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    waiting = [node]
    while waiting:
        first = waiting.pop()
        yield first
        waiting.extend(reversed(children_of(first)))


def conditions(rule: Rule) -> tuple[Condition, ...]:
    """Every condition of a rule, in reading order."""
    return tuple(node for node in walk(rule.root) if isinstance(node, Condition))
