"""A shipper in a process of its own that is killed at a step; run by the tests of the shipper.

    python ship_and_die.py HOME NOTE COUNT LIMIT STEP

Ships events 1 to COUNT in batches of LIMIT and kills itself with SIGKILL when
the step number STEP begins. Prints the number of steps where it survives.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.lake.numbered_outbox import NumberedOutbox

from ballast.lake.lake import Lake
from ballast.lake.shipper import ship, shipping


def main() -> None:
    """Ship, counting steps, and die at the one that was asked for."""
    home, note = Path(sys.argv[1]), Path(sys.argv[2])
    count, limit, last = (int(text) for text in sys.argv[3:])
    steps = 0

    def step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    lake = Lake.open(home)
    with shipping(lake):
        ship(lake, NumberedOutbox(count, note), limit=limit, step=step)
    sys.stdout.write(f"{steps}\n")


if __name__ == "__main__":
    main()
