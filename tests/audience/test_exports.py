"""Exports: for a purpose, approved, exactly the rule's users, and gone after a day."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.audience import Draft, ExportWish
from audience_builder.audience.live import LiveEngine
from audience_builder.errors import BusyError, ConflictError, DeniedError, InputError, NotFoundError
from audience_builder.store import ExportJob, ExportState, Outcome
from tests.audience.small import GOLD, NOW, WOMEN, copied, opened, rule

WISH = ExportWish(rule=rule(WOMEN, GOLD), purpose="가을 프로모션")
OTHER = Principal("omar", "Omar", frozenset({Role.APPROVER}))
MARKETER = Principal("mina", "Mina", frozenset({Role.MARKETER, Role.APPROVER}))


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def by_person(folder: Path, clock: Clock) -> Iterator[App]:
    app = opened(folder, now=clock, approval="person")
    yield app
    app.close()


def ended(app: App, job: ExportJob, principal: Principal | None = None) -> ExportJob:
    ending = app.exports.ending(job.id)
    if ending is not None:
        ending.exception(timeout=30)
    return app.exports.show(principal or app.principal, job.id)


def done(app: App, wish: ExportWish = WISH) -> tuple[ExportJob, bytes]:
    job = ended(app, app.exports.request(app.principal, wish))
    return job, b"".join(app.exports.file(app.principal, job.id)[1])


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def sealed(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "exports").iterdir())


def trail(app: App, job: ExportJob) -> list[tuple[str, str]]:
    with app.store.unit(app.principal) as unit:
        return [(entry.action, entry.principal) for entry in unit.trail.entries() if entry.object == job.id]


def put(app: App, job: ExportJob) -> None:
    with app.store.unit(app.principal) as unit:
        unit.exports.put(job)
        unit.audit("test", job.id)


def test_the_file_has_exactly_the_members(app: App, folder: Path) -> None:
    job, content = done(app)
    members = app.questions.members(app.principal, WISH.rule, limit=1000).user_ids
    assert content.startswith(b"user_id\r\n")
    assert tuple(row["user_id"] for row in rows_of(content)) == members
    assert job.count == len(members) == app.questions.count(app.principal, WISH.rule).total
    assert (job.state, job.size_bytes) == (ExportState.DONE, len(content))
    assert job.digest == hashlib.sha256(content).hexdigest()
    (file,) = (folder / "exports").iterdir()
    assert oct(file.stat().st_mode & 0o777) == oct(0o600)


def test_both_formats_say_the_same(app: App) -> None:
    columns = (
        "membership_tier",
        "age_band",
        "gender",
        "activity_region",
        "life_stage",
        "signup_band",
        "consented_channels",
    )
    _, as_csv = done(app, replace(WISH, columns=columns))
    _, as_json = done(app, replace(WISH, columns=columns, format="json"))
    rows = rows_of(as_csv)
    said = [{key: value or "" for key, value in row.items()} for row in json.loads(as_json)]
    assert rows == said
    assert {row["gender"] for row in rows} == {"female"}
    assert {row["membership_tier"] for row in rows} <= {"gold", "vip", "vvip"}


def test_the_columns_are_those_of_the_profile_at_the_moment(app: App) -> None:
    then = NOW - timedelta(days=60)
    rows = rows_of(done(app, replace(WISH, columns=("membership_tier",), as_of=then))[1])
    for row in rows[:20]:
        why = app.questions.why(app.principal, WISH.rule, row["user_id"], as_of=then)
        tiers = {3: "gold", 4: "vip", 5: "vvip"}
        value = why.explanation.values["gold"]
        assert isinstance(value, int)
        assert tiers[value] == row["membership_tier"]
    assert rows


def test_the_policy_approves_pseudonymous_columns_and_is_named_for_it(app: App) -> None:
    job, _ = done(app)
    assert job.approved_by == "policy:pseudonymous-columns"
    assert trail(app, job)[:5] == [
        ("export.request", "local"),
        ("export.approve", "local"),
        ("export.run", "service:exports"),
        ("export.done", "service:exports"),
        ("export.show", "local"),
    ]


def test_nobody_approves_their_own_request_and_another_may(by_person: App) -> None:
    job = by_person.exports.request(MARKETER, WISH)
    assert job.state is ExportState.REQUESTED
    with pytest.raises(DeniedError, match="own request"):
        by_person.exports.approve(MARKETER, job.id)
    with pytest.raises(BusyError, match="requested"):
        by_person.exports.file(MARKETER, job.id)
    by_person.exports.approve(OTHER, job.id)
    found = ended(by_person, job, MARKETER)
    assert (found.state, found.approved_by) == (ExportState.DONE, "omar")
    with pytest.raises(ConflictError, match="done already"):
        by_person.exports.approve(OTHER, job.id)


def test_a_job_changed_after_its_approval_does_not_run(by_person: App) -> None:
    job = by_person.exports.request(MARKETER, WISH)
    stored: dict[str, Any] = {"state": ExportState.APPROVED, "approved_by": "omar", "approved_for": "0" * 64}
    put(by_person, replace(job, **stored))
    by_person.exports.recover()
    assert ended(by_person, job, MARKETER).state is ExportState.APPROVED
    assert ("export.run", "service:exports") not in trail(by_person, job)


def test_only_who_requested_it_gets_the_file(app: App) -> None:
    job, _ = done(app)
    with pytest.raises(DeniedError, match="only who requested"):
        app.exports.file(MARKETER, job.id)
    with pytest.raises(DeniedError):
        app.exports.file(OTHER, job.id)
    assert app.exports.show(OTHER, job.id).id == job.id  # who approves may look at the job
    assert app.exports.list(Principal("vi", "Vi", frozenset({Role.VIEWER}))) == []


def test_a_file_is_gone_after_a_day(folder: Path, clock: Clock) -> None:
    app = opened(folder, now=clock)
    job, content = done(app)
    clock.now += timedelta(hours=23, minutes=59)
    assert b"".join(app.exports.file(app.principal, job.id)[1]) == content
    clock.now += timedelta(minutes=2)
    with pytest.raises(NotFoundError, match="expired"):
        app.exports.file(app.principal, job.id)
    assert sealed(folder) == []
    assert app.exports.show(app.principal, job.id).state is ExportState.EXPIRED
    app.close()


def test_after_a_crash_what_ran_has_failed_and_what_was_approved_runs(folder: Path) -> None:
    app = opened(folder)
    job, content = done(app)
    put(app, replace(job, state=ExportState.RUNNING))
    put(app, replace(job, id="waiting", state=ExportState.APPROVED))
    app.close()
    (folder / "exports" / "half.csv.part").write_bytes(b"half")
    (folder / "exports" / "older.csv").write_bytes(content)  # as it lay there before exports were sealed
    app = opened(folder)
    found = app.exports.show(app.principal, job.id)
    assert (found.state, found.problem) == (ExportState.FAILED, "the process ended while it ran")
    assert ended(app, replace(job, id="waiting")).state is ExportState.DONE
    assert sealed(folder) == ["waiting.csv.sealed"]
    app.close()


def test_while_it_is_written_it_says_how_many_rows_of_how_many(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    members = LiveEngine.members

    def one_by_one(self: LiveEngine, *args: Any, **words: Any) -> Iterator[Any]:
        for numbers in members(self, *args, **words):
            for at in range(0, len(numbers), 10):
                running = app.exports.progress(app.exports.list(app.principal)[0])
                told.append((running.written, running.rows) if running else (-1, -1))
                yield numbers[at : at + 10]

    with monkeypatch.context() as patched:
        patched.setattr(LiveEngine, "members", one_by_one)
        job = app.exports.request(app.principal, WISH)
        job = ended(app, job)
    assert job.state is ExportState.DONE
    assert job.count is not None
    assert job.count > 20
    assert told == [(written, job.count) for written in range(0, job.count, 10)]
    assert app.exports.progress(job) is None


def test_an_export_waits_until_counting_is_possible(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter((True, True, False))
    count = LiveEngine.count

    def soon(self: LiveEngine, *arguments: Any, **options: Any) -> Any:
        if next(tries, False):
            raise BusyError("the index is being built")
        return count(self, *arguments, **options)

    monkeypatch.setattr(LiveEngine, "count", soon)
    assert done(app)[0].state is ExportState.DONE


def test_what_could_not_begin_before_the_end_runs_after_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> object:
        raise BusyError("the index is being built")

    app = opened(folder)
    with monkeypatch.context() as patch:
        patch.setattr(LiveEngine, "count", never)
        job = app.exports.request(app.principal, WISH)
        app.close()
    app = opened(folder)
    assert ended(app, job).state is ExportState.DONE
    app.close()


def test_a_failed_export_says_why_and_leaves_no_file(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise BusyError("the index is being built")

    with monkeypatch.context() as patch:
        patch.setattr(LiveEngine, "members", refuse)
        job = ended(app, app.exports.request(app.principal, WISH))
    assert (job.state, job.problem) == (ExportState.FAILED, "the index is being built")
    with app.store.unit(app.principal) as unit:
        assert next(e for e in unit.trail.newest() if e.action == "export.failed").outcome is Outcome.FAILED
    with pytest.raises(NotFoundError, match="failed"):
        app.exports.file(app.principal, job.id)


@pytest.mark.parametrize(
    "words", [{"purpose": "  "}, {"purpose": "x" * 501}, {"format": "xlsx"}, {"columns": ("push_token",)}], ids=str
)
def test_what_cannot_be_exported_is_refused_and_no_job_is_made(app: App, words: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        app.exports.request(app.principal, replace(WISH, **words))
    assert app.exports.list(app.principal) == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MARKETER}))
def test_only_marketers_request(app: App, role: Role) -> None:
    with pytest.raises(DeniedError):
        app.exports.request(Principal("x", "X", frozenset({role})), WISH)


def test_an_export_of_a_saved_audience_says_which_version(app: App) -> None:
    saved = app.audiences.save_new(app.principal, "여성 골드", Draft(rule=WISH.rule))
    job, _ = done(app, replace(WISH, audience=(saved.audience.id, 1)))
    assert (job.audience_id, job.audience_version) == (saved.audience.id, 1)


def test_an_export_as_of_a_moment_without_members_is_an_empty_file(app: App) -> None:
    job, content = done(app, replace(WISH, as_of=datetime(2001, 1, 1, tzinfo=UTC)))
    assert (job.count, content) == (0, b"user_id\r\n")


def test_copies_of_the_sample_are_independent(tmp_path: Path) -> None:
    assert sorted(file.name for file in copied(tmp_path / "x").iterdir()) == [
        "index",
        "keys",
        "mart.duckdb",
        "store.sqlite",
        "stream.sqlite",
    ]
