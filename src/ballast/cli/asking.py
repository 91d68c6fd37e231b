"""What the options of a question mean: which regions, cells, definition and year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import ibis
import ibis.expr.types as ir
import polars as pl
import typer

from ballast.brain.names import Names
from ballast.brain.places import inside
from ballast.cli.context import language, viewer
from ballast.cli.data import pairs
from ballast.errors import NotFound, WrongUsage
from ballast.lake.known import known_codes
from ballast.lake.lake import Lake
from ballast.lake.loading import read_rows
from ballast.lake.tables import table
from ballast.terms.period import Period, PeriodKind
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryScheme, RegionScheme

CELL_KEYS = ("region_scheme", "industry_scheme", "industry_level", "period")

WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        help="DIM=VALUE, several are all required; region and industry take a name too.",
    ),
]
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="2020, 2026-05, 2026Q1 …; the newest if left out.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most so many rows.")]


@dataclass(frozen=True, slots=True)
class Definition:
    """A set of cluster definitions: its name, its classification, its rows."""

    name: str
    scheme: IndustryScheme
    rows: ir.Table


def definition_of(lake: Lake, asked: str | None) -> Definition:
    """Return the cluster definition that is asked for: loaded, the only one, or a user's file."""
    loaded = lake.read("cluster_definition", viewer())
    if asked is not None and Path(asked).is_file():
        declared = table("cluster_definition")
        rows = read_rows(declared, Path(asked), known_codes(lake), language())
        schemes = rows["industry_scheme"].unique().to_list()
        if rows["definition"].n_unique() != 1 or len(schemes) != 1:
            raise WrongUsage("{path}: give one definition in one classification a file", path=asked)
        own = lake.engine.memory(rows.to_arrow().cast(declared.arrow_schema))
        return Definition(rows["definition"][0], IndustryScheme(schemes[0]), own)
    known = {
        row["definition"]: row["industry_scheme"]
        for row in loaded.select("definition", "industry_scheme")
        .distinct()
        .to_pyarrow()
        .to_pylist()
    }
    if asked is None and len(known) == 1:
        asked = next(iter(known))
    if asked is None or asked not in known:
        raise NotFound(
            "which definition of clusters? Loaded are: {known}; name one with --definition, "
            "or a file, or load one with `ballast load cluster_definition FILE`",
            known=", ".join(sorted(known)) or "–",
        )
    return Definition(asked, IndustryScheme(known[asked]), loaded)


def wanted_of(
    where: list[str] | None, period: str | None, known: tuple[str, ...]
) -> dict[str, str]:
    """Return what ``--where`` and ``--period`` fix, by dimension."""
    wanted = pairs("--where", where)
    for key in wanted:
        if key not in known:
            raise WrongUsage(
                "--where {key}: there is no such dimension; there are: {known}",
                key=key,
                known=", ".join(known),
            )
    if period is not None:
        wanted["period"] = period
    if "period" in wanted:
        wanted["period"] = str(Period.parse(wanted["period"]))
    return wanted


def in_regions(
    column: ir.StringColumn, codes: Sequence[str], schemes: Collection[RegionScheme]
) -> ir.BooleanValue:
    """Keep the regions asked for and those inside them: 371500 means its counties too."""
    keep = column.isin(codes)
    if RegionScheme.GB2260 in schemes:  # codes of other schemes nest in nothing
        gb = ibis.literal(RegionScheme.GB2260.value)
        for code in codes:
            if code.isdigit() and len(code) == len(NATION):
                keep = keep | inside(column, gb, ibis.literal(code))
    return keep


def some_regions(called: Names, text: str) -> list[str]:
    """Return the codes of the regions that are called so; at least one."""
    codes = called.find_regions(text)
    if not codes:
        raise NotFound("no region is called {region}", region=text)
    return codes


def one_region(called: Names, text: str) -> str:
    """Return the code of the one region that is called so."""
    codes = some_regions(called, text)
    if len(codes) > 1:
        raise NotFound("{text} is not one region; {known}", text=text, known=", ".join(codes[:8]))
    return codes[0]


def only_cluster(frame: pl.DataFrame, cluster: str | None) -> pl.DataFrame:
    """Keep the cluster of a key, or those whose name holds the text."""
    if cluster is None:
        return frame
    held = pl.any_horizontal(
        pl.col(name).fill_null("").str.to_lowercase().str.contains(cluster.lower(), literal=True)
        for name in ("cluster", "name_zh", "name_en")
    )
    exact = frame.filter(pl.col("cluster") == cluster)
    kept = exact if exact.height else frame.filter(held)
    if kept.is_empty():
        raise NotFound("no cluster is called {cluster}", cluster=cluster)
    return kept


def has_enterprises(lake: Lake) -> bool:
    """Return whether any enterprise has reported."""
    return bool(lake.read("enterprise_period", viewer()).count().to_pyarrow().as_py())


def year_of(lake: Lake, period: str | None) -> int:
    """Return the year that is asked for, or the newest whose December is reported."""
    rows = lake.read("enterprise_period", viewer())
    periods = rows.select("period").distinct().to_pyarrow()["period"].to_pylist()
    stored = [Period.parse(text) for text in periods]
    if period is None:
        whole = [p.year for p in stored if p.end == date(p.year, 12, 31)]
        if not whole:
            raise NotFound("no year is whole yet; name a period with --period")
        return max(whole)
    asked = Period.parse(period)
    if asked.kind is not PeriodKind.YEAR:
        raise WrongUsage(
            "--period {period}: revenue and tier are of a year, such as {year}",
            period=period,
            year=asked.year,
        )
    years = sorted({p.year for p in stored})
    if asked.year not in years:
        raise NotFound(
            "no enterprise has reported in {year}; there are figures of {known}",
            year=asked.year,
            known=", ".join(map(str, years)) or "–",
        )
    return asked.year
