"""The audit trail: whatever is done to it afterwards shows, as far as it promises to."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.node.registry import audit
from ballast.node.registry.audit import AuditEntry, audit_head, entries, note, verify
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.words import say

COUNT = 6


@dataclass
class Trail:
    """What ``verify`` reads of a store, kept where a test can tamper with it."""

    held: dict[int, bytes] = field(default_factory=dict)
    named: dict[str, bytes] = field(default_factory=dict)

    def audit_entries(self, after: int = 0, limit: int = 1000) -> list[tuple[int, bytes]]:
        return [(n, self.held[n]) for n in sorted(self.held) if n > after][:limit]

    def audit_last(self) -> tuple[int, bytes] | None:
        return max(self.held.items()) if self.held else None

    def meta(self, name: str) -> bytes | None:
        return self.named.get(name)


def checked(trail: Trail) -> audit.Verified:
    return verify(trail)  # type: ignore[arg-type]  # the three methods that it reads


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LmdbStore]:
    with LmdbStore.open(tmp_path / "registry", map_bytes=1 << 24) as opened:
        yield opened


def fill(store: LmdbStore, count: int = COUNT) -> None:
    with store.write() as transaction:
        for number in range(1, count + 1):
            at = 1_800_000_000_000 + number
            note(transaction, at=at, action="create", subject=f"a/{number}", outcome=1)


@pytest.fixture
def trail(store: LmdbStore) -> Trail:
    fill(store)
    with store.snapshot() as snapshot:
        head = snapshot.meta("audit-head")
        assert head is not None
        return Trail(dict(snapshot.audit_entries(0, 1000)), {"audit-head": head})


def test_an_empty_trail_is_sound(store: LmdbStore) -> None:
    with store.snapshot() as snapshot:
        assert verify(snapshot).sound
        assert audit_head(snapshot).count == 0


def test_what_was_noted_is_read_back_and_sound(store: LmdbStore) -> None:
    with store.write() as transaction:
        number = note(
            transaction, at=5, action="delete", subject="a/b", outcome=401,
            actor="300:0.NA/a", address="192.0.2.1", channel="tcp", detail="no right",
        )  # fmt: skip
    with store.snapshot() as snapshot:
        (entry,) = entries(snapshot)
        found = verify(snapshot)
    assert entry == AuditEntry(
        number, 5, "300:0.NA/a", "192.0.2.1", "tcp", "delete", "a/b", 401, "no right", audit.GENESIS
    )
    assert found.sound
    assert found.count == 1


def test_a_long_trail_is_sound_over_all_its_pages(
    store: LmdbStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_PAGE", 3)
    fill(store, 11)
    with store.snapshot() as snapshot:
        found = verify(snapshot)
        head = audit_head(snapshot)
    assert (found.count, found.sound) == (11, True)
    assert head.digest == found.head


def test_an_entry_goes_with_the_change_it_records(store: LmdbStore) -> None:
    fill(store, 1)

    def fails_after_noting() -> None:
        with store.write() as transaction:
            note(transaction, at=1, action="create", subject="a/b", outcome=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_after_noting()
    with store.snapshot() as snapshot:
        assert verify(snapshot).count == 1
        assert verify(snapshot).sound


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_every_byte_of_every_entry_is_covered(trail: Trail, number: int) -> None:
    whole = trail.held[number]
    for at in range(len(whole)):
        trail.held[number] = flip(whole, at)
        assert not checked(trail).sound, at
    trail.held[number] = whole
    assert checked(trail).sound


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_a_removed_entry_is_missed(trail: Trail, number: int) -> None:
    del trail.held[number]
    found = checked(trail)
    assert found.faults
    assert found.faults[0].template in (audit.MISSING, audit.CUT)


@given(st.permutations(range(1, COUNT + 1)))
def test_entries_in_another_order_are_noticed(order: list[int]) -> None:
    whole = written(COUNT)
    shuffled = Trail({n: whole.held[o] for n, o in enumerate(order, 1)}, dict(whole.named))
    assert checked(shuffled).sound is (order == list(range(1, COUNT + 1)))


def written(count: int) -> Trail:
    """A trail as ``note`` writes it, without a store."""
    trail = Trail()

    class Writing:
        meta = trail.meta

        def append_audit(self, entry: bytes) -> int:
            trail.held[len(trail.held) + 1] = entry
            return len(trail.held)

        def put_meta(self, name: str, value: bytes) -> None:
            trail.named[name] = value

    for number in range(1, count + 1):
        note(Writing(), at=number, action="create", subject="a/b", outcome=1)  # type: ignore[arg-type]
    return trail


@pytest.mark.parametrize("cut", range(1, COUNT + 1))
def test_a_trail_cut_at_its_end_is_noticed_while_the_note_of_its_end_stands(
    trail: Trail, cut: int
) -> None:
    for number in range(COUNT - cut + 1, COUNT + 1):
        del trail.held[number]
    (fault,) = checked(trail).faults
    assert (fault.template, fault.number, fault.other) == (audit.CUT, COUNT - cut, COUNT)


def test_entries_put_in_at_the_end_are_noticed(trail: Trail) -> None:
    last = msgspec.msgpack.decode(trail.held[COUNT], type=AuditEntry)
    trail.held[COUNT + 1] = msgspec.msgpack.encode(msgspec.structs.replace(last, number=COUNT + 1))
    assert {fault.template for fault in checked(trail).faults} == {audit.BROKEN, audit.UNNOTED}


@pytest.mark.parametrize("head", [None, b"", b"nonsense", msgspec.msgpack.encode([3, "x"])])
def test_a_damaged_or_missing_note_of_the_end_is_noticed(trail: Trail, head: bytes | None) -> None:
    del trail.named["audit-head"]
    if head is not None:
        trail.named["audit-head"] = head
    assert [fault.template for fault in checked(trail).faults] == [audit.HEAD_LOST]


def test_bytes_that_are_no_entry_are_noticed_and_left_out(trail: Trail) -> None:
    trail.held[2] = b"\xc1"
    assert audit.CHANGED in {fault.template for fault in checked(trail).faults}
    assert [e.number for e in entries(trail)] == [1, 3, 4, 5, 6]  # type: ignore[arg-type]


def test_a_wholly_broken_trail_is_told_in_a_hundred_faults(trail: Trail) -> None:
    trail.held = {n: struct.pack(">Q", n) for n in range(1, 1000)}
    assert len(checked(trail).faults) == 100


def test_texts_of_any_length_are_noted_cut(store: LmdbStore) -> None:
    with store.write() as transaction:
        note(transaction, at=1, action="a", subject="s" * 100_000, outcome=1)
    with store.snapshot() as snapshot:
        assert len(entries(snapshot)[0].subject) == 4096


@pytest.mark.parametrize("spoil", [lambda t: t.held.pop(1), lambda t: t.named.clear()])
def test_every_fault_can_be_said_in_both_languages(
    trail: Trail, spoil: Callable[[Trail], object]
) -> None:
    spoil(trail)
    for fault in checked(trail).faults:
        said = {
            say(fault.template, language, number=fault.number, other=fault.other)
            for language in ("zh", "en")
        }
        assert len(said) == 2
