"""Which tags can be judged."""

from __future__ import annotations

import numpy as np
import pytest

from ballast.plant.detection.usable import WANDERING, left_out, reasons, wandering_share


def test_the_share_between_quarters_is_that_of_an_analysis_of_variance() -> None:
    # By hand: quarters (0, 2), (4, 6), (8, 10), (12, 14); their means 1, 5, 9, 13 about 7:
    # between 36 + 4 + 4 + 36 = 80 of four, 20; within each 1; 20 / 21.
    assert wandering_share(np.arange(0.0, 16.0, 2.0)) == pytest.approx(20 / 21)


def test_noise_does_not_wander_and_a_random_walk_does() -> None:
    rng = np.random.default_rng(0)
    assert wandering_share(rng.normal(size=400)) < 0.05
    assert wandering_share(np.cumsum(rng.normal(size=400))) > WANDERING


def test_too_few_values_have_no_share() -> None:
    assert np.isnan(wandering_share(np.array([1.0, np.nan, 2.0])))


def test_a_reason_is_said_once_and_in_both_languages() -> None:
    without = left_out(np.column_stack([np.ones(50), np.ones(50), np.full(50, np.nan)]))
    assert [*without] == [0, 1, 2]
    told = reasons(without)
    assert told.en == (
        "it does not vary over the training rows; more than half of its training rows are missing"
    )
    assert told.zh == "训练期间没有变化；训练数据缺失过半"


def test_a_spread_whose_square_is_no_number_is_none() -> None:
    tiny = np.random.default_rng(3).normal(size=(400, 1)) * 1e-300
    assert [one.text("en") for one in left_out(tiny).values()] == [
        "it does not vary over the training rows"
    ]
