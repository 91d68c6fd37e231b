"""Who is there: the enterprises of the sample city, drawn once, before any figure of theirs.

Three kinds are drawn: members of the ten clusters, the rest that is or was
above scale, and the small ones that never are. The rest keeps out of the
clusters' industries in the clusters' places, so that the size of a cluster is
the one its declaration states.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ballast.sample.clusters import CLUSTERS, Cluster, is_member
from ballast.sample.structure import ABSENT_GROUPS, COUNTIES, COUNTY_WEIGHTS, TRAITS, ZONES
from ballast.sample.synthetic import Floats, Ints, stream
from ballast.terms import industry

__all__ = ["NO_CLUSTER", "THRESHOLD_1E4_CNY", "Population", "draw", "groups_present"]

THRESHOLD_1E4_CNY = 2000.0  # 规模以上: yearly revenue of 20 million CNY
NO_CLUSTER = -1
VALVE_CLASS = "3443"
VALVE_REVENUE_1E4_CNY = 65_000.0

_SMALL = 8000
_FRINGE = 330  # around the threshold, in and out of scope
_LEAVERS = 50  # above scale once, then shrinking or closed
# Classes of groups present that a city on the plain, far from sea and border, would not have.
_IMPLAUSIBLE = (
    "1363 1514 1519 2222 3213 3214 3215 3217 3222 3229 3414 3436 3512 3513 3517 3575 3711 3712 "
    "3713 4413 4414 4025 4027 2519 2523 3054 3056 4341 2665 2663 1361 1362 1012"
)
_IMPLAUSIBLE_CLASSES = frozenset(_IMPLAUSIBLE.split())


@dataclass(frozen=True, slots=True)
class Population:
    """The enterprises, one element of every array each.

    Parameters
    ----------
    industry_class, division, county, zone
        Codes as text; the zone is empty outside the zones. The county is the
        present one, ``371503`` also for what was once registered in 371523.
    cluster
        Index into ``CLUSTERS``, or ``NO_CLUSTER``.
    revenue
        Of the last full year, in 10,000 CNY, whether or not they closed before it.
    growth, volatility
        Yearly trend of revenue, and the spread of a year's own shock (of the logarithm).
    founded_year, closed_year
        The latter 0 while it exists.
    anchor
        Never leaves the above-scale scope: it keeps its group in the picture.
    valve
        Index of the refrigeration-valve maker.
    above
        How many, from the front, may ever be above scale.
    """

    industry_class: npt.NDArray[np.str_]
    division: npt.NDArray[np.str_]
    county: npt.NDArray[np.str_]
    zone: npt.NDArray[np.str_]
    cluster: Ints
    revenue: Floats
    growth: Floats
    volatility: Floats
    founded_year: Ints
    closed_year: Ints
    anchor: npt.NDArray[np.bool_]
    valve: int
    above: int

    def __len__(self) -> int:
        return len(self.cluster)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A run of enterprises of one kind, before places are settled."""

    classes: list[str]
    revenue: Floats
    growth: float
    cluster: int = NO_CLUSTER
    anchors: int = 0  # how many, from the front, anchor a group
    volatility: float = 0.045


def groups_present() -> dict[str, tuple[str, ...]]:
    """Return the groups that the city has, by division.

    Examples
    --------
    >>> found = groups_present()
    >>> len(found), sum(len(groups) for groups in found.values())
    (32, 137)
    """
    return {
        division: tuple(
            child.code for child in industry.children(division) if child.code not in ABSENT_GROUPS
        )
        for division, traits in TRAITS.items()
        if traits.firms
    }


def draw(seed: int, base: int) -> Population:
    """Return the enterprises of one seed.

    Parameters
    ----------
    seed
        Of the sample; the same seed gives the same enterprises.
    base
        The last full year.
    """
    rng = stream(seed, "population")
    drafts = [_cluster(i, c, rng) for i, c in enumerate(CLUSTERS)]
    groups = groups_present()
    weights = {group: rng.lognormal(0, 0.7) for found in groups.values() for group in found}
    drafts += [_rest(division, found, weights, rng) for division, found in groups.items()]
    drafts += _around_threshold(groups, weights, rng)
    above = sum(len(d.classes) for d in drafts)
    drafts.append(_small(groups, weights, rng))
    return _settled(drafts, above, base, rng)


def _sizes(
    count: int, total: float, tail: float, lowest: float, rng: np.random.Generator
) -> Floats:
    """Return revenues that sum to a total: a floor near the threshold, the rest lognormal."""
    floor = rng.uniform(lowest, 3300, count)
    excess = rng.lognormal(0, tail, count)
    return np.asarray(floor + (total - floor.sum()) * excess / excess.sum())


def _cluster(index: int, cluster: Cluster, rng: np.random.Generator) -> _Draft:
    classes = [c for m in cluster.members for c in m.classes]
    weights = np.array([w for m in cluster.members for w in m.classes.values()])
    drawn = rng.choice(classes, cluster.firms, p=weights / weights.sum())
    revenue = np.sort(
        _sizes(cluster.firms, cluster.revenue_1e8_cny * 1e4, cluster.tail, 2500, rng)
    )[::-1]
    # The largest stands for the cluster's first industry: the smelter, the rolling mill.
    drawn[0] = classes[0]
    return _Draft(drawn.tolist(), revenue, cluster.growth, index)


def _rest(
    division: str, groups: tuple[str, ...], weights: dict[str, float], rng: np.random.Generator
) -> _Draft:
    traits = TRAITS[division]
    spread = _classes(groups, weights, traits.firms - len(groups), rng)
    classes = [_some_class(group, rng) for group in groups] + spread
    revenue = _sizes(traits.firms, traits.revenue_1e8_cny * 1e4, 1.2, 1900, rng)
    if division == "34":  # the valve maker is one of the rest of general equipment
        classes[groups.index("344")] = VALVE_CLASS
        revenue[groups.index("344")] = VALVE_REVENUE_1E4_CNY
    return _Draft(classes, revenue, traits.growth, anchors=len(groups))


def _around_threshold(
    groups: dict[str, tuple[str, ...]], weights: dict[str, float], rng: np.random.Generator
) -> list[_Draft]:
    everywhere = tuple(group for found in groups.values() for group in found)
    fringe = _classes(everywhere, weights, _FRINGE, rng)
    leavers = _classes(everywhere, weights, _LEAVERS, rng)
    return [
        _Draft(fringe, rng.uniform(1000, 3400, _FRINGE), 0.0, volatility=0.30),
        _Draft(leavers, rng.uniform(900, 1900, _LEAVERS), -0.16),
    ]


def _small(
    groups: dict[str, tuple[str, ...]], weights: dict[str, float], rng: np.random.Generator
) -> _Draft:
    firms = np.array([TRAITS[division].firms for division in groups], dtype=np.float64)
    counts = rng.multinomial(_SMALL, firms / firms.sum())
    classes = [
        code
        for (_, found), count in zip(groups.items(), counts.tolist(), strict=True)
        for code in _classes(found, weights, count, rng)
    ]
    revenue = np.minimum(rng.lognormal(np.log(150), 0.9, _SMALL), 1400.0)
    return _Draft(classes, np.asarray(revenue), 0.03)


def _classes(
    groups: tuple[str, ...], weights: dict[str, float], count: int, rng: np.random.Generator
) -> list[str]:
    chances = np.array([weights[group] for group in groups])
    drawn = rng.choice(len(groups), count, p=chances / chances.sum())
    return [_some_class(groups[i], rng) for i in drawn.tolist()]


def _some_class(group: str, rng: np.random.Generator) -> str:
    codes = [c.code for c in industry.children(group) if c.code not in _IMPLAUSIBLE_CLASSES]
    return codes[int(rng.integers(len(codes)))]


def _settled(drafts: list[_Draft], above: int, base: int, rng: np.random.Generator) -> Population:
    """Return the drafts joined, with a place, an age and a trend for each enterprise."""
    classes = np.array([code for draft in drafts for code in draft.classes])
    sizes = [len(draft.classes) for draft in drafts]
    cluster = np.repeat([draft.cluster for draft in drafts], sizes)
    revenue = np.concatenate([draft.revenue for draft in drafts])
    count = len(classes)
    edges = np.cumsum([0, *sizes])
    anchor = np.zeros(count, dtype=np.bool_)
    leaver = np.zeros(count, dtype=np.bool_)
    for draft, (first, last) in zip(drafts, pairwise(edges.tolist()), strict=True):
        anchor[first : first + draft.anchors] = True
        leaver[first:last] = draft.growth < 0
    valve = int(np.flatnonzero(anchor & (classes == VALVE_CLASS))[0])
    county, zone = _places(classes, cluster, above, rng)
    county[valve], zone[valve] = "371502", ""
    largest = revenue > 50_000
    founded = base - 1 - np.rint(rng.gamma(3.2, 4.2, count)).astype(np.int64)
    young = rng.random(count) < 0.06
    founded = np.where(young, base - rng.integers(1, 6, count), founded)
    founded = np.where(anchor | largest | leaver, np.minimum(founded, base - 13), founded)
    # A member of a cluster is above scale in the base year, so it was there the year before.
    founded = np.clip(founded, 1986, np.where(cluster != NO_CLUSTER, base - 2, base - 1))
    shut = leaver & (rng.random(count) < 0.6)
    closed = np.where(shut, rng.integers(base - 2, base + 1, count), 0)
    gone = (rng.random(count) < 0.03) & (np.arange(count) >= above) & (founded < base - 5)
    closed = np.where(gone, rng.integers(base - 3, base + 1, count), closed)
    return Population(
        industry_class=classes,
        division=classes.astype("<U2"),
        county=county,
        zone=zone,
        cluster=cluster,
        revenue=revenue,
        growth=np.repeat([draft.growth for draft in drafts], sizes) + rng.normal(0, 0.02, count),
        volatility=np.repeat([draft.volatility for draft in drafts], sizes),
        founded_year=founded,
        closed_year=closed,
        anchor=anchor,
        valve=valve,
        above=above,
    )


def _places(
    classes: npt.NDArray[np.str_], cluster: Ints, above: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]:
    """Return county and zone of each; above-scale outsiders keep out of the clusters."""
    count = len(classes)
    county = rng.choice(list(COUNTIES), count, p=np.array(COUNTY_WEIGHTS)).astype("<U6")
    zone = np.full(count, "", dtype="<U10")
    dice = rng.random(count)
    edge = 0.0
    for one in ZONES:
        inside = (county == one.county) & (dice >= edge) & (dice < edge + one.share)
        zone[inside] = one.code
        edge += one.share
    for i, at in enumerate(cluster[:above].tolist()):
        if at != NO_CLUSTER:
            county[i], zone[i] = CLUSTERS[at].county, CLUSTERS[at].zone or ""
            continue
        for candidate in (str(county[i]), *COUNTIES):
            found = zone[i] if candidate == county[i] else ""
            if not any(is_member(c, str(classes[i]), candidate, str(found)) for c in CLUSTERS):
                county[i], zone[i] = candidate, found
                break
    return county, zone
