from __future__ import annotations

import os
import signal
import subprocess
import sys

from ballast.serve.lifeline import end_with, read_orders


def test_orders_are_one_line_and_nothing_after_it_is_taken() -> None:
    reading, writing = os.pipe()
    os.write(writing, '{"home": "数据"}\nrest'.encode())
    os.close(writing)
    assert read_orders(reading) == '{"home": "数据"}'
    assert os.read(reading, 10) == b"rest"
    os.close(reading)


def test_the_process_is_asked_first_and_killed_after_the_grace() -> None:
    sent: list[int] = []
    reading, writing = os.pipe()
    thread = end_with(reading, grace_seconds=0.01, send=sent.append)
    assert sent == []
    os.close(writing)
    thread.join(5)
    assert sent == [signal.SIGTERM, signal.SIGKILL]
    os.close(reading)


def test_a_group_that_is_another_programs_is_left_alone() -> None:
    """Started from a script, it shares the script's group: that one must survive."""
    program = "from ballast.serve.lifeline import signal_own; signal_own(15)"
    script = f"{sys.executable} -c '{program}'; echo still here"
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        start_new_session=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "still here\n"
