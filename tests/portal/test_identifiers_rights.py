"""Who may see and do what with identifiers: every role against every kind of prefix."""

from __future__ import annotations

import pytest

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.wire.value import ADMIN_READ, PUBLIC_READ, Value
from ballast.portal import identifiers_rights as rights
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Viewer, viewer_for

OWN, OTHER = (with_check_character(f"91371500MA000000{n}") for n in range(2))
MINE = PrefixEntry("88.118.8", PrefixState.HOMED, OWN, "自家")
THEIRS = PrefixEntry("88.118.9", PrefixState.HOMED, OTHER, "别家")
NODES = PrefixEntry("88.118", PrefixState.HOMED)
VIEWERS = {role: viewer_for(role, role.value, frozenset({OWN}), frozenset({"c"})) for role in Role}
NOBODY, A, B, C = frozenset[Role](), Role.ANALYST, Role.ADMINISTRATOR, Role.ENTERPRISE
D = Role.OPERATOR


def allowed(rule: object, entry: PrefixEntry) -> frozenset[Role]:
    assert callable(rule)
    return frozenset(role for role, viewer in VIEWERS.items() if rule(viewer, entry))


@pytest.mark.parametrize(
    ("rule", "mine", "theirs", "nodes"),
    [
        (rights.sees_prefix, {A, B, C, D}, {A, B}, {A, B}),
        (rights.counts_prefix, {A, C, D}, {A}, {A, B}),
        (rights.lists_records, {A, C, D}, {A}, {A, B}),
        (rights.reads_restricted, {A, C}, {A}, {A}),
        (rights.changes_records, {C}, NOBODY, NOBODY),
    ],
)
def test_each_right_is_held_by_these_roles_alone(
    rule: object, mine: set[Role], theirs: set[Role], nodes: set[Role]
) -> None:
    assert allowed(rule, MINE) == mine
    assert allowed(rule, THEIRS) == theirs
    assert allowed(rule, NODES) == nodes


@pytest.mark.parametrize("state", [PrefixState.DELEGATED, PrefixState.UNHOMED])
def test_nobody_changes_what_is_not_kept_here(state: PrefixState) -> None:
    away = PrefixEntry("88.118.8", state, OWN)
    assert allowed(rights.changes_records, away) == NOBODY
    assert rights.sees_prefix(VIEWERS[C], away)


def test_totals_are_for_who_reads_units_and_prefixes_for_who_allots_them() -> None:
    assert {r for r, v in VIEWERS.items() if rights.reads_totals(v)} == {A}
    assert {r for r, v in VIEWERS.items() if rights.manages_prefixes(v)} == {B}
    assert {r for r, v in VIEWERS.items() if rights.registers_somewhere(v)} == {C}
    assert not rights.registers_somewhere(viewer_for(C, "new"))


def test_a_code_that_is_empty_makes_no_prefix_ones_own() -> None:
    blank = Viewer("x", enterprises=frozenset({""}), role=Role.ENTERPRISE)
    assert not rights.sees_prefix(blank, NODES)
    assert not rights.changes_records(blank, NODES)


def test_a_secret_key_is_read_by_nobody_however_it_was_stored() -> None:
    for kind in ("HS_SECKEY", "hs_seckey"):
        for permissions in (PUBLIC_READ, ADMIN_READ, 0x0F):
            secret = Value(301, kind, b"hidden", permissions)
            assert not any(rights.reads_value(v, MINE, secret) for v in VIEWERS.values())


def test_a_restricted_value_is_for_its_enterprise_and_the_bureau() -> None:
    locked = Value(5, "PRICE", b"7", ADMIN_READ)
    assert {r for r, v in VIEWERS.items() if rights.reads_value(v, MINE, locked)} == {A, C}
    assert rights.reads_value(PUBLIC, THEIRS, Value(1, "URL", b"x", PUBLIC_READ))
