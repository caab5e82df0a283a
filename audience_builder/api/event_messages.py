"""What is said of events and of the stream."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.apply.applier import Lag
from audience_builder.apply.collector import Taken
from audience_builder.mart.streamed import DeadEntry


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class RefusedAnswer(_Out):
    """An event that was not taken: its line (from 1), a stable code, the field, and what to do. What stood there is not repeated."""

    line: int
    code: str
    field: str
    fix: str


class EventsAnswer(_Out):
    """How many events are in the stream now, and which were refused (of very many, the first thousand)."""

    accepted: int
    refused: int
    problems: list[RefusedAnswer]

    @classmethod
    def of(cls, taken: Taken) -> EventsAnswer:
        """As it is told: nothing of what was sent is repeated."""
        named = [
            RefusedAnswer(line=each.line, code=each.fault.code, field=each.fault.field, fix=each.fault.fix)
            for each in taken.named
        ]
        return cls(accepted=taken.accepted, refused=taken.refused, problems=named)


class StagePlace(_Out):
    """A partition of the stream. `received = applied + duplicate + late + dead`; `in_flight` entries wait behind them."""

    topic: str
    partition: int
    received: int
    applied: int
    duplicate: Annotated[int, Field(description="told before: counted once")]
    late: Annotated[int, Field(description="more than 24 hours behind the latest event: kept aside")]
    dead: Annotated[int, Field(description="could not be applied: kept aside with the reason")]
    in_flight: Annotated[int, Field(description="entries that wait; an entry of events is a batch of them")]
    applied_at: datetime | None
    oldest_waiting_at: datetime | None
    problem: Annotated[str, Field(description="why nothing goes on; empty where it does")]

    @classmethod
    def of(cls, lag: Lag) -> StagePlace:
        """How a partition stands."""
        place = lag.place
        return cls(
            topic=place.topic,
            partition=place.partition,
            received=place.received,
            applied=place.applied,
            duplicate=place.duplicate,
            late=place.late,
            dead=place.dead,
            in_flight=lag.in_flight,
            applied_at=None if place.applied_at is None else place.applied_at.replace(tzinfo=UTC),
            oldest_waiting_at=lag.oldest_waiting_at,
            problem=lag.problem,
        )


class PipelineAnswer(_Out):
    """Every source of the stream, and what is wrong with the index (empty: nothing)."""

    sources: list[StagePlace]
    problem: str


class DeadLetterAnswer(_Out):
    """Something that could not be applied: where it lay in the stream and why."""

    topic: str
    partition: int
    offset: int
    line: int
    reason: str
    at: datetime
    replayed_at: datetime | None

    @classmethod
    def of(cls, dead: DeadEntry) -> DeadLetterAnswer:
        """One of the mart's."""
        replayed = dead.replayed_at
        return cls(
            topic=dead.topic,
            partition=dead.partition,
            offset=dead.place,
            line=dead.line,
            reason=dead.reason,
            at=dead.at.replace(tzinfo=UTC),
            replayed_at=None if replayed is None else replayed.replace(tzinfo=UTC),
        )


class DeadLettersAnswer(_Out):
    """A page of them."""

    letters: list[DeadLetterAnswer]


class ReplayForm(BaseModel):
    """What is to be tried again: everything put aside for this reason."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=40)]


class ReplayAnswer(_Out):
    """How much is in the stream again."""

    replayed: int
