"""``clusters``: where the clusters are, how large, how special."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import ibis.expr.types as ir
import polars as pl
import typer

from ballast.brain.cluster_members import without_cells
from ballast.brain.cluster_revenue import clusters_by_revenue
from ballast.brain.clusters import Base, clusters_by_employment
from ballast.brain.coverage import CellSet, cell_sets, choose
from ballast.brain.names import names
from ballast.brain.specialisation import ALL_LOADED, cells_of
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
    one_region,
    only_cluster,
    some_regions,
    wanted_of,
    year_of,
)
from ballast.cli.cluster_growth import tell_growth
from ballast.cli.clusters_sealed import SealedAsked, answer_sealed
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    PublicOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.telling import (
    explain_cells,
    explain_revenue,
    frame_of,
    named,
    tell_rest,
    tell_synthetic,
)
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.scheme import IndustryLevel, IndustryScheme
from ballast.words import say
from ballast.words.numbers import Absence


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
        str | None,
        typer.Option(
            "--by",
            help="employment or revenue; if left out, revenue where the definition is in GB/T 4754 "
            "and enterprises have reported, else employment.",
        ),
    ] = None,
    base: Annotated[
        Base | None,
        typer.Option(
            "--base",
            help="What shares are taken of, by employment; traded if left out.",
            case_sensitive=False,
        ),
    ] = None,
    where: WhereOption = None,
    period: PeriodOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say the formula, the sample and the sources.")
    ] = False,
    limit: LimitOption = 20,
    public: PublicOption = False,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Clusters by definition: employment, location quotient and stars, or revenue and tier."""
    if by not in (None, "employment", "revenue"):
        raise WrongUsage("--by {by}: it is employment or revenue", by=by)
    lake = open_lake(home, engine)
    defined = definition_of(lake, definition)
    question = _Question(lake, defined, region, cluster, explain, limit, form)
    if public:
        if by == "employment" or where or base is not None:
            raise WrongUsage(
                "--public: of clusters the revenue of a year is published, and no employment; "
                "leave out --by, --where and --base"
            )
        answer_sealed(lake, defined, SealedAsked(region, cluster, period, limit, form))
        return
    national = defined.scheme == IndustryScheme.GBT4754_2017
    if by == "revenue" or (by is None and national and has_enterprises(lake)):
        if where or base is not None:
            raise WrongUsage("--where and --base are for employment: add --by employment")
        _answer_by_revenue(question, year_of(lake, period))
    else:
        wanted = wanted_of(where, period, CELL_KEYS) | {"industry_scheme": defined.scheme}
        _answer_by_employment(question, wanted, base or Base.TRADED)


@dataclass(frozen=True, slots=True)
class _Question:
    """What both answers need to know."""

    lake: Lake
    defined: Definition
    region: str | None
    cluster: str | None
    explain: bool
    limit: int
    form: Format


def _answer_by_employment(asked: _Question, wanted: Mapping[str, str], base: Base) -> None:
    lake, defined = asked.lake, asked.defined
    called = names(lake, viewer())
    rows = lake.read("region_industry", viewer())
    sets = cell_sets(rows)
    cells = choose(sets, wanted)
    whole = replace(cells, level=IndustryLevel.TOTAL, cells=0)
    if base is Base.TOTAL and whole not in [replace(each, cells=0) for each in sets]:
        raise NotFound("--base total: the level total is not loaded beside {cells}", cells=cells)
    found = _by_employment(rows, defined, cells, base)
    if asked.region is not None:
        codes = some_regions(called, asked.region)
        found = found.filter(in_regions(found.region, codes, cells.region_schemes))
    frame = only_cluster(frame_of(lake, found), asked.cluster)
    _print_employment(named(frame, called, cells.industry_scheme), asked.form, asked.limit)
    _tell_without_cells(rows, defined, cells)
    if asked.explain:
        tell(
            "shares are taken of: {base}; definition: {definition}",
            base=base.value,
            definition=defined.name,
        )
        explain_cells(lake, rows, cells, ALL_LOADED, called)
    else:
        tell_synthetic(lake, "region_industry")


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


def _tell_without_cells(rows: ir.Table, defined: Definition, cells: CellSet) -> None:
    """Say which industries of the definition count nowhere; their clusters seem smaller."""
    own = cells_of(
        rows,
        region_scheme=cells.region_schemes,
        industry_scheme=cells.industry_scheme,
        level=cells.level,
        period=cells.period,
    )
    missing = without_cells(defined.rows, own, definition=defined.name)
    codes = sorted(missing.to_pyarrow()["industry"].to_pylist())
    if codes:
        tell(
            "{count} industries of the definition have no cells in {cells} and do not count: "
            "{codes}",
            count=len(codes),
            cells=cells,
            codes=", ".join(codes[:8]) + (" …" if len(codes) > 8 else ""),
        )


def _print_employment(frame: pl.DataFrame, form: Format, limit: int) -> None:
    words = language()
    order = ["stars", "location_quotient", "region", "cluster"]
    frame = frame.sort(order, descending=[True, True, False, False], nulls_last=True)
    shown = [
        Shown("region", say("region", words)),
        Shown("region_name", say("name", words)),
        Shown("cluster", say("cluster", words)),
        Shown(f"name_{words}", say("cluster name", words)),
        Shown("employment_persons", say("persons employed", words), 0, Absence.NO_DATA),
        Shown("establishments", say("establishments", words), 0, Absence.NO_DATA),
        Shown("location_quotient", say("location quotient", words), 2, Absence.UNDEFINED),
        Shown("stars", say("stars", words), 0, Absence.UNDEFINED),
    ]
    print_rows(frame.head(limit), shown, form, words)
    tell_rest(frame.height, limit)


def _answer_by_revenue(asked: _Question, year: int) -> None:
    lake, defined, region = asked.lake, asked.defined, asked.region
    place = None if region is None else one_region(names(lake, viewer()), region)
    found = clusters_by_revenue(
        lake.read("enterprise", viewer()),
        lake.read("enterprise_period", viewer()),
        defined.rows,
        definition=defined.name,
        year=year,
        region=place,
    )
    frame = only_cluster(frame_of(lake, found), asked.cluster).sort(
        "revenue_1e4_cny", descending=True, nulls_last=True
    )
    words = language()
    labels = {t.value: TIER_LABELS[t].text(words) for t in Tier}
    if asked.form is Format.TABLE:
        frame = frame.with_columns(pl.col("tier").replace(labels))
    shown = [
        Shown("cluster", say("cluster", words)),
        Shown(f"name_{words}", say("cluster name", words)),
        Shown("tier", say("tier", words), absent=Absence.NO_DATA),
        Shown(
            "revenue_1e4_cny",
            say("revenue of {year}, 10,000 CNY", words, year=year),
            0,
            Absence.NO_DATA,
        ),
        Shown("enterprises", say("enterprises", words), 0),
        Shown("enterprises_reporting", say("reporting", words), 0),
        Shown("months_least", say("fewest months", words), 0, Absence.NO_DATA),
    ]
    print_rows(frame.head(asked.limit), shown, asked.form, words)
    tell_rest(frame.height, asked.limit)
    if asked.explain:
        explain_revenue(lake, defined.name, year)
        keys = frame["cluster"].head(asked.limit).to_list()
        tell_growth(lake, defined.rows, defined.name, year=year, region=place, clusters=keys)
    else:
        tell_synthetic(lake, "enterprise_period")
