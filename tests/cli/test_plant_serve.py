"""``plant serve`` from the outside: a fresh home hears a real broker; what is wrong is one line."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from ballast.cli.app import run
from ballast.lake.lake import Lake
from ballast.plant.spool.live import read_live
from ballast.sample.factory.days import DAY_MS
from ballast.sample.factory.mapping import mapping
from ballast.terms.viewer import operator

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
PUBLISH = """
import asyncio, sys, time
from ballast.sample.factory.publishing import Door, publish
from ballast.sample.factory.telling import Shop

async def main():
    clock = lambda: time.time_ns() // 1_000_000
    shop = Shop(5, clock() // 86_400_000 - 1)
    await publish(shop, Door("127.0.0.1", int(sys.argv[1])), asyncio.Event(), clock=clock,
                  every_seconds=0.3)

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[int]:
    if MOSQUITTO is None:
        pytest.skip("no mosquitto on this machine (apt install mosquitto)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [MOSQUITTO, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["plant", "serve", *arguments]) != 0
    said = capsys.readouterr().err.strip()
    assert said
    assert "\n" not in said
    return said


def wait_for(what: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


def test_what_is_wrong_is_one_line_and_makes_no_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"mqtt://127.0.0.1:{free.getsockname()[1]}"
    there = ["--home", str(home)]
    assert "cannot be reached" in refused(capsys, "--broker", nobody, *there)
    assert "no broker is named" in refused(capsys, *there)
    assert "no address of a broker" in refused(capsys, "--broker", "ftp://x", *there)
    bad = tmp_path / "site.toml"
    missing = ["--site", str(bad), "--broker", nobody, *there]
    assert "cannot be read" in refused(capsys, *missing)
    bad.write_text(mapping().replace('unit = "mm/s"', 'unit = "furlong"'), encoding="utf-8")
    assert "furlong" in refused(capsys, *missing)
    bad.write_text("[site\nx = 1", encoding="utf-8")
    assert "line 1" in refused(capsys, *missing)
    assert not home.exists()


def test_something_else_on_the_port_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "print(s.getsockname()[1], flush=True); c, _ = s.accept(); c.recv(99); c.sendall(b'HTTP')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        port = other.stdout.readline().strip()
        said = refused(
            capsys, "--broker", f"mqtt://127.0.0.1:{port}", "--home", str(tmp_path / "home")
        )
        assert port in said
        other.kill()


def test_a_fresh_home_hears_machines_and_leaves_nothing_behind(
    tmp_path: Path, mosquitto: int
) -> None:
    home, site = tmp_path / "home", tmp_path / "site.toml"
    site.write_text(mapping(), encoding="utf-8")
    environment = {**os.environ, "BALLAST_PLANT_SHIP_SECONDS": "1"}
    command = [
        sys.executable, "-m", "ballast", "plant", "serve", "--home", str(home),
        "--broker", f"mqtt://127.0.0.1:{mosquitto}", "--site", str(site),
    ]  # fmt: skip
    machines = subprocess.Popen([sys.executable, "-c", PUBLISH, str(mosquitto)])
    said = (tmp_path / "said").open("w")
    served = subprocess.Popen(command, stderr=said, env=environment)
    try:
        spool = home / "plant" / "spool"
        wait_for(lambda: (live := read_live(spool)) and len(live.values) == 86)
        children = psutil.Process(served.pid).children(recursive=True)
        assert len(children) == 2
        served.send_signal(signal.SIGINT)
        assert served.wait(30) == 0
        _, left = psutil.wait_procs(children, timeout=10)
        assert left == []
    finally:
        said.close()
        for one in (served, machines):
            one.kill()
            one.wait()
    lines = (tmp_path / "said").read_text().splitlines()
    assert f"hearing mqtt://127.0.0.1:{mosquitto}" in lines[1]
    assert lines[2:] == ["stopped"]
    lake = Lake.open(home)
    rows = lake.read("telemetry", operator("test")).to_pyarrow()
    assert len(set(rows["tag"].to_pylist())) == 86
    assert set(rows["provenance"].to_pylist()) == {"synthetic"}
    today = time.time_ns() // 1_000_000 // DAY_MS
    assert min(rows["time"].to_pylist()).timestamp() * 1000 > (today - 2) * DAY_MS
    assert len(lake.read("asset", operator("test")).to_pyarrow()) == 15
