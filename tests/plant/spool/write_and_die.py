"""A collector that is killed while it writes the log; run by the tests of faults.

    python write_and_die.py steps FOLDER
    python write_and_die.py write DIRECTORY COMMITS

``steps`` forks: the first child appends to FOLDER/1 and kills itself with
SIGKILL at the first step of the log, the second one to FOLDER/2 at the second
step, and so on until one survives. ``write`` appends so many commits. Either
notes in a file beside the log up to which number it was told that all is safe.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np

from ballast.errors import StorageFailed
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Bounds, Spool

# Some commits a segment, so that steps of every sort come.
BOUNDS = Bounds(segment_bytes=6_000)
COMMITS = 8


def append(directory: Path, commits: int, last_step: int = 0) -> None:
    """Append, and die at a step."""
    steps = 0

    def step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    told = os.open(directory.with_suffix(".told"), os.O_WRONLY | os.O_CREAT, 0o644)
    with Spool.open(directory, bounds=BOUNDS, step=step) as spool:
        for _ in range(commits):
            first = spool.position.sample + 1
            count = 20 + first % 60
            numbers = np.arange(first, first + count)
            # A new tag now and then, so that names are written too.
            tag = spool.number(f"tag-{first // 100}")
            spool.put(Samples.of(tag, 1_000 + numbers, numbers, received_at=2_000 + numbers))
            spool.put_event(CollectEvent(first, EventKind.GAP, "x", None, first, None, count))
            try:
                position = spool.commit()
            except StorageFailed:
                continue
            os.pwrite(told, b"%12d" % position.sample, 0)
            if first % 3 == 0:
                reader = SpoolReader(directory, kept_segments=1)
                reader.forget(Stream.SAMPLES, first)
                reader.forget(Stream.EVENTS, position.event - 1)


def die_at_every_step(folder: Path) -> None:
    """Let one child die at each step, until one survives."""
    number = 0
    while True:
        number += 1
        child = os.fork()
        if not child:
            append(folder / str(number), COMMITS, number)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return


if __name__ == "__main__":
    if sys.argv[1] == "steps":
        die_at_every_step(Path(sys.argv[2]))
    else:
        append(Path(sys.argv[2]), int(sys.argv[3]))
