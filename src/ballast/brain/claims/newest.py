"""The periods that a text may mean which names none: the newest that there are, found once."""

from __future__ import annotations

from dataclasses import dataclass, field

from ballast.brain.cube.reading import sealed_periods
from ballast.brain.indicators.declared import Adds, Indicator
from ballast.brain.indicators.facts import stored_periods
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.period import Period, PeriodKind, whole_year, year_to_date
from ballast.terms.viewer import PUBLIC, Right, Viewer

__all__ = ["Newest"]


@dataclass
class Newest:
    """Which periods there are figures of.

    Parameters
    ----------
    lake, viewer
        Where, and for whom.
    """

    lake: Lake
    viewer: Viewer
    _stored: tuple[Period, ...] | None = None
    _years: dict[str, tuple[Period, ...]] = field(default_factory=dict)

    def candidates(self, one: Indicator) -> tuple[Period, ...]:
        """Return the periods that a text may mean which names none: the newest there are.

        Of macro items the newest year; of what enterprises report the year to
        date, the newest month of a stock, and the newest whole year.
        """
        if not one.of_enterprises:
            return self.years(one)[:1]
        stored = self.stored()
        if not stored:
            return ()
        last = max(stored, key=lambda p: p.end)
        ends = [p.year for p in stored if p.last_month == 12]
        whole = (whole_year(max(ends)),) if ends else ()
        if one.yearly:
            return whole
        newest = last if one.adds is Adds.STOCK else year_to_date(last.year, last.last_month)
        return (newest, *whole)

    def years(self, one: Indicator) -> tuple[Period, ...]:
        """Return the whole years of which there are figures, newest first."""
        if one.of_enterprises:
            ends = {p.year for p in self.stored() if p.last_month == 12}
            return tuple(whole_year(year) for year in sorted(ends, reverse=True))
        item = one.numerator.column
        if item not in self._years:
            rows = self.lake.read("region_period", PUBLIC)
            rows = rows.filter(rows.item == item).select("period").distinct()
            texts = rows.to_pyarrow()["period"].to_pylist()
            found = {p for p in map(Period.parse, texts) if p.kind is PeriodKind.YEAR}
            self._years[item] = tuple(sorted(found, reverse=True))
        return self._years[item]

    def stored(self) -> tuple[Period, ...]:
        """Return the months of which enterprises' figures are there for the viewer."""
        if self._stored is None:
            try:
                self._stored = (
                    tuple(stored_periods(self.lake, self.viewer))
                    if self.viewer.may(Right.READ_UNITS)
                    else sealed_periods(self.lake)
                )
            except NotFound:
                self._stored = ()
        return self._stored
