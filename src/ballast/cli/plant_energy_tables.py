"""The tables of ``plant energy``: rows and columns of one report, machine names and labels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ballast.cli.output import Shown
from ballast.plant.measures.ratios import defined
from ballast.plant.measures.tariff import BAND_LABELS
from ballast.terms.label import Label, Language
from ballast.words.numbers import Absence

if TYPE_CHECKING:
    from ballast.plant.reports.energy import EnergyReport, EnergyRow

__all__ = ["EXACT", "SCHEMA", "By", "table_of"]

EXACT = ("kwh", "energy_cny", "demand_cny", "cny")
"""Columns of amounts whose every digit counts: ``Decimal`` in the rows."""

Rows = list[dict[str, object]]


class By(StrEnum):
    """The tables there are."""

    MONTH = "month"
    WHOLE = "whole"
    BAND = "band"
    HOUR = "hour"
    METER = "meter"
    ASSET = "asset"
    ORDER = "order"
    PRODUCT = "product"


# What is not here is text. Money has more digits than a decimal column holds: it stays text.
SCHEMA: dict[str, pl.DataType] = {
    **dict.fromkeys(
        ("covered", "energy", "max_demand_kw", "sliding_demand_kw", "load_factor", "power_factor",
         "carbon_kg", "share", "mean_kw", "produced", "good", "kwh_per_good"),
        pl.Float64(),
    ),
    "counts": pl.Boolean(),
    "orders": pl.Int64(),
}  # fmt: skip


def _column(
    name: str, zh: str, en: str, decimals: int | None = None
) -> tuple[str, Label, int | None]:
    return name, Label(zh, en), decimals


_STRETCH = (
    _column("period", "时段", "period"),
    _column("kwh", "用电量（千瓦时）", "energy (kWh)", 2),
    _column("covered", "覆盖率", "covered", 4),
    _column("energy_cny", "电费（元）", "energy cost (CNY)", 2),
    _column("max_demand_kw", "最大需量（千瓦）", "maximum demand (kW)", 2),
    _column("max_demand_at", "发生时间", "at"),
    _column("sliding_demand_kw", "滑差需量（千瓦）", "sliding (kW)", 2),
    _column("demand_cny", "需量电费（元）", "demand cost (CNY)", 2),
    _column("load_factor", "负荷率", "load factor", 4),
    _column("power_factor", "功率因数", "power factor", 4),
    _column("carbon_kg", "碳排放（千克）", "carbon (kg CO2)", 1),
)
_COLUMNS = {
    By.MONTH: _STRETCH,
    By.WHOLE: _STRETCH,
    By.BAND: (
        _column("band", "时段", "band"),
        _column("kwh", "用电量（千瓦时）", "energy (kWh)", 2),
        _column("share", "占比", "share", 4),
        _column("cny", "电费（元）", "cost (CNY)", 2),
    ),
    By.HOUR: (
        _column("quarter", "时刻", "from"),
        _column("mean_kw", "平均功率（千瓦）", "mean power (kW)", 2),
    ),
    By.METER: (
        _column("meter", "电表", "meter"),
        _column("name", "名称", "name"),
        _column("asset", "设备", "asset"),
        _column("kind", "来源", "kind"),
        _column("energy", "用电量（千瓦时）", "energy (kWh)", 2),
        _column("covered", "覆盖率", "covered", 4),
        _column("counts", "计入合计", "in the sums"),
    ),
    By.ASSET: (
        _column("asset", "设备", "asset"),
        _column("name", "名称", "name"),
        _column("energy", "用电量（千瓦时）", "energy (kWh)", 2),
        _column("covered", "覆盖率", "covered", 4),
        _column("produced", "产量", "produced", 0),
        _column("good", "合格数", "good", 0),
        _column("kwh_per_good", "单位合格品电耗（千瓦时）", "kWh a good piece", 4),
        _column("source", "产量来源", "pieces from"),
    ),
    By.ORDER: (
        _column("order", "工单", "order"),
        _column("product", "产品", "product"),
        _column("asset", "设备", "asset"),
        _column("start", "开始", "start"),
        _column("end", "结束", "end"),
        _column("energy", "用电量（千瓦时）", "energy (kWh)", 2),
        _column("covered", "覆盖率", "covered", 4),
        _column("good", "合格数", "good", 0),
        _column("kwh_per_good", "单位合格品电耗（千瓦时）", "kWh a good piece", 4),
    ),
    By.PRODUCT: (
        _column("product", "产品", "product"),
        _column("orders", "工单数", "orders", 0),
        _column("energy", "用电量（千瓦时）", "energy (kWh)", 2),
        _column("good", "合格数", "good", 0),
        _column("kwh_per_good", "单位合格品电耗（千瓦时）", "kWh a good piece", 4),
    ),
}


def table_of(report: EnergyReport, by: By, words: Language) -> tuple[Rows, list[Shown]]:
    """Return one table of a report: its rows, and its columns as they are shown."""
    columns = [
        Shown(name, label.text(words), decimals, Absence.UNDEFINED)
        for name, label, decimals in _COLUMNS[by]
    ]
    return _ROWS[by](report, words), columns


def _moment(ms: int, report: EnergyReport) -> str:
    """Return a moment by the clock of the shop."""
    local = datetime.fromtimestamp(ms / 1000, UTC).astimezone(report.window.zone)
    return local.isoformat(timespec="minutes")


def _stretch(row: EnergyRow, period: str, report: EnergyReport) -> dict[str, object]:
    return {
        "period": period,
        "kwh": row.kwh,
        "covered": row.covered,
        "energy_cny": row.energy_cny,
        "max_demand_kw": row.demand.kw if row.demand else None,
        "max_demand_at": _moment(row.demand.since, report) if row.demand else None,
        "sliding_demand_kw": row.sliding.kw if row.sliding else None,
        "demand_cny": row.demand_cny,
        "load_factor": row.load_factor,
        "power_factor": row.power_factor,
        "carbon_kg": row.carbon_kg,
    }


def _months(report: EnergyReport, _: Language) -> Rows:
    return [_stretch(row, row.period, report) for row in report.months]


def _whole(report: EnergyReport, words: Language) -> Rows:
    return [_stretch(report.whole, Label("合计", "total").text(words), report)]


def _bands(report: EnergyReport, words: Language) -> Rows:
    used = report.whole.kwh
    rows: Rows = [
        {
            "band": BAND_LABELS[band].text(words),
            "kwh": use.kwh,
            "share": float(use.kwh / used) if used else None,
            "cny": use.cny,
        }
        for band, use in report.whole.bands.items()
    ]
    if report.whole.unpriced_kwh:
        rows.append(
            {
                "band": Label("无电价", "without a price").text(words),
                "kwh": report.whole.unpriced_kwh,
                "share": float(report.whole.unpriced_kwh / used),
                "cny": None,
            }
        )
    return rows


def _hours(report: EnergyReport, _: Language) -> Rows:
    return [
        {"quarter": f"{at // 4:02}:{at % 4 * 15:02}", "mean_kw": defined(np.asarray(mean))}
        for at, mean in enumerate(report.profile)
    ]


def _meters(report: EnergyReport, words: Language) -> Rows:
    return [
        {
            "meter": one.meter,
            "name": one.name.text(words),
            "asset": one.asset,
            "kind": one.kind.value,
            "energy": one.kwh,
            "covered": one.covered,
            "counts": one.counts,
        }
        for one in report.meters
    ]


def _assets(report: EnergyReport, words: Language) -> Rows:
    return [
        {
            "asset": one.asset,
            "name": one.name.text(words),
            "energy": one.kwh,
            "covered": one.covered,
            "produced": one.produced,
            "good": one.good,
            "kwh_per_good": one.kwh_per_good,
            "source": one.source,
        }
        for one in report.assets
    ]


def _orders(report: EnergyReport, _: Language) -> Rows:
    return [
        {
            "order": one.order,
            "product": one.product,
            "asset": one.asset,
            "start": _moment(one.start_ms, report),
            "end": _moment(one.end_ms, report),
            "energy": one.kwh,
            "covered": one.covered,
            "good": one.good,
            "kwh_per_good": one.kwh_per_good,
        }
        for one in report.orders
    ]


def _products(report: EnergyReport, _: Language) -> Rows:
    return [
        {
            "product": one.product,
            "orders": one.orders,
            "energy": one.kwh,
            "good": one.good,
            "kwh_per_good": one.kwh_per_good,
        }
        for one in report.products
    ]


_ROWS: dict[By, Callable[[EnergyReport, Language], Rows]] = {
    By.MONTH: _months,
    By.WHOLE: _whole,
    By.BAND: _bands,
    By.HOUR: _hours,
    By.METER: _meters,
    By.ASSET: _assets,
    By.ORDER: _orders,
    By.PRODUCT: _products,
}
