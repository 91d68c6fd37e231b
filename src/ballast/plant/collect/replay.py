"""A recording through the same way as live data: files of readings into the pipeline.

Nothing is sorted, filled or averaged on the way, and nothing is left out that a
logger wrote: texts are kept as texts, cells that are no number in a column of
numbers too, only what is empty is no sample. A second replay of a file meets
its own samples in the log and in the lake, and adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.errors import Refused
from ballast.lake.sheets.grid import Grid
from ballast.lake.sheets.reading import read_grids
from ballast.plant.collect.moments import find_times
from ballast.plant.collect.pipeline import Pipeline
from ballast.words import Sentence

__all__ = ["Replayed", "replay_table"]

Ints = npt.NDArray[np.int64]

# Of so many samples the keys are looked up at once; the memory of the pipeline holds twice that.
_AT_ONCE = 400_000
_MOSTLY = 0.5
_TAG_NAMES = frozenset(
    (
        "tag",
        "tag_id",
        "tagname",
        "tag_name",
        "metric",
        "sensor",
        "point",
        "测点",
        "测点编号",
        "点位",
    )
)
_VALUE_NAMES = frozenset(("value", "val", "数值", "值", "读数"))


@dataclass(slots=True)
class Replayed:
    """What became of a recording.

    Parameters
    ----------
    tags
        Names of the tags that it holds.
    rows, duplicates, conflicts
        As `Taken` has them, over all tags.
    first, last
        The earliest and the latest time, epoch ms; none where there is no sample.
    notes
        What a reader must know of how the file was read.
    """

    tags: set[str] = field(default_factory=set)
    rows: int = 0
    duplicates: int = 0
    conflicts: int = 0
    first: int | None = None
    last: int | None = None
    notes: list[Sentence] = field(default_factory=list)

    def span(self, times: Ints) -> None:
        """Take the times of some samples."""
        if len(times):
            low, high = int(times.min()), int(times.max())
            self.first = low if self.first is None else min(low, self.first)
            self.last = high if self.last is None else max(high, self.last)


@dataclass(frozen=True, slots=True)
class _Series:
    """The samples of one tag in a file, in its order."""

    tag: str
    times: Ints
    values: npt.NDArray[np.float64]
    texts: npt.NDArray[np.object_] | None


def replay_table(
    path: Path,
    pipeline: Pipeline,
    *,
    prefix: str,
    zone: tzinfo,
    mapped: Callable[[str], bool],
    committed: Callable[[], None],
    time: str | None = None,
) -> Replayed:
    """Put a file of readings into a pipeline and commit it.

    Parameters
    ----------
    path
        CSV with any separator, a workbook, Parquet: one row a moment and a column a tag, or
        three columns that tell time, tag and value.
    pipeline
        Where the samples go.
    prefix
        Before the name of each tag.
    zone
        Whose wall clock a time without zone means.
    mapped
        Whether the mapping knows a tag.
    committed
        Called after each commit; may ship.
    time
        The column of times; none: the first that holds a time in every row.

    Raises
    ------
    UnreadableFile, Refused, WrongUsage
        If the file cannot be read so.
    StorageFailed
        If the log takes no more; what was taken before is in it.
    """
    grid = read_grids(path)[0]
    place, moments = find_times(path, grid, zone, time)
    found = Replayed(notes=list(grid.notes))
    series = _long(grid, place, moments, prefix) or _wide(grid, place, moments, prefix)
    if not series:
        raise Refused("{path}: there is no column beside its times", path=path)
    waiting = 0
    for one in series:
        for part in _parts(one):
            taken = pipeline.samples(
                one.tag, part.times, part.values, texts=part.texts,
                mapped=mapped(one.tag), source=path.name,
            )  # fmt: skip
            found.rows += taken.rows
            found.duplicates += taken.duplicates
            found.conflicts += taken.conflicts
            found.tags.add(one.tag)
            found.span(part.times)
            waiting += taken.rows
            if waiting >= _AT_ONCE:
                pipeline.commit()
                committed()
                waiting = 0
    pipeline.commit()
    committed()
    return found


def _long(grid: Grid, place: int, moments: Ints, prefix: str) -> list[_Series]:
    """Return the tags of a file that names them in a column; nothing where it does not."""
    names = [header.text.strip().casefold() for header in grid.headers]
    tag_at = next((n for n, name in enumerate(names) if name in _TAG_NAMES and n != place), None)
    value_at = next((n for n, name in enumerate(names) if name in _VALUE_NAMES), None)
    if tag_at is None or value_at is None:
        return []
    tags = grid.frame[f"c{tag_at}"].cast(pl.String).str.strip_chars()
    groups = pl.DataFrame({"tag": tags}).with_row_index("row").drop_nulls().group_by(
        "tag", maintain_order=True
    )  # fmt: skip
    found = []
    for (tag,), rows in groups:
        chosen = rows["row"].to_numpy()
        cells = grid.frame[f"c{value_at}"].gather(chosen)
        one = _series(prefix + str(tag), moments[chosen], cells)
        if one is not None and tag:
            found.append(one)
    return found


def _wide(grid: Grid, place: int, moments: Ints, prefix: str) -> list[_Series]:
    """Return each column beside the times as a tag; one that is all empty is none."""
    found = []
    for at, header in enumerate(grid.headers):
        if at != place and header.text.strip():
            one = _series(prefix + header.text.strip(), moments, grid.frame[f"c{at}"])
            if one is not None:
                found.append(one)
    return found


def _series(tag: str, moments: Ints, cells: pl.Series) -> _Series | None:
    if cells.dtype != pl.String:
        there = cells.is_not_null().to_numpy()
        if not there.any():
            return None
        numeric = cells.dtype.is_numeric() or cells.dtype == pl.Boolean
        if numeric:
            values = cells.cast(pl.Float64).filter(there).to_numpy().astype(np.float64)
            return _Series(tag, moments[there], values, _exactly(cells.filter(there)))
        cells = cells.cast(pl.String)
    words = cells.str.strip_chars()
    there = (words.is_not_null() & (words != "")).to_numpy()
    if not there.any():
        return None
    words = words.filter(there)
    numbers = words.cast(pl.Float64, strict=False)
    values = numbers.fill_null(math.nan).to_numpy().astype(np.float64)
    worded = numbers.is_null().to_numpy()
    texts: npt.NDArray[np.object_] | None = None
    if worded.any():
        # In a column of words "007" is a word too; in one of numbers only what is none.
        kept = words.to_numpy()
        texts = np.full(len(words), None, object)
        rows = slice(None) if worded.mean() > _MOSTLY else worded
        texts[rows] = kept[rows]
    return _Series(tag, moments[there], values, texts)


def _exactly(cells: pl.Series) -> npt.NDArray[np.object_] | None:
    """Return whole numbers that a float cannot hold, as texts."""
    if not cells.dtype.is_integer():
        return None
    large = ((cells > 2**53) | (cells < -(2**53))).to_numpy()
    if not large.any():
        return None
    texts = np.full(len(cells), None, object)
    texts[large] = cells.cast(pl.String).to_numpy()[large]
    return texts


def _parts(series: _Series) -> Sequence[_Series]:
    """Return a long series in parts, cut where the time changes: equal times stay together."""
    count, start, parts = len(series.times), 0, []
    while start < count:
        end = min(start + _AT_ONCE, count)
        while end < count and series.times[end] == series.times[end - 1]:
            end += 1
        texts = None if series.texts is None else series.texts[start:end]
        parts.append(_Series(series.tag, series.times[start:end], series.values[start:end], texts))
        start = end
    return parts
