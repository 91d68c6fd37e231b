"""The array datatypes, which travel as packed bytes.

Numbers are packed little-endian. The specification's examples of FloatArray and
DoubleArray show the bytes the other way round; its text, its integer examples
and its reference implementation are little-endian, and so are we.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.wire.datatype import DataType

__all__ = ["pack_array", "unpack_array"]

_DTYPES = {
    DataType.INT8_ARRAY: "<i1",
    DataType.INT16_ARRAY: "<i2",
    DataType.INT32_ARRAY: "<i4",
    DataType.INT64_ARRAY: "<i8",
    DataType.UINT8_ARRAY: "<u1",
    DataType.UINT16_ARRAY: "<u2",
    DataType.UINT32_ARRAY: "<u4",
    DataType.UINT64_ARRAY: "<u8",
    DataType.FLOAT_ARRAY: "<f4",
    DataType.DOUBLE_ARRAY: "<f8",
    DataType.DATETIME_ARRAY: "<u8",
}
_WRONG = "{size} bytes are no {kind}; see what the edge node publishes"


def unpack_array(datatype: DataType, packed: bytes) -> npt.NDArray[np.generic] | tuple[str, ...]:
    """Return the elements of an array datatype.

    Parameters
    ----------
    datatype
        One of the array types, 22 to 34.
    packed
        What stood in ``bytes_value``.

    Returns
    -------
    ndarray, shape (n,), or tuple of str
        Numbers in the width of their type; DateTime as milliseconds since 1970.

    Raises
    ------
    Refused
        The bytes do not divide into elements.

    Examples
    --------
    >>> unpack_array(DataType.INT8_ARRAY, bytes([0xE9, 0x7B])).tolist()
    [-23, 123]
    >>> unpack_array(DataType.STRING_ARRAY, b"ABC\\x00hello\\x00")
    ('ABC', 'hello')
    """
    wrong = Refused(_WRONG, size=len(packed), kind=datatype.name)
    if datatype is DataType.STRING_ARRAY:
        if packed and not packed.endswith(b"\0"):
            raise wrong
        try:
            return tuple(packed.decode("utf-8").split("\0")[:-1])
        except UnicodeDecodeError:
            raise wrong from None
    if datatype is DataType.BOOLEAN_ARRAY:
        count = int.from_bytes(packed[:4], "little")
        # The count comes from outside: nothing is reserved before the bytes are there.
        if len(packed) < 4 or len(packed) - 4 != (count + 7) // 8:
            raise wrong
        bits = np.unpackbits(np.frombuffer(packed, np.uint8, offset=4), count=count)
        return bits.astype(np.bool_)
    if datatype not in _DTYPES or len(packed) % np.dtype(_DTYPES[datatype]).itemsize:
        raise wrong
    return np.frombuffer(packed, _DTYPES[datatype]).copy()


def pack_array(datatype: DataType, elements: Sequence[object]) -> bytes:
    """Return the bytes of an array datatype; the inverse of `unpack_array`.

    Examples
    --------
    >>> pack_array(DataType.BOOLEAN_ARRAY, [False, False, True]).hex()
    '0300000020'
    """
    if datatype is DataType.STRING_ARRAY:
        return b"".join(str(element).encode() + b"\0" for element in elements)
    if datatype is DataType.BOOLEAN_ARRAY:
        bits = np.packbits(np.asarray(elements, np.bool_))
        return len(elements).to_bytes(4, "little") + bits.tobytes()
    return np.asarray(elements, _DTYPES[datatype]).tobytes()
