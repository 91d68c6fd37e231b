"""Sums of projects by their features: each counts once, and the groups make up the whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.brain.projects.conftest import make_ledger

from ballast.brain.projects.totals import BY, in_region, totals


@pytest.mark.parametrize("by", BY)
def test_groups_make_up_the_whole(by: str) -> None:
    projects = make_ledger().projects.values()
    found = totals(projects, by)
    assert sum(one.projects for one in found) == len(projects)
    assert sum(one.planned for one in found) == Decimal(2380)
    assert sum(one.invested for one in found) == Decimal(1480)


def test_groups_come_largest_plan_first() -> None:
    found = totals(make_ledger().projects.values(), "status")
    assert [(t.key, t.projects, t.planned) for t in found] == [
        ("building", 2, Decimal(1300)), ("finished", 1, Decimal(1000)), ("planned", 1, Decimal(80)),
    ]  # fmt: skip


def test_a_region_lies_in_what_its_code_says() -> None:
    assert in_region("371581", "371581")
    assert in_region("371581", "370000")
    assert not in_region("371581", "371521")
    assert not in_region("371581", "371581-KFQ")
