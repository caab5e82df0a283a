"""One index being asked: its sets and values, each computed once and kept while there is room."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from os import sysconf

import numpy as np

from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.options import STAY_MODES
from audience_builder.clock import day_number, day_of
from audience_builder.engine import kernel_bookings, plan
from audience_builder.engine.bitmap_cache import Cache
from audience_builder.engine.bitmap_recent import Recent
from audience_builder.engine.bitmap_sets import Numbers, People, Questions, Threshold, Values, sliced
from audience_builder.engine.bitmap_tests import matching, threshold
from audience_builder.engine.bitmap_values import value_of
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Bytes, Flags, Halves, Integers, Words, packed, sealed
from audience_builder.index.columns import CART_MINUTES, NO_DAY
from audience_builder.index.contents import Index, Traits, TraitsFor, micros
from audience_builder.mart.tables import LAST_ACTIVE_STATUS

_DAY_USE = next(option.code for option in STAY_MODES.options if option.key == "day_use")
_MINUTE = 60_000_000


def cache_bytes_for(users: int) -> int:
    """Enough for the facets of some days, of which each takes about 160 bytes a user, and the rules asked meanwhile.

    Never more than a quarter of this machine's memory: what does not fit is worked out anew.
    """
    return min(256 * 2**20 + 512 * users, sysconf("SC_PAGE_SIZE") * sysconf("SC_PHYS_PAGES") // 4)


class Reading:
    """One index and what was computed from it. Threads may share it; what it has computed never changes again."""

    def __init__(
        self,
        index: Index,
        *,
        traits_for: TraitsFor | None,
        cache_bytes: int | None = None,
        recent: Recent | None = None,
    ) -> None:
        self.index = index
        self.cache = Cache(cache_bytes_for(index.users.size) if cache_bytes is None else cache_bytes)
        self.traits_for = traits_for
        self.recent = recent or Recent()

    @property
    def mart_version(self) -> int:
        """The mart version that is answered from."""
        return self.index.mart_version

    def at(self, as_of: datetime) -> At:
        """The index as of a moment. Raises EngineError where its profiles do not say how things stood then."""
        moment = micros(as_of)
        if not self.index.since <= moment < self.index.until:
            raise EngineError(
                "profiles have changed between that moment and the index",
                fix="Ask an engine that reads history, or build the index anew.",
            )
        late = self.index.users.late_consents["moment"]
        return At(self, day_number(day_of(as_of)), moment // _MINUTE, int(np.count_nonzero(late <= moment)))


@dataclass(frozen=True, slots=True, eq=False)
class At:
    """An index as of one moment: everybody, and who each condition means.

    `day` and `minute` are numbers since 1970; `late` is how many of the late consents had been given.
    """

    reading: Reading
    day: int
    minute: int
    late: int

    @property
    def index(self) -> Index:
        """What is read."""
        return self.reading.index

    def everybody(self) -> People:
        """The active users."""
        return self.reading.cache.get(("everybody", self.day), self._new_everybody)

    def people(self, ask: plan.Ask) -> People:
        """The active users of whom the condition is true."""
        self.reading.recent.note(self.key(ask), ask)
        return self.prepared(ask)

    def prepared(self, ask: plan.Ask) -> People:
        """The same, asked by nobody."""
        return self.reading.cache.get(self.key(ask), lambda: self._new_people(ask))

    def key(self, ask: plan.Ask) -> Hashable:
        """Equal for questions with one answer."""
        return ("people", ask.cache_key, self._late(ask))

    def values(self, ask: plan.Ask) -> Values:
        """Each user's value: one for all conditions that only compare it otherwise."""
        return self.reading.cache.get(self._values_key(ask), lambda: value_of(self, ask))

    def _values_key(self, ask: plan.Ask) -> Hashable:
        minute = self.minute if ask.rows is not None and ask.rows.needs_minute else 0
        asked = (ask.aggregate, ask.column, ask.rows, ask.countries, ask.night, self._late(ask))
        return ("values", self.day, minute, *asked)

    def keep_sliced(self, ask: plan.Ask) -> None:
        """Keep each user's value in as little room as there is, to be compared with any number."""
        values = self.values(ask)
        if isinstance(values, Numbers):
            self.reading.cache.put(self._values_key(ask), sliced(values))

    def threshold(self, ask: plan.Ask) -> int | None:
        """Where the share a question asks for begins (or ends); None where nobody has a value above zero."""
        if not isinstance(ask.test, plan.Share):
            raise EngineError(f"{ask.filter.key} is not compared by shares")
        share = ask.test
        key = ("threshold", self.key(ask))
        found = self.reading.cache.get(
            key, lambda: Threshold(threshold(share, self.values(ask), self.everybody().words))
        )
        return found.value

    def asks(self, key: str, make: Callable[[], tuple[plan.Ask, ...]]) -> tuple[plan.Ask, ...]:
        """Questions put once a day under a key."""
        return self.reading.cache.get(("asks", key, self.day), lambda: Questions(make())).asks

    # --- what the values are read from ------------------------------------------------------------------------------------

    def states(self) -> Halves:
        """What is true of each booking row on the day (`kernel_bookings`)."""
        return self.reading.cache.get(("states", self.day), self._new_states)

    def left_hours(self, first: int, last: int) -> Integers:
        """Whole hours since each of these carts (rows of the table `cart`) was left behind; -1 where it was not."""
        carts, answers = self.index.tables["cart"], self.index.tables["answer"]
        hours = np.empty(last - first, np.int32)
        carted, checkout, failed, removed = (carts[f"{name}_minute"][first:last] for name in CART_MINUTES)
        ends = carts["answers"]
        start = int(ends[first - 1]) if first else 0
        booked = answers["booked_day"], answers["cancelled_day"]
        kernel_bookings.put_left_hours(
            (carted, checkout, failed, removed), start, ends[first:last], booked, (self.minute, self.day), hours
        )
        return hours

    def traits(self) -> Traits:
        """The traits as of the day: the index's own, or computed for another day."""
        own = self.index.traits
        if own is not None and own.day == self.day:
            return own
        return self.reading.cache.get(("traits", self.day), self._new_traits)

    def consents(self) -> Words:
        """The consents given by the moment: a row of bits each (`columns.CONSENTS`)."""
        users = self.index.users
        if not self.late:
            return users.consents
        given, late = users.consents.copy(), users.late_consents
        rows = np.argsort(late["moment"], kind="stable")[: self.late]
        who, consent = late["user"][rows], late["consent"][rows]
        np.bitwise_or.at(given, (consent, who >> 6), np.uint64(1) << (who & 63).astype(np.uint64))
        return given

    # --- made once --------------------------------------------------------------------------------------------------------

    def _late(self, ask: plan.Ask) -> int:
        return self.late if ask.aggregate is Aggregate.CONSENTS else 0

    def _new_everybody(self) -> People:
        users = self.index.users
        has_signed_up = (users.signed_up_day != NO_DAY) & (users.signed_up_day <= self.day)
        is_active = (users.status > 0) & (users.status <= LAST_ACTIVE_STATUS)
        return _people(packed(is_active & has_signed_up))

    def _new_people(self, ask: plan.Ask) -> People:
        everybody = self.everybody().words
        found = matching(ask.test, self.values(ask), everybody) & everybody
        if ask.statuses is not None:
            found &= packed(_is_one_of(self.index.users.status, ask.statuses))
        return _people(everybody & ~found if ask.negated else found)

    def _new_states(self) -> Halves:
        log, stages = self.index.log("booking"), self.index.tables["stage"]
        states = np.zeros(log.rows, np.uint16)
        for of in log.starts:
            part = slice(int(of[0]), int(of[-1]))
            moments = log["carted_day"][part], log["booked_day"][part], log["cancelled_day"][part]
            stay = log["check_in"][part], log["check_out"][part]
            flags = log["no_show"][part], log["stay_mode"][part]
            kernel_bookings.put_states(log["user"][part], moments, stay, flags, (_DAY_USE, self.day), states[part])
        kernel_bookings.put_stages(
            stages["row"], stages["checkout_day"], stages["payment_failed_day"], self.day, states
        )
        return sealed(states)

    def _new_traits(self) -> Traits:
        if self.reading.traits_for is None:
            raise EngineError("the index keeps no traits of that day", fix="Compute the traits as of it first.")
        found = self.reading.traits_for(self.day, self.index.users.size)
        if found.day != self.day or any(values.size != self.index.users.size for values in found.columns.values()):
            raise EngineError("traits came for another day or other users than asked for")
        return found


def _is_one_of(status: Bytes, wanted: frozenset[int]) -> Flags:
    return np.isin(status, sorted(wanted))


def _people(words: Words) -> People:
    return People(sealed(words), int(np.bitwise_count(words).sum()))
