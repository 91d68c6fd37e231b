"""What enterprises reported, as arrays: one place, one industry, one amount each and period.

The cube decides on hundreds of tables of the same few thousand enterprises.
Asked of the engine one by one, each would carry the way from the files to the
rows; the rows are fetched once, and the tables are counted off them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.brain.cluster_revenue import cluster_weights
from ballast.brain.cube.tree import Tree, tree
from ballast.brain.disclosure.rules import Floats
from ballast.brain.indicators.declared import How, Indicator, Term
from ballast.brain.indicators.facts import enterprise_facts
from ballast.brain.picture_clusters import definition_of
from ballast.brain.picture_periods import pieces
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.period import Period, joined, month, whole_year
from ballast.terms.viewer import Viewer

__all__ = ["SCALE", "Month", "Reports", "reporting_periods", "reports"]

SCALE = 10_000  # amounts are whole numbers of ten-thousandths, so that sums are exact
Ints = npt.NDArray[np.intp]
Key = tuple[str, How]


@dataclass(frozen=True, eq=False)
class Month:
    """What was reported for one period.

    Parameters
    ----------
    period
        The period.
    who
        Shape (n,): numbers of the enterprises, each once.
    rows, columns
        Shape (n,): the leaf of the tree that each stands in.
    amounts
        Shape (n,) for each term: what it reported in ten-thousandths of the unit, NaN for nothing.
    weights
        Shape (clusters, n): how much of each the clusters count.
    """

    period: Period
    who: Ints
    rows: Ints
    columns: Ints
    amounts: dict[Key, Floats]
    weights: Floats


@dataclass(frozen=True, eq=False)
class Reports:
    """What was reported for the periods of a cube.

    Parameters
    ----------
    months
        In order.
    tree
        Where enterprises stand.
    clusters, definition
        The keys of the clusters, in the order of ``Month.weights``; which set they are of.
    loads
        The loads that the reports stand in.
    """

    months: tuple[Month, ...]
    tree: Tree
    clusters: tuple[str, ...]
    definition: str | None
    loads: tuple[str, ...]


def reporting_periods(stored: Sequence[Period], years: Iterable[int]) -> tuple[Period, ...]:
    """Return the shortest periods of which the stored ones tell, that do not overlap.

    Examples
    --------
    >>> have = [Period.parse(t) for t in ("2024", "2026-02ytd", "2026-03ytd")]
    >>> [str(p) for p in reporting_periods(have, [2024, 2026])]
    ['2024', '2026-01..02', '2026-03']
    """
    found: list[Period] = []
    for year in sorted(years):
        first = [month(year, 1), month(year, 2)]
        if any(pieces(p, stored) is None for p in first):
            first = [joined(year)]
        line = [*first, *(month(year, number) for number in range(3, 13))]
        known = [p for p in line if pieces(p, stored) is not None]
        whole = whole_year(year)
        if not known and pieces(whole, stored) is not None:
            known = [whole]
        found += known
    return tuple(found)


def reports(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    terms: Sequence[Term],
    *,
    as_of: datetime | None = None,
    frozen: Mapping[str, datetime] | None = None,
) -> Reports:
    """Return what above-scale industrial enterprises reported.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom (``READ_UNITS``).
    periods
        As `reporting_periods` gives them.
    terms
        What is summed or counted of them.
    as_of
        The moment of the lake.
    frozen
        Periods, by their text, that are read as they were at an earlier moment.

    Raises
    ------
    NotFound
        If nobody reported for any of the periods.
    """
    moments: dict[datetime | None, list[Period]] = {}
    for period in periods:
        moments.setdefault((frozen or {}).get(str(period), as_of), []).append(period)
    frame = pl.concat(
        [_fetched(lake, viewer, mine, terms, moment) for moment, mine in moments.items()]
    )
    if frame.is_empty():
        raise NotFound(
            "no above-scale enterprise of industry has reported for {first} to {last}: there is "
            "nothing to seal",
            first=periods[0].label if periods else "–",
            last=periods[-1].label if periods else "–",
        )
    places = frame.select("region", "zone").unique().rows()
    groups = frame.select("division", "group").unique().rows()
    made = tree(places, groups)
    weights, clusters, definition = _weights(lake, viewer, frame, made.root, as_of)
    numbers = {code: at for at, code in enumerate(sorted(frame["uscc"].unique()))}
    months = []
    for period in periods:
        mine = frame.filter(pl.col("target") == str(period)).sort("uscc")
        if mine.is_empty():
            continue
        months.append(_month(period, mine, made, numbers, weights, len(clusters)))
    loads = sorted({load for name in ("loads", "registers") for load in _listed(frame, name)})
    return Reports(tuple(months), made, clusters, definition, tuple(loads))


def terms_of(indicators: Iterable[Indicator]) -> tuple[Term, ...]:
    """Return the terms of indicators, each once."""
    return tuple(dict.fromkeys(term for one in indicators for term in one.terms))


def _fetched(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    terms: Sequence[Term],
    as_of: datetime | None,
) -> pl.DataFrame:
    """Return one row for each enterprise and period."""
    facts = enterprise_facts(lake, viewer, periods, as_of=as_of)
    sign = ibis.ifelse(facts["plus"], 1, -1)
    sums: dict[str, ibis.Value] = {}
    for term in terms:
        name = _name(term)
        if term.how is How.DISTINCT:
            sums[name] = facts["last"].any().cast("float64")
        else:
            value = facts[term.column].cast("float64")
            if term.how is How.LAST:
                sums[name] = value.sum(where=facts["last"])
            else:
                sums[name] = (value * sign).sum()
    what = ("region", "zone", "division", "group", "industry_scheme", "industry")
    own = facts.aggregate(
        **sums,
        other_industries=facts.other_industries.max(),
        loads=facts.load_id.max(),
        registers=facts.register_load.max(),
        by=["target", "uscc", *what],
    )
    return pl.DataFrame(lake.engine.collect(own))


def _name(term: Term) -> str:
    return f"{term.how.value}_{term.column}"


def _listed(frame: pl.DataFrame, name: str) -> list[str]:
    return [value for value in frame[name].unique().to_list() if value]


def _month(
    period: Period,
    mine: pl.DataFrame,
    made: Tree,
    numbers: dict[str, int],
    weights: dict[str, list[tuple[int, float]]],
    clusters: int,
) -> Month:
    rows = [made.places[place] for place in mine.select("region", "zone").iter_rows()]
    columns = [made.groups[group] for group in mine.select("division", "group").iter_rows()]
    counted = np.zeros((clusters, mine.height))
    for at, key in enumerate(_keys(mine)):
        for cluster, weight in weights.get(key, ()):
            counted[cluster, at] = weight
    amounts: dict[Key, Floats] = {}
    for name in mine.columns:
        how, _, column = name.partition("_")
        if how in (How.SUM, How.LAST, How.DISTINCT) and column:
            given = mine[name].to_numpy().astype(np.float64)
            amounts[column, How(how)] = np.round(given * SCALE)
    return Month(
        period,
        np.array([numbers[code] for code in mine["uscc"]], dtype=np.intp),
        np.array(rows, dtype=np.intp),
        np.array(columns, dtype=np.intp),
        amounts,
        counted,
    )


_KEY = ("uscc", "region", "zone", "industry", "other_industries")


def _keys(frame: pl.DataFrame) -> list[str]:
    return frame.select(pl.concat_str(_KEY, separator="|", ignore_nulls=True))["uscc"].to_list()


def _weights(
    lake: Lake, viewer: Viewer, frame: pl.DataFrame, root: str, as_of: datetime | None
) -> tuple[dict[str, list[tuple[int, float]]], tuple[str, ...], str | None]:
    """Return how much each enterprise counts in each cluster, by what it was registered as."""
    definitions = lake.read("cluster_definition", viewer, as_of)
    definition = definition_of(definitions, root)
    if definition is None:
        return {}, (), None
    keyed = frame.with_columns(key=pl.Series(_keys(frame))).unique("key").drop("uscc")
    keyed = keyed.select(
        pl.col("key").alias("uscc"),
        "region", "zone", "industry_scheme", "industry", "other_industries",
    )  # fmt: skip
    with lake.engine.lent(keyed.to_arrow()) as registered:
        found = cluster_weights(registered, definitions, definition=definition)
        rows = lake.engine.collect(found.select("cluster", "uscc", "weight")).to_pylist()
    names = lake.engine.collect(
        definitions.filter(definitions.definition == definition).select("cluster").distinct()
    )
    clusters = tuple(sorted(names["cluster"].to_pylist()))
    place = {cluster: at for at, cluster in enumerate(clusters)}
    weights: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        weights.setdefault(row["uscc"], []).append((place[row["cluster"]], row["weight"]))
    return weights, clusters, definition
