"""Which engine answers: the index where it reaches, the mart where it does not, nobody before there is anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from audience_builder.audience.live import LiveEngine, Reach
from audience_builder.engine.port import Count, Facet, UserNumbers
from audience_builder.errors import BusyError, NotFoundError
from audience_builder.rule.tree import Rule
from tests.audience.small import NOW, WOMEN, rule

ASKED = rule(WOMEN)
SINCE = int(NOW.timestamp() * 1_000_000)
REACH = Reach(SINCE, SINCE + 60_000_000)


class Says:
    """An engine that only says who it is."""

    def __init__(self, version: int) -> None:
        self._version = version

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        return Count(total=0, base=0, nodes={}, as_of=as_of, mart_version=self._version)

    def members(self, rule: Rule, *, as_of: datetime) -> Iterator[UserNumbers]:
        return iter(())

    def facets(self, rule: Rule | None, *, as_of: datetime, filters: Sequence[str] | None = None) -> tuple[Facet, ...]:
        return (Facet(str(self._version), ()),)

    def contains(self, rule: Rule, user_no: int, *, as_of: datetime) -> dict[str, bool]:
        return {str(self._version): True}


MART, INDEX = 1, 2


def answering(engine: LiveEngine, as_of: datetime) -> int:
    found = engine.count(ASKED, as_of=as_of).mart_version
    assert engine.facets(None, as_of=as_of)[0].filter == str(found)
    assert engine.contains(ASKED, 0, as_of=as_of) == {str(found): True}
    assert list(engine.members(ASKED, as_of=as_of)) == []
    return found


def test_before_anything_was_loaded_there_is_nobody_to_count() -> None:
    engine = LiveEngine(Says(MART))
    assert engine.state == "empty"
    with pytest.raises(NotFoundError, match="no travellers yet"):
        engine.count(ASKED, as_of=NOW)


def test_while_the_first_index_is_built_everybody_is_asked_to_wait() -> None:
    engine = LiveEngine(Says(MART))
    engine.is_building()
    assert engine.state == "building"
    with pytest.raises(BusyError, match="being built"):
        engine.facets(None, as_of=NOW)


@pytest.mark.parametrize(
    ("seconds", "who"), [(-1e-6, MART), (0, INDEX), (59.999999, INDEX), (60, MART), (-86_400 * 3650, MART)]
)
def test_the_index_answers_within_its_reach_and_the_mart_everywhere_else(seconds: float, who: int) -> None:
    engine = LiveEngine(Says(MART))
    engine.publish(Says(INDEX), REACH)
    assert engine.state == "ready"
    assert answering(engine, NOW + timedelta(seconds=seconds)) == who


def test_a_newer_index_on_the_way_stops_nobody() -> None:
    engine = LiveEngine(Says(MART))
    engine.publish(Says(INDEX), REACH)
    engine.is_building()
    assert engine.state == "ready"
    assert answering(engine, NOW) == INDEX


def test_where_no_index_can_be_built_the_mart_answers() -> None:
    engine = LiveEngine(Says(MART))
    engine.publish(Says(INDEX), REACH)
    engine.has_failed()
    assert engine.state == "failed"
    assert answering(engine, NOW) == MART
