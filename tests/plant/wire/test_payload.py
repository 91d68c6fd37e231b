"""Payloads in both directions, and what hostile bytes come to."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.wire import schema
from ballast.plant.wire.datatype import FIELD_OF, SIGNED_BITS, WIDTH_BITS, DataType
from ballast.plant.wire.payload import Metric, Payload, Value, decode, encode
from ballast.plant.wire.schema import new_message, parse, serialise


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def test_the_field_numbers_are_those_of_the_specification_read_byte_by_byte() -> None:
    # Written by hand by the rules of protobuf: (number << 3 | wire type), then the value.
    metric = (
        b"\x0a\x01t" + b"\x10\x07" + b"\x18\x05" + b"\x20\x0a" + b"\x28\x01" + b"\x30\x01"
        + b"\x69" + bytes.fromhex("000000000000f83f")
    )  # fmt: skip
    written = b"\x08\x05" + b"\x12" + bytes([len(metric)]) + metric + b"\x18\x09"
    written += b"\x22\x01u" + b"\x2a\x02\x00\xff"
    expected = Metric(
        "t", 1.5, DataType.DOUBLE, 7, 5, is_historical=True, is_transient=True
    )  # fmt: skip
    payload = Payload(5, (expected,), 9, "u", b"\x00\xff")
    assert decode(written) == payload
    assert encode(payload) == written


@pytest.mark.parametrize(
    ("number", "datatype"),
    [(10, DataType.INT32), (11, DataType.INT64), (16, DataType.BYTES), (15, DataType.TEXT)],
)
def test_each_value_has_its_field(number: int, datatype: DataType) -> None:
    value: Value = b"x" if datatype is DataType.BYTES else "x" if number == 15 else 1
    metric = encode(Payload(metrics=(Metric(None, value, datatype),)))[2:]
    assert metric[2] >> 3 == number


INTEGERS = st.sampled_from([*SIGNED_BITS, *WIDTH_BITS]).flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        st.integers(-(2 ** (SIGNED_BITS[kind] - 1)), 2 ** (SIGNED_BITS[kind] - 1) - 1)
        if kind in SIGNED_BITS
        else st.integers(0, 2 ** WIDTH_BITS[kind] - 1),
    )
)


@given(INTEGERS)
def test_integers_of_every_type_survive_the_unsigned_field(pair: tuple[DataType, int]) -> None:
    datatype, value = pair
    written = encode(Payload(metrics=(Metric("n", value, datatype),)))
    assert decode(written).metrics[0].value == value


@given(st.floats(width=32), st.floats())
def test_floats_survive_with_nan_and_infinities(single: float, double: float) -> None:
    metrics = (Metric("f", single, DataType.FLOAT), Metric("d", double, DataType.DOUBLE))
    read = [metric.value for metric in decode(encode(Payload(metrics=metrics))).metrics]
    assert [repr(value) for value in read] == [repr(single), repr(double)]


def test_null_is_a_mark_and_a_missing_value_is_none() -> None:
    told = Payload(metrics=(Metric("a", None, DataType.INT8, is_null=True), Metric("b")))
    assert decode(encode(told)) == told


def test_properties_and_metadata_come_through() -> None:
    properties = {
        "Quality": 192, "unit": "°C", "ok": True, "none": None, "limit": -1.5, "big": 2**40,
        "in": {"x": 1}, "list": [{"y": 2}, {}],
    }  # fmt: skip
    told = Metric("t", 1, DataType.INT8, properties=properties, metadata={"size": 3, "md5": "a"})
    (read,) = decode(encode(Payload(metrics=(told,)))).metrics
    assert (read.properties, read.metadata) == (properties, {"size": 3, "md5": "a"})


def test_data_sets_templates_and_extensions_pass_through_as_the_bytes_they_were() -> None:
    message = new_message()
    metric = message.metrics.add(name="set", datatype=int(DataType.DATASET))
    metric.dataset_value.columns.append("a")
    metric.dataset_value.types.extend([10, 4])
    metric.dataset_value.rows.add().elements.add().double_value = 1.5
    template = message.metrics.add(name="udt", datatype=int(DataType.TEMPLATE))
    template.template_value.metrics.add(name="inner", datatype=3).int_value = 7
    template.template_value.template_ref = "type"
    extended = message.metrics.add(name="ext")
    extended.extension_value.MergeFromString(b"\x0a\x02hi")  # a field that we do not describe
    written = serialise(message)
    read = decode(written).metrics
    assert read[2].value == b"\x0a\x02hi"
    del message.metrics[2]
    assert encode(Payload(metrics=read[:2])) == serialise(message)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_payload_or_one_clear_refusal(data: bytes) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(decode(data), Payload)


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(Refused, match="not Sparkplug"):
        decode(b"\x12\x03\x0a\x01\xff")


def test_a_truncated_payload_is_refused() -> None:
    whole = encode(Payload(1, (Metric("temperature", 1.0, DataType.DOUBLE),), 0))
    with pytest.raises(Refused):
        decode(whole[:-5])


def test_templates_within_templates_without_end_are_refused() -> None:
    inner = b""
    for _ in range(5000):
        outer = b"\x12" + varint(len(inner)) + inner
        inner = b"\x92\x01" + varint(len(outer)) + outer
    with pytest.raises(Refused):
        decode(b"\x12" + varint(len(inner)) + inner)


def test_too_many_bytes_or_metrics_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MAX_METRICS", 3)
    with pytest.raises(Refused, match="4 metrics"):
        parse(b"\x12\x00" * 4)
    monkeypatch.setattr(schema, "MAX_BYTES", 7)
    with pytest.raises(Refused, match="8 bytes"):
        parse(b"\x12\x00" * 4)


def test_a_value_wider_than_its_type_is_refused_by_name() -> None:
    message = new_message()
    message.metrics.add(name="small", datatype=int(DataType.UINT8)).int_value = 300
    with pytest.raises(Refused, match="small carries 300"):
        decode(serialise(message))


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        (DataType.INT8, 128), (DataType.UINT64, -1), (DataType.UINT16, 70_000),
        (DataType.BOOLEAN, "yes"), (DataType.STRING, 3), (None, 1), (DataType(99), 1),
        (DataType.INT32, 1.5),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_not_written(datatype: DataType | None, value: Value) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        encode(Payload(metrics=(Metric("x", value, datatype),)))


def test_every_datatype_of_a_metric_has_a_field() -> None:
    properties_only = {DataType.UNKNOWN, DataType.PROPERTY_SET, DataType.PROPERTY_SET_LIST}
    assert set(FIELD_OF) == {DataType(n) for n in range(35)} - properties_only
