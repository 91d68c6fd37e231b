"""OEE and its kin by asset, shift, day or order, each number with what it was divided from.

A row carries its elements, its indicators and, for each indicator that does
not exist, the reason; a page that wants numerator and denominator does not
ask again. Percentages alone would be half as long and could not be checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import Element
from ballast.plant.measures.losses import LossTree
from ballast.plant.reports.window import Window
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

if TYPE_CHECKING:
    from ballast.plant.site.site import Site

__all__ = ["BY", "By", "OeeReport", "OeeRow", "oee_report"]

By = Literal["asset", "shift", "day", "order"]
BY: tuple[By, ...] = ("asset", "shift", "day", "order")


@dataclass(frozen=True, slots=True)
class OeeRow:
    """One machine in one stretch of the report.

    Parameters
    ----------
    asset
        The machine.
    name
        Its name.
    key
        What the row is of: empty by asset; the shift's name with its day (``2026-11-23 白班``);
        a day (``2026-11-23``); the order's number.
    start_ms, end_ms
        From when, until when; epoch milliseconds UTC.
    elements
        Seconds and pieces, nan where not known.
    kpis
        Every indicator of `kpi.KPIS` by name; ``None`` where it does not exist.
    why
        Of each indicator that is ``None``: why.
    tree
        Where the planned busy time went; ``None`` where there was none recorded.
    window_s, planned_s, unrecorded_s, overtime_s
        Seconds of the row; of them planned to be busy by the calendar; of those planned
        without any record (they count in no indicator); busy outside the plan (they do count).
    counted
        Where the pieces come from: ``counter``, ``entries`` (of people or files) or ``none``.
    notes
        What a reader must know: unrecorded time, counters and entries that differ.
    """

    asset: str
    name: Label
    key: str
    start_ms: int
    end_ms: int
    elements: Mapping[Element, float]
    kpis: Mapping[str, float | None]
    why: Mapping[str, Sentence]
    tree: LossTree | None
    window_s: float
    planned_s: float
    unrecorded_s: float
    overtime_s: float
    counted: Literal["counter", "entries", "none"]
    notes: tuple[Sentence, ...] = ()

    @property
    def coverage(self) -> float | None:
        """How much of the planned time is recorded, 0 to 1; ``None`` where none was planned."""
        return 1.0 - self.unrecorded_s / self.planned_s if self.planned_s else None


@dataclass(frozen=True, slots=True)
class OeeReport:
    """All rows of one question.

    Parameters
    ----------
    window
        What it is about.
    by
        How it is divided.
    rows
        By asset, then by time.
    total
        The machines together, elements added up where that makes sense (times, pieces) and
        indicators from the sums: the OEE of a group is Σ PRU·GQ / Σ PBT. ``None`` without rows.
    provenance
        ``real`` or ``synthetic``; a page says so where it is synthetic.
    notes
        What holds for all rows.
    """

    window: Window
    by: By
    rows: tuple[OeeRow, ...]
    total: OeeRow | None
    provenance: Literal["real", "synthetic"]
    notes: tuple[Sentence, ...] = field(default=())


def oee_report(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    *,
    assets: Sequence[str] | None = None,
    by: By = "asset",
    site: Site | None = None,
) -> OeeReport:
    """Return the indicators of machines in a window.

    Parameters
    ----------
    lake
        The home's lake.
    viewer
        Who asks.
    window
        From when, until when.
    assets
        Which machines, or lines and areas (then all machines under them); ``None``: all.
    by
        One row a machine; or one a machine and shift, local day, or order.
    site
        The mapping of the home; without it the tables ``asset`` and ``tag`` are asked, and
        all time counts as planned.

    Raises
    ------
    NotPermitted, NotFound
        If the viewer may not read it, or there is no such asset.
    """
    raise NotImplementedError
