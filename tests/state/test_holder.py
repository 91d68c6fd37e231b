"""Which process holds something: alive, ended, or another one with the same number."""

from __future__ import annotations

import os
import subprocess
import sys

from ballast.state.holder import lives, this_process


def test_this_process_lives() -> None:
    assert lives(this_process())


def test_a_process_that_ended_does_not_live_even_before_it_is_waited_for() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    holder = this_process(process.pid)
    assert lives(holder)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, a zombie still
    assert not lives(holder)
    process.communicate()
    assert not lives(holder)


def test_another_process_with_the_same_number_is_another() -> None:
    boot, number, start = this_process().split("/")
    assert not lives(f"{boot}/{number}/{int(start) - 1}")
    assert not lives(f"another-boot/{number}/{start}")


def test_what_names_no_process_does_not_live() -> None:
    boot = this_process().split("/")[0]
    for text in ("", "/", boot, f"{boot}/", f"{boot}/x/1", f"{boot}/1", f"{boot}/999999999/"):
        assert not lives(text)
