"""How the command line prints: a table for eyes, CSV or JSON for programs.

Programs get full precision and machine names; eyes get labels. Text that
would start a formula is escaped in CSV, because people open CSV in Excel.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import polars as pl
from rich.console import Console, JustifyMethod
from rich.table import Table as RichTable
from rich.text import Text

from ballast.lake.sheets.cells import safe_cell
from ballast.terms.label import Language
from ballast.words import visible
from ballast.words.numbers import Absence, fixed


class Format(StrEnum):
    """In what form a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as it is printed.

    Parameters
    ----------
    name
        The machine name, in CSV and JSON.
    label
        The header for eyes.
    decimals
        Of a figure, for eyes alone.
    absent
        What an empty cell means, for eyes alone.
    """

    name: str
    label: str
    decimals: int | None = None
    absent: Absence | None = None


def screen(*, stderr: bool = False) -> Console:
    """Return the console of a stream; plain where it is no terminal."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 200
    return Console(file=stream, width=width, highlight=False, soft_wrap=not stream.isatty())


def print_rows(
    frame: pl.DataFrame, columns: Sequence[Shown], form: Format, language: Language
) -> None:
    """Print rows in the form that was asked for."""
    chosen = frame.select(column.name for column in columns)
    match form:
        case Format.JSON:
            rows = [{k: _plain(v) for k, v in row.items()} for row in chosen.iter_rows(named=True)]
            sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        case Format.CSV:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(column.name for column in columns)
            writer.writerows([_csv_cell(value) for value in row] for row in chosen.iter_rows())
        case Format.TABLE:
            _print_table(chosen.iter_rows(), columns, language)


def _print_table(
    rows: Iterable[tuple[object, ...]], columns: Sequence[Shown], language: Language
) -> None:
    drawn = RichTable(box=None, pad_edge=False, header_style="bold")
    numeric = [column.decimals is not None for column in columns]
    for column, right in zip(columns, numeric, strict=True):
        # Chinese has no blanks to break at: a long cell is folded, never cut off.
        justify: JustifyMethod = "right" if right else "left"
        drawn.add_column(column.label, justify=justify, no_wrap=right, overflow="fold")
    for row in rows:
        drawn.add_row(
            *(
                Text(_eyes(value, column, language))
                for value, column in zip(row, columns, strict=True)
            )
        )
    screen().print(drawn)


def _eyes(value: object, column: Shown, language: Language) -> str:
    if value is None:
        return "—" if column.absent is None else column.absent.label.text(language)
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
    if isinstance(value, (int, float, Decimal)) and column.decimals is not None:
        return fixed(value, column.decimals, language)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return visible(str(value))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_cell(value)
    return str(_plain(value)) if not isinstance(value, bool) else str(value).lower()
