from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ballast.brain.measures import hoover_localisation, krugman, locational_gini

# The 5 × 5 matrix of regions and industries that EconGeo documents its measures with.
MATRIX = np.array(
    [
        [100, 0, 0, 0, 0],
        [0, 15, 5, 70, 10],
        [0, 20, 10, 20, 50],
        [0, 25, 30, 5, 40],
        [0, 40, 55, 5, 0],
    ],
    dtype=float,
)


def cells(matrix: Any, *, keep_zeros: bool) -> dict[str, list[Any]]:
    found = [
        (f"R{r}", f"I{i}", int(n)) for (r, i), n in np.ndenumerate(matrix) if keep_zeros or n > 0
    ]
    return {
        k: list(v)
        for k, v in zip(("region", "industry", "n"), zip(*found, strict=True), strict=True)
    }


@pytest.fixture(params=[True, False], ids=["zeros written", "zeros absent"])
def matrix_cells(request: Any, table: Any) -> Any:
    return table(cells(MATRIX, keep_zeros=request.param))


def test_krugmans_index_is_the_sum_of_absolute_differences_of_shares(
    matrix_cells: Any, rows: Any
) -> None:
    own = MATRIX / MATRIX.sum(1, keepdims=True)
    all_of_it = MATRIX.sum(0) / MATRIX.sum()
    expected = np.abs(own - all_of_it).sum(1)
    found = rows(krugman(matrix_cells, value="n"), "region")
    assert [r["krugman"] for r in found] == pytest.approx(list(expected), rel=1e-12)


def test_hoover_of_an_industry_is_half_the_sum_over_regions(matrix_cells: Any, rows: Any) -> None:
    own = MATRIX / MATRIX.sum(0)
    all_of_it = MATRIX.sum(1, keepdims=True) / MATRIX.sum()
    found = rows(hoover_localisation(matrix_cells, value="n"), "industry")
    expected = np.abs(own - all_of_it).sum(0) / 2
    assert [r["hoover"] for r in found] == pytest.approx(list(expected), rel=1e-12)


def test_the_locational_gini_is_twice_krugmans_area(matrix_cells: Any, rows: Any) -> None:
    expected = []
    weight = MATRIX.sum(1) / MATRIX.sum()
    for industry in MATRIX.T:
        order = np.argsort(industry / weight)
        height = np.cumsum(industry[order]) / industry.sum()
        width = np.cumsum(weight[order])
        area = (height[1:] * width[:-1]).sum() - (height[:-1] * width[1:]).sum()
        expected.append(abs(area))
    found = rows(locational_gini(matrix_cells, value="n"), "industry")
    assert [r["locational_gini"] for r in found] == pytest.approx(expected, rel=1e-12)


def test_two_regions_with_nothing_in_common_are_at_two(table: Any, rows: Any) -> None:
    own = table({"region": ["a"], "industry": ["x"], "n": [3]})
    other = table({"industry": ["y"], "n": [5]})
    assert rows(krugman(own, value="n", reference=other)) == [{"region": "a", "krugman": 2.0}]


def test_a_region_like_its_reference_is_at_zero(table: Any, rows: Any) -> None:
    own = table({"region": ["a", "a"], "industry": ["x", "y"], "n": [1, 3]})
    other = table({"industry": ["x", "y"], "n": [10, 30]})
    assert rows(krugman(own, value="n", reference=other))[0]["krugman"] == 0.0


def test_an_unknown_cell_is_not_the_same_as_a_zero(table: Any, rows: Any) -> None:
    zero = {"region": ["a", "a", "b", "b"], "industry": ["x", "y"] * 2, "n": [4, 0, 4, 8]}
    unknown = zero | {"n": [4, None, 4, 8]}
    of_zero = rows(krugman(table(zero), value="n"), "region")[0]
    of_unknown = rows(krugman(table(unknown), value="n"), "region")[0]
    assert of_zero["krugman"] == pytest.approx(1.0)
    assert of_unknown["krugman"] == 0.0  # in what is known of it, the reference's structure


def test_a_region_of_which_nothing_is_known_has_no_index(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "b"], "industry": ["x", "x"], "n": [None, 8]})
    found = {r["region"]: r["krugman"] for r in rows(krugman(t, value="n"))}
    assert found.get("a") is None
    assert found["b"] == 0.0


def test_periods_are_kept_apart(table: Any, rows: Any) -> None:
    t = table(
        {
            "period": ["1", "1", "2", "2"],
            "region": ["a", "b", "a", "b"],
            "industry": ["x", "y", "x", "x"],
            "n": [1, 1, 1, 1],
        }
    )
    found = rows(krugman(t, value="n", within=["period"]), "period", "region")
    assert [r["krugman"] for r in found] == [1.0, 1.0, 0.0, 0.0]
