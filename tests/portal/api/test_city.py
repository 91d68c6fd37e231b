"""The City as data: all of it for those with the right to units, published figures for others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ballast.terms.role import Role


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR])
def test_without_the_right_to_units_there_are_published_figures_alone(
    stocked: Any, role: Role
) -> None:
    answer = stocked.caller(role).get("/api/v1/city/371500")
    told = answer.json()
    assert told["units"] is None
    assert told["about"]["status"] == "published"
    gdp = next(item for item in told["macro"] if item["item"] == "gdp")
    newest = gdp["lines"][0]["figures"][-1]
    assert (newest["value"], newest["status"]) == ("3190.5000", "preliminary")
    assert "1000.5" not in answer.text
    assert "7777.25" not in answer.text


def test_with_the_right_every_indicator_carries_what_a_number_must(stocked: Any) -> None:
    answer = stocked.caller(Role.ANALYST).get("/api/v1/city/371500")
    assert answer.status_code == 200, answer.text
    units = answer.json()["units"]
    output = next(one for one in units["headline"] if one["name"] == "output")
    assert Decimal(output["value"]) == Decimal("8777.75")
    about = output["about"]
    assert about["as_of"]
    assert about["sources"]
    assert about["synthetic"] is True
    assert about["coverage"] == {"reported": 2, "expected": 2}
    assert about["status"] == "unsuppressed"
    assert answer.headers["cache-control"] == "private, no-store"


def test_an_earlier_period_is_another_answer(stocked: Any) -> None:
    program = stocked.caller(Role.ANALYST)
    units = program.get("/api/v1/city/371500", params={"period": "2026-03"}).json()["units"]
    output = next(one for one in units["headline"] if one["name"] == "output")
    assert (output["period"], Decimal(output["value"])) == (units["period"], Decimal(7900))
    assert program.get("/api/v1/city/371500?period=2019-01").status_code == 404
    assert program.get("/api/v1/city/371500?period=soon").status_code == 422


def test_an_unknown_region_is_refused(stocked: Any) -> None:
    assert stocked.caller(Role.ANALYST).get("/api/v1/city/379900").status_code == 422
