"""Viewers: rights are given, never assumed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Right, Viewer, operator, viewer_for

rights = st.frozensets(st.sampled_from(Right))


@pytest.mark.parametrize("right", Right)
def test_the_public_may_do_nothing_that_needs_a_right(right: Right) -> None:
    assert not PUBLIC.may(right)


@pytest.mark.parametrize("right", Right)
def test_the_operator_of_the_home_may_do_everything(right: Right) -> None:
    assert operator("zhang").may(right)


def test_the_ledger_knows_the_operator_by_name() -> None:
    assert operator("zhang").name == "zhang"


@given(rights, st.sampled_from(Right))
def test_a_viewer_has_exactly_the_rights_given(
    given_rights: frozenset[Right], right: Right
) -> None:
    assert Viewer("v", given_rights).may(right) == (right in given_rights)


def test_access_to_one_enterprise_is_no_right_to_all() -> None:
    owner = Viewer("owner", enterprises=frozenset({"91110000600037341L"}))
    assert not any(owner.may(right) for right in Right)


def test_rights_cannot_be_added_to_a_viewer() -> None:
    with pytest.raises(AttributeError):
        PUBLIC.rights = frozenset(Right)  # type: ignore[misc]


# The rights of every role, cell by cell; what is not here may not be.
MAY = {
    (Role.ANALYST, Right.READ_UNITS),
    (Role.ANALYST, Right.READ_AGGREGATES),
    (Role.ANALYST, Right.LOAD),
    (Role.ADMINISTRATOR, Right.READ_AGGREGATES),
    (Role.ADMINISTRATOR, Right.MANAGE_USERS),
    (Role.ADMINISTRATOR, Right.READ_AUDIT),
}
CODES = frozenset({"91110000600037341L"})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_a_role_has_these_rights_and_no_others(role: Role, right: Right) -> None:
    viewer = viewer_for(role, "x", CODES, frozenset({"steel"}))
    assert viewer.may(right) == ((role, right) in MAY)
    assert (viewer.role, viewer.name) == (role, "x")


@pytest.mark.parametrize("role", Role)
def test_codes_and_clusters_are_those_of_the_roles_that_have_them(role: Role) -> None:
    viewer = viewer_for(role, "x", CODES, frozenset({"steel"}))
    assert viewer.enterprises == (CODES if role in (Role.ENTERPRISE, Role.OPERATOR) else set())
    assert viewer.clusters == ({"steel"} if role is Role.OPERATOR else set())


def test_whoever_did_not_sign_in_has_the_role_public() -> None:
    assert viewer_for(Role.PUBLIC, "public") == PUBLIC
