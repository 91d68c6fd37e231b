"""Projects as indicators: each counts once, in the period of its day, and never multiplies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ballast.brain.indicators.answer import Answer, Status
from ballast.brain.indicators.answering import answer
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry_projects import PROJECT_INDICATORS
from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.sample.synthetic import typed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import operator, viewer_for

A, B = (with_check_character(f"91371500MA{n:07d}") for n in range(2))
ME = operator("me")
KEYS = tuple(one.key for one in PROJECT_INDICATORS)
ROWS = (
    # owner, status, started, finished
    (A, "finished", date(2024, 3, 1), date(2025, 1, 1)),
    (A, "finished", date(2024, 3, 1), date(2025, 12, 31)),
    (A, "building", date(2025, 5, 1), None),
    (B, "cancelled", date(2024, 5, 1), None),
    (B, "planned", None, None),
    (B, "stalled", date(2025, 12, 31), None),
)
MONTHS = (
    ("P0", A, "2025-01..02", 10), ("P0", A, "2025-03", 20), ("P1", A, "2025-03", 5),
    ("P3", B, "2025-03", 100), ("P0", A, "2024-12", 7),
)  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("projects") / "home")
    register = typed(
        "enterprise",
        {
            "uscc": [A, B],
            "valid_from": date(2020, 1, 1),
            "name": ["甲", "乙"],
            "region_scheme": "gb2260",
            "region": ["371581", "371521"],
            "industry_scheme": "gbt4754-2017",
            "industry": ["3443", "3252"],
        },
    )
    projects = typed(
        "project",
        {
            "project": [f"P{at}" for at in range(len(ROWS))],
            "name": "某项目",
            "uscc": [row[0] for row in ROWS],
            "project_kind": "upgrade",
            "region_scheme": "gb2260",
            "region": "371500",
            "industry_scheme": "gbt4754-2017",
            "industry": "3443",
            "planned_1e4_cny": [Decimal(1)] * len(ROWS),
            "started": [row[2] for row in ROWS],
            "finished": [row[3] for row in ROWS],
            "status": [row[1] for row in ROWS],
        },
    )
    months = typed(
        "project_month",
        {
            "project": [row[0] for row in MONTHS],
            "uscc": [row[1] for row in MONTHS],
            "period": [row[2] for row in MONTHS],
            "invested_1e4_cny": [Decimal(row[3]) for row in MONTHS],
        },
    )
    made.commit({"enterprise": register, "project": projects, "project_month": months}, ME)
    return made


def asked(lake: Lake, period: str, *by: Dimension, key: str = KEYS[0]) -> Answer:
    return answer(lake, ME, Question((key,), by, period=Period.parse(period)))


@pytest.mark.parametrize(
    ("period", "finished", "under_way"),
    [("2025", 2, 2), ("2024", 0, 2), ("2025-12", 1, 2), ("2025-01", 1, 1), ("2025-05", 0, 2)],
)
def test_a_project_counts_in_the_period_of_its_day(
    lake: Lake, period: str, finished: int, under_way: int
) -> None:
    for key, wanted in (("projects_finished", finished), ("projects_under_way", under_way)):
        found = asked(lake, period, key=key).value(key)
        assert found is not None
        assert found.value == wanted, key


def test_cells_make_up_the_whole_and_several_projects_multiply_nothing(lake: Lake) -> None:
    for key in KEYS:
        whole = asked(lake, "2025-03ytd", key=key).value(key)
        cells = asked(lake, "2025-03ytd", Dimension.REGION, key=key).values
        assert whole is not None
        assert sum(Decimal(str(cell.value)) for cell in cells) == whole.value, key


def test_investment_is_summed_over_the_months_of_the_period(lake: Lake) -> None:
    for period, wanted in (("2025-03ytd", 135), ("2025-03", 125), ("2024-12", 7)):
        found = asked(lake, period).value(KEYS[0])
        assert found is not None
        assert found.value == Decimal(wanted)


def test_months_of_which_nothing_was_told_are_missing_and_not_zero(lake: Lake) -> None:
    for period in ("2025-04", "2025"):
        found = asked(lake, period).value(KEYS[0])
        assert found is not None
        assert (found.value, found.status) == (None, Status.MISSING)


def test_before_anything_is_known_nothing_is_counted(lake: Lake) -> None:
    found = asked(lake, "2030", key="projects_finished").value("projects_finished")
    assert found is not None
    assert found.status is Status.MISSING


def test_without_the_right_to_units_they_are_not_told(lake: Lake, tmp_path: Path) -> None:
    for role in (Role.ENTERPRISE, Role.PUBLIC, Role.ADMINISTRATOR):
        me = viewer_for(role, "somebody", frozenset({A}))
        for key in KEYS:
            with pytest.raises(BallastError):
                answer(lake, me, Question((key,), period=Period.parse("2025")))
