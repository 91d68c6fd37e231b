"""A stretch of time that a report is about, in the zone of the shop floor.

Days and shifts are local, samples are UTC: a window keeps both ends with a
zone, so that "yesterday" is the shop's yesterday and never the server's. Two
bare numbers would have lost the zone before the first shift was cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from ballast.errors import Refused

__all__ = ["Window", "day", "days", "from_ms", "last", "to_ms"]

LONGEST = timedelta(days=400)
"""A report looks at this much at most: a year with its comparison month."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when, and until when; the end does not belong to it.

    Parameters
    ----------
    start, end
        Moments with a zone.
    zone
        Whose days and shifts are meant.

    Raises
    ------
    Refused
        If a moment has no zone, the end is not behind the start, or the window is longer
        than ``LONGEST``.
    """

    start: datetime
    end: datetime
    zone: tzinfo

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise Refused(
                "a window needs moments with a zone; write them as 2026-11-23T08:00+08:00"
            )
        # Across zones and clock changes only the moments themselves can be compared.
        start, end = self.start.astimezone(UTC), self.end.astimezone(UTC)
        if not start < end:
            raise Refused(
                "the window ends at {end} and starts at {start}; it must end later",
                start=self.start.isoformat(),
                end=self.end.isoformat(),
            )
        if end - start > LONGEST:
            raise Refused(
                "the window is {days} days long; ask for {most} days at most",
                days=(end - start).days,
                most=LONGEST.days,
            )

    @property
    def start_ms(self) -> int:
        """The start, epoch milliseconds UTC."""
        return to_ms(self.start)

    @property
    def end_ms(self) -> int:
        """The end, epoch milliseconds UTC; not part of the window."""
        return to_ms(self.end)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end_ms - self.start_ms) / 1000.0

    @property
    def dates(self) -> tuple[date, ...]:
        """The local days that it touches, in order."""
        first = self.start.astimezone(self.zone).date()
        final = (self.end.astimezone(self.zone) - timedelta(microseconds=1)).date()
        return tuple(first + timedelta(days=n) for n in range((final - first).days + 1))


def day(wanted: date, zone: tzinfo) -> Window:
    """Return a local day, from midnight to midnight.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> day(date(2026, 10, 25), ZoneInfo("Europe/Berlin")).seconds / 3600
    25.0
    """
    return days(wanted, wanted, zone)


def days(first: date, final: date, zone: tzinfo) -> Window:
    """Return local days, the last one included."""
    return Window(
        datetime.combine(first, time(), zone),
        datetime.combine(final + timedelta(days=1), time(), zone),
        zone,
    )


def last(length: timedelta, now_ms: int, zone: tzinfo) -> Window:
    """Return the stretch of that length that ends now."""
    now = from_ms(now_ms, zone)
    return Window((now.astimezone(UTC) - length).astimezone(zone), now, zone)


def to_ms(moment: datetime) -> int:
    """Return a moment with a zone as epoch milliseconds UTC.

    Examples
    --------
    >>> to_ms(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000
    """
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def from_ms(moment_ms: int, zone: tzinfo) -> datetime:
    """Return epoch milliseconds UTC as a moment in a zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment_ms)).astimezone(zone)
