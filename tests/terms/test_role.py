"""The roles and their names."""

from __future__ import annotations

from ballast.terms.role import ROLE_LABELS, Role


def test_every_role_has_a_name_of_its_own_in_both_languages() -> None:
    assert set(ROLE_LABELS) == set(Role)
    assert len({label.zh for label in ROLE_LABELS.values()}) == len(Role)
    assert len({label.en for label in ROLE_LABELS.values()}) == len(Role)


def test_a_role_is_stored_under_a_word_that_does_not_change() -> None:
    assert [role.value for role in Role] == [
        *("public", "enterprise", "operator", "analyst", "administrator")
    ]
