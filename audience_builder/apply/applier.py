"""Applies the stream to the mart, batch by batch, for ever: offsets, effects, and what was refused, in one transaction each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic
from typing import Protocol

from audience_builder.apply.port import REPLAY, Applies, Dead, Tally
from audience_builder.errors import AudienceBuilderError, OffsetGoneError, StreamError
from audience_builder.mart import streamed
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.stream.port import Entry, Extent, Message, Stream, Topic

_WAIT_SECONDS = 0.2
_FILL_SECONDS = 0.15
"""How long a batch that is not full waits for more: a transaction costs much the same, however few entries it holds."""

_PAUSE_SECONDS = 1.0
_TIDY_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 30.0
_LOG = logging.getLogger("audience_builder")

MOST_REPLAYED = 10_000
"""How much of what was put aside is replayed at once."""

_KEPT_ENTRIES = 1_000
_KNOWN_FOR = timedelta(hours=25)


class Seal(Protocol):
    """Seals texts for their topic (hexadecimal) and place, and opens them there."""

    def seal(self, file: str, line: int, row: str, /) -> str:
        """The text, sealed."""
        ...

    def open(self, line: int, cell: str, /) -> str:
        """The text that was sealed. Raises SealedError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How a partition of the stream stands. Offsets are of entries, the rest counts their parts; moments are UTC.

    `received = applied + duplicate + late + dead`; what lies between `place.next` and `end` is in flight. `problem` says why
    nothing goes on, empty where it does.
    """

    place: streamed.Place
    first: int
    end: int
    oldest_waiting_at: datetime | None
    problem: str = ""

    @property
    def in_flight(self) -> int:
        """How many entries wait."""
        return self.end - max(self.place.next, self.first)


class Applier:
    """Reads each partition of the topics from where the mart stands, and applies what comes. One thread a topic."""

    def __init__(
        self,
        stream: Stream,
        mart: DuckDBMart,
        applies: Sequence[Applies],
        *,
        seal: Seal,
        now: Callable[[], datetime],
    ) -> None:
        self._stream, self._mart, self._seal, self._now = stream, mart, seal, now
        self._by_topic = {topic: each for each in applies for topic in each.topics}
        self._problems: dict[str, str] = {}
        self._stopping = Event()
        self._noting = Lock()
        self._threads: list[Thread] = []
        self._is_made = False
        try:
            self._make()
        except StreamError as error:  # the mart answers also while the stream is away: it is tried again
            for topic in self._by_topic:
                self._note(topic, error.message)

    def start(self) -> None:
        """Apply whatever comes, from now on."""
        for topic in self._by_topic:
            thread = Thread(target=self._follow, args=(topic,), name=f"apply-{topic}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Stop. A batch under way is finished first."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def lags(self) -> list[Lag]:
        """How each partition stands."""
        return [lag for topic in self._by_topic for lag in self._lags_of(topic)]

    def catch_up(self) -> int:
        """Apply everything that lies in the stream now. Returns how many parts that was."""
        received = 0
        for topic in self._by_topic:
            for partition in self._stream.extents(topic):
                while tally := self.apply_next(topic, partition):
                    received += tally.received
        return received

    def in_flight(self) -> int:
        """How many entries wait in all. Raises StreamError where the stream does not say."""
        return sum(
            extent.end - max(self._mart.place(topic, partition).next, extent.first)
            for topic in self._by_topic
            for partition, extent in self._stream.extents(topic).items()
        )

    def dead_entries(self, limit: int) -> list[streamed.DeadEntry]:
        """What could not be applied, the newest first."""
        with self._mart.cursor() as cursor:
            return streamed.dead_entries(cursor, limit=limit)

    def replay(self, reason: str) -> int:
        """Put what was put aside for this reason into the stream again. Returns how much that was.

        Stopped half-way and asked again it is put there twice, which counts once: whatever applies a topic knows what it has seen.
        """
        with self._mart.cursor() as cursor:
            found = streamed.dead_entries(cursor, limit=MOST_REPLAYED, waiting=True, reason=reason)
        headers = {REPLAY: b"1"}
        for entry in reversed(found):
            body = self._seal.open(entry.place, entry.body).encode()
            self._stream.append(entry.topic, [Message(None, body, headers)])
        if found:
            with self._mart.streamed() as tx:
                streamed.note_replayed(tx.connection, found, self._now().astimezone(UTC).replace(tzinfo=None))
        return len(found)

    def tidy(self) -> None:
        """Let go of what is applied, but for the last entries, and of events too old to come again."""
        for topic in self._by_topic:
            for partition, extent in self._stream.extents(topic).items():
                before = self._mart.place(topic, partition).next - _KEPT_ENTRIES
                if before > extent.first:
                    self._stream.cut(topic, partition, before=before)
        watermark = self._mart.watermark
        if watermark is not None:
            with self._mart.streamed() as tx:
                streamed.forget_events(tx.connection, (watermark - _KNOWN_FOR).replace(tzinfo=None))

    def apply_next(
        self, topic: str, partition: int, *, wait_seconds: float = 0.0, fill_seconds: float = 0.0
    ) -> Tally | None:
        """Apply the next entries of a partition, all or none; None where there are none.

        It waits for the first one, and once there is one for more to be applied with it.
        """
        offset, most = self._mart.place(topic, partition).next, self._by_topic[topic].entries_at_once
        entries = self._stream.read(topic, partition, offset=offset, most=most, wait_seconds=wait_seconds)
        if not entries:
            return None
        if fill_seconds and len(entries) < most:
            self._stopping.wait(fill_seconds)
            after, left = entries[-1].offset + 1, most - len(entries)
            entries = [*entries, *self._stream.read(topic, partition, offset=after, most=left)]
        with self._mart.streamed() as tx:
            tally = self._by_topic[topic].apply(entries, tx)
            if not tally.is_whole():
                raise AssertionError(f"{topic} lost count: {replace(tally, dead=())}, {len(tally.dead)} dead")
            streamed.keep_dead(tx.connection, [self._dead(each) for each in tally.dead])
            outcome = streamed.Outcome(
                tally.received, tally.applied, tally.duplicate, tally.late, len(tally.dead) - tally.late
            )
            tx.advance(topic, partition, (offset, entries[-1].offset + 1), outcome, at=self._now())
        return tally

    def _follow(self, topic: str) -> None:
        pause, tidied = _PAUSE_SECONDS, monotonic()
        while not self._stopping.is_set():
            try:
                if not self._is_made:
                    self._make()
                for partition in self._stream.extents(topic):
                    self.apply_next(topic, partition, wait_seconds=_WAIT_SECONDS, fill_seconds=_FILL_SECONDS)
                self._note(topic, "")
                pause = _PAUSE_SECONDS
                if monotonic() - tidied > _TIDY_SECONDS:
                    self.tidy()
                    tidied = monotonic()
            except Exception as error:  # whatever it was, nothing of the batch is in the mart: it is tried again
                if isinstance(error, AudienceBuilderError):
                    self._note(topic, error.message)
                else:
                    self._note(topic, f"unexpected: {type(error).__name__}")
                    _LOG.exception("a batch of %s could not be applied", topic)
                self._stopping.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _note(self, topic: str, problem: str) -> None:
        with self._noting:
            self._problems[topic] = problem

    def _make(self) -> None:
        self._stream.create([Topic(topic) for topic in self._by_topic])
        self._is_made = True

    def _lags_of(self, topic: str) -> list[Lag]:
        try:
            return [
                self._lag(topic, partition, extent) for partition, extent in sorted(self._stream.extents(topic).items())
            ]
        except AudienceBuilderError as error:  # it is said with how far the mart is; nobody knows what waits
            place = self._mart.place(topic, 0)
            return [Lag(place=place, first=place.next, end=place.next, oldest_waiting_at=None, problem=error.message)]

    def _lag(self, topic: str, partition: int, extent: Extent) -> Lag:
        place = self._mart.place(topic, partition)
        waiting: list[Entry] = []
        problem = self._problems.get(topic, "")
        try:
            waiting = self._stream.read(topic, partition, offset=max(place.next, extent.first), most=1)
        except OffsetGoneError as error:
            problem = error.message
        at = waiting[0].at if waiting else None
        return Lag(place=place, first=extent.first, end=extent.end, oldest_waiting_at=at, problem=problem)

    def _dead(self, dead: Dead) -> streamed.DeadEntry:
        entry = dead.entry
        text = dead.body.decode("utf-8", "backslashreplace")
        sealed = self._seal.seal(entry.topic.encode().hex(), entry.offset, text) if text else ""
        at = self._now().astimezone(UTC).replace(tzinfo=None)
        return streamed.DeadEntry(entry.topic, entry.partition, entry.offset, dead.part, dead.reason, sealed, at)
