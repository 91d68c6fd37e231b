from __future__ import annotations

from decimal import Decimal

import pytest

from ballast.brain.chains.links import (
    ChainLink,
    LinkRules,
    LinkStatus,
    StageFirm,
    judge,
    links_of,
    shown_to_all,
)
from ballast.brain.chains.product_chain import ProductChain, Stage
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.errors import Refused
from ballast.terms.label import Label
from ballast.words import Sentence

RULES = LinkRules()
STAGE = Stage("a", Label("甲", "a"), ())


def firm(name: str, revenue: int | None, *, above: bool = True) -> StageFirm:
    money = None if revenue is None else Decimal(revenue)
    return StageFirm(name, Label(name, name), 1.0, money, above)


def link(*firms: StageFirm, quotient: float | None = None) -> ChainLink:
    chain = ProductChain("c", Label("c", "c"), (STAGE,))
    return links_of(chain, {"a": firms}, {"a": quotient})[0]


@pytest.mark.parametrize(
    ("enterprises", "above", "quotient", "status"),
    [
        (0, 0, None, LinkStatus.MISSING),
        (0, 0, 3.0, LinkStatus.MISSING),
        (1, 0, 3.0, LinkStatus.WEAK),
        (9, 2, 3.0, LinkStatus.WEAK),
        (9, 3, 3.0, LinkStatus.PRESENT),
        (9, 5, 1.99, LinkStatus.PRESENT),
        (9, 5, 2.0, LinkStatus.STRONG),
        (99, 50, 0.99, LinkStatus.WEAK),
        (9, 3, 1.0, LinkStatus.PRESENT),
        (9, 4, None, LinkStatus.PRESENT),
        (9, 5, None, LinkStatus.STRONG),
        (9, 2, None, LinkStatus.WEAK),
    ],
)
def test_a_link_is_judged_at_the_bounds_as_the_rules_say(
    enterprises: int, above: int, quotient: float | None, status: LinkStatus
) -> None:
    assert judge(enterprises, above, quotient, RULES)[0] is status


def test_a_quotient_that_is_not_known_is_said_and_not_taken_for_zero() -> None:
    said = " ".join(s.text("en") for s in judge(9, 5, None, RULES)[1])
    assert "not known" in said
    assert "0" not in said


def test_rules_that_contradict_themselves_are_refused() -> None:
    for wrong in ({"few": 6}, {"few": 0}, {"ordinary": 3.0}, {"leaning": 1.0}, {"leaning": 0.0}):
        with pytest.raises(Refused):
            LinkRules(**wrong)


def test_the_rules_are_told_with_the_bounds_that_are_used() -> None:
    told = " ".join(s.text("en") for s in LinkRules(few=4, many=8, special=3.0).sentences)
    assert "fewer than 4" in told
    assert "8 or more" in told
    assert "quotient of 3 or more" in told


def test_a_stage_adds_up_its_enterprises_the_largest_first() -> None:
    found = link(firm("b", 10), firm("c", 90), firm("d", None), firm("e", 0, above=False))
    assert (found.enterprises, found.above_scale, found.reporting) == (4, 3, 3)
    assert found.revenue_1e4_cny == 100
    assert found.largest == pytest.approx(0.9)
    assert found.leaning is True
    assert [each.uscc for each in found.firms] == ["c", "b", "e", "d"]


def test_a_stage_without_revenue_leans_on_nobody_it_is_not_known() -> None:
    for found in (link(), link(firm("b", None)), link(firm("b", 0))):
        assert found.largest is None
        assert found.leaning is None
    assert link(firm("b", None)).revenue_1e4_cny is None
    assert link(firm("b", 0)).revenue_1e4_cny == 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_none_one_and_two_enterprises_look_alike_to_those_who_may_see_statuses_alone(
    count: int,
) -> None:
    shown = shown_to_all(link(*(firm(str(n), 10) for n in range(count)), quotient=9.0))
    assert shown == ChainLink(STAGE, LinkStatus.SUPPRESSED)


def test_those_who_reported_count_and_not_those_who_are_registered() -> None:
    shown = shown_to_all(link(firm("b", 10), firm("c", 10), firm("d", None), firm("e", None)))
    assert shown.status is LinkStatus.SUPPRESSED


def test_a_stage_that_one_enterprise_nearly_is_has_no_status_for_all() -> None:
    nearly = [firm("b", 86), *(firm(str(n), 2) for n in range(7))]
    assert shown_to_all(link(*nearly)).status is LinkStatus.SUPPRESSED
    half = [firm("b", 84), *(firm(str(n), 2) for n in range(8))]
    assert shown_to_all(link(*half)).status is LinkStatus.STRONG
    strict = PrimaryRules(dominance=0.5)
    assert shown_to_all(link(*half), strict).status is LinkStatus.SUPPRESSED


def test_what_all_may_see_is_a_status_and_no_figure_reason_or_name() -> None:
    whole = link(*(firm(str(n), 10) for n in range(6)), quotient=2.5)
    assert whole.reasons
    assert shown_to_all(whole) == ChainLink(STAGE, LinkStatus.STRONG)


def test_that_nothing_is_loaded_is_said_to_everybody() -> None:
    why = (Sentence("no year is wholly reported yet"),)
    unknown = ChainLink(STAGE, LinkStatus.UNKNOWN, why, enterprises=1, firms=(firm("b", None),))
    assert shown_to_all(unknown) == ChainLink(STAGE, LinkStatus.UNKNOWN, why)


def test_whether_a_stage_leans_on_one_does_not_change_its_status() -> None:
    """Else a status would tell those who see it alone how large one enterprise is."""
    even = link(*(firm(str(n), 10) for n in range(6)), quotient=2.5)
    leaning = link(firm("b", 90), *(firm(str(n), 4) for n in range(5)), quotient=2.5)
    assert leaning.leaning
    assert not even.leaning
    assert leaning.status is even.status
