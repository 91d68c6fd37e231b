"""Which industries a cluster counts, resolved against the codes that occur.

A definition may name an industry at any level of GB/T 4754 and may name it
twice (division 32 and class 3252); what counts is the set of codes below.
Resolving by prefix inside the join would not do: a section is a letter that no
code begins with, and a join on a prefix cannot be hashed. So every code that
occurs is first laid beside the codes above it, which is a short list.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ballast.terms.industry import industries
from ballast.terms.scheme import IndustryLevel, IndustryScheme

__all__ = ["cluster_names", "lineage", "members", "without_cells"]


def lineage(codes: ir.Table) -> ir.Table:
    """Return every code beside itself and the codes above it.

    Parameters
    ----------
    codes
        Rows with ``industry_scheme`` and ``industry``.

    Returns
    -------
    ir.Table
        ``industry_scheme``, ``industry``, ``above``, without duplicates. Only
        GB/T 4754 has codes above; other schemes match code by code.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"industry_scheme": ["gbt4754-2017", "naics-2017"], "industry": ["3451", "336411"]}
    >>> found = lineage(ibis.memtable(pa.table(rows))).order_by("industry", "above").to_pyarrow()
    >>> found["above"].to_pylist()
    ['336411', '34', '345', '3451', 'C']
    """
    codes = codes.select("industry_scheme", "industry").distinct()
    chinese = codes.filter(codes.industry_scheme == IndustryScheme.GBT4754_2017.value)
    sections = [(d.code, d.parent) for d in industries(IndustryLevel.DIVISION)]
    division = chinese.industry.substr(0, 2)
    section = division.cases(*sections, else_=ibis.null("string"))
    above = ibis.union(
        codes.mutate(above=codes.industry),
        chinese.mutate(above=chinese.industry.substr(0, 3)),
        chinese.mutate(above=division),
        chinese.mutate(above=section),
        distinct=True,
    )
    return above.filter(above.above.notnull())


def members(cluster_definition: ir.Table, codes: ir.Table, *, definition: str) -> ir.Table:
    """Return the codes that count for each cluster of a definition.

    Parameters
    ----------
    cluster_definition
        Rows of the table of that name.
    codes
        Rows with ``industry_scheme`` and ``industry``: the codes that occur in
        the figures. A code coarser than what the definition names (division 32
        where it names class 3252) counts nowhere: it cannot be split.
    definition
        Which set of definitions.

    Returns
    -------
    ir.Table
        ``cluster``, ``industry_scheme``, ``industry``, ``place_scheme``,
        ``place`` (empty: anywhere), without duplicates. A code may stand in
        several clusters, and in one cluster for several places.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"definition": ["own"] * 2, "cluster": ["metal"] * 2,
    ...         "industry_scheme": ["gbt4754-2017"] * 2, "industry": ["32", "3252"],
    ...         "region_scheme": ["", ""], "region": ["", ""]}
    >>> codes = {"industry_scheme": ["gbt4754-2017"] * 2, "industry": ["3252", "3451"]}
    >>> found = members(
    ...     ibis.memtable(pa.table(rows)), ibis.memtable(pa.table(codes)), definition="own"
    ... )
    >>> found.select("cluster", "industry").to_pyarrow().to_pylist()
    [{'cluster': 'metal', 'industry': '3252'}]
    """
    named = cluster_definition.filter(cluster_definition.definition == definition)
    named = named.select(
        "cluster",
        scheme__=named.industry_scheme,
        above=named.industry,
        place_scheme=named.region_scheme.fill_null(""),
        place=named.region.fill_null(""),
    )
    above = lineage(codes)
    found = named.join(
        above, (named.scheme__ == above.industry_scheme) & (named.above == above.above)
    )
    return found.select(
        "cluster", "industry_scheme", "industry", "place_scheme", "place"
    ).distinct()


def without_cells(cluster_definition: ir.Table, codes: ir.Table, *, definition: str) -> ir.Table:
    """Return the industries of a definition that no code stands for: they count nowhere.

    Parameters
    ----------
    cluster_definition, codes, definition
        As in `members`. An industry is without cells where it is finer than
        the codes (class 3252 beside division 32) or where no region has it.

    Returns
    -------
    ir.Table
        ``industry_scheme``, ``industry``, without duplicates.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"definition": ["own"] * 2, "industry_scheme": ["gbt4754-2017"] * 2,
    ...         "industry": ["3252", "345"]}
    >>> codes = {"industry_scheme": ["gbt4754-2017"] * 2, "industry": ["325", "345"]}
    >>> found = without_cells(
    ...     ibis.memtable(pa.table(rows)), ibis.memtable(pa.table(codes)), definition="own"
    ... )
    >>> found.to_pyarrow()["industry"].to_pylist()
    ['3252']
    """
    named = cluster_definition.filter(cluster_definition.definition == definition)
    named = named.select("industry_scheme", "industry").distinct()
    above = lineage(codes)
    return named.anti_join(
        above,
        (named.industry_scheme == above.industry_scheme) & (named.industry == above.above),
    )


def cluster_names(cluster_definition: ir.Table, *, definition: str) -> ir.Table:
    """Return one row for each cluster of a definition: its names, and whether it is traded.

    Parameters
    ----------
    cluster_definition
        Rows of the table of that name.
    definition
        Which set of definitions.

    Returns
    -------
    ir.Table
        ``cluster``, ``name_zh``, ``name_en``, ``traded``. Where the rows of a
        cluster disagree it is traded if one of them says so.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"definition": ["own"] * 2, "cluster": ["metal"] * 2, "name_zh": ["金属"] * 2,
    ...         "name_en": ["Metals", None], "traded": [True, True]}
    >>> cluster_names(ibis.memtable(pa.table(rows)), definition="own").to_pyarrow().to_pylist()
    [{'cluster': 'metal', 'name_zh': '金属', 'name_en': 'Metals', 'traded': True}]
    """
    rows = cluster_definition.filter(cluster_definition.definition == definition)
    return rows.aggregate(
        name_zh=rows.name_zh.max(),
        name_en=rows.name_en.max(),
        traded=rows.traded.any(),
        by=["cluster"],
    )
