"""A file of readings, one row a moment, as columns: what a logger or a historian exports.

Such a file is no table of the lake: it has no columns that anybody declared,
its tags are its headers, and nothing of it is wrong because nobody promised
anything. It is read by the same reader as every other file (separators,
encodings, spreadsheets); here its time column is found, and what is not a
number is counted instead of refused, as a sensor's dash in the night is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.errors import Refused, WrongUsage
from ballast.lake.sheets.reading import read_grids
from ballast.plant.collect.moments import find_times
from ballast.words import Sentence

__all__ = ["Recording", "read_recording"]

_NUMERIC = 0.5
_SEARCHED = 20


@dataclass(frozen=True, slots=True)
class Recording:
    """Columns of one file.

    Parameters
    ----------
    name
        Of the file.
    tags
        The headers of its columns of numbers, in their order.
    times
        Epoch ms UTC, of shape (rows,), rising, each once.
    values
        Of shape (rows, tags); nan: missing, or no number.
    labels
        Whether somebody says that the row is anomalous, of shape (rows,);
        ``None`` where there is no column of labels.
    notes
        What a reader must know of how the file was read.
    """

    name: str
    tags: tuple[str, ...]
    times: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    labels: npt.NDArray[np.bool_] | None = None
    notes: tuple[Sentence, ...] = ()


def read_recording(
    path: Path,
    *,
    zone: tzinfo = UTC,
    tags: Sequence[str] = (),
    label: str | None = None,
    usual_label: str | None = None,
    without: Sequence[str] = (),
) -> Recording:
    """Read a file of readings.

    Parameters
    ----------
    path
        As for ``ballast load``: CSV with any separator, a workbook, Parquet.
    zone
        Whose wall clock a time without zone means.
    tags
        The columns wanted; none named: every column of numbers.
    label
        The column of labels: a row is labelled where it is neither 0 nor empty.
    usual_label
        Taken for ``label`` where none is named, the file has it and it is not wanted as a tag.
    without
        Columns that are no tags though they hold numbers.

    Raises
    ------
    UnreadableFile
        If the file cannot be read.
    Refused
        If it has no column of times, or none of numbers.
    WrongUsage
        If a column is named that it has not.
    """
    grid = read_grids(path)[0]
    names = [header.text for header in grid.headers]
    for wanted in (*tags, *([label] if label else [])):
        if wanted not in names:
            raise WrongUsage(
                "{path}: there is no column {name}; its columns are: {columns}",
                path=path,
                name=wanted,
                columns=", ".join(names[:_SEARCHED]),
            )
    if label is None and usual_label in names and usual_label not in tags:
        label = usual_label
    place, moments = find_times(path, grid, zone)
    notes = list(grid.notes)
    columns: dict[str, pl.Series] = {}
    for at, name in enumerate(names):
        taken = name in tags if tags else name not in without
        if at == place or name == label or not taken:
            continue
        filled, numbers = _numbers(grid.frame[f"c{at}"])
        if numbers.count() < max(1, _NUMERIC * filled) and name not in tags:
            continue
        if numbers.count() < filled:
            count = filled - numbers.count()
            notes.append(Sentence("{column}: cells that are no numbers: {count}; taken as missing",
                                  {"column": name, "count": count}))  # fmt: skip
        columns[name] = numbers
    if not columns:
        raise Refused("{path}: there is no column of numbers beside its times", path=path)
    table = np.column_stack([column.to_numpy() for column in columns.values()])
    said = None if label is None else _labels(grid.frame[f"c{names.index(label)}"])
    return _ordered(path.name, tuple(columns), moments, table, said, notes)


def _ordered(
    name: str,
    tags: tuple[str, ...],
    moments: npt.NDArray[np.int64],
    values: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_] | None,
    notes: list[Sentence],
) -> Recording:
    """Return a recording in order of time, of several rows of one moment the first."""
    back = int((np.diff(moments) < 0).sum())
    times, first = np.unique(moments, return_index=True)
    if back:
        notes.append(Sentence("rows that are earlier than the one before: {count}; sorted by time",
                              {"count": back}))  # fmt: skip
    if len(times) < len(moments):
        notes.append(
            Sentence(
                "rows with the time of another: {count}; of each time the first was kept",
                {"count": len(moments) - len(times)},
            )
        )
    said = None if labels is None else labels[first]
    return Recording(name, tags, times, values[first], said, tuple(notes))


def _numbers(cells: pl.Series) -> tuple[int, pl.Series]:
    """Return how many cells are filled, and their numbers, nan where there is none."""
    if cells.dtype == pl.String:
        text = cells.str.strip_chars()
        filled = int((text.is_not_null() & (text != "")).sum())
        found = text.cast(pl.Float64, strict=False)
    else:
        filled = len(cells) - cells.null_count()
        found = cells.cast(pl.Float64, strict=False) if cells.dtype.is_numeric() else pl.Series(
            [None] * len(cells), dtype=pl.Float64
        )  # fmt: skip
    return filled, found.set(~found.is_finite().fill_null(value=False), None)


def _labels(cells: pl.Series) -> npt.NDArray[np.bool_]:
    numbers = _numbers(cells)[1]
    return (numbers.fill_null(0.0) != 0.0).to_numpy()
