"""Array datatypes against the examples printed in the Sparkplug 3.0 specification, chapter 6.

The examples of FloatArray and DoubleArray are left out: they are printed big-endian against their
own text.
"""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.wire.arrays import pack_array, unpack_array
from ballast.plant.wire.datatype import DataType

PRINTED: list[tuple[DataType, list[object], str]] = [
    (DataType.INT8_ARRAY, [-23, 123], "e97b"),
    (DataType.INT32_ARRAY, [123456789, 987654321], "15cd5b07 b168de3a"),
    (DataType.UINT64_ARRAY, [52, 16444743074749521625], "3400000000000000 d99e02d1b27637e4"),
    (
        DataType.BOOLEAN_ARRAY,
        [n in (2, 3, 5, 8, 9, 11) for n in range(12)],
        "0c000000 34d0",
    ),
    (DataType.STRING_ARRAY, ["ABC", "hello"], "41424300 68656c6c6f00"),
]


@pytest.mark.parametrize(("datatype", "elements", "printed"), PRINTED)
def test_the_printed_examples_hold(
    datatype: DataType, elements: list[object], printed: str
) -> None:
    assert pack_array(datatype, elements) == bytes.fromhex(printed)
    assert list(unpack_array(datatype, bytes.fromhex(printed))) == elements


@given(st.lists(st.floats(width=32, allow_nan=False)))
def test_floats_are_little_endian(elements: list[float]) -> None:
    packed = pack_array(DataType.FLOAT_ARRAY, elements)
    assert np.frombuffer(packed, "<f4").tolist() == elements


@given(st.sampled_from([DataType(n) for n in range(22, 35)]), st.binary(max_size=40))
def test_any_bytes_are_an_array_or_one_refusal(datatype: DataType, data: bytes) -> None:
    with contextlib.suppress(Refused):
        assert len(unpack_array(datatype, data)) <= 8 * len(data)


def test_a_count_of_booleans_beyond_the_bytes_reserves_nothing() -> None:
    with pytest.raises(Refused):
        unpack_array(DataType.BOOLEAN_ARRAY, b"\xff\xff\xff\xff\x01")
