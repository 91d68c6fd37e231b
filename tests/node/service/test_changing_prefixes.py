"""Prefixes and the enterprises behind them."""

from __future__ import annotations

import pytest
from tests.node.service.node_at_hand import (
    ENTERPRISE,
    NODE,
    NOW,
    SITE,
    STRANGER,
    USCC,
    Node,
    admin,
    creation,
    everything,
    url,
)

from ballast.node.registry.entries import EventKind, PrefixEntry, PrefixState
from ballast.node.service.caller import ANONYMOUS, Caller
from ballast.node.service.changes import (
    AddValues,
    AllotPrefix,
    Change,
    ChangePrefix,
    DeleteHandle,
    HomePrefix,
    ModifyValues,
    UnhomePrefix,
    WithdrawPrefix,
)
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.keys import RsaPublicKey
from ballast.node.wire.value import Reference, Value

OTHER = "91440300708461136T"
PUBLIC = RsaPublicKey(b"\1\0\1", b"\0" + b"\xc1" * 256).to_wire()
GOOD = AllotPrefix("88.118.0042", USCC, "示范轴承有限公司", "0379-1234567", secret=b"eight ch")


def entry(node: Node, prefix: str) -> PrefixEntry | None:
    with node.store.snapshot() as snapshot:
        return snapshot.prefix(prefix.lower().encode())


def types(node: Node, prefix: str) -> dict[int, str]:
    record = node.record(f"0.NA/{prefix}")
    assert record is not None
    return {value.index: value.type for value in record.values()}


def last_event(node: Node) -> tuple[EventKind, str, str, str]:
    with node.store.snapshot() as snapshot:
        event = snapshot.outbox()[-1]
        return event.kind, event.prefix, event.handle, event.uscc


def test_a_prefix_is_allotted_with_its_enterprise_record_and_event(node: Node) -> None:
    assert node.apply(GOOD, NODE).ok
    allotted = entry(node, "88.118.0042")
    assert allotted is not None
    assert (allotted.prefix, allotted.state, allotted.uscc) == ("88.118.0042", 0, USCC)
    assert (allotted.enterprise, allotted.contact) == ("示范轴承有限公司", "0379-1234567")
    assert allotted.allotted_at == NOW
    assert types(node, "88.118.0042") == {1: "HS_SERV", 101: "HS_ADMIN", 301: "HS_SECKEY"}
    happened = (EventKind.PREFIX_ALLOTTED, "88.118.0042", "0.NA/88.118.0042", USCC)
    assert last_event(node) == happened
    assert node.audited()[-1].action == "AllotPrefix"
    administrator = Caller(Reference("0.NA/88.118.0042", 301))
    assert node.apply(creation("88.118.0042/A", url()), administrator).ok
    assert not any(b"eight ch" in str(one).encode() for one in node.audited())


def test_an_enterprise_may_have_both_kinds_of_keys_or_none_yet(node: Node) -> None:
    node.apply(AllotPrefix("88.118.1", USCC, "示范", public_key=PUBLIC, secret=b"eight ch"))
    assert set(types(node, "88.118.1")) == {1, 100, 101, 300, 301}
    node.apply(AllotPrefix("88.118.2", USCC, "示范"))
    assert set(types(node, "88.118.2")) == {1, 100}
    key = Value(300, "HS_PUBKEY", PUBLIC)
    assert node.apply(AddValues(b"0.NA/88.118.2", key.to_wire(), 1), NODE).ok
    administrator = Caller(Reference("0.NA/88.118.2", 300))
    assert node.apply(creation("88.118.2/A", url()), administrator).ok


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (AllotPrefix("88.118.1", "911100006000373412", "示范"), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", "", "示范"), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", USCC, " "), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", USCC, "two\nlines"), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", USCC, "示范", contact="x" * 201), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", USCC, "示范", secret=b"short"), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", USCC, "示范", public_key=b"no key"), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", USCC, "示范", public_key=b"\0\0\0\1X"), Code.INVALID_VALUE),
        (AllotPrefix("88.118.1", USCC, "示范", delegated_site=b""), Code.INVALID_VALUE),
        (AllotPrefix("88.118.8", USCC, "示范"), Code.HANDLE_ALREADY_EXISTS),
        (AllotPrefix("88.118", USCC, "示范"), Code.HANDLE_ALREADY_EXISTS),
        (AllotPrefix("88..1", USCC, "示范"), Code.INVALID_HANDLE),
        (AllotPrefix("", USCC, "示范"), Code.INVALID_HANDLE),
        (AllotPrefix("88/1", USCC, "示范"), Code.INVALID_HANDLE),
        (AllotPrefix("0.na", USCC, "示范"), Code.INVALID_HANDLE),
        (AllotPrefix("8" * 256, USCC, "示范"), Code.INVALID_HANDLE),
    ],
)
def test_what_cannot_be_allotted_changes_nothing(node: Node, change: Change, code: Code) -> None:
    with node.store.snapshot() as snapshot:
        before = everything(snapshot)
    assert node.apply(change, NODE).code == code
    with node.store.snapshot() as snapshot:
        assert everything(snapshot) == before


def test_codes_of_the_enterprise_are_put_right(node: Node) -> None:
    node.apply(AllotPrefix("88.118.1", " 91110000-600037341l", "示范"))
    allotted = entry(node, "88.118.1")
    assert allotted is not None
    assert allotted.uscc == USCC


PREFIX_CHANGES: list[Change] = [
    GOOD,
    ChangePrefix("88.118.8", contact="x"),
    WithdrawPrefix("88.118.8"),
    HomePrefix(b"0.NA/88.118.8"),
    UnhomePrefix(b"0.NA/88.118.8"),
]


@pytest.mark.parametrize("change", PREFIX_CHANGES)
def test_prefixes_are_a_matter_of_the_node(node: Node, change: Change) -> None:
    assert node.apply(change, ANONYMOUS).code == Code.AUTHENTICATION_NEEDED
    for caller in (STRANGER, ENTERPRISE):
        assert node.apply(change, caller).code == Code.INSUFFICIENT_PERMISSIONS
        assert node.audited()[-1].outcome == 401
    assert node.apply(change, NODE).ok


@pytest.mark.parametrize("change", PREFIX_CHANGES[1:])
def test_a_prefix_that_was_not_allotted_is_not_changed(node: Node, change: Change) -> None:
    node.apply(WithdrawPrefix("88.118.8"))
    answer = node.apply(change, NODE)
    assert answer.code == Code.HANDLE_NOT_FOUND
    assert "allot it" in answer.message


def test_another_enterprise_gets_a_prefix_without_the_keys_of_the_one_before(node: Node) -> None:
    node.apply(creation("88.118.8/A", url()))
    assert node.apply(ChangePrefix("88.118.8", OTHER), NODE).code == Code.INVALID_VALUE
    changed = ChangePrefix("88.118.8", OTHER, "另一家", public_key=PUBLIC)
    assert node.apply(changed, NODE).ok
    now = entry(node, "88.118.8")
    assert now is not None
    assert (now.uscc, now.enterprise, now.allotted_at) == (OTHER, "另一家", NOW)
    assert types(node, "88.118.8") == {1: "HS_SERV", 100: "HS_ADMIN", 300: "HS_PUBKEY"}
    assert last_event(node)[0::3] == (EventKind.PREFIX_CHANGED, OTHER)
    assert node.apply(DeleteHandle(b"88.118.8/A"), ENTERPRISE).code == 401
    assert node.apply(DeleteHandle(b"88.118.8/A"), Caller(Reference("0.NA/88.118.8", 300))).ok


def test_a_new_name_or_key_of_the_same_enterprise_keeps_its_administrators(node: Node) -> None:
    mine = admin(102, 0xFF3, "88.118.8/STAFF", 300)
    node.apply(AddValues(b"0.NA/88.118.8", mine.to_wire(), 1))
    assert node.apply(ChangePrefix("88.118.8", USCC, "新名", secret=b"a new secret"), NODE).ok
    assert set(types(node, "88.118.8")) == {1, 101, 102, 301}
    record = node.record("0.NA/88.118.8")
    assert record is not None
    assert record.values()[-1].data == b"a new secret"


def test_a_prefix_moves_to_the_enterprises_node_and_back(node: Node) -> None:
    node.apply(creation("88.118.8/A", url()))
    assert node.apply(ChangePrefix("88.118.8", delegated_site=SITE), NODE).ok
    assert types(node, "88.118.8")[1] == "HS_SITE"
    assert node.resolve("88.118.8/A").code == Code.PREFIX_REFERRAL
    other = Value(1, "HS_SITE", SITE + b"", ttl=60)
    assert node.apply(ModifyValues(b"0.NA/88.118.8", other.to_wire(), 1), ENTERPRISE).ok
    assert node.apply(HomePrefix(b"0.NA/88.118.8"), NODE).ok
    assert types(node, "88.118.8")[1] == "HS_SERV"
    assert node.resolve("88.118.8/A").ok
    assert node.apply(ChangePrefix("88.118.8", delegated_site=b"x"), NODE).code == 202
    assert node.apply(ChangePrefix("88.118.8", delegated_site=b""), NODE).ok


def test_an_unhomed_prefix_keeps_its_records_and_comes_back(node: Node) -> None:
    node.apply(creation("88.118.8/A", url()))
    for _ in range(2):
        assert node.apply(UnhomePrefix(b"0.NA/88.118.8"), NODE).ok
    now = entry(node, "88.118.8")
    assert now is not None
    assert (now.state, now.count) == (PrefixState.UNHOMED, 1)
    for _ in range(2):
        assert node.apply(HomePrefix(b"0.na/88.118.8"), NODE).ok
    assert node.resolve("88.118.8/A").ok


def test_a_prefix_is_withdrawn_when_nothing_stands_under_it(node: Node) -> None:
    node.apply(creation("88.118.8/A", url()))
    assert node.apply(WithdrawPrefix("88.118.8"), NODE).code == Code.INVALID_VALUE
    node.apply(DeleteHandle(b"88.118.8/A"))
    assert node.apply(WithdrawPrefix("88.118.8"), NODE).ok
    assert entry(node, "88.118.8") is None
    assert node.record("0.NA/88.118.8") is None
    assert last_event(node)[0] is EventKind.PREFIX_WITHDRAWN
    assert node.apply(AllotPrefix("88.118.8", OTHER, "另一家"), NODE).ok


def test_the_nodes_own_prefix_stays(node: Node) -> None:
    for change in (
        UnhomePrefix(b"0.NA/88.118"),
        WithdrawPrefix("88.118"),
        ChangePrefix("88.118", delegated_site=SITE),
    ):
        assert node.apply(change, NODE).code == Code.INVALID_VALUE
    assert node.resolve("0.NA/88.118").ok


def test_a_record_of_a_prefix_changes_with_an_event_under_it(node: Node) -> None:
    note = Value(7, "DESC", b"x").to_wire()
    assert node.apply(AddValues(b"0.NA/88.118.8", note, 1), ENTERPRISE).ok
    assert last_event(node) == (EventKind.CHANGED, "88.118.8", "0.NA/88.118.8", USCC)
