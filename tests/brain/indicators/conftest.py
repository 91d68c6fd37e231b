"""Small lakes for questions about indicators, and the sample region once for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from ballast.lake import store
from ballast.lake.declare import Kind, Stage
from ballast.lake.lake import Lake
from ballast.lake.streamed import stored
from ballast.lake.tables import table
from ballast.sample.region import load
from ballast.sample.synthetic import typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.viewer import operator

Rows = Sequence[Mapping[str, object]]
Filled = Callable[..., Lake]

_DEFAULTS: dict[str, dict[str, object]] = {
    "enterprise": {
        "valid_from": date(2015, 1, 1), "name": "x", "region_scheme": "gb2260",
        "region": "371581", "industry_scheme": "gbt4754-2017", "industry": "3451",
    },
    "enterprise_period": {"above_scale": True},
    "cluster_definition": {
        "definition": "own", "industry_scheme": "gbt4754-2017", "traded": True,
        "name_zh": "集群", "name_en": "cluster",
    },
    "chain_definition": {
        "industry_scheme": "gbt4754-2017", "stage": "s", "product_zh": "产品",
        "import_dependent": False,
    },
    "title": {"scheme": "champion", "awarded": date(2020, 1, 1)},
    "trade": {"uscc": "", "region": "", "region_scheme": "gb2260", "hs6": "848210"},
    "region_period": {"region_scheme": "gb2260", "region": "371500", "status": "final"},
    "plant_daily": {
        "asset_group": "plant", "machines": 1, "provenance": "real",
        "received_at": datetime(2026, 6, 1, tzinfo=UTC),
    },
    "handle_daily": {
        "node": "88.118", "prefix": "88.118.8", "registered": 0, "changed": 0, "deleted": 0,
        "resolved": 0, "provenance": "real",
    },
}  # fmt: skip


def code(number: int) -> str:
    """Return a valid code of an enterprise."""
    return with_check_character(f"91371500MA{number:07d}")


def frame(name: str, rows: Rows) -> pl.DataFrame:
    """Return rows of a table, what is not given filled with what the tests take for granted."""
    whole = [_DEFAULTS.get(name, {}) | dict(row) for row in rows]
    columns: dict[str, object] = {}
    for column in table(name):
        cells = [row.get(column.name) for row in whole]
        if all(cell is None for cell in cells):
            continue
        if column.kind is Kind.DECIMAL:
            exact = [None if c is None else Decimal(str(c)) for c in cells]
            columns[column.name] = pl.Series(exact, dtype=pl.Decimal(24, 4))
        elif column.kind is Kind.INTEGER:
            columns[column.name] = pl.Series(cells, dtype=pl.Int64)
        elif column.kind is Kind.DATE:
            columns[column.name] = pl.Series(cells, dtype=pl.Date)
        else:
            columns[column.name] = cells
    return typed(name, columns)


def fill(lake: Lake, tables: Mapping[str, Rows]) -> Lake:
    """Load rows into a lake: the loaded tables as one load, the streamed ones as they arrive."""
    loaded = {n: frame(n, rows) for n, rows in tables.items() if table(n).stage is Stage.LOADED}
    if loaded:
        lake.commit(loaded, operator("test"))
    for name, rows in tables.items():
        if table(name).stage is Stage.STREAMED:
            whole: list[dict[str, Any]] = [
                _DEFAULTS[name] | {"seq": n} | dict(row) for n, row in enumerate(rows)
            ]
            schema = table(name).arrow_schema
            store.append(lake.directory(name), stored(name, pa.Table.from_pylist(whole, schema)))
    return lake


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    """Return what makes a lake of rows, told the time of mid-June 2026; and fills it further."""
    now = datetime(2026, 6, 20, 4, tzinfo=UTC)

    def make(into: Lake | None = None, /, **tables: Rows) -> Lake:
        return fill(into or Lake.create(tmp_path / "home", clock=lambda: now), tables)

    return make


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return the lake of the sample region."""
    lake = Lake.create(tmp_path_factory.mktemp("sample") / "home")
    load(lake, operator("test"))
    return lake
