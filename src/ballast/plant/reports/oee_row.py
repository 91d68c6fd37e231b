"""One row of an OEE report: what was measured, what was divided by what, and why not.

The row stands apart from the report that fills it, because groups of machines,
daily summaries and pages add rows up and show them without asking the lake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ballast.plant.measures.kpi import KPIS, Element, Kpi, compute
from ballast.plant.measures.losses import Loss, LossTree, loss_tree
from ballast.plant.measures.ratios import defined
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["OeeRow", "total_of", "with_kpis"]

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class OeeRow:
    """One machine in one stretch of the report.

    Parameters
    ----------
    asset
        The machine; empty in a total.
    name
        Its name.
    key, label
        What the row is of, as a key and as shown: empty by asset; day and shift
        (``2026-11-23 day``); a day (``2026-11-23``); the order's number.
    start_ms, end_ms
        From when, until when; epoch milliseconds UTC.
    elements
        Seconds and pieces, nan where not known.
    kpis
        Every indicator of `kpi.KPIS` by name; ``None`` where it does not exist.
    why
        Of each indicator that is ``None``: why.
    tree
        Where the planned busy time went; ``None`` where none was recorded, or the pieces or the
        planned run time of one are not known.
    delays_s, setups_s, idle_s
        Lost time by reason, known also where there is no tree.
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
    label: Label
    start_ms: int
    end_ms: int
    elements: Mapping[Element, float]
    kpis: Mapping[str, float | None]
    why: Mapping[str, Sentence]
    tree: LossTree | None
    delays_s: Mapping[str, float]
    setups_s: Mapping[str, float]
    idle_s: float
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


def with_kpis(rows: Sequence[OeeRow]) -> tuple[OeeRow, ...]:
    """Return rows with their indicators, each formula computed once for all of them.

    Parameters
    ----------
    rows
        With their elements; indicators that they have already are computed again.
    """
    if not rows:
        return ()
    columns = {name: np.array([row.elements[name] for row in rows]) for name in Element}
    found = {name: compute(wanted, columns) for name, wanted in KPIS.items()}
    whole = []
    for place, row in enumerate(rows):
        kpis = {name: defined(values[place]) for name, values in found.items()}
        why = {name: _why(KPIS[name], row) for name, value in kpis.items() if value is None}
        whole.append(replace(row, kpis=kpis, why=why))
    return tuple(whole)


def _why(wanted: Kpi, row: OeeRow) -> Sentence:
    unknown = [name.value for name in wanted.elements if np.isnan(row.elements[name])]
    if unknown:
        return Sentence("not known: {elements}", {"elements": ", ".join(unknown)})
    if row.planned_s and row.unrecorded_s >= row.planned_s:
        return Sentence("nothing is recorded of the planned time")
    below = [name for factor in wanted.factors for name in factor.under]
    zero = [name.value for name in dict.fromkeys(below) if not row.elements[name]]
    return Sentence("it would be divided by zero: {elements}", {"elements": ", ".join(zero)})


def total_of(rows: Sequence[OeeRow]) -> OeeRow | None:
    """Return rows together: times and pieces added up, indicators from the sums.

    Parameters
    ----------
    rows
        Of a report; of several machines, shifts or days.

    Returns
    -------
    OeeRow or None
        ``None`` without rows. Its planned run time is the mean over the pieces,
        PRU = Σ PRU·PQ / Σ PQ, so that the effectiveness of a group is the planned time of all it
        made over the time it took.

    Notes
    -----
    A row of which pieces or planned run time are not known would leave the group without OEE. It
    is left out, times and all, and the notes say how many were; if there is no other, times alone
    are added up.
    """
    if not rows:
        return None
    complete = [row for row in rows if row.tree is not None]
    chosen = complete or list(rows)
    sums = {name: float(sum(row.elements[name] for row in chosen)) for name in Element}
    planned_run = sum(row.elements[Element.PRU] * row.elements[Element.PQ] for row in chosen)
    made = sums[Element.PQ]
    cycles = {row.elements[Element.PRU] for row in chosen}
    alone = cycles.pop() if len(cycles) == 1 else _NAN
    sums[Element.PRU] = planned_run / made if made > 0 else alone
    notes = []
    if len(complete) < len(rows):
        notes.append(
            Sentence(
                "{count} of {all} rows have no OEE and are not in the total",
                {"count": len(rows) - len(complete), "all": len(rows)},
            )
        )
    delays, setups = _added([row.delays_s for row in chosen]), _added([r.setups_s for r in chosen])
    total = OeeRow(
        asset="",
        name=Label("合计", "total"),
        key="",
        label=Label("", ""),
        start_ms=min(row.start_ms for row in rows),
        end_ms=max(row.end_ms for row in rows),
        elements=sums,
        kpis={},
        why={},
        tree=_total_tree(complete, sums, delays, setups),
        delays_s=delays,
        setups_s=setups,
        idle_s=sum(row.idle_s for row in chosen),
        window_s=sum(row.window_s for row in rows),
        planned_s=sum(row.planned_s for row in rows),
        unrecorded_s=sum(row.unrecorded_s for row in rows),
        overtime_s=sum(row.overtime_s for row in rows),
        counted=chosen[0].counted if len({row.counted for row in chosen}) == 1 else "none",
        notes=tuple(notes),
    )
    return with_kpis([total])[0]


def _added(several: Sequence[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in several:
        for reason, seconds in one.items():
            found[reason] = found.get(reason, 0.0) + seconds
    return found


def _total_tree(
    rows: Sequence[OeeRow],
    sums: Mapping[Element, float],
    delays: Mapping[str, float],
    setups: Mapping[str, float],
) -> LossTree | None:
    """Return the tree of rows together; pieces by reason from the seconds they cost each row."""
    if not rows or not sums[Element.PBT]:
        return None
    bad: dict[Loss, dict[str, float]] = {Loss.SCRAP: {}, Loss.REWORK: {}}
    for row in rows:
        for branch in row.tree.losses if row.tree is not None else ():
            for leaf in branch.parts if branch.loss is Loss.QUALITY else ():
                pieces = leaf.seconds / row.elements[Element.PRU]
                bad[leaf.loss][leaf.reason] = bad[leaf.loss].get(leaf.reason, 0.0) + pieces
    return loss_tree(
        apt_s=sums[Element.APT],
        pru_s=sums[Element.PRU],
        produced=sums[Element.PQ],
        good=sums[Element.GQ],
        delays_s=delays,
        setup_s=setups,
        idle_s=sum(row.idle_s for row in rows),
        scrapped=bad[Loss.SCRAP],
        reworked=bad[Loss.REWORK],
    )
