"""Rows inside a table that are not data: blank ones, totals, notes below.

A total (合计) loaded as a row would count everything twice, and a signature line
(单位负责人：…) is no enterprise. But a row that carries a key may be data that
merely looks like a total; such a row stays, and the checks of the table judge
it. So a total is left out only where nothing but the word and figures stands
in it, and whatever is left out is said with its row number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from ballast.lake.sheets.grid import Header
from ballast.words import Sentence

__all__ = ["drop_leftovers"]

# \s of polars' regex knows the ideographic space too: 合　计.
_TOTAL = r"(?i)^\s*(合\s*计|总\s*计|小\s*计|共\s*计|sub-?total|total|grand total|sum)\s*[:：]?\s*$"
_FOOTER = (
    r"(?i)^\s*[（(]?(注|附注|备注|说明|填表说明|指标解释|资料来源|数据来源|来源|填表人|填报人|制表人|制表|"
    r"审核人|审核|复核人|单位负责人|企业负责人|统计负责人|负责人|报出日期|填报日期|制表日期|"
    r"联系电话|电话|notes?|sources?)\s*\d{0,2}\s*[:：]"
)
_NUMBER = r"^\s*[-+(（]?[\d,]+(\.\d*)?%?[)）]?\s*$|^\s*[-—]*\s*$"
_KEY = re.compile(
    r"代码|编码|编号|证号|日期|时期|报告期|月份|年份|年度|code|number|period|date|year", re.I
)
_TOTAL_WITHIN = 6  # the word of a total stands in one of the first columns
_MOST_NAMED = 8  # row numbers named in a note


def drop_leftovers(
    frame: pl.DataFrame, rows: pl.Series, headers: Sequence[Header]
) -> tuple[pl.DataFrame, pl.Series, list[Sentence]]:
    """Leave out blank rows, totals without a key, and notes below the table.

    Parameters
    ----------
    frame
        Text columns ``c0``, ``c1``, …
    rows
        The row numbers.
    headers
        One per column; a header that names a code or a date marks a key.

    Returns
    -------
    frame, rows, notes

    Examples
    --------
    >>> frame = pl.DataFrame({"c0": ["甲厂", "合计", "注：快报数"], "c1": ["1", "1", None]})
    >>> headers = [Header("企业"), Header("产值")]
    >>> kept, rows, notes = drop_leftovers(frame, pl.Series([2, 3, 4]), headers)
    >>> rows.to_list(), [note.text("en") for note in notes]
    ([2], ['left out as totals: row 3.', 'left out as notes below the table: row 4.'])
    """
    if not frame.width or not frame.height:
        return frame, rows, []
    blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
    first = frame.select(pl.coalesce(pl.all())).to_series()
    footer = _footers(frame, first)
    total = _totals(frame, headers) & ~footer
    notes = []
    if total.any():
        rows_left = {"rows": _named(rows.filter(total))}
        notes.append(Sentence("left out as totals: row {rows}.", rows_left))
    if footer.any():
        rows_left = {"rows": _named(rows.filter(footer))}
        notes.append(Sentence("left out as notes below the table: row {rows}.", rows_left))
    kept = ~(blank | footer | total)
    if kept.all():
        return frame, rows, notes
    return frame.filter(kept), rows.filter(kept), notes


def _footers(frame: pl.DataFrame, first: pl.Series) -> pl.Series:
    """Return which rows are notes: they open with a footer's word, or continue one alone."""
    looks = first.str.contains(_FOOTER).fill_null(False)
    if frame.width < 2 or not looks.any():
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    filled = frame.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    labelled = frame.select(
        pl.sum_horizontal(pl.all().str.contains(r"[:：]").fill_null(False))
    ).to_series()
    # A note is short beside a row of data; a line of signatures is all labels with their values.
    notes: pl.Series = looks & ((filled <= max(1, frame.width // 3)) | (2 * labelled >= filled))
    if not notes.any():
        return notes
    start = notes.arg_true()[0]
    place = pl.int_range(0, frame.height, eager=True)
    after: pl.Series = (place > start) & (filled <= 1)
    return notes | after


def _totals(frame: pl.DataFrame, headers: Sequence[Header]) -> pl.Series:
    """Return which rows hold the word of a total, figures, and no key."""
    early = pl.col(frame.columns[:_TOTAL_WITHIN])
    has_word = frame.select(
        pl.any_horizontal(early.str.contains(_TOTAL).fill_null(False))
    ).to_series()
    if not has_word.any():
        return has_word
    word = pl.all().str.contains(_TOTAL)
    only_figures = frame.select(
        pl.all_horizontal(pl.all().is_null() | word | pl.all().str.contains(_NUMBER))
    ).to_series()
    keys = [
        f"c{i}"
        for i, header in enumerate(headers)
        if _KEY.search("".join(header.path) or header.text)
    ]
    if not keys:
        return has_word & only_figures
    keyless = frame.select(
        pl.all_horizontal(pl.col(keys).is_null() | pl.col(keys).str.contains(_TOTAL))
    ).to_series()
    return has_word & only_figures & keyless


def _named(rows: pl.Series) -> str:
    named = ", ".join(str(row) for row in rows.head(_MOST_NAMED))
    return named + (" …" if len(rows) > _MOST_NAMED else "")
