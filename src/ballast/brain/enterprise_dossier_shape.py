"""The shape of what is known of an enterprise besides its figures: what it holds, builds, names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ballast.terms.label import Label

__all__ = [
    "ChainPlace",
    "ClusterPlace",
    "HeldTitle",
    "Identifiers",
    "PlantDays",
    "UpgradeProject",
]


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """One title; ``state`` says whether it holds on the day of the profile."""

    scheme: str
    label: Label
    tier: Label | None
    certificate: str
    awarded: date
    expires: date | None
    batch: str | None
    state: Literal["held", "ending", "expired"]


@dataclass(frozen=True, slots=True)
class UpgradeProject:
    """One project; ``late`` in days against its plan, where it is behind."""

    project: str
    name: str
    kind: Label
    planned: Decimal
    invested: Decimal | None
    planned_start: date | None
    planned_end: date | None
    started: date | None
    finished: date | None
    status: str
    status_label: Label
    late: int | None


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What the enterprise names at the node: its prefixes, and counts by day summed."""

    prefixes: tuple[str, ...]
    registered: int
    deleted: int
    recent_registered: int
    recent_resolved: int
    last_day: date | None
    days: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class PlantDays:
    """What its plants told the city of the last days.

    Parameters
    ----------
    connected
        Whether a day of the last ``days`` has arrived.
    last_day
        The newest day that was told.
    told
        How many of the last ``days`` were.
    oee
        Σ OEE × planned busy time ÷ Σ planned busy time of those days.
    energy_kwh
        Their electricity.
    series
        Day and OEE, oldest first; a day that was not told has no value.
    """

    connected: bool
    last_day: date | None
    told: int
    days: int
    oee: float | None
    energy_kwh: float | None
    machines: int | None
    series: tuple[tuple[date, float | None], ...]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """A cluster that counts the enterprise, and how much of it (0 to 1)."""

    definition: str
    cluster: str
    label: Label
    weight: float


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """A stage of a chain of products that an industry of the enterprise makes.

    Parameters
    ----------
    chain, label
        The chain.
    product
        What the stage makes.
    takes_from, goes_to
        Products of the stages before and behind it.
    imported
        Whether the chain takes the product from abroad for the most part.
    own_cluster
        Whether it is the chain of a cluster that counts the enterprise.
    """

    chain: str
    label: Label
    product: Label
    takes_from: tuple[Label, ...]
    goes_to: tuple[Label, ...]
    imported: bool
    own_cluster: bool
