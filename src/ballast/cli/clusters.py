"""``clusters``: where the clusters are, how large, how special."""

from __future__ import annotations

from typing import Annotated

import ibis.expr.types as ir
import polars as pl
import typer

from ballast.brain.cluster_revenue import clusters_by_revenue
from ballast.brain.clusters import Base, clusters_by_employment
from ballast.brain.coverage import CellSet, cell_sets, choose
from ballast.brain.names import Names, names
from ballast.brain.specialisation import ALL_LOADED
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.cli.asking import (
    CELL_KEYS,
    Definition,
    LimitOption,
    PeriodOption,
    WhereOption,
    definition_of,
    has_enterprises,
    in_regions,
    last_full_year,
    one_region,
    only_cluster,
    wanted_of,
)
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.telling import explain_cells, frame_of, named, tell_rest, tell_synthetic
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryScheme
from ballast.words import say


def clusters(
    definition: Annotated[
        str | None, typer.Option("--definition", help="Name of a loaded definition, or a file.")
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", help="A code, a name, or part of a name.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="Key of a cluster, or part of its name.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="employment or revenue.", show_default=False)
    ] = None,
    base: Annotated[
        Base, typer.Option("--base", help="What shares are taken of.", case_sensitive=False)
    ] = Base.TRADED,
    where: WhereOption = None,
    period: PeriodOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say the formula, the sample and the sources.")
    ] = False,
    limit: LimitOption = 20,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Clusters by definition: employment, location quotient and stars, or revenue and tier."""
    lake = open_lake(home, engine)
    defined = definition_of(lake, definition)
    if by not in (None, "employment", "revenue"):
        raise WrongUsage("--by {by}: it is employment or revenue", by=by)
    national = defined.scheme == IndustryScheme.GBT4754_2017
    if by == "revenue" or (by is None and national and has_enterprises(lake)):
        _by_revenue(lake, defined, region, cluster, period, form, limit)
        return
    wanted = wanted_of(where, period, CELL_KEYS) | {"industry_scheme": defined.scheme}
    called = names(lake, viewer())
    rows = lake.read("region_industry", viewer())
    cells = choose(cell_sets(rows), wanted)
    found = _by_employment(rows, defined, cells, base)
    if region is not None:
        found = found.filter(in_regions(found.region, _some_regions(called, region)))
    frame = named(only_cluster(frame_of(lake, found), cluster), called, cells.industry_scheme)
    _print_employment(frame, form, limit)
    tell_synthetic(lake, "region_industry")
    if explain:
        tell(
            "shares are taken of: {base}; definition: {definition}",
            base=base.value,
            definition=defined.name,
        )
        explain_cells(lake, rows, cells, ALL_LOADED, called)


def _by_employment(rows: ir.Table, defined: Definition, cells: CellSet, base: Base) -> ir.Table:
    return clusters_by_employment(
        rows,
        defined.rows,
        definition=defined.name,
        region_scheme=cells.region_schemes,
        industry_scheme=cells.industry_scheme,
        level=cells.level,
        period=cells.period,
        base=base,
    )


def _some_regions(called: Names, text: str) -> list[str]:
    codes = called.find_regions(text)
    if not codes:
        raise NotFound("no region is called {region}", region=text)
    return codes


def _print_employment(frame: pl.DataFrame, form: Format, limit: int) -> None:
    words = language()
    order = ["stars", "location_quotient", "region", "cluster"]
    frame = frame.sort(order, descending=[True, True, False, False], nulls_last=True)
    shown = [
        Shown("region", say("region", words)),
        Shown("region_name", say("name", words)),
        Shown("cluster", say("cluster", words)),
        Shown(f"name_{words}", say("cluster name", words)),
        Shown("employment_persons", say("persons employed", words), 0),
        Shown("establishments", say("establishments", words), 0),
        Shown("location_quotient", say("location quotient", words), 2),
        Shown("stars", say("stars", words), 0),
    ]
    print_rows(frame.head(limit), shown, form, words)
    tell_rest(frame.height, limit)


def _by_revenue(
    lake: Lake,
    defined: Definition,
    region: str | None,
    cluster: str | None,
    period: str | None,
    form: Format,
    limit: int,
) -> None:
    year = Period.parse(period).year if period else last_full_year(lake)
    place = None if region is None else one_region(names(lake, viewer()), region)
    found = clusters_by_revenue(
        lake.read("enterprise", viewer()),
        lake.read("enterprise_period", viewer()),
        defined.rows,
        definition=defined.name,
        year=year,
        region=place,
    )
    frame = only_cluster(frame_of(lake, found), cluster).sort(
        "revenue_1e4_cny", descending=True, nulls_last=True
    )
    words = language()
    labels = {t.value: TIER_LABELS[t].text(words) for t in Tier}
    if form is Format.TABLE:
        frame = frame.with_columns(pl.col("tier").replace(labels))
    shown = [
        Shown("cluster", say("cluster", words)),
        Shown(f"name_{words}", say("cluster name", words)),
        Shown("tier", say("tier", words)),
        Shown("revenue_1e4_cny", say("revenue of {year}, 10,000 CNY", words, year=year), 0),
        Shown("enterprises", say("enterprises", words), 0),
        Shown("enterprises_reporting", say("reporting", words), 0),
        Shown("months_least", say("fewest months", words), 0),
    ]
    print_rows(frame.head(limit), shown, form, words)
    tell_rest(frame.height, limit)
    tell_synthetic(lake, "enterprise_period")
