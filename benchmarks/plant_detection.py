"""How many rows a second of eight tags does a detector judge as they arrive?

    python benchmarks/plant_detection.py

One process, one core: 200,000 rows of eight invented tags arrive in pieces of 1, 100 and 1,000
rows; a detector trained on the first 400 judges them with both its statistics and its alarm. Beside
it, in the same run, stands what no detector could do without: one matrix product a piece of the
windows (rows × lags·tags) with the components, by numpy's library, the windows already lying ready.
The detector adds the same products up in an order of its own, so that a stream and a batch agree to
the last bit; it also smooths, fills what is missing, looks for pauses and adds up both statistics.
The distance of one tag to its nearest courses is measured too, without a claim.

The two take turns, round after round; the medians count. A second is one of this process's CPU
time. The claim: at 1,000 rows a piece, 100,000 rows a CPU second or more.

Measured 2026-11-23, two shared cores of a Xeon under a load of 1.3, in thousand rows a CPU second
(detector, bare product, ratio): 1 row a piece 3.6, 1,144, 0.003; 100 a piece 333, 31,467, 0.011;
1,000 a piece 1,679, 39,603, 0.042. Distance of one tag to 382 courses: 81.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from ballast.plant.detection.lagged_pca import train_pca
from ballast.plant.detection.nearest import train_nearest
from ballast.plant.detection.streaming import Detector, judge
from ballast.plant.detection.windows import lagged, smoothed
from ballast.plant.measures.ratios import Floats

ROWS, TAGS, TRAIN, ROUNDS, CLAIM = 200_000, 8, 400, 5, 100_000
PIECES = {1: 5_000, 100: 100_000, 1000: ROWS}
"""Rows a piece, and how many rows are taken so that no run lasts long."""


def invented(rng: np.random.Generator) -> Floats:
    """Return rows of eight tags, of which four follow the others."""
    own = rng.normal(size=(ROWS, TAGS // 2))
    return np.concatenate([own, own + 0.1 * rng.normal(size=own.shape)], axis=1)


def streamed(detector: Detector, values: Floats, piece: int) -> Callable[[], None]:
    """Return a run of a detector over pieces of rows."""
    times = np.arange(len(values), dtype=np.int64) * 1000

    def run() -> None:
        tail, judged = None, 0
        for first in range(0, len(values), piece):
            end = first + piece
            found, tail = judge(detector, times[first:end], values[first:end], tail)
            judged += len(found.alarm)
        if judged != len(values):
            raise SystemExit(f"rows went missing: {judged}")

    return run


def product(windows: Floats, components: Floats, piece: int) -> Callable[[], None]:
    """Return a run of bare matrix products over pieces of windows."""

    def run() -> None:
        for first in range(0, len(windows), piece):
            windows[first : first + piece] @ components

    return run


def rates(runs: dict[str, Callable[[], None]], rows: int) -> dict[str, float]:
    """Return the median rows a CPU second of each run, the runs taking turns."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.process_time()
            run()
            found[name].append(rows / (time.process_time() - start))
    return {name: statistics.median(values) for name, values in found.items()}


def main() -> int:
    """Print rows a CPU second and the ratio; 1 where the claim does not hold."""
    values = invented(np.random.default_rng(20261123))
    times = np.arange(ROWS, dtype=np.int64) * 1000
    pca = train_pca(times[:TRAIN], values[:TRAIN])
    windows = np.ascontiguousarray(lagged(smoothed(values.T, pca.shape.smooth), pca.shape.lags).T)
    components = np.ascontiguousarray(pca.space.components.T)
    reached = 0.0
    for piece, rows in PIECES.items():
        found = rates(
            {
                "detector": streamed(pca, values[:rows], piece),
                "matrix product": product(windows[:rows], components, piece),
            },
            rows,
        )
        reached = found["detector"]
        print(
            f"{piece:5d} rows a piece:  detector {reached / 1e3:8.1f} k rows/s   "
            f"bare {windows.shape[1]} × {components.shape[1]} product "
            f"{found['matrix product'] / 1e3:9.1f} k rows/s   "
            f"ratio {reached / found['matrix product']:.3f}"
        )
    one = np.cumsum(values[:20_000, :1], axis=0)
    near = train_nearest(times[:TRAIN], one[:TRAIN])
    told = rates({"distance": streamed(near, one, 1000)}, len(one))["distance"]
    print(f"distance of one tag to {len(near.courses)} courses, 1000 rows a piece: "
          f"{told / 1e3:.1f} k rows/s")  # fmt: skip
    print(f"{reached / 1e3:.0f} k rows/s of {TAGS} tags (claim: {CLAIM / 1e3:g} k rows/s)")
    return int(reached < CLAIM)


if __name__ == "__main__":
    sys.exit(main())
