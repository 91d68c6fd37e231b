"""Challenges and sessions: each once, each for a time, never too many."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.node.service.authentication.vault import (
    CHALLENGE_SECONDS,
    SESSION_SECONDS,
    EndSession,
    Hold,
    OpenSession,
    Pending,
    ProveSession,
    RestSession,
    Take,
    TakeNonce,
    Vault,
    VaultOrder,
    ViewSession,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def counting() -> Callable[[int], bytes]:
    numbers = itertools.count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


def pending(address: str = "192.0.2.1", request: bytes = b"request") -> Pending:
    return Pending(b"n" * 16, 3, b"d" * 32, request, address)


def held(vault: Vault, one: Pending) -> Pending:
    kept = vault.hold(one)
    assert kept is not None
    return kept


def opened(vault: Vault, address: str = "192.0.2.1") -> RestSession:
    session = vault.open_session(address)
    assert session is not None
    return session


def test_a_challenge_is_given_back_once() -> None:
    vault = Vault(Clock(), counting())
    kept = held(vault, pending())
    assert vault.take(kept.session_id, "192.0.2.1") == kept
    assert vault.take(kept.session_id, "192.0.2.1") is None
    assert vault.counts() == (0, 0)


def test_a_challenge_ends_after_its_minute() -> None:
    clock = Clock()
    vault = Vault(clock, counting())
    first = held(vault, pending())
    clock.now += CHALLENGE_SECONDS - 0.001
    second = held(vault, pending())
    clock.now += 0.001
    assert vault.take(first.session_id) is None
    assert vault.take(second.session_id) == second


def test_a_session_id_is_never_zero_and_never_given_twice_at_a_time() -> None:
    drawn = iter([bytes(4), b"\0\0\0\1", b"\0\0\0\1", bytes(4), b"\0\0\0\2"])
    vault = Vault(Clock(), lambda size: next(drawn))
    assert [held(vault, pending()).session_id for _ in range(2)] == [1, 2]


def test_where_no_number_is_free_there_is_no_room() -> None:
    vault = Vault(Clock(), lambda size: bytes(size - 1) + b"\1")
    assert vault.hold(pending()) is not None
    assert vault.hold(pending()) is None


def test_another_network_neither_gets_nor_cancels_a_challenge() -> None:
    vault = Vault(Clock(), counting())
    kept = held(vault, pending("192.0.2.1"))
    assert vault.take(kept.session_id, "198.51.100.1") is None
    assert vault.take(kept.session_id, "192.0.2.77") == kept  # the same network


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", True),
        ("2001:db8:0:1::1", "2001:db8:1:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "", True),
    ],
)
def test_one_network_has_its_share_and_no_more(one: str, other: str, together: bool) -> None:
    vault = Vault(Clock(), counting(), per_network=1)
    held(vault, pending(one))
    assert (vault.hold(pending(other)) is None) is together


def test_too_many_challenges_are_refused_and_the_old_ones_stand() -> None:
    clock = Clock()
    vault = Vault(clock, counting(), max_pending=2)
    first = held(vault, pending("192.0.2.1"))
    held(vault, pending("198.51.100.1"))
    assert vault.hold(pending("203.0.113.1")) is None
    assert vault.take(first.session_id) == first
    assert vault.hold(pending("203.0.113.1")) is not None


def test_too_many_bytes_are_refused_until_some_are_taken() -> None:
    vault = Vault(Clock(), counting(), max_bytes=10)
    first = held(vault, pending(request=b"x" * 6))
    assert vault.hold(pending(request=b"x" * 6)) is None
    vault.take(first.session_id)
    assert vault.hold(pending(request=b"x" * 6)) is not None


@given(st.lists(st.sampled_from(["hold", "take", "wait", "open", "end"]), max_size=60))
def test_what_is_counted_is_what_is_kept(steps: list[str]) -> None:
    clock = Clock()
    vault = Vault(clock, counting(), max_bytes=50, per_network=4)
    challenges: list[Pending] = []
    sessions: list[RestSession] = []
    for step in steps:
        match step:
            case "hold":
                challenges += [kept for kept in [vault.hold(pending())] if kept]
            case "take" if challenges:
                vault.take(challenges.pop(0).session_id)
            case "open":
                sessions += [one for one in [vault.open_session("192.0.2.1")] if one]
            case "end" if sessions:
                vault.end_session(sessions.pop().session_id)
            case "wait":
                clock.now += 25
        assert vault.counts()[0] <= 4
        assert vault.counts()[1] <= 4
    clock.now += SESSION_SECONDS
    assert vault.counts() == (0, 0)
    # Nothing is left on anybody's account: all the room is there again.
    assert all(vault.hold(pending()) for _ in range(4))
    assert all(vault.open_session("192.0.2.1") for _ in range(4))


def test_a_nonce_is_good_for_one_attempt() -> None:
    vault = Vault(Clock(), counting())
    session = opened(vault)
    first = vault.take_nonce(session.session_id)
    second = vault.take_nonce(session.session_id)
    assert first is not None
    assert second is not None
    assert first.nonce == session.nonce
    assert first.nonce != second.nonce


def test_a_session_knows_whose_it_is_once_that_is_proved() -> None:
    vault = Vault(Clock(), counting())
    session = opened(vault)
    assert not session.handle
    vault.prove_session(session.session_id, 300, "0.NA/88.118.8")
    seen = vault.view_session(session.session_id)
    assert seen is not None
    assert (seen.index, seen.handle) == (300, "0.NA/88.118.8")
    assert vault.end_session(session.session_id) is not None
    assert vault.view_session(session.session_id) is None


def test_a_session_that_is_used_lives_on_and_one_that_is_not_ends() -> None:
    clock = Clock()
    vault = Vault(clock, counting())
    used, idle = opened(vault), opened(vault)
    vault.prove_session(used.session_id, 300, "a/b")
    for _ in range(3):
        clock.now += SESSION_SECONDS / 2
        assert vault.view_session(used.session_id) is not None
    assert vault.view_session(idle.session_id) is None
    assert vault.prove_session(idle.session_id, 1, "a/b") is None
    assert vault.take_nonce(idle.session_id) is None
    assert vault.end_session(idle.session_id) is None


def test_a_session_that_nobody_proved_ends_however_often_it_is_looked_at() -> None:
    clock = Clock()
    vault = Vault(clock, counting())
    looked_at, tried = opened(vault), opened(vault)
    for _ in range(9):
        clock.now += SESSION_SECONDS / 10
        assert vault.view_session(looked_at.session_id) is not None
        assert vault.take_nonce(tried.session_id) is not None
    clock.now += SESSION_SECONDS / 10
    assert vault.view_session(looked_at.session_id) is None
    assert vault.take_nonce(tried.session_id) is None
    assert vault.counts() == (0, 0)


def test_whoever_only_claims_addresses_leaves_half_of_the_room_to_others() -> None:
    vault = Vault(Clock(), counting(), max_pending=8, max_bytes=800)
    claimed = [
        vault.hold(msgspec.structs.replace(pending(f"10.0.{n}.1"), claimed=True)) for n in range(9)
    ]
    assert sum(one is not None for one in claimed) == 4
    others = [vault.hold(pending(f"192.0.{n}.1")) for n in range(9)]
    assert sum(one is not None for one in others) == 4
    for one in [*claimed, *others]:
        if one is not None:
            vault.take(one.session_id)
    large = msgspec.structs.replace(pending(request=b"x" * 300), claimed=True)
    assert vault.hold(large) is not None
    assert vault.hold(large) is None
    assert vault.hold(msgspec.structs.replace(large, claimed=False)) is not None


def test_one_network_cannot_fill_the_vault_with_long_requests() -> None:
    vault = Vault(Clock(), counting(), max_bytes=1000, network_bytes=250)
    first = held(vault, pending(request=b"x" * 200))
    assert vault.hold(pending(request=b"x" * 51)) is None
    assert vault.hold(pending("203.0.113.1", request=b"x" * 51)) is not None
    vault.take(first.session_id)
    assert vault.hold(pending(request=b"x" * 250)) is not None


def test_too_many_sessions_are_refused() -> None:
    vault = Vault(Clock(), counting(), max_sessions=1)
    opened(vault)
    assert vault.open_session("203.0.113.1") is None


def test_every_order_survives_the_way_to_the_process_that_holds_the_vault() -> None:
    vault = Vault(Clock(), counting())
    decode = msgspec.msgpack.Decoder(VaultOrder).decode
    encode = msgspec.msgpack.encode

    def obeyed(order: VaultOrder) -> object:
        return vault.obey(decode(encode(order)))

    kept = obeyed(Hold(pending()))
    assert isinstance(kept, Pending)
    assert obeyed(Take(kept.session_id, "192.0.2.1")) == kept
    session = obeyed(OpenSession("192.0.2.1"))
    assert isinstance(session, RestSession)
    assert obeyed(ProveSession(session.session_id, 300, "a/b")) == obeyed(
        ViewSession(session.session_id)
    )
    assert obeyed(TakeNonce(session.session_id)) is not None
    assert obeyed(EndSession(session.session_id)) is not None
    assert obeyed(ViewSession(session.session_id)) is None
