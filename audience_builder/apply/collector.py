"""Takes events: looks at each, puts what is right into the stream, and says what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from audience_builder.apply.event import TOPIC, Event, Fault, all_decoded, decoded, fault_of
from audience_builder.errors import FullError, InputError
from audience_builder.stream.port import Message, Stream

MOST_BYTES = 8 << 20
"""How large a batch may be."""

LINES = "application/x-ndjson"

_LINES_A_BLOCK = 5_000
_MOST_REFUSED = 1_000
_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that was not taken: which of the batch (from 1), and why."""

    line: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Taken:
    """How many events are in the stream now, and which are not. Of very many refused ones only the first are named."""

    accepted: int
    refused: int
    named: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a sender may send at once: how many events, and how long ago they may have happened (None = no matter)."""

    most: int | None = None
    oldest: timedelta | None = None


_ANY = Bounds()


class Collector:
    """Takes batches of events. What it has taken is durable, and will be counted once, however often it is sent.

    With more than `most_waiting` entries not yet applied (`waiting` says how many) it takes no more: FullError. `taken` is called
    after each batch.
    """

    def __init__(
        self,
        stream: Stream,
        *,
        now: Callable[[], datetime],
        waiting: Callable[[], int],
        most_waiting: int,
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        self._stream, self._now, self._waiting, self._most_waiting, self._taken = (
            stream, now, waiting, most_waiting, taken,
        )  # fmt: skip

    def take(self, body: bytes, media_type: str, *, bounds: Bounds = _ANY) -> Taken:
        """Take a batch: lines of JSON, or one JSON value that is an event or a list of them.

        Raises InputError for what is no batch or holds more than `bounds` allow, FullError where too much waits, StreamError where it
        is not durable.
        """
        if self._waiting() > self._most_waiting:
            raise FullError(
                "more events wait than are taken", fix="Send them again in a while.", retry_seconds=_RETRY_SECONDS
            )
        lines = body.split(b"\n") if media_type == LINES else _items(body)
        if bounds.most is not None and len(lines) > bounds.most:
            raise InputError(f"at most {bounds.most} events are sent at once here", fix="Send fewer at once.")
        right, wrong = self._sorted(lines, body if media_type == LINES else None, bounds.oldest)
        self._stream.append(TOPIC, [Message(None, b"\n".join(block)) for block in _blocks(right)])
        if right:
            self._taken()
        return Taken(len(right), len(wrong), tuple(wrong[:_MOST_REFUSED]))

    def _sorted(
        self, lines: Sequence[bytes], block: bytes | None, oldest: timedelta | None
    ) -> tuple[list[bytes], list[Refused]]:
        """The lines that hold an event, and those that do not."""
        now = self._now()
        right, wrong = list[bytes](), list[Refused]()
        for number, line, event in _events(lines, block):
            fault = fault_of(event, now=now) if isinstance(event, Event) else event
            if fault is None and oldest is not None and isinstance(event, Event) and event.at < now - oldest:
                fault = Fault("too_old", "at", "Send it while it is new; older events come from a server.")
            if fault is None:
                right.append(line)
            else:
                wrong.append(Refused(number, fault))
        return right, wrong


def _events(lines: Sequence[bytes], block: bytes | None) -> Iterator[tuple[int, bytes, Event | Fault]]:
    said = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    together = None if block is None else all_decoded(block)
    if together is None or len(together) != len(said):
        yield from ((number, line, decoded(line)) for number, line in said)
    else:
        yield from ((number, line, event) for (number, line), event in zip(said, together, strict=True))


def _items(body: bytes) -> list[bytes]:
    """The events of one JSON value, each as a line of its own."""
    try:
        whole = msgspec.json.decode(body, type=msgspec.Raw)
        is_list = body.lstrip()[:1] == b"["
        items = msgspec.json.decode(body, type=list[msgspec.Raw]) if is_list else [whole]
        return [msgspec.json.format(bytes(item), indent=-1) for item in items]
    except (msgspec.MsgspecError, RecursionError):
        raise InputError(
            "this is no JSON",
            fix=f"Send an event, a list of events, or one event a line with Content-Type: {LINES}.",
        ) from None


def _blocks(lines: list[bytes]) -> Iterable[list[bytes]]:
    return (lines[first : first + _LINES_A_BLOCK] for first in range(0, len(lines), _LINES_A_BLOCK))
