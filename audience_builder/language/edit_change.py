"""A rule while a sentence changes it: its conditions by where they stand, and what has been done to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from audience_builder.language.build import Node
from audience_builder.language.edit_targets import every_node
from audience_builder.language.item import Item
from audience_builder.language.port import Edit


@dataclass(slots=True)
class Change:
    """The rule as it is being changed."""

    parts: list[Node]
    edits: list[Edit] = field(default_factory=list[Edit])
    unread: list[Item] = field(default_factory=list[Item])
    made: int = 0

    def conditions(self) -> Iterator[tuple[list[Node], int, Node]]:
        """Every condition with the list it stands in; of one that is excluded alone, its exclusion stands there."""
        for index in range(len(self.parts)):
            yield from _standing(self.parts, index)

    def all(self) -> list[Node]:
        """Every condition."""
        return [node for _, _, node in self.conditions()]

    def add(self, node: Node) -> None:
        """One more thing that must hold."""
        self.parts.append(node)
        for part in every_node(node):
            self.made += 1
            part["id"] = f"e{self.made}"
        self.edits.append(Edit("add", node["id"]))

    def takes_back(self, node: Node) -> bool:
        """`휴면도 포함` where the dormant are excluded: the exclusion goes."""
        said = _bare(node)
        excluded = next((part for part in self.parts if part["type"] == "not" and _bare(part["child"]) == said), None)
        if excluded is None:
            return False
        self.parts.remove(excluded)
        self.edits.append(Edit("remove", excluded["id"]))
        return True

    def remove(self, target: Node) -> None:
        """Takes a condition (and what is left empty) away."""
        for held, index, node in list(self.conditions()):
            if node is target:
                del held[index]
                self.edits.append(Edit("remove", node["id"]))
                return


def _standing(held: list[Node], index: int) -> Iterator[tuple[list[Node], int, Node]]:
    node = held[index]
    while node["type"] == "not":
        node = node["child"]
    if node["type"] == "condition":
        yield held, index, node
        return
    for place in range(len(node["children"])):
        yield from _standing(node["children"], place)


def _bare(node: Node) -> Node:
    """A node without its names, to be compared."""
    bare = {key: value for key, value in node.items() if key != "id" and value not in (None, {})}
    if "child" in bare:
        bare["child"] = _bare(bare["child"])
    if "children" in bare:
        bare["children"] = [_bare(child) for child in bare["children"]]
    return bare
