from __future__ import annotations

from typing import Any

import pytest

from ballast.brain.cluster_members import cluster_names, lineage, members
from ballast.terms.industry import industries, roll_up
from ballast.terms.scheme import IndustryLevel

GBT = "gbt4754-2017"


def definition(*listed: tuple[str, str], scheme: str = GBT) -> dict[str, list[Any]]:
    count = len(listed)
    return {
        "definition": ["own"] * count,
        "cluster": [cluster for cluster, _ in listed],
        "industry_scheme": [scheme] * count,
        "industry": [industry for _, industry in listed],
        "region_scheme": [""] * count,
        "region": [""] * count,
        "name_zh": ["名"] * count,
        "name_en": [None] * count,
        "traded": [True] * count,
    }


def counted(table: Any, rows: Any, listed: Any, codes: list[str], scheme: str = GBT) -> Any:
    occurring = table({"industry_scheme": [scheme] * len(codes), "industry": codes})
    found = members(table(definition(*listed, scheme=scheme)), occurring, definition="own")
    return [(r["cluster"], r["industry"]) for r in rows(found, "cluster", "industry")]


def test_every_class_rolls_up_as_the_classification_says(table: Any, rows: Any) -> None:
    classes = [each.code for each in industries(IndustryLevel.CLASS)]
    t = table({"industry_scheme": [GBT] * len(classes), "industry": classes})
    found: dict[str, set[str]] = {}
    for row in rows(lineage(t)):
        found.setdefault(row["industry"], set()).add(row["above"])
    levels = (IndustryLevel.SECTION, IndustryLevel.DIVISION, IndustryLevel.GROUP)
    assert found == {c: {c, *(roll_up(c, level) for level in levels)} for c in classes}


@pytest.mark.parametrize("listed", ["C", "32", "325", "3252"])
def test_an_industry_may_be_named_at_any_level(table: Any, rows: Any, listed: str) -> None:
    assert counted(table, rows, [("k", listed)], ["3252", "0610"]) == [("k", "3252")]


def test_named_twice_it_counts_once(table: Any, rows: Any) -> None:
    listed = [("k", "32"), ("k", "3252"), ("k", "C")]
    assert counted(table, rows, listed, ["3252"]) == [("k", "3252")]


def test_an_industry_may_belong_to_several_clusters(table: Any, rows: Any) -> None:
    listed = [("a", "32"), ("b", "3252")]
    assert counted(table, rows, listed, ["3252"]) == [("a", "3252"), ("b", "3252")]


def test_a_code_coarser_than_the_definition_is_not_split(table: Any, rows: Any) -> None:
    assert counted(table, rows, [("k", "3252")], ["32", "325"]) == []


def test_other_classifications_match_code_by_code(table: Any, rows: Any) -> None:
    listed = [("k", "3364"), ("k", "336411")]
    found = counted(table, rows, listed, ["336411", "336412", "336414"], "naics-2017")
    assert found == [("k", "336411")]


def test_equal_codes_of_two_classifications_do_not_meet(table: Any, rows: Any) -> None:
    occurring = table({"industry_scheme": ["io42-2020"], "industry": ["32"]})
    found = members(table(definition(("k", "32"))), occurring, definition="own")
    assert rows(found) == []


def test_a_cluster_has_one_name_however_many_rows_it_has(table: Any, rows: Any) -> None:
    listed = definition(("k", "32"), ("k", "33"), ("m", "34"))
    listed["traded"] = [False, True, False]
    found = rows(cluster_names(table(listed), definition="own"), "cluster")
    assert [(r["cluster"], r["name_zh"], r["traded"]) for r in found] == [
        ("k", "名", True),
        ("m", "名", False),
    ]
