"""A shipper of a plant's log in a process of its own that is killed at a step.

    python plant_ship_and_die.py HOME LIMIT STEP

Ships what the log of HOME holds in batches of LIMIT and kills itself with
SIGKILL when the step number STEP begins. Prints the number of steps where it
survives.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ballast.lake import sorted_store
from ballast.lake.lake import Lake
from ballast.lake.shipper import ship, shipping
from ballast.serve.plant_outbox import plant_outboxes
from ballast.serve.plant_rollups import COMBINED


def main() -> None:
    """Ship, counting steps, and die at the one that was asked for."""
    home, limit, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    sorted_store.FANS = (2, 2)  # so that merges are among the steps
    steps = 0

    def step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    lake = Lake.open(home)
    with shipping(lake):
        for outbox in plant_outboxes(lake, missing=_fail, damaged=_fail):
            ship(lake, outbox, limit=limit, combine=COMBINED, step=step)
    sys.stdout.write(f"{steps}\n")


def _fail(*told: object) -> None:
    raise AssertionError(told)


if __name__ == "__main__":
    main()
