"""Goals for programs: what was set is told to all who are signed in, figures as they may know."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from starlette.testclient import TestClient

from ballast.sample.synthetic import typed
from ballast.state.keys import issue_key
from ballast.terms.role import Role
from ballast.terms.viewer import operator

PATH = "/api/v1/goals"
MONEY = pl.Decimal(24, 4)


@pytest.fixture
def city(door: Any) -> Any:
    goals = typed(
        "goal",
        {
            "programme": "计划",
            "item": ["upgrade_investment", "output"],
            "period": "2026",
            "region_scheme": "gb2260",
            "region": "371500",
            "measure": "growth",
            "target": pl.Series([Decimal(10)] * 2, dtype=MONEY),
            "base_period": "2025",
            "path": "even",
        },
    )
    figures = typed(
        "region_period",
        {
            "region_scheme": "gb2260",
            "region": "371500",
            "period": ["2025", "2026"],
            "item": "upgrade_investment",
            "value": pl.Series([Decimal(100), Decimal(120)], dtype=MONEY),
            "status": "final",
        },
    )
    door.context.lake.commit({"goal": goals, "region_period": figures}, operator("me"))
    return door


def asked(door: Any, role: Role, **query: str) -> Any:
    key = issue_key(door.state, door.users[role].id, "test", door.clock() + timedelta(days=9))[0]
    client = TestClient(door.app, door.context.base_url, follow_redirects=False)
    headers = {"accept-language": "en", "authorization": f"Bearer {key}"}
    return client.get(PATH, params=query, headers=headers)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ENTERPRISE, Role.ADMINISTRATOR])
def test_a_goal_is_told_with_its_figure_or_why_there_is_none(city: Any, role: Role) -> None:
    found = asked(city, role, period="2026-12").json()
    by_item = {one["item"]: one for one in found["goals"]}
    invested = by_item["upgrade_investment"]
    assert (invested["level"], invested["actual"], invested["standing"]) == (
        pytest.approx(110), 120, "met",
    )  # fmt: skip
    assert by_item["output"]["standing"] == "unknown"
    assert by_item["output"]["reason"]


def test_wrong_questions_are_refused_and_others_answered_empty(city: Any) -> None:
    assert asked(city, Role.ANALYST, period="soon").status_code == 422
    assert asked(city, Role.ANALYST, programm="x").status_code == 422
    assert asked(city, Role.ANALYST, region="371502").json()["goals"] == []
