"""What is Kafka's own: a broker that dies, one that is another, topics as they are declared, and settings from a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest

from audience_builder.apply.event import TOPIC as EVENTS
from audience_builder.apply.operations import TOPIC as OPERATIONS
from audience_builder.errors import InputError, StreamError
from audience_builder.stream.kafka import PREFIX, TOPIC_SETTINGS, KafkaStream, settings_of
from audience_builder.stream.port import Message, Topic
from tools.services.kafka import Broker, jars, kafka
from tools.services.postgres import MissingError, free_port

DECLARED = Path(__file__).resolve().parents[2] / "pipeline" / "topic" / "topics.json"


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    try:
        jars()
    except MissingError as problem:
        pytest.skip(str(problem))
    with kafka() as found:
        yield found


@pytest.fixture
def stream(broker: Broker) -> Iterator[KafkaStream]:
    found = KafkaStream(broker.address, prefix=f"{uuid4().hex}.")
    found.create([Topic("t")])
    yield found
    found.close()


def numbers(stream: KafkaStream, *, offset: int = 0, wait: float = 0.0) -> list[int]:
    return [int(each.message.value or b"") for each in stream.read("t", 0, offset=offset, most=999, wait_seconds=wait)]


def put(stream: KafkaStream, *given: int) -> None:
    stream.append("t", [Message(None, b"%d" % number) for number in given])


def test_a_broker_that_dies_and_comes_back_has_everything_that_was_acknowledged_once(
    broker: Broker, stream: KafkaStream
) -> None:
    put(stream, 0, 1)
    assert numbers(stream) == [0, 1]
    broker.kill()
    again = Thread(target=broker.start)
    again.start()
    put(stream, 2)  # waits for it
    again.join()
    put(stream, 3)
    assert numbers(stream) == [0, 1, 2, 3]
    assert numbers(stream, offset=4, wait=0.1) == []


def test_a_stream_that_ends_before_what_was_applied_is_another_one(stream: KafkaStream) -> None:
    put(stream, 0)
    with pytest.raises(StreamError) as refused:
        numbers(stream, offset=100)
    assert "ends at 1" in refused.value.message


def test_no_broker_is_said_and_not_waited_for_long() -> None:
    stream = KafkaStream(f"127.0.0.1:{free_port()}")
    with pytest.raises(StreamError) as refused:
        stream.create([Topic("t")])
    assert refused.value.fix


def test_topics_are_made_as_they_are_declared() -> None:
    declared = json.loads(DECLARED.read_text(encoding="utf-8"))
    assert set(declared) == {PREFIX + EVENTS, PREFIX + OPERATIONS}
    assert all(topic["config"] == TOPIC_SETTINGS and topic["partitions"] == 1 for topic in declared.values())


def test_settings_come_from_a_file_a_line_each(tmp_path: Path) -> None:
    file = tmp_path / "kafka.properties"
    file.write_text("# TLS\nsecurity.protocol = SSL\n\nssl.ca.location=/etc/ca=1.pem\n")
    assert settings_of(file) == {"security.protocol": "SSL", "ssl.ca.location": "/etc/ca=1.pem"}
    assert settings_of(None) == {}


@pytest.mark.parametrize("line", ["security.protocol", "=SSL", None])
def test_a_file_of_settings_that_says_nothing_is_refused(line: str | None, tmp_path: Path) -> None:
    file = tmp_path / "kafka.properties"
    if line is not None:
        file.write_text(line)
    with pytest.raises(InputError):
        settings_of(file)
