"""How many pieces a machine made, from its counters or from what people entered.

Two books are kept of the same pieces, and they differ: a counter misses what
was made while it was not heard, people round and forget. One of them is taken
whole, never a mixture, and where both stand and differ the row says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ballast.plant.reports.accounts import Increments, counted
from ballast.plant.reports.entries import Made
from ballast.plant.site.tag import ROLE_LABELS, TagRole
from ballast.words import Sentence

__all__ = ["Pieces", "pieces"]

Source = Literal["counter", "entries", "none"]
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of one machine in some intervals; nan where not known.

    Parameters
    ----------
    produced, good, scrap, rework
        Made in all; good at the first pass; thrown away; to be worked again.
    scrapped, reworked
        By reason, as people entered it.
    source
        Which book they are from.
    notes
        What a reader must know.
    """

    produced: float = _NAN
    good: float = _NAN
    scrap: float = _NAN
    rework: float = _NAN
    scrapped: Mapping[str, float] | None = None
    reworked: Mapping[str, float] | None = None
    source: Source = "none"
    notes: tuple[Sentence, ...] = ()


def pieces(
    counters: Mapping[TagRole, Increments],
    entered: Sequence[Made],
    intervals: Sequence[tuple[int, int]],
) -> Pieces:
    """Return what was made.

    Parameters
    ----------
    counters
        The increments of the machine's counters, by role.
    entered
        What was entered of the machine, with every end known.
    intervals
        Epoch ms UTC, not overlapping.

    Notes
    -----
    Counters go before entries. Of produced P, good G, scrap S and rework R, what is not told
    follows from P = G + S + R: P where G and S are told, G where P and S are, with R = 0 where
    nobody counts it. Without S and G the good pieces are not known: a machine that counts its
    strokes alone has no quality ratio. An entry that reaches over the edge of an interval counts
    by the share of its time inside.
    """
    told = _entered(entered, intervals)
    if not counters:
        return told
    notes: list[Sentence] = []
    raw = {role: counted(found, intervals) for role, found in counters.items()}
    produced, good, scrap, rework = _completed(*(raw.get(role, _NAN) for role in _ORDER))
    lost = {role: counted(found, intervals, lost=True) for role, found in counters.items()}
    if missed := lost.get(TagRole.PRODUCED) or lost.get(TagRole.GOOD):
        notes.append(
            Sentence(
                "{pieces} pieces were counted while it was not recorded what the machine did; "
                "they count in no indicator, as the time does not",
                {"pieces": round(missed)},
            )
        )
    notes += _differing(counters, entered, intervals)
    bad = produced - good
    fits = told.scrapped is not None and sum(told.scrapped.values()) <= bad
    again = told.reworked is not None and sum(told.reworked.values()) <= rework
    return Pieces(
        produced, good, scrap, rework,
        told.scrapped if fits else None, told.reworked if again else None,
        "counter", tuple(notes),
    )  # fmt: skip


_ORDER = (TagRole.PRODUCED, TagRole.GOOD, TagRole.SCRAP, TagRole.REWORK)


def _completed(
    produced: float, good: float, scrap: float, rework: float
) -> tuple[float, float, float, float]:
    """Return the four with what follows from the others."""
    again = 0.0 if np.isnan(rework) else rework
    if np.isnan(produced):
        produced = good + scrap + again
    if np.isnan(good):
        good = max(produced - scrap - again, 0.0)
    if np.isnan(scrap) and not np.isnan(rework):
        scrap = max(produced - good - rework, 0.0)
    return produced, good, scrap, rework


def _entered(entered: Sequence[Made], intervals: Sequence[tuple[int, int]]) -> Pieces:
    notes: list[Sentence] = []
    shares = [(row, _share(row, intervals)) for row in entered]
    inside = [(row, share) for row, share in shares if share > 0]
    if not inside:
        return Pieces()
    if any(share < 1 for _, share in inside):
        notes.append(
            Sentence(
                "an entry of pieces reaches over the edge of the row; it counts by the share of "
                "its time inside"
            )
        )
    quantities = np.array([_quantities(row) for row, _ in inside])
    produced, good, scrap, rework = (np.array([share for _, share in inside]) @ quantities).tolist()
    scrapped: dict[str, float] = {}
    reworked: dict[str, float] = {}
    for row, share in inside:
        if row.reason and row.scrap:
            scrapped[row.reason] = scrapped.get(row.reason, 0.0) + share * row.scrap
        if row.reason and row.rework:
            reworked[row.reason] = reworked.get(row.reason, 0.0) + share * row.rework
    return Pieces(produced, good, scrap, rework, scrapped, reworked, "entries", tuple(notes))


def _quantities(row: Made) -> tuple[float, float, float, float]:
    told = (row.produced, row.good, row.scrap, row.rework)
    return _completed(*(_NAN if one is None else float(one) for one in told))


def _share(row: Made, intervals: Sequence[tuple[int, int]]) -> float:
    """Return which share of an entry's time lies in intervals; a moment is in or out."""
    end = row.start_ms if row.end_ms is None else row.end_ms
    if end <= row.start_ms:
        return float(any(start <= row.start_ms < final for start, final in intervals))
    cut = (min(end, final) - max(row.start_ms, start) for start, final in intervals)
    return sum(max(one, 0) for one in cut) / (end - row.start_ms)


def _differing(
    counters: Mapping[TagRole, Increments],
    entered: Sequence[Made],
    intervals: Sequence[tuple[int, int]],
) -> list[Sentence]:
    """Return where counters and entries of the same stretch differ by more than both may.

    A counter is heard some time after the piece was made: at each end of a stretch it may be
    behind. A piece, or one of two hundred, is no difference to speak of.
    """
    found = []
    for role, pick in ((TagRole.PRODUCED, "produced"), (TagRole.GOOD, "good")):
        told = [row for row in entered if getattr(row, pick) is not None and row.end_ms]
        whole = [row for row in told if _share(row, intervals) == 1]
        if role not in counters or not whole:
            continue
        by_people = sum(float(getattr(row, pick)) for row in whole)
        spans = [(row.start_ms, row.end_ms or row.start_ms) for row in whole]
        by_counter = counted(counters[role], spans) + counted(counters[role], spans, lost=True)
        if abs(by_people - by_counter) > max(1.0, by_people / 200.0):
            found.append(
                Sentence(
                    "counters say {counted} pieces ({kind}) where {entered} were entered; the "
                    "counters are taken",
                    {
                        "counted": round(by_counter),
                        "entered": round(by_people),
                        "kind": ROLE_LABELS[role],
                    },
                )
            )
    return found
