"""The values under a control chart, from samples or from inspection, put into points.

A tag gives values by the second, an inspection a few an hour with the batch
beside each. Charts want neither: they want points with their sizes, moments
and batches. Everything that differs between the two ends in this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import pairwise

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ballast.errors import NotFound, Refused
from ballast.lake.lake import Lake
from ballast.plant.measures.capability import Specification
from ballast.plant.measures.ratios import Floats
from ballast.plant.reports.chart_report import ByCount, ByTime, Characteristic, Kind, TagSubject
from ballast.plant.reports.entries import closed, made
from ballast.plant.reports.parts import ms_of
from ballast.plant.reports.window import Window, from_ms
from ballast.plant.site.site import Site
from ballast.plant.spool.samples import GOOD
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer

__all__ = ["COUNTED", "MOST_VALUES", "Values", "batches_of", "grouped", "read_values"]

MOST_VALUES = 1_000_000
"""A chart of more values says nothing that one of every tenth of the time does not."""
COUNTED: tuple[Kind, ...] = ("p", "np", "c", "u")

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Values in order of time; arrays of shape (n,).

    Parameters
    ----------
    name, unit
        As shown to people.
    at
        Epoch ms UTC.
    value
        What was measured, or counted; nan where not known.
    pieces
        Of counted ones: pieces or units looked at.
    batches
        Handles that occur, in any order.
    batch
        The number of each value's batch among them; -1: none recorded.
    specification
        As the mapping or the inspection has it, or none.
    subgroup
        How many values are taken together unless somebody says otherwise.
    varied
        Whether limits written beside the values differ from one to another.
    """

    name: Label
    unit: str
    at: Integers
    value: Floats
    pieces: Floats
    batches: tuple[str, ...]
    batch: Integers
    specification: Specification | None
    subgroup: ByCount | ByTime | None
    varied: bool = False

    def __getitem__(self, rows: slice) -> Values:
        return replace(
            self, at=self.at[rows], value=self.value[rows], pieces=self.pieces[rows],
            batch=self.batch[rows],
        )  # fmt: skip

    def between(self, window: Window) -> slice:
        """Return the rows that lie in a window."""
        return slice(*np.searchsorted(self.at, (window.start_ms, window.end_ms)).tolist())


def read_values(
    lake: Lake,
    viewer: Viewer,
    subject: TagSubject | Characteristic,
    start_ms: int,
    end_ms: int,
    kind: Kind,
    site: Site,
) -> Values:
    """Return the values of a subject in a stretch of time.

    Raises
    ------
    NotPermitted, NotFound
        If the viewer may not read them, or nobody knows the subject.
    Refused
        If there are too many, or the kind of chart does not fit them.
    """
    if isinstance(subject, TagSubject):
        if kind in COUNTED:
            raise Refused(
                "a chart of counts ({kind}) is made of inspections; {tag} is a tag",
                kind=kind,
                tag=subject.tag,
            )
        return _of_tag(lake, viewer, subject, start_ms, end_ms, site)
    return _of_inspection(lake, viewer, subject, (start_ms, end_ms), kind)


def _of_tag(
    lake: Lake, viewer: Viewer, subject: TagSubject, start_ms: int, end_ms: int, site: Site
) -> Values:
    stretch = from_ms(start_ms, UTC), from_ms(end_ms, UTC)
    rows = lake.read("telemetry", viewer, within=stretch)
    rows = rows.filter(rows.tag == subject.tag)
    found = rows.select("time", "ordinal", "value", "quality").limit(MOST_VALUES + 1).to_pyarrow()
    tag = site.tags.get(subject.tag)
    if tag is None and not found.num_rows:
        raise NotFound(
            "there is no tag {tag} with samples in this time; ballast plant tags lists those "
            "there are",
            tag=subject.tag,
        )
    if found.num_rows > MOST_VALUES:
        raise Refused(
            "{tag} has more than {most} samples in this time; ask for a shorter one",
            tag=subject.tag,
            most=MOST_VALUES,
        )
    time = ms_of(found["time"])
    order = np.lexsort((found["ordinal"].to_numpy(), time))
    value = np.asarray(pc.fill_null(found["value"], np.nan).to_numpy(), dtype=np.float64)
    value = np.where(np.isfinite(value) & (found["quality"].to_numpy() == GOOD), value, np.nan)
    time, value = time[order], value[order]
    asset = subject.tag.rpartition("/")[0] if tag is None else tag.asset
    batches, batch = _batches_made(lake, viewer, asset, time)
    limits = None
    if tag is not None and (tag.lower is not None or tag.upper is not None):
        limits = Specification(tag.lower, tag.upper)
    return Values(
        name=Label(subject.tag, subject.tag) if tag is None else tag.name,
        unit="" if tag is None else tag.unit.label.en,
        at=time,
        value=value,
        pieces=np.ones(len(time)),
        batches=batches,
        batch=batch,
        specification=limits,
        subgroup=ByCount(tag.subgroup) if tag is not None and tag.subgroup > 1 else None,
    )


def _batches_made(
    lake: Lake, viewer: Viewer, asset: str, time: Integers
) -> tuple[tuple[str, ...], Integers]:
    """Return which batch a machine worked on at each moment."""
    batch = np.full(len(time), -1, dtype=np.int64)
    if not len(time):
        return (), batch
    handles: dict[str, int] = {}
    horizon = int(time[-1]) + 1
    entered = [row for row in made(lake, viewer, int(time[0]), horizon) if row.asset == asset]
    for row in closed(entered, horizon):
        if row.batch_handle:
            inside = slice(*np.searchsorted(time, (row.start_ms, row.end_ms or 0)).tolist())
            batch[inside] = handles.setdefault(row.batch_handle, len(handles))
    return tuple(handles), batch


def _of_inspection(
    lake: Lake, viewer: Viewer, subject: Characteristic, stretch: tuple[int, int], kind: Kind
) -> Values:
    rows = lake.read("inspection", viewer)
    mine = rows.filter(rows.asset == subject.asset, rows.characteristic == subject.characteristic)
    start, end = (from_ms(one, UTC) for one in stretch)
    found = mine.filter(mine.start >= ibis.literal(start), mine.start < ibis.literal(end))
    table = found.order_by(["start", "sample"]).limit(MOST_VALUES + 1).to_pyarrow()
    if not table.num_rows and not mine.limit(1).to_pyarrow().num_rows:
        raise NotFound(
            "nothing is inspected by the name {characteristic} at {asset}",
            characteristic=subject.characteristic,
            asset=subject.asset,
        )
    if table.num_rows > MOST_VALUES:
        raise Refused(
            "{tag} has more than {most} samples in this time; ask for a shorter one",
            tag=subject.characteristic,
            most=MOST_VALUES,
        )
    units = {one for one in table["unit"].to_pylist() if one}
    if len(units) > 1:
        raise Refused(
            "{characteristic} at {asset} is inspected in several units ({units}); mend the records",
            characteristic=subject.characteristic,
            asset=subject.asset,
            units=", ".join(sorted(units)),
        )
    column, pieces = _columns(kind)
    value = _floats(table[column])
    looked = np.ones(len(value)) if pieces is None else _floats(table[pieces])
    known = np.isfinite(value) & np.isfinite(looked)
    if kind in COUNTED and len(value) and not known.any():
        raise Refused(
            "{characteristic} at {asset} has no {column} of which the number of pieces is known; "
            "a chart {kind} needs both",
            characteristic=subject.characteristic,
            asset=subject.asset,
            column=column,
            kind=kind,
        )
    names = [one for one in dict.fromkeys(table["batch_handle"].to_pylist()) if one is not None]
    numbers = pc.index_in(table["batch_handle"], value_set=pa.array(names, pa.string()))
    limits, varied = _limits(table)
    return Values(
        name=Label(subject.characteristic, subject.characteristic),
        unit=next(iter(units), ""),
        at=ms_of(table["start"]),
        value=value,
        pieces=looked,
        batches=tuple(names),
        batch=np.asarray(pc.fill_null(numbers, -1).to_numpy(), dtype=np.int64),
        specification=limits,
        subgroup=None,
        varied=varied,
    )


def _columns(kind: Kind) -> tuple[str, str | None]:
    """Return the columns of the value and of the pieces looked at."""
    if kind in ("p", "np"):
        return "defectives", "inspected"
    if kind == "u":
        return "defects", "inspected"
    return ("defects", None) if kind == "c" else ("value", None)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(column.cast(pa.float64()), np.nan).to_numpy(), dtype=np.float64)


def _limits(table: pa.Table) -> tuple[Specification | None, bool]:
    """Return the limits of the newest value that has any, and whether others have others."""
    pairs = list(zip(table["lower"].to_pylist(), table["upper"].to_pylist(), strict=True))
    told = [pair for pair in pairs if pair != (None, None)]
    return (Specification(*told[-1]), len(set(told)) > 1) if told else (None, False)


def grouped(values: Values, subgroup: ByCount | ByTime | None, origin_ms: int) -> Integers:
    """Return the first row of each point, and behind the last: of shape (points + 1,).

    Parameters
    ----------
    values
        To be put together.
    subgroup
        How; ``None``: values of one moment, as an inspection takes them.
    origin_ms
        From where stretches of time are counted.

    Raises
    ------
    Refused
        If a subgroup has fewer than one value or no length.
    """
    count = len(values.at)
    if isinstance(subgroup, ByCount):
        if subgroup.size < 1:
            raise Refused("a subgroup of {size} values is none; take 1 or more", size=subgroup.size)
        return np.arange(0, count + 1, subgroup.size, dtype=np.int64)
    if isinstance(subgroup, ByTime):
        if not subgroup.seconds > 0:
            raise Refused(
                "a subgroup of {seconds} s is none; take more than 0", seconds=subgroup.seconds
            )
        keys = (values.at - origin_ms) // max(round(subgroup.seconds * 1000), 1)
    else:
        keys = values.at
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if count else keys[:0]
    return np.append(first, count).astype(np.int64)


def batches_of(values: Values, edges: Sequence[int] | Integers) -> tuple[tuple[str, ...], ...]:
    """Return the batches of each point, in the order in which they were worked on.

    Parameters
    ----------
    values
        Under the points.
    edges
        As `grouped` gives them.
    """
    if not values.batches:
        return ((),) * (len(edges) - 1)
    alone = [(handle,) for handle in values.batches]
    found: list[tuple[str, ...]] = []
    numbers, bounds = values.batch.tolist(), np.asarray(edges).tolist()
    for first, final in pairwise(bounds):
        distinct = [one for one in dict.fromkeys(numbers[first:final]) if one >= 0]
        if len(distinct) == 1:
            found.append(alone[distinct[0]])
        else:
            found.append(tuple(values.batches[one] for one in distinct))
    return tuple(found)
