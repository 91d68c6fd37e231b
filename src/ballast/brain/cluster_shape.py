"""What a cluster or an industry of a region consists of, as the Cluster page shows it.

Complete before anything is drawn or printed, as the region's picture is: page,
interface for programs and terminal show the same figures and compute nothing.
A cluster, a division and a group have one shape, because the questions are the
same: how large, how special, what made it grow, who came and who left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ballast.brain.picture_shape import Source
from ballast.terms.label import Label
from ballast.terms.period import Period

__all__ = [
    "PART_LABELS",
    "ClusterBook",
    "GrowthPart",
    "IndustryRow",
    "Kind",
    "MemberRow",
    "Members",
    "PartKey",
    "PlaceRow",
    "Profile",
    "ShiftShare",
    "Stars",
    "Turnover",
]


class Kind(StrEnum):
    """What a profile is of."""

    CLUSTER = "cluster"
    DIVISION = "division"
    GROUP = "group"


class PartKey(StrEnum):
    """One part of a change after shift–share (Esteban-Marquillas); together they are the change."""

    NATIONAL = "national"
    MIX = "industry_mix"
    COMPETITIVE = "competitive"
    ALLOCATION = "allocation"
    ENTERED = "entered"


PART_LABELS: dict[PartKey, Label] = {
    PartKey.NATIONAL: Label("总体增长分量", "growth of the whole"),
    PartKey.MIX: Label("产业结构分量", "industry mix"),
    PartKey.COMPETITIVE: Label("竞争力分量", "competitive effect"),
    PartKey.ALLOCATION: Label("配置分量", "allocation effect"),
    PartKey.ENTERED: Label("新增行业分量", "industries new here"),
}


@dataclass(frozen=True, slots=True)
class Stars:
    """The stars of a cluster in one place; ``None`` where it cannot be said."""

    size: bool | None
    specialisation: bool | None
    focus: bool | None
    total: int | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """The same industries in one county or zone of the region, by persons employed.

    ``share`` is their share of the place's persons, 0 to 1; ``own`` marks the
    place of the cluster.
    """

    code: str
    label: Label
    persons: float | None
    share: float | None
    quotient: float | None
    stars: Stars
    own: bool


@dataclass(frozen=True, slots=True)
class GrowthPart:
    """One part of a change: in 10,000 CNY, and in percentage points of growth."""

    key: PartKey
    amount: float
    points: float | None


@dataclass(frozen=True, slots=True)
class IndustryRow:
    """One industry within a profile: output of both years in 10,000 CNY.

    ``growth`` and ``peer_growth`` (of the reference) in percent; ``None``
    where they divide by zero or are not known.
    """

    code: str
    label: Label
    start: float
    end: float
    growth: float | None
    peer_growth: float | None


@dataclass(frozen=True, slots=True)
class ShiftShare:
    """A change of output taken apart against a reference.

    Parameters
    ----------
    reference, reference_label
        The economy compared with.
    start, end
        Output of the first and the last year, 10,000 CNY.
    parts
        In the order of ``PartKey``; empty where a part is undefined. They sum to the change.
    undefined
        Industries that the reference has no figure of: the parts cannot be said.
    industries
        What the cluster or industry consists of, largest first.
    """

    reference: str
    reference_label: Label
    start: float
    end: float
    parts: tuple[GrowthPart, ...]
    undefined: tuple[str, ...] = ()
    industries: tuple[IndustryRow, ...] = ()

    @property
    def change(self) -> float:
        """Output of the last year less that of the first."""
        return self.end - self.start

    @property
    def growth(self) -> float | None:
        """In percent; ``None`` where the first year is zero."""
        return self.change / self.start * 100 if self.start else None

    def part(self, key: PartKey) -> GrowthPart | None:
        """Return one part; ``None`` where the parts are undefined."""
        return next((part for part in self.parts if part.key is key), None)

    @property
    def shift(self) -> GrowthPart | None:
        """The classic third part: how the place grows otherwise than its industries do.

        Competitive and allocation together; it stands under the key of the first.
        """
        two = [self.part(key) for key in (PartKey.COMPETITIVE, PartKey.ALLOCATION)]
        if two[0] is None or two[1] is None:
            return None
        points = [each.points for each in two if each is not None and each.points is not None]
        return GrowthPart(
            PartKey.COMPETITIVE,
            two[0].amount + two[1].amount,
            sum(points) if len(points) == len(two) else None,
        )


@dataclass(frozen=True, slots=True)
class Turnover:
    """Who made the change of output: enterprises that stayed, entered, left.

    Levels in 10,000 CNY, growth and contributions in percent and percentage
    points; the three contributions sum to ``growth_published``. ``None`` where
    the level that they divide by is zero.
    """

    stayed: int
    entered: int
    left: int
    level_start: float
    level_end: float
    growth_published: float | None
    growth_comparable: float | None
    from_stayed: float | None
    from_entered: float | None
    from_left: float | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One enterprise that counts to a cluster or an industry: unit data.

    ``revenue`` in 10,000 CNY, whole and not weighted; ``weight`` says how much
    of it counts here, above 0 and at most 1; ``growth`` in percent.
    """

    uscc: str
    name: str
    place: Label
    industry: str
    industry_label: Label
    weight: float
    revenue: float | None
    growth: float | None
    persons: int | None


@dataclass(frozen=True, slots=True)
class Members:
    """The members that a viewer may see, largest revenue first, and the year of their figures.

    ``year`` is ``None`` where nothing was reported that the viewer may read.
    """

    year: Period | None
    rows: tuple[MemberRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One cluster, division or group.

    Parameters
    ----------
    kind, key, label
        What it is.
    place, place_label
        The one place that a cluster is restricted to, if it is.
    tier
        Label of its class of size; ``None`` where no revenue is known.
    revenue
        Of the year, 10,000 CNY.
    growth
        Of revenue on the year before, published levels, percent.
    enterprises, enterprises_reporting
        Above-scale enterprises that count to it, and how many of them reported revenue.
    persons
        Employed at the end of the year.
    quotient, quotient_base
        Location quotient by persons, and what it compares with.
    stars
        In its own place; ``None`` for industries, which have no one place.
    places
        The same industries in every place, most persons first.
    parts
        Shift–share against each reference that is loaded, the nation first.
    turnover
        Entry and exit; ``None`` where the year before is not known.
    moved, moved_industries
        Share of output that changed its class on the year before, 0 to 1, and among how many.
    """

    kind: Kind
    key: str
    label: Label
    place: str | None = None
    place_label: Label | None = None
    tier: Label | None = None
    revenue: float | None = None
    growth: float | None = None
    enterprises: int = 0
    enterprises_reporting: int = 0
    persons: float | None = None
    quotient: float | None = None
    quotient_base: Label | None = None
    stars: Stars | None = None
    places: tuple[PlaceRow, ...] = ()
    parts: tuple[ShiftShare, ...] = ()
    turnover: Turnover | None = None
    moved: float | None = None
    moved_industries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterBook:
    """The clusters, divisions and groups of a region in one year.

    Parameters
    ----------
    region, label
        Code and name.
    as_of
        The day on which it was made.
    year, base
        The year that is shown, and the one before it.
    definition
        The set of cluster definitions that is followed.
    profiles
        Clusters first, then divisions, then groups; each largest first.
    sources
        The loads it rests on.
    """

    region: str
    label: Label
    as_of: date
    year: Period | None
    base: Period | None
    definition: str | None
    profiles: tuple[Profile, ...]
    sources: tuple[Source, ...]

    @property
    def synthetic(self) -> bool:
        """Whether any load that it rests on is synthetic."""
        return any(source.synthetic for source in self.sources)

    def of(self, kind: Kind) -> tuple[Profile, ...]:
        """Return the profiles of a kind, largest first."""
        return tuple(profile for profile in self.profiles if profile.kind is kind)

    def find(self, kind: Kind, key: str) -> Profile | None:
        """Return one profile, or ``None``."""
        return next((p for p in self.profiles if p.kind is kind and p.key == key), None)
