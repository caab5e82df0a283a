"""A pytest plugin: puts the quickest laws first, and writes down which one failed and how.

`MUTANT_WITNESS` names the file to write; `MUTANT_FIRST` a text in the ids of the laws to ask first; `MUTANT_SECONDS` how long this
process may work: seconds of its own, not of waiting for a core, so that what else the machine does changes no outcome.
"""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest

import audience_builder

LAWS = (
    "test_every_engine_gives_every_user_the_same_verdict",
    "test_each_operator_window_and_property_of_each_filter_agrees",
    "test_hours_count_from_the_latest_touch_of_a_cart_that_has_come",
    "test_each_status_of_a_booking_is_told_by_its_days_and_whether_somebody_came",
    "test_days_ahead_count_from_the_booking_and_of_what_was_not_booked_yet_from_the_cart",
    "test_a_cart_is_answered_by_what_is_booked_for_it_since_and_by_nothing_else",
    "test_what_is_paid_or_cancelled_later_lies_in_no_window_yet",
    "test_the_first_of_two_bookings_at_one_moment_is_told_by_its_id_whatever_stands_between",
    "test_an_index_knows_consents_given_since_the_last_profile_began",
    "test_a_cycle_is_counted_between_paid_days_and_how_far_it_is_in_tenths",
    "test_lead_time_is_the_lower_median_of_confirmed_nights",
    "test_looks_add_up_over_rows_and_days",
    "test_who_visited_is_who_has_had_a_session_until_today",
    "test_a_cart_says_most_for_seven_days",
    "test_what_was_booked_since_for_those_dates_there_is_meant_no_more",
    "test_one_look_says_as_much_as_its_day_and_dates_and_kind",
    "test_nights_are_preferred_from_a_third_on_and_count_for_a_year",
    "test_a_named_stretch_holds_its_first_and_last_day_and_none_beside",
    "test_each_property_of_each_filter_agrees",
    "test_asked_again_and_in_another_order_every_count_stays",
    "test_facets_count_what_their_lines_say",
    "test_one_user_asked_about_alone_gets_the_same_verdicts",
    "test_a_rule_and_its_negation_part_everybody",
    "test_logic_is_logic",
    "test_widening_grows_and_narrowing_shrinks",
)
"""The order of asking: what kills most stands first. Laws not named here come after them."""

ASKS_NO_ENGINE = (
    "test_coverage.py",
    "test_a_rule_read_from_what_was_printed_is_the_rule",
    "test_the_generated_rules_ask_everything_the_catalog_knows",
    "test_some_of_the_generated_people_become_active_and_some_leave_in_a_patch",
)
"""What no fault in an engine can break."""


def law_of(node_id: str) -> str:
    """The name of a test without its file and parameters."""
    return node_id.rpartition("::")[2].partition("[")[0]


def pytest_sessionstart() -> None:
    """Refuse to run against any other copy of the product than the mutated one, and bound the work."""
    seconds = int(os.environ["MUTANT_SECONDS"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    home = Path(str(audience_builder.__file__)).resolve()
    if Path.cwd().resolve() not in home.parents:
        pytest.exit(f"the product under test is {home}", returncode=3)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The laws that ask engines, quickest first."""
    first = os.environ.get("MUTANT_FIRST", "")

    def rank(item: pytest.Item) -> tuple[bool, int]:
        law = law_of(item.nodeid)
        return not (first and first in item.nodeid), LAWS.index(law) if law in LAWS else len(LAWS)

    items[:] = sorted((item for item in items if not any(name in item.nodeid for name in ASKS_NO_ENGINE)), key=rank)


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> None:
    """Write down the first failure: a law broken is an assertion made in the laws themselves, all else a crash."""
    found = call.excinfo
    path = Path(os.environ["MUTANT_WITNESS"])
    if found is None or path.exists():
        return
    # `pytest.fail` is called in the laws only; an assertion may also be the product's own.
    is_theirs = "tests" in Path(str(found.traceback[-1].path)).parts
    is_law = issubclass(found.type, pytest.fail.Exception) or (issubclass(found.type, AssertionError) and is_theirs)
    said = {"law": law_of(item.nodeid), "of": item.nodeid.partition("[")[2].rstrip("]"), "is_law": is_law,
            "message": f"{found.type.__name__}: {found.value}"[:300]}  # fmt: skip
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
