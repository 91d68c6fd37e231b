"""The size class: bounds, the sector of an industry, and what remains possible."""

from __future__ import annotations

from typing import Any

import pytest
from tests.brain.policy.small_law import DAY, facts, laws_of

from ballast.brain.policy.finding import Missing
from ballast.brain.policy.size import sector_of, size_class

LAWS = laws_of(None)
STANDARD = LAWS.law("size_standard").versions[0]


@pytest.mark.parametrize(
    ("staff", "revenue", "name"),
    [
        (1000, 40000, "large"), (999, 40000, "medium"), (1000, 39999, "medium"),
        (300, 2000, "medium"), (299, 2000, "small"), (300, 1999, "small"),
        (20, 300, "small"), (19, 300, "micro"), (20, 299, "micro"), (0, 0, "micro"),
        (2000, 250, "micro"), (5, 90000, "micro"),
    ],
)  # fmt: skip
def test_every_measure_must_be_reached_and_from_means_with(
    staff: int, revenue: int, name: str
) -> None:
    known = facts(industry="3411", staff={2025: staff}, revenue={2025: revenue})
    assert size_class(LAWS, known, DAY).classes == (name,)


@pytest.mark.parametrize(
    ("known", "classes"),
    [
        ({"staff": {2025: 12}}, ("micro",)),
        ({"staff": {2025: 150}}, ("small", "micro")),
        ({"staff": {2025: 5000}}, ("large", "medium", "small", "micro")),
        ({"revenue": {2025: 500}}, ("small", "micro")),
        ({"revenue": {2025: 299}}, ("micro",)),
        ({}, ("large", "medium", "small", "micro")),
        ({"staff": {2024: 12}}, ("large", "medium", "small", "micro")),
    ],
)
def test_a_measure_that_is_not_known_leaves_what_the_other_does_not_rule_out(
    known: dict[str, Any], classes: tuple[str, ...]
) -> None:
    found = size_class(LAWS, facts(industry="34", **known), DAY)
    assert found.classes == classes
    assert bool(found.finding.missing) == (len(classes) > 1)


def test_the_longest_code_wins_over_the_section() -> None:
    assert (sector := sector_of(STANDARD, "3443")) is not None
    assert sector.id == "valves"
    assert (sector := sector_of(STANDARD, "344")) is not None
    assert sector.id == "industry"
    assert (sector := sector_of(STANDARD, "C")) is not None
    assert sector.id == "industry"


@pytest.mark.parametrize("industry", ["6510", "9999", "阀门", "3443x"])
def test_an_industry_in_no_sector_leaves_every_class_possible(industry: str) -> None:
    found = size_class(LAWS, facts(industry=industry, staff={2025: 5}), DAY)
    assert set(found.classes) == {"large", "medium", "small", "micro"}
    assert found.finding.missing == (Missing("industry"),)
    assert found.finding.turn is not None
    assert industry in found.finding.turn.zh


def test_no_industry_is_asked_for() -> None:
    found = size_class(LAWS, facts(staff={2025: 5}), DAY)
    assert found.finding.turn is not None
    assert found.finding.turn.zh == "请补充：行业代码（统计单位名录）"
