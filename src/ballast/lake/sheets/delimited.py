"""CSV and its kin, through polars at its own speed.

The file is handed to polars once, all columns as text; UTF-8 is validated by
polars on the way. What polars would let pass (short records, NUL bytes) is
found by counting bytes, and exactly only where the count says something is
wrong. Python's csv module, which would be simpler, takes thirty times as long.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.errors import Refused, UnreadableFile
from ballast.lake.sheets.encodings import from_gb18030, from_utf16, is_utf8
from ballast.lake.sheets.grid import Grid
from ballast.lake.sheets.header_text import make_header, unit_lines
from ballast.lake.sheets.limits import MAX_COLUMNS
from ballast.lake.sheets.records import Records, scan_records, stray_quote
from ballast.lake.sheets.worksheet import drop_nameless
from ballast.terms.unit import Unit

__all__ = ["read_delimited"]

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = (",", "\t", ";")
_HEAD = 1024 * 1024  # the headers lie within
_CAPTIONS = 10  # lines above the headers, at most
_SAMPLED = 50  # records by which the separator is chosen
_NAMED = 5  # lines named in a message

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Top:
    """The lines above the data: the headers, and where they end."""

    separator: str
    names: list[str]
    records: int  # records up to and with the headers, blank lines included
    lines: int  # lines of the same
    units: tuple[Unit, ...]


def read_delimited(path: Path) -> Grid:
    """Read a file of separated values.

    Parameters
    ----------
    path
        UTF-8 with or without BOM, GB18030, or UTF-16 with BOM; separated by
        comma, tab or semicolon; the first record with more than one field is
        the header.

    Returns
    -------
    Grid
        Row numbers are lines of the file.

    Raises
    ------
    UnreadableFile
        If it mixes encodings, holds NUL bytes or stray quotation marks, has
        records of differing length, or no rows.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be opened: {reason}", path=path, reason=error.strerror or "?"
        ) from None
    data = _decoded(data, path)
    top = _top(data, path)
    parsed = _parsed(data, top)
    if parsed is None and not is_utf8(data):  # the first line that is not ASCII lies far down
        data = from_gb18030(data, path)
        parsed = _parsed(data, top)
    if parsed is None:
        raise _why(data, top, path)
    frame, rows = _numbered(parsed, data, top, path)
    if not frame.height:
        raise UnreadableFile("{path}: there are headers but no rows; fill some in", path=path)
    headers = tuple(
        make_header([name] if name else [], sheet_units=top.units) for name in top.names
    )
    frame, kept, notes = drop_nameless(frame, headers)
    return Grid(None, frame, rows.alias("row"), kept, tuple(notes))


def _decoded(data: bytes, path: Path) -> bytes:
    """Return a file as bytes that are UTF-8, or that polars will find not to be."""
    if data.startswith(_UTF16_BOMS):
        data = from_utf16(data, path)
    data = data.removeprefix(_UTF8_BOM)
    if (place := data.find(b"\0")) >= 0:
        raise UnreadableFile(
            "{path}: line {line} holds a NUL byte; it is no text file, or is damaged",
            path=path,
            line=data.count(b"\n", 0, place) + 1,
        )
    if b"\r" in data[:_HEAD] and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if not is_utf8(_head(data)):
        data = from_gb18030(data, path)
    return data


def _head(data: bytes) -> bytes:
    """Return the lines of the first mebibyte, all of them whole."""
    if len(data) <= _HEAD:
        return data
    return data[: data.rfind(b"\n", 0, _HEAD) + 1] or data


def _top(data: bytes, path: Path) -> _Top:
    """Find the header: the first record with more than one field (rule 1 of ``header_block``)."""
    text = _head(data).decode()
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not first:
        raise UnreadableFile(
            "{path}: the file is empty; was it saved before it was sent?", path=path
        )
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator)
    seen: list[tuple[list[str], int]] = []
    try:
        for record in reader:
            seen.append(([cell.strip() for cell in record], reader.line_num))
            if len(seen) > _CAPTIONS or sum(map(bool, seen[-1][0])) > 1:
                break
    except csv.Error:  # a lone carriage return, a field of a megabyte
        if not seen:
            raise UnreadableFile("{path}: cannot be read as separated values", path=path) from None
    wide = next((n for n, (cells, _) in enumerate(seen) if sum(map(bool, cells)) > 1), None)
    if wide is None:
        wide = next((n for n, (cells, _) in enumerate(seen) if any(cells)), 0)
    names, lines = seen[wide]
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(
            "{path}: has {count} columns, the limit is {most}",
            path=path,
            count=len(names),
            most=MAX_COLUMNS,
        )
    above = [cell for cells, _ in seen[:wide] for cell in cells if cell]
    names = [" ".join(name.split()) for name in names]
    return _Top(separator, names, wide + 1, lines, unit_lines(above))


def _separator(text: str) -> str:
    """Return the separator by which the most of the first records have one number of fields.

    Not simply the most frequent one: semicolons may stand in every cell of a
    column (3452:0.3;2929:0.1) of a file separated by commas.
    """

    def agreement(separator: str) -> tuple[int, int]:
        counts: Counter[int] = Counter()
        try:
            records = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator)
            for record in islice(records, _SAMPLED):
                counts[len(record)] += 1
        except csv.Error:
            pass
        several = [(times, fields) for fields, times in counts.items() if fields > 1]
        return max(several, default=(0, 0))

    return max(_SEPARATORS, key=agreement)


def _parsed(data: bytes, top: _Top) -> pl.DataFrame | None:
    """Return the records below the headers, ``None`` where polars cannot tell them."""
    schema = {f"c{i}": pl.String for i in range(len(top.names))}
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            skip_rows=top.records,
            separator=top.separator,
            schema=schema,
            missing_columns="insert",
            infer_schema=False,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None
    if b'"' in data and b'""' in data:  # one byte is found ten times as fast as two
        frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return frame


def _why(data: bytes, top: _Top, path: Path) -> Refused:
    """Return what is wrong with a file that polars could not parse."""
    line = stray_quote(data, top.separator)
    if line is not None:
        return UnreadableFile(
            "{path}: line {line}: a quotation mark stands within a field or is never closed;"
            " double it or remove it",
            path=path,
            line=line,
        )
    ragged = _ragged(scan_records(data, top.separator), top)
    if len(ragged):
        return _ragged_error(ragged, top, path)
    return UnreadableFile("{path}: cannot be read as separated values", path=path)


def _ragged(records: Records, top: _Top) -> Lines:
    fields = records.fields[top.records :]
    wrong = (fields != 0) & (fields != len(top.names))
    found: Lines = records.lines[top.records :][wrong]
    return found


def _ragged_error(lines: Lines, top: _Top, path: Path) -> Refused:
    named = ", ".join(str(line) for line in lines[:_NAMED])
    return UnreadableFile(
        "{path}: {count} lines do not have the {fields} fields of the header: line {lines};"
        " look for a separator too many or too few",
        path=path,
        count=len(lines),
        fields=len(top.names),
        lines=named + (" …" if len(lines) > _NAMED else ""),
    )


def _numbered(
    frame: pl.DataFrame, data: bytes, top: _Top, path: Path
) -> tuple[pl.DataFrame, pl.Series]:
    """Return the rows that are not blank with their line numbers; refuse short ones."""
    width, last = frame.width, frame.columns[-1]
    last_is_full = width > 1 and not frame[last].null_count()
    quoted = b'"' in data
    # Without quotes polars gives a row for every line, blank ones included.
    if (last_is_full or (not quoted and _counts_agree(data, top, frame.height))) and (
        not quoted or _line_count(data) == top.lines + frame.height
    ):
        rows = pl.int_range(top.lines + 1, top.lines + frame.height + 1, eager=True)
    else:
        records = scan_records(data, top.separator)
        ragged = _ragged(records, top)
        if len(ragged) and width > 1:
            raise _ragged_error(ragged, top, path)
        rows = pl.Series(records.lines[top.records :], dtype=pl.Int64)
        if len(rows) != frame.height:
            raise _why(data, top, path)
    if frame["c0"].null_count() and not last_is_full:
        blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        return frame.filter(~blank), rows.filter(~blank)
    return frame, rows


def _line_count(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n"))


def _counts_agree(data: bytes, top: _Top, rows: int) -> bool:
    """Return whether there are as many separators as full records have."""
    if top.records != 1 or len(top.names) == 1:
        return False
    return data.count(top.separator.encode()) == (rows + 1) * (len(top.names) - 1)
