"""What counts in several cells is divided between them, and counted once in all together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from ballast.brain.indicators.answer import Answer
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.question import Question
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period
from ballast.terms.viewer import operator

Rows = Sequence[Mapping[str, object]]
Filled = Callable[..., Lake]
A, B, C = (with_check_character(f"91371500MA{n:07d}") for n in range(3))
MARCH, TO_MARCH = Period.parse("2026-03"), Period.parse("2026-03ytd")
CITY: Mapping[Dimension, tuple[str, ...]] = {Dimension.REGION: ("371500",)}
TWO: Rows = [{"uscc": A}, {"uscc": B, "industry": "3252"}]


def report(uscc: str, period: str, output: object) -> dict[str, object]:
    figures = {"output_1e4_cny": output, "revenue_1e4_cny": output, "employment_persons": 10}
    return {"uscc": uscc, "period": period, **figures}


def ask(
    lake: Lake,
    *indicators: str,
    period: Period = MARCH,
    by: tuple[Dimension, ...] = (),
    where: Mapping[Dimension, tuple[str, ...]] = CITY,
    weighted: bool = False,
) -> Answer:
    question = Question(indicators, by, where, period=period, weighted=weighted)
    return evaluate(lake, operator("test"), question)


def by_cell(answer: Answer) -> dict[str, object]:
    """Return the values of a cut along one dimension."""
    return {v.cell[answer.question.by[0]]: v.value for v in answer.values}


WEIGHTED: dict[str, Rows] = {
    "enterprise": [
        {"uscc": A, "other_industries": "3252:0.25;6510:0.25"},
        {"uscc": B, "industry": "3252"},
    ],
    "enterprise_period": [report(A, "2026-03", 100), report(B, "2026-03", 30)],
}


def test_industries_by_weight_add_up_to_the_whole_and_no_further(filled: Filled) -> None:
    lake = filled(**WEIGHTED)
    division = (Dimension.INDUSTRY_DIVISION,)
    assert by_cell(ask(lake, "output", by=division)) == {"32": 30, "34": 100}
    cut = ask(lake, "output", "enterprises", by=division, weighted=True)
    told = {(v.indicator, v.cell[division[0]]): v.value for v in cut.values}
    assert told == {
        ("output", "32"): pytest.approx(55), ("enterprises", "32"): pytest.approx(1.25),
        ("output", "34"): pytest.approx(50), ("enterprises", "34"): pytest.approx(0.5),
        ("output", "65"): pytest.approx(25), ("enterprises", "65"): pytest.approx(0.25),
    }  # fmt: skip
    whole = ask(lake, "output", "enterprises", weighted=True)
    assert [v.value for v in whole.values] == [pytest.approx(130), pytest.approx(2)]


CLUSTERS: Rows = [
    {"cluster": "metal", "industry": "32"},
    {"cluster": "metal", "industry": "3252"},
    {"cluster": "metal", "industry": "3252", "region": "371500", "region_scheme": "gb2260"},
    {"cluster": "parts", "industry": "345"},
    {"cluster": "parts", "industry": "3252"},
]


def test_a_cluster_that_names_an_industry_along_several_paths_counts_it_once(
    filled: Filled,
) -> None:
    lake = filled(**WEIGHTED, cluster_definition=CLUSTERS)
    found = by_cell(ask(lake, "cluster_revenue", by=(Dimension.CLUSTER,)))
    assert found == {"metal": pytest.approx(25 + 30), "parts": pytest.approx(75 + 30)}


def test_a_cluster_that_is_restricted_to_a_place_counts_what_lies_there(filled: Filled) -> None:
    def named(cluster: str, scheme: str, region: str) -> dict[str, object]:
        return {"cluster": cluster, "industry": "345", "region_scheme": scheme, "region": region}

    lake = filled(
        enterprise=[
            {"uscc": A}, {"uscc": B, "zone": "371500-KFQ"}, {"uscc": C, "region": "371502"},
        ],
        enterprise_period=[report(u, "2026-03", n) for u, n in ((A, 1), (B, 10), (C, 100))],
        cluster_definition=[
            named("city", "gb2260", "371500"), named("county", "gb2260", "371581"),
            named("zone", "ext", "371500-KFQ"), named("elsewhere", "gb2260", "370200"),
        ],
    )  # fmt: skip
    found = by_cell(ask(lake, "cluster_revenue", by=(Dimension.CLUSTER,)))
    assert found == {"city": 111, "county": 11, "zone": 10}


def test_an_enterprise_of_two_clusters_counts_once_in_both_together(filled: Filled) -> None:
    lake = filled(**WEIGHTED, cluster_definition=CLUSTERS)
    both = {**CITY, Dimension.CLUSTER: ("metal", "parts")}
    found = ask(lake, "cluster_revenue", "enterprises", where=both).values
    assert [v.value for v in found] == [pytest.approx(75 + 30), 2]


def test_a_cluster_within_a_chain_is_what_the_two_share(filled: Filled) -> None:
    """Not the product of two weights."""
    chain: Rows = [{"chain": "wheels", "industry": "345"}, {"chain": "wheels", "industry": "3252"}]
    lake = filled(**WEIGHTED, cluster_definition=CLUSTERS, chain_definition=chain)
    found = ask(
        lake, "cluster_revenue", by=(Dimension.CHAIN,),
        where={**CITY, Dimension.CLUSTER: ("metal",)},
    )  # fmt: skip
    assert by_cell(found) == {"wheels": pytest.approx(25 + 30)}


def test_a_cluster_s_tier_is_the_class_that_its_year_reaches(filled: Filled) -> None:
    lake = filled(
        enterprise=TWO,
        enterprise_period=[report(A, "2025", 9_999_999), report(B, "2025", 1_000_000)],
        cluster_definition=CLUSTERS,
    )
    year = Period.parse("2025")
    found = ask(lake, "cluster_tier", by=(Dimension.CLUSTER,), period=year)
    told = {v.cell[Dimension.CLUSTER]: (v.value, v.name and v.name.zh) for v in found.values}
    assert told == {"metal": (100, "百亿级"), "parts": (1000, "千亿级")}
    with pytest.raises(WrongUsage, match="whole years only"):
        ask(lake, "cluster_tier", by=(Dimension.CLUSTER,), period=TO_MARCH)
