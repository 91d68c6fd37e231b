"""What every reader hands on: one sheet of data with its headers and row numbers.

Cells from spreadsheets and CSV are text here. Deciding what a text means is
the work of the declarations and their checks; a reader that guessed types
would turn the code 001 into 1 before anybody could object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from ballast.terms.label import Language
from ballast.terms.unit import Unit
from ballast.words import say

__all__ = ["Grid", "Header", "Note"]


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one column as it stands in the file.

    Parameters
    ----------
    text
        The last non-empty cell of ``path``, without its unit.
    path
        The header cells from top to bottom, merged cells filled.
    unit
        The unit that the header names itself: ``营业收入（亿元）``.
    sheet_units
        The units of a line ``单位：万元、人`` above the table. They hold for
        a column of their dimension whose header names no unit.

    Examples
    --------
    >>> Header("营业收入").sheet_units
    ()
    """

    text: str
    path: tuple[str, ...] = ()
    unit: Unit | None = None
    sheet_units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of a file should know, sayable in both languages.

    Parameters
    ----------
    template
        The English sentence with named places, the key of the catalogue.
    values
        What fills the places.

    Examples
    --------
    >>> Note("sheet {sheet}: is empty", {"sheet": "Sheet2"}).text("en")
    'sheet Sheet2: is empty'
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return the sentence in one language."""
        return say(self.template, language, **self.values)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or one file that has no sheets.

    Parameters
    ----------
    sheet
        Its name, ``None`` for CSV and Parquet.
    frame
        Columns ``c0``, ``c1``, … in the order of ``headers``; text or null,
        except from Parquet, whose columns keep their types.
    rows
        Int64, for every row of ``frame`` the number (from 1) that a person
        sees beside it in the file.
    headers
        One per column.
    notes
        What was left out, and what was understood, that a person should know.
    """

    sheet: str | None
    frame: pl.DataFrame
    rows: pl.Series
    headers: tuple[Header, ...]
    notes: tuple[Note, ...] = ()
