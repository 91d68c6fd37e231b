"""What is a region good at: location quotients from the table of regions and industries.

The measure itself is `measures.location_quotients`; it wants counts. Many
regional tables hold only shares, or counts that were estimated from shares and
a population. Here it is decided, in one place, which of the two a region's
share is taken from and what the reference's share is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from ballast.brain.measures.location_quotient import quotient
from ballast.brain.measures.quantities import attach, number
from ballast.brain.measures.shares import shares
from ballast.brain.places import finest
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.terms.viewer import Viewer

if TYPE_CHECKING:
    from ballast.lake.lake import Lake

__all__ = [
    "ALL_LOADED",
    "RegionSchemes",
    "cells_of",
    "parts_of",
    "region_quotients",
    "specialisation",
]

RegionSchemes = RegionScheme | Sequence[RegionScheme]

ALL_LOADED = "all-loaded"
"""The reference that is not a region: all regions loaded under the scheme, together."""


def cells_of(
    region_industry: ir.Table,
    *,
    region_scheme: RegionSchemes,
    industry_scheme: IndustryScheme,
    level: IndustryLevel,
    period: str,
) -> ir.Table:
    """Return the cells of one scheme of regions, one level of industries and one period.

    Parameters
    ----------
    region_industry
        The table of that name.
    region_scheme
        One scheme of regions, or several that do not overlap: the census has
        county-level units that GB/T 2260 does not know, ``(GB2260, EXT)``. A
        city's own zones lie inside its counties and must not be added to them.
    industry_scheme
        One classification; codes of two never meet in one sum.
    level
        Totals and their parts may stand in the table side by side; a sum is
        over one level only.
    period
        Canonical text, such as ``"2018"``.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region_scheme": ["us-cbsa"] * 2, "industry_scheme": ["naics-2017"] * 2,
    ...         "industry_level": ["total", "naics6"], "period": ["2018"] * 2, "region": ["a"] * 2}
    >>> cells_of(
    ...     ibis.memtable(pa.table(rows)), region_scheme=RegionScheme.US_CBSA,
    ...     industry_scheme=IndustryScheme.NAICS_2017, level=IndustryLevel.NAICS6, period="2018",
    ... ).count().to_pyarrow().as_py()
    1
    """
    schemes = [region_scheme] if isinstance(region_scheme, RegionScheme) else region_scheme
    return region_industry.filter(
        region_industry.region_scheme.isin([each.value for each in schemes]),
        region_industry.industry_scheme == industry_scheme.value,
        region_industry.industry_level == level.value,
        region_industry.period == period,
    )


def parts_of(cells: ir.Table) -> ir.Table:
    """Return the cells that may be added up: no region of which a part is there too.

    Parameters
    ----------
    cells
        Rows with ``region_scheme`` and ``region``. Only GB/T 2260 nests.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region_scheme": ["gb2260"] * 2, "region": ["371500", "371502"]}
    >>> parts_of(ibis.memtable(pa.table(rows))).to_pyarrow()["region"].to_pylist()
    ['371502']
    """
    chinese = cells.region_scheme == RegionScheme.GB2260.value
    return finest(cells.filter(chinese)).union(cells.filter(~chinese))


def region_quotients(
    region_industry: ir.Table,
    *,
    region_scheme: RegionSchemes,
    industry_scheme: IndustryScheme,
    level: IndustryLevel,
    period: str,
    reference: str = ALL_LOADED,
    regions: Sequence[str] | None = None,
) -> ir.Table:
    """Return the location quotients of regions by persons employed.

    Parameters
    ----------
    region_industry
        The table of that name.
    region_scheme, industry_scheme, level, period
        Which of its cells, as in `cells_of`.
    reference
        What the regions are compared with: the code of a region that is in the
        table, such as ``"000000"`` for the nation, or ``ALL_LOADED``. Among
        all regions loaded a whole is left out where parts of it are loaded.
    regions
        Codes to return; None: all. The reference does not depend on it.

    Returns
    -------
    ir.Table
        ``region``, ``industry``, ``employment_persons``, ``basis`` (reported,
        estimated), ``region_share``, ``reference_share``,
        ``location_quotient``, ``reference`` and ``reference_regions`` (how
        many regions with counts it is made of).

    Notes
    -----
    LQ_ri = s_ri / s_i. The region's share s_ri is e_ri / e_r where persons are
    reported; where they are estimated or missing it is the share that the
    source gives, if it gives one, because rounded estimates lose digits. The
    reference's share s_i is Σ_r e_ri / Σ_r e_r, a ratio of sums: with
    estimated counts it is the mean of the shares weighted by the estimated
    employed. Regions without counts have no weight in it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region_scheme": ["gb2260"] * 4, "industry_scheme": ["gbt4754-2017"] * 4,
    ...         "industry_level": ["section"] * 4, "period": ["2020"] * 4,
    ...         "region": ["371502", "371502", "371503", "371503"], "industry": ["A", "C"] * 2,
    ...         "employment_persons": [60, 40, 20, 80], "employment_share": [0.6, 0.4, 0.2, 0.8],
    ...         "basis": ["estimated"] * 4}
    >>> quotients = region_quotients(
    ...     ibis.memtable(pa.table(rows)), region_scheme=RegionScheme.GB2260,
    ...     industry_scheme=IndustryScheme.GBT4754_2017, level=IndustryLevel.SECTION,
    ...     period="2020", regions=["371503"])
    >>> found = quotients.order_by("industry").to_pyarrow()["location_quotient"].to_pylist()
    >>> [round(lq, 4) for lq in found]
    [0.5, 1.3333]
    """
    cells = cells_of(
        region_industry,
        region_scheme=region_scheme,
        industry_scheme=industry_scheme,
        level=level,
        period=period,
    )
    own = _own_shares(cells)
    if reference == ALL_LOADED:
        base = parts_of(cells)
        compared = shares(base, value="employment_persons", of=["industry"])
        compared = compared.select("industry", reference_share=compared.share)
        counted = base.filter(base.employment_persons.notnull())
    else:
        counted = own.filter(own.region == reference)
        compared = counted.select("industry", reference_share=counted.region_share)
    size = counted.aggregate(reference_regions=counted.region.nunique())
    wanted = own if regions is None else own.filter(own.region.isin(list(regions)))
    beside = attach(attach(wanted, compared, ["industry"]), size, [])
    return beside.select(
        "region",
        "industry",
        "employment_persons",
        "basis",
        "region_share",
        "reference_share",
        location_quotient=quotient(beside.region_share, beside.reference_share),
        reference=ibis.literal(reference),
        reference_regions=beside.reference_regions,
    )


def specialisation(
    lake: Lake,
    viewer: Viewer,
    *,
    region_scheme: RegionSchemes,
    industry_scheme: IndustryScheme,
    level: IndustryLevel,
    period: str,
    reference: str = ALL_LOADED,
    regions: Sequence[str] | None = None,
) -> ir.Table:
    """Return `region_quotients` of what the lake holds and the viewer may read.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    region_scheme, industry_scheme, level, period, reference, regions
        As in `region_quotients`.

    Raises
    ------
    NotPermitted
        If the viewer may not read the table.
    """
    return region_quotients(
        lake.read("region_industry", viewer),
        region_scheme=region_scheme,
        industry_scheme=industry_scheme,
        level=level,
        period=period,
        reference=reference,
        regions=regions,
    )


def _own_shares(cells: ir.Table) -> ir.Table:
    counted = shares(cells, value="employment_persons", of=["industry"], within=["region"])
    counted = counted.select("region", "industry", counted_share__=counted.share)
    rows = cells.select(
        "region",
        "industry",
        "employment_persons",
        "basis",
        given_share__=number(cells.employment_share),
    )
    both = attach(rows, counted, ["region", "industry"])
    given_first = (both.basis == "estimated") | both.employment_persons.isnull()
    share = given_first.fill_null(False).ifelse(
        ibis.coalesce(both.given_share__, both.counted_share__), both.counted_share__
    )
    return both.mutate(region_share=share).drop("given_share__", "counted_share__")
