"""What every stream promises, whichever log stands behind it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest

from audience_builder.errors import NotFoundError, OffsetGoneError
from audience_builder.stream.kafka import KafkaStream
from audience_builder.stream.port import Message, Stream, Topic
from audience_builder.stream.sqlite import SqliteStream
from tools.services.kafka import Broker, jars, kafka
from tools.services.postgres import MissingError

T = "things"
PRODUCER = """
import sys
from pathlib import Path
from audience_builder.stream.port import Message, Topic
{opened}
stream.create([Topic("things")])
number = stream.extents("things")[0].end
while True:
    stream.append("things", [Message(None, b"%d" % (number + i)) for i in range(3)])
    number += 3
    print(number, flush=True)
"""
SQLITE = "from audience_builder.stream.sqlite import SqliteStream; stream = SqliteStream(Path(sys.argv[1]))"
KAFKA = "from audience_builder.stream.kafka import KafkaStream; stream = KafkaStream(sys.argv[1], prefix=sys.argv[2])"


@dataclass(frozen=True)
class Log:
    """A log that can be opened again and again, here or (`opened`, with `words`) in another process."""

    open: Callable[[], Stream]
    opened: str
    words: tuple[str, ...]


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A real Kafka; where the machine has no Java or Maven, or Kafka cannot be fetched, its tests say so."""
    try:
        jars()
    except MissingError as problem:
        pytest.skip(str(problem))
    with kafka() as found:
        yield found


@pytest.fixture(params=["sqlite", "kafka"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    if request.param == "sqlite":
        path = tmp_path / "stream.sqlite"
        return Log(lambda: SqliteStream(path), SQLITE, (str(path),))
    address, prefix = request.getfixturevalue("broker").address, f"{uuid4().hex}."
    return Log(lambda: KafkaStream(address, prefix=prefix), KAFKA, (address, prefix))


@pytest.fixture
def stream(log: Log) -> Iterator[Stream]:
    found = log.open()
    found.create([Topic(T), Topic("others")])
    yield found
    found.close()


def values(stream: Stream, *, offset: int = 0, most: int = 1_000, wait: float = 0.0) -> list[bytes | None]:
    return [entry.message.value for entry in stream.read(T, 0, offset=offset, most=most, wait_seconds=wait)]


def put(stream: Stream, *numbers: int, topic: str = T) -> None:
    stream.append(topic, [Message(None, b"%d" % number) for number in numbers])


def test_what_was_put_in_comes_out_in_order_and_again(stream: Stream) -> None:
    put(stream, 1, 2, 3)
    put(stream, 4)
    assert values(stream) == values(stream) == [b"1", b"2", b"3", b"4"]


def test_reading_goes_on_behind_an_offset_and_takes_no_more_than_asked(stream: Stream) -> None:
    put(stream, *range(10))
    first = stream.read(T, 0, offset=0, most=4)
    assert [entry.message.value for entry in first] == [b"0", b"1", b"2", b"3"]
    assert values(stream, offset=first[-1].offset + 1, most=2) == [b"4", b"5"]


def test_offsets_ascend_and_extents_say_where_it_ends(stream: Stream) -> None:
    put(stream, *range(5))
    offsets = [entry.offset for entry in stream.read(T, 0, offset=0, most=10)]
    assert offsets == sorted(set(offsets))
    assert stream.extents(T)[0].end > offsets[-1]


def test_keys_headers_and_tombstones_come_back_as_they_were(stream: Stream) -> None:
    given = [Message(b"k\x00", b"\xff", {"h": b"\x80"}), Message(b"k\x00", None)]
    stream.append(T, given)
    assert [entry.message for entry in stream.read(T, 0, offset=0, most=9)] == given


def test_topics_do_not_mix(stream: Stream) -> None:
    put(stream, 1)
    put(stream, 2, topic="others")
    assert values(stream) == [b"1"]


def test_a_topic_that_is_not_there_is_said(stream: Stream) -> None:
    with pytest.raises(NotFoundError):
        put(stream, 1, topic="nowhere")
    with pytest.raises(NotFoundError):
        stream.extents("nowhere")


def test_making_a_topic_again_keeps_what_it_holds(stream: Stream) -> None:
    put(stream, 1)
    stream.create([Topic(T)])
    assert values(stream) == [b"1"]


def test_what_was_cut_is_gone_and_offsets_go_on(stream: Stream) -> None:
    put(stream, *range(6))
    places = [entry.offset for entry in stream.read(T, 0, offset=0, most=9)]
    stream.cut(T, 0, before=places[4])
    with pytest.raises(OffsetGoneError) as gone:
        stream.read(T, 0, offset=0, most=1)
    assert gone.value.first == places[4]
    assert values(stream, offset=places[4]) == [b"4", b"5"]
    put(stream, 6)
    assert stream.read(T, 0, offset=places[5] + 1, most=1)[0].offset > places[5]


def test_cutting_everything_gives_no_offset_again(stream: Stream) -> None:
    put(stream, 1, 2)
    end = stream.extents(T)[0].end
    stream.cut(T, 0, before=end + 100)
    put(stream, 3)
    assert stream.read(T, 0, offset=end, most=1)[0].offset >= end


def test_a_reader_that_waits_is_woken(stream: Stream) -> None:
    writer = Thread(target=lambda: (time.sleep(0.1), put(stream, 7)))
    begun = time.monotonic()
    writer.start()
    found = values(stream, wait=20.0)
    writer.join()
    assert found == [b"7"]
    assert time.monotonic() - begun < 10


def test_a_reader_waits_no_longer_than_it_says(stream: Stream) -> None:
    begun = time.monotonic()
    assert values(stream, wait=0.05) == []
    assert time.monotonic() - begun >= 0.05


def test_many_at_once_lose_nothing(stream: Stream) -> None:
    writers = [
        Thread(target=lambda first=first: [put(stream, first + i) for i in range(20)]) for first in (0, 100, 200)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = [int(value or b"") for value in values(stream)]
    assert sorted(found) == sorted(first + i for first in (0, 100, 200) for i in range(20))
    for first in (0, 100, 200):
        mine = [number for number in found if first <= number < first + 100]
        assert mine == sorted(mine)


def test_what_was_acknowledged_survives_being_killed(log: Log) -> None:
    """A process that appends and says so is killed, again and again: what it said is there, in order, and nothing twice."""
    said = 0
    for _ in range(5):
        command = [sys.executable, "-c", PRODUCER.format(opened=log.opened), *log.words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(7):
            said = int(process.stdout.readline())
        process.kill()
        rest = process.stdout.read().split("\n")
        process.wait()
        process.stdout.close()
        said = max([said, *(int(line) for line in rest[:-1] if line)])
        stream = log.open()
        found = [int(value or b"") for value in values(stream, most=100_000)]
        stream.close()
        assert found == list(range(len(found)))
        assert len(found) >= said
        if log.opened is SQLITE:  # where a call is one transaction, it is there whole
            assert len(found) % 3 == 0
