"""Saved audiences that clients follow: told whenever who is in them has moved, once that is recorded."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Protocol

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.live.messages import MOST_FOLLOWED, WRITER, FollowedSaid, MembershipSaid
from audience_builder.audience.guard import shown
from audience_builder.audience.movement import Moved
from audience_builder.errors import AudienceBuilderError, BusyError


class Follower(Protocol):
    """A connection that may follow audiences; `followed` are their ids."""

    principal: Principal
    followed: set[str]
    is_open: bool

    def say(self, about: str, kind: str, message: bytes) -> None:
        """Have it sent; a newer one of the same kind about the same takes its place."""
        ...

    def say_problem(self, error: AudienceBuilderError) -> None:
        """Tell why something cannot be."""
        ...


class Following:
    """Who follows which audiences. Everything but looking an audience up happens on the event loop."""

    def __init__(self, app: App, pool: Executor) -> None:
        self._app = app
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._followers: dict[str, set[Follower]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = app.recorder.on_move(self._tell_loop)

    def follow(self, follower: Follower, name_or_id: str) -> None:
        """Tell this connection when that audience moves, if it may see it."""
        task = self._loop.create_task(self._add(follower, name_or_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def unfollow(self, follower: Follower, audience_id: str) -> None:
        """Tell it no more."""
        follower.followed.discard(audience_id)
        followers = self._followers.get(audience_id, set())
        followers.discard(follower)
        if not followers:
            self._followers.pop(audience_id, None)

    def forget(self, follower: Follower) -> None:
        """The connection is gone."""
        for audience_id in tuple(follower.followed):
            self.unfollow(follower, audience_id)

    def close(self) -> None:
        """Stop telling."""
        self._stop()
        for task in self._tasks:
            task.cancel()

    async def _add(self, follower: Follower, name_or_id: str) -> None:
        show = self._app.audiences.show
        try:
            if len(follower.followed) >= MOST_FOLLOWED:
                raise BusyError(f"a connection follows {MOST_FOLLOWED} audiences at most", fix="Unfollow one.")
            saved = await self._loop.run_in_executor(self._pool, show, follower.principal, name_or_id)
        except AudienceBuilderError as error:
            follower.say_problem(error)
            return
        if follower.is_open:
            key = saved.audience.id
            follower.followed.add(key)
            self._followers.setdefault(key, set()).add(follower)
            follower.say(key, "followed", WRITER.dump_json(FollowedSaid(audience=key, name=saved.audience.name)))

    def _tell_loop(self, moved: Moved) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, moved)

    def _tell(self, moved: Moved) -> None:
        for follower in self._followers.get(moved.audience_id, ()):
            follower.say(moved.audience_id, "membership", WRITER.dump_json(self._said(follower.principal, moved)))

    def _said(self, principal: Principal, moved: Moved) -> MembershipSaid:
        """Who is guarded hears that it moved, and no number."""
        below, is_exact = self._app.below(principal), principal.may(Permission.SEE_EXACT)
        entered, exited, size = (
            shown(number, below) if is_exact else None for number in (moved.entered, moved.exited, moved.size)
        )
        return MembershipSaid(
            audience=moved.audience_id, version=moved.version, mart_version=moved.mart_version, at=moved.at,
            entered=entered, exited=exited, size=size, below=below,
        )  # fmt: skip
