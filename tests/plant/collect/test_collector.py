"""The collector where the disk, the lake or the way to the broker give trouble."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.plant.collect.mosquitto import Mosquitto, certificates
from tests.plant.collect.plain_mqtt import PlainClient
from tests.plant.collect.running import (
    address,
    collecting,
    count,
    eventually,
    stored,
    told,
)
from tests.plant.collect.sites import MAPPING, OIL, site

from ballast.errors import Refused, StorageFailed
from ballast.plant.collect.addressing import address_of, private_text
from ballast.plant.collect.orders import CollectorOrders
from ballast.plant.site import read_site
from ballast.plant.spool.events import EventKind
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.spool import Bounds, Spool
from ballast.plant.wire.state import decode_state

START = 1_790_000_000_000


def press(at: int) -> bytes:
    return json.dumps({"at": at, "oil": {"temp": at - START}}).encode()


def times(folder: Path) -> list[int]:
    return sorted(row[1] - START for row in stored(folder) if row[0] == OIL)


def test_where_the_lake_is_far_behind_nothing_is_acknowledged_until_there_is_room(
    mosquitto: Mosquitto, spool_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bounds = Bounds(waiting_bytes=40_000, segment_bytes=8_192)
    spool = Spool.open(spool_folder, bounds=bounds)
    watcher = PlainClient(mosquitto.port, "watcher")
    watcher.subscribe("spBv1.0/STATE/ballast")
    with collecting(spool_folder, mosquitto.port, site(), spool=spool) as running:
        assert decode_state(watcher.heard().payload).online
        machine = PlainClient(mosquitto.port, "press")
        for step in range(3000):
            machine.publish_surely("shop/press", press(START + step))
        assert not decode_state(watcher.heard().payload).online  # so that edge nodes keep theirs
        held = count(spool_folder)
        assert 0 < held < 3000
        live = running.live()
        assert live is not None
        assert live.status.last_fault is not None
        reader = SpoolReader(spool_folder)

        def shipped_and_all_there() -> bool:
            reader.forget(Stream.SAMPLES, reader.last(Stream.SAMPLES))
            reader.forget(Stream.EVENTS, reader.last(Stream.EVENTS))
            seen.update(times(spool_folder))
            return count(spool_folder) >= 3000

        seen = set(times(spool_folder))
        eventually(shipped_and_all_there, 40)
        assert decode_state(watcher.heard().payload).online
        machine.close()
    watcher.close()
    assert count(spool_folder) == 3000  # none twice
    lines = [line for line in capfd.readouterr().err.splitlines() if "wait for the lake" in line]
    assert len(lines) >= 1
    assert len(lines) < 10


def test_a_machine_that_speaks_now_and_then_has_a_rate_all_the_time(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    with collecting(spool_folder, mosquitto.port, site()) as running:

        def rates() -> tuple[float, float]:
            live = running.live()
            assert live is not None
            return live.status.messages_per_second, live.status.samples_per_second

        machine = PlainClient(mosquitto.port, "press")
        for step in range(20):
            machine.publish_surely("shop/press", press(START + step))
        eventually(lambda: min(rates()) > 0, 10)
        seen = []
        for _ in range(15):
            time.sleep(0.2)
            seen.append(min(rates()))
        machine.close()
    assert min(seen) > 0
    assert max(seen) <= 20.0


def test_a_disk_that_fails_for_a_while_holds_back_the_acknowledgements(
    mosquitto: Mosquitto, spool_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool.open(spool_folder)
    commit, full = spool.commit, False

    def sometimes() -> object:
        if full:
            raise StorageFailed("{path}: the disk is full; nothing more is acknowledged. Free some "
                                "space, and the collector goes on by itself", path="x")  # fmt: skip
        return commit()

    monkeypatch.setattr(spool, "commit", sometimes)
    with collecting(spool_folder, mosquitto.port, site(), spool=spool) as running:
        machine = PlainClient(mosquitto.port, "press")
        machine.publish_surely("shop/press", press(START))
        eventually(lambda: count(spool_folder) == 1)
        full = True
        for step in range(1, 400):
            machine.publish_surely("shop/press", press(START + step))
        eventually(lambda: (live := running.live()) and live.status.last_fault)
        assert count(spool_folder) == 1
        full = False
        eventually(lambda: count(spool_folder) == 400)
        machine.close()
    assert times(spool_folder) == list(range(400))
    full_events = told(spool_folder, EventKind.SPOOL_FULL)
    assert [one.until is None for one in full_events] == [True, False]


def test_a_fault_of_the_program_ends_the_collector_instead_of_losing_in_silence(
    mosquitto: Mosquitto, spool_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object, **__: object) -> int:
        raise RuntimeError("a mistake")

    def collect() -> None:
        with collecting(spool_folder, mosquitto.port, site()) as running:
            assert running.collector is not None
            monkeypatch.setattr(running.collector.pipeline, "json", wrong)
            machine = PlainClient(mosquitto.port, "press")
            machine.publish_surely("shop/press", press(START))
            eventually(lambda: running.failed)
            machine.close()

    with pytest.raises(ExceptionGroup) as raised:
        collect()
    assert "a mistake" in str(raised.value.exceptions)
    monkeypatch.undo()
    with collecting(spool_folder, mosquitto.port, site()):
        eventually(lambda: count(spool_folder) == 1)  # it had not been acknowledged


def test_over_tls_with_a_password_and_not_with_a_wrong_one(tmp_path: Path) -> None:
    folder, home = tmp_path / "broker", tmp_path / "home"
    folder.mkdir()
    (home / "plant").mkdir(parents=True)
    authority, certificate, key = certificates(folder)
    passwords = folder / "passwords"
    # mosquitto reads its own hash; made here for user "shop", password "valve-7": PBKDF2-SHA512.
    passwords.write_text(hashed("shop", "valve-7"), encoding="utf-8")
    lines = (f"cafile {authority}", f"certfile {certificate}", f"keyfile {key}",
             f"password_file {passwords}")  # fmt: skip
    broker = Mosquitto(folder, lines, anonymous=False)
    broker.start()
    secret = home / "plant" / "secret"
    secret.write_text("valve-7\n", encoding="utf-8")
    secret.chmod(0o600)
    mapping = (
        MAPPING
        + f"""
[broker]
host = "127.0.0.1"
port = {broker.port}
tls = true
ca_file = "{authority}"
user = "shop"
password_file = "secret"
"""
    )
    orders = CollectorOrders(str(home), "en", mapping)
    reached = address_of(orders, read_site(mapping))
    assert "valve-7" not in repr(reached) + str(reached)
    try:
        with collecting(home / "plant" / "spool", broker.port, site(), at=reached) as running:
            live = running.live()
            assert live is not None
            assert live.status.broker == f"mqtts://127.0.0.1:{broker.port}"
        wrong = replace(reached, password="wrong")
        with collecting(home / "plant" / "other", broker.port, at=wrong, wait=False) as running:
            eventually(lambda: (live := running.live()) and live.status.last_fault)
            live = running.live()
            assert live is not None
            assert "does not let us in" in (live.status.last_fault or "")
            assert "wrong" not in (live.status.last_fault or "")
        plain = replace(address(broker.port), client_id="plain")
        with collecting(home / "plant" / "third", broker.port, at=plain, wait=False) as running:
            eventually(lambda: (live := running.live()) and live.status.last_fault, 20)
    finally:
        broker.stop()


def hashed(user: str, password: str) -> str:
    import base64
    import hashlib

    salt = b"twelve bytes"
    found = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"{user}:$7$101${base64.b64encode(salt).decode()}${base64.b64encode(found).decode()}\n"


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x\n", encoding="utf-8")
    secret.chmod(0o644)
    with pytest.raises(Refused, match="others may read"):
        private_text(secret)
    secret.chmod(0o600)
    assert private_text(secret) == "x"
    with pytest.raises(Refused, match="cannot be read"):
        private_text(tmp_path / "none")
