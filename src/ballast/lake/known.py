"""Which codes of the schemes that the package does not carry were loaded."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ballast.lake.checks import Known
from ballast.lake.lake import Lake
from ballast.terms.scheme import IndustryScheme, RegionScheme
from ballast.terms.viewer import operator


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
