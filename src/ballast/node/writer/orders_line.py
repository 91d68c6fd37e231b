"""How a process of ours is told what to do: one line on its standard input, then nothing.

Beside the writer because everything that is started under the supervisor stands above it; the
supervisor's own room, where one would look for it, is out of reach from here.
"""

from __future__ import annotations

import os
import sys

__all__ = ["STDIN", "leave", "read_orders"]

STDIN = 0


def read_orders(descriptor: int = STDIN) -> str:
    """Return the line of orders, byte for byte, so that nothing after it is swallowed."""
    line = bytearray()
    while (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
        line += byte
    return line.decode()


def leave(_number: int, _frame: object) -> None:
    """End in order, as a signal's handler."""
    sys.exit(0)
