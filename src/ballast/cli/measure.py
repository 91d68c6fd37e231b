"""``measure``: an indicator by region and industry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import ibis
import ibis.expr.types as ir
import polars as pl
import typer

from ballast.brain.coverage import CellSet, cell_sets, choose
from ballast.brain.names import Names, names
from ballast.brain.specialisation import ALL_LOADED, cells_of, region_quotients
from ballast.cli.asking import (
    CELL_KEYS,
    LimitOption,
    PeriodOption,
    WhereOption,
    in_regions,
    one_region,
    some_regions,
    wanted_of,
)
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    language,
    open_lake,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.telling import (
    basis_words,
    explain_cells,
    frame_of,
    named,
    tell_rest,
    tell_synthetic,
)
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.industry import industries
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryScheme
from ballast.words import say
from ballast.words.numbers import Absence

_LOCATION_QUOTIENT = "location-quotient"


def measure(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="location-quotient")],
    by: Annotated[
        list[str] | None, typer.Option("--by", help="region, industry: in what order to list.")
    ] = None,
    where: WhereOption = None,
    period: PeriodOption = None,
    peer: Annotated[
        str | None,
        typer.Option(
            "--peer",
            help="What to compare with: a region among the cells, or all (every region loaded, "
            "a whole left out where its parts are). If left out: the nation, 000000, where it is "
            "among the cells, else all.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say the formula, the sample and the sources.")
    ] = False,
    limit: LimitOption = 20,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Measure an indicator by region and industry. So far: location-quotient."""
    if indicator.replace("_", "-").lower() not in (_LOCATION_QUOTIENT, "lq"):
        raise WrongUsage(
            "there is no indicator {name}; there are: {known}",
            name=indicator,
            known=_LOCATION_QUOTIENT,
        )
    order = _order(by)
    wanted = wanted_of(where, period, (*CELL_KEYS, "region", "industry"))
    lake = open_lake(home, engine)
    answer = _quotients(lake, wanted, peer)
    falling = [name == "location_quotient" for name in order]
    frame = answer.frame.sort(order, descending=falling, nulls_last=True)
    _print(frame.head(limit), form)
    tell_rest(frame.height, limit)
    if explain:
        explain_cells(lake, answer.rows, answer.cells, answer.reference, answer.called)
    else:
        tell_synthetic(lake, "region_industry")


@dataclass(frozen=True, slots=True)
class _Answer:
    """Location quotients, and what they are of."""

    frame: pl.DataFrame
    rows: ir.Table
    cells: CellSet
    reference: str
    called: Names


def _quotients(lake: Lake, wanted: Mapping[str, str], peer: str | None) -> _Answer:
    called = names(lake, viewer())
    rows = lake.read("region_industry", viewer())
    cells = choose(cell_sets(rows), {k: v for k, v in wanted.items() if k in CELL_KEYS})
    reference = _reference(rows, cells, called, peer)
    found = region_quotients(
        rows,
        region_scheme=cells.region_schemes,
        industry_scheme=cells.industry_scheme,
        level=cells.level,
        period=cells.period,
        reference=reference,
    )
    if "region" in wanted:
        codes = some_regions(called, wanted["region"])
        found = found.filter(in_regions(found.region, codes, cells.region_schemes))
    if "industry" in wanted:
        found = found.filter(_in_industry(found.industry, cells, called, wanted["industry"]))
    frame = frame_of(lake, found)
    if frame.is_empty():
        raise NotFound(
            "no cell fits {wanted}; the cells are {cells}",
            wanted=", ".join(f"{k}={v}" for k, v in wanted.items()),
            cells=cells,
        )
    return _Answer(named(frame, called, cells.industry_scheme), rows, cells, reference, called)


def _in_industry(
    column: ir.StringColumn, cells: CellSet, called: Names, text: str
) -> ir.BooleanValue:
    """Keep the industries asked for and those below: the section C means its divisions too."""
    codes = called.find_industries(cells.industry_scheme, text)
    if not codes:
        raise NotFound("no industry is called {industry}", industry=text)
    if cells.industry_scheme == IndustryScheme.GBT4754_2017:
        below = {each.code for code in codes for each in industries(within=code)}
        return column.isin(sorted(below))
    return ibis.or_(*(column.startswith(code) for code in codes))


def _reference(rows: ir.Table, cells: CellSet, called: Names, peer: str | None) -> str:
    """Return what to compare with: what was asked for, or the nation if loaded, or all."""
    if peer in ("all", ALL_LOADED):
        return ALL_LOADED
    own = cells_of(
        rows,
        region_scheme=cells.region_schemes,
        industry_scheme=cells.industry_scheme,
        level=cells.level,
        period=cells.period,
    )
    asked = NATION if peer is None else one_region(called, peer)
    if own.filter(own.region == asked).count().to_pyarrow().as_py():
        return asked
    if peer is None:
        return ALL_LOADED
    raise NotFound(
        "--peer {peer}: {cells} holds no cells of {code}; compare with a region that is among "
        "them, or with --peer all",
        peer=peer,
        cells=cells,
        code=asked,
    )


def _print(frame: pl.DataFrame, form: Format) -> None:
    words = language()
    if form is Format.TABLE:
        frame = frame.with_columns(basis_words(frame))
    shown = [
        Shown("region", say("region", words)),
        Shown("region_name", say("name", words)),
        Shown("industry", say("industry", words)),
        Shown("industry_name", say("industry name", words)),
        Shown("employment_persons", say("persons employed", words), 0, Absence.NO_DATA),
        Shown("region_share", say("share here", words), 4, Absence.UNDEFINED),
        Shown("reference_share", say("share in reference", words), 4, Absence.UNDEFINED),
        Shown("location_quotient", say("location quotient", words), 2, Absence.UNDEFINED),
        Shown("basis", say("basis", words)),
    ]
    print_rows(frame, shown, form, words)


def _order(by: list[str] | None) -> list[str]:
    dims = [dim for text in by or [] for dim in text.split(",")]
    for dim in dims:
        if dim not in ("region", "industry"):
            raise WrongUsage("--by {dim}: it is region or industry", dim=dim)
    return [*dims, "location_quotient"]
