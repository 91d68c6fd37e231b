"""Maximum demand, load factor, power factor; the power factors against a year of a real meter."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.demand import (
    DEMAND_MS,
    Demand,
    load_factor,
    maximum_demand,
    power_factor,
)

MINUTE = 60_000


def test_a_peak_over_two_periods_is_found_only_by_sliding() -> None:
    kwh = np.zeros(45)
    kwh[8:23] = 2.0  # 120 kW for a quarter of an hour, from minute 8
    start = np.arange(45) * MINUTE
    assert maximum_demand(start, kwh, MINUTE) == Demand(120.0, 8 * MINUTE, 31)
    assert maximum_demand(start, kwh, MINUTE, sliding=False) == Demand(64.0, 15 * MINUTE, 3)


@given(st.lists(st.floats(0, 1e4), min_size=15, max_size=90))
def test_sliding_is_never_below_periods_that_follow_each_other(kwh: list[float]) -> None:
    start = np.arange(len(kwh)) * MINUTE
    sliding, fixed = (
        maximum_demand(start, kwh, MINUTE, sliding=slides) for slides in (True, False)
    )
    assert sliding is not None
    assert fixed is not None
    assert sliding.kw >= fixed.kw - 1e-9


@given(st.lists(st.floats(0, 1e4), min_size=15, max_size=60), st.integers(0, 59))
def test_the_demand_is_what_a_loop_finds(kwh: list[float], missing: int) -> None:
    kept = [n for n in range(len(kwh)) if n != missing]
    found = maximum_demand([n * MINUTE for n in kept], [kwh[n] for n in kept], MINUTE)
    means = [
        (sum(kwh[n : n + 15]) * 4.0, n) for n in range(len(kwh) - 14) if not n <= missing < n + 15
    ]
    if not means:
        assert found is None
    else:
        assert found is not None
        assert found.kw == pytest.approx(max(mean for mean, _ in means), abs=1e-9)
        assert found.periods == len(means)


def test_a_period_with_an_unknown_minute_has_no_mean() -> None:
    kwh = np.ones(15)
    kwh[7] = np.nan
    assert maximum_demand(np.arange(15) * MINUTE, kwh, MINUTE) is None
    assert maximum_demand([], [], MINUTE) is None


def test_hours_make_no_demand_of_a_quarter() -> None:
    with pytest.raises(Refused, match="make no demand period"):
        maximum_demand([0], [1.0], 4 * DEMAND_MS)
    with pytest.raises(Refused, match="in order"):
        maximum_demand([0, 0], [1.0, 1.0], DEMAND_MS)


def test_the_power_factors_of_a_year_of_a_steel_plant_are_those_of_its_meter(
    shared_data: Path,
) -> None:
    with (shared_data / "telemetry" / "steel_energy.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    kwh, lagging, told = (
        np.array([float(row[name]) for row in rows])
        for name in (
            "Usage_kWh",
            "Lagging_Current_Reactive.Power_kVarh",
            "Lagging_Current_Power_Factor",
        )
    )
    found = power_factor(kwh, lagging) * 100.0
    # The file rounds energies to 0.01 kWh, so small ones carry little of the angle. What the meter
    # tells for an interval without any energy (0, or 100) is its convention, and ours is nan.
    large = (kwh > 5.0) & (told > 0)
    assert large.sum() > 16_000
    assert np.abs(found[large] - told[large]).max() < 0.15
    assert np.isnan(found[(kwh == 0) & (lagging == 0)]).all()


def test_the_load_factor_of_a_constant_load_is_one() -> None:
    assert load_factor(24.0, 86_400.0, 1.0) == 1.0
    assert np.isnan(load_factor(24.0, 0.0, 1.0))
    assert np.isnan(load_factor(24.0, 86_400.0, 0.0))
