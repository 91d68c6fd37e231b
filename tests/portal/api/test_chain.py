from __future__ import annotations

from typing import Any

import pytest
from tests.brain.chains.region import BEARINGS, CITY, RINGS, STEEL, Firm, load

from ballast.state.users import change_user
from ballast.terms.role import Role

FIRMS = [
    *(Firm(n, STEEL) for n in range(6)),
    *(Firm(n, BEARINGS) for n in range(10, 14)),
    Firm(20, RINGS, revenue="77777.7"),
    Firm(21, RINGS),
]
ONE = "/api/v1/chains/bearings"


@pytest.fixture(scope="module")
def loaded(shared_door: Any) -> Any:
    load(shared_door.context.lake, FIRMS)
    return shared_door


def test_the_list_says_how_many_stages_are_what(loaded: Any) -> None:
    with loaded.browser(Role.ANALYST) as client:
        found = client.get("/api/v1/chains").json()
    assert found["year"] == 2025
    [entry] = found["chains"]
    assert entry["statuses"] == {"strong": 1, "present": 1, "weak": 1, "missing": 1}
    assert (entry["stages"], entry["import_dependent"]) == (4, 1)
    assert found["about"]["status"] == "unsuppressed"


def test_a_chain_gives_figures_as_exact_text_and_its_suppliers(loaded: Any) -> None:
    with loaded.browser(Role.ANALYST) as client:
        found = client.get(ONE).json()
    by_key = {stage["stage"]: stage for stage in found["stages"]}
    assert by_key["rings"]["revenue"] == "77877.7000"
    assert by_key["rings"]["leans_on_one"] is True
    assert by_key["balls"]["revenue"] is None
    assert by_key["steel"]["step"] == 0
    assert found["few"] == 4
    assert len(found["suppliers"]) == 6
    assert "estimate" in found["assumption"]["en"]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ENTERPRISE, Role.ADMINISTRATOR])
def test_without_unit_rights_statuses_are_all_that_is_told(loaded: Any, role: Role) -> None:
    with loaded.browser(role) as client:
        answer = client.get(ONE)
        listed = client.get("/api/v1/chains").json()
    found = answer.json()
    assert found["suppliers"] is None
    assert found["few"] is None
    told = ("stage", "step", "product", "industries", "feeds", "import_dependent", "import_basis")
    for stage in found["stages"]:
        figures = {k: v for k, v in stage.items() if k not in (*told, "status")}
        assert not any(figures.values()), figures
    assert [s["status"] for s in found["stages"] if s["stage"] in ("rings", "balls")] == [
        "suppressed"
    ] * 2
    assert not any(firm.uscc in answer.text for firm in FIRMS)
    assert listed["chains"][0]["statuses"] == {"suppressed": 2, "strong": 1, "present": 1}


def test_other_cuts_are_refused_without_unit_rights_and_answered_with_them(loaded: Any) -> None:
    for query in ("region=371581", "region=371500-KFQ"):
        with loaded.browser(Role.OPERATOR) as client:
            assert client.get(f"{ONE}?{query}").status_code == 403
            assert loaded.become(client, Role.ANALYST).get(f"{ONE}?{query}").status_code == 200
    with loaded.browser(Role.OPERATOR) as client:
        assert client.get(f"{ONE}?period=2024").json()["year"] == 2025


def test_an_owner_is_given_his_own_enterprise(loaded: Any) -> None:
    mine = FIRMS[-2].uscc
    user = loaded.users[Role.ENTERPRISE]
    change_user(loaded.state, user.id, enterprises=frozenset({mine}))
    with loaded.browser(Role.ENTERPRISE) as client:
        answer = client.get(ONE)
    change_user(loaded.state, user.id, enterprises=frozenset())
    firms = [firm for stage in answer.json()["stages"] for firm in stage["firms"]]
    assert [(firm["uscc"], firm["revenue"]) for firm in firms] == [(mine, "77777.7000")]
    assert "no-store" in answer.headers["cache-control"]


def test_what_is_not_there_and_what_is_no_region_is_refused_in_words(loaded: Any) -> None:
    with loaded.browser(Role.ANALYST) as client:
        missing = client.get("/api/v1/chains/valves")
        assert missing.status_code == 404
        assert "bearings" in missing.text
        assert client.get(f"{ONE}?region=999999").status_code == 422
        assert client.get(f"{ONE}?region=nowhere").status_code == 422
        assert client.get(f"{ONE}?year=2025").status_code == 422
    with loaded.browser(Role.PUBLIC) as client:
        assert client.get(ONE).status_code == 401


def test_a_home_without_chains_lists_none(door: Any) -> None:
    with door.browser(Role.OPERATOR) as client:
        found = client.get("/api/v1/chains").json()
    assert found["chains"] == []
    assert found["region"] == CITY
