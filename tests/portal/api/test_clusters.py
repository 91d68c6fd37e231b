"""Clusters for programs: the page's figures for those with the right to units, to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.brain.cluster_town import settle

from ballast.state.audit import entries
from ballast.state.keys import issue_key
from ballast.terms.role import Role

PROFILES = "/api/v1/clusters/profiles"
MEMBERS = f"{PROFILES}/group/325/members"


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", [PROFILES, f"{PROFILES}/group/325"])
def test_sums_over_enterprises_are_for_analysts(stocked: Any, role: Role, path: str) -> None:
    answer = stocked.caller(role).get(path)
    assert answer.status_code == 403
    assert "7777.25" not in answer.text


def test_a_home_without_a_whole_year_has_no_profiles_yet(stocked: Any) -> None:
    answer = stocked.caller(Role.ANALYST).get(PROFILES)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["profiles"], told["year"]) == ([], None)
    assert told["about"]["status"] == "unsuppressed"
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_cluster_that_is_not_there_is_not_found(stocked: Any) -> None:
    program = stocked.caller(Role.ANALYST)
    assert program.get(f"{PROFILES}/cluster/nothing").status_code == 404
    assert program.get(f"{PROFILES}/planet/mars").status_code == 422
    assert program.get(f"{PROFILES}?region=379900").status_code == 422
    assert program.get(f"{PROFILES}?period=soon").status_code == 422


def test_an_operator_is_refused_the_members_of_what_he_does_not_run(
    stocked: Any, secret: str
) -> None:
    answer = stocked.caller(Role.OPERATOR).get(MEMBERS)
    assert answer.status_code == 403
    assert secret not in answer.text
    own = stocked.caller(Role.OPERATOR).get(f"{PROFILES}/cluster/copper/members")
    assert own.status_code == 200
    assert secret not in own.text


def test_what_an_analyst_asked_for_is_in_the_audit_trail(door: Any) -> None:
    settle(door.context.lake)
    since = door.clock()
    ends = since + timedelta(days=300)
    program = TestClient(door.app, door.context.base_url)
    key = issue_key(door.state, door.users[Role.ANALYST].id, "test", ends)[0]
    program.headers["authorization"] = f"Bearer {key}"
    told = program.get(f"{PROFILES}/cluster/bearings").json()
    assert told["profile"]["turnover"]["entered"] == 1
    parts = told["profile"]["growth_parts"][0]
    assert sum(p["amount"] for p in parts["parts"]) == pytest.approx(parts["change"])
    page = program.get(f"{PROFILES}/cluster/bearings/members?limit=3").json()
    assert len(page["members"]) == 3
    rest = program.get(
        f"{PROFILES}/cluster/bearings/members", params={"limit": 3, "cursor": page["next"]}
    )
    assert len(rest.json()["members"]) == 1
    said = [entry.what for entry in entries(door.state, since=since, limit=20)]
    assert any("profile cluster bearings" in what for what in said)
    assert any("members of cluster bearings" in what for what in said)
