"""Real processes: started, ended, killed, and none of them left."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from ballast.errors import CannotServe
from ballast.serve.listening import address, answers, listen
from ballast.serve.patience import Patience
from ballast.serve.supervisor import REFUSED, Part, supervise
from ballast.words import Sentence

SERVER = Path(__file__).with_name("small_server.py")
QUICK = Patience(
    first_seconds=0.05, most_seconds=0.2, failures=3, grace_seconds=0.5, start_seconds=20
)


class Run:
    """One supervised run: what the processes noted and what was told."""

    def __init__(self, folder: Path, **orders: object) -> None:
        self.notes = folder / "notes"
        self.told: list[Sentence] = []
        self.orders = orders
        self.began = 0

    def go(
        self,
        act: Callable[[Run], None] | None = None,
        *,
        starts: int = 1,
        patience: Patience = QUICK,
        command: tuple[str, ...] = (sys.executable, str(SERVER)),
    ) -> None:
        """Supervise; once so many starts answered, act, by default ask it to stop."""
        with listen("127.0.0.1", 0) as taken:
            host, port = address(taken)
            orders = {"socket": taken.fileno(), "notes": str(self.notes), **self.orders}

            async def ready() -> bool:
                return await answers(host, port, "/health")

            def started() -> None:
                self.began += 1

            async def whole() -> None:
                part = Part("server", command, json.dumps(orders), (taken,), ready)
                acting = asyncio.create_task(self._act(act, starts, ready))
                try:
                    await supervise(
                        [part], started=started, announce=self.told.append, patience=patience
                    )
                finally:
                    acting.cancel()

            asyncio.run(whole())

    async def _act(self, act: Callable[[Run], None] | None, starts: int, ready: Any) -> None:
        for count in range(1, starts + 1):
            while len(self.pids()) < count or not await ready():
                await asyncio.sleep(0.02)
            if count < starts:
                os.kill(self.pids()[-1], signal.SIGKILL)
        while not self.began:
            await asyncio.sleep(0.02)
        (act or (lambda _: os.kill(os.getpid(), signal.SIGTERM)))(self)

    def noted(self) -> list[dict[str, Any]]:
        if not self.notes.exists():
            return []
        return [json.loads(line) for line in self.notes.read_text().splitlines()]

    def pids(self) -> list[int]:
        return [one["pid"] for one in self.noted()]


def is_running(pid: int) -> bool:
    """Tell whether a process lives; one that waits to be reaped does not."""
    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def gone(*pids: int, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(is_running, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_process_and_what_it_started(tmp_path: Path, number: int) -> None:
    run = Run(tmp_path, child=True)
    run.go(lambda _: os.kill(os.getpid(), number))
    (noted,) = run.noted()
    assert gone(noted["pid"], noted["child"])
    assert run.began == 1
    assert run.told == []


def test_a_process_deaf_to_being_asked_is_killed_after_the_grace(tmp_path: Path) -> None:
    run = Run(tmp_path, deaf=True)
    begun = time.monotonic()
    run.go()
    assert gone(*run.pids())
    assert time.monotonic() - begun >= QUICK.grace_seconds


def test_a_killed_process_is_started_again_on_the_same_port(tmp_path: Path) -> None:
    run = Run(tmp_path, child=True)
    run.go(starts=3)
    assert len(set(run.pids())) == 3
    assert gone(*run.pids(), *(one["child"] for one in run.noted()))
    assert [one.values["code"] for one in run.told] == [-9, -9]
    assert [one.values["seconds"] for one in run.told] == [0.05, 0.1]
    assert run.began == 1, "people are greeted once"


def test_a_process_that_keeps_ending_is_given_up_with_one_line(tmp_path: Path) -> None:
    run = Run(tmp_path, exits=5)
    with pytest.raises(CannotServe, match=r"server ended 3 times .* code 5"):
        run.go()
    starts = [one["at"] for one in run.noted()]
    assert len(starts) == 3
    assert starts[1] - starts[0] >= 0.05
    assert starts[2] - starts[1] >= 0.1


def test_a_process_that_refuses_is_not_started_again(tmp_path: Path) -> None:
    run = Run(tmp_path, exits=REFUSED)
    with pytest.raises(CannotServe, match="refused to start"):
        run.go()
    assert len(run.pids()) == 1


def test_a_process_that_never_answers_is_ended_with_one_line() -> None:
    run = Run(Path("unused"))
    silent = (sys.executable, "-c", "import time; time.sleep(600)")
    before = {one.pid for one in psutil.Process().children(recursive=True)}
    with pytest.raises(CannotServe, match="did not answer within 0 s"):
        run.go(patience=Patience(start_seconds=0.3, grace_seconds=0.5), command=silent)
    assert {one.pid for one in psutil.Process().children(recursive=True)} <= before


SUPERVISOR = """
import asyncio, json, sys
from ballast.serve.listening import address, answers, listen
from ballast.serve.supervisor import Part, supervise

server, notes = sys.argv[1:]
taken = listen("127.0.0.1", 0)
part = Part(
    "server", (sys.executable, server),
    json.dumps({"socket": taken.fileno(), "notes": notes, "child": True}),
    (taken,), lambda: answers(*address(taken), "/"),
)
started = lambda: print("started", flush=True)
asyncio.run(supervise([part], started=started, announce=print))
"""


def test_nothing_is_left_where_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    command = [sys.executable, "-c", SUPERVISOR, str(SERVER), str(notes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "started\n"
        noted = json.loads(notes.read_text())
        supervisor.kill()
    assert gone(noted["pid"], noted["child"])
