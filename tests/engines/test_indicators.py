"""Indicators on both engines: registrations chosen, copies made, cells summed, all the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from ballast.brain.indicators.compile import expression, expressions
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.facts import Times, industrial_enterprises, legs
from ballast.brain.indicators.registry import indicator
from ballast.brain.indicators.spread import over_groupings, over_industries
from ballast.brain.picture_periods import Piece
from ballast.terms.period import Period

Same = Callable[[list[dict[str, Any]], list[dict[str, Any]]], None]
TO_MARCH, FEBRUARY, MARCH = (Period.parse(t) for t in ("2026-03ytd", "2026-01..02", "2026-03"))
TIMES = Times({TO_MARCH: (Piece(FEBRUARY), Piece(MARCH)), MARCH: (Piece(MARCH),)}, {})
KEYS = ("margin", "labour_productivity", "groups")


def register() -> pa.Table:
    chance = random.Random(1)
    rows = [
        {
            "uscc": f"e{n}", "valid_from": date(2020 + 6 * again, 3, 1), "load_id": "1",
            "region": chance.choice(["371502", "371581"]),
            "zone": chance.choice([None, "371500-KFQ"]), "industry_scheme": "gbt4754-2017",
            "industry": chance.choice(["3451", "325", "34", "6510"]),
            "other_industries": chance.choice([None, "3252:0.25;3452:0.5"]),
            "size_class": chance.choice(["large", None]), "ownership": None, "closed": None,
        }
        for n in range(40)
        for again in range(chance.choice([1, 2]))
    ]  # fmt: skip
    dates = {"valid_from": pa.date32(), "closed": pa.date32()}
    return pa.table({k: pa.array([r[k] for r in rows], dates.get(k, pa.string())) for k in rows[0]})


def reports() -> pa.Table:
    chance = random.Random(2)
    money = pa.decimal128(24, 4)
    kinds = {"revenue_1e4_cny": money, "profit_1e4_cny": money, "value_added_1e4_cny": money,
             "employment_persons": pa.int64()}  # fmt: skip
    rows = [
        (f"e{n}", str(p)) for n in range(40) for p in (FEBRUARY, MARCH) if chance.random() < 0.9
    ]

    def figures(kind: pa.DataType) -> pa.Array:
        drawn = [None if chance.random() < 0.1 else chance.randint(-5, 90) for _ in rows]
        return pa.array(
            [None if d is None else Decimal(d) for d in drawn] if kind == money else drawn, kind
        )

    return pa.table(
        {"uscc": [u for u, _ in rows], "period": [p for _, p in rows], "load_id": ["2"] * len(rows)}
        | {name: figures(kind) for name, kind in kinds.items()}
    )


def facts(side: Any) -> ir.Table:
    days = {p: p.end for p in (TO_MARCH, MARCH)}
    registered = industrial_enterprises(side.memory(register()), days)
    rows = side.memory(reports()).inner_join(legs(TIMES), "period")
    return rows.inner_join(registered, ["uscc", "target"])


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_cells_are_the_same_on_both(duckdb_side: Any, spark_side: Any, assert_same: Same) -> None:
    declared = [indicator(key) for key in KEYS]
    by = (Dimension.PLACE, Dimension.INDUSTRY_DIVISION)
    answers = [
        side.rows(
            expressions(declared, facts(side), by, largest=True), "place", "division", "target"
        )
        for side in (spark_side, duckdb_side)
    ]
    assert len(answers[0]) > 8
    assert_same(*answers)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_clusters_and_weights_are_the_same_on_both(
    duckdb_side: Any, spark_side: Any, assert_same: Same
) -> None:
    definition = pa.table(
        {
            "definition": ["own"] * 3, "cluster": ["parts", "parts", "metal"],
            "industry_scheme": ["gbt4754-2017"] * 3, "industry": ["345", "3451", "32"],
            "region": ["", "371500", "371500-KFQ"], "region_scheme": ["", "gb2260", "ext"],
        }
    )  # fmt: skip

    def rows(side: Any) -> list[dict[str, Any]]:
        copies = over_industries(facts(side), weighted=True)
        spread = over_groupings(
            copies, side.memory(definition), dimension=Dimension.CLUSTER, name="own",
            only=None, apart=True,
        )  # fmt: skip
        by = (Dimension.CLUSTER, Dimension.INDUSTRY_GROUP)
        found: list[dict[str, Any]] = side.rows(
            expression(indicator("revenue"), spread, by), "cluster", "group", "target"
        )
        return found

    answers = rows(spark_side), rows(duckdb_side)
    assert {row["cluster"] for row in answers[0]} == {"parts", "metal"}
    assert_same(*answers)
