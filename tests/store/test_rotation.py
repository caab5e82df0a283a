"""Keys are renewed while everything goes on; wherever a rotation is cut off, every row can be read, and it goes on from there."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from audience_builder.errors import DeniedError, SealedError
from tests.store.vault import ADMIN, DPO, MARKETER, REASON, Opened, opened, people


class PowerCut(BaseException):
    """The process is gone, as far as the store is concerned."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Opened]:
    with opened(tmp_path) as found:
        yield found


@pytest.mark.parametrize("data", [False, True])
def test_after_a_rotation_every_row_stands_under_new_keys_and_is_what_it_was(desk: Opened, data: bool) -> None:
    desk.take_in(people(2_500))
    before, told = desk.everybody(), []
    status = desk.rotation.rotate(ADMIN, data=data, tell=lambda done, of: told.append((done, of)))
    assert desk.everybody() == before
    assert (status.contacts, status.to_rewrap, status.to_reseal, status.is_rotating) == (2_500, 0, 0, False)
    assert (status.master, status.old_masters) == (2, (1,))
    assert status.versions["wrapping"] == (2,)
    assert status.versions["lookup"] == ((2,) if data else (1,))
    assert told[0] == (0, 2_500)
    assert (2_500, 2_500) in told
    assert desk.vault.look_up(DPO, "phone", "010-0000-2499", REASON) == ["U2499"]


def test_old_master_keys_are_destroyed_only_when_asked_and_then_open_no_backup(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        desk.take_in(people(20))
        with sqlite3.connect(tmp_path / "backup.sqlite") as backup, sqlite3.connect(tmp_path / "store.sqlite") as raw:
            raw.backup(backup)
        backup.close()
        raw.close()
        status = desk.rotation.rotate(ADMIN, destroy_old=True)
        assert (status.master, status.old_masters) == (2, ())
        assert len(desk.everybody()) == 20
    restored = tmp_path / "restored"
    restored.mkdir()
    (tmp_path / "backup.sqlite").rename(restored / "store.sqlite")
    (tmp_path / "trail.key").rename(restored / "trail.key")
    (restored / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "master.json").rename(restored / "keys" / "master.json")
    with pytest.raises(SealedError, match="version 1 of the master key is gone"), opened(restored):
        pass


def test_rows_taken_in_during_a_rotation_are_readable_and_new(desk: Opened) -> None:
    desk.take_in(people(2_500))
    late = iter(["user_id,name\nZ1,새고객\n", "user_id,name\nU7,바뀐이름\n", "user_id,phone\nU2400,010-7777-7777\n"])

    def interrupt(done: int, of: int) -> None:
        text = next(late, None)
        if text is not None:
            desk.take_in(text)
            assert len(desk.vault.masked(MARKETER, ["U1", "U2000"])) == 2
            assert desk.vault.look_up(DPO, "phone", "010-0000-0042", REASON) == ["U42"]

    status = desk.rotation.rotate(ADMIN, data=True, tell=interrupt)
    assert (status.contacts, status.is_rotating) == (2_501, False)
    found = {contact.user_id: contact for contact in desk.everybody()}
    assert (found["Z1"].name, found["U7"].name, found["U2400"].phone) == ("새고객", "바뀐이름", "010-7777-7777")


def test_a_rotation_cut_off_at_any_statement_leaves_every_row_readable_and_goes_on(tmp_path: Path) -> None:
    """The power goes at the n-th statement, for every n until one rotation comes through; then on to the next key."""
    with opened(tmp_path, at_once=20) as desk:
        desk.take_in(people(60))
        before = desk.everybody()
    cuts = 0
    for data in (False, True):
        at = 0
        while True:
            at += 1
            with opened(tmp_path, at_once=20) as desk:
                try:
                    with cut_off_at(desk, at):
                        desk.rotation.rotate(ADMIN, data=data)
                except PowerCut:
                    cuts += 1
                else:
                    break
            with opened(tmp_path, at_once=20) as desk:
                assert desk.everybody() == before, f"unreadable or changed after a cut at statement {at}"
        with opened(tmp_path, at_once=20) as desk:
            assert desk.rotation.status(ADMIN).is_rotating is False
            assert desk.everybody() == before
    assert cuts >= 25


class cut_off_at:
    """Makes the n-th statement, or commit, the last that is ever begun."""

    def __init__(self, desk: Opened, number: int) -> None:
        self._engine = desk.store._engine  # pyright: ignore[reportPrivateUsage]
        self._left = number

    def __enter__(self) -> None:
        event.listen(self._engine, "before_cursor_execute", self._look)
        event.listen(self._engine, "commit", self._look)

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._look)
        event.remove(self._engine, "commit", self._look)

    def _look(self, *_: object) -> None:
        self._left -= 1
        if self._left <= 0:
            raise PowerCut


def test_a_process_killed_twenty_five_times_while_it_rotates_loses_no_row(tmp_path: Path) -> None:
    with opened(tmp_path, at_once=20) as desk:
        desk.take_in(people(400))
        before = desk.everybody()
    chance, kills = random.Random(5), 0
    while kills < 25:
        child = os.fork()
        if child == 0:
            rotate_for_ever(tmp_path)
        time.sleep(chance.uniform(0.02, 0.25))
        os.kill(child, signal.SIGKILL)
        _, ended = os.waitpid(child, 0)
        assert os.WIFSIGNALED(ended), "the rotation ended by itself"
        kills += 1
        with opened(tmp_path, at_once=20) as desk:
            unreadable = set(before) ^ set(desk.everybody())
            assert not unreadable
    with opened(tmp_path, at_once=20) as desk:
        assert desk.rotation.rotate(ADMIN).is_rotating is False
        assert desk.everybody() == before
        assert desk.rotation.status(ADMIN).versions["wrapping"][-1] >= 2


def rotate_for_ever(folder: Path) -> None:
    try:
        with opened(folder, at_once=20) as desk:
            while True:
                desk.rotation.rotate(ADMIN, data=True, destroy_old=True)
    finally:
        os._exit(1)


def test_only_who_administers_may_rotate(desk: Opened) -> None:
    for principal in (MARKETER, DPO):
        with pytest.raises(DeniedError):
            desk.rotation.rotate(principal)
        with pytest.raises(DeniedError):
            desk.rotation.status(principal)
