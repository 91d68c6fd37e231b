"""Which loads the rows of one cell of a cut came with.

An answer names the loads of all rows that its question reads. Asked alone, a
county's figure names the county's; out of a cut it would name those of every
county, and one invented report would make all of them invented. So where a
cut rests on several loads, those of each cell are read apart, for every cut of
a text from one reading of the facts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from ballast.brain.claims.cuts import Codes, Cut
from ballast.brain.indicators.evaluate import facts_of
from ballast.brain.indicators.facts import ATTRIBUTES, column_of
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.restrict import restricted
from ballast.brain.indicators.sources import loads_of
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer

__all__ = ["Behind", "Loads"]

_LOADS = ("load_id", "register_load")
_REGISTERED = ("uscc", "target", "industry_scheme", "industry", "other_industries")


@dataclass(frozen=True, slots=True)
class Loads:
    """The loads of a cell, when the newest came in, and whether any is invented."""

    names: tuple[str, ...]
    as_of: datetime | None
    synthetic: bool


@dataclass
class Behind:
    """Reads the loads of cells.

    Parameters
    ----------
    lake, viewer
        Where, and for whom (``READ_UNITS``).
    periods
        All that will be asked about.
    """

    lake: Lake
    viewer: Viewer
    periods: Collection[Period]
    _facts: pa.Table | None = None
    _cells: dict[Cut, dict[tuple[str, Codes], set[str]]] = field(default_factory=dict)

    def of(self, cut: Cut, codes: Codes, period: Period) -> Loads:
        """Return the loads of one cell of a cut.

        Parameters
        ----------
        cut, codes, period
            Which cell, of which period.
        """
        if cut not in self._cells:
            self._cells[cut] = self._read(cut, period)
        loads = loads_of(self.lake, None)
        names = tuple(sorted(self._cells[cut].get((str(period), codes), ())))
        known = [loads[name] for name in names if name in loads]
        return Loads(names, max((at for at, _ in known), default=None), any(x for _, x in known))

    def _read(self, cut: Cut, period: Period) -> dict[tuple[str, Codes], set[str]]:
        engine = self.lake.engine
        if self._facts is None:
            periods = sorted(self.periods, key=str)
            rows, _ = facts_of(self.lake, self.viewer, "enterprise_period", periods)
            kept = {*_REGISTERED, *_LOADS, *(column_of(d) for d in ATTRIBUTES)}
            self._facts = engine.collect(rows.select(*(c for c in rows.columns if c in kept)))
        names = [column_of(d) for d in cut.by]
        question = Question((), cut.by, dict(cut.rest), period=period)
        with engine.lent(self._facts) as lent:
            rows = restricted(self.lake, self.viewer, lent, question)
            listed = engine.collect(rows.select("target", *names, *_LOADS).distinct()).to_pylist()
        found: dict[tuple[str, Codes], set[str]] = {}
        for row in listed:
            cell = found.setdefault((row["target"], tuple(row[name] for name in names)), set())
            cell |= {row[name] for name in _LOADS if row[name]}
        return found
