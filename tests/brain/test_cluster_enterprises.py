"""Members are listed as far as a viewer may read them, and no list is anybody else's."""

from __future__ import annotations

import pytest
from tests.brain.cluster_town import CODES, ME, settle

from ballast.brain.cluster_enterprises import lists_members, members_of
from ballast.brain.cluster_shape import Kind, Members
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer, viewer_for

OPERATOR = viewer_for(Role.OPERATOR, "li", frozenset({CODES["A"]}), frozenset({"bearings"}))
OWNER = viewer_for(Role.ENTERPRISE, "wang", frozenset({CODES["B"]}))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    found = Lake.create(tmp_path_factory.mktemp("members") / "home")
    settle(found)
    return found


def members(lake: Lake, viewer: Viewer, kind: Kind, key: str) -> Members:
    return members_of(lake, viewer, kind, key, region="371500", definition="own")


def test_an_analyst_sees_every_member_with_its_weight(lake: Lake) -> None:
    found = members(lake, ME, Kind.CLUSTER, "bearings")
    assert str(found.year) == "2025"
    assert [m.uscc for m in found.rows] == [CODES[name] for name in "ABDC"]
    by = {m.uscc: m for m in found.rows}
    assert by[CODES["B"]].weight == 1.0  # both of its industries count
    assert by[CODES["A"]].growth == pytest.approx(30)
    assert by[CODES["D"]].growth is None  # it was in no scope the year before
    assert by[CODES["C"]].persons == 10


def test_an_enterprise_that_left_the_scope_is_no_member(lake: Lake) -> None:
    assert [m.uscc for m in members(lake, ME, Kind.CLUSTER, "copper").rows] == [CODES["F"]]


def test_a_group_lists_those_whose_main_industry_it_is(lake: Lake) -> None:
    found = members(lake, ME, Kind.GROUP, "345").rows
    assert {m.uscc for m in found} == {CODES[name] for name in "ABD"}


def test_an_operator_sees_those_of_his_cluster_that_he_may_read(lake: Lake) -> None:
    assert [m.uscc for m in members(lake, OPERATOR, Kind.CLUSTER, "bearings").rows] == [CODES["A"]]


@pytest.mark.parametrize(
    ("kind", "key"), [(Kind.CLUSTER, "copper"), (Kind.DIVISION, "34"), (Kind.GROUP, "345")]
)
def test_an_operator_is_shown_no_list_of_anything_else(lake: Lake, kind: Kind, key: str) -> None:
    with pytest.raises(NotPermitted):
        members(lake, OPERATOR, kind, key)


def test_an_enterprise_finds_itself_and_nobody_else(lake: Lake) -> None:
    assert [m.uscc for m in members(lake, OWNER, Kind.CLUSTER, "bearings").rows] == [CODES["B"]]
    assert members(lake, OWNER, Kind.CLUSTER, "copper").rows == ()


def test_an_operator_of_whom_nobody_consented_gets_an_empty_list(lake: Lake) -> None:
    alone = viewer_for(Role.OPERATOR, "li", frozenset(), frozenset({"bearings"}))
    assert members(lake, alone, Kind.CLUSTER, "bearings") == Members(None, ())


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.ADMINISTRATOR])
def test_others_are_shown_no_list(role: Role) -> None:
    assert not lists_members(viewer_for(role, "x"), Kind.CLUSTER, "bearings")
