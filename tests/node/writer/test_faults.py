"""Kills, a full disk, two clients with one key, hostile clients: the writer's promises hold."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ballast.errors import BallastError, Refused
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import record_key
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import CreateHandle
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Value
from ballast.node.writer.client import WriterClient
from ballast.node.writer.frames import MAX_FRAME_BYTES, Kind, frame
from ballast.node.writer.local import RemoteWriter, connect
from ballast.node.writer.socket_path import SOCKET_NAME

from .conftest import found
from .loads import codes, line, lines, pieces, results

Start = Callable[[], "subprocess.Popen[bytes]"]
VALUE = Value(1, "URL", b"https://example.cn").to_wire()


def create(handle: str) -> CreateHandle:
    return CreateHandle(handle.encode(), VALUE, 1)


def path_of(home: Path) -> Path:
    return home / "node" / SOCKET_NAME


def stored(home: Path) -> tuple[int, list[str]]:
    """Return how many records stand under the prefix, and the handles of all events."""
    with (
        LmdbStore.open(home / "node" / "registry", readonly=True) as store,
        store.snapshot() as snapshot,
    ):
        events = snapshot.outbox(0, 1_000_000)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        return snapshot.count(b"88.118.8"), [event.handle for event in events]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_load_over_killed_writers_ends_as_an_undisturbed_one(
    home: Path, start_writer: Start, seed: int
) -> None:
    rng = random.Random(seed)
    count = 60_000
    bad = sorted(rng.sample(range(count), 50))
    parts = [line(f"88.118.8/M-{n:07d}") for n in range(count)]
    for n in bad:
        parts[n] = b"{not json\n" if n % 2 or not n else parts[n - 1]
    load = b"".join(parts)
    expected = None
    acknowledged: set[int] = set()
    kills = 0
    for _ in range(20):
        process = start_writer()
        # Early, between two answers, or a moment after one; then it may end undisturbed.
        pieces_heard = rng.randint(0, 4) if kills < 7 else count
        moment = rng.choice([0, rng.uniform(0, 0.02), rng.uniform(0, 0.1)])
        answers: list[bytes] = []
        with suppress(BallastError), RemoteWriter(path_of(home)) as writer:
            timer = threading.Timer(moment, process.kill)
            if not pieces_heard:
                timer.start()
            for piece in writer.bulk(pieces(load, 50_000), OPERATOR, key="k"):
                answers.append(piece)
                if len(answers) == pieces_heard:
                    timer.start()
            timer.cancel()
        told = results(answers)
        ended = bool(told) and told[-1]["line"] == 0
        told = told[:-1] if ended else told
        # What was acknowledged before this kill or an earlier one is there.
        kills += process.poll() == -signal.SIGKILL
        process.kill()
        process.wait()
        acknowledged |= {one["line"] for one in told if one["code"] == 1}
        with (
            LmdbStore.open(home / "node" / "registry", readonly=True) as store,
            store.snapshot() as snapshot,
        ):
            for number in acknowledged:
                assert snapshot.record(record_key(b"88.118.8/m-%07d" % (number - 1)))
        if len(told) == count:
            expected = told
            break
    assert expected is not None, "the load never came to its end"
    assert kills >= 7
    assert [one["line"] for one in expected] == list(range(1, count + 1))
    wrong = {one["line"]: one["code"] for one in expected if one["code"] != 1}
    assert wrong == {n + 1: 4 if n % 2 or not n else 101 for n in bad}
    total, handles = stored(home)
    assert total == count - len(bad)
    assert sorted(handles) == sorted(f"88.118.8/M-{n:07d}" for n in set(range(count)) - set(bad))


def test_single_registrations_that_were_acknowledged_survive_a_kill(
    home: Path, start_writer: Start
) -> None:
    process = start_writer()

    async def register() -> list[str]:
        client = WriterClient(path_of(home))
        done: list[str] = []

        async def one(number: int) -> None:
            for turn in range(1000):
                handle = f"88.118.8/{number}-{turn}"
                if not (await client.apply(create(handle), OPERATOR)).ok:
                    return
                done.append(handle)

        asyncio.get_running_loop().call_later(0.4, process.kill)
        await asyncio.gather(*(one(number) for number in range(32)))
        await client.close()
        return done

    done = asyncio.run(register())
    process.wait()
    total, handles = stored(home)
    assert len(done) > 32
    assert set(done) <= set(handles)
    assert len(done) <= total <= len(done) + 32


def test_a_client_finds_the_writer_again_after_it_was_started_anew(
    home: Path, start_writer: Start
) -> None:
    async def talk() -> None:
        client = WriterClient(path_of(home))
        away = await client.apply(create("88.118.8/A"), OPERATOR)
        assert (away.code, away.message) == (
            ResponseCode.SERVER_BUSY, "the node's writer does not run; try again shortly",
        )  # fmt: skip
        for handle in ("88.118.8/A", "88.118.8/B"):
            process = start_writer()
            assert (await client.apply(create(handle), OPERATOR)).ok
            process.kill()
            process.wait()
            await asyncio.sleep(0.05)
        await client.close()

    asyncio.run(talk())


def test_two_clients_with_one_key_register_everything_once(home: Path, start_writer: Start) -> None:
    start_writer()
    load = lines(0, 20_000)
    refused: list[str] = []

    async def one() -> list[bytes]:
        client = WriterClient(path_of(home))

        async def send() -> AsyncIterator[bytes]:
            for piece in pieces(load, 100_000):
                yield piece
                await asyncio.sleep(0)

        try:
            while True:
                try:
                    return [p async for p in client.bulk(send(), OPERATOR, key="k")]
                except Refused as error:
                    refused.append(str(error))
                    await asyncio.sleep(0.02)
        finally:
            await client.close()

    async def both() -> tuple[list[bytes], list[bytes]]:
        return await asyncio.gather(one(), one())

    first, second = asyncio.run(both())
    assert set(refused) == {
        "a load under this idempotency key is under way; wait until it has ended"
    }
    assert results(first) == results(second)
    assert codes(first) == [(n, 1) for n in range(1, 20_001)]
    assert stored(home)[0] == 20_000
    assert len(stored(home)[1]) == 20_000


def test_a_key_is_free_again_when_its_client_is_gone(home: Path, start_writer: Start) -> None:
    start_writer()
    load = lines(0, 9000)

    async def break_off() -> None:
        client = WriterClient(path_of(home))

        async def send() -> AsyncIterator[bytes]:
            yield load[: len(load) // 2]
            await asyncio.sleep(60)

        answers = client.bulk(send(), OPERATOR, key="k")
        await anext(answers)
        await client.close()  # in the middle of everything
        await answers.aclose()

    asyncio.run(break_off())
    with connect(home) as writer:
        for _ in range(100):
            try:
                assert codes(writer.bulk([load], OPERATOR, key="k")) == [
                    (n, 1) for n in range(1, 9001)
                ]
                break
            except Refused:
                time.sleep(0.05)
    assert stored(home)[0] == 9000


def hostile(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(10)
    made.connect(str(path))
    return made


@pytest.mark.parametrize(
    "sent",
    [
        os.urandom(4096),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        struct.pack(">IIB", MAX_FRAME_BYTES + 1, 1, 1),
        struct.pack(">IIB", 0, 1, 1),
        frame(1, Kind.APPLY, b"\xc1garbage"),
        frame(1, Kind.BLOCK, b"\x93\x01\x02\x03"),
        frame(1, Kind.VAULT, b"\x91" * 100_000),
    ],
)
def test_garbage_ends_its_own_connection_alone(
    home: Path, start_writer: Start, sent: bytes
) -> None:
    process = start_writer()
    with hostile(path_of(home)) as strange, suppress(OSError):
        strange.sendall(sent)
        strange.shutdown(socket.SHUT_WR)
        while strange.recv(65536):
            pass
    with connect(home) as writer:
        assert isinstance(writer, RemoteWriter)
        assert writer.apply(create("88.118.8/A"), OPERATOR).ok
    assert process.poll() is None


def test_unfinished_frames_and_unread_answers_hold_nobody_up(
    home: Path, start_writer: Start
) -> None:
    process = start_writer()
    slow = [hostile(path_of(home)) for _ in range(20)]
    for one in slow[:10]:
        one.sendall(struct.pack(">IIB", MAX_FRAME_BYTES, 1, Kind.BLOCK) + bytes(1000))
    deaf = slow[10]
    deaf.settimeout(0.5)
    asked = frame(1, Kind.STATISTICS, b"") * 20_000
    with suppress(TimeoutError):
        for _ in range(100):  # never reads: the writer must stop listening to it
            deaf.sendall(asked)
    with connect(home) as writer:
        begun = time.monotonic()
        for n in range(20):
            assert writer.apply(create(f"88.118.8/{n}"), OPERATOR).ok
        assert time.monotonic() - begun < 10
    resident = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096
    assert resident < 200 << 20
    for one in slow:
        one.close()


def test_an_unknown_kind_is_answered_and_the_connection_goes_on(
    home: Path, start_writer: Start
) -> None:
    start_writer()
    with hostile(path_of(home)) as strange:
        strange.sendall(frame(9, 77, b"") + frame(10, Kind.STATISTICS, b""))
        heard = b""
        while heard.count(b"connections") < 1:
            heard += strange.recv(65536)
        length, number, kind = struct.unpack_from(">IIB", heard)
        assert (number, kind) == (9, Kind.FAILED)
        assert b"another version" in heard[9 : 4 + length]


def test_a_writer_that_is_told_to_end_writes_what_was_ordered(
    home: Path, start_writer: Start
) -> None:
    process = start_writer()

    async def order() -> list[Any]:
        client = WriterClient(path_of(home))
        orders = [
            asyncio.create_task(client.apply(create(f"88.118.8/{n}"), OPERATOR)) for n in range(300)
        ]
        await orders[0]
        process.terminate()
        done = await asyncio.gather(*orders)
        await client.close()
        return done

    answers = asyncio.run(order())
    assert process.wait(20) == 0
    assert not path_of(home).exists()
    done = sum(answer.ok for answer in answers)
    assert done >= 1
    assert stored(home)[0] >= done


def test_the_writer_ends_with_the_one_that_started_it(home: Path, start_writer: Start) -> None:
    process = start_writer()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(20) == 0


def test_a_second_writer_is_turned_away_in_one_line(home: Path, start_writer: Start) -> None:
    start_writer()
    second = subprocess.run(
        [sys.executable, "-m", "ballast.node.writer.process"],
        input=b'{"home": "%s", "language": "en", "lock_seconds": 0.2}\n' % os.fsencode(home),
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert second.stderr.count(b"\n") == 1
    assert b"another program writes this registry" in second.stderr


@pytest.fixture
def small_home(tmp_path: Path) -> Iterator[Path]:
    """Return a home on a disk of 24 MiB, where one can be mounted."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(small)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here: that takes root")
    found(small)
    yield small
    subprocess.run(["umount", "-l", str(small)], check=False)


def test_a_full_disk_ends_the_load_with_a_reason_and_space_heals(small_home: Path) -> None:
    ballast = small_home / "ballast"
    ballast.write_bytes(bytes(20 << 20))
    process = subprocess.Popen(
        [sys.executable, "-m", "ballast.node.writer.process"],
        stdin=subprocess.PIPE,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(b'{"home": "%s", "language": "en"}\n' % os.fsencode(small_home))
        process.stdin.flush()
        while not path_of(small_home).exists():
            time.sleep(0.02)
        load = lines(0, 40_000)
        with connect(small_home) as writer:
            told = results(writer.bulk(pieces(load, 50_000), OPERATOR, key="k"))
            assert told[-1]["line"] == 0
            assert "the disk is full" in told[-1]["message"]
            assert 0 < len(told) - 1 < 40_000
            done = stored(small_home)[0]
            assert done >= len(told) - 1
            full = writer.apply(create("88.118.8/X" + "x" * 1000), OPERATOR)
            ballast.unlink()
            assert full.ok or "the disk is full" in full.message
            told = results(writer.bulk(pieces(load, 50_000), OPERATOR, key="k"))
            assert [(one["line"], one["code"]) for one in told] == [
                (n, 1) for n in range(1, 40_001)
            ]
    finally:
        process.stdin.close()
        process.wait(20)
