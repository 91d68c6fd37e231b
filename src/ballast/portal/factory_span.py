"""The stretch of time that a part of the Factory page is about, as its address names it.

Names that move (``today``, ``shift``) and dates that stay stand in one
parameter: a bookmark of "today" is of use every morning, and a link to what
happened on the 12th still shows it next year. The end of what is still going on is
cut to the minute, so that whoever looks within the same minute sees the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from ballast.errors import InvalidTerm
from ballast.plant.reports.window import Window, day, days, from_ms
from ballast.terms.label import Label

if TYPE_CHECKING:
    from ballast.plant.site import Site

__all__ = ["SPAN_LABELS", "Span", "span_of", "zone_of"]

SPAN_LABELS: dict[str, Label] = {
    "shift": Label("本班", "this shift"),
    "last-shift": Label("上一班", "the shift before"),
    "today": Label("今天", "today"),
    "yesterday": Label("昨天", "yesterday"),
    "week": Label("近 7 天", "last 7 days"),
    "month": Label("近 30 天", "last 30 days"),
}
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")
_MINUTE = 60_000
_STRAGGLING_MS = 30 * _MINUTE
# Beyond, a shift of a day or of a zone leaves the years that there are.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with its name.

    Parameters
    ----------
    name
        As it stands in the address.
    label
        What it is called, with its dates.
    window
        From when, until when.
    """

    name: str
    label: Label
    window: Window

    def over(self, now_ms: int) -> bool:
        """Return whether it has ended so long ago that only stragglers of it still arrive."""
        return self.window.end_ms + _STRAGGLING_MS <= now_ms


def zone_of(site: Site | None) -> tzinfo:
    """Return the zone of a site; China's where there is no mapping."""
    return _CHINA if site is None else site.zone


def span_of(name: str, site: Site | None, now_ms: int) -> Span:
    """Return the stretch that an address asks for.

    Parameters
    ----------
    name
        One of ``SPAN_LABELS``, a day ``2026-11-23``, or days ``2026-11-16..2026-11-22``.
    site
        Whose zone and shifts are meant.
    now_ms
        The present moment.

    Raises
    ------
    InvalidTerm
        If it is none of these, or the site has no shift there.

    Examples
    --------
    >>> span_of("2026-11-22", None, 1_795_420_800_000).label.en
    '2026-11-22'
    """
    zone = zone_of(site)
    today = from_ms(now_ms, zone).date()
    if name in ("shift", "last-shift"):
        return _shift(name, site, now_ms)
    if name in SPAN_LABELS:
        first, final = {
            "today": (today, today),
            "yesterday": (today - timedelta(days=1),) * 2,
            "week": (today - timedelta(days=6), today),
            "month": (today - timedelta(days=29), today),
        }[name]
        return _named(name, days(first, final, zone), now_ms)
    if found := _DATES.fullmatch(name):
        first, final = _date(found[1]), _date(found[2] or found[1])
        window = day(first, zone) if first == final else days(first, final, zone)
        said = found[1] if first == final else f"{found[1]} – {found[2]}"
        return Span(name, Label(said, said), _until_now(window, now_ms))
    raise InvalidTerm(
        "{name} is no stretch of time here: choose one above, or write a day as 2026-11-23",
        name=name[:40],
    )


def _shift(name: str, site: Site | None, now_ms: int) -> Span:
    past = timedelta(days=8) // timedelta(milliseconds=1)
    begun = [
        one
        for one in ([] if site is None else site.shift_intervals(now_ms - past, now_ms))
        if one.start < now_ms
    ]
    place = -1 if name == "shift" else -2
    if len(begun) < -place:
        raise InvalidTerm("the mapping of this home tells no shifts; choose a day instead")
    found, zone = begun[place], zone_of(site)
    window = Window(from_ms(found.start, zone), from_ms(found.end, zone), zone)
    plain = SPAN_LABELS[name]
    day_text, shift = f"{found.day:%m-%d}", found.shift.name
    label = Label(f"{plain.zh}（{day_text} {shift.zh}）", f"{plain.en} ({day_text}, {shift.en})")
    return Span(name, label, _until_now(window, now_ms))


def _named(name: str, window: Window, now_ms: int) -> Span:
    plain, dates = SPAN_LABELS[name], window.dates
    said = f"{dates[0]:%m-%d}" + (f" – {dates[-1]:%m-%d}" if len(dates) > 1 else "")
    label = Label(f"{plain.zh}（{said}）", f"{plain.en} ({said})")
    return Span(name, label, _until_now(window, now_ms))


def _until_now(window: Window, now_ms: int) -> Window:
    end = now_ms - now_ms % _MINUTE
    if window.end_ms <= end:
        return window
    end = max(end, window.start_ms + _MINUTE)
    return Window(window.start, from_ms(end, window.zone), window.zone)


def _date(text: str) -> date:
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise ValueError
    except ValueError:
        raise InvalidTerm("{date}: there is no such day", date=text) from None
    return found
