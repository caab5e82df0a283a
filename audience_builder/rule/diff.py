"""What changed from one rule to another: nodes that came, went or moved, and the parts of conditions that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from audience_builder.rule.canonical import node_key
from audience_builder.rule.defaults import filter_of
from audience_builder.rule.tree import AtLeast, Condition, Node, Not, Rule, children_of
from audience_builder.rule.words import compact
from audience_builder.rule.words_number import Language

Kind = Literal["added", "removed", "moved", "changed"]

_PARTS = ("filter", "measure", "operator", "value", "window")
_PART_WORDS = {
    "filter": ("항목", "filter"),
    "measure": ("측정값", "measure"),
    "operator": ("비교", "comparison"),
    "value": ("값", "value"),
    "window": ("기간", "window"),
    "type": ("묶는 방식", "how it joins"),
    "k": ("최소 개수", "at least"),
}
_KIND_WORDS = {"added": ("추가", "added"), "removed": ("삭제", "removed"), "moved": ("이동", "moved")}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path` points into the rule after it (of what was removed, before it); values are as JSON writes them.

    `ko` and `en` say it; of a changed part, `before` and `after` are that part alone.
    """

    kind: Kind
    node: str
    path: str
    part: str | None
    before: Any
    after: Any
    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class _Place:
    node: Node
    path: str
    parent: str | None


def changes(before: Rule, after: Rule) -> list[Change]:
    """Every difference, in the reading order of the rule after, then what was removed. Nodes are the same by id, else by meaning."""
    old, new = _places(before.root), _places(after.root)
    same = _matched(old, new)
    back = {now: then for then, now in same.items()}
    found: list[Change] = []
    for key, place in new.items():
        if key not in back:
            if place.parent is None or place.parent in back:
                found.append(_whole("added", place, None, place.node))
            continue
        then = old[back[key]]
        if _parent(then.parent, same) != place.parent and then.parent in same:
            found.append(_whole("moved", place, then.node, place.node))
        found += _parts(then.node, place)
    gone = (place for key, place in old.items() if key not in same and (place.parent is None or place.parent in same))
    return [*found, *(_whole("removed", place, place.node, None) for place in gone)]


def _parent(parent: str | None, same: dict[str, str]) -> str | None:
    return None if parent is None else same.get(parent)


def _places(root: Node) -> dict[str, _Place]:
    return {place.node.id: place for place in _walk(root, "/root", None)}


def _walk(node: Node, path: str, parent: str | None) -> Iterator[_Place]:
    yield _Place(node, path, parent)
    for number, child in enumerate(children_of(node)):
        below = f"{path}/child" if isinstance(node, Not) else f"{path}/children/{number}"
        yield from _walk(child, below, node.id)


def _matched(old: dict[str, _Place], new: dict[str, _Place]) -> dict[str, str]:
    """Which node of the rule before is which of the rule after."""
    same = {key: key for key in old if key in new and _is_condition(old[key]) is _is_condition(new[key])}
    left = {node_key(place.node): key for key, place in new.items() if key not in same.values()}
    for key, place in old.items():
        if key not in same:
            other = left.pop(node_key(place.node), None)
            if other is not None and _is_condition(new[other]) is _is_condition(place):
                same[key] = other
    return same


def _is_condition(place: _Place) -> bool:
    return isinstance(place.node, Condition)


# --- one change -----------------------------------------------------------------------------------------------------------


def _whole(kind: Kind, place: _Place, before: Node | None, after: Node | None) -> Change:
    ko, en = _KIND_WORDS[kind]
    said = (f"{ko}: {_said(place.node, 'ko')}", f"{en}: {_said(place.node, 'en')}")
    return Change(kind, place.node.id, place.path, None, _json(before), _json(after), *said)


def _parts(then: Node, place: _Place) -> Iterator[Change]:
    before, after = _parts_of(then), _parts_of(place.node)
    for part in dict.fromkeys((*before, *after)):
        if before.get(part) != after.get(part):
            ko, en = _label(place.node, part)
            yield Change(
                "changed",
                place.node.id,
                place.path + "/" + part.replace(".", "/"),
                part,
                before.get(part),
                after.get(part),
                f"{ko}: {_said(then, 'ko')} → {_said(place.node, 'ko')}",
                f"{en}: {_said(then, 'en')} → {_said(place.node, 'en')}",
            )


def _parts_of(node: Node) -> dict[str, Any]:
    """What can differ of a node by itself, as JSON writes it."""
    if not isinstance(node, Condition):
        return {"type": node.type, **({"k": node.k} if isinstance(node, AtLeast) else {})}
    said = node.model_dump(mode="json", exclude_none=True)
    properties: dict[str, Any] = said.get("properties", {})
    return {
        **{part: said[part] for part in _PARTS if part in said},
        **{f"properties.{key}": value for key, value in properties.items()},
    }


def _label(node: Node, part: str) -> tuple[str, str]:
    if part.startswith("properties.") and isinstance(node, Condition):
        found = filter_of(node).property_named(part.removeprefix("properties."))
        return (found.ko, found.en) if found else (part, part)
    return _PART_WORDS[part]


def _said(node: Node, language: Language) -> str:
    return compact(Rule(root=node), language).text


def _json(node: Node | None) -> Any:
    return None if node is None else node.model_dump(mode="json", exclude_none=True)
