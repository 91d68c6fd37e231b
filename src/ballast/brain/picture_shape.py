"""What a picture of a region consists of.

The picture is data, complete before anything is drawn or printed: the page,
the terminal and a later service show the same one, and none of them asks the
lake again. Every figure carries what the design demands of a number: unit,
period, coverage, sources, and the words for its absence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.unit import Unit
from ballast.words.numbers import Absence, Number

__all__ = [
    "Change",
    "ClusterSize",
    "Coverage",
    "Indicator",
    "IndustrySize",
    "MacroItemPicture",
    "MacroLine",
    "Part",
    "PlaceSize",
    "Point",
    "RankingPlace",
    "RegionPicture",
    "Sealed",
    "Source",
    "Specialisation",
    "UpgradeInvestment",
]


@dataclass(frozen=True, slots=True)
class Source:
    """A load that the picture rests on."""

    load_id: str
    at: datetime
    tables: tuple[str, ...]
    file: str | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units reported of how many expected."""

    reported: int
    expected: int

    @property
    def share(self) -> float | None:
        """Reported of expected, 0 to 1; ``None`` where none is expected."""
        return self.reported / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a series; a flow of joined January–February stands as its average month."""

    period: Period
    value: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure differs from the same period last year.

    Parameters
    ----------
    value
        In ``unit``; ``None`` where the base is missing or zero.
    unit
        ``PERCENT``, or ``PERCENTAGE_POINTS`` for the difference of two ratios.
    base
        The period compared with.
    enterprises
        How many the figure rests on, where it is a comparable sample.
    absence
        Why there is no value.
    """

    value: float | None
    unit: Unit
    base: Period
    enterprises: int | None = None
    absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A figure that another one is made of or compared with, such as its denominator."""

    label: Label
    period: Period
    value: Number | None
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One headline figure with all that a reader may ask of it.

    Parameters
    ----------
    name, label
        What it is called by machines and people.
    value
        In ``unit``; ``None`` where ``absence`` says why.
    noun
        What is counted, for counts.
    period
        What time the value is of; for a stock, the period at whose end it stood.
    published
        Change of the published levels.
    comparable
        Change on the comparable sample (同口径): enterprises above scale in both periods.
    series
        The last 24 reporting periods, oldest first.
    coverage
        Enterprises that reported it of those expected.
    formula, sample
        How it is made, and of whom.
    tables
        Those it was read from.
    command
        What reproduces it at the command line.
    parts
        Numerator and denominator of a ratio, then what the change compares with.
    """

    name: str
    label: Label
    value: Number | None
    unit: Unit
    period: Period
    noun: Label | None = None
    absence: Absence | None = None
    published: Change | None = None
    comparable: Change | None = None
    series: tuple[Point, ...] = ()
    coverage: Coverage | None = None
    formula: Label
    sample: Label
    tables: tuple[str, ...]
    command: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class IndustrySize:
    """A division or a group in the region: its size, share and growth over the picture's period.

    ``output`` and ``revenue`` in 10,000 CNY; ``share`` of the region's output,
    0 to 1; ``growth`` of output in percent and ``contribution`` to the
    region's growth in percentage points, both of published levels. ``absence``
    says why the figures are not there, ``growth_absence`` why there is no growth of them, where
    that is neither want of data nor of a base.
    """

    code: str
    parent: str | None
    label: Label
    enterprises: int | None
    output: Number | None
    revenue: Number | None
    share: float | None
    growth: float | None
    contribution: float | None
    absence: Absence | None = None
    growth_absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class ClusterSize:
    """A cluster by definition: size over a year, tier, specialisation and stars.

    ``revenue`` in 10,000 CNY; ``tier`` the label of its class or ``None``
    below the lowest; ``quotient`` and ``stars`` against the other places of
    the region or the reference named in the picture.
    """

    key: str
    label: Label
    place: Label | None
    tier: Label | None
    revenue: Number | None
    enterprises: int | None
    employment: int | None
    quotient: float | None
    stars: int | None
    growth: float | None
    absence: Absence | None = None
    growth_absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Specialisation:
    """An industry's location quotient: its share here over its share in the reference."""

    code: str
    label: Label
    quotient: float | None
    share: float | None
    reference_share: float | None
    size: float | None


@dataclass(frozen=True, slots=True)
class PlaceSize:
    """A county or zone of the region; revenue in 10,000 CNY over the picture's period."""

    code: str
    label: Label
    revenue: Number | None
    share: float | None
    enterprises: int | None
    growth: float | None
    absence: Absence | None = None
    growth_absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class MacroLine:
    """One macro figure of a region over the years."""

    region: str
    label: Label
    own: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class MacroItemPicture:
    """One macro figure of the region beside those of province and nation.

    ``rank`` is a city's place in the latest year among the ``ranked`` cities of
    ``within`` with figures (highest first); ``None`` where fewer than two are
    known, and for a region that is no city.
    """

    item: str
    label: Label
    unit: Unit
    lines: tuple[MacroLine, ...]
    rank: int | None = None
    ranked: int | None = None
    within: Label | None = None


@dataclass(frozen=True, slots=True)
class UpgradeInvestment:
    """Technical-upgrade investment: yearly, its compound growth, the projects behind it.

    ``growth`` is the compound annual rate in percent from the first to the last of ``years``.
    """

    growth: float | None
    years: tuple[Point, ...]
    unit: Unit
    projects: int | None


@dataclass(frozen=True, slots=True)
class RankingPlace:
    """A place on somebody else's list."""

    publisher: str
    list_name: str
    year: int
    place: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """Which sealing of the cube the figures of enterprises are taken from.

    Parameters
    ----------
    vintage
        Its name, such as ``2026-05.1``.
    at
        When it was sealed.
    as_of
        When the newest load came in that it was made from; ``None`` for a region it does not hold.
    """

    vintage: str
    at: datetime
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPicture:
    """A region's industry as the lake knows it.

    Parameters
    ----------
    region, label
        Its code and name.
    as_of
        The day on which the picture was made.
    latest
        The latest reporting period of enterprises.
    period
        The year to date that ends with it: what flows are summed over.
    year
        What the clusters are sized over.
    indicators
        The headline, in order.
    divisions, groups
        The structure, largest first.
    clusters, cluster_definition
        By size, and the name of the definition they follow.
    specialisations, division_quotients, reference, specialisation_period
        Location quotients of groups and divisions by persons employed, highest
        first, the economy compared with, and the year.
    places
        Counties and zones, largest first.
    sealed
        Where the figures of enterprises are those of the sealed cube; ``None`` where they are
        made of what every enterprise reported, or there are none.
    """

    region: str
    label: Label
    as_of: date
    latest: Period | None
    period: Period | None
    year: Period | None
    indicators: tuple[Indicator, ...]
    divisions: tuple[IndustrySize, ...] = ()
    groups: tuple[IndustrySize, ...] = ()
    clusters: tuple[ClusterSize, ...] = ()
    cluster_definition: str | None = None
    specialisations: tuple[Specialisation, ...] = ()
    division_quotients: tuple[Specialisation, ...] = ()
    reference: Label | None = None
    specialisation_period: Period | None = None
    places: tuple[PlaceSize, ...] = ()
    macro: tuple[MacroItemPicture, ...] = ()
    upgrade: UpgradeInvestment | None = None
    rankings: tuple[RankingPlace, ...] = ()
    sources: tuple[Source, ...] = ()
    sealed: Sealed | None = None

    @property
    def synthetic(self) -> bool:
        """Whether any load that the picture rests on is synthetic."""
        return any(source.synthetic for source in self.sources)

    def indicator(self, name: str) -> Indicator | None:
        """Return a headline figure by its name, or ``None``."""
        return next((i for i in self.indicators if i.name == name), None)
