"""The European Cluster Observatory's stars: size, specialisation, focus.

The stars rank cells that a location quotient has already been computed for;
the thresholds are the Observatory's and can be set, because a city of eight
counties is not a continent of 259 regions.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

__all__ = ["FOCUS_TOP", "SIZE_TOP", "SPECIALISATION_LEAST", "cluster_stars"]

# European Cluster Observatory, "Evaluation of regional cluster strength": 32 countries,
# 259 regions.
SIZE_TOP = 0.10
SPECIALISATION_LEAST = 2.0
FOCUS_TOP = 0.10

# 0.1 × 30 is 3.0000000000000004 in one order of operations and 3 in another.
ROUNDING = 1e-9


def cluster_stars(
    quotients: ir.Table,
    *,
    value: str,
    cluster: str = "cluster",
    within: Sequence[str] = (),
    size_top: float = SIZE_TOP,
    specialisation_least: float = SPECIALISATION_LEAST,
    focus_top: float = FOCUS_TOP,
) -> ir.Table:
    """Return the cells with their stars.

    Parameters
    ----------
    quotients
        What `location_quotients` returns for clusters in regions: ``cluster``,
        ``value``, ``region_share``, ``location_quotient``.
    value
        The cluster's size in a region: persons employed.
    cluster
        The column that names the category.
    within
        Columns apart from each other, such as ``["period"]``.
    size_top
        Fraction of a category's regional clusters that earn the star of size.
    specialisation_least
        The LQ from which on a cluster earns the star of specialisation.
    focus_top
        Fraction of all regional clusters, of all categories together, that
        earn the star of focus.

    Returns
    -------
    ir.Table
        ``quotients`` with ``star_size``, ``star_specialisation``,
        ``star_focus`` (true, false, NULL) and ``stars`` (0 to 3). A cluster of
        which the size or the quotient is unknown has NULL stars and is not
        ranked; a region with none of a category has no cluster there: it is
        not counted among the clusters of which a tenth is taken. "Top 10 %" is
        at most 10 %: among fewer than ten clusters nobody earns that star.
        Clusters of equal size share the better place, and the star with it.

    Notes
    -----
    Size: rank by e_rc within category c ≤ 0.10 n_c. Specialisation: LQ_rc ≥ 2.
    Focus: rank by e_rc / e_r among all clusters ≤ 0.10 n.

    Source: European Cluster Observatory, methodology, "Evaluation of regional
    cluster strength"; Ö. Sölvell, C. Ketels, G. Lindqvist, "Industrial
    specialization and regional clusters in the ten new EU member states",
    Competitiveness Review 18 (2008).

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region": ["a", "b"], "cluster": ["k", "k"], "n": [90.0, 10.0],
    ...         "region_share": [0.5, 0.1], "location_quotient": [2.5, 0.5]}
    >>> stars = cluster_stars(ibis.memtable(pa.table(rows)), value="n", size_top=0.5)
    >>> stars.order_by("region").to_pyarrow()["stars"].to_pylist()
    [2, 0]
    """
    present = quotients[value] > 0
    size_place = ibis.rank().over(
        group_by=[*within, cluster, present], order_by=quotients[value].desc()
    )
    focus_place = ibis.rank().over(
        group_by=[*within, present], order_by=quotients.region_share.desc()
    )
    among = quotients.mutate(
        size_place__=size_place + 1,
        focus_place__=focus_place + 1,
        size_of__=present.sum().over(group_by=[*within, cluster]),
        focus_of__=(present & quotients.region_share.notnull()).sum().over(group_by=list(within)),
    )
    here = among[value] > 0
    starred = among.mutate(
        star_size=among[value]
        .notnull()
        .ifelse(
            here & (among.size_place__ <= among.size_of__ * size_top + ROUNDING),
            ibis.null("boolean"),
        ),
        star_specialisation=among.location_quotient >= specialisation_least,
        star_focus=among.region_share.notnull().ifelse(
            here & (among.focus_place__ <= among.focus_of__ * focus_top + ROUNDING),
            ibis.null("boolean"),
        ),
    )
    count = sum(
        (
            starred[star].cast("int64")
            for star in ("star_size", "star_specialisation", "star_focus")
        ),
        start=ibis.literal(0),
    )
    return starred.mutate(stars=count).drop(
        "size_place__", "focus_place__", "size_of__", "focus_of__"
    )
