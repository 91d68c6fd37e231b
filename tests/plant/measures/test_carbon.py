"""Carbon of electricity: the factor of the day, named, or none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from ballast.plant.measures.carbon import NATIONAL_GRID, EmissionFactor, emissions, factor_at

OWN = EmissionFactor(date(2022, 7, 1), Decimal("0.1"), "green power contract")


def test_the_published_factors_are_those_that_were_read() -> None:
    """新京报, 27 December 2024 (2021, 2022); 新浪财经, 22 January 2026 (2022, 2023)."""
    assert {one.since.year: str(one.kg_per_kwh) for one in NATIONAL_GRID} == {
        2021: "0.5568", 2022: "0.5366", 2023: "0.5306",
    }  # fmt: skip
    assert all(one.source for one in NATIONAL_GRID)


@pytest.mark.parametrize(
    ("day", "right"),
    [
        ("2020-12-31", None),
        ("2021-01-01", "0.5568"),
        ("2022-12-31", "0.5366"),
        ("2026-11-23", "0.5306"),
    ],
)
def test_a_day_has_the_factor_of_the_newest_year_not_after_it(day: str, right: str | None) -> None:
    found = factor_at(date.fromisoformat(day))
    assert (None if found is None else str(found.kg_per_kwh)) == right


def test_a_site_with_a_factor_of_its_own_is_reckoned_with_it_from_its_day_on() -> None:
    days = np.array(["2020-06-01", "2022-06-30", "2022-07-01"], dtype="datetime64[D]")
    kg, used = emissions(days, [10.0, 10.0, 10.0], [OWN])
    assert np.isnan(kg[0])
    assert kg[1:].tolist() == [pytest.approx(5.366), pytest.approx(1.0)]
    assert [one.since.year for one in used] == [2022, 2022]
    assert OWN in used
