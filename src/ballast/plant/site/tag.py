"""What is measured: tags, what their values mean, and where each comes from.

A tag's id is a text of ours and never the address of its source: sources are
renamed, moved to another gateway, sent by Sparkplug instead of JSON, and the
history must stay one series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ballast.plant.measures.time_model import MachineState
from ballast.terms.label import Label
from ballast.terms.unit import Unit

__all__ = [
    "ROLE_LABELS",
    "JsonSource",
    "SparkplugSource",
    "StateMeaning",
    "Tag",
    "TagRole",
    "automatic_tag",
]


class TagRole(StrEnum):
    """What a tag is to the reports."""

    MEASUREMENT = "measurement"
    STATE = "state"
    PRODUCED = "produced"  # counters: they rise, and start again from zero
    GOOD = "good"
    SCRAP = "scrap"
    REWORK = "rework"
    ENERGY = "energy"  # a counter, kWh
    POWER = "power"  # kW
    OTHER = "other"


ROLE_LABELS: dict[TagRole, Label] = {
    TagRole.MEASUREMENT: Label("测量值", "measurement"),
    TagRole.STATE: Label("设备状态", "state"),
    TagRole.PRODUCED: Label("产量计数", "produced"),
    TagRole.GOOD: Label("合格品计数", "good"),
    TagRole.SCRAP: Label("报废计数", "scrap"),
    TagRole.REWORK: Label("返工计数", "rework"),
    TagRole.ENERGY: Label("电能表读数", "energy"),
    TagRole.POWER: Label("功率", "power"),
    TagRole.OTHER: Label("其他", "other"),
}


@dataclass(frozen=True, slots=True)
class SparkplugSource:
    """A metric of an edge node, or of a device behind it."""

    group: str
    node: str
    device: str | None
    metric: str


@dataclass(frozen=True, slots=True)
class JsonSource:
    """A field of the JSON that arrives on a topic.

    Parameters
    ----------
    topic
        Without wildcards.
    field
        The path to the value, ``data.spindle.load``; empty where the payload is the value.
    time_field
        The path to the source's time (epoch s or ms, or ISO 8601); ``None``: when it arrived.
    ordinal_field
        The path to a number that tells apart values of the same millisecond; ``None``: 0.
    """

    topic: str
    field: str
    time_field: str | None = None
    ordinal_field: str | None = None


@dataclass(frozen=True, slots=True)
class StateMeaning:
    """What a value of a state tag means: a state of the time model, and why."""

    state: MachineState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag.

    Parameters
    ----------
    tag
        Its path, ``valve-shop/machining/lathe-1/spindle-load``.
    asset
        The path of the asset it belongs to.
    name
        As the shop says it.
    quantity
        What is measured (``temperature``), in the words of the mapping.
    unit
        Of every value.
    role
        What it is to the reports.
    every_s
        How often a value is expected, seconds; ``None`` where it comes when it changes.
    states
        For a state tag: the text of a value (``"3"``, ``"RUN"``, ``"true"``) to its meaning.
    lower, upper, target
        Specification limits and target, in ``unit``.
    subgroup
        How many values in a row are a subgroup of a control chart; 1: individuals.
    handle
        The identifier of the measuring point in the node, or none.
    source
        Where it comes from; ``None`` for a tag that only recordings fill.
    """

    tag: str
    asset: str
    name: Label
    quantity: str
    unit: Unit
    role: TagRole = TagRole.MEASUREMENT
    every_s: float | None = None
    states: Mapping[str, StateMeaning] = field(default_factory=dict)
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    subgroup: int = 1
    handle: str | None = None
    source: SparkplugSource | JsonSource | None = None


def automatic_tag(group: str, node: str, device: str | None, metric: str) -> str:
    """Return the name of a tag that the mapping does not know.

    Examples
    --------
    >>> automatic_tag("shop", "line1", "lathe", "Spindle/Load")
    'sparkplug:shop/line1/lathe/Spindle/Load'
    >>> automatic_tag("shop", "line1", None, "Uptime")
    'sparkplug:shop/line1//Uptime'
    """
    return f"sparkplug:{group}/{node}/{device or ''}/{metric}"
