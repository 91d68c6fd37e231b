from __future__ import annotations

import math
from typing import Any

from ballast.brain.tiers import (
    HUNDRED_BILLION_1E4_CNY,
    TEN_BILLION_1E4_CNY,
    TIER_LABELS,
    Tier,
    tier,
)


def test_the_thresholds_are_ten_and_a_hundred_billion_yuan() -> None:
    assert TEN_BILLION_1E4_CNY * 10**4 == 10**10
    assert HUNDRED_BILLION_1E4_CNY * 10**4 == 10**11


def test_a_cluster_at_the_threshold_is_in_the_class(table: Any, rows: Any) -> None:
    t = table({"r": [10_000_000.0, 9_999_999.9999, 1_000_000.0, 999_999.9999, 0.0, None]})
    assert [r["t"] for r in rows(t.select(t=tier(t.r)))] == [
        "100-billion",
        "10-billion",
        "10-billion",
        "below",
        "below",
        None,
    ]


def test_a_sum_that_is_the_threshold_but_for_rounding_is_in_the_class(
    table: Any, rows: Any
) -> None:
    just_below = math.nextafter(1_000_000.0, 0.0)
    t = table({"r": [just_below]})
    assert [r["t"] for r in rows(t.select(t=tier(t.r)))] == ["10-billion"]


def test_every_tier_has_its_two_names() -> None:
    assert set(TIER_LABELS) == set(Tier)
    assert TIER_LABELS[Tier.HUNDRED_BILLION].zh == "千亿级"
