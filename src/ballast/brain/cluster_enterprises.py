"""The enterprises of a cluster or an industry, as far as a viewer may see them: unit data.

Rights are not decided here a second time: the tables are read as the viewer,
so an analyst finds every enterprise, an operator those of his clusters that
consented, an enterprise itself. What is decided is only whose list it is: an
operator sees the members of the clusters that he runs, and of nothing else.
"""

from __future__ import annotations

from typing import Any

import ibis

from ballast.brain.cluster_growth import both_years, of_clusters, of_industries
from ballast.brain.cluster_revenue import REVENUE, registered
from ballast.brain.cluster_shape import Kind, MemberRow, Members
from ballast.brain.names import Names, names
from ballast.brain.picture_facts import above_scale, fetched, industrial, stocks
from ballast.brain.picture_periods import frame_of
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer

__all__ = ["lists_members", "members_of"]


def lists_members(viewer: Viewer, kind: Kind, key: str) -> bool:
    """Return whether a viewer is shown a list of members, be it an empty one.

    Parameters
    ----------
    viewer
        Who asks.
    kind, key
        Of what.

    Examples
    --------
    >>> from ballast.terms.viewer import viewer_for
    >>> runs = viewer_for(Role.OPERATOR, "li", frozenset({"91371500MA0000000X"}), frozenset({"a"}))
    >>> lists_members(runs, Kind.CLUSTER, "a"), lists_members(runs, Kind.CLUSTER, "b")
    (True, False)
    """
    if viewer.may(Right.READ_UNITS):
        return True
    if viewer.role is Role.OPERATOR:
        return kind is Kind.CLUSTER and key in viewer.clusters
    return viewer.role is Role.ENTERPRISE and bool(viewer.enterprises)


def members_of(
    lake: Lake,
    viewer: Viewer,
    kind: Kind,
    key: str,
    *,
    region: str,
    definition: str | None,
    until: Period | None = None,
) -> Members:
    """Return the above-scale members that a viewer may see, largest revenue first.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    kind, key
        Of which cluster, division or group.
    region
        The region they lie in.
    definition
        The set of cluster definitions; not needed for an industry.
    until
        What figures end with; the newest where it is ``None``.

    Raises
    ------
    NotPermitted
        If the viewer is shown no members here.
    """
    if not lists_members(viewer, kind, key):
        raise NotPermitted("{who} may not see who belongs to {key}", who=viewer.name, key=key)
    if not viewer.may(Right.READ_UNITS) and not viewer.enterprises:
        return Members(None, ())
    engine = lake.engine
    reported = lake.read("enterprise_period", viewer)
    periods = reported.filter(reported.above_scale).select("period").distinct().to_pyarrow()
    frame = frame_of([Period.parse(text) for text in periods["period"].to_pylist()], until)
    if frame is None or frame.year is None:
        return Members(None, ())
    whole = fetched(engine, registered(lake.read("enterprise", viewer), on=frame.latest.end))
    here = fetched(engine, industrial(whole, region))
    rows = whole.semi_join(here, "uscc")
    if kind is Kind.CLUSTER:
        if definition is None:
            return Members(frame.year, ())
        belongs = of_clusters(rows, lake.read("cluster_definition", viewer), definition=definition)
    else:
        belongs = of_industries(rows)
    belongs = belongs.filter(belongs.kind == kind.value, belongs.key == key)
    weights = belongs.aggregate(weight=belongs.weight.sum(), by=["uscc"])
    facts = fetched(engine, above_scale(reported, here, frame.stored))
    years = both_years(facts, value=REVENUE, year=frame.year.year)
    if frame.year - 1 not in frame.made_of:  # some months of a year are no base of growth
        years = years.mutate(start=ibis.null("float64"))
    ends = stocks(engine, facts, {frame.year: frame.made_of[frame.year]})
    found = (
        weights.inner_join(rows.select("uscc", "name", "region", "zone", "industry"), "uscc")
        .left_join(years, "uscc", rname="{name}_years")
        .left_join(
            ends.select("uscc", persons=ends.employment_persons), "uscc", rname="{name}_ends"
        )
    )
    found = found.filter(found.end.notnull() | found.persons.notnull())
    called = names(lake, viewer)
    held = [_member(row, called) for row in found.to_pyarrow().to_pylist()]
    ordered = sorted(held, key=lambda m: (-(m.revenue or 0.0), m.uscc))
    return Members(frame.year, tuple(ordered))


def _member(row: dict[str, Any], called: Names) -> MemberRow:
    start, end = row["start"], row["end"]
    return MemberRow(
        uscc=row["uscc"],
        name=row["name"],
        place=called.region(row["zone"] or row["region"]),
        industry=row["industry"],
        industry_label=called.industry("gbt4754-2017", row["industry"]),
        weight=row["weight"],
        revenue=end,
        growth=(end / start - 1) * 100 if start and end is not None else None,
        persons=row["persons"],
    )
