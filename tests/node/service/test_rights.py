"""HS_ADMIN, lists of administrators, and whose word counts."""

from __future__ import annotations

import pytest
from tests.node.service.node_at_hand import (
    ENTERPRISE,
    NODE,
    NOW,
    STRANGER,
    Node,
    admin,
    url,
)

from ballast.errors import RequestDeclined
from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller, proof_of
from ballast.node.service.changes import SetState
from ballast.node.service.prefixes import record_of_handle
from ballast.node.service.rights import (
    MAX_LOOKUPS,
    Rights,
    demand,
    node_rights,
    rights_over,
    rights_under,
)
from ballast.node.wire.admin import ALL_PERMISSIONS, AdminPermission
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.value import Reference, Value
from ballast.node.wire.vlist import vlist_to_wire

HANDLE = "88.118.8/PUMP-1"
STAFF = "88.118.8/STAFF"
NONE = AdminPermission(0)
MODIFY = AdminPermission.MODIFY_VALUE


def who(index: int, handle: str = STAFF) -> Caller:
    return Caller(Reference(handle, index))


def members(index: int, *references: tuple[str, int]) -> Value:
    return Value(index, "HS_VLIST", vlist_to_wire([Reference(h, i) for h, i in references]))


def rights(node: Node, caller: Caller, handle: str = HANDLE) -> Rights:
    with node.store.snapshot() as snapshot:
        record = record_of_handle(snapshot, handle.encode())
        return rights_over(snapshot, caller, handle.encode(), record, node.now)


def test_an_administrator_is_one_value_of_one_handle(node: Node) -> None:
    node.put(HANDLE, admin(100, 0x0010, STAFF, 300))
    assert rights(node, who(300)).own == MODIFY
    assert rights(node, who(300, "88.118.8/staff")).own == MODIFY
    assert rights(node, who(301)).own == NONE
    assert rights(node, who(300, "88.118.8/OTHERS")).own == NONE
    assert rights(node, ANONYMOUS) == Rights()


def test_index_0_means_every_value_of_the_handle(node: Node) -> None:
    node.put(HANDLE, admin(100, 0x0010, STAFF, 0))
    assert rights(node, who(300)).own == rights(node, who(7)).own == MODIFY
    assert rights(node, who(300, "88.118.8/OTHERS")).own == NONE


def test_rights_of_several_values_add_up(node: Node) -> None:
    node.put(HANDLE, admin(100, 0x0010, STAFF, 300), admin(101, 0x0040, STAFF, 0))
    assert rights(node, who(300)).own == MODIFY | AdminPermission.ADD_VALUE


def test_a_list_means_everybody_on_it_and_on_the_lists_on_it(node: Node) -> None:
    node.put("88.118.8/G1", members(200, (STAFF, 300), ("88.118.8/G2", 200)))
    node.put("88.118.8/G2", members(200, ("88.118.8/OTHERS", 0)))
    node.put(HANDLE, admin(100, 0x0010, "88.118.8/G1", 200))
    assert rights(node, who(300)).own == MODIFY
    assert rights(node, who(5, "88.118.8/others")).own == MODIFY
    assert rights(node, who(301)).own == NONE


def test_lists_that_hold_one_another_end(node: Node) -> None:
    node.put("88.118.8/G1", members(200, ("88.118.8/G2", 200), ("88.118.8/g1", 200)))
    node.put("88.118.8/G2", members(200, ("88.118.8/G1", 200), (STAFF, 300)))
    node.put(HANDLE, admin(100, 0x0010, "88.118.8/G1", 200))
    assert rights(node, who(300)).own == MODIFY
    assert rights(node, who(9)).own == NONE


def test_a_chain_of_lists_without_end_is_given_up_and_refuses(node: Node) -> None:
    for number in range(MAX_LOOKUPS + 2):
        node.put(f"88.118.8/L{number}", members(200, (f"88.118.8/L{number + 1}", 200)))
    node.put(f"88.118.8/L{MAX_LOOKUPS + 2}", members(200, (STAFF, 300)))
    node.put(HANDLE, admin(100, 0x0010, "88.118.8/L0", 200))
    assert rights(node, who(300)).own == NONE
    node.put(HANDLE, admin(100, 0x0010, "88.118.8/L5", 200))
    assert rights(node, who(300)).own == MODIFY


def test_a_reference_to_what_is_no_list_means_only_itself(node: Node) -> None:
    node.put("88.118.8/G1", Value(200, "DESC", members(1, (STAFF, 300)).data))
    node.put("88.118.8/G2", Value(200, "HS_VLIST", b"\xff\xff\xff\xff"))
    node.put(HANDLE, admin(100, 0x0010, "88.118.8/G1", 200), admin(101, 0x0010, "88.118.8/G2", 200))
    assert rights(node, who(300)).own == NONE


def test_an_unreadable_admin_value_names_nobody_and_stops_nobody(node: Node) -> None:
    node.put(HANDLE, Value(99, "HS_ADMIN", b"\x0f"), admin(100, 0x0010, STAFF, 300))
    assert rights(node, who(300)).own == MODIFY


def test_the_prefix_gives_rights_over_every_handle_under_it(node: Node) -> None:
    node.put(HANDLE, url())
    assert rights(node, ENTERPRISE).prefix & MODIFY
    assert rights(node, ENTERPRISE).may_by_prefix(AdminPermission.DELETE_HANDLE)
    assert not rights(node, ENTERPRISE, "88.118/x").may(MODIFY)
    assert not rights(node, NODE).may(MODIFY)
    assert rights(node, NODE, "0.NA/88.118.8").may(MODIFY)


def test_a_new_handle_is_a_matter_of_its_prefix(node: Node) -> None:
    with node.store.snapshot() as snapshot:
        under = rights_under(snapshot, ENTERPRISE, b"88.118.8", NOW)
        assert under.may_by_prefix(AdminPermission.ADD_HANDLE)
        assert not rights_under(snapshot, STRANGER, b"88.118.8", NOW).may(MODIFY)


def test_an_enterprise_allots_no_prefixes(node: Node) -> None:
    given = rights(node, ENTERPRISE, "0.NA/88.118.8").own
    assert given == AdminPermission(0x0FF3)


def test_the_node_is_administered_by_its_own_prefix(node: Node) -> None:
    with node.store.snapshot() as snapshot:
        assert node_rights(snapshot, NODE, NOW).own == ALL_PERMISSIONS
        assert node_rights(snapshot, ENTERPRISE, NOW) == Rights()
        assert node_rights(snapshot, OPERATOR, NOW).may(ALL_PERMISSIONS)


def test_a_record_that_is_not_valid_gives_nobody_rights(node: Node) -> None:
    node.put("88.118.8/G1", members(200, (STAFF, 300)))
    node.put(HANDLE, admin(100, 0x0010, STAFF, 300), admin(101, 0x0040, "88.118.8/G1", 200))
    node.apply(SetState(b"88.118.8/G1", state=1))
    assert rights(node, who(300)).own == MODIFY
    node.apply(SetState(HANDLE.encode(), state=1))
    assert rights(node, who(300)).own == NONE
    assert rights(node, ENTERPRISE).may(MODIFY)
    node.apply(SetState(b"0.NA/88.118.8", state=1))
    assert not rights(node, ENTERPRISE).may(MODIFY)


def test_the_operator_may_do_everything(node: Node) -> None:
    assert rights(node, OPERATOR, "88.118.8/none").may(ALL_PERMISSIONS)


def test_who_has_not_said_who_he_is_is_asked_and_others_are_refused() -> None:
    demand(ANONYMOUS, True, "", b"h")
    for caller, code in ((ANONYMOUS, Code.AUTHENTICATION_NEEDED), (STRANGER, 401)):
        with pytest.raises(RequestDeclined) as refused:
            demand(caller, False, "{handle}: {who} may not", b"h")
        assert refused.value.response_code == code


def test_who_was_proved_by_a_key_is_that_one_while_the_key_stands(node: Node) -> None:
    node.put(HANDLE, admin(100, 0x0010, STAFF, 300))
    proved = Caller(Reference(STAFF, 300), proof=proof_of(b"first"))
    assert rights(node, proved).own == NONE
    for kind in ("HS_SECKEY", "hs_pubkey"):
        node.put(STAFF, Value(300, kind, b"first", 0x0C))
        assert rights(node, proved).own == MODIFY
    for other in (
        Value(300, "HS_SECKEY", b"second", 0x0C),
        Value(301, "HS_SECKEY", b"first", 0x0C),
        Value(300, "NOTE", b"first", 0x0C),
    ):
        node.put(STAFF, other)
        assert rights(node, proved).own == NONE
    node.put(STAFF, Value(300, "HS_SECKEY", b"first", 0x0C), expires_at=int(NOW) + 1)
    assert rights(node, proved).own == MODIFY
    node.now += 1
    assert rights(node, proved).own == NONE
