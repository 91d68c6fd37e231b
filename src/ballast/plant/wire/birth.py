"""The table of a birth: which alias is which tag, and by which datatype its data are read.

A rebirth makes a new table and the old one is dropped whole: merging the two
would let a value that travels under a reused alias be filed under the tag that
had it before. A table is therefore frozen, equal only to itself, and readings
point at the table that they were read by.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ballast.plant.wire.datatype import (
    FIELD_OF,
    KIND_OF,
    SIGNED_BITS,
    WIDTH_BITS,
    DataType,
    Kind,
)
from ballast.plant.wire.layout import Layout

__all__ = ["PLAIN", "BirthTable", "Tag", "birth_table"]

# Fields whose value is what it reads as.
PLAIN = frozenset(("float_value", "double_value", "boolean_value", "string_value", "bytes_value"))
# What a metric is read as where the birth forgot its datatype.
_BY_FIELD = {
    "int_value": DataType.UINT32,
    "long_value": DataType.UINT64,
    "float_value": DataType.FLOAT,
    "double_value": DataType.DOUBLE,
    "boolean_value": DataType.BOOLEAN,
    "string_value": DataType.STRING,
    "bytes_value": DataType.BYTES,
    "dataset_value": DataType.DATASET,
    "template_value": DataType.TEMPLATE,
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One metric as born."""

    name: str
    alias: int | None
    datatype: DataType

    @property
    def kind(self) -> Kind:
        """Return what its column holds; a datatype of the future stays bytes."""
        return KIND_OF.get(self.datatype, Kind.BYTES)


@dataclass(frozen=True, eq=False)
class BirthTable:
    """The tags of one node or device between two births.

    Parameters
    ----------
    tags
        In the order of the birth; a reading names a tag by its place here.
    clashes
        Names that share an alias or a name with another: no data can be told
        apart under them, so they are found by neither.
    unnamed
        How many metrics of the birth had no name.

    Attributes
    ----------
    by_alias, by_name
        Where a tag stands in ``tags``.
    kinds
        The `Kind` of each tag, shape (tags,).
    readers
        How each tag is read: its value field, the bound below which an integer
        needs no second look, its datatype.
    layouts
        By length, layouts of messages that were read by this table (None: has none);
        filled by `ballast.plant.wire.readings` and bounded there.
    """

    tags: tuple[Tag, ...]
    clashes: tuple[str, ...] = ()
    unnamed: int = 0
    by_alias: dict[int, int] = field(init=False, repr=False)
    by_name: dict[str, int] = field(init=False, repr=False)
    kinds: npt.NDArray[np.int8] = field(init=False, repr=False)
    readers: tuple[tuple[str, int, DataType], ...] = field(init=False, repr=False)
    layouts: dict[int, Layout | None] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        clashing = frozenset(self.clashes)
        places = [(n, t) for n, t in enumerate(self.tags) if t.name not in clashing]
        by_alias = {t.alias: n for n, t in places if t.alias is not None}
        object.__setattr__(self, "by_alias", by_alias)
        object.__setattr__(self, "by_name", {t.name: n for n, t in places})
        object.__setattr__(self, "kinds", np.array([t.kind for t in self.tags], np.int8))
        readers = tuple((FIELD_OF.get(t.datatype, ""), _below(t), t.datatype) for t in self.tags)
        object.__setattr__(self, "readers", readers)


def _below(tag: Tag) -> int:
    """Return under which number an integer is itself: positive, and within its type.

    0 for what is plainly read (where it is not zero or empty), and -1 for what never is.
    """
    bits = SIGNED_BITS.get(tag.datatype, 0) - 1 if tag.datatype in SIGNED_BITS else 0
    bits = bits or WIDTH_BITS.get(tag.datatype, 0)
    if bits:
        return 1 << bits
    return 0 if FIELD_OF.get(tag.datatype) in PLAIN else -1


def birth_table(message: Any) -> BirthTable:
    """Return the table of a parsed NBIRTH or DBIRTH.

    Parameters
    ----------
    message
        What `ballast.plant.wire.schema.parse` returned.

    Examples
    --------
    >>> from ballast.plant.wire.payload import Metric, Payload, encode
    >>> from ballast.plant.wire.schema import parse
    >>> born = Payload(1, (Metric("t", 1.5, DataType.DOUBLE, alias=7),), seq=0)
    >>> birth_table(parse(encode(born))).by_alias
    {7: 0}
    """
    tags, unnamed = [], 0
    for metric in message.metrics:
        name = metric.name
        if not name:
            unnamed += 1
            continue
        datatype = DataType(metric.datatype)
        if datatype is DataType.UNKNOWN:
            datatype = _BY_FIELD.get(metric.WhichOneof("value") or "", DataType.UNKNOWN)
        tags.append(Tag(name, metric.alias if metric.HasField("alias") else None, datatype))
    names = Counter(tag.name for tag in tags)
    aliases = Counter(tag.alias for tag in tags if tag.alias is not None)
    clashes = dict.fromkeys(
        t.name for t in tags if names[t.name] > 1 or (t.alias is not None and aliases[t.alias] > 1)
    )
    return BirthTable(tuple(tags), tuple(clashes), unnamed)
