from __future__ import annotations

from typing import Any

from ballast.brain.measures.distribution import beside_reference, lay_out


def test_units_without_a_cell_come_as_one_row_with_their_joint_weight(
    table: Any, rows: Any
) -> None:
    t = table({"region": ["a", "b", "c"], "industry": ["x", "y", "y"], "n": [2, 3, 5]})
    spread = rows(beside_reference(t, value="n", of="industry", across="region"), "industry")
    assert [r for r in spread if r["region"] is None] == [
        {"industry": "x", "region": None, "value__": 0.0, "weight__": 8.0},
        {"industry": "y", "region": None, "value__": 0.0, "weight__": 2.0},
    ]


def test_where_every_unit_has_a_cell_nothing_is_left_over(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "b"], "industry": ["x", "x"], "n": [0.1, 0.2]})
    spread = rows(beside_reference(t, value="n", of="industry", across="region"))
    assert {r["region"] for r in spread} == {"a", "b"}


def test_a_unit_of_unknown_value_is_left_out_on_both_sides(table: Any, rows: Any) -> None:
    t = table(
        {"region": ["a", "b", "a", "b"], "industry": ["x", "x", "y", "y"], "n": [2, None, 3, 5]}
    )
    spread = rows(beside_reference(t, value="n", of="industry", across="region"))
    x = [r for r in spread if r["industry"] == "x"]
    assert x == [{"industry": "x", "region": "a", "value__": 2.0, "weight__": 5.0}]


def test_a_unit_that_the_reference_lacks_weighs_nothing(table: Any, rows: Any) -> None:
    t = table({"region": ["a"], "industry": ["x"], "n": [2]})
    base = table({"region": ["b"], "n": [7]})
    spread = beside_reference(t, value="n", of="industry", across="region", reference=base)
    assert [(r["region"], r["weight__"]) for r in rows(spread, "weight__")] == [
        ("a", 0.0),
        (None, 7.0),
    ]


def test_laying_out_leaves_out_rows_with_an_unknown_on_either_side(table: Any, rows: Any) -> None:
    t = table({"v": [1, None, 3], "w": [1, 1, None]})
    assert rows(lay_out(t, value="v", weight="w")) == [{"p": 1.0, "q": 1.0}]
