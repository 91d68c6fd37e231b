"""Which codes of the schemes that the package does not carry were loaded."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ballast.lake.checks import Known
from ballast.lake.declare import Table
from ballast.lake.lake import Lake
from ballast.terms.scheme import IndustryScheme, RegionScheme
from ballast.terms.viewer import operator


def standing_stretches(lake: Lake, declared: Table) -> pl.DataFrame | None:
    """Return the stretches of a table that stand; ``None`` where its rows are none.

    Parameters
    ----------
    lake
        Whose table.
    declared
        The table.
    """
    kind = declared.stretch
    if kind is None:
        return None
    rows = lake.read(declared.name, operator("loader"))
    found = pl.from_arrow(rows.select(kind.of, kind.start, kind.end).to_pyarrow())
    return found if isinstance(found, pl.DataFrame) else None


def known_codes(lake: Lake, beside: Mapping[str, pl.DataFrame] | None = None) -> Known:
    """Return the codes of the schemes that the package does not carry, as far as they stand.

    Parameters
    ----------
    lake
        Whose tables ``region`` and ``cluster_definition`` are asked.
    beside
        Frames of the same load, whose codes count too.
    """
    viewer = operator("loader")
    regions = lake.read("region", viewer).select("region_scheme", "region").to_pyarrow()
    definitions = lake.read("cluster_definition", viewer)
    industries = definitions.select("industry_scheme", "industry").distinct().to_pyarrow()
    region_rows = list(zip(*(column.to_pylist() for column in regions.columns), strict=True))
    if beside and "region" in beside:
        region_rows += beside["region"].select("region_scheme", "region").rows()
    industry_rows = list(zip(*(column.to_pylist() for column in industries.columns), strict=True))
    return Known(
        {
            scheme: frozenset(code for own, code in region_rows if own == scheme)
            for scheme in (RegionScheme.EXT, RegionScheme.US_CBSA)
        },
        {
            IndustryScheme.NAICS_2017: frozenset(
                code for own, code in industry_rows if own == IndustryScheme.NAICS_2017
            )
        },
    )
