"""Where the headers of a worksheet end and its data begin.

Forms are made for people: a title across the sheet, 表号 and 单位：万元 above the
table, headers of two or three levels with merged cells, a row of units, a row
of column numbers (甲 乙 1 2 3). Asking the user for "the header row" would move
that puzzle to them for every file, so it is solved here, by these rules:

1. Rows above the table: rows with one filled cell while the table is wider, and
   rows that only hold ``label：value`` (单位：万元, 填报单位：…) or a date. Units
   named there hold for the sheet.
2. The next filled row begins the headers.
3. The row below belongs to the headers if a cell of the headers is merged down
   into it; if it only fills the columns below cells merged across; if it fills
   exactly the gaps that the first row leaves to the right of a filled cell; if
   it holds nothing but units; or if it numbers the columns.
4. The first row that does not is the first row of data.

Whatever a rule leaves out is said in a note; nothing is dropped silently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ballast.lake.sheets.cells import Cell, cell_text
from ballast.lake.sheets.grid import Header
from ballast.lake.sheets.header_text import make_header, unit_lines, unit_or_none
from ballast.terms.unit import Unit
from ballast.words import Sentence

__all__ = ["HeaderBlock", "Range", "find_headers"]

Range = tuple[tuple[int, int], tuple[int, int]]
"""A merged range: row and column of its first and of its last cell, from 0."""

WINDOW = 60  # rows in which the data must have begun
_DEEPEST = 6  # rows of headers

_CAPTION = re.compile(r"[^：:]{1,20}[：:].*", re.DOTALL)
_DATED = re.compile(r"[（(]?\s*\d{4}\s*年.{0,12}[)）]?")
_ORDINALS = re.compile(r"[甲乙丙丁戊己庚辛ABCDE]")
_NO_UNIT = frozenset({"", "-", "—", "--", "——", "/", "\\", "无"})


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """What stands above the data of a sheet.

    Parameters
    ----------
    first_data
        Index of the first row below the headers.
    headers
        One per column of the sheet; an empty one where a column has none.
    notes
        What was understood.
    """

    first_data: int
    headers: tuple[Header, ...]
    notes: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """The first rows of a sheet: as stored, and with merged cells filled."""

    raw: list[list[str]]
    filled: list[list[str]]
    merges: list[Range]

    def count(self, row: int) -> int:
        return sum(1 for cell in self.raw[row] if cell)

    @property
    def width(self) -> int:
        """Columns that hold anything at all."""
        return sum(1 for column in zip(*self.raw, strict=True) if any(column))


def find_headers(
    rows: Sequence[Sequence[Cell]], merges: Sequence[Range], *, first_row: int = 1
) -> HeaderBlock | None:
    """Find the headers among the first rows of a sheet.

    Parameters
    ----------
    rows
        The first `WINDOW` rows, all of one length, empty ones included.
    merges
        The merged ranges, counted from the first of the rows.
    first_row
        The number that a person sees beside the first of the rows.

    Returns
    -------
    HeaderBlock or None
        ``None`` where every row is empty.

    Examples
    --------
    >>> block = find_headers([["单位：万元", ""], ["企业", "产值"], ["甲厂", 12.5]], [])
    >>> block.first_data, [header.text for header in block.headers]
    (2, ['企业', '产值'])
    """
    window = _window(rows, merges)
    width = window.width
    notes: list[Sentence] = []
    units: tuple[Unit, ...] = ()
    top = None
    for row in range(len(window.raw)):
        if not window.count(row):
            continue
        if not _is_caption(window, row, width):
            top = row
            break
        units = units + unit_lines([cell for cell in window.raw[row] if cell])
    if top is None:
        return None
    levels, row_units, numbered, first_data = _levels(window, top, width)
    if numbered is not None:
        notes.append(
            Sentence(
                "row {row} numbers the columns and was left out.", {"row": numbered + first_row}
            )
        )
    headers = tuple(
        make_header(
            _path([level[column] for level in levels]),
            row_unit=row_units[column],
            sheet_units=units,
        )
        for column in range(len(window.raw[0]))
    )
    if units:
        notes.append(
            Sentence(
                "figures whose header names no unit are taken in {units}, as the sheet says.",
                {"units": "、".join(unit.label.zh for unit in units)},
            )
        )
    return HeaderBlock(first_data, headers, tuple(notes))


def _window(rows: Sequence[Sequence[Cell]], merges: Sequence[Range]) -> _Window:
    raw = [[_one_line(cell) for cell in row] for row in rows]
    filled = [list(row) for row in raw]
    width = len(raw[0]) if raw else 0
    near = [m for m in merges if m[0][0] < len(raw) and m[0][1] < width]
    for (top, left), (bottom, right) in near:
        for row in range(top, min(bottom + 1, len(raw))):
            for column in range(left, min(right + 1, width)):
                filled[row][column] = raw[top][left]
    return _Window(raw, filled, near)


def _one_line(cell: Cell) -> str:
    return " ".join((cell_text(cell) or "").split())


def _is_caption(window: _Window, row: int, width: int) -> bool:
    """Return whether a row stands above the table and is not part of it (rule 1)."""
    cells = [cell for cell in window.raw[row] if cell]
    if len(cells) == 1:
        return any(window.count(later) > 1 for later in range(row + 1, len(window.raw)))
    looks = all(_CAPTION.fullmatch(cell) or _DATED.fullmatch(cell) for cell in cells)
    return looks and 2 * len(cells) <= width


def _levels(
    window: _Window, top: int, width: int
) -> tuple[list[list[str]], list[Unit | None], int | None, int]:
    """Return the rows of names, the units by column, the row of numbers, the first data row."""
    levels = [list(window.filled[top])]
    row_units: list[Unit | None] = [None] * len(window.raw[0])
    numbered = None
    last, row = top, top + 1
    while row < len(window.raw) and row - top < _DEEPEST:
        if _merged_into(window, top, row):
            levels.append(list(window.filled[row]))
        elif (found := _units_row(window.raw[row], width)) is not None:
            row_units = found
        elif numbered is None and _numbers_row(window.raw[row], width):
            numbered = row
        elif _below_merged(window, last, row):
            levels.append(list(window.filled[row]))
        elif row == top + 1 and _fills_gaps(window, top, row):
            levels[0] = _carried_right(levels[0])
            levels.append(list(window.filled[row]))
        else:
            break
        last, row = row, row + 1
    return levels, row_units, numbered, row


def _merged_into(window: _Window, top: int, row: int) -> bool:
    return any(first[0] >= top and first[0] < row <= last[0] for first, last in window.merges)


def _below_merged(window: _Window, last: int, row: int) -> bool:
    """Return whether a row names the columns below cells merged across, and nothing else."""
    below = {
        column
        for first, end in window.merges
        if first[0] <= last <= end[0] and end[1] > first[1]
        for column in range(first[1], end[1] + 1)
    }
    cells = window.raw[row]
    filled = {column for column, cell in enumerate(cells) if cell}
    wordy = all(not _is_data_like(cells[column]) for column in filled)
    return bool(below) and filled == below & set(range(len(cells))) and wordy


def _fills_gaps(window: _Window, top: int, row: int) -> bool:
    """Return whether a row fills the gaps right of the groups above it, and leaves the rest."""
    above = [bool(cell) for cell in window.raw[top]]
    below = [bool(cell) for cell in window.raw[row]]
    gaps = [c for c, filled in enumerate(above) if not filled and any(above[:c])]
    gaps = [c for c in gaps if any(window.raw[r][c] for r in range(row, len(window.raw)))]
    if not gaps or not all(below[c] for c in gaps):
        return False
    groups = {max(c for c in range(gap) if above[c]) for gap in gaps}
    expected = groups | set(gaps)
    wordy = all(not _is_data_like(window.raw[row][c]) for c in expected)
    leaves = [c for c, filled in enumerate(above) if filled and c not in groups]
    return wordy and bool(leaves) and all(below[c] == (c in expected) for c in range(len(below)))


def _carried_right(cells: list[str]) -> list[str]:
    carried, held = [], ""
    for cell in cells:
        held = cell or held
        carried.append(held)
    return carried


def _is_data_like(cell: str) -> bool:
    """Return whether a cell looks like a figure, a code or a date rather than a name."""
    digits = sum(letter.isdigit() for letter in cell)
    return digits > 0 and (2 * digits >= len(cell.replace(" ", "")) or cell.isdecimal())


def _units_row(cells: Sequence[str], width: int) -> list[Unit | None] | None:
    filled = [cell for cell in cells if cell]
    if width < 3 or len(filled) < 2:
        return None
    units = [unit_or_none(cell.strip("()（） ")) if cell else None for cell in cells]
    fits = all(u or cell in _NO_UNIT for u, cell in zip(units, cells, strict=True))
    return units if fits and any(units) else None


def _numbers_row(cells: Sequence[str], width: int) -> bool:
    """Return whether a row numbers the columns: 甲 乙 1 2 3, or 1 2 3 4 5 alone."""
    filled = [cell.strip("()（）") for cell in cells if cell]
    letters = 0
    while letters < len(filled) and _ORDINALS.fullmatch(filled[letters]):
        letters += 1
    counted = filled[letters:]
    in_order = counted == [str(n + 1) for n in range(len(counted))]
    enough = len(counted) >= (1 if letters else 5) and len(filled) >= 3
    return in_order and enough and len(filled) == width


def _path(cells: Sequence[str]) -> list[str]:
    path: list[str] = []
    for cell in cells:
        if cell and (not path or path[-1] != cell):
            path.append(cell)
    return path
