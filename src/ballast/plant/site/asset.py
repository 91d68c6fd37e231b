"""What stands in a site: the tree from enterprise to machine, by the levels of ISA-95.

The tree is given by the paths of its members and not by nested tables: a tag,
a stop, an order all name an asset by one text that stays the same in files,
in the lake and on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ballast.terms.label import Label

__all__ = ["LEVEL_LABELS", "Asset", "Level"]


class Level(StrEnum):
    """Where in the equipment hierarchy of ISA-95 (IEC 62264-1) an asset stands."""

    ENTERPRISE = "enterprise"
    SITE = "site"
    AREA = "area"
    LINE = "line"
    MACHINE = "machine"


LEVEL_LABELS: dict[Level, Label] = {
    Level.ENTERPRISE: Label("企业", "enterprise"),
    Level.SITE: Label("厂区", "site"),
    Level.AREA: Label("车间", "area"),
    Level.LINE: Label("产线", "line"),
    Level.MACHINE: Label("设备", "machine"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset.

    Parameters
    ----------
    asset
        Its path, ``valve-shop/machining/lathe-1``.
    parent
        The path of the asset it belongs to; ``None`` at the root.
    level
        By ISA-95.
    name
        As the shop says it.
    handle
        The identifier of the thing itself in the node, or none.
    cycle_s
        Planned run time of a piece (PRU), seconds; none where it was not given.
    group
        The asset group under which it is counted outside (``plant_daily``); an area's
        path unless the mapping says otherwise.
    """

    asset: str
    parent: str | None
    level: Level
    name: Label
    handle: str | None = None
    cycle_s: float | None = None
    group: str = ""
