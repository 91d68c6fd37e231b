"""How long a machine was in which state: the times that the indicators of ISO 22400 divide.

Counting sampled seconds would be simpler and wrong at both ends of a window
and wherever a sample is missing. A state is an interval; intervals are cut to
the window, and what no interval covers is *unrecorded*, a time of its own that
no indicator takes for production.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.ratios import Floats
from ballast.terms.label import Label

__all__ = ["STATE_LABELS", "MachineState", "Times", "times"]


class MachineState(IntEnum):
    """What a machine is doing (设备状态), as far as the time model tells states apart."""

    PRODUCING = 0
    SETUP = 1
    DELAYED = 2  # busy with an order, but standing: breakdown, jam, waiting for material
    IDLE = 3  # planned to be busy, no order
    PLANNED_STOP = 4  # break, planned maintenance, no shift: outside the planned busy time


STATE_LABELS: dict[MachineState, Label] = {
    MachineState.PRODUCING: Label("加工", "producing"),
    MachineState.SETUP: Label("换型调整", "setup"),
    MachineState.DELAYED: Label("故障停机", "delayed"),
    MachineState.IDLE: Label("待机", "idle"),
    MachineState.PLANNED_STOP: Label("计划停机", "planned stop"),
}


@dataclass(frozen=True, slots=True)
class Times:
    """The times of machines in a window, in seconds; each array has one number a machine.

    Parameters
    ----------
    apt
        Actual production time (实际生产时间).
    aust
        Actual unit setup time (实际设备准备时间).
    adet
        Actual unit delay time (实际设备延误时间).
    idle
        Planned to be busy, without an order.
    planned_stop
        Outside the planned busy time.
    unrecorded
        Seconds of the window that no interval covers.
    """

    apt: Floats
    aust: Floats
    adet: Floats
    idle: Floats
    planned_stop: Floats
    unrecorded: Floats

    @property
    def aupt(self) -> Floats:
        """Actual unit processing time (实际设备加工时间): AUPT = APT + AUST."""
        return self.apt + self.aust

    @property
    def aubt(self) -> Floats:
        """Actual unit busy time (实际设备忙碌时间): AUBT = AUPT + ADET."""
        return self.aupt + self.adet

    @property
    def pbt(self) -> Floats:
        """Planned busy time (计划忙碌时间): recorded time less planned stops, PBT = AUBT + idle."""
        return self.aubt + self.idle


def times(
    machine: npt.ArrayLike,
    start_s: npt.ArrayLike,
    end_s: npt.ArrayLike,
    state: npt.ArrayLike,
    *,
    machines: int,
    window_s: tuple[float, float],
) -> Times:
    """Return how long each machine was in each state within a window.

    Parameters
    ----------
    machine
        Shape (n,): which machine an interval belongs to, 0 to ``machines`` - 1.
    start_s, end_s
        Shape (n,): where an interval starts and ends, seconds on one clock; the
        end does not belong to it.
    state
        Shape (n,): a ``MachineState``.
    machines
        How many machines there are; one without intervals is unrecorded throughout.
    window_s
        From when, and until when.

    Raises
    ------
    Refused
        If an interval ends before it starts, is of a machine or state that there
        is not, or if two intervals of one machine overlap within the window:
        their seconds would count twice.

    Notes
    -----
    Equation: t_s = Σ_i max(0, min(end_i, b) - max(start_i, a)) over the
    intervals i of state s, for the window [a, b). Elements and their sums
    (AUPT = APT + AUST, AUBT = AUPT + ADET) as in the time model of ISO 22400-2.

    Examples
    --------
    >>> found = times([0, 0], [0, 50], [50, 60], [0, 2], machines=1, window_s=(0, 100))
    >>> found.apt, found.adet, found.unrecorded
    (array([50.]), array([10.]), array([40.]))
    """
    first, last = window_s
    who = np.asarray(machine, dtype=np.intp)
    what = np.asarray(state, dtype=np.intp)
    begins = np.asarray(start_s, dtype=np.float64)
    ends = np.asarray(end_s, dtype=np.float64)
    _refuse_impossible(who, what, begins, ends, machines, window_s)
    cut_start, cut_end = np.maximum(begins, first), np.minimum(ends, last)
    inside = cut_end > cut_start
    who, what = who[inside], what[inside]
    cut_start, cut_end = cut_start[inside], cut_end[inside]
    _refuse_overlap(who, cut_start, cut_end)
    kinds = len(MachineState)
    summed = np.bincount(
        who * kinds + what, weights=cut_end - cut_start, minlength=machines * kinds
    )
    seconds: Floats = np.asarray(summed, dtype=np.float64).reshape(machines, kinds)
    return Times(
        apt=seconds[:, MachineState.PRODUCING],
        aust=seconds[:, MachineState.SETUP],
        adet=seconds[:, MachineState.DELAYED],
        idle=seconds[:, MachineState.IDLE],
        planned_stop=seconds[:, MachineState.PLANNED_STOP],
        unrecorded=np.maximum((last - first) - seconds.sum(axis=1), 0.0),
    )


def _refuse_impossible(
    who: npt.NDArray[np.intp],
    what: npt.NDArray[np.intp],
    begins: Floats,
    ends: Floats,
    machines: int,
    window_s: tuple[float, float],
) -> None:
    if not window_s[0] < window_s[1]:
        raise Refused(
            "the window ends at {end} and starts at {start}; it must end later",
            start=window_s[0],
            end=window_s[1],
        )
    wrong = np.flatnonzero(~(ends >= begins))
    if wrong.size:
        raise Refused(
            "interval {row} ends before it starts, or its time is missing; mend the record",
            row=int(wrong[0]),
        )
    known = (who >= 0) & (who < machines) & (what >= 0) & (what < len(MachineState))
    strange = np.flatnonzero(~known)
    if strange.size:
        raise Refused(
            "interval {row} is of a machine or a state that there is not; mend the record",
            row=int(strange[0]),
        )


def _refuse_overlap(who: npt.NDArray[np.intp], begins: Floats, ends: Floats) -> None:
    order = np.lexsort((begins, who))
    same = who[order][1:] == who[order][:-1]
    over = np.flatnonzero(same & (begins[order][1:] < ends[order][:-1]))
    if over.size:
        raise Refused(
            "machine {machine} is in two states at once at second {second}; mend the record",
            machine=int(who[order][over[0]]),
            second=float(begins[order][over[0] + 1]),
        )
