"""A small ledger of projects, as values and in a lake: two owners, four projects, some months."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ballast.brain.projects.changing import frame_of, row_of
from ballast.brain.projects.ledger import Ledger, Month, Project
from ballast.brain.projects.status import Status
from ballast.lake.lake import Lake
from ballast.sample.synthetic import typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.viewer import operator

TODAY = date(2026, 6, 10)
VALVES, BEARINGS = (with_check_character(f"91371500MA{n:07d}") for n in range(2))
CLERK = operator("clerk")


def make_project(number: str, **changes: object) -> Project:
    """Return a project under way since March 2025, a hundred planned, to end in 2026."""
    plain: dict[str, object] = {
        "name": "阀门生产线技术改造项目",
        "uscc": VALVES,
        "enterprise": Label("临清阀门有限公司", "Linqing Valves Ltd"),
        "kind": "upgrade",
        "region": "371581",
        "industry": "3443",
        "planned": Decimal(1000),
        "invested": Decimal(500),
        "planned_start": date(2025, 3, 1),
        "planned_end": date(2026, 12, 31),
        "started": date(2025, 3, 10),
        "status": Status.BUILDING,
    }
    return Project(number=number, **(plain | changes))  # type: ignore[arg-type]


def make_months(*told: tuple[str, str, str]) -> tuple[Month, ...]:
    """Return months from period, invested, to date."""
    return tuple(
        Month(period=Period.parse(p), invested=Decimal(i), cumulative=Decimal(c))
        for p, i, c in told
    )


def make_ledger() -> Ledger:
    """Return four projects: two under way, one planned, one finished."""
    projects = (
        make_project("JG-1", aliases=("老编号7",)),
        make_project(
            "JG-2", name="余热回收利用项目", uscc=BEARINGS, planned=Decimal(300),
            invested=Decimal(80),
            enterprise=Label("东阿轴承有限公司", "Dong'e Bearings Ltd"),
        ),
        make_project(
            "JG-3", name="数字化车间建设项目", status=Status.PLANNED, started=None, invested=None,
            planned=Decimal(80),
        ),
        make_project(
            "JG-4", name="关键设备更新改造项目", status=Status.FINISHED,
            finished=date(2025, 12, 20), invested=Decimal(900),
        ),
    )  # fmt: skip
    months = {
        "JG-1": make_months(("2026-03", "100", "400"), ("2026-04", "100", "500")),
        "JG-2": make_months(("2026-03", "0", "50"), ("2026-04", "30", "80")),
    }
    return Ledger({one.number: one for one in projects}, months, Period.parse("2026-04"))


@pytest.fixture
def town() -> Ledger:
    return make_ledger()


class HandClock:
    """A clock that stands on one day."""

    def __call__(self) -> datetime:
        return datetime(2026, 6, 10, 8, tzinfo=UTC)


def small_tables() -> dict[str, pl.DataFrame]:
    """Return the small ledger and the register of its two owners, as tables of a lake."""
    of = make_ledger()
    register = typed(
        "enterprise",
        {
            "uscc": [VALVES, BEARINGS],
            "valid_from": date(2020, 1, 1),
            "name": ["临清阀门有限公司", "东阿轴承有限公司"],
            "region_scheme": "gb2260",
            "region": ["371581", "371524"],
            "industry_scheme": "gbt4754-2017",
            "industry": ["3443", "3451"],
        },
    )
    months = [
        {
            "project": number,
            "uscc": of.projects[number].uscc,
            "period": str(one.period),
            "invested_1e4_cny": one.invested,
            "cumulative_1e4_cny": one.cumulative,
        }
        for number, told in of.months.items()
        for one in told
    ]
    return {
        "enterprise": register,
        "project": frame_of("project", map(row_of, of.projects.values())),
        "project_month": frame_of("project_month", months),
    }


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return a lake that holds the small ledger."""
    made = Lake.create(tmp_path / "home", clock=HandClock())
    made.commit(small_tables(), CLERK)
    return made
