"""What is said around a table: names for codes, what was left out, formula and sources."""

from __future__ import annotations

import ibis.expr.types as ir
import polars as pl
import typer

from ballast.brain.coverage import CellSet
from ballast.brain.names import Names
from ballast.brain.specialisation import ALL_LOADED
from ballast.cli.context import language, tell, viewer
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryScheme
from ballast.words import say, unpack

_FORMULA = Label(
    "区位商 LQ = (e_ri / e_r) / (e_i / e)：行业在本地区的份额 ÷ 在参照地区的份额",
    "LQ = (e_ri / e_r) / (e_i / e): the industry's share in the region over that in the reference",
)
_REVENUE = Label(
    "R_c = Σ_k w_kc R_k：企业 k 全年营业收入乘以集群 c 所含行业的权重之和，所有已报企业，不作推算",
    "R_c = Σ_k w_kc R_k: revenue of enterprise k in the year times the weight of the industries "
    "that cluster c counts, over all that reported, nothing extrapolated",
)


def frame_of(lake: Lake, found: ir.Table) -> pl.DataFrame:
    """Return the rows of an expression."""
    frame = pl.from_arrow(lake.engine.collect(found))
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(type(frame))
    return frame


def named(frame: pl.DataFrame, called: Names, scheme: IndustryScheme) -> pl.DataFrame:
    """Add the names of regions and industries beside their codes."""
    words = language()
    added = {}
    if "region" in frame.columns:
        labels = {c: called.region(c).text(words) for c in frame["region"].unique()}
        added["region_name"] = pl.col("region").replace_strict(labels, return_dtype=pl.String)
    if "industry" in frame.columns:
        labels = {c: called.industry(scheme, c).text(words) for c in frame["industry"].unique()}
        added["industry_name"] = pl.col("industry").replace_strict(labels, return_dtype=pl.String)
    return frame.with_columns(**added)


def basis_words(frame: pl.DataFrame) -> pl.Series:
    """Return the column ``basis`` in words."""
    words = language()
    told = {"reported": say("reported", words), "estimated": say("estimate", words)}
    return frame["basis"].replace(told)


def tell_rest(height: int, limit: int) -> None:
    """Say how many rows were not shown."""
    if height > limit:
        tell("… {count} more rows; --limit shows them", count=height - limit)


def explain_cells(
    lake: Lake, rows: ir.Table, cells: CellSet, reference: str, called: Names
) -> None:
    """Say the formula, the sample and the sources of location quotients.

    Parameters
    ----------
    rows
        The table ``region_industry``, of which ``cells`` were taken.
    """
    words = language()
    typer.echo(_FORMULA.text(words), err=True)
    if reference == ALL_LOADED:
        other = say("all regions loaded", words)
    else:
        other = called.region(reference).text(words)
    tell(
        "cells: {cells}, {count} of them; reference: {reference}",
        cells=cells,
        count=cells.cells,
        reference=other,
    )
    used = rows.filter(
        rows.region_scheme.isin([scheme.value for scheme in cells.region_schemes]),
        rows.industry_scheme == cells.industry_scheme.value,
        rows.industry_level == cells.level.value,
        rows.period == cells.period,
    )
    tell_sources(lake, used.select("load_id").distinct().to_pyarrow()["load_id"].to_pylist())


def explain_revenue(lake: Lake, definition: str, year: int) -> None:
    """Say the formula, the sample and the sources of clusters by revenue."""
    typer.echo(_REVENUE.text(language()), err=True)
    tell("definition: {definition}; year: {year}", definition=definition, year=year)
    figures = lake.read("enterprise_period", viewer())
    used = [figures.filter(figures.period.startswith(str(year)))]
    used += [lake.read(name, viewer()) for name in ("enterprise", "cluster_definition")]
    loads: set[str] = set()
    for table in used:
        loads |= set(table.select("load_id").distinct().to_pyarrow()["load_id"].to_pylist())
    tell_sources(lake, sorted(loads))


def tell_sources(lake: Lake, load_ids: list[str]) -> None:
    """Say which loads figures rest on, and whether any of them is synthetic."""
    used = lake.ledger.live().filter(pl.col("load_id").is_in(load_ids))
    for row in used.iter_rows(named=True):
        tell(
            "source: {load_id}, {file}, loaded {at:%Y-%m-%d %H:%M} UTC by {who}. {note}",
            load_id=row["load_id"],
            file=row["file"] or row["recipe"] or "–",
            at=row["at"],
            who=row["who"],
            note=unpack(row["note"], language()),
        )
    _tell_if_synthetic(used)


def tell_synthetic(lake: Lake, *tables: str) -> None:
    """Say that figures are invented where any load of these tables is synthetic."""
    live = lake.ledger.live()
    wanted = pl.lit(list(tables))
    _tell_if_synthetic(
        live.filter(pl.col("tables").str.split(",").list.set_intersection(wanted).list.len() > 0)
    )


def _tell_if_synthetic(loads: pl.DataFrame) -> None:
    if (loads["provenance"] == "synthetic").any():
        tell("synthetic sample: these figures are invented")
