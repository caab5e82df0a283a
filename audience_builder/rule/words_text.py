"""Text that knows which stretch of it speaks of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` up to (without) `end` speak of a node, or of one part of its condition.

    `part` is empty for the node as a whole, else `window`, `value`, `head`, or the key of a property.
    """

    start: int
    end: int
    node: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its spans."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __add__(self, other: Text | str) -> Text:
        """This text and then the other."""
        if isinstance(other, str):
            return Text(self.text + other, self.spans)
        moved = tuple(
            replace(span, start=span.start + len(self.text), end=span.end + len(self.text)) for span in other.spans
        )
        return Text(self.text + other.text, self.spans + moved)

    def __radd__(self, other: str) -> Text:
        """A plain text and then this one."""
        return Text(other) + self

    def marked(self, node: str, part: str = "") -> Text:
        """The same text, all of which speaks of a node or its part; it goes before the spans inside it."""
        return Text(self.text, (Span(0, len(self.text), node, part), *self.spans))


def joined(separator: str, parts: Sequence[Text]) -> Text:
    """The parts one after another with a separator between them."""
    said = Text()
    for index, part in enumerate(parts):
        said = said + (separator if index else "") + part
    return said
