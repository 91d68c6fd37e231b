"""The short way answers what the long way answers, byte for byte, or not at all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import Record, pack_record, record_of
from ballast.node.servers.budget import BudgetLimits, Budgets
from ballast.node.servers.channel import Channel
from ballast.node.servers.counters import Counters
from ballast.node.servers.front import Front
from ballast.node.servers.hot import HotPath
from ballast.node.servers.tally import Tally
from ballast.node.wire.codes import OpFlag
from ballast.node.wire.message import Message
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import Value

from .conftest import NOW, records
from .served import request

HANDLES = [record.handle for record in records()[:8]]


class Ways:
    """The short way and the long one over one registry."""

    def __init__(self, store: LmdbStore, folder: Path) -> None:
        self.store, self.now = store, float(NOW + 100)
        self.tally = Tally()
        budgets = Budgets(BudgetLimits(), lambda: 0.0)
        counters = Counters(folder, 0)
        self.front = Front(
            store, cast("Any", SimpleNamespace()), budgets, counters, self.tally,
            clock=lambda: self.now, random=lambda n: bytes(n),
        )  # fmt: skip
        self.hot = HotPath(store.reader(), self.tally, lambda: self.now, self.front.site_serial)

    def short(self, message: Message) -> bytes | None:
        data = message.to_wire()
        try:
            return self.hot.answer(data, 0, len(data)) if len(data) >= 60 else None
        finally:
            self.hot.release()

    def long(self, message: Message) -> bytes:
        answer = self.front.answer(message.to_wire(), Channel("tcp", "192.0.2.1"))
        assert isinstance(answer, bytes)
        return answer

    def put(self, *found: Record) -> None:
        with self.store.write() as transaction:
            for record in found:
                transaction.put_record(record.key, pack_record(record))


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    folder = tmp_path_factory.mktemp("hot")
    with LmdbStore.open(folder / "registry", map_bytes=1 << 26) as store:
        with store.write() as transaction:
            transaction.put_prefix(PrefixEntry("88.118.8", PrefixState.HOMED))
            transaction.put_prefix(PrefixEntry("88.118.9", PrefixState.UNHOMED))
        made = Ways(store, folder)
        made.put(*records(), record_of(b"88.118.9/A", [Value(1, "URL", b"u")], NOW))
        yield made
        made.front.close()


@given(
    handle=st.sampled_from([*HANDLES, b"88.118.8/none", b"88.118.9/A", b"99/x", b"noslash", b""]),
    upper=st.booleans(),
    flags=st.sampled_from(
        [0x19000000, 0, 0x01000000, 0x80000000, 0x00800000, 0x40000000, 0x20000000, 0x00100000]
    ),
    suggested=st.tuples(st.integers(0, 3), st.integers(0, 255)),
    spoken=st.tuples(st.sampled_from([2, 5, 0, 255]), st.integers(0, 20)),
    ids=st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
    filters=st.sampled_from([((), ()), ((1,), ()), ((), ("URL",))]),
    expiration=st.integers(0, 2**32 - 1),
)
def test_what_the_short_way_answers_the_long_way_answers_too(
    ways: Ways,
    handle: bytes,
    upper: bool,
    flags: int,
    suggested: tuple[int, int],
    spoken: tuple[int, int],
    ids: tuple[int, int],
    filters: tuple[tuple[int, ...], tuple[str, ...]],
    expiration: int,
) -> None:
    asked = request(
        ResolveRequest(handle.upper() if upper else handle, *filters),
        flags=OpFlag(flags),
        request_id=ids[0],
        session_id=ids[1],
        suggested_major=suggested[0],
        suggested_minor=suggested[1],
        major=spoken[0],
        minor=spoken[1],
    )
    asked = Message(
        asked.envelope,
        type(asked.header)(
            asked.header.op, flags=asked.header.flags, expiration=expiration, recursion=3
        ),
        asked.body,
    )
    short = ways.short(asked)
    if short is not None:
        assert short == ways.long(asked)


def test_plain_requests_take_the_short_way(ways: Ways) -> None:
    for handle in (b"88.118.8/A-1", b"88.118.8/a-1", b"88.118.8/SECRET", b"88.118.8/LARGE"):
        assert ways.short(request(ResolveRequest(handle))) is not None


@pytest.mark.parametrize(
    "handle",
    [b"88.118.8/REVOKED", b"88.118.8/EXPIRED", b"88.118.8/ALL-SECRET", b"88.118.9/A", b"99/x"],
)
def test_what_is_not_plain_takes_the_long_way(ways: Ways, handle: bytes) -> None:
    assert ways.short(request(ResolveRequest(handle))) is None


def test_a_secret_key_is_not_answered_even_where_it_was_stored_as_public(ways: Ways) -> None:
    values = [Value(1, "URL", b"u"), Value(2, "hs_SecKey", b"secret")]
    ways.put(record_of(b"88.118.8/CARELESS", values, NOW))
    asked = request(ResolveRequest(b"88.118.8/CARELESS"))
    assert ways.short(asked) is None
    assert b"secret" not in ways.long(asked)


def test_a_prefix_that_is_unhomed_is_no_longer_answered_for(ways: Ways) -> None:
    ways.put(record_of(b"88.118.10/A", [Value(1, "URL", b"u")], NOW))
    asked = request(ResolveRequest(b"88.118.10/A"))
    seen = []
    for state in (PrefixState.HOMED, PrefixState.UNHOMED, PrefixState.DELEGATED, PrefixState.HOMED):
        with ways.store.write() as transaction:
            transaction.put_prefix(PrefixEntry("88.118.10", state))
        seen.append(ways.short(asked) is not None)
    assert seen == [True, False, False, True]


def test_a_change_is_seen_after_the_turn(ways: Ways) -> None:
    asked = request(ResolveRequest(b"88.118.8/CHANGING"))
    for text in (b"first", b"second"):
        ways.put(record_of(b"88.118.8/CHANGING", [Value(1, "URL", text)], NOW))
        answer = ways.short(asked)
        assert answer is not None
        assert text in answer


def test_a_record_expires_while_the_node_runs(ways: Ways) -> None:
    ways.put(record_of(b"88.118.8/SOON", [Value(1, "URL", b"u")], NOW, expires_at=NOW + 200))
    asked = request(ResolveRequest(b"88.118.8/SOON"))
    assert ways.short(asked) is not None
    before, ways.now = ways.now, float(NOW + 200)
    try:
        assert ways.short(asked) is None  # however long nothing was asked before
    finally:
        ways.now = before


def test_each_answer_counts_for_its_prefix(ways: Ways) -> None:
    ways.hot.settle()
    ways.tally.take()
    for _ in range(3):
        ways.short(request(ResolveRequest(b"88.118.8/A-1")))
    ways.hot.settle()
    assert ways.tally.take() == {b"88.118.8": 3}


@pytest.mark.parametrize("seed", range(3))
def test_any_bytes_are_answered_alike_or_left_to_the_long_way(ways: Ways, seed: int) -> None:
    chance = random.Random(seed)
    good = request(ResolveRequest(b"88.118.8/A-1")).to_wire()
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        changed = bytes(data)[: chance.choice([len(data), chance.randrange(60, len(data) + 1)])]
        short = ways.hot.answer(changed, 0, len(changed))
        ways.hot.release()
        if short is not None:
            assert short == ways.front.answer(changed, Channel("tcp", "192.0.2.1"))
