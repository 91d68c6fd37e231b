"""Which cuts the cube holds, and which of its rows a question means.

A level of the region tree (province, city, county or zone, a county's rest)
by a level of the industry tree (all, section, division, group), or the
clusters of the whole: nothing else is decided on when the cube is sealed, so
nothing else can be asked of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ballast.brain.indicators.declared import How, Indicator, Measure
from ballast.brain.indicators.dimensions import DIMENSION_LABELS, Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import NotPermitted
from ballast.terms.industry import roll_up
from ballast.terms.label import Label
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryLevel

__all__ = [
    "CLUSTER_ONLY",
    "HELD",
    "Cut",
    "cut_of",
    "holds",
    "industry_level",
    "inside",
    "region_kind",
]

_KINDS: dict[Dimension, frozenset[str]] = {
    Dimension.PROVINCE: frozenset({"province"}),
    Dimension.CITY: frozenset({"city"}),
    Dimension.REGION: frozenset({"county"}),
    Dimension.ZONE: frozenset({"zone"}),
    Dimension.PLACE: frozenset({"county", "zone", "rest"}),
}
_LEVELS: dict[Dimension, IndustryLevel] = {
    Dimension.INDUSTRY_SECTION: IndustryLevel.SECTION,
    Dimension.INDUSTRY_DIVISION: IndustryLevel.DIVISION,
    Dimension.INDUSTRY_GROUP: IndustryLevel.GROUP,
}
_CUTS = Label(
    "按市、县（市、区）、功能区，行业门类、大类、中类，或全区域的产业集群",
    "by city, county or zone and by industry section, division or group, or by cluster of the "
    "whole region",
)


def _held(one: Indicator) -> bool:
    if one.numerator.table != "enterprise_period" or one.disclosure.public:
        return False
    if one.measure not in (Measure.AMOUNT, Measure.RATIO):
        return False
    return one.numerator.how is not How.DISTINCT or one.numerator.column == "uscc"


HELD: frozenset[str] = frozenset(key for key, one in INDICATORS.items() if _held(one))
"""Keys of the indicators that are sealed: amounts, stocks and ratios of above-scale reports."""

CLUSTER_ONLY: frozenset[str] = frozenset({"cluster_revenue"}) & HELD
"""Those that exist by cluster alone."""


def region_kind(code: str) -> str:
    """Return what kind of region a code is: nation, province, city, county or zone.

    Examples
    --------
    >>> [region_kind(code) for code in ("000000", "370000", "371500", "371502", "371500-KFQ")]
    ['nation', 'province', 'city', 'county', 'zone']
    """
    if len(code) != len(NATION):
        return "zone"
    if code == NATION:
        return "nation"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def industry_level(code: str) -> IndustryLevel:
    """Return the level of a code of the cube; the empty one is the total.

    Examples
    --------
    >>> [industry_level(code).value for code in ("", "C", "32", "325")]
    ['total', 'section', 'division', 'group']
    """
    if not code:
        return IndustryLevel.TOTAL
    if code.isalpha():
        return IndustryLevel.SECTION
    return IndustryLevel.DIVISION if len(code) == 2 else IndustryLevel.GROUP


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows of the cube answer a question.

    Parameters
    ----------
    region_by, industry_by
        The dimension cut by; None: one region, one industry.
    regions, industries, clusters
        What the rows are restricted to; empty: anything (of a cut), or the whole.
    by_cluster, definition, shows_cluster
        Whether the rows are those of clusters, of which set, and whether the cut names them.
    by_place
        Whether the restriction is to a place, which of a county is what lies in no zone.
    """

    region_by: Dimension | None
    industry_by: Dimension | None
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    by_cluster: bool = False
    definition: str | None = None
    shows_cluster: bool = False
    by_place: bool = False

    @property
    def of_places(self) -> bool:
        """Whether a county means what lies in none of its zones."""
        return self.by_place or self.region_by is Dimension.PLACE

    @property
    def single(self) -> bool:
        """Whether one cell is asked for."""
        return self.region_by is None and self.industry_by is None and not self.shows_cluster

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of region that may be of it; empty where it is one region."""
        return _KINDS[self.region_by] if self.region_by else frozenset()

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Return whether a row of the cube is of the cut."""
        if self.by_cluster:
            if self.clusters and row["cluster"] not in self.clusters:
                return False
            return self.definition is None or row["definition"] == self.definition
        return self._region_fits(row) and self._industry_fits(row["industry"])

    def _region_fits(self, row: Mapping[str, Any]) -> bool:
        kind = row["region_kind"]
        if self.region_by is None:
            if not self.regions:
                return bool(row["parent"] == "")
            return bool(row["region"] == self.regions[0]) and (kind != "rest" or self.by_place)
        if kind not in self.kinds:
            return False
        return not self.regions or any(inside(row, code) for code in self.regions)

    def _industry_fits(self, code: str) -> bool:
        if self.industry_by is None:
            return code == (self.industries[0] if self.industries else "")
        if industry_level(code) is not _LEVELS[self.industry_by]:
            return False
        return not self.industries or any(_under(code, each) for each in self.industries)

    def cell(self, row: Mapping[str, Any]) -> dict[Dimension, str]:
        """Return the codes of a row by the dimensions of the cut."""
        found: dict[Dimension, str] = {}
        if self.region_by is not None:
            found[self.region_by] = row["region"]
        if self.industry_by is not None:
            found[self.industry_by] = row["industry"]
        if self.shows_cluster:
            found[Dimension.CLUSTER] = row["cluster"]
        return found


def cut_of(question: Question) -> Cut:
    """Return which rows of the cube a question means.

    Raises
    ------
    NotPermitted
        If the cube does not hold the indicator or the cut; the message says what it holds.
    """
    for key in question.indicators:
        if key not in HELD:
            raise NotPermitted(
                "{indicator} is not among the published figures of enterprises; these are: {known}",
                indicator=INDICATORS[key].label,
                known=", ".join(sorted(HELD)),
            )
    regions = [d for d in question.by if d in _KINDS]
    industries = [d for d in question.by if d in _LEVELS]
    clusters = Dimension.CLUSTER in question.by or Dimension.CLUSTER in question.where
    known = {*_KINDS, *_LEVELS, Dimension.CLUSTER}
    if question.weighted or len(regions) > 1 or len(industries) > 1:
        raise _not_held(question)
    if not known >= {*question.by, *question.where}:
        raise _not_held(question)
    where_region = _one_of(question, tuple(_KINDS))
    where_industry = _one_of(question, tuple(_LEVELS))
    if (not regions and len(where_region) > 1) or (not industries and len(where_industry) > 1):
        raise _not_held(question)  # their sum is a cell that nobody decided on
    if clusters:
        return _of_clusters(question, bool(regions or industries or where_industry), where_region)
    if CLUSTER_ONLY & set(question.indicators):
        raise _not_held(question)
    return Cut(
        regions[0] if regions else None,
        industries[0] if industries else None,
        where_region,
        where_industry,
        by_place=Dimension.PLACE in question.where,
    )


def holds(question: Question) -> bool:
    """Return whether the cube holds what a question asks for, were it sealed."""
    try:
        cut_of(question)
    except NotPermitted:
        return False
    return True


def _of_clusters(question: Question, crossed: bool, regions: tuple[str, ...]) -> Cut:
    codes = question.where.get(Dimension.CLUSTER, ())
    shown = Dimension.CLUSTER in question.by
    # Clusters are sealed over the whole; which region that is, the rows say (`reading`).
    if crossed or len(regions) > 1 or (not shown and len(codes) != 1):
        raise _not_held(question)
    return Cut(
        None, None, regions, (), tuple(codes), by_cluster=True, shows_cluster=shown,
        definition=question.definition,
    )  # fmt: skip


def _one_of(question: Question, dimensions: tuple[Dimension, ...]) -> tuple[str, ...]:
    """Return the codes that one of several dimensions is restricted to."""
    named = [d for d in dimensions if d in question.where]
    if len(named) > 1:
        raise _not_held(question)
    return tuple(question.where[named[0]]) if named else ()


def _not_held(question: Question) -> NotPermitted:
    asked = [*question.by, *(d for d in question.where if d not in question.by)]
    return NotPermitted(
        "the published figures are not cut by {asked} in this way; they are cut {known}",
        asked=Label(
            "、".join(DIMENSION_LABELS[d].zh for d in asked),
            ", ".join(DIMENSION_LABELS[d].en for d in asked),
        ),
        known=_CUTS,
    )


def inside(row: Mapping[str, Any], code: str) -> bool:
    """Return whether the region of a row is a region or lies in it."""
    stem = "" if code == NATION else code.removesuffix("00").removesuffix("00")
    stem = stem if len(code) == len(NATION) else code
    if row["region"] == code:
        return True
    own = row["parent"] if row["region_kind"] == "zone" else row["region"]
    return bool(own.startswith(stem)) and len(code) == len(NATION)


def _under(code: str, above: str) -> bool:
    """Return whether an industry is another or lies in it.

    Examples
    --------
    >>> _under("325", "32"), _under("325", "C"), _under("325", "33")
    (True, True, False)
    """
    if above.isalpha():
        return code == above or (code.isdigit() and roll_up(code, IndustryLevel.SECTION) == above)
    return code.startswith(above)
