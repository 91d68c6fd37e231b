"""Records registered, deleted, revoked, restored, renewed."""

from __future__ import annotations

import re

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
    values_of,
)

from ballast.node.registry.entries import EventKind
from ballast.node.registry.records import RecordState
from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller
from ballast.node.service.changes import (
    AddValues,
    AllotPrefix,
    CreateHandle,
    DeleteHandle,
    RemoveValues,
    SetState,
    UnhomePrefix,
)
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.value import Reference, Value

HANDLE = "88.118.8/Pump-1"
KEY = HANDLE.encode()
OWN = Caller(Reference("88.118.8/STAFF", 300))


def events(node: Node) -> list[tuple[EventKind, str, str, str, str]]:
    with node.store.snapshot() as snapshot:
        return [(e.kind, e.prefix, e.handle, e.actor, e.uscc) for e in snapshot.outbox()]


def state_of(node: Node) -> tuple[int, int]:
    record = node.record(HANDLE)
    assert record is not None
    return int(record.state), record.expires_at


def test_a_handle_is_registered_with_its_event_count_and_audit_entry(node: Node) -> None:
    answer = node.apply(creation(HANDLE, url(), expires_at=1_760_000_000), ENTERPRISE)
    assert (answer.code, answer.handle) == (Code.SUCCESS, KEY)
    record = node.record("88.118.8/PUMP-1")
    assert record is not None
    assert (record.handle, record.created_at, record.expires_at) == (KEY, NOW, 1_760_000_000)
    assert record.values()[0].timestamp == NOW
    happened = (EventKind.REGISTERED, "88.118.8", HANDLE, "301:0.NA/88.118.8", USCC)
    assert events(node)[-1] == happened
    with node.store.snapshot() as snapshot:
        assert snapshot.count(b"88.118.8") == 1
        day = [d for d in everything(snapshot)[-1] if d.prefix == "88.118.8"]  # type: ignore[attr-defined]
        assert [d.registered for d in day] == [1]
    entry = node.audited()[-1]
    assert (entry.action, entry.subject, entry.outcome) == ("CreateHandle", HANDLE, 1)
    assert (entry.actor, entry.address) == ("301:0.NA/88.118.8", "192.0.2.8")


def test_a_handle_that_exists_in_another_spelling_is_not_registered_again(node: Node) -> None:
    node.apply(creation(HANDLE, url()))
    assert node.apply(creation(HANDLE.lower(), url()), ENTERPRISE).code == 101


def test_a_handle_is_replaced_only_where_that_is_asked_for(node: Node) -> None:
    node.apply(creation(HANDLE, url(), url(2), expires_at=1_760_000_000))
    node.now += 500
    assert node.apply(creation(HANDLE.upper(), url(7), overwrite=True), ENTERPRISE).ok
    record = node.record(HANDLE)
    assert record is not None
    assert [value.index for value in record.values()] == [7]
    assert (record.handle, record.created_at, record.changed_at) == (KEY, NOW, NOW + 500)
    assert record.expires_at == 1_760_000_000
    assert events(node)[-1][0] is EventKind.CHANGED


def test_who_may_only_register_cannot_replace(node: Node) -> None:
    node.put(
        "0.NA/88.118.8", admin(100, 0x0FF3, "0.NA/88.118.8", 301),
        admin(101, 0x0001, "88.118.8/STAFF", 300),
    )  # fmt: skip
    assert node.apply(creation(HANDLE, url()), OWN).ok
    assert node.apply(creation(HANDLE, url(2), overwrite=True), OWN).code == 401
    assert node.apply(creation(HANDLE, url(2), overwrite=True), ENTERPRISE).ok


def test_administrators_of_the_handle_alone_do_not_register_over_it(node: Node) -> None:
    node.apply(creation(HANDLE, url(), admin(100, 0xFFF, "88.118.8/STAFF", 300)))
    assert node.apply(creation(HANDLE, url(2), overwrite=True), OWN).code == 401
    assert node.apply(creation(HANDLE, url(2)), OWN).code == 401


def test_a_minted_suffix_is_a_uuid_behind_the_beginning(node: Node) -> None:
    uuid = re.compile(r"88\.118\.8/(pump-)?[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-")
    for beginning in (b"88.118.8/", b"88.118.8/pump-", b"88.118.8"):
        answer = node.apply(CreateHandle(beginning, mint=True), ENTERPRISE)
        if beginning == b"88.118.8":  # the random bytes of this test repeat themselves
            assert answer.code == Code.ERROR
        else:
            assert uuid.match(answer.handle.decode())
            assert node.record(answer.handle.decode()) is not None


@pytest.mark.parametrize(
    ("handle", "code"),
    [
        (b"88.118.8/", Code.INVALID_HANDLE),
        (b"/x", Code.INVALID_HANDLE),
        (b"noslash", Code.INVALID_HANDLE),
        (b"", Code.INVALID_HANDLE),
        (b"88.118.8/\xff", Code.INVALID_HANDLE),
        (b"88.118.8/a\nb", Code.INVALID_HANDLE),
        (b"88.118.8/" + b"x" * 2040, Code.INVALID_HANDLE),
        (b"10.1/x", Code.SERVER_NOT_RESPONSIBLE),
        (b"88.118.9/x", Code.PREFIX_REFERRAL),
        (b"0.NA/88.118.8", Code.OPERATION_NOT_SUPPORTED),
        (b"0.NA/88.118.8.1", Code.SERVER_NOT_RESPONSIBLE),
    ],
)
def test_what_cannot_be_registered_here_has_its_code(node: Node, handle: bytes, code: Code) -> None:
    node.apply(AllotPrefix("88.118.9", USCC, "示范", delegated_site=SITE))
    assert node.apply(CreateHandle(handle), OPERATOR).code == code


def test_the_longest_handle_can_be_registered(node: Node) -> None:
    handle = "88.118.8/" + "X" * 2039
    assert node.apply(creation(handle, url())).ok
    assert node.resolve(handle.lower()).ok


@pytest.mark.parametrize("expires_at", [1, int(NOW), 2**32, -1])
def test_a_record_does_not_expire_before_it_is_registered(node: Node, expires_at: int) -> None:
    assert node.apply(creation(HANDLE, url(), expires_at=expires_at)).code == Code.INVALID_VALUE


@pytest.mark.parametrize(
    ("caller", "code"), [(ANONYMOUS, 402), (STRANGER, 401), (NODE, 401), (OWN, 401)]
)
def test_only_the_prefix_lets_register(node: Node, caller: Caller, code: int) -> None:
    answer = node.apply(creation(HANDLE, url(), admin(100, 0xFFF, "88.118.8/STAFF", 300)), caller)
    assert answer.code == code
    assert answer.need_authentication is (code == 402)
    assert node.record(HANDLE) is None


def test_a_refusal_for_lack_of_rights_is_audited_and_a_question_is_not(node: Node) -> None:
    before = len(node.audited())
    node.apply(creation(HANDLE, url()), ANONYMOUS)
    node.apply(creation("10.1/x", url()), STRANGER)
    assert len(node.audited()) == before
    node.apply(creation(HANDLE, url()), STRANGER)
    entry = node.audited()[-1]
    assert (entry.actor, entry.outcome, entry.action) == ("300:0.NA/77.1.1", 401, "CreateHandle")
    assert (entry.address, entry.channel) == ("203.0.113.9", "http")


def test_a_handle_is_deleted_by_its_own_administrators_or_its_prefixs(node: Node) -> None:
    mine = admin(100, 0x0002, "88.118.8/STAFF", 300)
    for caller, code in ((OWN, 1), (ENTERPRISE, 1), (STRANGER, 401), (ANONYMOUS, 402), (NODE, 401)):
        node.apply(creation(HANDLE, mine, overwrite=True))
        assert node.apply(DeleteHandle(KEY), caller).code == code
        assert (node.record(HANDLE) is None) is (code == 1)
    node.apply(DeleteHandle(KEY))
    assert events(node)[-1][0] is EventKind.DELETED
    assert node.apply(DeleteHandle(KEY)).code == Code.HANDLE_NOT_FOUND
    assert node.apply(DeleteHandle(b"0.NA/88.118.8")).code == Code.OPERATION_NOT_SUPPORTED


def test_a_revoked_record_is_out_of_its_own_administrators_hands(node: Node) -> None:
    everything_mine = admin(100, 0xFFF, "88.118.8/STAFF", 300)
    node.apply(creation(HANDLE, url(), url(2, permissions=0x0F), everything_mine))
    assert node.apply(SetState(KEY, state=1, reason="recall"), OWN).ok
    assert state_of(node) == (RecordState.REVOKED, 0)
    assert node.audited()[-1].detail == "recall"
    for change in (
        SetState(KEY, state=0),
        SetState(KEY, expires_at=1_760_000_000),
        DeleteHandle(KEY),
        RemoveValues(KEY, (1,)),
        RemoveValues(KEY, (2,)),
        AddValues(KEY, Value(5, "URL", b"x").to_wire(), 1),
    ):
        assert node.apply(change, OWN).code == 401, change
        assert node.apply(change, ANONYMOUS).code == 402, change
    assert node.apply(RemoveValues(KEY, (1,)), ENTERPRISE).ok
    assert node.apply(creation(HANDLE, url(3), overwrite=True), ENTERPRISE).ok
    assert values_of(node.resolve(HANDLE))[-1].data == b"revoked"
    assert node.apply(SetState(KEY, state=0), ENTERPRISE).ok
    assert [value.index for value in values_of(node.resolve(HANDLE))] == [3]
    kinds = [kind for kind, *_ in events(node)][-5:]
    assert [kind.name for kind in kinds] == [
        "REGISTERED", "REVOKED", "CHANGED", "CHANGED", "RESTORED",
    ]  # fmt: skip


def test_an_expired_record_is_renewed_by_its_prefix(node: Node) -> None:
    node.apply(creation(HANDLE, admin(100, 0xFFF, "88.118.8/STAFF", 300), expires_at=int(NOW) + 10))
    node.now += 100
    later = int(NOW) + 1000
    assert node.apply(SetState(KEY, expires_at=later), OWN).code == 401
    assert node.apply(SetState(KEY, expires_at=int(NOW) + 50), ENTERPRISE).code == 202
    assert node.apply(SetState(KEY, expires_at=later), ENTERPRISE).ok
    assert state_of(node) == (0, later)
    assert events(node)[-1][0] is EventKind.RENEWED
    assert node.apply(SetState(KEY, expires_at=0), ENTERPRISE).ok
    assert state_of(node) == (0, 0)


def test_administrators_of_the_node_revoke_and_restore_any_record(node: Node) -> None:
    node.apply(creation(HANDLE, url()))
    assert node.apply(SetState(KEY, state=1), NODE).ok
    assert node.apply(SetState(KEY, state=0), NODE).ok
    assert node.apply(DeleteHandle(KEY), NODE).code == 401
    assert node.apply(SetState(KEY, state=1), STRANGER).code == 401


def test_a_state_that_stays_is_no_event(node: Node) -> None:
    node.apply(creation(HANDLE, url()))
    before = events(node)
    assert node.apply(SetState(KEY, state=0, expires_at=0)).ok
    assert node.apply(SetState(KEY)).ok
    assert events(node) == before


def test_a_state_that_does_not_exist_is_refused(node: Node) -> None:
    node.apply(creation(HANDLE, url()))
    assert node.apply(SetState(KEY, state=9)).code == Code.INVALID_VALUE


def test_the_nodes_own_prefix_is_not_revoked(node: Node) -> None:
    assert node.apply(SetState(b"0.NA/88.118", state=1)).code == Code.INVALID_HANDLE


def test_nothing_is_changed_under_an_unhomed_prefix(node: Node) -> None:
    node.apply(creation(HANDLE, url()))
    node.apply(UnhomePrefix(b"0.NA/88.118.8"))
    for change in (creation("88.118.8/x", url()), DeleteHandle(KEY), SetState(KEY, state=1)):
        assert node.apply(change, OPERATOR).code == Code.SERVER_NOT_RESPONSIBLE
