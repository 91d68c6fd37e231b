"""The shape of one enterprise's profile: what its page, its interface and its tests agree on.

Apart from the code that reads it, so that whoever shows a profile depends on
plain frozen values and on no table. Exact amounts are decimals of the form's
own unit; a ratio is a float; nothing is 0 because nobody knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ballast.brain.enterprise_dossier_shape import (
    ChainPlace,
    ClusterPlace,
    HeldTitle,
    Identifiers,
    PlantDays,
    UpgradeProject,
)
from ballast.brain.picture_shape import Source
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind
from ballast.terms.unit import Unit
from ballast.words import Sentence
from ballast.words.numbers import Absence

__all__ = [
    "Better",
    "EnterpriseFigure",
    "EnterpriseProfile",
    "Listed",
    "Moment",
    "PeerMeasure",
    "PeerSet",
    "Position",
    "Quantile",
    "ReportedRow",
    "Standing",
]

Better = Literal["up", "down", "none"]
Number = Decimal | int | float
_JOINED = PeriodKind.JOINED


@dataclass(frozen=True, slots=True)
class Listed:
    """One enterprise in a list: enough to tell it from another of its name."""

    uscc: str
    name: Label
    place: Label
    industry: Label
    size: Label | None
    closed: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an enterprise is registered as, on a day.

    Parameters
    ----------
    uscc
        Its code.
    name
        The registered name; the English one where it has one.
    since
        From which day on this holds.
    place, zone
        County, and development zone where it lies in one.
    industry, industry_code
        The main one.
    others
        Further industries with their weights, 0 to 1.
    size, ownership
        As declared, where known.
    founded, closed
        Days; ``closed`` is empty while it exists.
    publishes, shares
        What it agreed to: its name and cluster published; its figures shared with the operator of
        its cluster.
    changes
        How many times the register changed before.
    """

    uscc: str
    name: Label
    since: date
    place: Label
    zone: Label | None
    industry: Label
    industry_code: str
    others: tuple[tuple[str, Label, float], ...]
    size: Label | None
    ownership: Label | None
    founded: date | None
    closed: date | None
    publishes: bool
    shares: bool
    changes: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One figure of one period; ``None`` where nothing was reported."""

    period: Period
    value: Number | None


@dataclass(frozen=True, slots=True)
class EnterpriseFigure:
    """One figure of the enterprise, with its past.

    Parameters
    ----------
    key, label, unit
        What it is. The unit of a share is ``FRACTION``.
    value, absence
        Of ``period``; with the reason where there is none.
    period
        The year to date of a flow and of a ratio of flows; the last period of a stock.
    change, change_unit, change_absence
        Against the same period a year before: percent of a flow or a stock, points of a share.
    base
        What it is compared with.
    base_value
        The figure of that period.
    numerator, denominator
        Of a ratio: its two sums of the period.
    series
        Up to 24 reporting periods, oldest first; a period in between that was not reported has
        no value.
    formula
        How it is made.
    better
        Whether more is better, less is, or neither.
    flow
        Whether it adds up over months.
    """

    key: str
    label: Label
    unit: Unit
    value: Number | None
    absence: Absence | None
    period: Period
    change: float | None
    change_unit: Unit
    change_absence: Absence | None
    base: Period
    base_value: Number | None
    numerator: Number | None
    denominator: Number | None
    series: tuple[Moment, ...]
    formula: Label
    better: Better
    flow: bool = False

    @property
    def by_month(self) -> tuple[float | None, ...]:
        """The series as a line may show it: of a flow, two months reported as one, by the month.

        Drawn as it is reported, every January would look like a boom.
        """
        return tuple(
            None
            if one.value is None
            else float(one.value) / (len(one.period.months) if self.flow and self._monthly else 1)
            for one in self.series
        )

    @property
    def joins(self) -> bool:
        """Whether the line holds months reported as one and shown by the month."""
        return self.flow and self._monthly and any(p.period.kind is _JOINED for p in self.series)

    @property
    def _monthly(self) -> bool:
        return any(one.period.kind is PeriodKind.MONTH for one in self.series)


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """What the enterprise reported of one period, as it stands in the lake: column to amount."""

    period: Period
    above_scale: bool
    amounts: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True)
class PeerSet:
    """With whom the enterprise is compared: always named, never chosen by who asks.

    Parameters
    ----------
    label
        The set in words.
    industry, level
        Which industry, at which level, of which the set is.
    region
        Of which region.
    year
        The whole calendar year that is compared.
    members
        How many enterprises are in it, rounded down to a multiple of five; ``exact`` tells
        whether the number is the count itself.
    exact
        Whether the reader has the right to unit data.
    """

    label: Label
    industry: str
    level: Literal["group", "division", "all"]
    region: str
    year: Period
    members: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Quantile:
    """One quantile of the set: its share of the set below it, its value, why there is none."""

    share: float
    value: float | None
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class PeerMeasure:
    """The enterprise beside its set in one measure.

    Parameters
    ----------
    key, label, unit, formula, better
        What is compared.
    own, absence
        The enterprise's figure of the year.
    quantiles
        The quarters of the set; values are withheld where the disclosure rule says so.
    quarter
        In which quarter it stands, 1 (lowest values) to 4; ``None`` where that cannot be said.
    rank, of
        The place, largest value first, and among how many: for readers with the right to unit
        data alone.
    """

    key: str
    label: Label
    unit: Unit
    formula: Label
    better: Better
    own: float | None
    absence: Absence | None
    quantiles: tuple[Quantile, ...]
    quarter: int | None
    rank: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """The place among peers, or why there is none."""

    peers: PeerSet | None
    measures: tuple[PeerMeasure, ...]
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class EnterpriseProfile:
    """Everything that the page of an enterprise tells.

    Parameters
    ----------
    standing
        What it is registered as.
    as_of
        The day of the profile.
    latest
        The newest period that it reported; ``None`` if it never did.
    awaited
        The region's newest reporting period where the enterprise has not reported it yet.
    missing
        Periods within its history that it left out.
    figures
        Its figures; empty where it never reported.
    columns, rows
        What it reported, newest first: names of the columns, and their amounts.
    position
        Its place among peers.
    titles, projects, identifiers, plant_days, clusters, chains
        As they stand; empty where there is nothing.
    sources
        The loads behind it, oldest first.
    synthetic
        Whether any of them is made up.
    """

    standing: Standing
    as_of: date
    latest: Period | None
    awaited: Period | None
    missing: tuple[Period, ...]
    figures: tuple[EnterpriseFigure, ...]
    columns: tuple[tuple[str, Label, Unit], ...]
    rows: tuple[ReportedRow, ...]
    position: Position
    titles: tuple[HeldTitle, ...]
    projects: tuple[UpgradeProject, ...]
    identifiers: Identifiers
    plant_days: PlantDays
    clusters: tuple[ClusterPlace, ...]
    chains: tuple[ChainPlace, ...]
    sources: tuple[Source, ...]

    @property
    def synthetic(self) -> bool:
        """Whether anything behind the profile is made up."""
        return (
            any(source.synthetic for source in self.sources)
            or self.identifiers.synthetic
            or self.plant_days.synthetic
        )

    def figure(self, key: str) -> EnterpriseFigure | None:
        """Return the figure of a key, or ``None``."""
        return next((one for one in self.figures if one.key == key), None)
