"""The daily push: at its minute, as its user would, said once where it fails, ended when asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest

from ballast.serve.daily_push_process import seconds_until
from ballast.serve.push_orders import PushOrders

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Stands for the package: notes how it was called, and answers as it is told to.
BALLAST = r"""
import json, os, sys, time
with open(os.environ["NOTES"], "a") as notes:
    notes.write(json.dumps([sys.argv[1:], os.environ["BALLAST_LANGUAGE"]]) + "\n")
if os.environ["ANSWER"] == "wait":
    time.sleep(600)
if os.environ["ANSWER"] == "fail":
    print("nobody answers there", file=sys.stderr)
    sys.exit(1)
"""
RUN = """
import ballast.serve.daily_push_process as process
process._AGAIN_SECONDS = 0.2
process.main()
"""


def test_the_next_time_is_that_of_the_wall_clock() -> None:
    late = datetime(2026, 11, 23, 0, 20, 1, tzinfo=SHANGHAI)
    assert seconds_until(20, late) == 86_399
    assert seconds_until(20, late.replace(minute=19, second=59)) == 1


def test_orders_hold_no_secret_and_survive_the_line() -> None:
    orders = PushOrders("h", "en", "https://city", "/k", "Asia/Shanghai", first_seconds=0)
    assert PushOrders.parse(orders.line()) == orders


class Pushing:
    """The process, whose ``python -m ballast`` is a stand-in."""

    def __init__(self, folder: Path, answer: str) -> None:
        self.notes, self.said = folder / "notes", folder / "said"
        stand_in = folder / "ballast_stand_in.py"
        stand_in.write_text(BALLAST, encoding="utf-8")
        # Only what it starts is replaced: the interpreter's name is that of a script.
        python = folder / "python"
        python.write_text(
            f'#!/bin/sh\nshift 2\nexec "{sys.executable}" "{stand_in}" "$@"\n', encoding="utf-8"
        )
        python.chmod(0o755)
        orders = PushOrders(
            str(folder / "home"), "en", "http://127.0.0.1:1", str(folder / "key"),
            "Asia/Shanghai", days=4, first_seconds=0.0,
        )  # fmt: skip
        code = f"import sys\nsys.executable = {str(python)!r}\n{RUN}"
        output = self.said.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE, stderr=output, text=True, start_new_session=True,
            env={**os.environ, "NOTES": str(self.notes), "ANSWER": answer},
        )  # fmt: skip
        output.close()
        assert self.process.stdin is not None
        self.process.stdin.write(orders.line() + "\n")
        self.process.stdin.flush()

    def calls(self) -> list[list[object]]:
        if not self.notes.is_file():
            return []
        return [json.loads(line) for line in self.notes.read_text().splitlines()]

    def wait_for_calls(self, count: int) -> list[list[object]]:
        for _ in range(600):
            if len(found := self.calls()) >= count:
                return found
            assert self.process.poll() is None, self.said.read_text()
            time.sleep(0.05)
        raise AssertionError(f"it was run {len(self.calls())} times")


@pytest.fixture(params=["done"])
def pushing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pushing]:
    found = Pushing(tmp_path, request.param)
    yield found
    if found.process.poll() is None:
        found.process.kill()
    found.process.wait()
    assert found.process.stdin is not None
    found.process.stdin.close()


def test_it_pushes_as_its_user_would_and_then_waits_for_tomorrow(pushing: Pushing) -> None:
    (call,) = pushing.wait_for_calls(1)
    arguments, language = call
    assert isinstance(arguments, list)
    assert arguments[:2] == ["plant", "push"]
    assert arguments[arguments.index("--days") + 1] == "4"
    assert "--api-key-file" in arguments
    assert language == "en"
    time.sleep(0.5)
    assert len(pushing.calls()) == 1
    pushing.process.send_signal(signal.SIGTERM)
    assert pushing.process.wait(20) == 0
    assert pushing.said.read_text() == ""


@pytest.mark.parametrize("pushing", ["fail"], indirect=True)
def test_what_fails_is_tried_again_and_said_once(pushing: Pushing) -> None:
    pushing.wait_for_calls(3)
    assert pushing.said.read_text().count("nobody answers there") == 1


@pytest.mark.parametrize("pushing", ["wait"], indirect=True)
def test_a_push_under_way_ends_with_it_also_where_the_supervisor_was_killed(
    pushing: Pushing,
) -> None:
    pushing.wait_for_calls(1)
    children = psutil.Process(pushing.process.pid).children(recursive=True)
    assert children
    assert pushing.process.stdin is not None
    pushing.process.stdin.close()
    assert pushing.process.wait(20) is not None
    _, left = psutil.wait_procs(children, timeout=10)
    assert left == []
