"""The fast path: of a data message, only what a column needs.

Of every metric five fields are read, each once: alias, timestamp, null mark,
history mark, and the one value field that the birth promised. Which of the
value fields was set is asked only where the promised one reads as zero or
empty, for a value that is neither must have been there. Making the frozen
metrics of `ballast.plant.wire.payload` instead costs several times as much.
Readings stay plain lists: a message of one metric would pay more for its numpy
arrays than for everything else. `ballast.plant.wire.columns` turns thousands of
readings into arrays at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ballast.plant.wire.birth import PLAIN, BirthTable
from ballast.plant.wire.datatype import KIND_OF, SIGNED_BITS, WIDTH_BITS, DataType, Kind, fit
from ballast.plant.wire.layout import LEAST_METRICS, Layout, layout_of
from ballast.plant.wire.payload import Value

__all__ = ["LATEST", "Readings", "read"]

# The end of the year 9999, in ms: a later time is a mistake, and no date of any calendar.
LATEST = 253_402_300_799_999

_INTEGERS = frozenset((*SIGNED_BITS, *WIDTH_BITS))
# Publishers take the wider or the narrower field of the same sort; both say the same number.
_ALSO = {
    "int_value": "long_value",
    "long_value": "int_value",
    "float_value": "double_value",
    "double_value": "float_value",
}
_FLOATING = frozenset(("float_value", "double_value"))
_QUALITY = b"Quality"
_MOST_LAYOUTS = 64  # of one table: a node that never writes the same twice must not fill memory


@dataclass(slots=True)
class Readings:
    """What one message says of one table's tags; lists run side by side.

    Parameters
    ----------
    table
        The birth by which it was read.
    received_at
        When it reached us, in ms (UTC), by our clock.
    tags, times, values
        Place in ``table.tags``; source time in ms (UTC); value, or None for null.
    historical
        Rows of the message marked as history.
    qualities
        Row and Sparkplug quality code (0 bad, 192 good, 500 stale) where one was said.
    unknown, misfits, untimed
        How many metrics were left out: no such alias or name in the birth; not
        of the datatype that was born; without any usable time.
    """

    table: BirthTable
    received_at: int
    tags: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    historical: list[int] = field(default_factory=list)
    qualities: list[tuple[int, int]] = field(default_factory=list)
    unknown: int = 0
    misfits: int = 0
    untimed: int = 0

    @property
    def left_out(self) -> int:
        """Return how many metrics of the message gave no sample."""
        return self.unknown + self.misfits + self.untimed


def read(message: Any, table: BirthTable, received_at: int, data: bytes = _QUALITY) -> Readings:
    """Return the readings of a parsed message.

    Parameters
    ----------
    message
        What `ballast.plant.wire.schema.parse` returned.
    table
        The table of the birth that the message goes by.
    received_at
        When it reached us, in ms (UTC).
    data
        The bytes of the message: qualities are looked for only where the word
        stands in them.

    Examples
    --------
    >>> from ballast.plant.wire.birth import birth_table
    >>> from ballast.plant.wire.payload import Metric, Payload, encode
    >>> from ballast.plant.wire.schema import parse
    >>> born = Payload(1, (Metric("t", 0, DataType.INT8, alias=7),), seq=0)
    >>> table = birth_table(parse(encode(born)))
    >>> told = Payload(2, (Metric(None, -5, DataType.INT8, alias=7, timestamp=2),), seq=1)
    >>> read(parse(encode(told)), table, received_at=3).values
    [-5]
    """
    length = len(data) if len(message.metrics) >= LEAST_METRICS else 0
    if length and (layout := table.layouts.get(length)) is not None:
        laid_out = _laid_out(layout, data, table, received_at)
        if laid_out is not None:
            return laid_out
    out = Readings(table, received_at)
    add_tag, add_time, add_value = out.tags.append, out.times.append, out.values.append
    by_alias, readers = table.by_alias, table.readers
    sent = message.timestamp
    with_quality = _QUALITY in data
    for metric in message.metrics:
        alias = metric.alias
        # Alias 0 and no alias read alike; both are rare enough to be asked about.
        tag = by_alias.get(alias) if alias else _slow_tag(metric, table)
        if tag is None:
            out.unknown += 1
            continue
        name, below, datatype = readers[tag]
        value: Value
        if metric.is_null:
            value = None
        else:
            value = getattr(metric, name) if below >= 0 else None
            if not value or (below and value >= below):
                value, fits = _careful(metric, name, datatype)
                if not fits:
                    out.misfits += 1
                    continue
        time = metric.timestamp or sent
        if not 0 < time <= LATEST:
            out.untimed += 1
            continue
        if metric.is_historical:
            out.historical.append(len(out.tags))
        if with_quality and metric.HasField("properties"):
            _quality(metric.properties, out)
        add_tag(tag)
        add_time(time)
        add_value(value)
    if length and length not in table.layouts and len(table.layouts) < _MOST_LAYOUTS:
        table.layouts[length] = _found_layout(out, len(message.metrics), data)
    return out


def _laid_out(layout: Layout, data: bytes, table: BirthTable, received_at: int) -> Readings | None:
    """Return what a message says at the places of a layout; None where it must be walked."""
    found = layout.read(data)
    if found is None:
        return None
    times, values = found
    if times.min() <= 0 or times.max() > LATEST:
        return None
    return Readings(table, received_at, layout.tags, times.tolist(), values)


def _found_layout(out: Readings, metrics: int, data: bytes) -> Layout | None:
    """Return the layout of a message that was walked, where all of it is plain floats."""
    floating = all(out.table.readers[tag][0] in _FLOATING for tag in set(out.tags))
    if len(out.tags) != metrics or not floating or out.historical or out.qualities:
        return None
    return layout_of(data, list(out.tags))


def _slow_tag(metric: Any, table: BirthTable) -> int | None:
    if metric.HasField("alias"):
        return table.by_alias.get(0)
    return table.by_name.get(metric.name)


def _careful(metric: Any, name: str, datatype: DataType) -> tuple[Value, bool]:
    """Return a value and whether it fits, where the plain reading could mislead."""
    which = metric.WhichOneof("value")
    if which is None:
        return None, True  # said to exist, said no value: null
    if datatype in _INTEGERS:
        if which not in (name, _ALSO[name]):
            return None, False
        fitted = fit(datatype, getattr(metric, which))
        return fitted, fitted is not None
    if which != name and which != _ALSO.get(name):
        if name and KIND_OF.get(datatype, Kind.BYTES) is not Kind.BYTES:
            return None, False
        if name in PLAIN or name in ("dataset_value", "template_value"):
            return None, False
    value = getattr(metric, which)
    if name and isinstance(value, int | float | str | bytes):
        return value, True
    if isinstance(value, int | float | str | bytes):  # a datatype of the future: kept as it reads
        return str(value).encode() if not isinstance(value, bytes) else value, True
    return value.SerializeToString(), True


def _quality(properties: Any, out: Readings) -> None:
    for key, value in zip(properties.keys, properties.values, strict=False):
        if key == "Quality" and value.WhichOneof("value") == "int_value":
            out.qualities.append((len(out.tags), value.int_value))
