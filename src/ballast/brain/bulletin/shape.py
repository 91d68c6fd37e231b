"""What a bulletin consists of, before it is written in any form or language.

A template with figures filled in would be shorter, but its sentence says
"rose" whatever the figure does, and nobody can ask it where a figure comes
from. Here a sentence is chosen by what the figures do, and each figure in it
carries the number of its note inside its text, so that no writer can lose it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.words import Sentence

__all__ = [
    "Bar",
    "Bars",
    "Bulletin",
    "Note",
    "Section",
    "Table",
    "marked",
    "pieces",
    "plain",
]

# Of the private use area: no text that is loaded may hold them (``pieces`` would take them away).
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


def marked(text: Label, note: int) -> Label:
    """Return a text with the mark of its note behind it.

    Examples
    --------
    >>> plain(marked(Label("三十二个", "32"), 4).text("en"))
    '32'
    """
    mark = f"{_OPEN}{note}{_CLOSE}"
    return Label(text.zh + mark, text.text("en") + mark)


def pieces(text: str) -> Iterator[tuple[str, int | None]]:
    """Yield a text in pieces: (text, None), or ("", number) where a note is marked.

    Examples
    --------
    >>> list(pieces(marked(Label("三", "3"), 7).text("en") + " of them"))
    [('3', None), ('', 7), (' of them', None)]
    """
    at = 0
    for found in _MARK.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], None
        yield "", int(found[1])
        at = found.end()
    if at < len(text):
        yield text[at:], None


def plain(text: str) -> str:
    """Return a text without the marks of notes."""
    return _MARK.sub("", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The footnote of a figure.

    Parameters
    ----------
    number
        From 1, in the order of the report.
    what, cell
        The indicator, and of what: a place, an industry, a cluster; None for the whole region.
    period
        What time it is of.
    sample
        Of whom it is made, and how many of them reported.
    as_of
        When the newest load came in that it rests on; None where there is none.
    command
        What makes it again.
    """

    number: int
    what: Label
    cell: Label | None
    period: Label
    sample: Label
    as_of: datetime | None
    command: str

    def text(self, language: Language) -> str:
        """Return the note as one line, without the command."""
        parts = [self.what.text(language)]
        if self.cell is not None:
            parts.append(self.cell.text(language))
        parts += [self.period.text(language), self.sample.text(language)]
        if self.as_of is not None:
            parts.append(_AS_OF.text(language).format(day=f"{self.as_of:%Y-%m-%d}"))
        return ("；" if language == "zh" else "; ").join(parts)


_AS_OF = Label("数据截至{day}", "data as of {day}")


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; ``right`` says which columns hold figures."""

    caption: Label
    columns: tuple[Label, ...]
    rows: tuple[tuple[Label, ...], ...]
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and the figure as written."""

    name: Label
    value: float
    text: Label


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars; its title states what it shows."""

    title: Sentence
    unit: Label
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the bulletin: its heading, its paragraphs, and what stands below them."""

    key: str
    title: Label
    paragraphs: tuple[tuple[Sentence, ...], ...]
    tables: tuple[Table, ...] = ()
    charts: tuple[Bars, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One month's bulletin.

    Parameters
    ----------
    region, label
        Code and name of the region.
    period
        The year to date that the month ends.
    made
        The day on which it was made.
    open_to_all
        Whether it holds published figures alone; else it is for the bureau's own use.
    synthetic
        Whether any figure rests on invented data.
    enterprises
        How many enterprises' reports it rests on, as of the headline.
    loads
        The loads that it rests on.
    sections, notes
        In order.
    """

    region: str
    label: Label
    period: Period
    made: date
    open_to_all: bool
    synthetic: bool
    enterprises: int
    loads: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
