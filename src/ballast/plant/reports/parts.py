"""Parts of roll-ups and single samples as the lake holds them, read into columns.

The engine filters by tag, time and window and hands over few rows; everything
that is decided about them is decided by whoever reads (`segments`). Names of
tags leave here as numbers: comparing a hundred thousand texts a second time
would cost more than the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ballast.lake.lake import Lake
from ballast.plant.measures.ratios import Floats
from ballast.plant.reports.mapping import value_text
from ballast.plant.reports.window import from_ms
from ballast.plant.spool.samples import GOOD
from ballast.terms.viewer import Viewer

__all__ = ["Ask", "Parts", "Segments", "joined", "ms_of", "windows_of"]

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_BY_TAG = 1 << 40


def windows_of(tag: Integers, at: Integers, length_ms: int) -> Integers:
    """Return in which window of its tag each moment lies, tag and window as one number.

    Parameters
    ----------
    tag
        Numbers of tags, of shape (n,).
    at
        Epoch ms UTC, of shape (n,).
    length_ms
        Of a window; windows are counted from the epoch.
    """
    return np.asarray(tag * _BY_TAG + at // length_ms, dtype=np.int64)


_TO_MICROS = ((dt.Timestamp("UTC"),), dt.int64)


# The engines' own, for Ibis has seconds alone and leads there through a double.
@ibis.udf.scalar.builtin(name="epoch_us", signature=_TO_MICROS)  # type: ignore[untyped-decorator]
def _epoch_us(at: object) -> object:
    """Return a moment in microseconds since 1970, in DuckDB."""


@ibis.udf.scalar.builtin(name="unix_micros", signature=_TO_MICROS)  # type: ignore[untyped-decorator]
def _unix_micros(at: object) -> object:
    """Return a moment in microseconds since 1970, in Spark."""


_MICROS = {"duckdb": _epoch_us, "spark": _unix_micros}


def ms_of(column: pa.ChunkedArray) -> Integers:
    """Return a column of moments as epoch ms UTC; 0 where one is missing."""
    whole = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    return np.asarray(pc.fill_null(whole, 0).to_numpy() // 1000, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """What tags said, by tag and in order of time; arrays of shape (n,).

    Parameters
    ----------
    tag
        The number of the tag.
    first_at, last_at
        Of the first and the last sample, epoch ms UTC; equal for a single one.
    first, last
        Their values; nan where they are texts, null or not to be trusted.
    rise
        By how much a counter rose from the first to the last.
    told
        Whether ``first`` or ``text`` is what the tag said throughout.
    text
        The value where it is a text, else ``None``.
    """

    tag: Integers
    first_at: Integers
    last_at: Integers
    first: Floats
    last: Floats
    rise: Floats
    told: Flags
    text: npt.NDArray[np.object_]

    @classmethod
    def none(cls) -> Segments:
        """Return no segments."""
        whole, real = np.empty(0, np.int64), np.empty(0)
        return cls(
            whole, whole, whole, real, real, real, np.empty(0, np.bool_), np.empty(0, np.object_)
        )

    def __len__(self) -> int:
        return len(self.first_at)

    def __getitem__(self, at: slice | Integers | npt.NDArray[np.intp]) -> Segments:
        return Segments(*(getattr(self, one.name)[at] for one in fields(self)))

    def values(self) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
        """Yield each value as the mapping writes it, with the rows that have it.

        Rows that say nothing (null, not a number, of bad quality) are in none of them.
        """
        plain = np.array([one is None for one in self.text], dtype=np.bool_)
        numbers = np.flatnonzero(plain & self.told & np.isfinite(self.first))
        distinct, which = np.unique(self.first[numbers], return_inverse=True)
        for place, value in enumerate(distinct.tolist()):
            yield value_text(value), numbers[which == place]
        texts = np.flatnonzero(~plain & self.told)
        for text in dict.fromkeys(self.text[texts].tolist()):
            yield text, texts[self.text[texts] == text]


def joined(several: Sequence[Segments]) -> Segments:
    """Return segments of several readings by tag and time."""
    whole = Segments(
        *(np.concatenate([getattr(part, one.name) for part in several]) for one in fields(Segments))
    )
    return whole[np.lexsort((whole.last_at, whole.first_at, whole.tag))]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Parts of roll-ups of tags, by tag, window and time; arrays of shape (n,).

    Parameters
    ----------
    segments
        What each says of its first and last sample.
    window
        `windows_of` each.
    count
        How many samples.
    clean, alike
        Whether all of them are good numbers, and whether all are one number.
    synthetic
        Whether any of it is.
    """

    segments: Segments
    window: Integers
    count: Integers
    clean: Flags
    alike: Flags
    synthetic: bool

    def gone(self, opened: Flags, there: Integers) -> Segments:
        """Return parts whose finer rows are not there any more: their ends are told, no more.

        Parameters
        ----------
        opened
            Which parts were to be read more finely, of shape (n,).
        there
            The windows of which finer rows were found.
        """
        numbers = np.isfinite(self.segments.first)
        lone = self.segments[np.flatnonzero(opened & numbers & ~np.isin(self.window, there))]
        inside = replace(lone, told=np.zeros(len(lone), np.bool_))
        last = replace(lone, first_at=lone.last_at, first=lone.last, rise=np.zeros(len(lone)))
        return joined([inside, last])


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks whose lake about which tags; a tag's place is its number.

    Parameters
    ----------
    lake, viewer
        Whose samples, and who asks.
    names
        The tags.
    """

    lake: Lake
    viewer: Viewer
    names: tuple[str, ...]

    def parts(
        self, table: str, start_ms: int, end_ms: int, length_ms: int, *,
        within: Integers | None = None, within_ms: int = 0, newest: bool = False,
    ) -> Parts:  # fmt: skip
        """Return the parts of a roll-up that begin in a stretch.

        Parameters
        ----------
        table
            Which roll-up.
        start_ms, end_ms
            The stretch, epoch ms UTC.
        length_ms
            Of the roll-up's windows.
        within, within_ms
            Only those that lie in these windows of this length.
        newest
            Only those of each tag's last window.
        """
        every = self._rows(table, start_ms, end_ms)
        with self._chosen(every, within, within_ms) as rows:
            if newest:
                last = rows.group_by("tag").agg(time=rows.time.max())
                rows = rows.semi_join(last, ["tag", "time"])
            found = rows.select(
                "tag", "time", "count", "finite", "good_count", "least", "most", "first",
                "first_at", "last", "last_at", "rise", synthetic=rows.provenance == "synthetic",
            ).to_pyarrow()  # fmt: skip
        tag, count = self._numbers(found["tag"]), found["count"].to_numpy()
        # Parts without a number tell no moment of a sample; where their window begins must do.
        begins, empty = ms_of(found["time"]), found["finite"].to_numpy() == 0
        first_at = np.where(empty, begins, ms_of(found["first_at"]))
        last_at = np.where(empty, begins, ms_of(found["last_at"]))
        window = windows_of(tag, begins, length_ms)
        order = np.lexsort((last_at, first_at, window))
        clean = (found["finite"].to_numpy() == count) & (found["good_count"].to_numpy() == count)
        segments = Segments(
            tag, first_at, last_at, _floats(found["first"]), _floats(found["last"]),
            _floats(found["rise"]), np.ones(len(tag), np.bool_), np.full(len(tag), None, object),
        )  # fmt: skip
        return Parts(
            segments=segments[order],
            window=window[order],
            count=count[order],
            clean=clean[order],
            alike=(_floats(found["least"]) == _floats(found["most"]))[order],
            synthetic=bool(pc.any(found["synthetic"]).as_py()),
        )

    def samples(self, end_ms: int, within: Integers, within_ms: int) -> Segments:
        """Return single samples by tag and time; one that is not to be trusted tells nothing.

        Parameters
        ----------
        end_ms
            Until when, epoch ms UTC.
        within, within_ms
            Those that lie in these windows of this length.
        """
        if not len(within):
            return Segments.none()
        start_ms = int((within % _BY_TAG).min()) * within_ms
        every = self._rows("telemetry", start_ms, end_ms)
        with self._chosen(every, within, within_ms) as rows:
            found = rows.select("tag", "time", "ordinal", "value", "text", "quality").to_pyarrow()
        tag, time, value = (
            self._numbers(found["tag"]),
            ms_of(found["time"]),
            _floats(found["value"]),
        )
        good = found["quality"].to_numpy() == GOOD
        value = np.where(good & np.isfinite(value), value, np.nan)
        text = np.full(len(tag), None, object)
        if found["text"].null_count < len(tag):
            text[good] = found["text"].to_numpy(zero_copy_only=False)[good]
        order = np.lexsort((found["ordinal"].to_numpy(), time, tag))
        nothing = np.zeros(len(tag))
        return Segments(tag, time, time, value, value, nothing, nothing == 0, text)[order]

    def _rows(self, table: str, start_ms: int, end_ms: int) -> ir.Table:
        stretch = from_ms(start_ms, UTC), from_ms(end_ms, UTC)
        rows = self.lake.read(table, self.viewer, within=stretch)
        # Which tags exactly, a join decides; of a list an engine skips no row group, and compares
        # each row with all of it. The least and the greatest name and how all end cost little.
        return rows.filter(
            rows.tag.endswith(_common_end(self.names)),
            rows.tag.between(min(self.names), max(self.names)),
        )

    @contextmanager
    def _chosen(
        self, rows: ir.Table, windows: Integers | None, length_ms: int
    ) -> Iterator[ir.Table]:
        """Give the rows of the tags, of all their time or of some windows of it."""
        names = pa.array(self.names, pa.string())
        if windows is None:
            with self.lake.engine.lent(pa.table({"tag": names})) as wanted:
                yield rows.semi_join(wanted, "tag")
            return
        tags = names.take(pa.array(windows // _BY_TAG))
        table = pa.table({"tag": tags, "window": pa.array(windows % _BY_TAG)})
        micros = _MICROS[self.lake.engine.name](rows.time)
        placed = rows.mutate(window=micros // (length_ms * 1000))
        with self.lake.engine.lent(table) as wanted:
            yield placed.semi_join(wanted, ["tag", "window"])

    def _numbers(self, tags: pa.ChunkedArray) -> Integers:
        found = pc.index_in(tags, value_set=pa.array(self.names, pa.string()))
        return np.asarray(found.to_numpy(), dtype=np.int64)


def _common_end(names: Sequence[str]) -> str:
    """Return how all names end."""
    backwards = sorted(name[::-1] for name in names)
    first, last = backwards[0], backwards[-1]
    pairs = zip(first, last, strict=False)
    alike = next((n for n, (one, other) in enumerate(pairs) if one != other), len(first))
    return first[:alike][::-1]


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(column, np.nan).to_numpy(), dtype=np.float64)
