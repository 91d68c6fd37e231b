"""From a worksheet to a grid: headers found, cells as text, leftovers set aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from ballast.errors import UnreadableFile
from ballast.lake.sheets.cells import Cell, column_text
from ballast.lake.sheets.grid import Grid, Header
from ballast.lake.sheets.header_block import WINDOW, Range, find_headers
from ballast.lake.sheets.leftovers import drop_leftovers
from ballast.lake.sheets.workbook import Sheet
from ballast.terms.label import Language
from ballast.words import Sentence

__all__ = ["NOTES_MARKS", "NOTES_SHEETS", "drop_nameless", "grids_of"]

# Sheets that explain a form: ours (ballast.lake.template), known by how they begin, and others'.
NOTES_MARKS: dict[Language, str] = {"zh": "填写说明：", "en": "How to fill in: "}
NOTES_SHEETS = ("填写说明", "填表说明", "填报说明", "指标解释", "说明", "Notes")


def grids_of(path: Path, sheets: Iterable[Sheet], only: str | None) -> list[Grid]:
    """Return the data sheets of a workbook.

    Parameters
    ----------
    path
        The workbook, for messages.
    sheets
        Its worksheets.
    only
        The sheet that was asked for by name; it is read even if hidden.

    Returns
    -------
    list of Grid
        Hidden sheets, sheets of notes and empty ones left out, with a note on the first grid.

    Raises
    ------
    UnreadableFile
        If no sheet holds data.
    """
    grids: list[Grid] = []
    skipped: list[Sentence] = []
    headed: str | None = None
    for sheet in sheets:
        if only is None and sheet.hidden:
            skipped.append(Sentence("sheet {sheet} is hidden: not read.", {"sheet": sheet.name}))
        elif only is None and sheet.name.strip() in NOTES_SHEETS:
            if not _is_ours(sheet):
                skipped.append(
                    Sentence("sheet {sheet} holds explanations: not read.", {"sheet": sheet.name})
                )
        else:
            grid = _grid(sheet)
            if grid is not None and grid.frame.height:
                grids.append(grid)
            elif grid is not None:
                headed = headed or sheet.name
    if grids:
        first = grids[0]
        told = (*first.notes, *skipped)
        return [Grid(first.sheet, first.frame, first.rows, first.headers, told), *grids[1:]]
    if headed is not None:
        raise UnreadableFile(
            "{path}, sheet {sheet}: there are headers but no rows; fill some in",
            path=path,
            sheet=headed,
        )
    raise UnreadableFile("{path}: no sheet holds a table", path=path)


def _is_ours(sheet: Sheet) -> bool:
    """Return whether a sheet is the notes of a form that we wrote; it need not be mentioned."""
    first = next(sheet.batches, [[""]])[0][0]
    return isinstance(first, str) and first.startswith(tuple(NOTES_MARKS.values()))


def _grid(sheet: Sheet) -> Grid | None:
    headers: tuple[Header, ...] | None = None
    notes: list[Sentence] = []
    frames: list[pl.DataFrame] = []
    rows: list[pl.Series] = []
    before = filled = first_data = 0
    merges = _down(sheet.merges)
    for batch in sheet.batches:
        if headers is None:
            top = _first_filled(batch)
            near = [
                ((first - before - top, left), (last - before - top, right))
                for (first, left), (last, right) in sheet.merges
                if first >= before + top
            ]
            block = find_headers(batch[top : top + WINDOW], near, first_row=before + top + 1)
            if block is None:
                before += len(batch)
                continue
            headers, notes = block.headers, list(block.notes)
            first_data = before + top + block.first_data
        skip = max(0, first_data - before)
        filled += _fill_down(batch, before, first_data, merges)
        columns = list(zip(*batch[skip:], strict=True))
        if columns:
            texts = {f"c{i}": column_text(cells) for i, cells in enumerate(columns)}
            frames.append(pl.DataFrame(texts))
            first = before + skip + 1
            rows.append(pl.int_range(first, before + len(batch) + 1, eager=True))
        before += len(batch)
    if headers is None:
        return None
    frame = pl.concat(frames) if frames else _empty(len(headers))
    numbers = pl.concat(rows) if rows else pl.Series([], dtype=pl.Int64)
    frame, numbers, left_out = drop_leftovers(frame, numbers, headers)
    frame, headers, nameless = drop_nameless(frame, headers)
    notes += left_out + nameless
    if filled:
        notes.append(
            Sentence("merged cells filled downwards: {count} cells of text.", {"count": filled})
        )
    return Grid(sheet.name, frame, numbers.alias("row"), headers, tuple(notes))


def _first_filled(batch: list[list[Cell]]) -> int:
    for number, row in enumerate(batch):
        if any(cell is not None and cell != "" for cell in row):
            return number
    return 0


def drop_nameless(
    frame: pl.DataFrame, headers: Sequence[Header]
) -> tuple[pl.DataFrame, tuple[Header, ...], list[Sentence]]:
    """Leave out the columns without a header; say so where they hold anything.

    Parameters
    ----------
    frame
        Columns ``c0``, ``c1``, …
    headers
        One per column, empty where the file has none.

    Returns
    -------
    frame, headers, notes
        The columns numbered anew.
    """
    named = [i for i, header in enumerate(headers) if header.text]
    nameless = [i for i in range(len(headers)) if i not in set(named)]
    full = [i for i in nameless if frame[f"c{i}"].null_count() < frame.height]
    notes = []
    if full:
        notes.append(
            Sentence(
                "left out, because it has no header: column {columns}.",
                {"columns": ", ".join(column_letters(i) for i in full)},
            )
        )
    kept = frame.select(pl.col(f"c{i}").alias(f"c{n}") for n, i in enumerate(named))
    return kept, tuple(headers[i] for i in named), notes


def column_letters(index: int) -> str:
    """Return the letters above a column of a spreadsheet.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _empty(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={f"c{i}": pl.String for i in range(width)})


def _down(merges: Sequence[Range]) -> dict[int, list[tuple[int, int]]]:
    """Return the ranges merged down one column: first row to last row and column."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in merges:
        if bottom > top and left == right:
            starts.setdefault(top, []).append((bottom, left))
    return starts


def _fill_down(
    batch: list[list[Cell]], before: int, first_data: int, merges: dict[int, list[tuple[int, int]]]
) -> int:
    """Give cells merged down their text in every row; return how many.

    Numbers stay in the first row alone: one amount for five enterprises is
    not five amounts. A range is filled within its batch.
    """
    filled = 0
    for top, ranges in merges.items():
        if not max(before, first_data) <= top < before + len(batch):
            continue
        for bottom, column in ranges:
            value = batch[top - before][column] if column < len(batch[top - before]) else ""
            if isinstance(value, str) and value.strip():
                for row in range(top + 1, min(bottom + 1, before + len(batch))):
                    batch[row - before][column] = value
                    filled += 1
    return filled
