"""What made a cluster or an industry grow: shift–share, entry and exit, change of structure.

The measures of this room want one row for each cell; enterprises have several
industries, clusters several rows for one of them, and years several kinds of
reports. Here, once, they become cells: first every enterprise's weight in what
it counts to, then its one figure of each year, joined last, so that nothing is
multiplied. All kinds of profiles go through together, apart by ``kind``.

Enterprises are classified as registered on one day for both years: an
enterprise that changed its main industry is not a growth of the new one.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ballast.brain.cluster_revenue import cluster_parts
from ballast.brain.cluster_shape import Kind
from ballast.brain.measures.quantities import number
from ballast.brain.measures.shift_share import shift_share
from ballast.brain.measures.turnover import structural_change, turnover
from ballast.brain.yearly import yearly
from ballast.lake.engine import Engine
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

__all__ = [
    "DIGITS",
    "KEYS",
    "OUTPUT",
    "belonging",
    "both_years",
    "cells",
    "entry_and_exit",
    "growth_parts",
    "known_peers",
    "of_clusters",
    "of_industries",
    "peer_years",
    "structure_moved",
]

KEYS = ("kind", "key")
OUTPUT = "output_1e4_cny"
DIGITS = {IndustryLevel.GROUP: 3, IndustryLevel.DIVISION: 2}
"""How much of an industry's code a level is; the finer level first."""


def of_clusters(enterprise: ir.Table, cluster_definition: ir.Table, *, definition: str) -> ir.Table:
    """Return what counts to each cluster, as `belonging` does.

    Parameters
    ----------
    enterprise
        One row for each, as `cluster_revenue.registered` gives them.
    cluster_definition, definition
        The table of that name, and which set of it.
    """
    parts = cluster_parts(enterprise, cluster_definition, definition=definition)
    parts = parts.filter(parts.weight > 0)
    return parts.select(
        kind=ibis.literal(Kind.CLUSTER.value),
        key=parts.cluster,
        uscc=parts.uscc,
        industry=parts.industry,
        weight=parts.weight,
    )


def of_industries(enterprise: ir.Table) -> ir.Table:
    """Return what counts to each division and group, as `belonging` does: by main industry, whole.

    Parameters
    ----------
    enterprise
        One row for each, in GB/T 4754.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"uscc": ["e"], "industry": ["3451"]}
    >>> found = of_industries(ibis.memtable(pa.table(rows))).order_by("key").to_pyarrow()
    >>> found.select(["kind", "key", "weight"]).to_pylist()[0]
    {'kind': 'division', 'key': '34', 'weight': 1.0}
    """

    def level(kind: Kind, digits: int) -> ir.Table:
        rows = enterprise.filter(enterprise.industry.length() >= digits)
        return rows.select(
            kind=ibis.literal(kind.value),
            key=rows.industry.substr(0, digits),
            uscc=rows.uscc,
            industry=rows.industry,
            weight=ibis.literal(1.0),
        )

    return level(Kind.DIVISION, 2).union(level(Kind.GROUP, 3))


def belonging(
    enterprise: ir.Table, cluster_definition: ir.Table, *, definition: str | None
) -> ir.Table:
    """Return what counts to each cluster, division and group.

    Parameters
    ----------
    enterprise
        One row for each, as `cluster_revenue.registered` gives them.
    cluster_definition, definition
        The table of that name, and which set of it; ``None``: no clusters.

    Returns
    -------
    ir.Table
        ``kind``, ``key``, ``uscc``, ``industry`` (the code that counts, class
        or coarser), ``weight`` (above 0, at most 1): a cluster counts the
        weights of the industries that its definition names, a division and a
        group each enterprise whole by its main industry.
    """
    industries = of_industries(enterprise)
    if definition is None:
        return industries
    return of_clusters(enterprise, cluster_definition, definition=definition).union(industries)


def both_years(figures: ir.Table, *, value: str, year: int) -> ir.Table:
    """Return each enterprise's quantity in a year and in the one before; NULL where it has none.

    Parameters
    ----------
    figures
        What above-scale enterprises reported.
    value, year
        As in `yearly`.

    Returns
    -------
    ir.Table
        ``uscc``, ``start`` (the year before), ``end``.
    """
    before = yearly(figures, value=value, year=year - 1)
    now = yearly(figures, value=value, year=year)
    joined = before.select("uscc", start=before[value]).outer_join(
        now.select("uscc", end=now[value]), "uscc", rname="{name}_now"
    )
    return joined.select(
        uscc=ibis.coalesce(joined.uscc, joined.uscc_now), start=joined.start, end=joined.end
    )


def cells(belongs: ir.Table, years: ir.Table, *, digits: int) -> ir.Table:
    """Return the industries of each profile with their sums in both years.

    Parameters
    ----------
    belongs, years
        What `belonging` and `both_years` return.
    digits
        How many of the industry's code tell industries apart: 2, 3 or 4. A
        coarser code stands for itself.

    Returns
    -------
    ir.Table
        ``kind``, ``key``, ``industry``, ``start``, ``end``: Σ weight × quantity; an enterprise
        out of scope in a year adds 0 to it.
    """
    joined = belongs.inner_join(years, "uscc")
    return joined.aggregate(
        start=(joined.weight * joined.start).sum().coalesce(0.0),
        end=(joined.weight * joined.end).sum().coalesce(0.0),
        by=["kind", "key", joined.industry.substr(0, digits).name("industry")],
    )


def peer_years(
    region_industry: ir.Table, *, reference: str, level: IndustryLevel, year: int
) -> ir.Table:
    """Return the output of a reference by industry in a year and in the one before.

    Parameters
    ----------
    region_industry
        The table of that name.
    reference
        A GB/T 2260 code, such as ``"000000"`` for the nation.
    level
        Division or group.
    year
        The last year.

    Returns
    -------
    ir.Table
        ``industry``, ``peer_start``, ``peer_end``; industries of which only one year is known
        are left out, and the whole is the sum of those that are left.
    """
    rows = region_industry.filter(
        region_industry.region_scheme == RegionScheme.GB2260.value,
        region_industry.region == reference,
        region_industry.industry_scheme == IndustryScheme.GBT4754_2017.value,
        region_industry.industry_level == level.value,
        region_industry[OUTPUT].notnull(),
    )

    def of(which: int, name: str) -> ir.Table:
        one = rows.filter(rows.period == f"{which}")
        return one.aggregate(number(one[OUTPUT]).sum().name(name), by=["industry"])

    both = of(year - 1, "peer_start").inner_join(of(year, "peer_end"), "industry")
    return both.select("industry", "peer_start", "peer_end")


def known_peers(
    engine: Engine, region_industry: ir.Table, *, region: str | None, year: int
) -> dict[tuple[str, IndustryLevel], ir.Table]:
    """Return the references that hold both years, each at the finest level it holds.

    Parameters
    ----------
    engine, region_industry
        Where to ask, and the table of that name.
    region
        Whose growth is taken apart: the nation and its province are its references, the region
        itself is none. ``None``: the nation alone.
    year
        The last year.

    Returns
    -------
    dict
        Code of the reference and level, to what `peer_years` returns; the nation first.
    """
    wanted = [NATION] if region is None else [NATION, region[:2] + "0000"]
    found: dict[tuple[str, IndustryLevel], ir.Table] = {}
    for reference in wanted:
        if reference == region:
            continue
        for level in DIGITS:
            expression = peer_years(region_industry, reference=reference, level=level, year=year)
            rows = engine.collect(expression)
            if rows.num_rows:
                found[reference, level] = engine.memory(rows)
                break
    return found


def growth_parts(own: ir.Table, peers: ir.Table) -> ir.Table:
    """Return the shift–share of every industry of every profile.

    Parameters
    ----------
    own
        What `cells` returns.
    peers
        What `peer_years` returns, at the same level.

    Returns
    -------
    ir.Table
        ``kind``, ``key``, ``industry``, ``start``, ``end``, ``peer_start``, ``peer_end`` and the
        parts of `measures.shift_share`, also of industries that only the reference has (with 0):
        the growth of the whole is that of the reference's whole industry.
    """
    codes = own.select("industry").union(peers.select("industry"), distinct=True)
    grid = own.select(*KEYS).distinct().cross_join(codes)
    beside = grid.left_join(own, [*KEYS, "industry"], rname="{name}_own").left_join(
        peers, "industry", rname="{name}_peer"
    )
    table = beside.select(
        *KEYS,
        "industry",
        start=beside.start.coalesce(0.0),
        end=beside.end.coalesce(0.0),
        peer_start=beside.peer_start,
        peer_end=beside.peer_end,
    )
    return shift_share(
        table,
        start="start",
        end="end",
        peer_start="peer_start",
        peer_end="peer_end",
        within=KEYS,
    )


def entry_and_exit(belongs: ir.Table, years: ir.Table) -> ir.Table:
    """Return `measures.turnover` of every profile, each enterprise by its weight there.

    Parameters
    ----------
    belongs, years
        What `belonging` and `both_years` return.
    """
    # One row for each enterprise: the weights of its industries that count are added first.
    once = belongs.aggregate(weight=belongs.weight.sum(), by=[*KEYS, "uscc"])
    joined = once.inner_join(years, "uscc")
    rows = joined.select(
        *KEYS, "uscc", start=joined.weight * joined.start, end=joined.weight * joined.end
    )
    return turnover(rows, start="start", end="end", within=KEYS)


def structure_moved(own: ir.Table) -> ir.Table:
    """Return `measures.structural_change` of every profile over its industries.

    Parameters
    ----------
    own
        What `cells` returns, at the finest level.
    """
    return structural_change(own, start="start", end="end", within=KEYS)
