"""The datatypes of Sparkplug B, and what each becomes in a column.

A datatype is said once, in the birth; the data that follow carry a bare
number whose sign and width only this table knows: Sparkplug puts signed
integers into unsigned protobuf fields. A dictionary of converters beside the
decoder would hide that rule, so it stands here, where a reader can check it
against clause 6.4.16 of the specification line by line.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["FIELD_OF", "KIND_OF", "SIGNED_BITS", "WIDTH_BITS", "DataType", "Kind", "fit"]


class DataType(IntEnum):
    """The indexes of Sparkplug 3.0, chapter 6 "Data Types"; an unknown index keeps its number.

    Examples
    --------
    >>> DataType(10).name, DataType(77).name, int(DataType(77))
    ('DOUBLE', 'TYPE77', 77)
    """

    UNKNOWN = 0
    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATETIME = 13
    TEXT = 14
    UUID = 15
    DATASET = 16
    BYTES = 17
    FILE = 18
    TEMPLATE = 19
    PROPERTY_SET = 20
    PROPERTY_SET_LIST = 21
    INT8_ARRAY = 22
    INT16_ARRAY = 23
    INT32_ARRAY = 24
    INT64_ARRAY = 25
    UINT8_ARRAY = 26
    UINT16_ARRAY = 27
    UINT32_ARRAY = 28
    UINT64_ARRAY = 29
    FLOAT_ARRAY = 30
    DOUBLE_ARRAY = 31
    BOOLEAN_ARRAY = 32
    STRING_ARRAY = 33
    DATETIME_ARRAY = 34

    @classmethod
    def _missing_(cls, value: object) -> DataType | None:
        if not isinstance(value, int) or not 0 <= value < 2**32:
            return None
        other = int.__new__(cls, value)
        other._name_ = f"TYPE{value}"
        other._value_ = value
        return other


class Kind(IntEnum):
    """What a column holds: one numpy dtype for each, so that no value is bent to fit."""

    NUMBER = 0  # float64
    INTEGER = 1  # int64
    UNSIGNED = 2  # uint64: the only home of the upper half of UInt64
    BOOLEAN = 3  # bool
    TEXT = 4  # str
    BYTES = 5  # bytes: arrays, files, and what is kept opaque (data sets, templates, extensions)


_D = DataType
SIGNED_BITS = {_D.INT8: 8, _D.INT16: 16, _D.INT32: 32, _D.INT64: 64}
# A DateTime is unsigned on the wire; no machine stands past the year 292,000,000.
WIDTH_BITS = {_D.UINT8: 8, _D.UINT16: 16, _D.UINT32: 32, _D.UINT64: 64, _D.DATETIME: 63}

_INT_FIELD = (_D.INT8, _D.INT16, _D.INT32, _D.UINT8, _D.UINT16, _D.UINT32)
_LONG_FIELD = (_D.INT64, _D.UINT64, _D.DATETIME)
_TEXTS = (_D.STRING, _D.TEXT, _D.UUID)
_BYTES = (_D.BYTES, _D.FILE, *(DataType(n) for n in range(_D.INT8_ARRAY, _D.DATETIME_ARRAY + 1)))

FIELD_OF: dict[DataType, str] = {
    **dict.fromkeys(_INT_FIELD, "int_value"),
    **dict.fromkeys(_LONG_FIELD, "long_value"),
    _D.FLOAT: "float_value",
    _D.DOUBLE: "double_value",
    _D.BOOLEAN: "boolean_value",
    **dict.fromkeys(_TEXTS, "string_value"),
    **dict.fromkeys(_BYTES, "bytes_value"),
    _D.DATASET: "dataset_value",
    _D.TEMPLATE: "template_value",
}
KIND_OF: dict[DataType, Kind] = {
    **dict.fromkeys((*_INT_FIELD, *_LONG_FIELD), Kind.INTEGER),
    _D.UINT64: Kind.UNSIGNED,
    **dict.fromkeys((_D.FLOAT, _D.DOUBLE), Kind.NUMBER),
    _D.BOOLEAN: Kind.BOOLEAN,
    **dict.fromkeys(_TEXTS, Kind.TEXT),
    **dict.fromkeys((*_BYTES, _D.DATASET, _D.TEMPLATE), Kind.BYTES),
}


def fit(datatype: DataType, carried: int) -> int | None:
    """Return the integer that an unsigned field carries, or None where it cannot be one.

    Parameters
    ----------
    datatype
        An integer datatype or ``DATETIME``.
    carried
        What stood in ``int_value`` or ``long_value``: 0 … 2⁶⁴ - 1.

    Returns
    -------
    int or None
        For a signed type of b bits the two's complement of ``carried``, which
        may be cut to b bits or extended to 32 or 64: publishers do all three.
        For an unsigned type ``carried`` itself, when below 2^b.

    Notes
    -----
    Source: Sparkplug 3.0, chapter 6 "Datatype Details": "Signed 8-bit integer,
    Google Protocol Buffer Type: uint32".

    Examples
    --------
    >>> fit(DataType.INT8, 0xE9), fit(DataType.INT8, 0xFFFFFFE9), fit(DataType.UINT8, 300)
    (-23, -23, None)
    """
    bits = SIGNED_BITS.get(datatype)
    if bits is None:
        return carried if carried < 1 << WIDTH_BITS[datatype] else None
    half = 1 << (bits - 1)
    if carried < half:
        return carried
    for carrier in (bits, 32, 64):
        if (1 << carrier) - half <= carried < 1 << carrier:
            return carried - (1 << carrier)
    return None
