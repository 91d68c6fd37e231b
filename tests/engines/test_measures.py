"""Every measure on both engines, against its equation in plain Python.

The data hold what the engines treat differently by nature: NULL quantities,
zeros under a division, zeros under a logarithm, ties, exact decimals.
"""

from __future__ import annotations

import math
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ballast.brain import measures

# region, industry, size: z is in one region alone, w employs nobody, a/y and d/v are unknown.
PLANTS: list[tuple[str, str, int | None]] = [
    ("a", "x", 10), ("a", "x", 40), ("a", "z", 7), ("a", "z", 9), ("a", "y", None),
    ("b", "x", 20), ("b", "y", 60), ("b", "y", 5), ("b", "w", 0), ("b", "u", 3),
    ("c", "y", 8), ("c", "x", 100), ("c", "x", 1), ("c", "w", 0), ("c", "u", 30),
    ("d", "x", 2), ("d", "v", None), ("d", "u", 2), ("d", "u", 2),
]  # fmt: skip


def plants(side: Any) -> Any:
    region, industry, size = zip(*PLANTS, strict=True)
    return side.table({"region": region, "industry": industry, "size": pa.array(size, pa.int64())})


def sums(*key: int) -> dict[Any, float | None]:
    """Return the sum over all plants that share the named places of the tuple."""
    found: dict[Any, float | None] = {}
    for plant in PLANTS:
        at = tuple(plant[k] for k in key)
        found.setdefault(at, None)
        if plant[2] is not None:
            found[at] = (found[at] or 0.0) + plant[2]
    return found


CELLS, REGIONS, INDUSTRIES = sums(0, 1), sums(0), sums(1)
TOTAL = math.fsum(v for v in REGIONS.values() if v)


def test_shares(side: Any) -> None:
    found = side.rows(
        measures.shares(plants(side), value="size", of=["industry"], within=["region"])
    )
    for row in found:
        cell = CELLS[row["region"], row["industry"]]
        region = REGIONS[row["region"],]
        assert region
        expected = None if cell is None else cell / region
        assert row["share"] == (None if expected is None else pytest.approx(expected, rel=1e-12))
    assert len(found) == len(CELLS)


def test_location_quotients(side: Any) -> None:
    found = side.rows(measures.location_quotients(plants(side), value="size"))
    assert len(found) == len(CELLS)
    for row in found:
        cell = CELLS[row["region"], row["industry"]]
        region, industry = REGIONS[row["region"],], INDUSTRIES[row["industry"],]
        if cell is None or not region or not industry:
            assert row["location_quotient"] is None
        else:
            expected = (cell / region) / (industry / TOTAL)
            assert row["location_quotient"] == pytest.approx(expected, rel=1e-12)


def test_herfindahl_of_establishments(side: Any) -> None:
    sizes: dict[str, list[float]] = defaultdict(list)
    for _, industry, size in PLANTS:
        if size is not None:
            sizes[industry].append(size)
    found = side.rows(measures.herfindahl(plants(side), value="size", within=["industry"]))
    for row in found:
        known = sizes[row["industry"]]
        whole, count = sum(known), len(known)
        assert row["units"] == count
        if whole == 0:
            assert row["herfindahl"] is None
            continue
        h = sum((s / whole) ** 2 for s in known)
        assert row["herfindahl"] == pytest.approx(h, rel=1e-12)
        if count == 1:
            assert row["herfindahl_normalised"] is None
        else:
            normalised = (h - 1 / count) / (1 - 1 / count)
            assert row["herfindahl_normalised"] == pytest.approx(normalised, rel=1e-12)


def beside(of: int, across: int) -> dict[str, list[tuple[float, float]]]:
    """Return for each region or industry its pairs of share and reference share."""
    weight = {k[0]: v for k, v in (REGIONS if across == 0 else INDUSTRIES).items() if v is not None}
    found: dict[str, list[tuple[float, float]]] = {}
    for (name,), own in sums(of).items():
        if own is None or own == 0:
            continue
        pairs = []
        for unit, reference in weight.items():
            key = (unit, name) if across == 0 else (name, unit)
            value = CELLS.get(key, 0.0)
            if value is not None:
                pairs.append((value, reference))
        whole = math.fsum(w for _, w in pairs)
        found[name] = [(v / own, w / whole) for v, w in pairs]
    return found


def area(pairs: list[tuple[float, float]]) -> float:
    """Return the Gini coefficient as the mean difference of all pairs of units."""
    return sum(abs(p * w - v * q) for p, q in pairs for v, w in pairs) / 2


def test_krugman(side: Any) -> None:
    expected = {n: sum(abs(p - q) for p, q in pairs) for n, pairs in beside(0, 1).items()}
    rows = side.rows(measures.krugman(plants(side), value="size"))
    found = {r["region"]: r["krugman"] for r in rows}
    assert found == {n: pytest.approx(v, rel=1e-12) for n, v in expected.items()}


def test_hoover_localisation(side: Any) -> None:
    expected = {n: sum(abs(p - q) for p, q in pairs) / 2 for n, pairs in beside(1, 0).items()}
    rows = side.rows(measures.hoover_localisation(plants(side), value="size"))
    found = {r["industry"]: r["hoover"] for r in rows if r["hoover"] is not None}
    assert found == {n: pytest.approx(v, rel=1e-12) for n, v in expected.items()}
    assert "w" in {r["industry"] for r in rows}  # it is there, and has no index


def test_locational_gini(side: Any) -> None:
    expected = {n: area(pairs) for n, pairs in beside(1, 0).items()}
    rows = side.rows(measures.locational_gini(plants(side), value="size"))
    found = {r["industry"]: r["locational_gini"] for r in rows if r["locational_gini"] is not None}
    assert found == {n: pytest.approx(v, rel=1e-12) for n, v in expected.items()}


DISTRIBUTIONS: dict[str, tuple[list[Any], list[Any]]] = {
    "plain": ([3, 5, 8, 13], [2, 2, 3, 1]),
    "a value of zero": ([3, 0, 8], [2, 2, 3]),
    "a weight of zero": ([3, 5], [1, 0]),
    "nothing": ([0, 0], [1, 1]),
    "unknowns": ([3, None, 8], [2, 5, None]),
    "decimals": ([Decimal("0.1"), Decimal("0.2"), Decimal("0.7")], [1, 1, 1]),
}


def test_theil_hoover_and_gini_of_rows(side: Any) -> None:
    laid_out = [
        (case, v, w)
        for case, (values, weights) in DISTRIBUTIONS.items()
        for v, w in zip(values, weights, strict=True)
    ]
    case, value, weight = zip(*laid_out, strict=True)
    t = side.table(
        {
            "case": case,
            "v": pa.array(value, pa.decimal128(24, 4)),
            "w": pa.array(weight, pa.int64()),
        }
    )
    found: dict[str, dict[str, Any]] = {name: {} for name in DISTRIBUTIONS}
    for measure in (measures.theil, measures.hoover, measures.gini):
        for row in side.rows(measure(t, value="v", weight="w", within=["case"])):
            found[row["case"]] |= row
    for name, (values, weights) in DISTRIBUTIONS.items():
        known = [
            (float(v), float(w)) for v, w in zip(values, weights, strict=True) if None not in (v, w)
        ]
        expected = indices(known)
        for index, number in expected.items():
            mine = found[name][index]
            if number is None:
                assert mine is None, (name, index)
            else:
                assert mine == pytest.approx(number, rel=1e-12, abs=1e-15), (name, index)


def indices(known: list[tuple[float, float]]) -> dict[str, float | None]:
    """Return what the measures of rows should say of pairs of value and weight."""
    values, weights = sum(v for v, _ in known), sum(w for _, w in known)
    if values == 0:
        return dict.fromkeys(("theil_t", "theil_l", "hoover", "gini")) | {"units": len(known)}
    pairs = [(v / values, w / weights) for v, w in known]
    t_exists = all(q > 0 for p, q in pairs if p > 0)
    l_exists = all(p > 0 for p, q in pairs if q > 0)
    return {
        "units": len(known),
        "theil_t": math.fsum(p * math.log(p / q) for p, q in pairs if p) if t_exists else None,
        "theil_l": math.fsum(q * math.log(q / p) for p, q in pairs if q) if l_exists else None,
        "hoover": sum(abs(p - q) for p, q in pairs) / 2,
        "gini": area(pairs),
    }


def test_ellison_glaeser(side: Any) -> None:
    x = {name: (size or 0.0) / TOTAL for (name,), size in REGIONS.items()}
    spare = 1 - sum(v * v for v in x.values())
    found = side.rows(measures.ellison_glaeser(plants(side), size="size"))
    assert {r["industry"] for r in found} == {name for (name,) in INDUSTRIES}
    for row in found:
        name = row["industry"]
        sizes = [s for _, i, s in PLANTS if i == name and s is not None]
        assert row["establishments"] == len(sizes)
        whole = sum(sizes)
        if whole == 0:
            assert (row["raw_concentration"], row["ellison_glaeser"]) == (None, None)
            continue
        g = sum(((CELLS.get((r, name)) or 0.0) / whole - share) ** 2 for r, share in x.items())
        h = sum((s / whole) ** 2 for s in sizes)
        assert row["raw_concentration"] == pytest.approx(g, rel=1e-12)
        assert row["herfindahl"] == pytest.approx(h, rel=1e-12)
        gamma = (g - spare * h) / (spare * (1 - h))
        assert row["ellison_glaeser"] == pytest.approx(gamma, rel=1e-12)


def test_cluster_stars(side: Any) -> None:
    count = 20
    t = side.table(
        {
            "region": [f"{i:02}" for i in range(count)],
            "cluster": ["k"] * count,
            "n": pa.array([None, 0.0, *map(float, range(2, count))]),
            "region_share": pa.array([None, 0.0, *(i / 100 for i in range(2, count))]),
            "location_quotient": pa.array([None, 0.0, *(i / 9 for i in range(2, count))]),
        }
    )
    found = side.rows(measures.cluster_stars(t, value="n"), "region")
    stars = [r["stars"] for r in found]
    # 18 clusters exist: one in the top tenth by size, one by focus; LQ >= 2 from 18/9 on.
    assert stars == [None, 0, *[0] * 16, 1, 3]
    assert [r["star_size"] for r in found][:2] == [None, False]


def test_nothing_is_infinite_or_nan(side: Any) -> None:
    t = side.table(
        {
            "region": ["a", "a", "b"],
            "industry": ["x", "y", "x"],
            "size": pa.array([float("nan"), 0.0, 0.0]),
        }
    )
    answers = [
        measures.location_quotients(t, value="size"),
        measures.shares(t, value="size", of=["industry"]),
        measures.herfindahl(t, value="size", within=["industry"]),
        measures.krugman(t, value="size"),
        measures.hoover_localisation(t, value="size"),
        measures.locational_gini(t, value="size"),
        measures.ellison_glaeser(t, size="size"),
        measures.theil(t, value="size", within=["industry"]),
    ]
    for answer in answers:
        for row in side.rows(answer):
            for value in row.values():
                assert value is None or not isinstance(value, float) or value == 0.0, row
