"""Pieces from counters and from entries; what follows from what."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ballast.plant.reports.accounts import Increments, increments
from ballast.plant.reports.entries import Made
from ballast.plant.reports.pieces import pieces
from ballast.plant.reports.spans import Plan, Spans, laid
from ballast.plant.site.tag import TagRole

HOUR = 3_600_000


def rose(*told: tuple[int, float]) -> Increments:
    at = np.array([row[0] for row in told], dtype=np.int64)
    amount = np.array([row[1] for row in told])
    return Increments(at - 1, at, amount, np.zeros(len(at), dtype=np.bool_))


def entry(start: int, end: int | None, **quantities: float | None) -> Made:
    whole = {"produced": None, "good": None, "scrap": None, "rework": None, **quantities}
    return Made("m", start, end, "A", "", "", "毛刺", **whole)


@pytest.mark.parametrize(
    ("counters", "produced", "good", "scrap"),
    [
        ({TagRole.PRODUCED: 10, TagRole.GOOD: 8}, 10, 8, math.nan),
        ({TagRole.PRODUCED: 10, TagRole.SCRAP: 3}, 10, 7, 3),
        ({TagRole.GOOD: 8, TagRole.SCRAP: 3}, 11, 8, 3),
        ({TagRole.PRODUCED: 10, TagRole.GOOD: 7, TagRole.REWORK: 1}, 10, 7, 2),
        ({TagRole.PRODUCED: 10}, 10, math.nan, math.nan),
    ],
)
def test_what_no_counter_tells_follows_from_the_others(
    counters: dict[TagRole, float], produced: float, good: float, scrap: float
) -> None:
    found = pieces({role: rose((5, n)) for role, n in counters.items()}, [], [(0, 10)])
    assert [found.produced, found.good, found.scrap] == pytest.approx(
        [produced, good, scrap], nan_ok=True
    )
    assert found.source == "counter"


def test_an_entry_over_the_edge_counts_by_its_share_and_says_so() -> None:
    found = pieces({}, [entry(0, 4 * HOUR, produced=100.0, good=80.0)], [(HOUR, 2 * HOUR)])
    assert (found.produced, found.good) == (25.0, 20.0)
    assert found.source == "entries"
    assert "share of its time" in found.notes[0].text("en")


def test_nothing_told_is_unknown_and_not_zero() -> None:
    found = pieces({}, [], [(0, 10)])
    assert math.isnan(found.produced)
    assert found.source == "none"


def test_reasons_of_scrap_stand_only_where_they_fit_the_counters() -> None:
    entered = [entry(0, 10, produced=10.0, scrap=3.0)]
    fits = pieces({TagRole.PRODUCED: rose((5, 10)), TagRole.GOOD: rose((5, 6))}, entered, [(0, 10)])
    assert fits.scrapped == {"毛刺": 3.0}
    short = pieces(
        {TagRole.PRODUCED: rose((5, 10)), TagRole.GOOD: rose((5, 9))}, entered, [(0, 10)]
    )
    assert short.scrapped is None


def test_increments_of_summed_and_single_readings_are_one_series() -> None:
    found = increments(
        np.array([0, 60, 130]), np.array([50, 110, 130]), np.array([5.0, 9.0, 2.0]),
        np.array([8.0, 12.0, 2.0]), np.array([3.0, 3.0, 0.0]), everything(),
    )  # fmt: skip
    assert sorted(zip(found.at.tolist(), found.amount.tolist(), strict=True)) == [
        (50, 3.0), (60, 1.0), (110, 3.0), (130, 2.0),
    ]  # fmt: skip
    assert not found.lost.any()


def everything() -> Spans:
    return laid(0, 200, [], Plan.of([]))
