"""Filters: whatever is written, it is understood, or refused in a sentence; never an accident."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from operator import eq, ge, le

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.errors import Refused, WrongUsage
from ballast.lake.declare import Kind
from ballast.lake.tables import TABLES, table
from ballast.portal.api.filters import narrowed, read_conditions, read_moment, value_of

ALL = [(t.name, column.name) for t in TABLES.values() for column in t]


@given(st.sampled_from(sorted(TABLES)), st.text(max_size=60))
def test_any_text_is_a_filter_or_is_refused(name: str, text: str) -> None:
    try:
        read_conditions(table(name), [text])
    except (WrongUsage, Refused):
        return


@given(st.sampled_from(ALL), st.text(max_size=40) | st.decimals().map(str) | st.integers().map(str))
def test_any_value_is_typed_for_its_column_or_is_refused(where: tuple[str, str], text: str) -> None:
    column = table(where[0]).column(where[1])
    try:
        value = value_of(column, text)
    except (WrongUsage, Refused):
        return
    if text:
        ibis.literal(value, type=ibis.dtype(column.arrow_type)).to_pyarrow()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.decimals(-10_000, 10_000, places=4, allow_nan=False), min_size=1, max_size=8),
    st.decimals(-10_000, 10_000, places=4, allow_nan=False),
)
def test_bounds_keep_what_python_would_keep(values: list[Decimal], bound: Decimal) -> None:
    declared = table("region_period")
    rows = ibis.memtable(pa.table({"value": pa.array(values, pa.decimal128(24, 4))}))
    for operator, keeps in ((">=", ge), ("<=", le), ("=", eq)):
        conditions = read_conditions(declared, [f"value{operator}{bound:f}"])
        kept = narrowed(rows, conditions).to_pyarrow()["value"].to_pylist()
        assert sorted(kept) == sorted(v for v in values if keeps(v, bound))


@given(st.lists(st.sampled_from(["a", "b", "", None]), min_size=1), st.sets(st.sampled_from("ab")))
@settings(max_examples=40, deadline=None)
def test_several_values_mean_any_of_them_and_an_empty_one_means_empty(
    names: list[str | None], wanted: set[str]
) -> None:
    declared = table("enterprise")
    rows = ibis.memtable(pa.table({"name": pa.array(names, pa.string())}))
    conditions = read_conditions(declared, [f"name={text}" for text in sorted(wanted)] + ["name="])
    kept = narrowed(rows, conditions).to_pyarrow()["name"].to_pylist()
    assert len(kept) == sum(name in wanted or not name for name in names)


def test_a_value_is_never_read_as_a_query() -> None:
    rows = ibis.memtable(pa.table({"name": ["x", "' OR 1=1 --"]}))
    declared = table("enterprise")
    for text, count in (("name=' OR 1=1 --", 1), ("name=%", 0), ("name=x' OR 'x'='x", 0)):
        assert (
            narrowed(rows, read_conditions(declared, [text])).count().to_pyarrow().as_py() == count
        )


def test_an_industry_that_nobody_knows_is_refused_but_one_that_was_loaded_is_not() -> None:
    rows = ibis.memtable(pa.table({"industry": ["336411"]}))
    declared = table("region_industry")
    assert declared.column("industry").kind is Kind.INDUSTRY
    kept = narrowed(rows, read_conditions(declared, ["industry=336411"]))
    assert kept.count().to_pyarrow().as_py() == 1
    with pytest.raises(Refused, match="9999"):
        narrowed(rows, read_conditions(declared, ["industry=9999"]))


def test_text_has_no_order() -> None:
    with pytest.raises(WrongUsage, match="no order"):
        read_conditions(table("enterprise"), ["name>=a"])
    rows = ibis.memtable(pa.table({"valid_from": pa.array([], pa.date32())}))
    conditions = read_conditions(table("enterprise"), ["valid_from>="])
    with pytest.raises(WrongUsage, match="needs a value"):
        narrowed(rows, conditions)


def test_a_day_means_its_end_and_a_time_without_a_zone_is_utc() -> None:
    assert read_moment("2026-05-31T08:00:00+08:00") == datetime(2026, 5, 31, tzinfo=UTC)
    assert read_moment("2026-05-31T08:00") == datetime(2026, 5, 31, 8, tzinfo=UTC)
    with pytest.raises(WrongUsage):
        read_moment("0001-01-01T00:00:00+14:00")
