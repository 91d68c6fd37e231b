"""What the lake knows of the stages of chains: enterprises, quotients, the loads behind them.

Every stage is laid beside the enterprises once, by the same weights as the
clusters' (an enterprise with two industries counts in each by its weight), and
one year's revenue is joined last, so that nothing multiplies it. All chains
are read in one question: ten times the same scan would answer no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from ballast.brain.chains.links import StageFirm
from ballast.brain.chains.product_chain import ProductChain
from ballast.brain.cluster_revenue import REVENUE, cluster_weights, registered
from ballast.brain.measures.location_quotient import location_quotients
from ballast.brain.places import inside
from ballast.brain.published import PublishedSource
from ballast.brain.specialisation import cells_of
from ballast.brain.yearly import yearly
from ballast.lake.lake import Lake
from ballast.terms.industry import industries, level_of, roll_up
from ballast.terms.label import Label
from ballast.terms.region import NATION, is_extension
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.terms.viewer import Viewer

__all__ = ["StageFacts", "stage_facts", "stage_id"]

_PERSONS = "employment_persons"
_SET = "chains"


@dataclass(frozen=True)
class StageFacts:
    """What was read once for all chains.

    Parameters
    ----------
    region, year
        Of which the facts are; no year where none is wholly reported.
    registered
        Whether any enterprise of the region is registered at all.
    firms
        `stage_id` to the enterprises on the stage.
    quotients
        `stage_id` to the location quotient of the groups that its industries lie in, by persons
        employed, the nation compared with; without an entry where it is not known.
    sources
        The standing loads that wrote a table read.
    """

    region: str
    year: int | None
    registered: bool
    firms: dict[str, list[StageFirm]]
    quotients: dict[str, float | None]
    sources: tuple[PublishedSource, ...]


def stage_id(chain: ProductChain, stage: str) -> str:
    """Return the name of a stage among the stages of all chains."""
    return f"{chain.key}/{stage}"


def stage_facts(
    lake: Lake, reader: Viewer, chains: Sequence[ProductChain], region: str, year: int | None
) -> StageFacts:
    """Return what the lake knows of the stages of chains in a region.

    Parameters
    ----------
    lake, reader
        Where to read, and for whom; the reader may read unit data.
    chains
        At least one.
    region
        A GB/T 2260 code, or a zone's extension code.
    year
        A year that is wholly reported, or None.

    Raises
    ------
    NotPermitted
        If the reader may not read the tables.
    """
    rows = _firms(lake, reader, chains, region, year)
    firms: dict[str, list[StageFirm]] = {}
    for row in rows:
        firms.setdefault(row["cluster"], []).append(_firm(row))
    there = _registered(lake, reader, region, year).limit(1).count()
    return StageFacts(
        region,
        year,
        bool(lake.engine.collect(there.as_table())[0][0].as_py()),
        firms,
        {} if year is None else _quotients(lake, reader, chains, region, year),
        _sources(lake),
    )


def _registered(lake: Lake, reader: Viewer, region: str, year: int | None) -> ir.Table:
    """Return the enterprises of a region that stood at the end of the year."""
    on = date(9999, 12, 31) if year is None else date(year, 12, 31)
    rows = registered(lake.read("enterprise", reader), on=on)
    gb, here = (ibis.literal(text) for text in (RegionScheme.GB2260.value, region))
    is_here = rows.zone == region if is_extension(region) else inside(rows.region, gb, here)
    return rows.filter(is_here, rows.closed.isnull() | (rows.closed > ibis.literal(on)))


def _firms(
    lake: Lake, reader: Viewer, chains: Sequence[ProductChain], region: str, year: int | None
) -> list[dict[str, Any]]:
    listed = [
        (stage_id(chain, stage.key), scheme, code)
        for chain in chains
        for stage in chain.stages
        for scheme, code in stage.industries
    ]
    ids, schemes, codes = (list(column) for column in zip(*listed, strict=True))
    definition = lake.engine.memory(
        pa.table(
            {
                "definition": [_SET] * len(ids),
                "cluster": ids,
                "industry_scheme": schemes,
                "industry": codes,
                "region_scheme": [""] * len(ids),
                "region": [""] * len(ids),
            }
        )
    )
    own = _registered(lake, reader, region, year)
    weights = cluster_weights(own, definition, definition=_SET)
    found = weights.join(own.select("uscc", "name", "name_en"), "uscc")
    if year is not None:
        figures = lake.read("enterprise_period", reader)
        scope = figures.filter(figures.period.startswith(str(year)))
        scope = scope.aggregate(above_scale=scope.above_scale.argmax(scope.period), by=["uscc"])
        revenue = yearly(figures, value=REVENUE, year=year).drop("months")
        found = found.left_join(scope, "uscc").drop("uscc_right")
        found = found.left_join(revenue, "uscc").drop("uscc_right")
    rows: list[dict[str, Any]] = lake.engine.collect(found).to_pylist()
    return rows


def _firm(row: dict[str, Any]) -> StageFirm:
    revenue = row.get(REVENUE)
    return StageFirm(
        row["uscc"],
        Label(row["name"], row["name_en"] or row["name"]),
        row["weight"],
        None if revenue is None else Decimal(f"{revenue * row['weight']:.4f}"),
        bool(row.get("above_scale")),
    )


def _quotients(
    lake: Lake, reader: Viewer, chains: Sequence[ProductChain], region: str, year: int
) -> dict[str, float | None]:
    """Return the location quotient of the groups that each stage's industries lie in."""
    pairs = sorted(
        {
            (stage_id(chain, stage.key), group)
            for chain in chains
            for stage in chain.stages
            for group in _groups(stage.industries)
        }
    )
    groups = lake.engine.memory(
        pa.table(
            {"stage": [p[0] for p in pairs], "industry": [p[1] for p in pairs]},
            schema=pa.schema({"stage": pa.string(), "industry": pa.string()}),  # none has no type
        )
    )
    cells = cells_of(
        lake.read("region_industry", reader),
        region_scheme=(RegionScheme.GB2260, RegionScheme.EXT),
        industry_scheme=IndustryScheme.GBT4754_2017,
        level=IndustryLevel.GROUP,
        period=str(year),
    )
    here, nation = (
        cells.filter(cells.region == code).select("region", "industry", _PERSONS)
        for code in (region, NATION)
    )
    found = location_quotients(
        here.join(groups, "industry").select("region", "stage", _PERSONS),
        value=_PERSONS,
        industry="stage",
        reference=nation.join(groups, "industry").select("stage", _PERSONS),
        region_totals=here,
        reference_total=nation,
    )
    rows = lake.engine.collect(found.select("stage", "location_quotient")).to_pylist()
    return {row["stage"]: row["location_quotient"] for row in rows}


def _groups(codes: Iterable[tuple[str, str]]) -> set[str]:
    found = set()
    for scheme, code in codes:
        if scheme == IndustryScheme.GBT4754_2017:
            if level_of(code) in (IndustryLevel.GROUP, IndustryLevel.CLASS):
                found.add(roll_up(code, IndustryLevel.GROUP))
            else:
                found |= {each.code for each in industries(IndustryLevel.GROUP, within=code)}
    return found


def _sources(lake: Lake) -> tuple[PublishedSource, ...]:
    """Return the standing loads that wrote one of the tables read."""
    read = {"chain_definition", "enterprise", "enterprise_period", "region_industry"}
    found = []
    for row in lake.ledger.live().filter(pl.col("state") == "committed").to_dicts():
        tables = tuple(name for name in row["tables"].split(",") if name in read)
        if tables:
            synthetic = row["provenance"] == "synthetic"
            found.append(PublishedSource(row["load_id"], row["at"], tables, synthetic))
    return tuple(found)
