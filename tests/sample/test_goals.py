"""The sample's goals name indicators that there are, in units that are theirs."""

from __future__ import annotations

import polars as pl

from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.unit import parse_unit

Frames = dict[str, pl.DataFrame]


def test_every_goal_is_of_an_indicator_that_there_is(sample: Frames) -> None:
    assert set(sample["goal"]["item"]) <= set(INDICATORS)


def test_every_level_is_in_a_unit_of_the_indicator_s_kind(sample: Frames) -> None:
    levels = sample["goal"].filter(pl.col("measure") == "level")
    for item, unit in levels.select("item", "unit").iter_rows():
        assert parse_unit(unit).dimension == INDICATORS[item].unit.dimension, item
    assert set(sample["goal"].filter(pl.col("measure") != "level")["unit"]) == {"%"}


def test_every_programme_says_that_it_is_made_up(sample: Frames) -> None:
    assert sample["goal"]["programme"].str.ends_with("（样例）").all()
    assert sample["goal"]["unit_responsible"].null_count() == 0
