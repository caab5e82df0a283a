"""What is kept, for how long, and that it is made once."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Barrier, Event, Thread

import pytest

from audience_builder.engine.bitmap_cache import Cache


@dataclass(frozen=True)
class Thing:
    name: str
    nbytes: int = 10


def test_what_was_made_is_given_again() -> None:
    cache = Cache(100)
    first = cache.get("a", lambda: Thing("a"))
    assert cache.get("a", lambda: Thing("other")) is first
    assert cache.peek("a") is first
    assert cache.peek("b") is None


def test_the_least_recently_asked_goes_first_and_the_limit_holds() -> None:
    cache = Cache(25)
    for name in ("a", "b"):
        cache.get(name, lambda name=name: Thing(name))
    cache.get("a", lambda: Thing("a"))
    cache.put("c", Thing("c"))
    assert ("a" in cache, "b" in cache, "c" in cache) == (True, False, True)
    assert cache.nbytes == 20
    cache.put("c", Thing("c", 5))
    assert cache.nbytes == 15, "a value put again takes the place of the first"
    cache.put("huge", Thing("huge", 1_000))
    assert cache.nbytes == 0, "what is larger than everything is not kept"


def test_a_value_asked_for_by_many_at_once_is_made_once() -> None:
    cache, made, start = Cache(100), [], Barrier(4)
    release = Event()

    def make() -> Thing:
        made.append(1)
        release.wait(5)
        return Thing("a")

    found: list[Thing] = []

    def ask() -> None:
        start.wait(5)
        found.append(cache.get("a", make))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    release.set()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len({id(thing) for thing in found}) == 1


def test_what_could_not_be_made_is_tried_again_the_next_time() -> None:
    cache = Cache(100)

    def fail() -> Thing:
        raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        cache.get("a", fail)
    assert cache.get("a", lambda: Thing("a")).name == "a"
