"""How a law is kept: a scheme with its instruments, its versions over time, and its cases.

Apart from ``shape``, which says what a single rule looks like: what is dated
here is a whole law.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from ballast.brain.policy.shape import (
    Application,
    Criterion,
    Quantity,
    Shape,
    Words,
)

__all__ = [
    "Applies",
    "Case",
    "CaseFile",
    "CaseTable",
    "ClassBound",
    "Dated",
    "Given",
    "Instrument",
    "Law",
    "Parameter",
    "Sector",
    "Version",
    "Window",
]


class Instrument(Shape):
    """The document that a version stands on.

    ``since``/``until`` are the first and the last day on which it is in force; ``until`` is null
    while it is. ``confirmed`` false: no source at hand confirms what ``note`` names.
    """

    id: str
    number: str
    title: Words
    issuer: Words
    since: date
    until: date | None = None
    issued: date | None = None
    confirmed: bool = True
    note: Words | None = None
    sources: tuple[str, ...] = ()


class Dated(Shape):
    """A figure of law from a day on; an amendment adds a line and leaves the old one standing."""

    since: date
    value: Decimal
    article: str
    confirmed: bool = True
    note: Words | None = None


class Parameter(Shape):
    """A figure of law by its name, in the unit that the law writes, over time, oldest first."""

    label: Words
    unit: str
    values: tuple[Dated, ...]


class ClassBound(Shape):
    """The least figures of a size class; every measure of the sector must be reached."""

    name: str
    least: dict[str, Decimal]


class Sector(Shape):
    """A sector of the size standard: which industries, which measures, which bounds.

    ``industries`` are codes of GB/T 4754-2017 that a class begins with (sections too); ``bounds``
    are listed from the largest class down, and who reaches none is ``otherwise``.
    """

    id: str
    label: Words
    article: str
    industries: tuple[str, ...]
    units: dict[str, str]
    bounds: tuple[ClassBound, ...]
    otherwise: str
    confirmed: bool = True
    note: Words | None = None


class Applies(Shape):
    """To which applications a version applies, and between which days; ``why`` says it in words.

    ``certificate_until``: only to certificates awarded up to that day (old law kept for renewals).
    """

    to: Application
    since: date
    until: date | None = None
    certificate_until: date | None = None
    why: Words
    confirmed: bool = True


class Window(Shape):
    """When applications are taken: month and day, of the year or every year."""

    label: Words
    opens: str  # MM-DD
    closes: str  # MM-DD
    years: tuple[int, ...] = ()  # empty: every year in which the version applies
    to: Application | None = None
    confirmed: bool = True
    note: Words | None = None


class Version(Shape):
    """One state of a law: its parameters, its quantities, and its criterion or its sectors."""

    id: str
    instrument: str
    annex: str | None = None
    applies: tuple[Applies, ...]
    valid_years: int | None = None
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    quantities: dict[str, Quantity] = Field(default_factory=dict)
    criterion: Criterion | None = None
    sectors: tuple[Sector, ...] = ()
    windows: tuple[Window, ...] = ()
    note: Words | None = None


class Law(Shape):
    """One scheme with all its versions: a file of ``law/``."""

    scheme: str
    label: Words
    about: Words
    rung: int | None = None  # on the ladder, from 1; null: beside it
    instruments: tuple[Instrument, ...]
    versions: tuple[Version, ...]


Given = dict[str, Decimal | bool | date | str]
"""Facts of a case: ``key`` or ``key[2025]`` or, as in formulas, ``key[last]``, ``key[last-1]``."""


class Case(Shape):
    """A case that an official can read: facts and a day in, what must come out.

    ``facts`` (`Given`) come over those of ``base``, by its name in the file; a share may be written
    ``"12%"``. ``holds`` are the titles held on the day, ``titles_known`` false: nobody said which.
    ``expect`` gives the verdict, ``classes`` what the size standard says, ``criteria`` states by
    the criterion's id, ``scores`` the two ends of scores, groups and items by theirs, ``why`` says
    in words what the case shows.
    """

    name: Words
    day: date
    application: Application = Application.NEW
    certificate: date | None = None
    base: str | None = None
    facts: Given = Field(default_factory=dict)
    without: tuple[str, ...] = ()  # facts of the base that are not known in this case
    holds: tuple[str, ...] = ()
    titles_known: bool = True
    version: str | None = None
    expect: str | None = None
    classes: tuple[str, ...] = ()
    criteria: dict[str, str] = Field(default_factory=dict)
    scores: dict[str, tuple[Decimal, Decimal]] = Field(default_factory=dict)
    traces: tuple[str, ...] = ()  # parameters that this case stands at the boundary of
    refused: bool = False  # no version applies
    why: Words | None = None


class CaseTable(Shape):
    """Many cases that differ in one fact: just under, at and just over each boundary, as a table.

    ``vary`` is the fact, ``of`` the id of the criterion, group, item or sector (class) that is
    looked at; ``rows`` pair a value with what must come out: a state, points, the two ends of
    points, or a size class.
    """

    name: Words
    day: date
    application: Application = Application.NEW
    certificate: date | None = None
    base: str | None = None
    facts: Given = Field(default_factory=dict)
    holds: tuple[str, ...] = ()
    version: str | None = None
    vary: str
    of: str
    rows: tuple[tuple[Decimal | bool | date | str, Decimal | str | tuple[Decimal, Decimal]], ...]
    traces: tuple[str, ...] = ()


class CaseFile(Shape):
    """The cases of one scheme: ``<scheme>.cases.yaml`` beside its law."""

    scheme: str
    base: dict[str, Given] = Field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    tables: tuple[CaseTable, ...] = ()
