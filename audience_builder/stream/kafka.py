"""The stream in Apache Kafka: what is acknowledged lies on every in-sync replica; where reading stands only the mart says."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any

from audience_builder.errors import InputError, NotFoundError, OffsetGoneError, StreamError
from audience_builder.stream.port import Entry, Extent, Message, Topic

try:
    import confluent_kafka as kafka
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewPartitions, NewTopic
except ImportError as missing:
    raise InputError(
        "a stream in Kafka needs its client, which is not installed", fix="pip install 'audience-builder[kafka]'."
    ) from missing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATIENCE_SECONDS = 5.0
_DELIVERY_SECONDS = 20.0
_LOOK_SECONDS = 0.02
_SETTLED_SECONDS = 0.5
"""How long what Kafka says lies there may be looked for: behind the last message may be nothing but marks of transactions."""

_READERS = 4
_MOST_BYTES = 16 * 2**20
_GONE = (kafka.KafkaError._AUTO_OFFSET_RESET, kafka.KafkaError.OFFSET_OUT_OF_RANGE)  # pyright: ignore[reportPrivateUsage]
_UNKNOWN = (kafka.KafkaError.UNKNOWN_TOPIC_OR_PART, kafka.KafkaError._UNKNOWN_TOPIC, kafka.KafkaError._UNKNOWN_PARTITION)  # fmt: skip # pyright: ignore[reportPrivateUsage]
_END = kafka.KafkaError._PARTITION_EOF  # pyright: ignore[reportPrivateUsage]

PREFIX = "audience-builder."
"""What the names of our topics begin with."""

TOPIC_SETTINGS: Mapping[str, str] = {
    "cleanup.policy": "delete",
    "retention.ms": str(7 * 24 * 3600 * 1000),
    "max.message.bytes": str(_MOST_BYTES),
    "message.timestamp.type": "LogAppendTime",
}
"""How our topics are made: a week is kept, and an entry's moment is when Kafka took it."""


def settings_of(file: Path | None) -> dict[str, str]:
    """librdkafka's own settings from a file of lines `name=value`; `#` begins a remark. Raises InputError."""
    if file is None:
        return {}
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except OSError as problem:
        raise InputError(
            f"the file of Kafka's settings cannot be read: {problem.strerror}", fix="Check its path."
        ) from None
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    wrong = [number for number, (name, equals, _) in enumerate(pairs, 1) if not name.strip() or not equals]
    if wrong:
        raise InputError(
            f"setting {wrong[0]} of Kafka is no `name=value`", fix="Write one a line, such as security.protocol=SSL."
        )
    return {name.strip(): value.strip() for name, _, value in pairs}


class KafkaStream:
    """A stream in a Kafka cluster (`stream.port.Stream`). `address` is one or more brokers, `settings` librdkafka's own (TLS, SASL).

    In the cluster every topic is called `prefix` and its name, for others have topics there too.
    """

    def __init__(self, address: str, settings: Mapping[str, str] | None = None, *, prefix: str = PREFIX) -> None:
        self._prefix = prefix
        self._common: dict[str, Any] = {"bootstrap.servers": address, "log_level": 0, **(settings or {})}
        self._admin = AdminClient({**self._common, "socket.timeout.ms": int(_PATIENCE_SECONDS * 1000)})
        self._sending = Lock()
        self._producer = self._new_producer()
        self._partitions: dict[str, tuple[int, ...]] = {}
        self._readers = _Readers(self._common)

    def close(self) -> None:
        """Let go of the connections; what was acknowledged is durable, nothing else waits."""
        self._producer.flush(_DELIVERY_SECONDS)
        self._readers.close()

    def create(self, topics: Sequence[Topic]) -> None:
        """Make the topics that are not there yet, and more partitions where there are fewer."""
        with _told_clearly():
            there = self._admin.list_topics(timeout=_PATIENCE_SECONDS).topics
            wanted = {self._prefix + topic.name: topic.partitions for topic in topics}
            made = [NewTopic(name, n, config=dict(TOPIC_SETTINGS)) for name, n in wanted.items() if name not in there]
            grown = [
                NewPartitions(name, n)
                for name, n in wanted.items()
                if name in there and len(there[name].partitions) < n
            ]
            self._done(self._admin.create_topics(made) if made else {})
            self._done(self._admin.create_partitions(grown) if grown else {})
            self._wait_for(wanted)

    def _wait_for(self, wanted: Mapping[str, int]) -> None:
        """Made is not yet told to everybody: wait until the brokers speak of them."""
        until = monotonic() + _PATIENCE_SECONDS
        while monotonic() < until:
            there = self._admin.list_topics(timeout=_PATIENCE_SECONDS).topics
            if all(name in there and len(there[name].partitions) >= n for name, n in wanted.items()):
                return
            sleep(_LOOK_SECONDS)
        raise _error_of("the topics are made, but not told of")

    def append(self, topic: str, messages: Sequence[Message]) -> None:
        """Put messages behind the others; returned = on every in-sync replica."""
        if not messages:
            return
        self._known(topic)
        sent = _Sent(len(messages))
        with _told_clearly():
            # One at a time puts messages in: those of one call stay together, in their order.
            with self._sending:
                for message in messages:
                    self._put(self._prefix + topic, message, sent.note)
            # Each message is acknowledged or given up within the producer's own time.
            deadline = monotonic() + 2 * _DELIVERY_SECONDS
            while sent.left and monotonic() < deadline:
                self._producer.poll(0.05)
        if sent.left or sent.problem:
            self._renew_if_broken(sent.problem)
            raise _error_of(sent.problem or "no answer")

    def read(self, topic: str, partition: int, *, offset: int, most: int, wait_seconds: float = 0.0) -> list[Entry]:
        """Entries from `offset` on; see the port."""
        self._known(topic)
        with _told_clearly(), self._readers.one(self._prefix + topic, partition, offset) as reader:
            found = reader.read(most, wait_seconds)
        return [_entry(topic, message) for message in found]

    def extents(self, topic: str) -> Mapping[int, Extent]:
        """What each partition holds."""
        with _told_clearly():
            return {
                partition: self._readers.extent(self._prefix + topic, partition) for partition in self._known(topic)
            }

    def cut(self, topic: str, partition: int, *, before: int) -> None:
        """Let go of entries before an offset."""
        self._known(topic)
        with _told_clearly():
            name = self._prefix + topic
            held = self._readers.extent(name, partition)
            first = min(max(before, held.first), held.end)
            if first > held.first:
                self._done(self._admin.delete_records([kafka.TopicPartition(name, partition, first)]))

    def _known(self, topic: str) -> tuple[int, ...]:
        """The partitions of a topic, ascending."""
        if topic not in self._partitions:
            with _told_clearly():
                name = self._prefix + topic
                found = self._admin.list_topics(name, timeout=_PATIENCE_SECONDS).topics[name]
            if found.error is not None:
                raise NotFoundError(f"the stream has no topic {topic}", fix="Create it first.")
            self._partitions[topic] = tuple(sorted(found.partitions))
        return self._partitions[topic]

    def _put(self, topic: str, message: Message, note: Callable[..., None]) -> None:
        headers: list[tuple[str, str | bytes | None]] = [*message.headers.items()]
        while True:
            try:
                self._producer.produce(
                    topic, value=message.value, key=message.key, headers=headers or None, on_delivery=note
                )
                return
            except BufferError:  # the queue is full: let some of it be acknowledged
                self._producer.poll(0.1)

    def _new_producer(self) -> kafka.Producer:
        return kafka.Producer(
            {
                **self._common,
                "acks": "all",
                "enable.idempotence": True,
                "linger.ms": 2,
                "compression.type": "lz4",
                "message.max.bytes": _MOST_BYTES,
                "delivery.timeout.ms": int(_DELIVERY_SECONDS * 1000),
            }
        )

    def _renew_if_broken(self, problem: Any) -> None:
        """After an error no producer recovers from (the broker has lost what it knew of it) only another one goes on."""
        if isinstance(problem, kafka.KafkaError) and problem.fatal():
            with self._sending:
                self._producer = self._new_producer()

    @staticmethod
    def _done(futures: Mapping[Any, Any]) -> None:
        for future in futures.values():
            try:
                future.result(_PATIENCE_SECONDS)
            except kafka.KafkaException as problem:
                if problem.args[0].code() != kafka.KafkaError.TOPIC_ALREADY_EXISTS:
                    raise


class _Sent:
    """What became of the messages of one call."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.problem: Any = None

    def note(self, problem: Any, _message: Any) -> None:
        self.left -= 1
        self.problem = self.problem or problem


class _Reader:
    """A consumer of one partition, and where it stands."""

    def __init__(self, settings: Mapping[str, Any], topic: str, partition: int, offset: int) -> None:
        self.key, self.offset = (topic, partition), offset
        self._is_at_end = False
        self._consumer = kafka.Consumer(
            {
                **settings,
                # Nobody joins a group: the mart says what is applied. Kafka's client asks for a name nevertheless.
                "group.id": "audience-builder",
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "enable.partition.eof": True,
                "isolation.level": "read_committed",
                "fetch.wait.max.ms": 100,
                "queued.max.messages.kbytes": 65_536,
                "fetch.message.max.bytes": _MOST_BYTES,
            }
        )
        self._consumer.assign([kafka.TopicPartition(topic, partition, offset)])

    def go_to(self, offset: int) -> None:
        """Read from this offset on."""
        if offset != self.offset:
            self._consumer.assign([kafka.TopicPartition(*self.key, offset)])
            self.offset, self._is_at_end = offset, False

    def read(self, most: int, wait_seconds: float) -> list[Any]:
        """The next messages, at most so many. Raises OffsetGoneError, StreamError."""
        begun = monotonic()
        # Who does not wait is told what lies there now, also where the queue still says that it has seen the end.
        there = self.extent().end if wait_seconds <= 0 else self.offset
        if wait_seconds <= 0 and there <= self.offset:
            return self._none_or_gone()
        first = self._next(begun + wait_seconds)
        while first is None:
            waited = monotonic() - begun
            if waited >= wait_seconds and (there <= self.offset or waited > _SETTLED_SECONDS):
                return []
            first = self._next(begun + max(wait_seconds, waited + _LOOK_SECONDS))
        found = [first]
        if most > 1:
            found += [each for each in self._consumer.consume(most - 1, timeout=0) if self._is_message(each)]
        self.offset = found[-1].offset() + 1
        return found

    def _none_or_gone(self) -> list[Any]:
        held = self.extent()
        if not held.first <= self.offset <= held.end:
            self._raise_gone()
        return []

    def extent(self) -> Extent:
        """What the partition holds now."""
        first, end = self._consumer.get_watermark_offsets(kafka.TopicPartition(*self.key), timeout=_PATIENCE_SECONDS)
        return Extent(first, end)

    def close(self) -> None:
        self._consumer.close()

    def _next(self, until: float) -> Any:
        """The next message; None at the end. What is not read yet is waited for: an empty queue does not say there is none."""
        patience = until if self._is_at_end else max(until, monotonic() + _PATIENCE_SECONDS)
        message = self._consumer.poll(max(0.0, patience - monotonic()))
        if message is None:
            if not self._is_at_end:
                raise _error_of("no answer")
            return None
        return message if self._is_message(message) else None

    def _is_message(self, message: Any) -> bool:
        problem = message.error()
        if problem is None:
            self._is_at_end = False
            return True
        if problem.code() == _END:
            self._is_at_end = True
            return False
        if problem.code() in _GONE:
            self._raise_gone()
        raise _error_of(problem)

    def _raise_gone(self) -> None:
        topic, held = self.key[0], self.extent()
        if self.offset < held.first:
            raise OffsetGoneError(
                f"{topic} begins at {held.first}: {self.offset} was cut off",
                fix="Load what is missing from its source, then go on from the first offset.",
                first=held.first,
            )
        raise StreamError(
            f"{topic} ends at {held.end}, but {self.offset} was applied already",
            fix="This is another topic than before: point to the right cluster.",
        )


class _Readers:
    """A few consumers a partition, kept where they stand: who goes on reading meets the one that is there already."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._lock = Lock()
        self._free: list[_Reader] = []

    @contextmanager
    def one(self, topic: str, partition: int, offset: int) -> Generator[_Reader]:
        """A consumer that stands at this offset, nobody else's meanwhile."""
        reader = self._taken((topic, partition), offset) or _Reader(self._settings, topic, partition, offset)
        try:
            reader.go_to(offset)
            yield reader
        except BaseException:
            reader.close()
            raise
        self._give_back(reader)

    def extent(self, topic: str, partition: int) -> Extent:
        """What a partition holds now."""
        reader = self._taken((topic, partition), None) or _Reader(self._settings, topic, partition, kafka.OFFSET_END)
        try:
            found = reader.extent()
        except BaseException:
            reader.close()
            raise
        self._give_back(reader)
        return found

    def close(self) -> None:
        with self._lock:
            for reader in self._free:
                reader.close()
            self._free.clear()

    def _taken(self, key: tuple[str, int], offset: int | None) -> _Reader | None:
        """One that stands there; else the one that was asked longest ago, where there are enough of them."""
        with self._lock:
            free = [reader for reader in self._free if reader.key == key]
            there = [reader for reader in free if offset is None or reader.offset == offset]
            chosen = there[0] if there else free[0] if len(free) >= _READERS else None
            if chosen is not None:
                self._free.remove(chosen)
            return chosen

    def _give_back(self, reader: _Reader) -> None:
        with self._lock:
            self._free.append(reader)


def _entry(topic: str, message: Any) -> Entry:
    _, moment = message.timestamp()
    headers = {name: bytes(value or b"") for name, value in message.headers() or []}
    return Entry(
        topic,
        message.partition(),
        message.offset(),
        Message(message.key(), message.value(), headers),
        _EPOCH + timedelta(milliseconds=moment),
    )


@contextmanager
def _told_clearly() -> Generator[None]:
    try:
        yield
    except kafka.KafkaException as problem:
        raise _error_of(problem.args[0]) from problem


def _error_of(problem: Any) -> StreamError | NotFoundError:
    if isinstance(problem, kafka.KafkaError) and problem.code() in _UNKNOWN:
        return NotFoundError("the stream has no such topic", fix="Create it first.")
    said = problem.name() if isinstance(problem, kafka.KafkaError) else str(problem)
    return StreamError(
        f"Kafka does not do what it is asked: {said}", fix="See that its brokers answer; it is tried again."
    )
