"""The fast path says what the whole path says, and leaves out what it must."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.wire.birth import BirthTable, birth_table
from ballast.plant.wire.columns import columns
from ballast.plant.wire.datatype import SIGNED_BITS, WIDTH_BITS, DataType, Kind
from ballast.plant.wire.payload import Metric, Payload, Value, decode, encode
from ballast.plant.wire.readings import LATEST, Readings, read
from ballast.plant.wire.schema import new_message, parse, serialise

TYPES = [
    *SIGNED_BITS, *WIDTH_BITS, DataType.FLOAT, DataType.DOUBLE, DataType.BOOLEAN, DataType.STRING,
    DataType.BYTES,
]  # fmt: skip
TABLE = birth_table(
    parse(encode(Payload(1, tuple(Metric(t.name, None, t, n) for n, t in enumerate(TYPES)))))
)


def value_of(datatype: DataType) -> st.SearchStrategy[Value]:
    if bits := SIGNED_BITS.get(datatype):
        return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if bits := WIDTH_BITS.get(datatype):
        return st.integers(0, 2**bits - 1)
    others: dict[DataType, st.SearchStrategy[Value]] = {
        DataType.FLOAT: st.floats(width=32, allow_nan=False),
        DataType.DOUBLE: st.floats(allow_nan=False),
        DataType.BOOLEAN: st.booleans(),
        DataType.STRING: st.text(max_size=4),
        DataType.BYTES: st.binary(max_size=4),
    }
    return others[datatype]


def metric(place: int) -> st.SearchStrategy[Metric]:
    datatype = TYPES[place]
    return st.builds(
        Metric, st.none(), st.none() | value_of(datatype), st.just(datatype), st.just(place),
        st.integers(1, LATEST), is_historical=st.booleans(), is_null=st.booleans(),
    )  # fmt: skip


def told(*metrics: Metric, at: int = 5) -> Readings:
    return read(parse(encode(Payload(at, metrics, seq=1))), TABLE, 9)


@given(st.lists(st.integers(0, len(TYPES) - 1).flatmap(metric), max_size=30))
def test_the_fast_path_reads_what_the_whole_path_reads(metrics: list[Metric]) -> None:
    data = encode(Payload(5, tuple(metrics), seq=1))
    whole = decode(data).metrics
    fast = read(parse(data), TABLE, 9)
    assert fast.left_out == 0
    assert fast.tags == [m.alias for m in whole]
    assert fast.times == [m.timestamp for m in whole]
    assert fast.values == [m.value for m in whole]
    assert fast.historical == [n for n, m in enumerate(whole) if m.is_historical]


def test_zero_false_and_empty_are_values_and_not_nulls() -> None:
    zeros: list[tuple[DataType, Value]] = [
        (DataType.DOUBLE, 0.0), (DataType.INT16, 0), (DataType.BOOLEAN, False),
        (DataType.STRING, ""), (DataType.BYTES, b""),
    ]  # fmt: skip
    sent = [Metric(None, v, t, TYPES.index(t)) for t, v in zeros]
    assert told(*sent).values == [v for _, v in zeros]


def test_a_value_of_another_sort_is_a_misfit_and_never_a_zero() -> None:
    double, text = TYPES.index(DataType.DOUBLE), TYPES.index(DataType.STRING)
    byte = TYPES.index(DataType.UINT8)
    found = told(
        Metric(None, "1", DataType.STRING, double),
        Metric(None, 3, DataType.INT32, text),
        Metric(None, 300, DataType.UINT16, byte),
        Metric(None, 1.5, DataType.DOUBLE, byte),
        Metric(None, 7, DataType.INT32, double),
    )
    assert (found.values, found.misfits) == ([], 5)


def test_the_wider_and_the_narrower_field_of_a_sort_say_the_same() -> None:
    message = new_message()
    message.timestamp = 5
    for datatype, field, value in (
        (DataType.INT16, "long_value", 2**64 - 2),
        (DataType.INT64, "int_value", 5),
        (DataType.DOUBLE, "float_value", 0.5),
        (DataType.FLOAT, "double_value", 0.25),
    ):
        setattr(message.metrics.add(alias=TYPES.index(datatype)), field, value)
    assert read(parse(serialise(message)), TABLE, 9).values == [-2, 5, 0.5, 0.25]


def test_metrics_without_an_alias_go_by_their_name_even_where_alias_0_is_taken() -> None:
    assert TABLE.by_alias[0] == 0
    found = told(Metric("DOUBLE", 2.5, DataType.DOUBLE), Metric("never born", 1, DataType.INT8))
    assert (found.tags, found.unknown) == ([TYPES.index(DataType.DOUBLE)], 1)


def test_a_missing_time_is_the_messages_and_an_impossible_one_leaves_the_metric_out() -> None:
    assert told(Metric(None, 1, DataType.INT8, 0)).times == [5]
    assert told(Metric(None, 1, DataType.INT8, 0), at=0).untimed == 1
    assert told(Metric(None, 1, DataType.INT8, 0, timestamp=2**64 - 1)).untimed == 1


def test_qualities_are_read_where_they_are_said() -> None:
    bad = Metric(None, 1, DataType.INT8, 0, 5, properties={"unit": "s", "Quality": 500})
    assert told(Metric(None, 2, DataType.INT8, 0), bad).qualities == [(1, 500)]


def test_metrics_that_share_an_alias_are_found_by_neither() -> None:
    born = Payload(1, tuple(Metric(n, 1, DataType.INT8, 7) for n in "ab"))
    table = birth_table(parse(encode(born)))
    assert (table.clashes, table.by_alias) == (("a", "b"), {})


def test_a_datatype_left_out_of_the_birth_is_taken_from_its_value() -> None:
    message = new_message()
    message.metrics.add(name="x", alias=3).boolean_value = True
    assert birth_table(message).tags[0].datatype is DataType.BOOLEAN


def test_columns_keep_each_kind_exact_with_nan_infinities_and_nulls() -> None:
    place = {t: n for n, t in enumerate(TYPES)}
    sent: list[tuple[DataType, Value]] = [
        (DataType.DOUBLE, float("nan")), (DataType.DOUBLE, float("-inf")), (DataType.DOUBLE, None),
        (DataType.INT64, -(2**63)), (DataType.INT64, None), (DataType.UINT64, 2**64 - 1),
        (DataType.BOOLEAN, True), (DataType.STRING, "阀"), (DataType.BYTES, b"\0"),
    ]  # fmt: skip
    batch = told(*(Metric(None, v, t, place[t], is_null=v is None) for t, v in sent))
    found = columns([batch], {TABLE: np.arange(len(TYPES)) + 100})
    assert set(found) == set(Kind)
    number = found[Kind.NUMBER]
    assert np.array_equal(number.value, [np.nan, -np.inf, 0.0], equal_nan=True)
    assert number.null.tolist() == [False, False, True]
    assert number.tag.tolist() == [100 + place[DataType.DOUBLE]] * 3
    assert found[Kind.INTEGER].value.tolist() == [-(2**63), 0]
    assert found[Kind.UNSIGNED].value.tolist() == [2**64 - 1]
    assert found[Kind.TEXT].value.tolist() == ["阀"]
    assert found[Kind.BYTES].value.tolist() == [b"\0"]


def test_columns_of_many_messages_and_tables_keep_order_numbers_and_marks() -> None:
    other = BirthTable(TABLE.tags)
    hour = 3_600_000
    place = TYPES.index(DataType.DOUBLE)
    batch = [
        Readings(TABLE, 2 * hour, [place, place], [2 * hour, hour], [1.0, 2.0], historical=[1]),
        Readings(other, 2 * hour + 1, [place], [3 * hour], [3.0], qualities=[(0, 0)]),
    ]
    size = len(TYPES)
    column = columns(batch, {TABLE: np.arange(size), other: np.arange(size) + size})[Kind.NUMBER]
    assert column.value.tolist() == [1.0, 2.0, 3.0]
    assert column.tag.tolist() == [place, place, place + size]
    assert column.received_at.tolist() == [2 * hour, 2 * hour, 2 * hour + 1]
    assert column.late.tolist() == [False, True, False]
    assert column.ahead.tolist() == [False, False, True]
    assert column.historical.tolist() == [False, True, False]
    assert column.quality.tolist() == [192, 192, 0]


def test_no_readings_are_no_columns() -> None:
    assert columns([Readings(TABLE, 1)], {}) == {}
