"""``measure location-quotient``: how special an industry is to a region, against another.

Apart from the declared indicators because it rests on cells of regions and
industries in whatever classification was loaded, not on what enterprises report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from ballast.brain.coverage import CellSet, cell_sets, choose
from ballast.brain.names import Names, names
from ballast.brain.specialisation import ALL_LOADED, cells_of, region_quotients
from ballast.cli.asking import CELL_KEYS, in_regions, one_region, some_regions, wanted_of
from ballast.cli.context import language, viewer
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

NAMES = ("location-quotient", "lq")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about location quotients, as it was typed."""

    by: list[str] | None
    where: list[str] | None
    period: str | None
    peer: str | None
    explain: bool
    limit: int
    form: Format


def quotients(lake: Lake, asked: Asked) -> None:
    """Print location quotients by region and industry.

    Parameters
    ----------
    lake
        Where the cells are.
    asked
        What was typed.
    """
    order = _order(asked.by)
    wanted = wanted_of(asked.where, asked.period, (*CELL_KEYS, "region", "industry"))
    answer = _quotients(lake, wanted, asked.peer)
    falling = [name == "location_quotient" for name in order]
    frame = answer.frame.sort(order, descending=falling, nulls_last=True)
    _print(frame.head(asked.limit), asked.form)
    tell_rest(frame.height, asked.limit)
    if asked.explain:
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
