"""A sealing in a process of its own that is killed at a step; run by the tests of sealing.

    python seal_and_die.py HOME STEP

Seals the home's cube and kills itself with SIGKILL when the step comes; with
the step "hold" it says so once it holds the lock, and waits to be ended.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from ballast.brain.cube.sealing import seal
from ballast.lake.lake import Lake
from ballast.terms.viewer import operator


def main(home: str, step: str) -> None:
    """Seal, and die at the step."""

    def at(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def progress(_text: str, _done: float) -> None:
        if step == "hold":
            sys.stdout.write("held\n")
            sys.stdout.flush()
            time.sleep(60)

    lake = Lake.open(Path(home))
    seal(lake, operator("sealer"), now=datetime(2026, 9, 1, tzinfo=UTC), step=at, progress=progress)


if __name__ == "__main__":
    main(*sys.argv[1:])
