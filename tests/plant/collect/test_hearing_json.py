"""JSON topics over a real broker: what was acknowledged is stored, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest
from tests.plant.collect.mosquitto import Mosquitto
from tests.plant.collect.plain_mqtt import PlainClient
from tests.plant.collect.running import collecting, count, eventually, stored, told
from tests.plant.collect.sites import OIL, PLAIN, STROKES, site

from ballast.plant.spool.events import EventKind

START = 1_790_000_000_000


def press(at: int, oil: float) -> bytes:
    return json.dumps({"at": at, "oil": {"temp": oil}, "n": at - START}).encode()


@pytest.mark.parametrize("version", [4, 5])
def test_a_message_becomes_samples_and_is_acknowledged(
    mosquitto: Mosquitto, spool_folder: Path, version: Literal[4, 5]
) -> None:
    with collecting(spool_folder, mosquitto.port, site(), version=version):
        machine = PlainClient(mosquitto.port, "press")
        machine.publish_surely("shop/press", press(START, 41.5))
        machine.publish_surely("shop/mode", b"RUN")
        eventually(lambda: count(spool_folder) == 3)
        machine.close()
    rows = {row[0]: row for row in stored(spool_folder)}
    assert rows[OIL] == (OIL, START, 0, 41.5, None)
    assert rows[STROKES][3] == 0
    assert rows[PLAIN][4] == "RUN"


@pytest.mark.parametrize("version", [4, 5])
def test_what_comes_while_nobody_hears_is_kept_by_the_broker_and_stored_later(
    mosquitto: Mosquitto, spool_folder: Path, version: Literal[4, 5]
) -> None:
    with collecting(spool_folder, mosquitto.port, site(), version=version):
        pass  # the session is known now
    machine = PlainClient(mosquitto.port, "press")
    for step in range(500):
        machine.publish_surely("shop/press", press(START + step, step))
    machine.close()
    with collecting(spool_folder, mosquitto.port, site(), version=version):
        eventually(lambda: count(spool_folder) == 1000)
    assert sorted(row[1] for row in stored(spool_folder) if row[0] == OIL) == [
        START + step for step in range(500)
    ]


def test_a_broker_that_is_restarted_loses_nothing_and_is_told_of(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    with collecting(spool_folder, mosquitto.port, site()) as running:
        machine = PlainClient(mosquitto.port, "press")
        for step in range(100):
            machine.publish_surely("shop/press", press(START + step, step))
        machine.close()
        mosquitto.stop()
        eventually(lambda: not running.connected())
        mosquitto.start()
        machine = PlainClient(mosquitto.port, "press")
        for step in range(100, 200):
            machine.publish_surely("shop/press", press(START + step, step))
        machine.close()
        eventually(lambda: count(spool_folder) == 400)
    times = sorted(row[1] for row in stored(spool_folder) if row[0] == OIL)
    assert times == [START + step for step in range(200)]
    json_side = [one for one in told(spool_folder) if one.source.endswith("(JSON)")]
    kinds = [one.kind for one in json_side]
    assert kinds.count(EventKind.BROKER_LOST) == kinds.count(EventKind.BROKER_BACK) == 1
    back = next(one for one in json_side if one.kind is EventKind.BROKER_BACK)
    assert back.until is not None
    assert back.since < back.until


def test_a_retained_message_without_a_time_is_not_stored_as_if_it_were_new(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    machine = PlainClient(mosquitto.port, "press")
    machine.publish("shop/mode", b"OLD", retain=True)
    machine.publish("shop/press", press(START, 40.0), retain=True)
    machine.publish_surely("other", b"")
    with collecting(spool_folder, mosquitto.port, site()):
        eventually(lambda: count(spool_folder) == 2)
        machine.publish_surely("shop/mode", b"NEW")
        eventually(lambda: count(spool_folder) == 3)
    assert [row[4] for row in stored(spool_folder) if row[0] == PLAIN] == ["NEW"]
    assert [one.count for one in told(spool_folder, EventKind.DOUBT)] == [1]
    machine.close()


def test_bytes_of_anybody_are_counted_and_change_nothing(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    hostile = [b"\xff\xfe", b"{", b"[" * 5000, b'{"at": "nonsense", "n": 1}', b'{"other": 1}',
               b"null", b'{"at": 1e400, "n": 1e400}', b'"' + b"\\u0000" * 20 + b'"']  # fmt: skip
    with collecting(spool_folder, mosquitto.port, site()) as running:
        machine = PlainClient(mosquitto.port, "press")
        for payload in hostile:
            machine.publish_surely("shop/press", payload)
            machine.publish_surely("shop/mode", payload)
        machine.publish_surely("shop/press", press(START, 41.5))
        eventually(lambda: any(row[0] == OIL for row in stored(spool_folder)))
        machine.close()
        assert running.failed is None
    assert sum(one.count for one in told(spool_folder, EventKind.UNREADABLE)) >= 6
