"""Measures of regions and industries, by the expressions that the command line uses too."""

from __future__ import annotations

from typing import Annotated, Any

import ibis.expr.types as ir
from fastapi import APIRouter, Query
from pydantic import Field

from ballast.brain.coverage import CellSet, cell_sets, choose
from ballast.brain.names import Names, names
from ballast.brain.published import PublishedSource
from ballast.brain.specialisation import ALL_LOADED, cells_of, region_quotients
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.portal.api.callers import Asker
from ballast.portal.api.cursors import page
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.portal.api.shapes import (
    About,
    Disclosure,
    LabelShape,
    Shape,
    label_shape,
    source_shapes,
)
from ballast.terms.industry import industries, industry
from ballast.terms.period import Period
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["measures"])


class Quotient(Shape):
    """An industry's share of a region's employment over its share in the reference."""

    region: str
    region_label: LabelShape
    industry: str
    industry_label: LabelShape
    employment_persons: float | None
    region_share: float | None
    reference_share: float | None
    location_quotient: float | None = Field(description="Null where it is undefined.")
    basis: str | None = Field(description="Whether persons are reported or estimated.")


class Quotients(Shape):
    """A page of location quotients, the highest first."""

    about: About
    cells: str = Field(description="Which cells of `region_industry` were measured.")
    reference: str
    quotients: list[Quotient]
    next: str | None


@router.get("/api/v1/measures/location-quotient", operation_id="locationQuotient")
def location_quotient(  # longer than most because it is the list of what may be asked
    ask: Asker,
    region: Annotated[
        list[str] | None, Query(max_length=40, description="Codes or names of regions.")
    ] = None,
    industry: Annotated[
        str | None, Query(max_length=20, description="A code: this industry and those under it.")
    ] = None,
    reference: Annotated[
        str | None,
        Query(
            max_length=60,
            description="A region to compare with, or `all-loaded`; the nation where it is loaded.",
        ),
    ] = None,
    region_scheme: RegionScheme | None = None,
    industry_scheme: IndustryScheme | None = None,
    industry_level: IndustryLevel | None = None,
    period: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Quotients:
    """Measure how specialised regions are, by persons employed."""
    wanted = {
        "region_scheme": region_scheme,
        "industry_scheme": industry_scheme,
        "industry_level": industry_level,
        "period": None if period is None else str(Period.parse(period)),
    }
    fixed = {key: str(value) for key, value in wanted.items() if value is not None}
    with ask.lakes.lend() as lake:
        rows = lake.read("region_industry", ask.viewer)
        ask.tagged(lake)
        called = names(lake, ask.viewer)
        cells = choose(cell_sets(rows), fixed)
        base = _reference(rows, cells, called, reference)
        found = _measured(rows, cells, base)
        if region:
            codes = [code for text in region for code in _regions(called, text)]
            found = found.filter(found.region.isin(codes))
        if industry is not None:
            found = found.filter(_under(found.industry, cells, industry))
        held = lake.engine.collect(found).to_pylist()
        sources = _sources(lake, rows)
    held.sort(key=lambda r: (-(r["location_quotient"] or 0.0), r["region"], r["industry"]))
    question = ["quotients", str(cells), base, sorted(region or []), industry]
    kept, more = page(held, question, limit, cursor)
    return Quotients(
        about=About(
            as_of=ask.context.clock(),
            sources=source_shapes(sources),
            status=Disclosure.UNSUPPRESSED,
            synthetic=any(source.synthetic for source in sources),
        ),
        cells=str(cells),
        reference=base,
        quotients=[_quotient(row, called, cells) for row in kept],
        next=more,
    )


def _measured(rows: ir.Table, cells: CellSet, reference: str) -> ir.Table:
    return region_quotients(
        rows,
        region_scheme=cells.region_schemes,
        industry_scheme=cells.industry_scheme,
        level=cells.level,
        period=cells.period,
        reference=reference,
    )


def _regions(called: Names, text: str) -> list[str]:
    codes = called.find_regions(text)
    if not codes:
        raise NotFound("no region is called {region}", region=text[:60])
    return codes


def _reference(rows: ir.Table, cells: CellSet, called: Names, asked: str | None) -> str:
    if asked == ALL_LOADED:
        return ALL_LOADED
    if asked is not None:
        codes = _regions(called, asked)
        if len(codes) != 1:
            raise NotFound(
                "{text} is not one region; {known}", text=asked[:60], known=", ".join(codes[:8])
            )
        return codes[0]
    own = cells_of(
        rows,
        region_scheme=cells.region_schemes,
        industry_scheme=cells.industry_scheme,
        level=cells.level,
        period=cells.period,
    )
    nation = own.filter(own.region == NATION).count().to_pyarrow().as_py()
    return NATION if nation else ALL_LOADED


def _under(column: ir.StringColumn, cells: CellSet, code: str) -> ir.BooleanValue:
    if cells.industry_scheme == IndustryScheme.GBT4754_2017:
        industry(code)
        return column.isin([each.code for each in industries(within=code)])
    return column.startswith(code)


def _sources(lake: Lake, rows: ir.Table) -> list[PublishedSource]:
    ids = set(rows.select("load_id").distinct().to_pyarrow()["load_id"].to_pylist())
    return [
        PublishedSource(
            row["load_id"], row["at"], ("region_industry",), row["provenance"] == "synthetic"
        )
        for row in lake.ledger.live().to_dicts()
        if row["load_id"] in ids
    ]


def _quotient(row: dict[str, Any], called: Names, cells: CellSet) -> Quotient:
    region, code = str(row["region"]), str(row["industry"])
    return Quotient(
        region=region,
        region_label=label_shape(called.region(region)),
        industry=code,
        industry_label=label_shape(called.industry(cells.industry_scheme, code)),
        employment_persons=row["employment_persons"],
        region_share=row["region_share"],
        reference_share=row["reference_share"],
        location_quotient=row["location_quotient"],
        basis=row["basis"],
    )
