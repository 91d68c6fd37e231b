"""Viewers: rights are given, never assumed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.terms.viewer import PUBLIC, Right, Viewer, operator

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
