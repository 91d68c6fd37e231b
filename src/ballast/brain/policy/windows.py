"""When what is due: windows of application, certificates that end, laws that change.

A list of dates kept by hand would be last year's by spring. The windows stand
in the law with the years that they are of; here they become days between two
others, beside the days on which a law begins or ends to apply, a figure of it
changes, or a title of an enterprise expires. Where the law names no window,
none is made up from the year before.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ballast.brain.policy.engine_wording import bilingual, label_of, title_name, unit_named
from ballast.brain.policy.facts import Held
from ballast.brain.policy.law_shape import Applies, Law, Version, Window
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import Application
from ballast.brain.policy.versions import APPLICATION_LABELS, covers
from ballast.errors import Refused
from ballast.terms.label import Label

__all__ = ["MOST_YEARS", "Event", "EventKind", "Opening", "calendar", "openings"]

MOST_YEARS = 30
"""So many years a calendar may cover."""
_DAY = timedelta(days=1)
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")


class EventKind(StrEnum):
    """What happens."""

    OPENS = "opens"  # 开始申报: applications are taken from this day on
    CLOSES = "closes"  # 申报截止: the last day of applications
    DUE = "due"  # 截止办理: something else is due by this day
    BEGINS = "begins"  # 开始适用: a version of a law begins to apply
    CHANGES = "changes"  # 数值调整: a figure of a law changes
    ENDS = "ends"  # 停止适用: the last day on which a version applies
    EXPIRES = "expires"  # 到期: the last day of a title


@dataclass(frozen=True, slots=True)
class Opening:
    """A window in one year; both days belong to it.

    ``application`` is None where the window is for every application. A window of a single day
    takes no applications: it is a day by which something else is due (``is_deadline``).
    """

    scheme: str
    version: str
    label: Label
    opens: date
    closes: date
    application: Application | None
    confirmed: bool
    note: Label | None = None

    @property
    def is_deadline(self) -> bool:
        """Whether it is a single day by which something is due."""
        return self.opens == self.closes


@dataclass(frozen=True, slots=True)
class Event:
    """One day of the calendar.

    Parameters
    ----------
    day, kind, scheme
        When, what, of which scheme.
    label
        What happens, in a line; of which scheme, ``scheme`` says.
    confirmed, note
        As the law marks it.
    application
        Of windows and versions: for which applications; None for all.
    certificate
        Of a title that expires.
    """

    day: date
    kind: EventKind
    scheme: str
    label: Label
    confirmed: bool = True
    note: Label | None = None
    application: Application | None = None
    certificate: str | None = None


def openings(laws: Laws, scheme: str, since: date, until: date) -> tuple[Opening, ...]:
    """Return the windows of a scheme that are open on some day between two, earliest first.

    Parameters
    ----------
    laws
        As read.
    scheme
        Which one.
    since, until
        The first and the last day.

    Raises
    ------
    NotFound
        If there is no such scheme.
    Refused
        If the days are the wrong way round, or more than 30 years apart.
    """
    _check(since, until)
    found = [
        opening
        for version in laws.law(scheme).versions
        for window in version.windows
        for opening in _in_years(scheme, version, window, since, until)
    ]
    return tuple(sorted(found, key=lambda one: (one.opens, one.closes, one.label.en)))


def calendar(
    laws: Laws, since: date, until: date, titles: Sequence[Held] = ()
) -> tuple[Event, ...]:
    """Return what happens between two days, in order.

    Parameters
    ----------
    laws
        As read.
    since, until
        The first and the last day.
    titles
        Whose expiry belongs in it.

    Raises
    ------
    Refused
        If the days are the wrong way round, or more than 30 years apart.
    """
    _check(since, until)
    found = [
        event
        for scheme in laws.schemes
        for event in _of_law(laws, scheme, since, until)
        if since <= event.day <= until
    ]
    found += [_expiry(held) for held in titles if held.expires and since <= held.expires <= until]
    # What is the same for two schemes at once keeps the order of the ladder.
    return tuple(sorted(found, key=lambda one: one.day))


def _check(since: date, until: date) -> None:
    if until < since:
        raise Refused(
            "a calendar from {since} to {until} ends before it begins; exchange the two days",
            since=since,
            until=until,
        )
    if until.year - since.year > MOST_YEARS:
        raise Refused(
            "a calendar from {since} to {until} is longer than {most} years; ask for a part of it",
            since=since,
            until=until,
            most=MOST_YEARS,
        )


def _in_years(
    scheme: str, version: Version, window: Window, since: date, until: date
) -> Iterator[Opening]:
    """Yield a window in every year in which it is open between two days and its version applies."""
    for year in range(max(since.year - 1, date.min.year), until.year + 1):
        if window.years and year not in window.years:
            continue
        opens, closes = _day(year, window.opens), _day(year, window.closes)
        if closes < opens and year < date.max.year:  # over the turn of the year
            closes = _day(year + 1, window.closes)
        if closes < since or until < opens:
            continue
        if not any(_meets(applies, window.to, opens, closes) for applies in version.applies):
            continue
        yield Opening(
            scheme=scheme,
            version=version.id,
            label=label_of(window.label),
            opens=opens,
            closes=closes,
            application=window.to,
            confirmed=window.confirmed,
            note=label_of(window.note) if window.note else None,
        )


def _day(year: int, written: str) -> date:
    """Return a day written MM-DD in a year; the 29th of February is the 28th where there is none.

    Examples
    --------
    >>> _day(2026, "02-29")
    datetime.date(2026, 2, 28)
    """
    matched = _MONTH_DAY.fullmatch(written)
    try:
        if matched is None:
            raise ValueError(written)
        month, of_month = int(matched[1]), int(matched[2])
        if (month, of_month) == (2, 29) and not isleap(year):
            of_month = 28
        return date(year, month, of_month)
    except ValueError:
        raise Refused(
            "a window of the law names the day {day}, which there is not; write MM-DD, as 06-01",
            day=written,
        ) from None


def _meets(applies: Applies, to: Application | None, opens: date, closes: date) -> bool:
    """Return whether a version applies on some day of a window."""
    return (
        (to is None or applies.to is to)
        and applies.since <= closes
        and (applies.until is None or opens <= applies.until)
    )


def _of_law(laws: Laws, scheme: str, since: date, until: date) -> Iterator[Event]:
    for opening in openings(laws, scheme, since, until):
        yield from _of_window(opening)
    law = laws.law(scheme)
    for version in law.versions:
        yield from _of_version(law, version)
        yield from _of_figures(law, version)


def _of_window(opening: Opening) -> Iterator[Event]:
    def event(day: date, kind: EventKind, label: Label) -> Event:
        return Event(
            day=day,
            kind=kind,
            scheme=opening.scheme,
            label=label,
            confirmed=opening.confirmed,
            note=opening.note,
            application=opening.application,
        )

    if opening.is_deadline:
        yield event(opening.opens, EventKind.DUE, opening.label)
    else:
        first = bilingual("{window}: from this day on", window=opening.label)
        last = bilingual("{window}: last day", window=opening.label)
        yield event(opening.opens, EventKind.OPENS, first)
        yield event(opening.closes, EventKind.CLOSES, last)


def _of_version(law: Law, version: Version) -> Iterator[Event]:
    """Yield the first and the last days on which a version applies, where another does beside."""
    instrument = next(one for one in law.instruments if one.id == version.instrument)
    number = instrument.number
    for applies in version.applies:
        to = APPLICATION_LABELS[applies.to]
        why = label_of(applies.why)
        before = applies.since - _DAY
        if not any(covers(other, before, applies.to) for other in version.applies):
            yield Event(
                applies.since,
                EventKind.BEGINS,
                law.scheme,
                bilingual(
                    "{number} applies to {applications} from this day on",
                    number=number,
                    applications=to,
                ),
                # What is in doubt of an instrument is its first day.
                applies.confirmed and (instrument.confirmed or instrument.since != applies.since),
                why,
                applies.to,
            )
        if applies.until is None:
            continue
        after = applies.until + _DAY
        if not any(covers(other, after, applies.to) for other in version.applies):
            yield Event(
                applies.until,
                EventKind.ENDS,
                law.scheme,
                bilingual(
                    "last day of {number} for {applications}",
                    number=number,
                    applications=to,
                ),
                applies.confirmed,
                why,
                applies.to,
            )


def _of_figures(law: Law, version: Version) -> Iterator[Event]:
    """Yield the days on which a figure of a version changes; its first one begins with it."""
    for parameter in version.parameters.values():
        for earlier, later in zip(parameter.values, parameter.values[1:], strict=False):
            yield Event(
                later.since,
                EventKind.CHANGES,
                law.scheme,
                bilingual(
                    "{figure} changes from {earlier} to {later} ({unit})",
                    figure=label_of(parameter.label),
                    earlier=f"{earlier.value.normalize():f}",
                    later=f"{later.value.normalize():f}",
                    unit=unit_named(parameter.unit).label,
                ),
                later.confirmed,
                label_of(later.note) if later.note else None,
            )


def _expiry(held: Held) -> Event:
    if held.expires is None:
        raise ValueError(f"{held.certificate}: has no last day")
    return Event(
        held.expires,
        EventKind.EXPIRES,
        held.scheme,
        bilingual("last day of the title {title}", title=title_name(held.scheme)),
        certificate=held.certificate or None,
    )
