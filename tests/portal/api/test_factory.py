"""The shop floor for programs: the same figures as the page, to the same people, in pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.portal.factory_shop import BATCH, LATHE, NOW, USCC, furnish, site
from tests.portal.test_factory_oee import VIEWER, shift

from ballast.plant.reports.oee import oee_report
from ballast.state.keys import issue_key
from ballast.state.users import change_user
from ballast.terms.role import Role

ENDPOINTS = ("machines", "oee", "energy", "quality", "tags", "chart?subject=tag:x")


@pytest.fixture(scope="module")
def shop(stocked: Any) -> Any:
    furnish(stocked.door.context.lake)
    change_user(stocked.door.state, stocked.door.users[Role.ENTERPRISE].id, enterprises=[USCC])
    return stocked


def get(shop: Any, path: str, role: Role = Role.ENTERPRISE, **query: Any) -> Any:
    return shop.caller(role).get(f"/api/v1/factory/{path}", params=query or None)


def told(shop: Any, path: str, **query: Any) -> dict[str, Any]:
    answer = get(shop, path, **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    found: dict[str, Any] = json.loads(answer.text, parse_constant=_no_number)
    return found


def _no_number(text: str) -> None:
    raise AssertionError(f"{text} is no JSON")


def pages(shop: Any, path: str, key: str, **query: Any) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = told(shop, path, **query, **cursor)
        yield from page[key]
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def test_machines_are_told_as_they_are_now(shop: Any) -> None:
    found = told(shop, "machines")
    lathe = next(one for one in found["machines"] if one["asset"] == LATHE)
    assert lathe["state"] == "producing"
    values = {value["tag"]: value for value in lathe["values"]}
    assert values[f"{LATHE}/spindle-load"]["value"] == 41.5
    assert values[f"{LATHE}/bore"]["beyond"]
    assert found["site"] == {
        "name": {"zh": "阀门车间", "en": "Valve shop"}, "uscc": USCC, "zone": "Asia/Shanghai",
        "synthetic": True,
    }  # fmt: skip
    assert found["collector"]["waiting_samples"] == 7
    press = next(one for one in found["machines"] if one["asset"] != LATHE)
    assert press["state"] is None
    assert "no state tag" in press["why"]


def test_oee_is_the_report_s_and_its_losses_add_up(shop: Any) -> None:
    found = told(shop, "oee", span="shift", machine=LATHE)
    (row,) = found["rows"]
    report = oee_report(shop.door.context.lake, VIEWER, shift().window, assets=[LATHE], site=site())
    assert row["indicators"]["oee"] == report.rows[0].kpis["oee"]
    assert set(row["why"]) == {name for name, value in row["indicators"].items() if value is None}
    summed = sum(loss["seconds"] for loss in row["losses"]) + row["good_s"]
    assert summed == pytest.approx(row["planned_busy_s"])
    assert row["window_s"] == report.rows[0].window_s
    assert found["formulas"]["oee"].startswith("(APT / PBT)")
    assert found["command"].startswith("ballast plant oee --from ")


def test_a_chart_comes_in_pages_that_hold_every_point_once(shop: Any) -> None:
    subject = f"tag:{LATHE}/bore"
    whole = told(shop, "chart", subject=subject, kind="i_mr", limit=1000)
    points = list(pages(shop, "chart", "points", subject=subject, kind="i_mr", limit=60))
    assert points == whole["points"]
    assert [one["point"] for one in points] == list(range(1, whole["count"] + 1))
    broken = [one for one in points if any(chart["rules"] for chart in one["charts"])]
    assert len(broken) == whole["marked"] > 0
    assert broken[-1]["batches"] == [BATCH]
    cpk = whole["capability"]["indices"]["cpk"]
    assert cpk["low"] < cpk["value"] < cpk["high"]


def test_energy_is_exact_decimal_text_that_adds_up(shop: Any) -> None:
    found = told(shop, "energy", span="shift")
    assert sum(Decimal(one["kwh"]) for one in found["bands"]) == Decimal(found["kwh"])
    assert sum(Decimal(one["cny"]) for one in found["bands"]) == Decimal(found["energy_cny"])
    assert len(found["profile_kw"]) == 96
    assert found["factors"][0]["source"]


def test_tags_and_their_data_come_in_pages(shop: Any) -> None:
    tags = list(pages(shop, "tags", "tags", limit=2))
    assert [one["tag"] for one in tags] == list(site().tags)
    charted = next(one for one in tags if one["tag"].endswith("/bore"))
    assert charted["subject"] == f"tag:{LATHE}/bore"
    assert next(one for one in tags if one["role"] == "state")["subject"] is None
    quality = list(pages(shop, "quality", "tags", span="shift", limit=2))
    assert sorted(one["tag"] for one in quality) == sorted(one["tag"] for one in tags)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR, Role.PUBLIC])
def test_nobody_else_reads_machines(shop: Any, role: Role) -> None:
    for path in ENDPOINTS:
        answer = get(shop, path, role)
        assert answer.status_code == (401 if role is Role.PUBLIC else 403)
        assert LATHE not in answer.text


def test_another_enterprise_is_refused_in_its_language(shop: Any, other_code: str) -> None:
    own = shop.door.users[Role.ENTERPRISE].id
    change_user(shop.door.state, own, enterprises=[other_code])
    for path in ENDPOINTS:
        answer = get(shop, path)
        assert answer.status_code == 403, path
        assert "their own enterprise" in answer.json()["detail"]
    change_user(shop.door.state, own, enterprises=[USCC])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("oee?span=soon", 422), ("oee?machine=nowhere", 404), ("oee?by=week", 422),
        ("oee?spam=today", 422), ("chart?subject=x", 422), ("chart", 422),
        (f"chart?subject=tag:{LATHE}/bore&group=count:1", 422),
        (f"chart?subject=tag:{LATHE}/bore&kind=p", 422),
        ("chart?subject=tag:no/such", 404), ("tags?cursor=abc", 422), ("tags?limit=0", 422),
        ("machines?limit=100000", 422), ("energy?span=2026-13-01", 422),
        ("quality?machine=%00", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_problem_in_one_line(
    shop: Any, path: str, status: int
) -> None:
    answer = shop.caller(Role.ENTERPRISE).get(f"/api/v1/factory/{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text
    assert "\n" not in answer.json()["detail"]


def test_a_home_without_a_mapping_says_what_to_do(door: Any) -> None:
    user = door.users[Role.ENTERPRISE]
    secret, _ = issue_key(door.state, user.id, "a test", door.clock() + timedelta(days=1))
    caller = TestClient(door.app, door.context.base_url)
    answer = caller.get(
        "/api/v1/factory/machines",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )
    assert answer.status_code == 404
    assert "ballast plant serve --site" in answer.json()["detail"]


def test_the_present_is_of_the_portal_s_clock(shop: Any) -> None:
    assert told(shop, "machines")["as_of"].startswith("2026-06-01T08:00")
    assert NOW == 1_780_300_800_000
