"""Small tables for the measures, and their answers as rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

Rows = list[dict[str, Any]]


def make_table(columns: Mapping[str, Sequence[Any] | pa.Array]) -> ir.Table:
    """Return columns as an Ibis table; through Arrow, so that NULL is not NaN."""
    return ibis.memtable(pa.table(dict(columns)))


def make_rows(table: ir.Table, *order: str) -> Rows:
    """Return the rows of an expression, ordered."""
    found: Rows = (table.order_by(list(order)) if order else table).to_pyarrow().to_pylist()
    return found


@pytest.fixture(scope="session")
def table() -> Callable[[Mapping[str, Sequence[Any]]], ir.Table]:
    return make_table


@pytest.fixture(scope="session")
def rows() -> Callable[..., Rows]:
    return make_rows
