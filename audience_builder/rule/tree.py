"""The rule: conditions joined by all, any, not and at-least-k. Frozen, closed, and the same in memory as on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

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


PropertyValue = Annotated[tuple[Key, ...], Field(min_length=1, max_length=MAX_VALUES)] | Literal[True] | Range | Stay
Value = (
    StrictInt
    | Key
    | Annotated[tuple[Number, Number], Field()]
    | Annotated[tuple[Key, ...], Field(min_length=1, max_length=MAX_VALUES)]
    | Window
)


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
    yield node
    for child in children_of(node):
        yield from walk(child)


def conditions(rule: Rule) -> tuple[Condition, ...]:
    """Every condition of a rule, in reading order."""
    return tuple(node for node in walk(rule.root) if isinstance(node, Condition))
