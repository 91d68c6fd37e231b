"""The rows that a picture of a region is summed from.

Three tables meet here, once: what an enterprise is (as registered on a day),
what it reported (above scale only), and which stored periods make up the
wanted ones. Everything later groups these rows and joins nothing else, so no
second table can multiply an enterprise's output.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from ballast.brain.picture_periods import Piece
from ballast.brain.places import inside
from ballast.lake.declare import PROVENANCE
from ballast.lake.engine import Engine
from ballast.terms.industry import INDUSTRIAL_SECTIONS, industries
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

__all__ = ["above_scale", "fetched", "flows", "industrial", "legs", "stocks"]


def industrial(enterprises: ir.Table, region: str) -> ir.Table:
    """Return the industrial enterprises of a region.

    Parameters
    ----------
    enterprises
        One row for each, as `cluster_revenue.registered` gives them.
    region
        A GB/T 2260 code, which holds its parts and zones, or a zone's code.

    Returns
    -------
    ir.Table
        ``uscc``, ``county``, ``zone``, ``place`` (the zone, or the county
        where it lies in none), ``closed``, ``division``, ``group`` (by the main
        industry; ``group`` empty where only a division is known).
    """
    rows = enterprises
    gb = ibis.literal(RegionScheme.GB2260.value)
    zone = rows.zone.fill_null("")
    here = inside(rows.region, gb, ibis.literal(region)) | (zone == region)
    divisions = [
        d.code for s in INDUSTRIAL_SECTIONS for d in industries(IndustryLevel.DIVISION, within=s)
    ]
    division = rows.industry.substr(0, 2)
    return rows.filter(
        here, rows.industry_scheme == IndustryScheme.GBT4754_2017.value, division.isin(divisions)
    ).select(
        "uscc",
        "closed",
        county=rows.region,
        zone=zone,
        place=(zone == "").ifelse(rows.region, zone),
        division=division,
        group=(rows.industry.length() >= 3).ifelse(rows.industry.substr(0, 3), ""),
    )


def above_scale(
    enterprise_period: ir.Table, enterprises: ir.Table, periods: Collection[Period]
) -> ir.Table:
    """Return what above-scale enterprises reported, each row with what the enterprise is.

    Parameters
    ----------
    enterprise_period
        The table of that name.
    enterprises
        What `industrial` returns.
    periods
        Those that are wanted.
    """
    rows = enterprise_period.filter(
        enterprise_period.above_scale,
        enterprise_period.period.isin(sorted(str(p) for p in periods)),
    )
    return rows.drop(*PROVENANCE).inner_join(enterprises, "uscc")


def fetched(engine: Engine, rows: ir.Table) -> ir.Table:
    """Return the rows as a table of the engine's memory, so that later queries stay short."""
    return engine.memory(engine.collect(rows))


def legs(engine: Engine, made_of: Mapping[Period, Sequence[Piece]]) -> ir.Table:
    """Return the wanted periods and their pieces as a table: ``target``, ``period``, ``plus``."""
    rows = [(str(p), str(x.period), x.sign > 0) for p, parts in made_of.items() for x in parts]
    return engine.memory(
        pa.table(
            {
                "target": pa.array([r[0] for r in rows], pa.string()),
                "period": pa.array([r[1] for r in rows], pa.string()),
                "plus": pa.array([r[2] for r in rows], pa.bool_()),
            }
        )
    )


def flows(facts: ir.Table, parts: ir.Table) -> ir.Table:
    """Return the rows of every wanted period, with ``target`` and ``plus``.

    A flow of the target is the sum over its rows, those without ``plus`` taken off.
    """
    return facts.inner_join(parts, "period")


def stocks(engine: Engine, facts: ir.Table, made_of: Mapping[Period, Sequence[Piece]]) -> ir.Table:
    """Return, for every wanted period, the rows at whose end it ends: stocks and who reported."""
    last = {
        p: [max((x for x in parts if x.sign > 0), key=lambda x: x.period)]
        for p, parts in made_of.items()
    }
    return flows(facts, legs(engine, last))
