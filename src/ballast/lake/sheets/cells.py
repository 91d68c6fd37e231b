"""Text of cells: what a spreadsheet's value is as text, and what goes out to one.

calamine can write cells as text itself (``dtypes="string"`` in fastexcel), but
rounds to nine decimals on the way; the figures of a form must arrive as they
were typed, so the text is made here from the double.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl

__all__ = ["Cell", "cell_text", "column_text", "float_text", "safe_cell"]

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?", re.ASCII)
_LONGEST_PLAIN = 40  # digits beyond which the scientific form is kept


def safe_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run.

    A cell that starts with ``=``, ``+``, ``-``, ``@``, a tab or a line break
    is a formula to Excel when a CSV is opened; a leading apostrophe makes it
    text. Numbers stay as they are.

    Parameters
    ----------
    text
        The cell as it would be written.

    Returns
    -------
    str

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-12.5"), safe_cell("阀门")
    ("'=HYPERLINK(1)", '-12.5', '阀门')
    """
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def float_text(number: float) -> str:
    """Return the shortest decimal that means the same double.

    Parameters
    ----------
    number
        As Excel stores every number, codes included.

    Returns
    -------
    str
        Integers without ``.0``; no exponent up to 40 digits.

    Examples
    --------
    >>> float_text(371502.0), float_text(0.1), float_text(1e-7), float_text(1e21)
    ('371502', '0.1', '0.0000001', '1000000000000000000000')
    """
    text = repr(number)
    if text.endswith(".0"):
        text = text[:-2]
        return "0" if text == "-0" else text
    if "e" in text:
        plain = format(Decimal(text), "f")
        return plain if len(plain) <= _LONGEST_PLAIN else text
    return text


def cell_text(value: Cell) -> str | None:
    """Return one cell as text, ``None`` where it is empty or blank.

    Parameters
    ----------
    value
        As calamine gives it. A date with a time of day keeps it, to the
        second; what is a date or a period drops it when it is parsed, for
        Excel adds one where a cell holds a formula.

    Examples
    --------
    >>> cell_text(datetime(2026, 5, 1, 12, 30)), cell_text(True), cell_text(" ")
    ('2026-05-01T12:30:00', 'true', None)
    >>> cell_text(datetime(2026, 5, 1))
    '2026-05-01'
    """
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return None if value is None else str(value)


def moment_text(value: datetime) -> str:
    """Return a date with its time of day, to the second, unless that is midnight.

    Excel keeps times as fractions of a day: 08:30 comes back some microseconds off.
    """
    near = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return near.isoformat() if near.time() != time(0) else near.date().isoformat()


def column_text(values: Sequence[Cell]) -> pl.Series:
    """Return a column of cells as text, as `cell_text` gives it cell by cell.

    Columns of one type, the many of a large sheet, are converted at once.

    Parameters
    ----------
    values
        The cells of one column.

    Returns
    -------
    Series of String

    Examples
    --------
    >>> column_text([1.0, "", 0.25]).to_list()
    ['1', None, '0.25']
    """
    kinds = set(map(type, values))
    if kinds == {str}:
        texts = pl.Series(values, dtype=pl.String)
        return texts.set(~texts.str.contains(r"\S"), None)
    if len(kinds - {str}) == 1 and all(v == "" for v in values if isinstance(v, str)):
        (kind,) = kinds - {str}
        bare = [None if v == "" else v for v in values] if str in kinds else values
        if kind is float:
            return _float_texts(pl.Series(bare, dtype=pl.Float64))
        if kind is bool:
            return pl.Series(bare, dtype=pl.Boolean).cast(pl.String)
        if kind is date:
            return pl.Series(bare, dtype=pl.Date).cast(pl.String)
    return pl.Series([cell_text(v) for v in values], dtype=pl.String)


def _float_texts(floats: pl.Series) -> pl.Series:
    texts = floats.cast(pl.String).str.strip_suffix(".0")
    odd = (texts.str.contains("e", literal=True) | (texts == "-0")).fill_null(False)
    if not odd.any():
        return texts
    spelled = [float_text(number) for number in floats.filter(odd)]
    return texts.scatter(odd.arg_true(), pl.Series(spelled, dtype=pl.String))
