"""The clusters, divisions and groups of a region, each with what a reader asks of it.

Made from the region's picture and not beside it: revenue, quotients against
the nation and sources are the picture's own, so that the City page and the
Cluster page cannot disagree. What is added is what the picture has no room
for: what the growth is made of, who came and left, which star is held where.

Unit data: every sum here may rest on one enterprise. It is for viewers who may
read units; the others are answered from the sealed cube.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir

from ballast.brain.cluster_growth import (
    DIGITS,
    KEYS,
    OUTPUT,
    belonging,
    both_years,
    cells,
    entry_and_exit,
    growth_parts,
    known_peers,
    of_clusters,
    structure_moved,
)
from ballast.brain.cluster_places import place_rows, places_of_clusters
from ballast.brain.cluster_revenue import REVENUE, registered
from ballast.brain.cluster_shape import (
    ClusterBook,
    GrowthPart,
    IndustryRow,
    Kind,
    PartKey,
    PlaceRow,
    Profile,
    ShiftShare,
    Turnover,
)
from ballast.brain.measures.shift_share import summed
from ballast.brain.names import Names, names
from ballast.brain.picture_facts import above_scale, fetched, industrial, stocks
from ballast.brain.picture_periods import frame_of
from ballast.brain.picture_shape import RegionPicture
from ballast.brain.tiers import TIER_LABELS, Tier, tier
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.industry import exists, industry
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryLevel
from ballast.terms.viewer import Right, Viewer

__all__ = ["cluster_book"]

Row = Mapping[str, Any]
Key = tuple[str, str]

_CLASS = 4


def cluster_book(lake: Lake, viewer: Viewer, picture: RegionPicture) -> ClusterBook:
    """Return the clusters, divisions and groups of a region.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    picture
        Of the region, as `picture.picture` made it for the same viewer.

    Raises
    ------
    NotPermitted
        If the viewer may not read what every enterprise reports.
    """
    if not viewer.may(Right.READ_UNITS):
        raise NotPermitted(
            "{who} may not see clusters as they are summed from what every enterprise reported; "
            "ask the home's administrator for the right {right}",
            who=viewer.name,
            right=Right.READ_UNITS.value,
        )
    book = ClusterBook(
        region=picture.region,
        label=picture.label,
        as_of=picture.as_of,
        year=picture.year,
        base=None,
        definition=picture.cluster_definition,
        profiles=(),
        sources=picture.sources,
    )
    if picture.year is None or picture.latest is None:
        return book
    facts = _read(lake, viewer, picture, picture.year)
    return replace(book, base=facts.base, profiles=_profiles(facts, picture))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What everything is summed from, fetched once."""

    lake: Lake
    called: Names
    year: Period
    base: Period | None
    belongs: ir.Table
    elsewhere: ir.Table
    revenue: ir.Table
    output: ir.Table
    ends: ir.Table
    places: Mapping[str, str]
    peers: Mapping[tuple[str, IndustryLevel], ir.Table]


def _read(lake: Lake, viewer: Viewer, picture: RegionPicture, year: Period) -> _Facts:
    engine = lake.engine
    reported = lake.read("enterprise_period", viewer)
    stored = reported.filter(reported.above_scale).select("period").distinct().to_pyarrow()
    latest = picture.latest
    frame = frame_of([Period.parse(text) for text in stored["period"].to_pylist()], latest)
    if frame is None or latest is None:
        raise ValueError("a picture of a period that nobody reported for")
    whole = fetched(engine, registered(lake.read("enterprise", viewer), on=latest.end))
    here = fetched(engine, industrial(whole, picture.region))
    facts = fetched(engine, above_scale(reported, here, frame.stored))
    definitions = fetched(engine, lake.read("cluster_definition", viewer))
    rows = whole.semi_join(here, "uscc")
    definition = picture.cluster_definition
    ends = stocks(engine, facts, {year: frame.made_of[year]})
    anywhere = definitions.mutate(region=ibis.literal(""), region_scheme=ibis.literal(""))
    belongs = fetched(engine, belonging(rows, definitions, definition=definition))
    unplaced = belongs.filter(belongs.kind != Kind.CLUSTER.value)
    if definition is not None:
        unplaced = unplaced.union(of_clusters(rows, anywhere, definition=definition))
    industries = lake.read("region_industry", viewer)
    # A year of which only some months are known is no base: everything would seem to have grown.
    base = year - 1 if year - 1 in frame.made_of else None
    revenue = both_years(facts, value=REVENUE, year=year.year)
    if base is None:
        revenue = revenue.mutate(start=ibis.null("float64"))
    known = known_peers(engine, industries, region=picture.region, year=year.year)
    return _Facts(
        lake=lake,
        called=names(lake, viewer),
        year=year,
        base=base,
        belongs=belongs,
        elsewhere=fetched(engine, unplaced),
        revenue=fetched(engine, revenue),
        output=fetched(engine, both_years(facts, value=OUTPUT, year=year.year)),
        ends=fetched(engine, ends.select("uscc", "place", "employment_persons")),
        places={} if definition is None else places_of_clusters(definitions, definition),
        peers={} if base is None else known,
    )


def _profiles(facts: _Facts, picture: RegionPicture) -> tuple[Profile, ...]:
    sums = _by_key(_sizes(facts))
    labels = _labels(picture)
    turned: dict[tuple[Kind, str], Row] = {}
    moved: dict[tuple[Kind, str], Row] = {}
    if facts.base is not None:
        turned = _by_key(entry_and_exit(facts.belongs, facts.output))
        moved = _by_key(structure_moved(cells(facts.belongs, facts.output, digits=_CLASS)))
    parts = [_shift_shares(facts, *which) for which in facts.peers]
    places = place_rows(facts.elsewhere, facts.ends, facts.called.region, facts.places)
    quotients = {
        q.code: q.quotient for q in (*picture.division_quotients, *picture.specialisations)
    }
    in_own_place = {c.key: c.quotient for c in picture.clusters}
    found = []
    for (kind, key), row in sums.items():
        if (kind, key) not in labels or (row["start"] is None and not row["enterprises"]):
            continue
        cluster = kind is Kind.CLUSTER
        place = facts.places.get(key) if cluster else None
        own: PlaceRow | None = next((p for p in places.get((kind, key), ()) if p.own), None)
        found.append(
            Profile(
                kind=kind,
                key=key,
                label=labels[kind, key],
                place=place,
                place_label=None if place is None else facts.called.region(place),
                tier=None if row["tier"] is None else TIER_LABELS[Tier(row["tier"])],
                revenue=row["end"],
                growth=_growth(row["start"], row["end"]),
                enterprises=row["enterprises"],
                enterprises_reporting=row["reporting"],
                persons=row["persons"],
                quotient=in_own_place.get(key) if cluster else quotients.get(key),
                quotient_base=picture.label if cluster else picture.reference,
                stars=None if own is None else own.stars,
                places=places.get((kind, key), ()),
                parts=tuple(each[kind, key] for each in parts if (kind, key) in each),
                turnover=_turnover(turned.get((kind, key))),
                moved=moved.get((kind, key), {}).get("moved"),
                moved_industries=moved.get((kind, key), {}).get("industries", 0),
            )
        )
    order = list(Kind)
    return tuple(sorted(found, key=lambda p: (order.index(p.kind), -(p.revenue or 0.0), p.key)))


def _sizes(facts: _Facts) -> ir.Table:
    """Return revenue of both years, tier, enterprises and persons of every profile."""
    once = facts.belongs.aggregate(weight=facts.belongs.weight.sum(), by=[*KEYS, "uscc"])
    joined = once.left_join(facts.revenue, "uscc", rname="{name}_revenue")
    joined = joined.left_join(facts.ends, "uscc", rname="{name}_end")
    sums = joined.aggregate(
        start=(joined.weight * joined.start).sum(),
        end=(joined.weight * joined.end).sum(),
        enterprises=(joined.end.notnull() | joined.place.notnull()).sum(),
        reporting=joined.end.count(),
        persons=(joined.weight * joined.employment_persons.cast("float64")).sum(),
        by=list(KEYS),
    )
    return sums.mutate(tier=tier(sums.end))


def _shift_shares(facts: _Facts, reference: str, level: IndustryLevel) -> dict[Key, ShiftShare]:
    own = cells(facts.belongs, facts.output, digits=DIGITS[level])
    each = fetched(facts.lake.engine, growth_parts(own, facts.peers[reference, level]))
    label = facts.called.region(reference)
    rows: dict[Key, list[Row]] = {}
    present = each.filter((each.start != 0) | (each.end != 0))
    for row in present.to_pyarrow().to_pylist():
        rows.setdefault((Kind(row["kind"]), row["key"]), []).append(row)
    return {
        key: _shift_share(total, rows.get(key, []), reference, label)
        for key, total in _by_key(summed(each, KEYS)).items()
        if key in rows
    }


def _shift_share(total: Row, rows: list[Row], reference: str, label: Label) -> ShiftShare:
    start, end = sum(r["start"] for r in rows), sum(r["end"] for r in rows)
    missing = tuple(sorted(r["industry"] for r in rows if r["industry_mix"] is None))
    parts = () if total["undefined"] else tuple(_part(key, total, start) for key in PartKey)
    return ShiftShare(
        reference=reference,
        reference_label=label,
        start=start,
        end=end,
        parts=parts,
        undefined=missing,
        industries=tuple(
            IndustryRow(
                r["industry"],
                _industry_label(r["industry"]),
                r["start"],
                r["end"],
                _growth(r["start"], r["end"]),
                _growth(r["peer_start"], r["peer_end"]),
            )
            for r in sorted(rows, key=lambda r: (-r["end"], r["industry"]))
        ),
    )


def _part(key: PartKey, total: Row, start: float) -> GrowthPart:
    amount = total[key.value]
    return GrowthPart(key, amount, amount / start * 100 if start else None)


def _turnover(row: Row | None) -> Turnover | None:
    if row is None or not (row["level_start"] or row["level_end"]):
        return None
    ratios = ("growth_published", "growth_comparable", "from_stayed", "from_entered", "from_left")
    return Turnover(
        stayed=row["stayed"],
        entered=row["entered"],
        left=row["left"],
        level_start=row["level_start"],
        level_end=row["level_end"],
        **{name: None if row[name] is None else row[name] * 100 for name in ratios},
    )


def _labels(picture: RegionPicture) -> dict[Key, Label]:
    found: dict[Key, Label] = {(Kind.CLUSTER, c.key): c.label for c in picture.clusters}
    found |= {(Kind.DIVISION, d.code): d.label for d in picture.divisions}
    found |= {(Kind.GROUP, g.code): g.label for g in picture.groups}
    return found


def _industry_label(code: str) -> Label:
    return industry(code).label if exists(code) else Label(code, code)


def _by_key(table: ir.Table) -> dict[tuple[Kind, str], Row]:
    rows = table.to_pyarrow().to_pylist()
    return {(Kind(row["kind"]), row["key"]): row for row in rows}


def _growth(start: float | None, end: float | None) -> float | None:
    return (end / start - 1) * 100 if start and end is not None else None
