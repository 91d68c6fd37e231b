"""A process that ends with the one that started it, even where that one was killed.

Standard input holds the orders, one line, and then nothing: its end means that
the supervisor is gone. The system's own way (``PR_SET_PDEATHSIG``) is Linux's
alone and follows the thread, not the process, that started the child.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from ballast.node.writer.orders_line import STDIN, read_orders

__all__ = ["end_with", "read_orders", "signal_own"]

_GRACE_SECONDS = 10.0


def signal_own(number: int) -> None:
    """Signal this process and what it started; itself alone where the group is another's."""
    if os.getpgid(0) == os.getpid():
        os.killpg(os.getpid(), number)
    else:
        os.kill(os.getpid(), number)


def end_with(
    descriptor: int = STDIN,
    *,
    grace_seconds: float = _GRACE_SECONDS,
    send: Callable[[int], None] = signal_own,
) -> threading.Thread:
    """End this process and what it started once a descriptor ends.

    Parameters
    ----------
    descriptor
        What the supervisor holds open.
    grace_seconds
        How long it may take to end when asked to, before it is killed.
    send
        Sends a signal.
    """

    def watch() -> None:
        while os.read(descriptor, 4096):
            pass
        send(signal.SIGTERM)
        threading.Event().wait(grace_seconds)
        send(signal.SIGKILL)

    thread = threading.Thread(target=watch, name="lifeline", daemon=True)
    thread.start()
    return thread
