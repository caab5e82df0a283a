"""Chance is read from tables: exactly the weights that were given, the same numbers whoever throws them."""

from __future__ import annotations

import numpy as np
import pytest

from audience_builder.sample.chance import Choices, Quantiles, dice, repeated, times, weights_of


def test_options_come_up_as_often_as_their_weights_say() -> None:
    picked = Choices.of([[1, 3, 0], [0, 0, 5]]).pick(0, dice(1).random(40_000))
    shares = np.bincount(picked, minlength=3) / len(picked)
    assert shares[0] == pytest.approx(0.25, abs=0.01)
    assert shares[2] == 0


def test_each_chooser_has_a_row_of_its_own() -> None:
    choices = Choices.of([[1, 1, 0], [0, 0, 1], [1, 0, 0]])
    rows = np.array([0, 1, 2, 1, 2])
    assert choices.pick(rows, np.array([0.7, 0.0, 0.99, 0.99, 0.0])).tolist() == [1, 2, 0, 2, 0]


def test_the_highest_chance_stays_within_its_row() -> None:
    highest = np.nextafter(1.0, 0.0)
    choices = Choices.of(np.ones((500, 4)))
    assert choices.pick(np.array([0, 250, 499]), np.full(3, highest)).tolist() == [3, 3, 3]


@pytest.mark.parametrize("weights", [[[0.0, 0.0]], [[1.0, -1.0, 2.0]]])
def test_a_row_without_a_weight_or_with_a_negative_one_is_refused(weights: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Choices.of(weights)


def test_quantiles_are_joined_by_straight_lines() -> None:
    table = Quantiles.of([(0, 10, 20), (5, 5, 100)])
    assert table.value(np.array([0, 0, 1, 1]), np.array([0.0, 0.25, 0.5, 0.75])).tolist() == [0, 5, 5, 52.5]
    assert table.whole(0, np.array([0.24, 0.26])).tolist() == [5, 5]
    assert table.means().tolist() == [10, 28.75]


def test_a_fraction_is_rounded_up_as_often_as_it_says() -> None:
    assert times(np.full(20_000, 1.3), dice(2).random(20_000)).mean() == pytest.approx(1.3, abs=0.01)


def test_repetitions_are_numbered() -> None:
    owner, number = repeated(np.array([2, 0, 3]))
    assert owner.tolist() == [0, 0, 2, 2, 2]
    assert number.tolist() == [0, 1, 0, 1, 2]


def test_weights_stand_in_the_order_of_the_keys() -> None:
    assert weights_of({"b": 2.0}, ("a", "b"), rest=0.5) == [0.5, 2.0]
    with pytest.raises(KeyError, match="c"):
        weights_of({"c": 1.0}, ("a", "b"))


def test_dice_of_one_seed_and_block_throw_the_same_numbers_and_others_do_not() -> None:
    assert dice(1, 2).random(5).tolist() == dice(1, 2).random(5).tolist()
    assert dice(1, 2).random(5).tolist() != dice(1, 3).random(5).tolist()
    assert dice(1, 2).random(5).tolist() != dice(2, 2).random(5).tolist()
