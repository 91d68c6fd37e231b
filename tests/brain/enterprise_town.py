"""A small city of enterprises, each reporting by a rule that a reader can do in his head.

Enterprise n of the town (1, 2, …) earns 100 n a month in 2025 and 10 % more in
2026, at a profit of n per cent; all of them make rolling bearings (3451).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.lake.streamed import stored
from ballast.sample.synthetic import typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer, operator, viewer_for

CITY = "371500"
TODAY = date(2026, 6, 1)
ME = operator("loader")
PERIODS_2025 = ("2025-01..02", *(f"2025-{m:02d}" for m in range(3, 13)))
PERIODS_2026 = ("2026-01..02", "2026-03", "2026-04")
MONTHS = {p: 2 if ".." in p else 1 for p in (*PERIODS_2025, *PERIODS_2026)}
OUTSIDER = with_check_character("91370800MA9T00001")
"""An enterprise of another city: nobody's peer."""


def code(number: int) -> str:
    """Return the code of an enterprise of the town."""
    return with_check_character(f"91371500MA7T{number:05d}")


def analyst() -> Viewer:
    return viewer_for(Role.ANALYST, "analyst")


def owner(*numbers: int) -> Viewer:
    return viewer_for(Role.ENTERPRISE, "owner", frozenset(code(n) for n in numbers))


@dataclass
class Town:
    """What is loaded: change a list before ``load``.

    Parameters
    ----------
    count
        How many enterprises.
    register, reports
        Rows as they are loaded, column to value; ``reports`` by enterprise and period.
    """

    count: int = 24
    register: list[dict[str, Any]] = field(default_factory=list)
    reports: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n in range(1, self.count + 1):
            self.register.append(self.entry(n))
            for period in (*PERIODS_2025, *PERIODS_2026):
                self.reports[n, period] = self.report(n, period)

    def entry(self, n: int, **more: Any) -> dict[str, Any]:
        """Return a row of the register."""
        return {
            "uscc": code(n), "valid_from": date(2020, 1, 1), "name": f"第{n}轴承有限公司",
            "name_en": f"Bearing Works No. {n}", "region_scheme": "gb2260", "region": "371581",
            "industry_scheme": "gbt4754-2017", "industry": "3451", "size_class": "small",
            "ownership": "private", "consent_publish": False, "consent_share": n % 2 == 0,
        } | more  # fmt: skip

    def report(self, n: int, period: str, **more: Any) -> dict[str, Any]:
        """Return a row of a form."""
        grown = Decimal("1.1") if period.startswith("2026") else Decimal(1)
        revenue = Decimal(100 * n * MONTHS.get(period, 1)) * grown
        return {
            "uscc": code(n), "period": period, "above_scale": True,
            "output_1e4_cny": revenue, "revenue_1e4_cny": revenue,
            "profit_1e4_cny": revenue * n / 100, "employment_persons": 10 * n,
            "export_1e4_cny": Decimal(0), "rd_expense_1e4_cny": revenue / 50,
            "energy_tce": revenue / n,
        } | more  # fmt: skip

    def load(self, path: Path, *, lake: Lake | None = None, **tables: pl.DataFrame) -> Lake:
        """Make a lake of it, with further tables."""
        held = lake or Lake.create(path)
        frames = {
            "enterprise": _frame("enterprise", self.register),
            "enterprise_period": _frame("enterprise_period", list(self.reports.values())),
            "cluster_definition": _definition(),
            **tables,
        }
        held.commit(frames, ME, provenance="synthetic")
        return held


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = {key: [row.get(key) for row in rows] for key in {k for row in rows for k in row}}
    return typed(name, columns)


def rows(name: str, *given: dict[str, Any]) -> pl.DataFrame:
    """Return rows of a table."""
    return _frame(name, list(given))


def _definition() -> pl.DataFrame:
    return rows(
        "cluster_definition",
        {"definition": "own", "cluster": "bearings", "name_zh": "轴承", "name_en": "Bearings",
         "traded": True, "industry_scheme": "gbt4754-2017", "industry": "345"},
    )  # fmt: skip


def stream(lake: Lake, name: str, *given: dict[str, Any]) -> None:
    """Append rows to a streamed table, as the shipper would."""
    known = pa.Table.from_pylist(list(given), schema=_schema(name))
    store.append(lake.directory(name), stored(name, known))


def _schema(name: str) -> pa.Schema:
    from ballast.lake.tables import table

    return table(name).stored_schema


def plant_day(n: int, day: date, **more: Any) -> dict[str, Any]:
    """Return a day that the plant of an enterprise told."""
    return {
        "seq": day.toordinal(), "uscc": code(n), "asset_group": "plant", "day": day, "oee": 0.5,
        "planned_busy_s": 3600.0, "machines": 3, "energy_kwh": 10.0,
        "received_at": datetime(2026, 6, 1, tzinfo=UTC), "provenance": "synthetic",
    } | more  # fmt: skip


def handle_day(n: int, day: date, **more: Any) -> dict[str, Any]:
    """Return a day of the identifiers of an enterprise."""
    return {
        "node": "88.118", "prefix": f"88.118.{n}", "day": day, "registered": 7, "changed": 0,
        "deleted": 1, "resolved": 20, "uscc": code(n), "provenance": "synthetic",
    } | more  # fmt: skip


def prefix(n: int, name: str, seq: int, state: str = "held") -> dict[str, Any]:
    """Return that an enterprise holds a prefix from a moment on."""
    return {
        "node": "88.118", "seq": seq, "prefix": name, "uscc": code(n),
        "from": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=seq), "state": state,
        "provenance": "synthetic",
    }  # fmt: skip
