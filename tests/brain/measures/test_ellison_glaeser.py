from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ballast.brain.measures import ellison_glaeser


def by_hand(region: Any, industry: Any, size: Any) -> Any:
    """The index straight from the equations, one industry at a time, over dense arrays."""
    regions = sorted(set(region))
    index = np.array([regions.index(r) for r in region])
    size = np.asarray(size, dtype=float)
    x = np.bincount(index, size, len(regions)) / size.sum()
    found = {}
    for name in sorted(set(industry)):
        mine = np.array([i == name for i in industry])
        s = np.bincount(index[mine], size[mine], len(regions)) / size[mine].sum()
        z = size[mine] / size[mine].sum()
        g, h, spare = ((s - x) ** 2).sum(), (z**2).sum(), 1 - (x**2).sum()
        found[name] = g, h, (g - spare * h) / (spare * (1 - h))
    return found


def test_a_worked_example_agrees_with_the_equations(table: Any, rows: Any) -> None:
    region = ["a", "a", "a", "b", "b", "c", "c", "c", "a", "b"]
    industry = ["x", "x", "y", "x", "y", "y", "y", "z", "z", "z"]
    size = [10, 40, 5, 20, 60, 7, 8, 100, 30, 20]
    t = table({"region": region, "industry": industry, "size": size})
    found = rows(ellison_glaeser(t, size="size"), "industry")
    for row, (g, h, gamma) in zip(found, by_hand(region, industry, size).values(), strict=True):
        assert row["raw_concentration"] == pytest.approx(g, rel=1e-12)
        assert row["herfindahl"] == pytest.approx(h, rel=1e-12)
        assert row["ellison_glaeser"] == pytest.approx(gamma, rel=1e-12)


def test_two_equal_plants_in_one_of_two_equal_regions_are_wholly_clustered(
    table: Any, rows: Any
) -> None:
    # s = (1, 0), x = (1/2, 1/2): G = 1/2, H = 1/2, 1 - sum x^2 = 1/2: (1/2 - 1/4) / (1/4) = 1
    t = table({"region": ["a", "a", "b"], "industry": ["x", "x", "y"], "size": [1, 1, 2]})
    found = rows(ellison_glaeser(t, size="size"), "industry")
    assert found[0]["ellison_glaeser"] == pytest.approx(1.0, rel=1e-12)


def test_darts_thrown_at_the_map_average_zero(table: Any, rows: Any) -> None:
    # E[gamma] = 0 when each plant chooses region r with probability x_r, whatever its size.
    generator = np.random.default_rng(1997)
    regions, industries, plants = 30, 400, 40
    chance = generator.dirichlet(np.full(regions, 3.0))
    size = np.ceil(generator.lognormal(3, 1, industries * plants)).astype(int)
    region = generator.choice(regions, size.size, p=chance)
    industry = [f"{i:03}" for i in np.repeat(np.arange(industries), plants)]
    base = table({"region": [f"{r:02}" for r in range(regions)], "size": chance})

    def index(places: Any) -> Any:
        names = [f"{r:02}" for r in places]
        t = table({"region": names, "industry": industry, "size": size})
        found = rows(ellison_glaeser(t, size="size", reference=base))
        return [r["ellison_glaeser"] for r in found]

    gamma = index(region)
    standard_error = np.std(gamma) / np.sqrt(industries)
    assert standard_error < 0.002
    assert abs(np.mean(gamma)) < 3 * standard_error
    # Half of each industry's plants drawn to one town: found out at once.
    town = np.repeat(generator.choice(regions, industries), plants)
    assert np.mean(index(np.where(generator.random(size.size) < 0.5, town, region))) > 0.2


@pytest.mark.parametrize(
    ("region", "industry", "size"),
    [
        (["a", "b"], ["x", "y"], [5, 5]),  # one establishment each: H = 1
        (["a", "b", "b"], ["x", "x", "y"], [5, 0, 5]),  # one establishment has all of it
        (["a", "a"], ["x", "x"], [5, 5]),  # one region has everything: sum of x^2 = 1
        (["a", "b", "b"], ["x", "x", "y"], [0, 0, 5]),  # nobody works in it
        (["a", "b", "b"], ["x", "x", "y"], [None, None, 5]),  # nothing is known of it
    ],
)
def test_where_it_does_not_exist_it_is_null(
    table: Any, rows: Any, region: Any, industry: Any, size: Any
) -> None:
    t = table({"region": region, "industry": industry, "size": size})
    assert rows(ellison_glaeser(t, size="size"), "industry")[0]["ellison_glaeser"] is None


def test_establishments_of_unknown_size_are_left_out_and_not_counted(table: Any, rows: Any) -> None:
    rows_known: dict[str, list[Any]] = {
        "region": ["a", "b", "b"],
        "industry": ["x", "x", "y"],
        "size": [2, 3, 5],
    }
    extra: dict[str, Any] = {"region": "c", "industry": "x", "size": None}
    with_unknown = {k: [*v, extra[k]] for k, v in rows_known.items()}
    expected = rows(ellison_glaeser(table(rows_known), size="size"), "industry")
    assert rows(ellison_glaeser(table(with_unknown), size="size"), "industry") == expected
    assert expected[0]["establishments"] == 2


def test_a_reference_of_nothing_leaves_everything_undefined(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "b"], "industry": ["x", "x"], "size": [2, 3]})
    base = table({"region": ["a"], "size": [0]})
    [row] = rows(ellison_glaeser(t, size="size", reference=base))
    assert row["raw_concentration"] is None
    assert row["ellison_glaeser"] is None


def test_regions_of_the_reference_without_the_industry_count(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "b"], "industry": ["x", "x"], "size": [1, 1]})
    base = table({"region": ["a", "b", "c"], "size": [1, 1, 2]})
    [row] = rows(ellison_glaeser(t, size="size", reference=base))
    assert row["raw_concentration"] == pytest.approx(2 * (1 / 2 - 1 / 4) ** 2 + (1 / 2) ** 2)
