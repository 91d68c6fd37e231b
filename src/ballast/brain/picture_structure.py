"""What the region makes, and where: divisions, groups, counties and zones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir

from ballast.brain.picture_facts import flows, legs, stocks
from ballast.brain.picture_periods import Frame
from ballast.brain.picture_shape import IndustrySize, PlaceSize
from ballast.lake.engine import Engine
from ballast.terms.industry import exists, industry
from ballast.terms.label import Label

__all__ = ["structure"]

Row = Mapping[str, Any]

_GONE: Row = {"output": Decimal(0), "revenue": Decimal(0)}


def structure(
    engine: Engine, facts: ir.Table, frame: Frame, names: Callable[[str], Label]
) -> tuple[tuple[IndustrySize, ...], tuple[IndustrySize, ...], tuple[PlaceSize, ...]]:
    """Return divisions, groups and places, each largest first.

    Those that only the year before has stand at the end, with zero.

    Parameters
    ----------
    engine, facts, frame
        As for the headline.
    names
        Returns what the place of a code is called.

    Notes
    -----
    Contribution of part i to the whole's growth, in percentage points:
    (y_i1 − y_i0) / y_0 × 100; over all parts it adds up to the growth rate.
    """
    base = frame.base if frame.base in frame.made_of else None
    wanted = [frame.to_date] if base is None else [frame.to_date, base]
    rows = flows(facts, legs(engine, {p: frame.made_of[p] for p in wanted}))
    ends = stocks(engine, facts, {frame.latest: frame.made_of[frame.latest]})
    now, before = str(frame.to_date), None if base is None else str(base)
    sized = [
        _sizes(_summed(rows, key), _counted(ends, key), now, before)
        for key in ("division", "group", "place")
    ]
    divisions = tuple(_industry(row, None) for row in sized[0])
    groups = tuple(
        _industry(row, str(row["key"])[:2]) for row in sized[1] if exists(str(row["key"]))
    )
    places = tuple(
        PlaceSize(
            code=row["key"],
            label=names(row["key"]),
            revenue=row["revenue"],
            share=row["revenue_share"],
            enterprises=row["enterprises"],
            growth=row["revenue_growth"],
        )
        for row in sorted(sized[2], key=lambda r: -(r["revenue"] or 0))
    )
    return divisions, groups, places


def _summed(rows: ir.Table, key: str) -> list[Row]:
    def signed(name: str) -> ir.Value:
        return rows.plus.ifelse(rows[name], -rows[name]).sum()

    found: list[Row] = (
        rows.aggregate(
            output=signed("output_1e4_cny"),
            revenue=signed("revenue_1e4_cny"),
            by=[rows[key].name("key"), "target"],
        )
        .to_pyarrow()
        .to_pylist()
    )
    return found


def _counted(ends: ir.Table, key: str) -> dict[str, int]:
    counts = ends.aggregate(enterprises=ends.uscc.nunique(), by=[ends[key].name("key")])
    return {row["key"]: row["enterprises"] for row in counts.to_pyarrow().to_pylist()}


def _sizes(
    rows: Sequence[Row], counts: Mapping[str, int], now: str, before: str | None
) -> list[dict[str, Any]]:
    current = {r["key"]: r for r in rows if r["target"] == now and r["key"]}
    earlier = {r["key"]: r for r in rows if before is not None and r["target"] == before}
    whole = {f: _total(current.values(), f) for f in ("output", "revenue")}
    whole_before = _total(earlier.values(), "output")
    sized = []
    # What was there a year before and is gone counts too, or the contributions would not add up.
    for code in {**current, **earlier}:
        row, old = current.get(code, _GONE), earlier.get(code, {})
        sized.append(
            {
                "key": code,
                "enterprises": counts.get(code, 0),
                "output": row["output"],
                "revenue": row["revenue"],
                "share": _part(row["output"], whole["output"]),
                "revenue_share": _part(row["revenue"], whole["revenue"]),
                "growth": _growth(row["output"], old.get("output")),
                "revenue_growth": _growth(row["revenue"], old.get("revenue")),
                "contribution": _contribution(row["output"], old.get("output"), whole_before),
            }
        )
    return sorted(sized, key=lambda r: (-(r["output"] or 0), r["key"]))


def _industry(row: Row, parent: str | None) -> IndustrySize:
    return IndustrySize(
        code=row["key"],
        parent=parent,
        label=industry(row["key"]).label,
        enterprises=row["enterprises"],
        output=row["output"],
        revenue=row["revenue"],
        share=row["share"],
        growth=row["growth"],
        contribution=row["contribution"],
    )


def _total(rows: Any, field: str) -> Decimal:
    return sum((r[field] for r in rows if r[field] is not None), Decimal(0))


def _part(value: Decimal | None, whole: Decimal) -> float | None:
    return None if value is None or whole <= 0 else float(value / whole)


def _growth(now: Decimal | None, base: Decimal | None) -> float | None:
    if now is None or base is None or base <= 0:
        return None
    return float(now / base - 1) * 100


def _contribution(now: Decimal | None, base: Decimal | None, whole_before: Decimal) -> float | None:
    if now is None or whole_before <= 0:
        return None
    return float((now - (base or 0)) / whole_before) * 100
