"""The shifts of a mapping: ``[[shift]]``."""

from __future__ import annotations

from ballast.errors import Refused
from ballast.plant.site.entry import Entry, entries
from ballast.plant.site.shift import Shift

__all__ = ["WEEKDAYS", "read_shifts", "weekdays"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _WEEK = 24 * 60, 7 * 24 * 60


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
