"""When what is due: windows of application, certificates that end, laws that change.

A list of dates kept by hand would be last year's by spring. The windows stand
in the law with the years that they are of; here they become days between two
others, beside the days on which a law begins or ends and the titles of an
enterprise expire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from ballast.brain.policy.facts import Held
from ballast.brain.policy.shape import Application
from ballast.terms.label import Label

if TYPE_CHECKING:
    from ballast.brain.policy.reading import Laws

__all__ = ["Event", "EventKind", "Opening", "calendar", "openings"]


class EventKind(StrEnum):
    """What happens."""

    OPENS = "opens"  # applications are taken from this day on
    CLOSES = "closes"  # the last day of applications
    BEGINS = "begins"  # a version of a law begins to apply
    ENDS = "ends"  # the last day on which one applies
    EXPIRES = "expires"  # the last day of a title


@dataclass(frozen=True, slots=True)
class Opening:
    """A window of application in one year; both days belong to it.

    ``application`` is None where the window is for every application.
    """

    scheme: str
    version: str
    label: Label
    opens: date
    closes: date
    application: Application | None
    confirmed: bool
    note: Label | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One day of the calendar.

    Parameters
    ----------
    day, kind, scheme
        When, what, of which scheme.
    label
        What it is called.
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
    raise NotImplementedError


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
    raise NotImplementedError
