"""Where a cluster or an industry stands among those it is compared with, by declared indicators.

Asked through the one door for indicators, so that the same table serves every
reader: from the facts for those who may read units, from the sealed cube for
all others, where a withheld figure has no place and nobody else's moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from ballast.brain.cluster_shape import Kind
from ballast.brain.cube.reading import sealed_periods
from ballast.brain.indicators.answer import Answer, Value
from ballast.brain.indicators.answering import answer
from ballast.brain.indicators.declared import Better, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.ranks import First, Rank, ranks
from ballast.brain.indicators.registry import indicator
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.industry import exists, industry
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind
from ballast.terms.region import is_extension
from ballast.terms.viewer import Viewer

__all__ = ["COMPARED", "SIZES", "Position", "peers_label", "positions", "sealed_year", "standings"]

COMPARED = (
    "labour_productivity", "margin", "rd_intensity", "export_share", "energy_intensity",
)  # fmt: skip
"""Ratios: what a large and a small one can be compared by."""

SIZES: dict[Kind, tuple[str, ...]] = {
    Kind.CLUSTER: ("cluster_revenue", "enterprises", "employment"),
    Kind.DIVISION: ("output", "enterprises", "employment"),
    Kind.GROUP: ("output", "enterprises", "employment"),
}
"""Amounts; the first is what they are sorted by."""

_BY = {
    Kind.CLUSTER: Dimension.CLUSTER,
    Kind.DIVISION: Dimension.INDUSTRY_DIVISION,
    Kind.GROUP: Dimension.INDUSTRY_GROUP,
}


@dataclass(frozen=True, slots=True)
class Position:
    """One indicator of one cluster or industry, and its place.

    Parameters
    ----------
    indicator
        Its declaration.
    value
        Its own; says why where there is none.
    rank
        Its place; the first is the best, where one way is better.
    middle
        The median of all in the set that have a figure, itself included; ``None`` where fewer
        than two have one.
    """

    indicator: Indicator
    value: Value
    rank: Rank
    middle: float | None


def sealed_year(lake: Lake, until: Period | None) -> Period:
    """Return the newest whole year that is sealed; the newest period where no year is.

    Parameters
    ----------
    lake
        Whose cube.
    until
        What it ends with at the latest; ``None``: any.

    Raises
    ------
    NotFound
        If nothing is sealed so early.
    """
    known = [p for p in sealed_periods(lake) if until is None or p.end <= until.end]
    if not known:
        raise NotFound("no figures are published that end with {period} or before", period=until)
    years = [p for p in known if p.kind is PeriodKind.YEAR]
    return max(years or known)


def standings(
    lake: Lake,
    viewer: Viewer,
    kind: Kind,
    *,
    region: str,
    period: Period,
    definition: str | None,
    division: str | None = None,
) -> Answer:
    """Return sizes and ratios of all clusters, divisions or groups of a region.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    kind, region, period
        Of what, where, when.
    definition
        The set of cluster definitions.
    division
        Of groups: only those of this division.

    Raises
    ------
    NotFound, NotPermitted
        If the viewer is answered from the cube, and it does not hold this.
    """
    place = Dimension.ZONE if is_extension(region) else Dimension.REGION
    where: dict[Dimension, tuple[str, ...]] = {place: (region,)}
    if kind is Kind.GROUP and division is not None:
        where[Dimension.INDUSTRY_DIVISION] = (division,)
    question = Question(
        (*SIZES[kind], *COMPARED),
        (_BY[kind],),
        where,
        period=period,
        definition=definition if kind is Kind.CLUSTER else None,
    )
    return answer(lake, viewer, question)


def peers_label(kind: Kind, key: str, region: Label) -> Label:
    """Return the set that one ranks within: a rank without it says nothing.

    Examples
    --------
    >>> peers_label(Kind.CLUSTER, "k", Label("聊城市", "Liaocheng")).en
    'the clusters of Liaocheng'
    """
    if kind is Kind.CLUSTER:
        return Label(f"{region.zh}各产业集群", f"the clusters of {region.en}")
    if kind is Kind.DIVISION:
        return Label(f"{region.zh}各行业大类", f"the divisions of {region.en}")
    code = key[:2]
    above = industry(code).label if exists(code) else Label(code, code)
    return Label(f"{region.zh}{above.zh}各行业中类", f"the groups of {above.en} in {region.en}")


def positions(found: Answer, kind: Kind, key: str, within: Label) -> tuple[Position, ...]:
    """Return the places of one among all that were answered.

    Parameters
    ----------
    found
        What `standings` returned.
    kind, key
        Which of them.
    within
        What the set is called.

    Returns
    -------
    tuple of Position
        In the order of `COMPARED`; empty where the answer does not hold the key.
    """
    by = _BY[kind]
    placed = []
    for name in COMPARED:
        values = {v.cell[by]: v for v in found.values if v.indicator == name}
        if key not in values:
            continue
        declared = indicator(name)
        first: First = "lowest" if declared.better is Better.DOWN else "highest"
        figures = {code: v.value for code, v in values.items()}
        known = [float(value) for value in figures.values() if value is not None]
        placed.append(
            Position(
                declared,
                values[key],
                ranks(figures, within, first)[key],
                median(known) if len(known) > 1 else None,
            )
        )
    return tuple(placed)
