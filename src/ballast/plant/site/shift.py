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
    breaks
        Within it, from and until, wall clock: time in which nobody plans to work.
    """

    shift: str
    name: Label
    start: time
    end: time
    days: frozenset[int]
    breaks: tuple[tuple[time, time], ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftInterval:
    """One shift of one day: from ``start`` until just before ``end``, epoch ms UTC.

    ``breaks`` are those of the shift as instants, in the order of the mapping.
    """

    shift: Shift
    day: date
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()


def _instant(day: date, clock: time, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, clock, zone).timestamp() * 1000)


def _breaks(shift: Shift, day: date, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    found = []
    for begins, ends in shift.breaks:
        # A clock before the start of the shift is of the day after.
        first = day + timedelta(days=1 if begins < shift.start else 0)
        final = first + timedelta(days=1 if ends <= begins else 0)
        found.append((_instant(first, begins, zone), _instant(final, ends, zone)))
    return tuple(found)


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
                    breaks = _breaks(shift, day, zone)
                    found.append(ShiftInterval(shift, day, begins, ends, breaks))
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.shift.shift)))
