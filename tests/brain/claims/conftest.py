"""A small city of which every figure is known, as a bureau's own data and as a made-up sample."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.brain.indicators.conftest import Rows, code, frame

from ballast.lake.declare import Stage
from ballast.lake.lake import Lake
from ballast.lake.ledger import Provenance
from ballast.lake.tables import table
from ballast.terms.viewer import operator

CITY = "371500"
YEARS = ("2022", "2023", "2024", "2025")
MONTHS = tuple(f"{year}-{month:02d}" for year in (2024, 2025) for month in range(3, 13))
PERIODS = ("2024-01..02", "2025-01..02", *MONTHS, "2026-01..02", "2026-03")
_CITIES = [f"37{n:02d}00" for n in range(1, 18) if n != 12]


def _macro() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for year, upgrade, share, digital in zip(
        YEARS, ("100", "120", "140", "162.24"), ("55", "56", "57", "58.4"), (100, 800, 1500, 2036),
        strict=True,
    ):  # fmt: skip
        values = {"upgrade_investment": upgrade, "high_tech_share": share, "gdp": "3000"}
        rows += [{"region": CITY, "period": year, "item": k, "value": v} for k, v in values.items()]
        rows.append(
            {"region": CITY, "period": year, "item": "digitised_enterprises", "value": digital}
        )
        rows.append(
            {"region": "370000", "period": year, "item": "high_tech_share", "value": "54.4"}
        )
        # Two cities are ahead of the home, thirteen behind.
        for place, region in enumerate(_CITIES):
            ahead = {"370100": "3.5", "370300": "3.4", CITY: "3.2"}.get(
                region, f"{2 - place / 100}"
            )
            rows.append({"region": region, "period": year, "item": "rd_intensity", "value": ahead})
    return rows


def _enterprises() -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    register: list[dict[str, object]] = []
    reports: list[dict[str, object]] = []
    regions = ("371581", "371503", "371503", "371503")
    for number, region in enumerate(regions):
        name = f"聊城第{'甲乙丙丁'[number]}轴承有限公司"
        industry = "3451" if number % 2 == 0 else "3252"
        register.append(
            {"uscc": code(number), "region": region, "industry": industry, "name": name}
        )
        for period in PERIODS:
            grown = {"2024": 1.0, "2025": 1.1, "2026": 1.21}[period[:4]]
            months = 2 if ".." in period else 1
            amount = round(10_000 * grown * months, 4)
            reports.append(
                {
                    "uscc": code(number), "period": period, "revenue_1e4_cny": amount,
                    "profit_1e4_cny": amount / 20, "output_1e4_cny": amount,
                    "export_1e4_cny": amount * 0.3, "employment_persons": 100,
                }
            )  # fmt: skip
    return register, reports


def city(path: Path, provenance: Provenance) -> Lake:
    register, reports = _enterprises()
    clusters = [
        {"cluster": "linqing-bearings", "name_zh": "临清轴承", "name_en": "Linqing bearings",
         "industry": "345", "region_scheme": "gb2260", "region": "371581"}
    ]  # fmt: skip
    titles = [
        {"uscc": code(n), "scheme": "high_tech", "certificate": f"H{n}", "tier": "national",
         "awarded": date(2021 if n < 2 else 2025, 6, 1), "expires": date(2027, 5, 31)}
        for n in range(4)
    ]  # fmt: skip
    projects = [
        {"project": f"P-{n}", "name": f"技改{n}", "uscc": code(n % 4), "project_kind": "upgrade",
         "region_scheme": "gb2260", "region": "371581", "industry_scheme": "gbt4754-2017",
         "industry": "3451", "planned_1e4_cny": 100, "invested_1e4_cny": 50,
         "started": date(2024, 5, 1), "finished": date(2025, 5, 1) if n < 5 else None,
         "status": "finished" if n < 5 else "building"}
        for n in range(7)
    ]  # fmt: skip
    ranking = [
        {"publisher": "x", "list": "全国先进制造业百强市", "year": year, "place": place,
         "region_scheme": "gb2260", "region": CITY}
        for year, place in ((2023, 94), (2024, 89), (2025, 83))
    ]  # fmt: skip
    # One that nobody reaches, one that anybody does, one without a base to grow from.
    goals = [
        {"programme": "plan", "item": item, "period": "2026", "region_scheme": "gb2260",
         "region": CITY, "measure": measure, "target": target, "path": "even",
         "base_period": base}
        for item, measure, target, base in (
            ("revenue", "level", "90000000", "2025"), ("profit", "level", "1", "2025"),
            ("upgrade_investment", "growth", "5", None),
        )
    ]  # fmt: skip
    tables: dict[str, Rows] = {
        "enterprise": register, "enterprise_period": reports, "region_period": _macro(),
        "cluster_definition": clusters, "title": titles, "project": projects, "ranking": ranking,
        "goal": goals,
    }  # fmt: skip
    lake = Lake.create(path)
    assert all(table(name).stage is Stage.LOADED for name in tables)
    lake.commit(
        {name: frame(name, rows) for name, rows in tables.items()}, operator("test"),
        provenance=provenance,
    )  # fmt: skip
    return lake


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return city(tmp_path_factory.mktemp("claims") / "home", "real")


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return city(tmp_path_factory.mktemp("claims") / "invented", "synthetic")
