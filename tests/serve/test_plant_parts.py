"""A plant under the supervisor: heard, killed in parts, killed whole, stopped; nothing is left."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import psutil
import pytest

from ballast.cli.plant_site import keep_site
from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.plant.collect.connection import Address
from ballast.plant.site import read_site
from ballast.plant.spool.live import Live, read_live
from ballast.sample.factory.mapping import mapping
from ballast.serve.plant_parts import SPOOL, try_broker
from ballast.terms.viewer import operator

ROOT = Path(__file__).parents[2]
SERVE = """
import json, sys, time
from pathlib import Path
from ballast.cli.serving import run_parts
from ballast.plant.collect.orders import CollectorOrders
from ballast.serve.factory_orders import BrokerOrders, FactoryOrders
from ballast.serve.factory_parts import broker_part, factory_part
from ballast.serve.listening import address, listen
from ballast.serve.plant_parts import PlantWanted, plant_parts

home = Path(sys.argv[1])
with listen("127.0.0.1", 0) as taken:
    port = address(taken)[1]
    orders = CollectorOrders(
        str(home), "en", (home / "plant" / "site.toml").read_text(), broker_host="127.0.0.1",
        broker_port=port, broker_version=4, user="u", password_file="secret", live_ms=200,
    )
    today = int(time.time()) // 86_400
    run_parts(
        [
            broker_part(BrokerOrders("u", "p"), taken, "en"),
            *plant_parts(PlantWanted(home=home, language="en", orders=orders, ship_seconds=0.3)),
            factory_part(FactoryOrders("en", 5, today - 1, "127.0.0.1", port, "u", "p", 0.3)),
        ],
        lambda: print(json.dumps(port), flush=True),
    )
"""
SECONDS = 60.0


def wait_for(what: Callable[[], Any], seconds: float = SECONDS) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        if answer := what():
            return answer
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


class Running:
    """A plant that is heard by a supervisor of its own."""

    def __init__(self, home: Path, process: subprocess.Popen[str], port: int) -> None:
        self.home, self.process, self.port = home, process, port

    def parts(self) -> dict[str, psutil.Process]:
        """Return the processes by the module that each runs."""
        named = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                named[child.cmdline()[-1]] = child
            except (psutil.Error, IndexError):
                continue
        return named

    def kill(self, module: str) -> None:
        self.parts()[module].kill()

    def live(self) -> Live | None:
        return read_live(self.home / SPOOL)

    def moves(self) -> Callable[[], bool]:
        """Return what tells whether a value newer than now was heard."""
        now = time.time_ns() // 1_000_000

        def moved() -> bool:
            live = self.live()
            return live is not None and any(one.time > now for one in live.values)

        return moved


def shipped(home: Path) -> list[dict[str, Any]]:
    rows = Lake.open(home).read("telemetry", operator("test"))
    return list(rows.select("tag", "time", "ordinal", "unmapped").to_pyarrow().to_pylist())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    lake = Lake.create(tmp_path / "home")
    text = mapping()
    keep_site(lake, read_site(text), text)
    secret = lake.home.path / "plant" / "secret"
    secret.touch(0o600)
    secret.write_text("p\n", encoding="utf-8")
    return lake.home.path


@contextmanager
def served(home: Path) -> Iterator[Running]:
    with (home.parent / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(home)],
            stdout=subprocess.PIPE, stderr=said, text=True,
            env={**os.environ, "BALLAST_LANGUAGE": "en", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    started: list[psutil.Process] = []
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (home.parent / "said").read_text()
        started = psutil.Process(process.pid).children(recursive=True)
        yield Running(home, process, json.loads(line))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
        _, left = psutil.wait_procs(started, timeout=15)
        assert left == [], "a process was left behind"


def test_machines_are_heard_and_every_tag_reaches_the_lake_once(home: Path) -> None:
    with served(home) as run:
        wait_for(lambda: (live := run.live()) and len(live.values) == 86)
        wait_for(run.moves())
        live = wait_for(run.live)
        assert live.status.connected_since
        assert live.status.broker == f"mqtt://127.0.0.1:{run.port}"
        _refuses_others(run.port)
        wait_for(run.moves())
        wait_for(lambda: len({row["tag"] for row in shipped(home)}) == 86)
    rows = shipped(home)
    assert len({row["tag"] for row in rows}) == 86
    assert not any(row["unmapped"] for row in rows)
    keys = [(row["tag"], row["time"], row["ordinal"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert (home.parent / "said").read_text().strip() == "stopped"


def _refuses_others(port: int) -> None:
    """See that the embedded broker lets in who knows the password, and nobody else."""
    for user, password in (("u", "q"), ("x", "p"), (None, None)):
        with pytest.raises(Refused) as told:
            asyncio.run(try_broker(Address("127.0.0.1", port, 4, None, user, password, "", 10)))
        assert "\n" not in str(told.value)
    asyncio.run(try_broker(Address("127.0.0.1", port, 4, None, "u", "p", "", 10)))


def test_killed_parts_come_back_and_a_killed_supervisor_leaves_none(home: Path) -> None:
    with served(home) as run:
        wait_for(run.moves())
        for module in (
            "ballast.plant.collect.process", "ballast.serve.broker_process",
            "ballast.serve.factory_process", "ballast.serve.shipper_process",
        ):  # fmt: skip
            run.kill(module)
            wait_for(run.moves())
        # Shipped since the last of them came back.
        before = len(shipped(home))
        wait_for(lambda: len(shipped(home)) > before)
        parts = list(run.parts().values())
        assert len(parts) == 4
        run.process.kill()
        _, left = psutil.wait_procs(parts, timeout=20)
        assert left == []
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", run.port))
    events = Lake.open(home).read("telemetry_event", operator("test"))
    counted = {
        row["kind"]: row["n"]
        for row in events.group_by("kind").aggregate(n=ibis._.count()).to_pyarrow().to_pylist()
    }
    assert counted["started"] == 2
    assert counted["broker-lost"] >= 1
    rows = shipped(home)
    keys = [(row["tag"], row["time"], row["ordinal"]) for row in rows]
    assert len(set(keys)) == len(keys)
