"""Messages laid out alike are read at fixed places, and no value of any other message is."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.wire.birth import BirthTable, birth_table
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.layout import LEAST_METRICS, layout_of
from ballast.plant.wire.payload import Metric, Payload, Value, encode
from ballast.plant.wire.readings import Readings, read
from ballast.plant.wire.schema import parse

AT = 1_760_000_000_000
COUNT = 12
floats = st.floats(width=32)


def table(kind: DataType = DataType.DOUBLE, count: int = COUNT) -> BirthTable:
    born = tuple(Metric(f"t{n}", None, kind, alias=n + 120) for n in range(count))
    return birth_table(parse(encode(Payload(AT, born, seq=0))))


def said(
    values: list[Value], kind: DataType = DataType.DOUBLE, at: int = AT, seq: int = 1
) -> bytes:
    told = tuple(
        Metric(None, value, kind, alias=n + 120, timestamp=at + n) for n, value in enumerate(values)
    )
    return encode(Payload(at, told, seq=seq))


def rows(told: Readings) -> list[tuple[int, int, bytes | Value]]:
    """Return readings so that NaN is itself and -0.0 is not 0.0."""
    return [
        (tag, time, struct.pack("<d", value) if isinstance(value, float) else value)
        for tag, time, value in zip(told.tags, told.times, told.values, strict=True)
    ]


@given(
    st.lists(st.lists(floats, min_size=COUNT, max_size=COUNT), min_size=2, max_size=5),
    st.sampled_from((DataType.DOUBLE, DataType.FLOAT)),
    st.integers(1, 2**42),
)
def test_a_layout_reads_what_the_walk_reads(
    messages: list[list[Value]], kind: DataType, at: int
) -> None:
    born = table(kind)
    lengths: list[int] = []
    for number, values in enumerate(messages):
        data = said(values, kind, at + number, number)
        lengths.append(len(data))
        message = parse(data)
        assert rows(read(message, born, AT, data)) == rows(read(message, table(kind), AT, data))
    if len(set(lengths)) < len(lengths):  # a time that takes a byte more is another layout
        assert any(born.layouts.values())


def test_the_second_message_laid_out_alike_needs_no_walk() -> None:
    born = table()
    read(parse(first := said([1.5] * COUNT)), born, AT, first)
    second = said([-0.0, float("nan"), *[2.5] * (COUNT - 2)], at=AT + 5, seq=200)
    (layout,) = born.layouts.values()
    assert layout is not None
    if len(second) == len(first):
        found = layout.read(second)
        assert found is not None
    else:  # a seq above 127 is a byte longer: another layout
        read(parse(second), born, AT, second)
        assert len(born.layouts) == 2


def test_a_message_with_another_alias_is_walked_though_it_is_as_long() -> None:
    born = table()
    first = said([1.0] * COUNT)
    read(parse(first), born, AT, first)
    turned = tuple(
        Metric(None, 2.0, DataType.DOUBLE, alias=n + 120, timestamp=AT + n)
        for n in reversed(range(COUNT))
    )
    other = encode(Payload(AT, turned, seq=1))
    assert len(other) == len(first)
    told = read(parse(other), born, AT, other)
    assert told.tags == list(reversed(range(COUNT)))


def test_a_null_a_quality_or_an_integer_has_no_layout() -> None:
    nulls = said([None, *[1.0] * (COUNT - 1)])
    born = table()
    read(parse(nulls), born, AT, nulls)
    assert born.layouts == {len(nulls): None}
    counts = said(list(range(COUNT)), DataType.INT32)
    whole = table(DataType.INT32)
    assert read(parse(counts), whole, AT, counts).values == list(range(COUNT))
    assert not any(whole.layouts.values())


def test_a_time_out_of_bounds_is_left_out_with_or_without_a_layout() -> None:
    born = table()
    for at in (AT, 2**49, AT + 1, 2**49 + 1):
        data = said([1.0] * COUNT, at=at)
        told = read(parse(data), born, AT, data)
        assert told.untimed == (COUNT if at >= 2**49 else 0)


def test_a_few_metrics_are_always_walked() -> None:
    few = LEAST_METRICS - 1
    born = table(count=few)
    data = said([1.0] * few)
    read(parse(data), born, AT, data)
    assert born.layouts == {}


def test_the_layouts_of_a_table_are_bounded() -> None:
    born = table(count=200)
    for count in range(LEAST_METRICS, 200):
        data = said([1.0] * count)
        assert len(read(parse(data), born, AT, data).tags) == count
    assert len(born.layouts) == 64


@given(st.binary(max_size=120))
def test_bytes_of_no_message_have_no_layout(data: bytes) -> None:
    assert layout_of(data, [0] * COUNT) is None


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_message_damaged_anywhere_reads_as_the_walk_reads_it(place: int, change: int) -> None:
    born = table()
    whole = said([1.0] * COUNT)
    read(parse(whole), born, AT, whole)
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= change
    data = bytes(damaged)
    try:
        message = parse(data)
    except Refused:
        return
    ours, walked = read(message, born, AT, data), read(message, table(), AT, data)
    assert rows(ours) == rows(walked)
    assert ours.left_out == walked.left_out
