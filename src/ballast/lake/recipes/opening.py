"""Opens the files of the recipes, and turns every failure into one line that says what to do.

The sheet readers of the lake are not used here: they exist for tables whose
layout and coding nobody knows beforehand. The files of a recipe are known to
the letter, so they are read straight into columns and anything else is refused.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ballast.errors import RefusedRows, UnreadableFile, WrongColumns, WrongUsage
from ballast.lake.tables import table

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)", re.ASCII)


def read_csv(path: Path) -> pl.DataFrame:
    """Return a UTF-8 CSV with one header row; every column as text, empty cells null.

    Raises
    ------
    UnreadableFile
        If the file cannot be opened, is empty, is not UTF-8 or not a CSV.
    WrongColumns
        If two columns share a name.
    """
    content = _bytes_of(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "{path}, line {line}: not UTF-8; save the file as UTF-8 CSV and load it again",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None
    if not text.strip():
        raise UnreadableFile("{path}: the file is empty; get it again from its source", path=path)
    try:
        _refuse_twin_columns(path, next(csv.reader(text.splitlines())))
        return pl.read_csv(content, infer_schema=False)
    except (csv.Error, pl.exceptions.PolarsError) as error:
        raise _unreadable(path, error) from None


def read_parquet(path: Path) -> pl.DataFrame:
    """Return a Parquet file with the types it carries.

    Read through pyarrow: on damaged pages it raises where polars may panic.

    Raises
    ------
    UnreadableFile
        If the file cannot be opened or is damaged.
    """
    content = _bytes_of(path)
    try:
        # Without the file's pandas or polars metadata: only columns and types count.
        read = pl.from_arrow(pq.read_table(pa.BufferReader(content)).replace_schema_metadata(None))
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(path, error) from None
    if not isinstance(read, pl.DataFrame):  # pragma: no cover - a table is never a series
        raise TypeError(type(read))
    return read


def check_columns(path: Path, found: Sequence[str], wanted: Sequence[str]) -> None:
    """Refuse a file whose columns are not exactly the wanted ones, in any order.

    Raises
    ------
    WrongColumns
        Naming the missing and the unknown ones.
    """
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if name not in wanted]
    if missing or unknown:
        raise WrongColumns(
            "{path}: not the columns of this recipe; missing: {missing}; unknown: {unknown}; "
            "give the file as published, or load it with `load TABLE FILE --map COLUMN=NAME`",
            path=path,
            missing=", ".join(missing) or "—",
            unknown=", ".join(unknown) or "—",
        )


def check_filled(path: Path, frame: pl.DataFrame, columns: Sequence[str], first_row: int) -> None:
    """Refuse empty cells.

    Parameters
    ----------
    path, frame, columns
        Where to look.
    first_row
        The row number that a person sees for the first row of ``frame``: 2
        below a header, 1 in a file without one.

    Raises
    ------
    RefusedRows
        Naming the first empty cell.
    """
    for column in columns:
        empty = frame[column].is_null()
        if empty.any():
            raise RefusedRows(
                "{path}, row {row}, column {column}: the cell is empty; fill it in, "
                "or get the file again from its source",
                path=path,
                row=_first(empty) + first_row,
                column=column,
            )


def check_unique(path: Path, frame: pl.DataFrame, key: Sequence[str], first_row: int) -> None:
    """Refuse two rows with one key.

    Raises
    ------
    RefusedRows
        Naming the key and the row of its second appearance.
    """
    first_seen = frame.select(pl.struct(key).is_first_distinct()).to_series()
    if not first_seen.all():
        at = _first(~first_seen)
        raise RefusedRows(
            "{path}, row {row}: {key} stands in the file a second time; remove one of the rows",
            path=path,
            row=at + first_row,
            key=" ".join(str(value) for value in frame.select(key).row(at)),
        )


def numbers(path: Path, frame: pl.DataFrame, column: str, first_row: int) -> pl.Series:
    """Return a column as binary floating point, empty cells null.

    Raises
    ------
    RefusedRows
        Naming the first cell that is no finite number.
    """
    cells = frame[column]
    parsed = cells.cast(pl.Float64, strict=False)
    wrong = cells.is_not_null() & ~parsed.is_finite().fill_null(value=False)
    if wrong.any():
        at = _first(wrong)
        raise RefusedRows(
            "{path}, row {row}, column {column}: {cell} is not a number; write plain digits "
            "with a decimal point",
            path=path,
            row=at + first_row,
            column=column,
            cell=repr(cells[at]),
        )
    return parsed


def whole_numbers(path: Path, frame: pl.DataFrame, column: str, first_row: int) -> pl.Series:
    """Return a column of counts as integers, empty cells null.

    Raises
    ------
    RefusedRows
        Naming the first cell that is not a whole number of at least zero.
    """
    parsed = numbers(path, frame, column, first_row)
    wrong = ((parsed < 0) | (parsed != parsed.round())).fill_null(value=False)
    if wrong.any():
        at = _first(wrong)
        raise RefusedRows(
            "{path}, row {row}, column {column}: {cell} is not a count; it must be a whole "
            "number of at least 0",
            path=path,
            row=at + first_row,
            column=column,
            cell=repr(frame[column][at]),
        )
    return parsed.cast(pl.Int64)


def typed(table_name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the declared types, its columns in the declared order."""
    declared = table(table_name)
    wanted = pl.DataFrame(declared.arrow_schema.empty_table()).schema
    return frame.select(
        pl.col(column.name).cast(wanted[column.name])
        for column in declared
        if column.name in frame.columns
    )


def year_of(path: Path, options: Mapping[str, str]) -> str:
    """Return the year of a file: the option ``year``, or the one year in its name.

    Raises
    ------
    WrongUsage
        If neither tells it.

    Examples
    --------
    >>> year_of(Path("us_cbp_2018.parquet"), {})
    '2018'
    >>> year_of(Path("us_cbp_2018.parquet"), {"year": "2019"})
    '2019'
    """
    given = options.get("year")
    if given is not None:
        if not _YEAR.fullmatch(given):
            raise WrongUsage("year={given}: not a year; write four digits, 2018", given=given)
        return given
    in_name = set(_YEAR.findall(path.stem))
    if len(in_name) != 1:
        raise WrongUsage(
            "{path}: the file name does not hold one year; add the option year=2018", path=path
        )
    return str(in_name.pop())


def _first(mask: pl.Series) -> int:
    found = mask.arg_max()
    return -1 if found is None else found


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_dir() and path.exists() and not path.is_file():
            # A pipe or a device: reading it may never end.
            raise UnreadableFile("{path}: is not a file", path=path)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile("{path}: there is no such file; check the path", path=path) from None
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be opened ({reason}); check the path and its permissions",
            path=path,
            reason=error.strerror or error,
        ) from None


def _unreadable(path: Path, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        "{path}: damaged or cut short ({reason}); get the file again from its source",
        path=path,
        reason=str(error).strip().split("\n", 1)[0],
    )


def _refuse_twin_columns(path: Path, header: Sequence[str]) -> None:
    twins = {name for name in header if header.count(name) > 1}
    if twins:
        raise WrongColumns(
            "{path}: two columns are named {twins}; remove or rename one of them",
            path=path,
            twins=", ".join(sorted(twins)),
        )
