"""What every reader hands on: one sheet of data with its headers and row numbers.

Cells from spreadsheets and CSV are text here. Deciding what a text means is
the work of the declarations and their checks; a reader that guessed types
would turn the code 001 into 1 before anybody could object.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ballast.terms.unit import Unit
from ballast.words import Sentence

__all__ = ["Grid", "Header"]


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
    notes: tuple[Sentence, ...] = ()
