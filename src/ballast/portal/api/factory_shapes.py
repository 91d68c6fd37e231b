"""The shop floor as it travels: machines, indicators, charts, energy, the data themselves.

Moments are ISO 8601 in UTC. A number that does not exist is ``null`` with the
reason beside it where the reports tell one; never 0, and never NaN, which is
no JSON.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import Field

from ballast.portal.api.shapes import Amount, LabelShape, Shape

__all__ = [
    "BandShape",
    "CapabilityShape",
    "ChartPoint",
    "ChartShape",
    "CollectorShape",
    "DemandShape",
    "EnergyShape",
    "FactorShape",
    "GapShape",
    "IndexShape",
    "LossShape",
    "MachineShape",
    "Machines",
    "MarkShape",
    "MeterShape",
    "Oee",
    "OeeRowShape",
    "PointRow",
    "ProductShape",
    "Quality",
    "QualityShape",
    "Site",
    "TagShape",
    "Tags",
    "ValueShape",
    "finite",
    "moment",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at_ms: int | None) -> datetime | None:
    """Return epoch milliseconds as a moment; nothing for none.

    Examples
    --------
    >>> moment(1_750_000_000_000).isoformat()
    '2025-06-15T15:06:40+00:00'
    """
    return None if at_ms is None else _EPOCH + timedelta(milliseconds=int(at_ms))


def finite(value: float | None) -> float | None:
    """Return a number that JSON has; nothing for what is none.

    Examples
    --------
    >>> finite(1.5), finite(float("nan")), finite(float("inf"))
    (1.5, None, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)


class Site(Shape):
    """Whose machines they are."""

    name: LabelShape
    uscc: str
    zone: str
    synthetic: bool = Field(description="Made-up machines: they say nothing of any real shop.")


class ValueShape(Shape):
    """The last value of a tag."""

    tag: str
    name: LabelShape
    role: str
    unit: str
    value: float | None = Field(description="Null where the source said null, NaN or a text.")
    text: str | None
    at: datetime | None = Field(description="When the source says it was so.")
    stale_since: datetime | None = Field(description="Since when it must not be believed.")
    beyond: bool = Field(description="Beyond the limits of the tag.")


class MachineShape(Shape):
    """One machine at this moment."""

    asset: str
    name: LabelShape
    line: str
    state: Literal["producing", "setup", "delayed", "idle", "planned_stop"] | None
    reason: str
    why: str | None = Field(description="Why the state is not known.")
    since: datetime | None = Field(description="When its state tag first said so, as far as heard.")
    order: str | None
    stale: bool
    values: list[ValueShape]


class CollectorShape(Shape):
    """How the collector does."""

    written_at: datetime | None = Field(description="Older than some seconds: it has stopped.")
    broker: str = Field(description="Its address, never with a password.")
    connected_since: datetime | None
    messages_per_second: float | None
    samples_per_second: float | None
    waiting_samples: int = Field(description="What the lake has not got yet.")
    last_fault: str | None
    last_fault_at: datetime | None


class Machines(Shape):
    """A page of machines as they are now, in the order of the mapping."""

    as_of: datetime
    site: Site
    collector: CollectorShape | None = Field(description="Null: none has ever written.")
    machines: list[MachineShape]
    next: str | None


class LossShape(Shape):
    """One loss; the seconds of all and `good_s` add up to `planned_busy_s`."""

    loss: str
    reason: str
    seconds: float
    share: float | None


class OeeRowShape(Shape):
    """The indicators of one machine, with what they are made of."""

    asset: str
    name: LabelShape
    key: str = Field(description="Shift, day or order that the row is of; empty by asset.")
    start: datetime | None
    end: datetime | None
    indicators: dict[str, float | None]
    why: dict[str, str] = Field(description="Of each indicator that does not exist: why.")
    elements: dict[str, float | None] = Field(description="Seconds and pieces of ISO 22400-2.")
    planned_busy_s: float | None
    good_s: float | None
    losses: list[LossShape]
    window_s: float
    planned_s: float
    unrecorded_s: float = Field(description="Planned, without any record; in no indicator.")
    overtime_s: float
    coverage: float | None
    counted: Literal["counter", "entries", "none"]
    notes: list[str]


class Oee(Shape):
    """A page of rows, and all machines together."""

    site: Site
    start: datetime | None
    end: datetime | None
    by: Literal["asset", "shift", "day", "order"]
    formulas: dict[str, str]
    total: OeeRowShape | None
    rows: list[OeeRowShape]
    notes: list[str]
    command: str
    next: str | None


class PointRow(Shape):
    """One point in one chart of the report."""

    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    rules: list[str] = Field(description="What it breaks; `limit` where no run rule applies.")


class ChartPoint(Shape):
    """One point: its time, its batches, and its value in each chart."""

    point: int
    start: datetime | None
    end: datetime | None
    values: int
    batches: list[str]
    charts: list[PointRow]


class MarkShape(Shape):
    """A chart of the report: its name and how many of its points stand out."""

    name: LabelShape
    kind: str
    marked: int


class IndexShape(Shape):
    """An index of capability with its interval."""

    value: float | None
    low: float | None
    high: float | None
    why: str | None


class CapabilityShape(Shape):
    """Whether the process can keep its specification."""

    lower: float | None
    upper: float | None
    mean: float | None
    overall: float | None
    count: int
    indices: dict[str, IndexShape]
    warning: str | None = Field(description="What to know before trusting an index.")


class ChartShape(Shape):
    """A control chart, its points in pages, the oldest first."""

    site: Site
    subject: str
    name: LabelShape
    unit: str
    kind: str
    start: datetime | None
    end: datetime | None
    charts: list[MarkShape]
    phases: list[int] = Field(description="The first point of each phase.")
    points: list[ChartPoint]
    count: int
    marked: int = Field(description="How many points break a rule in any chart.")
    capability: CapabilityShape | None
    why_no_capability: str | None
    notes: list[str]
    next: str | None


class BandShape(Shape):
    """What was used in one band of the tariff."""

    band: str
    kwh: Amount
    cny: Amount


class DemandShape(Shape):
    """The highest mean power of 15 minutes."""

    kw: float
    since: datetime | None


class FactorShape(Shape):
    """An emission factor with its source."""

    since: str
    kg_per_kwh: Amount
    source: str


class MeterShape(Shape):
    """One meter."""

    meter: str
    name: LabelShape
    asset: str | None
    kwh: float
    covered: float
    counts: bool = Field(description="Whether it is in the sum, or below one that is.")


class ProductShape(Shape):
    """What a product took, over orders of which energy and good pieces are known."""

    product: str
    orders: int
    kwh: float
    good: float
    kwh_per_good: float | None


class EnergyShape(Shape):
    """What was used in a stretch of time."""

    site: Site
    start: datetime | None
    end: datetime | None
    kwh: Amount
    covered: float
    energy_cny: Amount | None
    unpriced_kwh: Amount
    bands: list[BandShape]
    demand: DemandShape | None
    load_factor: float | None
    power_factor: float | None
    carbon_kg: float | None
    factors: list[FactorShape]
    profile_kw: list[float | None] = Field(description="Mean power of each quarter of the day.")
    meters: list[MeterShape]
    products: list[ProductShape]
    why: list[str]


class GapShape(Shape):
    """A stretch in which a tag said nothing although it should have."""

    since: datetime | None
    until: datetime | None = Field(description="Null while it lasts.")
    why: str
    kind: str


class QualityShape(Shape):
    """How good the data of one tag are."""

    tag: str
    asset: str
    name: LabelShape
    expected: int | None
    received: int
    coverage: float | None
    gap_count: int
    gaps: list[GapShape]
    late: int
    ahead: int
    historical: int
    duplicates: int
    conflicts: int
    not_numbers: int
    bad: int
    unreadable: int
    last: datetime | None
    stale_since: datetime | None
    unmapped: bool
    clock_offset_s: float | None
    advice: str
    notes: list[str]


class Quality(Shape):
    """A page of tags, the worst coverage first."""

    site: Site
    start: datetime | None
    end: datetime | None
    tags: list[QualityShape]
    next: str | None


class TagShape(Shape):
    """A tag of the mapping."""

    tag: str
    asset: str
    name: LabelShape
    quantity: str
    unit: str
    role: str
    every_s: float | None
    lower: float | None
    upper: float | None
    target: float | None
    subgroup: int
    handle: str | None
    subject: str | None = Field(description="For `chart`; null where it measures nothing.")


class Tags(Shape):
    """A page of tags, in the order of the mapping."""

    site: Site
    tags: list[TagShape]
    next: str | None
