"""The shifts of a mapping: ``[[shift]]``."""

from __future__ import annotations

import re
from datetime import time

from ballast.errors import Refused
from ballast.plant.site.entry import Entry, entries
from ballast.plant.site.shift import Shift

__all__ = ["WEEKDAYS", "read_shifts", "weekdays"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


def weekdays(entry: Entry, key: str) -> frozenset[int]:
    """Return days of the week, Monday 0; all of them where the key is not given."""
    found = entry.listed(key)
    if found is None:
        return frozenset(range(7))
    if not found or any(day not in WEEKDAYS for day in found):
        raise entry.wrong(key, f'{key} = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]')
    return frozenset(WEEKDAYS.index(str(day)) for day in found)


def read_shifts(document: Entry, most: int) -> tuple[Shift, ...]:
    """Return the shifts; two that overlap are refused, for an hour must be of one shift."""
    shifts: list[Shift] = []
    for entry in entries(document, "shift", most):
        called = entry.must_text("shift")
        shift = Shift(
            shift=called,
            name=entry.label("name", called),
            start=entry.clock("start"),
            end=entry.clock("end"),
            days=weekdays(entry, "days"),
            breaks=_breaks(entry),
        )
        entry.done()
        if any(called == other.shift for other in shifts):
            raise Refused(
                "{where}: {name} is there already; give each its own name",
                where=entry.where,
                name=called,
            )
        shifts.append(shift)
    _refuse_overlap(shifts)
    return tuple(shifts)


def _breaks(entry: Entry) -> tuple[tuple[time, time], ...]:
    """Return the breaks, wall clock; one that begins late may end behind midnight."""
    found = []
    for span in entry.listed("breaks") or ():
        spelled = _SPAN.fullmatch(span.strip()) if isinstance(span, str) else None
        if spelled is None or spelled.group(1, 2) == spelled.group(3, 4):
            raise entry.wrong("breaks", 'breaks = ["11:30-12:15", "17:00-17:30"]')
        hours = [int(part) for part in spelled.groups()]
        found.append((time(hours[0], hours[1]), time(hours[2], hours[3])))
    return tuple(found)


def _refuse_overlap(shifts: list[Shift]) -> None:
    spans = sorted(
        (day * _DAY + shift.start.hour * 60 + shift.start.minute, _minutes(shift), shift.shift)
        for shift in shifts
        for day in shift.days
    )
    if not spans:
        return
    first = (spans[0][0] + _WEEK, *spans[0][1:])  # the week goes round
    for (begins, length, one), (then, _, other) in zip(spans, [*spans[1:], first], strict=True):
        if begins + length > then:
            raise Refused(
                "[[shift]]: {one} has not ended when {other} starts; an hour is of one shift, "
                "so mend start, end or days",
                one=one,
                other=other,
            )


def _minutes(shift: Shift) -> int:
    begins = shift.start.hour * 60 + shift.start.minute
    ends = shift.end.hour * 60 + shift.end.minute
    return ends - begins if ends > begins else ends - begins + _DAY
