"""The day that it is in China, by which the law, the node and the bulletin count.

One place, because a page that takes the day from Greenwich and a command that
takes it from Beijing name two days for eight hours of every day, and a rule
that changes at midnight is then another one on the page.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

__all__ = ["CHINA", "day_in_china"]

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time zone and no summer time."""


def day_in_china(moment: datetime) -> date:
    """Return the day of China's calendar.

    Parameters
    ----------
    moment
        With its time zone, whichever.

    Examples
    --------
    >>> from datetime import UTC
    >>> day_in_china(datetime(2026, 6, 30, 17, tzinfo=UTC)).isoformat()
    '2026-07-01'
    """
    return moment.astimezone(CHINA).date()
