"""A load in a process of its own that is killed at a step; run by the tests of faults.

    python load_and_die.py HOME FILE STEP

Loads FILE into region_industry and kills itself with SIGKILL when the step
number STEP begins. Prints the load and the number of steps where it survives.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ballast.lake.lake import Lake
from ballast.lake.loading import load_file
from ballast.terms.viewer import operator


def main() -> None:
    """Load, counting steps, and die at the one that was asked for."""
    home, file, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    steps = 0

    def step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    report = load_file(Lake.open(home), "region_industry", file, operator("loader"), step=step)
    sys.stdout.write(f"{report.load_id} {steps}\n")


if __name__ == "__main__":
    main()
