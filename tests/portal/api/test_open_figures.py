"""What needs no sign-in: published figures, each with status, period and load, and no more."""

from __future__ import annotations

from typing import Any

from ballast.terms.role import Role

ITEMS = "/api/v1/public/macro-items"


def test_anyone_reads_published_figures_with_all_they_carry(stocked: Any) -> None:
    answer = stocked.caller(Role.PUBLIC).get(ITEMS)
    told = answer.json()
    assert told["about"]["status"] == "published"
    assert told["about"]["synthetic"] is True
    gdp = next(item for item in told["items"] if item["item"] == "gdp")
    assert gdp["lines"][0]["figures"][-1] == {
        "period": "2025",
        "value": "3190.5000",
        "status": "preliminary",
        "load_id": stocked.load_id,
    }
    assert (gdp["rank"], gdp["ranked"]) == (2, 2)
    assert {line["role"] for line in gdp["lines"]} == {"own", "peer", "province"}


def test_the_figures_are_the_same_whoever_asks(stocked: Any) -> None:
    public, analyst = (
        stocked.caller(role).get(ITEMS).json() for role in (Role.PUBLIC, Role.ANALYST)
    )
    assert public == analyst


def test_an_item_or_region_that_is_not_there_is_refused(stocked: Any) -> None:
    program = stocked.caller(Role.PUBLIC)
    assert "rd_intensity" in program.get(ITEMS, params={"item": "rd"}).json()["detail"]
    assert program.get(ITEMS, params={"region": "379999"}).status_code == 422
    assert program.get(ITEMS, params={"region": "x"}).status_code == 422


def test_rankings_name_their_publisher(stocked: Any) -> None:
    told = stocked.caller(Role.PUBLIC).get("/api/v1/public/rankings").json()
    assert [(p["publisher"], p["place"]) for p in told["rankings"]] == [("某<b>院", 83)]


def test_a_wrong_key_is_not_taken_for_nobody(stocked: Any) -> None:
    program = stocked.caller(Role.PUBLIC)
    answer = program.get(ITEMS, headers={"authorization": "Bearer bk_wrong"})
    assert answer.status_code == 401
