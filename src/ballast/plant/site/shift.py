"""Shifts (班次): when the shop works, as intervals of instants.

A shift is told by the wall clock and lives on the time line: its instants are
worked out day by day in the site's zone, so that a night shift crosses
midnight and a day with 23 or 25 hours is what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ballast.terms.label import Label

__all__ = ["Shift", "ShiftInterval", "shift_intervals"]


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift.

    Parameters
    ----------
    shift
        Its short name, unique in the site.
    name
        As the shop says it.
    start, end
        Wall clock; an end at or before the start is on the next day.
    days
        Days of the week on which it starts, Monday 0 to Sunday 6.
    """

    shift: str
    name: Label
    start: time
    end: time
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class ShiftInterval:
    """One shift of one day: from ``start`` until just before ``end``, epoch ms UTC."""

    shift: Shift
    day: date
    start: int
    end: int


def _instant(day: date, clock: time, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, clock, zone).timestamp() * 1000)


def shift_intervals(
    shifts: Sequence[Shift], zone: ZoneInfo, start: int, end: int
) -> tuple[ShiftInterval, ...]:
    """Return the shifts of a window, whole, in order of their start.

    Parameters
    ----------
    shifts, zone
        Of the site.
    start, end
        The window, epoch ms UTC; a shift that overlaps it is returned with its own ends.
    """
    first = datetime.fromtimestamp(start / 1000, zone).date() - timedelta(days=1)
    last = datetime.fromtimestamp(end / 1000, zone).date()
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for shift in shifts:
            if day.weekday() in shift.days:
                over = timedelta(days=1 if shift.end <= shift.start else 0)
                begins = _instant(day, shift.start, zone)
                ends = _instant(day + over, shift.end, zone)
                if begins < end and ends > start:
                    found.append(ShiftInterval(shift, day, begins, ends))
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.shift.shift)))
