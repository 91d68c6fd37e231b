"""Which process holds something, told so that it can be asked later whether it still lives.

A number alone is used again by the system; number, start and boot together
are not. A heartbeat would do too, but takes writes and a guess at how late
is dead.
"""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")


def this_process(pid: int | None = None) -> str:
    """Return the name of a process that no other one will ever have: boot, number, start."""
    number = os.getpid() if pid is None else pid
    return f"{_boot()}/{number}/{_start(number)}"


def lives(holder: str) -> bool:
    """Return whether the process of that name still runs.

    Examples
    --------
    >>> lives(this_process())
    True
    >>> lives("another-boot/1/1")
    False
    """
    boot, _, rest = holder.partition("/")
    number, _, start = rest.partition("/")
    if not number.isdecimal() or boot != _boot():
        return False
    return start != "" and _start(int(number)) == start


def _boot() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _start(pid: int) -> str:
    try:
        stat = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return ""
    # The name of the program stands in brackets and may itself hold spaces and brackets.
    fields = stat[stat.rindex(b")") + 2 :].split()
    state, start = fields[0], fields[19]  # proc(5): fields 3 and 22
    return "" if state in (b"Z", b"X") else start.decode("ascii")
