"""What each machine was doing, stretch by stretch: from its state tag, its people and its shifts.

Three sources speak about the same second: the state tag (held until its next
sample or until it went stale), the entries of people (who know the reason),
and the calendar of shifts (what was planned at all). They are laid over each
other here, once, into stretches that do not overlap; every figure of OEE and
every coloured bar of a page reads these stretches and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.window import Window
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

if TYPE_CHECKING:
    from ballast.plant.site.site import Site

__all__ = ["MachineTime", "Told", "machine_times"]


class Told(StrEnum):
    """Who says what a machine did in a stretch."""

    TAG = "tag"  # its own state tag
    PERSON = "person"  # an entry of downtime
    PLAN = "plan"  # the calendar: a break, no shift
    NOBODY = "nobody"  # nothing recorded


@dataclass(frozen=True, slots=True)
class Stretch:
    """One machine in one state.

    Parameters
    ----------
    start_ms, end_ms
        Epoch milliseconds UTC; the end does not belong to it.
    state
        What it did; ``None``: not recorded, which is never taken for production.
    reason
        As recorded; empty where there is none.
    told
        Who says so.
    planned
        Whether the calendar planned the machine to be busy.
    """

    start_ms: int
    end_ms: int
    state: MachineState | None
    reason: str
    told: Told
    planned: bool


@dataclass(frozen=True, slots=True)
class MachineTime:
    """The stretches of one machine in a window, in order, without overlap and without a hole.

    Parameters
    ----------
    asset
        Which machine.
    stretches
        From the start of the window to its end.
    notes
        What a reader must know: entries that overlap, a person and the machine disagreeing.
    """

    asset: str
    stretches: tuple[Stretch, ...]
    notes: tuple[Sentence, ...] = ()


def machine_times(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    *,
    assets: Sequence[str] | None = None,
    site: Site | None = None,
) -> tuple[MachineTime, ...]:
    """Return what machines did in a window.

    Parameters
    ----------
    lake
        The home's lake.
    viewer
        Who asks.
    window
        From when, until when.
    assets
        Which machines; ``None``: all that have a state tag or entries of people.
    site
        The mapping of the home, for shifts and the meaning of states; without it the tables
        ``asset`` and ``tag`` are asked, and all time counts as planned.

    Raises
    ------
    NotPermitted
        If the viewer may not read the machines' data.
    NotFound
        If an asset is asked for that there is not.
    """
    raise NotImplementedError
