"""Bulk loads: every line answered in its order, a load sent again goes on where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.node.registry.audit import entries
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import record_key, unpack_record
from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller
from ballast.node.wire.value import Reference
from ballast.node.writer import bulk
from ballast.node.writer.blocks import Block, Outcome
from ballast.node.writer.local import LocalWriter

from .conftest import MAP_BYTES, found
from .loads import codes, line, lines, pieces, results

NOW = 1_800_000_000.5


@pytest.fixture
def writer(store: LmdbStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalWriter]:
    monkeypatch.setattr(bulk, "BLOCK_LINES", 10)
    with LocalWriter(store, clock=lambda: NOW) as opened:
        yield opened


def total(writer: LocalWriter, prefix: bytes = b"88.118.8") -> int:
    with writer.store.snapshot() as snapshot:
        return snapshot.count(prefix)


def test_every_line_is_answered_in_its_order_and_registered(writer: LocalWriter) -> None:
    answers = results(writer.bulk(pieces(lines(0, 95), 777), OPERATOR))
    assert [one["line"] for one in answers] == list(range(1, 96))
    assert {one["code"] for one in answers} == {1}
    assert answers[94]["handle"] == "88.118.8/M-0000094"
    assert total(writer) == 95
    with writer.store.snapshot() as snapshot:
        key = record_key(b"88.118.8/m-0000094")
        record = unpack_record(key, snapshot.record(key) or b"")
        assert record.handle == b"88.118.8/M-0000094"
        assert record.values()[0].data == b"https://example.cn"
        events = snapshot.outbox()
        assert [event.seq for event in events] == list(range(1, 96))
        assert events[94].handle == "88.118.8/M-0000094"
        assert events[0].prefix == "88.118.8"
        assert [entry.action for entry in entries(snapshot)] == ["CreateBlock"] * 10


def test_what_exists_is_refused_line_by_line(writer: LocalWriter) -> None:
    list(writer.bulk(pieces(lines(5, 8)), OPERATOR))
    answers = results(writer.bulk(pieces(lines(0, 12)), OPERATOR))
    assert [one["line"] for one in answers if one["code"] == 101] == [6, 7, 8]
    assert "88.118.8/M-0000006" in answers[6]["message"]
    assert total(writer) == 12
    with writer.store.snapshot() as snapshot:
        assert len(snapshot.outbox()) == 12


def test_of_doubles_in_one_block_the_first_counts(writer: LocalWriter) -> None:
    load = line("88.118.8/A", "first") + line("88.118.8/B") + line("88.118.8/a", "second")
    assert codes(writer.bulk([load], OPERATOR)) == [(1, 1), (2, 1), (3, 101)]
    with writer.store.snapshot() as snapshot:
        record = unpack_record(b"88.118.8/a", snapshot.record(b"88.118.8/a") or b"")
        assert record.values()[0].data == b"first"
        assert snapshot.outbox_last() == 2


def test_overwriting_is_done_where_asked_and_allowed(
    writer: LocalWriter, administrator: Caller
) -> None:
    list(writer.bulk([line("88.118.8/A", "before")], OPERATOR))
    load = line("88.118.8/A", "after") + line("88.118.8/B")
    assert codes(writer.bulk([load], administrator)) == [(1, 101), (2, 1)]
    assert codes(writer.bulk([load], administrator, overwrite=True)) == [(1, 1), (2, 1)]
    with writer.store.snapshot() as snapshot:
        record = unpack_record(b"88.118.8/a", snapshot.record(b"88.118.8/a") or b"")
        assert record.values()[0].data == b"after"
        kinds = [event.kind.name for event in snapshot.outbox()]
        assert kinds == ["REGISTERED", "REGISTERED", "CHANGED", "CHANGED"]


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (ANONYMOUS, 402),
        (Caller(Reference("0.NA/88.118.8", 301)), 401),
        (Caller(Reference("88.118.9/ADMIN", 300)), 401),
        (Caller(Reference("0.NA/88.118.8", 300)), 1),
    ],
)
def test_only_administrators_of_a_prefix_load(
    writer: LocalWriter, caller: Caller, code: int
) -> None:
    assert codes(writer.bulk([lines(0, 3)], caller)) == [(1, code), (2, code), (3, code)]
    assert total(writer) == (3 if code == 1 else 0)


def test_rights_and_homes_are_judged_by_prefix(tmp_path: Path) -> None:
    found(tmp_path, "88.118.8", "88.118.9")
    load = b"".join(
        line(handle)
        for handle in ("88.118.8/A", "88.118.9/A", "99.1/A", "88.118.8/B", "0.NA/88.118.10", "x/y")
    )
    with LocalWriter(LmdbStore.open(tmp_path / "node" / "registry", map_bytes=MAP_BYTES)) as writer:
        mine = Caller(Reference("0.NA/88.118.8", 300))
        answers = results(writer.bulk([load], mine, key="k"))
        assert [one["code"] for one in answers] == [1, 401, 301, 1, 5, 301]
        again = results(writer.bulk([load], mine, key="k"))
        assert again == answers
        assert (total(writer), total(writer, b"88.118.9")) == (2, 0)


def test_reasons_are_said_in_the_language_asked_for(writer: LocalWriter) -> None:
    load = lines(0, 1) + b"{\n" + lines(0, 1)
    said = [one["message"] for one in results(writer.bulk([load], OPERATOR, language="zh"))]
    assert said[0] == ""
    assert "此行无法读取" in said[1]
    assert said[2] == "88.118.8/M-0000000：已存在"


def test_a_load_sent_again_is_answered_alike_and_writes_nothing(writer: LocalWriter) -> None:
    load = lines(0, 33) + b"nonsense\n\n" + lines(3, 5) + lines(40, 55)
    first = results(writer.bulk(pieces(load), OPERATOR, key="k"))
    assert [one["line"] for one in first if one["code"] != 1] == [34, 36, 37]
    with writer.store.snapshot() as snapshot:
        before = snapshot.outbox_last(), snapshot.audit_last()
    for size in (1, 17, 100_000):
        assert results(writer.bulk(pieces(load, size), OPERATOR, key="k")) == first
    with writer.store.snapshot() as snapshot:
        assert (snapshot.outbox_last(), snapshot.audit_last()) == before


class _Broken(Exception):
    pass


def broken(data: bytes, after: int) -> Iterator[bytes]:
    for number, piece in enumerate(pieces(data, 300)):
        if number == after:
            raise _Broken
        yield piece


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(breaks=st.lists(st.integers(0, 30), max_size=4))
def test_a_load_that_breaks_off_anywhere_ends_as_an_undisturbed_one(
    writer: LocalWriter, breaks: list[int]
) -> None:
    before = total(writer)
    key = f"load-{before}"
    load = b"".join(
        line(f"88.118.8/{key}-{n:04d}") + (b"bad\n" if n % 13 == 0 else b"") for n in range(90)
    )
    for after in breaks:
        with pytest.raises(_Broken):
            list(writer.bulk(broken(load, after), OPERATOR, key=key))
    answers = codes(writer.bulk(pieces(load), OPERATOR, key=key))
    assert [number for number, _ in answers] == list(range(1, 98))
    assert [number for number, code in answers if code == 1] == [
        number for number, text in enumerate(load.splitlines(), 1) if text != b"bad"
    ]
    assert total(writer) == before + 90


def test_other_lines_under_the_same_key_are_refused(writer: LocalWriter) -> None:
    list(writer.bulk([lines(0, 20)], OPERATOR, key="k"))
    for other in (lines(1, 21), b"", line("88.118.8/Z") + lines(1, 20)):
        with pytest.raises(Refused, match="used for other lines"):
            list(writer.bulk([other], OPERATOR, key="k"))
    assert total(writer) == 20


@pytest.mark.parametrize("other", [lines(0, 25) + lines(60, 75), lines(0, 29)])
def test_lines_that_differ_late_end_the_load_where_they_differ(
    writer: LocalWriter, other: bytes
) -> None:
    list(writer.bulk([lines(0, 40)], OPERATOR, key="k"))
    answers = results(writer.bulk([other], OPERATOR, key="k"))
    assert [one["line"] for one in answers] == [*range(1, 21), 0]
    assert "used for other lines" in answers[-1]["message"]
    assert total(writer) == 40


def test_lines_behind_the_end_of_a_load_need_a_new_key(writer: LocalWriter) -> None:
    list(writer.bulk([lines(0, 20)], OPERATOR, key="k"))
    answers = results(writer.bulk([lines(0, 25)], OPERATOR, key="k"))
    assert [one["line"] for one in answers] == [*range(1, 21), 0]
    assert "ended with line 20" in answers[-1]["message"]
    assert total(writer) == 20


def test_a_key_is_its_callers_own(writer: LocalWriter, administrator: Caller) -> None:
    assert codes(writer.bulk([lines(0, 2)], OPERATOR, key="k")) == [(1, 1), (2, 1)]
    assert codes(writer.bulk([lines(0, 2)], administrator, key="k")) == [(1, 101), (2, 101)]


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_of_no_or_too_many_bytes_is_refused(writer: LocalWriter, key: str) -> None:
    with pytest.raises(Refused, match="1 to 255 bytes"):
        list(writer.bulk([lines(0, 2)], OPERATOR, key=key))


def test_an_empty_load_is_a_load(writer: LocalWriter) -> None:
    assert results(writer.bulk([], OPERATOR)) == []
    for _ in range(2):
        assert results(writer.bulk([b"\n\n"], OPERATOR, key="blank")) == []
        assert results(writer.bulk([], OPERATOR, key="nothing")) == []


def test_a_last_line_needs_no_line_feed(writer: LocalWriter) -> None:
    for _ in range(2):
        assert codes(writer.bulk([lines(0, 3)[:-1]], OPERATOR, key="k")) == [(1, 1), (2, 1), (3, 1)]


def test_a_sender_that_waits_for_its_answers_gets_them(
    writer: LocalWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_IDLE_SECONDS", 0.01)

    async def talk() -> list[bytes]:
        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def send() -> AsyncIterator[bytes]:
            for n in range(3):
                yield lines(n, n + 1)
                # The next line is not sent before this one is answered.
                told.append(await asyncio.wait_for(heard.get(), 10))

        told: list[bytes] = []
        async for piece in bulk.load_lines(writer, send(), OPERATOR, lambda: NOW):
            heard.put_nowait(piece)
        return told

    assert codes(asyncio.run(talk())) == [(1, 1), (2, 1), (3, 1)]


class _BusyAtFirst:
    """A way to the writer that has no room now and then."""

    def __init__(self, writer: LocalWriter) -> None:
        self._writer = writer
        self._asked = 0
        self.lease, self.release, self.refusals = writer.lease, writer.release, writer.refusals

    async def block(self, block: Block, caller: Caller) -> Outcome:
        self._asked += 1
        await asyncio.sleep(0)
        if self._asked in (2, 3, 5):
            return Outcome(3, "busy")
        return await self._writer.block(block, caller)


@pytest.mark.parametrize("key", [None, "k"])
def test_a_busy_writer_is_asked_again_in_order(
    writer: LocalWriter, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_BUSY_AGAIN_SECONDS", 0.001)

    async def load() -> list[bytes]:
        async def send() -> AsyncIterator[bytes]:
            yield lines(0, 60)

        link = _BusyAtFirst(writer)
        return [p async for p in bulk.load_lines(link, send(), OPERATOR, lambda: NOW, key=key)]

    assert codes(asyncio.run(load())) == [(n, 1) for n in range(1, 61)]
    assert total(writer) == 60
