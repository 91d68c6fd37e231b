"""What made clusters grow, said below the table of ``clusters --explain``.

Sentences on the stream of notes and not a second table: what is printed in
CSV or JSON stays one table, and the parts of one cluster read as a sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from ballast.brain.cluster_growth import (
    DIGITS,
    KEYS,
    OUTPUT,
    both_years,
    cells,
    entry_and_exit,
    growth_parts,
    known_peers,
    of_clusters,
)
from ballast.brain.cluster_members import cluster_names
from ballast.brain.cluster_revenue import registered
from ballast.brain.cluster_shape import PartKey
from ballast.brain.measures.shift_share import summed
from ballast.brain.names import names
from ballast.brain.picture_periods import pieces
from ballast.brain.places import stem
from ballast.cli.context import language, tell, viewer
from ballast.lake.lake import Lake
from ballast.terms import unit as units
from ballast.terms.period import Period, whole_year
from ballast.words.numbers import Absence, movement

Row = Mapping[str, Any]


def tell_growth(
    lake: Lake,
    definitions: ir.Table,
    definition: str,
    *,
    year: int,
    region: str | None,
    clusters: Sequence[str],
) -> None:
    """Say of each cluster what its growth of output is made of, and who made it.

    Parameters
    ----------
    lake
        Where to read.
    definitions, definition
        The definitions, and which set of them.
    year, region
        The last year; the region, or all.
    clusters
        Keys of those that are shown, in order.
    """
    engine = lake.engine
    firms = registered(lake.read("enterprise", viewer()), on=date(year, 12, 31))
    if region is not None:
        firms = firms.filter(firms.region.startswith(stem(ibis.literal(region))))
    reported = lake.read("enterprise_period", viewer())
    reported = reported.filter(reported.above_scale)
    # Both are asked for several times below: once here is cheaper than the whole way each time.
    belongs = engine.memory(engine.collect(of_clusters(firms, definitions, definition=definition)))
    years = engine.memory(engine.collect(both_years(reported, value=OUTPUT, year=year)))
    stored = engine.collect(reported.select("period").distinct())["period"].to_pylist()
    turned = _by_key(lake, entry_and_exit(belongs, years))
    # Some months of a year are no base: beside them everything would seem to have grown.
    whole = [pieces(whole_year(y), [Period.parse(p) for p in stored]) for y in (year - 1, year)]
    if None in whole or not any(row["level_start"] for row in turned.values()):
        tell(
            "growth cannot be taken apart: output was not reported for the whole of {base} and "
            "{year}",
            base=year - 1,
            year=year,
        )
        return
    called = names(lake, viewer())
    peers = known_peers(engine, lake.read("region_industry", viewer()), region=region, year=year)
    reference, parts = None, {}
    for (code, level), peer in list(peers.items())[:1]:
        reference = called.region(code).text(language())
        own = cells(belongs, years, digits=DIGITS[level])
        parts = _by_key(lake, summed(growth_parts(own, peer), KEYS))
    tell(
        "growth of output of above-scale enterprises from {base} to {year}, percentage points:",
        base=year - 1,
        year=year,
    )
    titles = _titles(lake, definitions, definition)
    for key in clusters:
        if key in turned:
            _tell_one(titles.get(key, key), turned[key], parts.get(key), reference)


def _tell_one(name: str, turned: Row, parts: Row | None, reference: str | None) -> None:
    start = turned["level_start"]
    if parts is not None and reference is not None and start and not parts["undefined"]:
        points = {key: parts[key.value] / start * 100 for key in PartKey}
        tell(
            "{name}: {growth} = {national} as {reference} + {mix} industry mix + {own} own lead + "
            "{new} new industries",
            name=name,
            growth=_points(turned["growth_published"], 100),
            reference=reference,
            national=_points(points[PartKey.NATIONAL]),
            mix=_points(points[PartKey.MIX]),
            own=_points(points[PartKey.COMPETITIVE] + points[PartKey.ALLOCATION]),
            new=_points(points[PartKey.ENTERED]),
        )
    tell(
        "{name}: {growth} = {from_stayed} of {stayed} in scope in both years + {from_entered} of "
        "{entered} that entered + {from_left} of {left} that left; comparable sample {same}",
        name=name,
        growth=_points(turned["growth_published"], 100),
        stayed=turned["stayed"],
        entered=turned["entered"],
        left=turned["left"],
        from_stayed=_points(turned["from_stayed"], 100),
        from_entered=_points(turned["from_entered"], 100),
        from_left=_points(turned["from_left"], 100),
        same=_points(turned["growth_comparable"], 100),
    )


def _points(value: float | None, times: int = 1) -> str:
    if value is None:
        return Absence.UNDEFINED.label.text(language())
    return movement(value * times, units.PERCENTAGE_POINTS, language(), places=2, bare=True)


def _by_key(lake: Lake, table: ir.Table) -> dict[str, Row]:
    return {row["key"]: row for row in lake.engine.collect(table).to_pylist()}


def _titles(lake: Lake, definitions: ir.Table, definition: str) -> dict[str, str]:
    rows = lake.engine.collect(cluster_names(definitions, definition=definition)).to_pylist()
    name = f"name_{language()}"
    return {row["cluster"]: row[name] or row["cluster"] for row in rows}
