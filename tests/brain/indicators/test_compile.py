"""What the expression says of a cell is what adding by hand says, however the rows are cut."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from ballast.brain.indicators.compile import COPY, COUNTS, WEIGHT, expression, expressions
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.facts import column_of
from ballast.brain.indicators.registry import indicator
from ballast.errors import WrongUsage

DIVISION, REGION = Dimension.INDUSTRY_DIVISION, Dimension.REGION
COLUMNS = (
    "revenue_1e4_cny", "profit_1e4_cny", "value_added_1e4_cny", "employment_persons",
)  # fmt: skip
Row = dict[str, Any]


def drawn(seed: int) -> list[Row]:
    """Return facts of 30 enterprises and two periods, of three stored ones each, with gaps.

    One of the three counts against the sum, as the difference of two years to date does.
    """
    chance = random.Random(seed)
    rows = []
    for number in range(30):
        region, division = chance.choice("xyz"), chance.choice(["31", "32"])
        for target in ("t1", "t2"):
            for at, (plus, last) in enumerate(((False, False), (True, False), (True, True))):
                if chance.random() < 0.2:
                    continue
                row: Row = {
                    "uscc": f"e{number}", "target": target, "period": f"{target}-{at}",
                    "plus": plus, "last": last, "parts": 3, "region": region, "division": division,
                }  # fmt: skip
                for column in COLUMNS:
                    amount = chance.randint(-20 if column.startswith("profit") else 0, 100)
                    row[column] = None if chance.random() < 0.15 else Decimal(amount)
                rows.append(row)
    return rows


def table(rows: Sequence[Mapping[str, Any]]) -> ir.Table:
    money = {c: pa.decimal128(24, 4) for c in COLUMNS}
    names = list(rows[0])
    return ibis.memtable(pa.table({n: pa.array([r[n] for r in rows], money.get(n)) for n in names}))


def by_hand(
    rows: Sequence[Row], above: str, below: str | None, by: Sequence[str]
) -> dict[Any, Any]:
    """Add up a flow, or a ratio of two flows, in plain Python."""
    found: dict[Any, dict[str, Any]] = defaultdict(
        lambda: {"above": Decimal(0), "below": Decimal(0), "own": defaultdict(Decimal),
                 "last": set(), "rows": defaultdict(int)}
    )  # fmt: skip
    for row in rows:
        if row[above] is None or (below is not None and row[below] is None):
            continue
        cell = found[(*(row[d] for d in by), row["target"])]
        sign = 1 if row["plus"] else -1
        cell["above"] += sign * row[above]
        cell["below"] += sign * row[below] if below else 0
        cell["own"][row["uscc"]] += sign * row[below or above]
        cell["rows"][row["uscc"]] += 1
        if row["last"]:
            cell["last"].add(row["uscc"])
    told = {}
    for key, cell in found.items():
        sizes = sorted((abs(v) for v in cell["own"].values()), reverse=True)
        told[key] = {
            "numerator": cell["above"],
            "denominator": cell["below"] if below else None,
            "reporting": len(cell["last"]),
            "enterprises": len(cell["own"]),
            "incomplete": sum(n < 3 for n in cell["rows"].values()),
            "whole": sum(sizes),
            "first": sizes[0],
            "second": sizes[1] if len(sizes) > 1 else None,
        }
    return told


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("key", "above", "below"),
    [("revenue", "revenue_1e4_cny", None), ("profit", "profit_1e4_cny", None),
     ("margin", "profit_1e4_cny", "revenue_1e4_cny")],
)  # fmt: skip
def test_cells_are_what_adding_by_hand_gives(
    seed: int, key: str, above: str, below: str | None
) -> None:
    rows = drawn(seed)
    for by in ((), (DIVISION,), (REGION, DIVISION)):
        names = [column_of(d) for d in by]
        found = expression(indicator(key), table(rows), by, largest=True).to_pyarrow().to_pylist()
        wanted = by_hand(rows, above, below, names)
        told = {
            (*(r[n] for n in names), r["target"]): {
                k: v for k, v in r.items() if k not in (*names, "target")
            }
            for r in found
        }
        assert told == wanted


def test_one_step_and_two_steps_give_the_same_sums() -> None:
    facts = table(drawn(3))
    some = [indicator(key) for key in ("revenue", "margin", "employment", "enterprises")]
    keys = [
        f"{one.key}__{side}" for one in some for side in ("numerator", "denominator", "reporting")
    ]
    order = ["region", "target"]

    def sums(detail: bool) -> list[Any]:
        found = expressions(some, facts, [REGION], detail=detail)
        return found.select(*order, *keys).order_by(order).to_pyarrow().to_pylist()  # type: ignore[no-any-return]

    assert sums(detail=False) == sums(detail=True)


def test_a_flow_over_a_stock_takes_the_enterprises_that_have_both() -> None:
    rows = drawn(4)
    known = [r for r in rows if r["target"] == "t1" and r["last"] and r["employment_persons"]]
    silent = known[0]["uscc"]  # says how many work there, and nothing of what they made
    for row in rows:
        if row["uscc"] == silent:
            row["value_added_1e4_cny"] = None
            row["employment_persons"] = Decimal(999)  # and is larger than all that count
    flows: dict[str, Decimal] = {}
    ends: dict[str, Decimal] = {}
    for row in (r for r in rows if r["target"] == "t1"):
        if row["value_added_1e4_cny"] is not None:
            sign = 1 if row["plus"] else -1
            before = flows.get(row["uscc"], Decimal(0))
            flows[row["uscc"]] = before + sign * row["value_added_1e4_cny"]
        if row["last"] and row["employment_persons"] is not None:
            ends[row["uscc"]] = row["employment_persons"]
    both = flows.keys() & ends.keys()
    assert both != flows.keys()
    assert both != ends.keys()
    cells = expression(indicator("labour_productivity"), table(rows), [], largest=True)
    found = cells.to_pyarrow().to_pylist()
    (told,) = [row for row in found if row["target"] == "t1"]
    assert told["numerator"] == sum(flows[u] for u in both)
    assert told["denominator"] == sum(ends[u] for u in both)
    assert told["enterprises"] == len(both)
    assert told["whole"] == told["denominator"]
    assert told["first"] == max(ends[u] for u in both)


def test_copies_with_weights_add_up_to_the_enterprise() -> None:
    rows = drawn(5)
    whole = expression(indicator("revenue"), table(rows), []).to_pyarrow().to_pylist()
    copies = [
        {**row, COPY: code, WEIGHT: weight, COUNTS: weight, "division": code[:2]}
        for row in rows
        for code, weight in (("3211", 0.75), ("3411", 0.25))
    ]
    spread = expression(indicator("revenue"), table(copies), []).to_pyarrow().to_pylist()
    cut = expression(indicator("revenue"), table(copies), [DIVISION], largest=True)
    counted = (
        expression(indicator("enterprises"), table(copies), [DIVISION]).to_pyarrow().to_pylist()
    )
    for target in ("t1", "t2"):
        (one,) = [r for r in whole if r["target"] == target]
        (same,) = [r for r in spread if r["target"] == target]
        assert same["numerator"] == pytest.approx(float(one["numerator"]))
        assert (same["enterprises"], same["incomplete"]) == (one["enterprises"], one["incomplete"])
        parts = [r for r in cut.to_pyarrow().to_pylist() if r["target"] == target]
        assert sum(r["numerator"] for r in parts) == pytest.approx(float(one["numerator"]))
        assert all(r["first"] <= r["whole"] for r in parts)
        there = len({r["uscc"] for r in rows if r["target"] == target and r["last"]})
        assert sum(r["numerator"] for r in counted if r["target"] == target) == pytest.approx(there)


def test_a_sample_that_shrank_to_two_enterprises_says_that_it_rests_on_two() -> None:
    rows = [r for r in drawn(6) if r["uscc"] in ("e1", "e2") and r["target"] == "t1"]
    (found,) = (
        expression(indicator("revenue"), table(rows), [], largest=True).to_pyarrow().to_pylist()
    )
    assert found["enterprises"] == 2
    assert found["first"] + found["second"] == found["whole"]


def test_a_concentration_is_compiled_by_itself() -> None:
    both = [indicator("export_concentration"), indicator("trade_exports")]
    with pytest.raises(WrongUsage, match="compiled by itself"):
        expressions(both, table(drawn(1)), [])
