"""Which project a row means: number, alias, evidence; what is unsure is laid before a person."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.brain.projects.conftest import BEARINGS, VALVES, make_ledger, make_project

from ballast.brain.projects.matching import Index, MatchKind, Named, alike, index_of, match

NAME = "阀门生产线技术改造项目"


@pytest.fixture
def index() -> Index:
    return index_of(make_ledger().projects.values())


@pytest.mark.parametrize("number", ["JG-1", "jg—1", " ＪＧ１ ", "JG 1"])
def test_the_number_decides_however_it_is_typed(index: Index, number: str) -> None:
    found = match(Named(number=number, name=NAME, uscc=VALVES), index)
    assert (found.kind, found.number) == (MatchKind.NUMBER, "JG-1")


def test_an_alias_decides_where_the_number_does_not(index: Index) -> None:
    for named in (Named(number="老编号7"), Named(name="老编号 7")):
        found = match(named, index)
        assert (found.kind, found.number) == (MatchKind.ALIAS, "JG-1")


def test_a_number_of_another_enterprise_is_a_contradiction(index: Index) -> None:
    found = match(Named(number="JG-1", name=NAME, uscc=BEARINGS), index)
    assert found.kind is MatchKind.CONTRADICTION
    assert BEARINGS in found.evidence[0].text("en")
    assert VALVES in found.evidence[0].text("en")


def test_a_number_under_quite_another_name_is_a_contradiction(index: Index) -> None:
    found = match(Named(number="JG-1", name="污水深度处理"), index)
    assert found.kind is MatchKind.CONTRADICTION


def test_a_project_twice_under_two_numbers_is_known_by_enterprise_name_and_plan(
    index: Index,
) -> None:
    row = Named(number="XM-99", name="阀门 生产线技术改造", uscc=VALVES, planned=Decimal(1000))
    found = match(row, index)
    assert (found.kind, found.number) == (MatchKind.EVIDENCE, "JG-1")
    said = " ".join(sentence.text("en") for sentence in found.evidence)
    assert "same enterprise" in said
    assert "planned investment agrees" in said


@pytest.mark.parametrize(
    "row",
    [
        Named(name=NAME, uscc=VALVES, planned=Decimal(2000)),  # another plan
        Named(name=NAME, uscc=VALVES),  # no plan
        Named(name="阀门生产线改造", uscc=VALVES, planned=Decimal(1000)),  # another name
        Named(name=NAME, enterprise="临清阀门有限责任公司", planned=Decimal(1000)),  # no code
        Named(name=NAME),  # a name alone
    ],
)
def test_less_than_all_of_it_is_unsure_with_the_evidence(index: Index, row: Named) -> None:
    found = match(row, index)
    assert found.kind is MatchKind.UNSURE
    assert found.number is None
    assert found.candidates[0].number == "JG-1"
    assert found.candidates[0].evidence


def test_of_two_that_fit_alike_none_is_taken() -> None:
    twins = [make_project("A"), make_project("B")]
    found = match(Named(name=NAME, uscc=VALVES, planned=Decimal(1000)), index_of(twins))
    assert found.kind is MatchKind.UNSURE
    assert [one.number for one in found.candidates] == ["A", "B"]
    shared = [make_project("A", aliases=("X",)), make_project("B", aliases=("X",))]
    assert match(Named(number="X"), index_of(shared)).kind is MatchKind.UNSURE


def test_what_is_like_nothing_is_new(index: Index) -> None:
    found = match(Named(number="JG-50", name="中试平台建设", uscc=VALVES), index)
    assert (found.kind, found.number, found.candidates) == (MatchKind.NEW, None, ())
    assert match(Named(number="JG-50"), index).kind is MatchKind.NEW


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_symmetric_and_between_none_and_all(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1


@given(st.text(alphabet="阀门轴承改造线ABC12", min_size=1, max_size=12))
def test_a_name_is_like_itself(name: str) -> None:
    assert alike(name, name) == 1.0
