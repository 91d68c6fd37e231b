"""Files of identifiers: tables and lines of JSON, as the lines that the node loads.

A table has one identifier a row and one value a column; the header says the
type. A header that we know (``网址``, ``Name``) means its type, any other one
is the type itself, so that an enterprise's own columns need no table of
translations. Every row becomes one line, an empty row an empty line: the
number of a line is then the place of its row, and a result is told beside the
row that a person sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msgspec

from ballast.errors import UnreadableFile, WrongColumns
from ballast.lake.home import storage_errors
from ballast.lake.sheets import Grid, read_grids
from ballast.lake.sheets.header_text import normal
from ballast.portal.identifiers_words import type_label
from ballast.terms.china import CHINA
from ballast.terms.handle import fold, prefix_of
from ballast.terms.label import LANGUAGES, Label
from ballast.words import Sentence

__all__ = [
    "LINE_SUFFIXES",
    "ROW_HEADER",
    "TABLE_SUFFIXES",
    "TEMPLATE_TYPES",
    "WHY_HEADER",
    "Column",
    "LinesFile",
    "Row",
    "TableFile",
    "open_file",
]

LINE_SUFFIXES = (".ndjson", ".jsonl")
TABLE_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt")
HANDLE, ENDS, PASSED_OVER = "handle", "expires", ""
TEMPLATE_TYPES = ("URL", "NAME", "MODEL", "BATCH", "SERIAL", "MADE_ON", "DESC")
"""The types of the template's columns; they are also the rows of the form."""

_HANDLE_NAMES = Label("标识", "identifier"), Label("标识编码", "handle"), Label("后缀", "suffix")
_END_NAMES = Label("有效期至", "valid through"), Label("失效日期", "expires")
# What the file of refused rows has in front: taken away again when it is mended and sent.
ROW_HEADER = Label("文件中的行号", "row in the file")
WHY_HEADER = Label("拒绝原因", "why it was refused")
# What is for administrators alone says so in its header.
_RESTRICTED = re.compile(r"[(（]\s*(?:restricted|不公开)\s*[)）]\s*$", re.IGNORECASE)
_RESTRICTED_PERMISSIONS = "1100"
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    header
        As it stands in the file.
    kind
        ``handle``, ``expires``, or the type of a value; empty for what is passed over.
    public
        Whether anyone may read the value.
    """

    header: str
    kind: str
    public: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row, ready to be loaded.

    Parameters
    ----------
    number
        That a person sees beside it in the file.
    handle
        As it will be registered; may be empty.
    values
        Type, data and whether it is public.
    ends
        When it expires, as ISO 8601; empty for never.
    fault
        What is wrong with it already here.
    """

    number: int
    handle: str
    values: tuple[tuple[str, str, bool], ...]
    ends: str = ""
    fault: Sentence | None = None

    def line(self) -> bytes:
        """Return the line for the node; an empty one where there is nothing to load."""
        if self.fault is not None or (not self.handle and not self.values):
            return b"\n"
        values = [
            {"index": index, "type": kind, "data": data}
            | ({} if public else {"permissions": _RESTRICTED_PERMISSIONS})
            for index, (kind, data, public) in enumerate(self.values, start=1)
        ]
        made = {"handle": self.handle, "values": values} | (
            {"expires": self.ends} if self.ends else {}
        )
        return _encode(made) + b"\n"


class TableFile:
    """A file with one identifier a row.

    Parameters
    ----------
    grid
        As the readers of files give it.
    prefix
        Put in front of what holds no slash.

    Raises
    ------
    WrongColumns
        If no column holds the identifiers, or a type stands twice.
    """

    def __init__(self, grid: Grid, prefix: str) -> None:
        self._frame, self._rows, self._prefix = grid.frame, grid.rows, prefix
        self.columns = tuple(_column(header.text) for header in grid.headers)
        self.notes = grid.notes
        self.lines = grid.frame.height
        _check(self.columns)

    def rows(self, most: int | None = None) -> Iterator[Row]:
        """Yield the rows in order."""
        frame = self._frame if most is None else self._frame.head(most)
        for number, cells in zip(self._rows, frame.iter_rows(), strict=False):
            yield _row(number, cells, self.columns, self._prefix)

    def number_of(self, line: int) -> int:
        """Return the number that a person sees beside the row of a line."""
        return int(self._rows[line - 1])

    def cells_of(self, line: int) -> list[str]:
        """Return the row of a line as it stands in the file."""
        return ["" if cell is None else str(cell) for cell in self._frame.row(line - 1)]

    @property
    def headers(self) -> list[str]:
        """The headers as they stand in the file."""
        return [column.header for column in self.columns]


class LinesFile:
    """A file with one identifier a line, as the node takes it.

    Parameters
    ----------
    path
        Where it stands.
    """

    notes: tuple[Sentence, ...] = ()

    def __init__(self, path: Path) -> None:
        self.path = path
        with storage_errors(path), path.open("rb") as file:
            self.lines = sum(1 for _ in file)

    def rows(self, most: int) -> Iterator[Row]:
        """Yield the first lines, as far as they can be read, to be looked at."""
        with storage_errors(self.path), self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if number > most:
                    return
                if line.strip():
                    yield _looked_at(number, line)


class _LookedAtValue(msgspec.Struct):
    type: str = ""
    data: str | dict[str, object] = ""
    permissions: str = "1110"


class _LookedAt(msgspec.Struct):
    handle: str
    values: list[_LookedAtValue] = []
    expires: str | None = None


def _looked_at(number: int, line: bytes) -> Row:
    try:
        found = msgspec.json.decode(line, type=_LookedAt)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        fault = Sentence("the line is not of the form that the node loads")
        return Row(number, "", (), fault=fault)
    values = tuple(
        (one.type, one.data if isinstance(one.data, str) else "…", one.permissions[2:3] == "1")
        for one in found.values
    )
    return Row(number, found.handle, values, found.expires or "")


def open_file(path: Path, prefix: str) -> TableFile | LinesFile:
    """Return the rows of a file, whatever its kind.

    Parameters
    ----------
    path
        Where it stands; the end of its name says the kind.
    prefix
        Put in front of identifiers of a table that hold no slash.

    Raises
    ------
    UnreadableFile, WrongColumns
        If it cannot be read, or no column holds the identifiers.
    """
    if path.suffix in LINE_SUFFIXES:
        return LinesFile(path)
    grids = read_grids(path)
    filled = [grid for grid in grids if grid.frame.height]
    if not filled:
        raise UnreadableFile("{path}: has no rows under its headers", path=path)
    if len(filled) > 1:
        raise UnreadableFile(
            "{path}: {count} of its worksheets hold rows; keep the identifiers on one of them",
            path=path,
            count=len(filled),
        )
    return TableFile(filled[0], prefix)


def _known(text: str) -> str | None:
    wanted = normal(text)
    passed_over = (ROW_HEADER, WHY_HEADER)
    for labels, kind in ((_HANDLE_NAMES, HANDLE), (_END_NAMES, ENDS), (passed_over, PASSED_OVER)):
        if wanted in {normal(label.text(words)) for label in labels for words in LANGUAGES}:
            return kind
    for kind in TEMPLATE_TYPES:
        if wanted in {normal(kind), *(normal(type_label(kind, words)) for words in LANGUAGES)}:
            return kind
    return None


def _column(header: str) -> Column:
    name = _RESTRICTED.sub("", header).strip()
    known = _known(name)
    return Column(header, name if known is None else known, public=name == header.strip())


def _check(columns: Sequence[Column]) -> None:
    kinds = [column.kind for column in columns if column.kind != PASSED_OVER]
    if HANDLE not in kinds:
        raise WrongColumns(
            "no column holds the identifiers; call one “{zh}” or “{en}”",
            zh=_HANDLE_NAMES[0].zh,
            en=_HANDLE_NAMES[0].en,
        )
    twice = sorted({column.header for column in columns if kinds.count(column.kind) > 1})
    if twice:
        raise WrongColumns(
            "these columns mean the same: {headers}; keep one of them", headers=", ".join(twice)
        )
    if not {*kinds} - {HANDLE, ENDS}:
        raise WrongColumns("no column holds a value, such as {example}", example="URL")


def _row(number: int, cells: Sequence[object], columns: Sequence[Column], prefix: str) -> Row:
    handle = ends = ""
    fault: Sentence | None = None
    values: list[tuple[str, str, bool]] = []
    for column, cell in zip(columns, cells, strict=True):
        text = "" if cell is None else str(cell).strip()
        if not text or column.kind == PASSED_OVER:
            continue
        if column.kind == HANDLE:
            handle = text if "/" in text else f"{prefix}/{text}"
        elif column.kind == ENDS:
            try:
                ends = _end_of(text)
            except ValueError:
                fault = Sentence("“{text}” is no day; write 2030-01-31", {"text": text[:40]})
        else:
            values.append((column.kind, text, column.public))
    if fault is None and not handle and (values or ends):
        fault = Sentence("the row names no identifier")
    elif fault is None and prefix_of(fold(handle.encode())) != fold(prefix.encode()) and handle:
        fault = Sentence(
            "the identifier is not under {prefix}, which was chosen for this file",
            {"prefix": prefix},
        )
    elif fault is None and handle and not values:
        fault = Sentence("the row has no value; an identifier needs one, such as {example}",
                         {"example": "URL"})  # fmt: skip
    return Row(number, handle, tuple(values), ends, fault)


def _end_of(text: str) -> str:
    """Return the end of a day by China's clock, as ISO 8601."""
    day = date.fromisoformat(text.replace("/", "-")[:10]) + timedelta(days=1)
    return datetime.combine(day, time(), CHINA).isoformat()
