"""Indicators for programs: the facts for who may read units, the sealed cube for all others."""

from __future__ import annotations

from typing import Any

import pytest
from tests.portal.twin_homes import CITY, VINTAGE, WITHHELD_PLACE, Twins, sealed_amount, twins_of

from ballast.state.audit import entries
from ballast.state.keys import issue_key
from ballast.terms.role import Role

ROOT = "/api/v1/measures"
WHOLE = (CITY, "city", "", "", "")


@pytest.fixture(scope="module")
def twins(shared_door: Any, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    return twins_of(shared_door, tmp_path_factory.mktemp("measured"))


def asked(twins: Twins, role: Role, path: str, **params: Any) -> Any:
    client = twins.a.browser(role)
    return client.get(f"{ROOT}{path}", params=params)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ANALYST])
def test_who_may_not_read_units_is_answered_from_the_cube(twins: Twins, role: Role) -> None:
    told = asked(twins, role, "/output", period="2026-03").json()
    (value,) = told["values"]
    assert float(value["value"]) == float(sealed_amount("output", WHOLE, "2026-03"))
    assert (value["status"], value["reporting"]) == ("published", 7)
    assert (told["about"]["status"], told["about"]["vintage"]) == ("published", VINTAGE)
    assert told["about"]["synthetic"] is True


def test_an_analyst_is_answered_from_the_facts_and_it_is_written_down(twins: Twins) -> None:
    told = asked(twins, Role.ANALYST, "/output", period="2026-03")
    (value,) = told.json()["values"]
    assert float(value["value"]) != float(sealed_amount("output", WHOLE, "2026-03"))
    assert (told.json()["about"]["status"], told.json()["about"]["vintage"]) == (
        "unsuppressed",
        None,
    )
    assert told.headers["cache-control"] == "private, no-store"
    newest = entries(twins.a.state, who="the-analyst", limit=1)[0]
    assert (newest.what, newest.count) == ("measure output 2026-03", 13)


def test_a_withheld_value_says_so_in_the_callers_language(twins: Twins) -> None:
    for language, word in (("en", "withheld"), ("zh", "不予公布")):
        client = twins.a.browser()
        client.headers["accept-language"] = language
        answer = client.get(
            f"{ROOT}/margin", params={"period": "2026-03", "where": f"region={WITHHELD_PLACE}"}
        )
        (value,) = answer.json()["values"]
        told = {value[name] for name in ("value", "numerator", "denominator", "reporting")}
        assert (told, value["status"]) == ({None}, "suppressed")
        assert word in value["reason"]


@pytest.mark.parametrize(
    ("indicator", "params", "status", "word"),
    [
        ("output", {"by": "size-class"}, 403, "cut by city, county or zone"),
        ("output", {"where": "class=3252"}, 403, "cut by city, county or zone"),
        ("output", {"where": "region=371502,371503"}, 403, "cut by city, county or zone"),
        ("titles", {}, 403, "not among the published figures"),
        ("output", {"period": "2019-03"}, 404, "which go from"),
        ("outputs", {}, 404, "did you mean output"),
        ("output", {"where": "region"}, 422, "it is a dimension, = and codes"),
    ],
)
def test_what_the_cube_does_not_hold_is_refused_with_what_it_holds(
    twins: Twins, indicator: str, params: dict[str, str], status: int, word: str
) -> None:
    answer = asked(twins, Role.PUBLIC, f"/{indicator}", **{"period": "2026-03"} | params)
    assert answer.status_code == status
    assert word in answer.json()["detail"]


def test_macro_items_are_open_whatever_is_sealed(twins: Twins) -> None:
    told = asked(twins, Role.PUBLIC, "/gdp", period="2025", where=f"region={CITY}").json()
    assert [float(value["value"]) for value in told["values"]] == [3190.5]
    assert (told["about"]["status"], told["about"]["vintage"]) == ("published", None)


def test_the_list_names_every_indicator(twins: Twins) -> None:
    told = {one["indicator"]: one for one in asked(twins, Role.PUBLIC, "").json()["indicators"]}
    assert told["gdp"]["public"] is True
    assert told["output"]["public"] is False
    assert "division" in told["output"]["dimensions"]


def test_a_key_without_units_reads_the_cube_too(twins: Twins) -> None:
    door = twins.a
    key, _ = issue_key(
        door.state, door.users[Role.OPERATOR].id, "t", door.clock().replace(year=2027)
    )
    client = door.browser()
    client.headers["authorization"] = f"Bearer {key}"
    told = client.get(f"{ROOT}/output", params={"period": "2026-03"}).json()
    assert told["about"]["vintage"] == VINTAGE


def test_the_city_as_data_carries_the_cube_for_who_may_not_read_units(twins: Twins) -> None:
    told = twins.a.browser(Role.OPERATOR).get(f"/api/v1/city/{CITY}").json()
    assert told["units"] is None
    sealed = told["sealed"]
    assert (sealed["about"]["status"], sealed["about"]["vintage"]) == ("published", VINTAGE)
    places = {one["code"]: one for one in sealed["places"]}
    assert places[WITHHELD_PLACE]["absence"] == "suppressed"
    assert places[WITHHELD_PLACE]["enterprises"] is None
    told = twins.a.browser(Role.ANALYST).get(f"/api/v1/city/{CITY}").json()
    assert told["sealed"] is None
    assert told["units"]["about"]["vintage"] is None
