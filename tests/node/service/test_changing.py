"""Rules over all changes and questions, by anyone, in any order."""

from __future__ import annotations

from datetime import date
from typing import get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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

from ballast.errors import StorageFailed
from ballast.node.registry.store import Transaction
from ballast.node.service import changing
from ballast.node.service.answers import Answer
from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller
from ballast.node.service.changes import (
    AddDaily,
    AddValues,
    AllotPrefix,
    Change,
    ChangePrefix,
    CreateHandle,
    DeleteHandle,
    ForgetOutbox,
    HomePrefix,
    ModifyValues,
    NoteAudit,
    RemoveValues,
    SetState,
    UnhomePrefix,
    WithdrawPrefix,
)
from ballast.node.service.reading import list_handles, list_prefixes, resolve
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import Reference, Value, values_to_wire

RESTRICTED = b"\xfeONLY-FOR-ADMINISTRATORS\xfe"
OWN = Caller(Reference("88.118.8/STAFF", 300))
# Identities that look like an administrator's and are none.
NEARLY = Caller(Reference("0.NA/88.118.8", 300), "198.51.100.7")
WITHOUT_RIGHTS = [ANONYMOUS, STRANGER, NEARLY]

handles = st.sampled_from(
    [
        b"88.118.8/A", b"88.118.8/a", b"88.118.8/B", b"88.118.8/alias", b"88.118.8/none",
        b"88.118.8/expired", b"0.NA/88.118.8", b"0.NA/88.118", b"88.118/x", b"10.1/x", b"88.118.8",
        b"", b"\xff/\xff", b"0.NA/", b"88.118.8/",
    ]
)  # fmt: skip
indexes = st.sampled_from([0, 1, 2, 3, 5, 10, 11, 100, 101, 300, 301, 1900])
types = st.sampled_from(
    ["URL", "HS_SECKEY", "hs_seckey", "HS_SECKEY.", "HS_SECKE.", ".", "", "SECRET", "HS_ADMIN"]
)  # fmt: skip
values = st.builds(
    Value, indexes, types, st.sampled_from([b"", b"x", admin(1, 0xFFF, "0.NA/77.1.1", 300).data]),
    st.integers(0, 15),
)  # fmt: skip
lists = st.lists(values, max_size=3)


def packed(made: list[Value]) -> tuple[bytes, int]:
    return values_to_wire(made), len(made)


prefixes = st.sampled_from(["88.118.8", "88.118", "88.118.1", "", "0.NA", "a/b"])
changes = st.one_of(
    st.builds(
        lambda h, v, m, o, e: CreateHandle(h, *packed(v), m, o, e),
        handles, lists, st.booleans(), st.booleans(), st.sampled_from([0, 1, int(NOW) + 9, -1]),
    ),
    st.builds(DeleteHandle, handles),
    st.builds(lambda h, v, o: AddValues(h, *packed(v), o), handles, lists, st.booleans()),
    st.builds(lambda h, v: ModifyValues(h, *packed(v)), handles, lists),
    st.builds(AddValues, handles, st.binary(max_size=60), st.integers(0, 3000)),
    st.builds(RemoveValues, handles, st.lists(indexes, max_size=3).map(tuple)),
    st.builds(SetState, handles, st.sampled_from([None, 0, 1, 2]), st.sampled_from([None, 0, 7])),
    st.builds(HomePrefix, handles),
    st.builds(UnhomePrefix, handles),
    st.builds(
        AllotPrefix, prefixes, st.sampled_from([USCC, "x"]), st.sampled_from(["示范", ""]),
        delegated_site=st.sampled_from([None, SITE, b"x"]),
    ),
    st.builds(ChangePrefix, prefixes, delegated_site=st.sampled_from([None, SITE, b"", b"x"])),
    st.builds(WithdrawPrefix, prefixes),
)  # fmt: skip
questions = st.builds(
    ResolveRequest, handles, st.lists(indexes, max_size=3).map(tuple),
    st.lists(types, max_size=3).map(tuple),
)  # fmt: skip
flags = st.fixed_dictionaries(
    {"public_only": st.booleans(), "refer": st.booleans(), "follow_aliases": st.booleans()}
)
steps = st.lists(st.tuples(st.sampled_from(WITHOUT_RIGHTS), changes | questions, flags), max_size=8)
quickly = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def furnish(node: Node, transaction: Transaction) -> None:
    """Register handles with what is not for everyone, every way it can be kept."""
    secret = Value(10, "SECRET", RESTRICTED, 0x0C)
    key = Value(300, "HS_SECKEY", RESTRICTED, 0x0F)
    sealed = Value(11, "SECRET", RESTRICTED, 0x04)
    mine = admin(100, 0xFFF, "88.118.8/STAFF", 300)
    open_value = url(3, b"open", 0x0F)
    for made in (
        creation("88.118.8/A", url(), secret, key, sealed, mine, open_value),
        creation("88.118.8/B", secret, Value(5, "SECRET", RESTRICTED, 0x01)),
        creation("88.118.8/alias", Value(2, "HS_ALIAS", b"88.118.8/B"), secret),
        creation("88.118.8/expired", url(), secret, key, expires_at=int(NOW) + 1),
        AllotPrefix("88.118.7", USCC, "示范", secret=RESTRICTED),
        AddValues(b"0.NA/88.118.8", secret.to_wire(), 1),
    ):
        assert node.apply_in(transaction, made, OPERATOR).ok


def shown(answer: Answer) -> bytes:
    return msgspec.msgpack.encode(answer)


@quickly
@given(steps=steps, later=st.booleans())
def test_who_has_no_rights_never_sees_a_restricted_byte(
    lasting_node: Node, steps: list[tuple[Caller, Change | ResolveRequest, dict[str, bool]]],
    later: bool,
) -> None:  # fmt: skip
    with lasting_node.undone() as transaction:
        furnish(lasting_node, transaction)
        now = NOW + 100 * later
        for caller, step, given_flags in steps:
            if isinstance(step, ResolveRequest):
                answer = resolve(transaction, step, caller, now, **given_flags)
            else:
                answer = lasting_node.apply_in(transaction, step, caller)
            assert RESTRICTED not in shown(answer)
            assert list_handles(transaction, b"0.NA/88.118.8", caller, now).handles == ()
            assert list_prefixes(transaction, caller, now).handles == ()


@quickly
@given(caller=st.sampled_from(WITHOUT_RIGHTS), asked=questions, given_flags=flags)
def test_the_wait_is_not_for_nothing(
    lasting_node: Node, caller: Caller, asked: ResolveRequest, given_flags: dict[str, bool]
) -> None:
    """What a stranger is asked to prove himself for, an administrator gets."""
    with lasting_node.undone() as transaction:
        furnish(lasting_node, transaction)
        if resolve(transaction, asked, caller, NOW, **given_flags).code in {401, 402}:
            administrator = NODE if asked.handle.startswith(b"0.NA/88") else ENTERPRISE
            answer = resolve(transaction, asked, administrator, NOW, **given_flags)
            assert answer.ok
            assert RESTRICTED in answer.values or b"secret of" in answer.values


@quickly
@given(
    st.lists(
        st.tuples(st.sampled_from([*WITHOUT_RIGHTS, OWN, ENTERPRISE, NODE, OPERATOR]), changes),
        min_size=1,
        max_size=6,
    )
)
def test_a_change_that_is_refused_leaves_everything_as_it_was(
    lasting_node: Node, tried: list[tuple[Caller, Change]]
) -> None:
    with lasting_node.undone() as transaction:
        furnish(lasting_node, transaction)
        for caller, change in tried:
            before = everything(transaction)
            trail = transaction.audit_last()
            answer = lasting_node.apply_in(transaction, change, caller)
            if not answer.ok:
                assert answer.message
                assert everything(transaction) == before
                assert (transaction.audit_last() != trail) == (answer.code in {400, 401, 403})
            else:
                assert transaction.audit_last() != trail
            assert answer.need_authentication == (answer.code == 402)
            assert caller is ANONYMOUS or not answer.need_authentication


@quickly
@given(st.lists(st.tuples(st.sampled_from([ENTERPRISE, OPERATOR, OWN]), changes), max_size=10))
def test_counts_follow_what_is_there(
    lasting_node: Node, tried: list[tuple[Caller, Change]]
) -> None:
    with lasting_node.undone() as transaction:
        furnish(lasting_node, transaction)
        for caller, change in tried:
            lasting_node.apply_in(transaction, change, caller)
        for entry in transaction.prefixes():
            folded = entry.prefix.lower().encode()
            assert entry.count == len(transaction.handles(folded))
        counted = sum(
            day.registered - day.deleted
            for day in transaction.daily(date(2025, 1, 1), date(2026, 1, 1))
        )
        under_prefixes = [k for k, _ in transaction.records() if not k.startswith(b"0.na/")]
        assert counted == len(under_prefixes)


@quickly
@given(
    st.binary(max_size=40), st.binary(max_size=80), st.integers(0, 5), st.text(max_size=30),
    st.sampled_from([ANONYMOUS, OPERATOR]),
)  # fmt: skip
def test_whatever_bytes_come_there_is_an_answer(
    lasting_node: Node, handle: bytes, data: bytes, count: int, text: str, caller: Caller
) -> None:
    with lasting_node.undone() as transaction:
        for change in (
            CreateHandle(handle, data, count), CreateHandle(b"88.118.8/" + handle, data, count),
            AddValues(handle, data, count), DeleteHandle(handle), HomePrefix(handle),
            AllotPrefix(text, USCC, text, text), AllotPrefix("88.1", text, text, secret=data),
            AllotPrefix("88.1", USCC, "x", delegated_site=data, public_key=data),
            ChangePrefix(text), WithdrawPrefix(text), RemoveValues(handle, (1,)),
        ):  # fmt: skip
            assert lasting_node.apply_in(transaction, change, caller).code > 0


def test_every_change_travels_and_is_known() -> None:
    packer = msgspec.msgpack.Encoder()
    made: list[Change] = [
        CreateHandle(b"h"), DeleteHandle(b"h"), AddValues(b"h", b"", 0), ModifyValues(b"h", b"", 0),
        RemoveValues(b"h", (1,)), HomePrefix(b"h"), UnhomePrefix(b"h"), AllotPrefix("p", "u", "e"),
        ChangePrefix("p"), WithdrawPrefix("p"), SetState(b"h"), AddDaily({b"p": 1}),
        NoteAudit("a", "s", 1), ForgetOutbox(7),
    ]  # fmt: skip
    assert {type(change) for change in made} == set(get_args(Change))
    for change in made:
        assert msgspec.msgpack.decode(packer.encode(change), type=Change) == change


def test_resolutions_are_added_to_the_day_of_the_writer(node: Node) -> None:
    node.apply(AddDaily({b"88.118.8": 3, b"": 7, b"x" * 300: 7, b"88.118": -1}), ANONYMOUS)
    node.apply(AddDaily({b"88.118.8": 2}), ANONYMOUS)
    with node.store.snapshot() as snapshot:
        days = snapshot.daily(date(2025, 6, 15), date(2025, 6, 15))
    assert [(day.prefix, day.resolved) for day in days] == [("88.118.8", 5)]


def test_what_changed_nothing_can_be_noted(node: Node) -> None:
    node.apply(NoteAudit("login", "300:x", 403, "wrong key"), STRANGER)
    entry = node.audited()[-1]
    assert (entry.action, entry.subject, entry.outcome) == ("login", "300:x", 403)
    assert (entry.detail, entry.address) == ("wrong key", "203.0.113.9")


def test_events_that_the_lake_has_are_forgotten(node: Node) -> None:
    node.apply(creation("88.118.8/A", url()))
    with node.store.snapshot() as snapshot:
        last = snapshot.outbox_last()
    node.apply(ForgetOutbox(last), OPERATOR)
    with node.store.snapshot() as snapshot:
        assert snapshot.outbox() == []


def test_a_change_sees_those_before_it_in_the_same_commit(node: Node) -> None:
    with node.store.write() as transaction:
        first = node.apply_in(transaction, creation("88.118.8/A", url()), ENTERPRISE)
        again = node.apply_in(transaction, creation("88.118.8/a", url()), ENTERPRISE)
    assert (first.code, again.code) == (1, 101)


def test_a_fault_of_the_store_is_not_swallowed(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise StorageFailed("no space left")

    monkeypatch.setattr(changing, "carry_out", broken)
    with pytest.raises(StorageFailed, match="no space"):
        node.apply(creation("88.118.8/A", url()))
    assert node.record("88.118.8/A") is None
