"""A whole node under the supervisor: killed in parts, killed whole, stopped; nothing is left."""

from __future__ import annotations

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
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from tests.serve.founded import PREFIX, found

from ballast.errors import CannotServe
from ballast.lake.lake import Lake
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import CreateHandle
from ballast.node.wire.value import Value
from ballast.node.writer.local import RemoteWriter
from ballast.serve.node_parts import (
    NO_PORT,
    NodeWanted,
    identity_of,
    named_ports,
    node_parts,
    node_ports,
)
from ballast.terms.viewer import operator

ROOT = Path(__file__).parents[2]
SERVE = """
import json, sys
from pathlib import Path
from ballast.cli.serving import serve_node

def greet(run):
    print(json.dumps([run.ports.native, run.ports.http]), flush=True)

serve_node(Path(sys.argv[1]), greet=greet)
"""
SECONDS = 60.0


def wait_for(what: Callable[[], Any], seconds: float = SECONDS) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        if answer := what():
            return answer
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


class Running:
    """A node that is served by a supervisor of its own."""

    def __init__(self, home: Path, process: subprocess.Popen[str], ports: list[int]) -> None:
        self.home, self.process = home, process
        self.native, self.http = ports

    def parts(self) -> dict[str, list[psutil.Process]]:
        """Return the processes by the module that each runs."""
        named: dict[str, list[psutil.Process]] = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                named.setdefault(child.cmdline()[-1].rpartition(".")[2], []).append(child)
            except (psutil.Error, IndexError):
                continue
        return named

    def kill(self, name: str) -> None:
        for one in self.parts()[name]:
            one.kill()

    def listens(self, worker: psutil.Process) -> bool:
        """Return whether one worker has opened its HTTP port."""
        return any(
            one.status == psutil.CONN_LISTEN and one.laddr.port == self.http
            for one in worker.net_connections("tcp")
        )

    def resolves(self, handle: str) -> bool:
        """Return whether a handle is answered, by whichever worker takes the connection."""
        try:
            with urlopen(f"http://127.0.0.1:{self.http}/api/handles/{handle}", timeout=5) as got:
                return bool(json.load(got)["responseCode"] == 1)
        except (URLError, OSError):
            return False

    def writes(self, handle: str) -> bool:
        """Return whether a new handle is taken by the writer."""
        with RemoteWriter(self.home / "node" / "writer.sock") as writer:
            value = Value(1, "URL", b"https://example.com/").to_wire()
            change = CreateHandle(handle.encode(), value, 1, overwrite=True)
            return writer.apply(change, OPERATOR).ok

    def shipped(self) -> list[str]:
        lake = Lake.open(self.home)
        rows = lake.read("handle_event", operator("test")).order_by("seq").to_pyarrow()
        return list(rows["handle"].to_pylist())


@contextmanager
def served(home: Path, **settings: str) -> Iterator[Running]:
    environment = {
        **os.environ, "BALLAST_LANGUAGE": "en", "BALLAST_NODE_PORT": "0",
        "BALLAST_NODE_HTTP_PORT": "0", "BALLAST_NODE_WORKERS": "2", **settings,
    }  # fmt: skip
    with (home.parent / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(home)],
            stdout=subprocess.PIPE, stderr=said, text=True, env=environment,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, (home.parent / "said").read_text()
        yield Running(home, process, json.loads(first))
    finally:
        children = psutil.Process(process.pid).children() if process.poll() is None else []
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        psutil.wait_procs(children, timeout=20)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = found(tmp_path_factory.mktemp("served") / "home")
    with served(home) as one:
        yield one


def said(running: Running) -> str:
    return (running.home.parent / "said").read_text()


def test_a_node_answers_writes_and_ships(running: Running) -> None:
    assert {name: len(found) for name, found in running.parts().items()} == {
        "process": 1, "worker": 2, "shipper_process": 1,
    }  # fmt: skip
    assert running.resolves(f"0.NA/{PREFIX}")
    assert running.writes(f"{PREFIX}/A-1")
    assert running.resolves(f"{PREFIX}/a-1")
    wait_for(lambda: f"{PREFIX}/A-1" in running.shipped())


@pytest.mark.parametrize(
    ("part", "name"), [("process", "node writer"), ("worker", "node worker 1")]
)
def test_a_killed_part_comes_back_and_requests_succeed_again(
    part: str, name: str, running: Running
) -> None:
    before = {one.pid for one in running.parts()[part]}
    running.kill(part)
    handle = f"{PREFIX}/after-{part}"
    wait_for(lambda: running.writes(handle))
    wait_for(lambda: running.resolves(handle))
    wait_for(lambda: len(running.parts().get(part, [])) == len(before))
    assert not before & {one.pid for one in running.parts()[part]}
    assert f"the {name} ended with code -9; it is started again in" in said(running)


def test_one_killed_worker_of_two_is_not_missed(running: Running) -> None:
    wait_for(lambda: len(running.parts().get("worker", [])) == 2)
    wait_for(lambda: all(running.listens(one) for one in running.parts()["worker"]))
    running.parts()["worker"][0].kill()
    time.sleep(0.1)  # the kernel takes its socket out of the group
    assert [running.resolves(f"0.NA/{PREFIX}") for _ in range(20)] == [True] * 20
    wait_for(lambda: len(running.parts().get("worker", [])) == 2)


def test_events_of_a_time_without_shipper_reach_the_lake_once(running: Running) -> None:
    running.kill("shipper_process")
    handles = [f"{PREFIX}/unshipped-{n}" for n in range(5)]
    assert all(running.writes(handle) for handle in handles)
    wait_for(lambda: set(handles) <= set(running.shipped()))
    found = running.shipped()
    assert len(found) == len(set(found))


def test_a_second_supervisor_is_refused_with_one_line(running: Running) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SERVE, str(running.home)],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "BALLAST_LANGUAGE": "en", "BALLAST_NODE_HTTP_PORT": "0",
             "BALLAST_NODE_PORT": str(running.native)},
    )  # fmt: skip
    line = told.stderr.strip().splitlines()[-1]
    assert f"port {running.native} is taken by another program" in line
    assert "BALLAST_NODE_PORT" in line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_node_leaves_no_process_and_no_port(tmp_path: Path, number: int) -> None:
    with served(found(tmp_path / "home")) as running:
        everybody = [one for parts in running.parts().values() for one in parts]
        assert len(everybody) == 4
        assert running.resolves(f"0.NA/{PREFIX}"), "so that connections of it linger"
        os.kill(running.process.pid, number)
        running.process.wait(30)
        gone, alive = psutil.wait_procs(everybody, timeout=20)
        assert (len(gone), alive) == (4, [])
        with node_ports(NodeWanted(home=tmp_path, language="en", native_port=running.native,
                                   http_port=running.http)):  # fmt: skip
            pass


def wanted(native_port: int, http_port: int, https_port: int = NO_PORT) -> NodeWanted:
    return NodeWanted(
        home=Path("/nowhere"), language="en", native_port=native_port, http_port=http_port,
        https_port=https_port,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_native_port_taken_for_streams_or_datagrams_is_told(kind: int) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(CannotServe, match=rf"port {port} is taken.*BALLAST_NODE_PORT"),
            node_ports(wanted(native_port=port, http_port=NO_PORT)),
        ):
            pass


def test_any_free_ports_are_different_and_known_at_once() -> None:
    with node_ports(wanted(native_port=0, http_port=0, https_port=0)) as one:
        assert len({one.native, one.http, one.https}) == 3
        assert one.url == f"http://127.0.0.1:{one.http}"
        # The processes that shall open them can; nobody else.
        with socket.socket() as worker:
            worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            worker.bind(("127.0.0.1", one.http))
        with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
            stranger.bind(("127.0.0.1", one.http))


def test_the_parts_are_a_writer_workers_and_a_shipper_named_in_the_reader_s_language() -> None:
    with node_ports(wanted(native_port=0, http_port=0)) as ports:
        parts = node_parts(NodeWanted(home=Path("/h"), language="zh", workers=3), ports)
    assert [part.name for part in parts] == [
        "标识节点写入进程", "标识节点工作进程 1", "标识节点工作进程 2", "标识节点工作进程 3",
        "传送进程",
    ]  # fmt: skip
    told = json.loads(parts[1].orders)
    assert (told["native_port"], told["http_port"], told["https_port"]) == (
        ports.native, ports.http, NO_PORT,
    )  # fmt: skip


def test_a_home_without_a_node_has_no_identity(tmp_path: Path) -> None:
    assert identity_of(tmp_path) is None
    identity = identity_of(found(tmp_path / "home"))
    assert identity is not None
    assert identity.prefix == PREFIX
    assert named_ports(identity) == {2641, 8000}
