from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from ballast.brain.measures.quantities import attach, known, number, ratio, total


def test_a_sum_of_unknowns_is_unknown(table: Any, rows: Any) -> None:
    t = table({"x": pa.array([None, None], pa.int64())})
    assert rows(t.aggregate(x=total(t.x))) == [{"x": None}]


def test_an_unknown_is_left_out_of_a_sum(table: Any, rows: Any) -> None:
    t = table({"x": [1, None, 2]})
    assert rows(t.aggregate(x=total(t.x))) == [{"x": 3.0}]


def test_nan_is_unknown_like_null(table: Any, rows: Any) -> None:
    t = table({"x": [1.0, float("nan"), 2.0]})
    assert rows(t.aggregate(x=total(t.x), n=number(t.x).count())) == [{"x": 3.0, "n": 2}]


def test_money_is_added_exactly_before_it_becomes_floating_point(table: Any, rows: Any) -> None:
    yuan = [Decimal("0.1001")] * 30_000
    t = table({"x": pa.array(yuan, pa.decimal128(24, 4))})
    [row] = rows(t.aggregate(x=total(t.x)))
    assert row["x"] == 3003.0


def test_a_ratio_to_zero_is_null_not_infinite(table: Any, rows: Any) -> None:
    t = table({"a": [1.0, 0.0, 1.0], "b": [0.0, 0.0, None]})
    assert [r["q"] for r in rows(t.select(q=ratio(t.a, t.b)))] == [None, None, None]


def test_rows_that_name_no_cell_are_left_out(table: Any, rows: Any) -> None:
    t = table({"region": ["a", None, "b"], "industry": ["x", "x", None]})
    assert rows(known(t, ["region", "industry"])) == [{"region": "a", "industry": "x"}]


def test_attaching_keeps_rows_without_a_partner(table: Any, rows: Any) -> None:
    left = table({"k": ["a", "b"], "x": [1, 2]})
    right = table({"k": ["a"], "y": [3]})
    assert rows(attach(left, right, ["k"]), "k") == [
        {"k": "a", "x": 1, "y": 3},
        {"k": "b", "x": 2, "y": None},
    ]


def test_measures_run_no_query(table: Any) -> None:
    from ballast.brain import measures

    t = table({"region": ["a"], "industry": ["x"], "n": [1]})
    for name in ("location_quotients", "krugman", "hoover_localisation", "locational_gini"):
        assert isinstance(getattr(measures, name)(t, value="n"), ibis.expr.types.Table)
