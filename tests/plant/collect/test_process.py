"""The process as the supervisor runs it: orders, killed twenty times, ended cleanly."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.plant.collect.mosquitto import Mosquitto, free_port
from tests.plant.collect.plain_mqtt import PlainClient
from tests.plant.collect.running import count, eventually, stored, told
from tests.plant.collect.sites import MAPPING, OIL

from ballast.plant.collect import COMMAND_MODULE, CollectorOrders
from ballast.plant.spool.events import EventKind
from ballast.plant.spool.live import read_live
from ballast.plant.wire.state import decode_state

KILLS, WINDOW, SEED = 20, 100, 20261123
START = 1_790_000_000_000


def started(orders: CollectorOrders) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", COMMAND_MODULE], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(orders.line().encode() + b"\n")
    process.stdin.flush()
    return process


@contextmanager
def running(orders: CollectorOrders) -> Iterator[subprocess.Popen[bytes]]:
    process = started(orders)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stderr):
            if pipe is not None:
                pipe.close()


class Machine(threading.Thread):
    """A machine that publishes at QoS 1 and counts what the broker has taken over."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._client = PlainClient(port, "press")
        self._enough = threading.Event()
        self.acknowledged = 0

    def run(self) -> None:
        number = 0
        while not self._enough.is_set():
            for _ in range(WINDOW):
                payload = {"at": START + number, "oil": {"temp": number}}
                self._client.publish("shop/press", json.dumps(payload).encode(), qos=1)
                number += 1
            self.acknowledged += self._client.drain_acknowledgements(WINDOW)
            time.sleep(0.02)
        self._client.close()

    def end(self) -> int:
        self._enough.set()
        self.join(10)
        return self.acknowledged


def test_killed_twenty_times_every_acknowledged_sample_is_stored_once(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    orders = CollectorOrders(
        str(tmp_path), "en", MAPPING, broker_host="127.0.0.1", broker_port=mosquitto.port
    )
    spool, rng = tmp_path / "plant" / "spool", random.Random(SEED)
    with running(orders):
        eventually(lambda: (live := read_live(spool)) and live.status.connected_since)
    machine = Machine(mosquitto.port)
    machine.start()
    for _ in range(KILLS):
        with running(orders) as process:
            before = count(spool)
            eventually(lambda low=before: count(spool) > low)  # type: ignore[misc]
            time.sleep(rng.random() * 0.1)
            process.send_signal(signal.SIGKILL)
    published = machine.end()
    with running(orders) as process:
        eventually(lambda: count(spool) >= published)
        time.sleep(0.3)  # a redelivery too many would come now
        process.terminate()
        assert process.wait(10) == 0
    times = Counter(row[1] - START for row in stored(spool))
    assert published > KILLS * WINDOW
    assert times == Counter(range(published))
    assert all(row[3] == row[1] - START for row in stored(spool) if row[0] == OIL)


def test_asked_to_end_it_goes_offline_before_it_disconnects(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    orders = CollectorOrders(str(tmp_path), "en", broker_host="127.0.0.1",
                             broker_port=mosquitto.port)  # fmt: skip
    watcher = PlainClient(mosquitto.port, "watcher")
    watcher.subscribe("spBv1.0/STATE/ballast")
    with running(orders) as process:
        born = decode_state(watcher.heard().payload)
        assert born.online
        process.terminate()
        gone = watcher.heard()
        assert process.wait(10) == 0
    state = decode_state(gone.payload)
    assert not state.online
    assert state.timestamp is not None
    assert born.timestamp is not None
    assert state.timestamp > born.timestamp
    assert list(watcher.all_heard(0.5)) == []  # and no will after it
    assert told(tmp_path / "plant" / "spool", EventKind.STOPPED) != []
    watcher.close()


def test_killed_its_will_says_that_it_is_gone(mosquitto: Mosquitto, tmp_path: Path) -> None:
    orders = CollectorOrders(str(tmp_path), "en", broker_host="127.0.0.1",
                             broker_port=mosquitto.port)  # fmt: skip
    watcher = PlainClient(mosquitto.port, "watcher")
    watcher.subscribe("spBv1.0/STATE/ballast")
    with running(orders) as process:
        born = decode_state(watcher.heard().payload)
        process.kill()
        will = decode_state(watcher.heard().payload)
    assert (born.online, will.online) == (True, False)
    assert will.timestamp == born.timestamp  # the same T in will and birth
    watcher.close()


def test_without_its_supervisor_it_ends(mosquitto: Mosquitto, tmp_path: Path) -> None:
    orders = CollectorOrders(str(tmp_path), "en", broker_host="127.0.0.1",
                             broker_port=mosquitto.port)  # fmt: skip
    with running(orders) as process:
        eventually(lambda: read_live(tmp_path / "plant" / "spool"))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def test_what_cannot_be_begun_is_one_line_and_is_not_tried_again(tmp_path: Path) -> None:
    with running(CollectorOrders(str(tmp_path), "en")) as process:
        _, said = process.communicate(timeout=20)
    assert process.returncode == 78
    assert said.decode().splitlines() == [
        "no broker is named; give its address, or a table [broker] in the mapping"
    ]


def test_a_broker_that_is_not_there_is_waited_for_and_told_of_once(tmp_path: Path) -> None:
    port = free_port()
    orders = CollectorOrders(str(tmp_path), "en", broker_host="127.0.0.1", broker_port=port)
    with running(orders) as process:
        eventually(lambda: (live := read_live(tmp_path / "plant" / "spool"))
                   and live.status.last_fault)  # fmt: skip
        time.sleep(1.5)
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert len(said.decode().splitlines()) == 1
    assert f"mqtt://127.0.0.1:{port}" in said.decode()
    lost = told(tmp_path / "plant" / "spool", EventKind.BROKER_LOST)
    assert [one.source for one in lost] == [f"mqtt://127.0.0.1:{port} (Sparkplug)"]
