"""Values added, modified, removed: by whom, and all or nothing."""

from __future__ import annotations

import pytest
from tests.node.service.node_at_hand import ENTERPRISE, STRANGER, Node, admin, creation, url

from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller
from ballast.node.service.changes import AddValues, Change, ModifyValues, RemoveValues
from ballast.node.wire.admin import AdminPermission as Right
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.value import Reference, Value, values_to_wire

HANDLE = "88.118.8/PUMP-1"
KEY = HANDLE.encode()
OWN = Caller(Reference("88.118.8/STAFF", 300))


def add(*values: Value, overwrite: bool = False) -> AddValues:
    return AddValues(KEY, values_to_wire(values), len(values), overwrite)


def modify(*values: Value) -> ModifyValues:
    return ModifyValues(KEY, values_to_wire(values), len(values))


def remove(*indexes: int) -> RemoveValues:
    return RemoveValues(KEY, indexes)


def held(node: Node) -> dict[int, bytes]:
    record = node.record(HANDLE)
    assert record is not None
    return {value.index: value.data for value in record.values()}


@pytest.fixture
def pump(node: Node) -> Node:
    """Values that administrators, nobody and anybody may change, and an HS_ADMIN."""
    node.apply(
        creation(
            HANDLE, url(1), url(2, b"sealed", 0x0A), url(3, b"open", 0x0F), url(4, b"anyone", 0x0B),
            admin(100, 0, "88.118.8/STAFF", 300),
        )
    )  # fmt: skip
    return node


def give(node: Node, rights: Right | int) -> None:
    """Let the handle's own administrator have exactly these rights."""
    assert node.apply(modify(admin(100, int(rights), "88.118.8/STAFF", 300))).ok


ANOTHER_ADMIN = admin(5, 0, "88.118.8/X", 300)
NEEDED: list[tuple[Change, Right]] = [
    (add(url(5)), Right.ADD_VALUE),
    (add(ANOTHER_ADMIN), Right.ADD_ADMIN),
    (add(url(1, b"new"), overwrite=True), Right.MODIFY_VALUE),
    (modify(url(1, b"new")), Right.MODIFY_VALUE),
    (modify(admin(100, 1, "88.118.8/X", 300)), Right.MODIFY_ADMIN),
    (remove(1), Right.REMOVE_VALUE),
    (remove(100), Right.REMOVE_ADMIN),
]


@pytest.mark.parametrize(("change", "right"), NEEDED)
def test_each_change_needs_its_right_and_no_other(pump: Node, change: Change, right: Right) -> None:
    give(pump, 0x0FFF & ~int(right))
    before = held(pump)
    assert pump.apply(change, OWN).code == Code.INSUFFICIENT_PERMISSIONS
    assert held(pump) == before
    give(pump, right)
    assert pump.apply(change, OWN).ok
    assert held(pump) != before


@pytest.mark.parametrize(("change", "right"), NEEDED)
def test_the_prefix_may_and_strangers_may_not(pump: Node, change: Change, right: Right) -> None:
    assert pump.apply(change, ANONYMOUS).code == Code.AUTHENTICATION_NEEDED
    assert pump.apply(change, STRANGER).code == Code.INSUFFICIENT_PERMISSIONS
    assert pump.apply(change, ENTERPRISE).ok


def test_a_value_does_not_turn_into_an_administrator_without_both_rights(pump: Node) -> None:
    promoted = modify(admin(1, 0xFFF, "88.118.8/STAFF", 300))
    demoted = modify(url(100))
    for right in (Right.MODIFY_VALUE, Right.MODIFY_ADMIN):
        give(pump, right)
        assert pump.apply(promoted, OWN).code == 401
        assert pump.apply(demoted, OWN).code == 401
    give(pump, Right.MODIFY_VALUE | Right.MODIFY_ADMIN)
    assert pump.apply(promoted, OWN).ok


def test_a_value_nobody_may_change_is_changed_by_the_operator_alone(pump: Node) -> None:
    for change in (modify(url(2)), remove(2), add(url(2), overwrite=True), modify(url(1), url(2))):
        assert pump.apply(change, ENTERPRISE).code == Code.INSUFFICIENT_PERMISSIONS
    assert pump.apply(remove(2), OPERATOR).ok


def test_what_anyone_may_write_anyone_writes(pump: Node) -> None:
    for number, caller in enumerate((ANONYMOUS, STRANGER)):
        data = b"by %d" % number
        assert pump.apply(modify(url(3, data, 0x0F), url(4, data, 0x0B)), caller).ok
        assert (held(pump)[3], held(pump)[4]) == (data, data)
    assert pump.apply(add(url(3, b"again", 0x0F), overwrite=True), ANONYMOUS).ok
    assert pump.apply(remove(3), ANONYMOUS).ok
    assert 3 not in held(pump)


@pytest.mark.parametrize(
    "change",
    [
        modify(url(3, b"x", 0x0E)),
        modify(Value(3, "HS_ADMIN", ANOTHER_ADMIN.data, 0x0F)),
        modify(Value(3, "EMAIL", b"x", 0x0F)),
        modify(url(3, b"x", 0x0F), url(1)),
        add(url(3, b"x", 0x0F), url(9), overwrite=True),
        add(url(9)),
        remove(3, 1),
        modify(url(77)),
        add(),
        modify(),
        remove(),
    ],
)
def test_anyone_changes_the_data_of_open_values_and_nothing_else(
    pump: Node, change: Change
) -> None:
    before = held(pump)
    answer = pump.apply(change, ANONYMOUS)
    assert answer.code in {Code.AUTHENTICATION_NEEDED, Code.INVALID_VALUE}
    assert held(pump) == before


@pytest.mark.parametrize("kind", ["HS_ADMIN", "hs_vlist", "HS_PUBKEY"])
def test_what_decides_about_rights_is_never_open_to_anyone(node: Node, kind: str) -> None:
    data = ANOTHER_ADMIN.data if kind == "HS_ADMIN" else bytes(4)
    node.apply(creation(HANDLE, url(3, b"x", 0x0F), Value(5, kind, data, 0x0F)))
    for change in (modify(Value(5, kind, data, 0x0F)), remove(5)):
        assert node.apply(change, ANONYMOUS).code == Code.AUTHENTICATION_NEEDED


def test_an_index_that_exists_is_not_added(pump: Node) -> None:
    answer = pump.apply(add(url(9), url(1)), ENTERPRISE)
    assert answer.code == Code.VALUE_ALREADY_EXISTS
    assert 9 not in held(pump)


@pytest.mark.parametrize("change", [modify(url(1, b"new"), url(9)), remove(1, 9)])
def test_an_index_that_does_not_exist_is_not_changed(pump: Node, change: Change) -> None:
    before = held(pump)
    assert pump.apply(change, ENTERPRISE).code == Code.VALUES_NOT_FOUND
    assert held(pump) == before


@pytest.mark.parametrize(
    "change",
    [add(url(9), url(9)), modify(url(1), url(1)), remove(1, 1), add(url(0)), add(url(1900))],
)
def test_impossible_indexes_are_invalid(pump: Node, change: Change) -> None:
    before = held(pump)
    assert pump.apply(change, ENTERPRISE).code == Code.INVALID_VALUE
    assert held(pump) == before


def test_values_that_are_no_values_are_malformed(pump: Node) -> None:
    answer = pump.apply(AddValues(KEY, b"\0" * 30, 1), ENTERPRISE)
    assert answer.code in {Code.PROTOCOL_ERROR, Code.INVALID_VALUE}


def test_a_record_does_not_outgrow_a_message(pump: Node) -> None:
    big = Value(5, "TEXT", bytes(150_000))
    assert pump.apply(add(big), ENTERPRISE).ok
    answer = pump.apply(add(Value(6, "TEXT", bytes(100_000))), ENTERPRISE)
    assert answer.code == Code.INVALID_VALUE
    assert 6 not in held(pump)


def test_a_record_has_no_more_than_2048_values(node: Node) -> None:
    many = tuple(Value(index, "N", b"") for index in range(1, 1900))
    more = tuple(Value(index, "N", b"") for index in range(1901, 2050))
    assert node.apply(creation(HANDLE, *many)).ok
    assert node.apply(add(*more), ENTERPRISE).ok
    assert node.apply(add(Value(3000, "N", b"")), ENTERPRISE).code == Code.INVALID_VALUE


def test_a_change_keeps_what_it_does_not_touch(pump: Node) -> None:
    pump.now += 60
    before = held(pump)
    assert pump.apply(modify(url(1, b"new")), ENTERPRISE).ok
    assert held(pump) == {**before, 1: b"new"}
    record = pump.record(HANDLE)
    assert record is not None
    stamps = {value.index: value.timestamp for value in record.values()}
    assert stamps[1] == stamps[2] + 60
    assert record.changed_at == record.created_at + 60


def test_the_last_value_may_be_removed(node: Node) -> None:
    node.apply(creation(HANDLE, url(1)))
    assert node.apply(remove(1), ENTERPRISE).ok
    assert node.resolve(HANDLE).code == Code.VALUES_NOT_FOUND
