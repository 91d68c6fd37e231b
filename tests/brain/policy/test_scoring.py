"""Scores: what is sure, what experts may give, what a missing fact leaves open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.brain.policy.small_law import facts, found, item, least, rule, words

from ballast.brain.policy.finding import Interval, Missing, State

BANDS = item(
    "bands", "rd", quantity="rd_share", unit="percent",
    bands=[
        {"at_least": 5, "points": 20},
        {"at_least": 3, "points": 15},
        {"above": 0, "points": 5},
        {"points": 0},
    ],
)  # fmt: skip
EXPERT = item("expert", "review", points={"low": 0, "high": 30}, fact="ip_advancement_points")
PRIZE = rule("flag", "prize", fact="quality_prize")
ISO = rule("flag", "iso", fact="management_certificate")
BRAND = rule("manual", "brand")


def score(*items: dict[str, Any], least_: str | None = None, **more: Any) -> dict[str, Any]:
    groups = [
        {"id": "part", "label": words("part"), "items": list(items), "cap": 100}
        | ({"least": least_} if least_ else {})
    ]
    return rule("score", "score", **({"groups": groups, "threshold": "points_least"} | more))


def points(of: dict[str, Any], **known: Any) -> tuple[float, float]:
    """Return the points of one item."""
    part = found(score(of), facts(**known)).finding.parts[0].parts[0]
    assert part.value is not None
    return (float(part.value.low), float(part.value.high))


@pytest.mark.parametrize(
    ("rd", "given"),
    [("5.01", 20), ("5", 20), ("4.99", 15), ("3", 15), ("2.99", 5), ("0.01", 5), ("0", 0)],
)
def test_a_boundary_takes_the_higher_band_and_above_does_not(rd: str, given: int) -> None:
    assert points(BANDS, rd={2025: Decimal(rd)}, revenue={2025: 100}) == (given, given)


def test_what_is_not_known_may_fall_into_every_band() -> None:
    assert points(BANDS, rd={2025: 3}) == (0, 20)
    assert points(BANDS, rd={2025: 0}, revenue={2025: 0}) == (0, 20)


def test_bands_without_a_rest_leave_nothing_to_who_is_below_them() -> None:
    top = item(
        "bands", "top", quantity="rd_share", unit="percent", bands=[{"at_least": 5, "points": 7}]
    )
    assert points(top, rd={2025: 3}, revenue={2025: 100}) == (0, 0)
    assert points(top) == (0, 7)


def test_a_band_that_experts_fill_is_an_interval() -> None:
    one = item(
        "bands", "years", quantity="ip", unit="count",
        bands=[{"at_least": 5, "points": {"low": 25, "high": 30}}, {"points": 0}],
    )  # fmt: skip
    assert points(one, class1_ip=5) == (25, 30)
    assert points(one, class1_ip=4) == (0, 0)
    assert points(one) == (0, 30)


def test_the_first_that_is_met_counts() -> None:
    one = item(
        "first", "ladder", otherwise=1,
        of=[{"test": PRIZE, "points": 10}, {"test": ISO, "points": 6}],
    )  # fmt: skip
    assert points(one, quality_prize=True) == (10, 10)
    assert points(one, quality_prize=False, management_certificate=True) == (6, 6)
    assert points(one, quality_prize=False, management_certificate=False) == (1, 1)
    assert points(one, management_certificate=True) == (6, 10)
    assert points(one, quality_prize=False) == (1, 6)
    assert points(one) == (1, 10)


def test_conditions_add_up_to_their_cap() -> None:
    one = item(
        "capped", "quality", cap=5,
        of=[{"test": PRIZE, "points": 3}, {"test": ISO, "points": 3}, {"test": BRAND, "points": 1}],
    )  # fmt: skip
    assert points(one, quality_prize=True, management_certificate=True) == (5, 5)
    assert points(one, quality_prize=True, management_certificate=False) == (3, 4)
    assert points(one) == (0, 5)


def test_points_are_given_for_each_full_unit() -> None:
    one = item("per", "years", quantity="ip", each=2, points=1, cap=5)
    assert points(one, class1_ip=3) == (1, 1)
    assert points(one, class1_ip=4) == (2, 2)
    assert points(one, class1_ip=40) == (5, 5)
    assert points(one, class1_ip=0) == (0, 0)
    assert points(one) == (0, 5)


def test_experts_points_count_where_they_may_be_given() -> None:
    assert points(EXPERT) == (0, 30)
    assert points(EXPERT, ip_advancement_points=17) == (17, 17)
    assert points(EXPERT, ip_advancement_points=31) == (0, 30)


def test_the_better_way_counts() -> None:
    one = item(
        "best", "either",
        of=[BANDS, item("per", "count", quantity="ip", each=1, points=6, cap=30)],
    )  # fmt: skip
    assert points(one, rd={2025: 5}, revenue={2025: 100}, class1_ip=1) == (20, 20)
    assert points(one, rd={2025: 5}, revenue={2025: 100}) == (20, 30)
    assert points(one, class1_ip=4) == (24, 24)
    best = found(score(one), facts(class1_ip=4)).finding.parts[0].parts[0]
    assert (best.missing, best.state) == ((), State.UNMET)


def test_what_experts_have_to_give_is_said() -> None:
    fixed = item("per", "ip", quantity="ip", each=1, points=10, cap=40)
    waiting = found(score(fixed, EXPERT), facts(class1_ip=4))
    assert (waiting.state, waiting.finding.value) == (
        State.MANUAL, Interval(Decimal(40), Decimal(70)),
    )  # fmt: skip
    assert waiting.finding.turn is not None
    assert waiting.finding.turn.zh == "由专家评定的部分合计须不少于20分"
    strict = found(score(fixed, EXPERT, op=">"), facts(class1_ip=4)).finding
    assert strict.turn is not None
    assert strict.turn.zh == "由专家评定的部分合计须超过20分"
    lost = found(score(fixed, EXPERT), facts(class1_ip=1))
    assert lost.state is State.UNMET
    assert lost.finding.turn is not None
    assert lost.finding.turn.zh == "最高可得40分，距60分还差20分；失分较多的是要求：ip（少30分）"


def test_a_missing_fact_is_asked_for_only_where_it_can_decide() -> None:
    rich = item("per", "ip", quantity="ip", each=1, points=30, cap=90)
    unknown = found(score(rich, BANDS), facts(class1_ip=1))
    assert unknown.state is State.UNMET  # 30 and 20 more at best
    unknown = found(score(rich, BANDS), facts(rd={2025: 5}, revenue={2025: 100}))
    assert (unknown.state, unknown.bring) == (State.UNKNOWN, (Missing("class1_ip"),))
    known = found(score(rich, BANDS), facts(class1_ip=2))
    assert (known.state, known.bring) == (State.MET, ())


def test_a_group_has_a_least_of_its_own() -> None:
    groups = [
        {"id": "one", "label": words("one"), "cap": 70, "least": "part_least",
         "items": [item("per", "a", quantity="ip", each=1, points=10, cap=70)]},
        {"id": "two", "label": words("two"), "cap": 60,
         "items": [item("expert", "b", points={"low": 60, "high": 60})]},
    ]  # fmt: skip
    rich = score(groups=groups)
    low = found(rich, facts(class1_ip=1)).finding
    assert (low.state, low.margin) == (State.UNMET, Decimal(10))
    assert low.turn is not None
    assert low.turn.zh.startswith("要求：one最高可得10分，距该部分最低要求20分还差10分")
    assert found(rich, facts(class1_ip=2)).state is State.MET
    assert found(rich, facts()).bring == (Missing("class1_ip"),)


def test_where_the_total_is_reached_only_the_group_that_waits_is_asked_for() -> None:
    groups = [
        {"id": "one", "label": words("one"), "cap": 90, "least": "part_least",
         "items": [item("per", "a", quantity="ip", each=1, points=30, cap=90)]},
        {"id": "two", "label": words("two"), "cap": 100,
         "items": [item("expert", "b", points={"low": 60, "high": 60}), BANDS]},
    ]  # fmt: skip
    one = found(score(groups=groups), facts())
    assert (one.state, one.bring) == (State.UNKNOWN, (Missing("class1_ip"),))


def test_a_group_at_its_cap_is_not_open() -> None:
    groups = [
        {"id": "one", "label": words("one"), "cap": 30,
         "items": [item("per", "a", quantity="ip", each=1, points=30, cap=30), BANDS]},
        {"id": "two", "label": words("two"), "cap": 40,
         "items": [EXPERT]},
    ]  # fmt: skip
    one = found(score(groups=groups), facts(class1_ip=1))
    assert (one.state, one.bring) == (State.MANUAL, ())
    assert one.finding.value == Interval(Decimal(30), Decimal(60))


def test_a_score_can_be_waived() -> None:
    one = score(BANDS, waived_by=PRIZE)
    assert (
        found(one, facts(rd={2025: 1}, revenue={2025: 100}, quality_prize=True)).state is State.MET
    )


def test_a_condition_inside_tells_its_own_finding() -> None:
    tested = least("enough", "ip", "ip_least")
    one = item("first", "ladder", of=[{"test": tested, "points": 10}])
    part = found(score(one), facts(class1_ip=3)).finding.parts[0].parts[0]
    assert [(each.id, each.state) for each in part.parts] == [("enough", State.UNMET)]
    assert (part.threshold, part.margin) == (Decimal(10), Decimal(-10))
