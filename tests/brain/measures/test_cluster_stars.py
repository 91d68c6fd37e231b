from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from ballast.brain.measures import cluster_stars


def cells(sizes: Iterable[int | None], **columns: list[Any]) -> dict[str, list[Any]]:
    sizes = list(sizes)
    count = len(sizes)
    plain: dict[str, list[Any]] = {
        "region": [f"{i:03}" for i in range(count)],
        "cluster": ["k"] * count,
        "n": [None if s is None else float(s) for s in sizes],
        "region_share": [0.1] * count,
        "location_quotient": [1.0] * count,
    }
    return plain | columns


def starred(found: Any, star: Any) -> Any:
    return [r["region"] for r in found if r[star]]


@pytest.mark.parametrize("count", [10, 30, 70, 933])
def test_the_largest_tenth_earns_the_star_of_size_and_never_more(
    table: Any, rows: Any, count: Any
) -> None:
    t = table(cells(range(1, count + 1)))
    found = rows(cluster_stars(t, value="n"), "region")
    assert len(starred(found, "star_size")) == count // 10
    assert starred(found, "star_size")[-1] == f"{count - 1:03}"


def test_among_fewer_than_ten_nobody_is_in_the_top_tenth(table: Any, rows: Any) -> None:
    found = rows(cluster_stars(table(cells(range(1, 9))), value="n"))
    assert starred(found, "star_size") == []


def test_size_is_ranked_within_the_category_and_focus_among_all(table: Any, rows: Any) -> None:
    small, large = cells(range(1, 11)), cells(range(101, 111), cluster=["m"] * 10)
    small["region_share"] = [0.01 * i for i in range(10)]
    large["region_share"] = [0.5 + 0.01 * i for i in range(10)]
    t = table({k: [*small[k], *large[k]] for k in small})
    found = rows(cluster_stars(t, value="n"), "cluster", "region")
    assert [(r["cluster"], r["region"]) for r in found if r["star_size"]] == [
        ("k", "009"),
        ("m", "009"),
    ]
    assert [(r["cluster"], r["region"]) for r in found if r["star_focus"]] == [
        ("m", "008"),
        ("m", "009"),
    ]


def test_a_quotient_of_two_earns_the_star_of_specialisation(table: Any, rows: Any) -> None:
    t = table(cells([1, 1, 1], location_quotient=[1.999, 2.0, None]))
    found = rows(cluster_stars(t, value="n"), "region")
    assert [r["star_specialisation"] for r in found] == [False, True, None]
    assert [r["stars"] for r in found] == [0, 1, None]


def test_regions_without_the_industry_are_not_among_those_ranked(table: Any, rows: Any) -> None:
    t = table(cells([0] * 90 + list(range(1, 11))))
    found = rows(cluster_stars(t, value="n"), "region")
    assert starred(found, "star_size") == ["099"]


def test_an_unknown_cluster_has_unknown_stars_and_takes_no_place(table: Any, rows: Any) -> None:
    t = table(cells([*range(1, 11), None], location_quotient=[1.0] * 10 + [None]))
    found = rows(cluster_stars(t, value="n"), "region")
    assert starred(found, "star_size") == ["009"]
    assert (found[10]["star_size"], found[10]["stars"]) == (None, None)


def test_equals_share_the_better_place(table: Any, rows: Any) -> None:
    found = rows(cluster_stars(table(cells([1] * 18 + [2, 2])), value="n"), "region")
    assert starred(found, "star_size") == ["018", "019"]


def test_thresholds_are_the_callers_to_set(table: Any, rows: Any) -> None:
    t = table(cells([1, 2, 3, 4], location_quotient=[1.0, 1.3, 1.0, 1.6]))
    found = rows(
        cluster_stars(t, value="n", size_top=0.25, specialisation_least=1.5, focus_top=0), "region"
    )
    assert [r["stars"] for r in found] == [0, 0, 0, 2]
