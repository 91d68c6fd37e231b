"""How often the intervals of the effect study hold what was planted, and how often they find
something where nothing was: panels made up anew for every run.

    python benchmarks/project_effect.py [RUNS]

Six hundred enterprises in eight divisions over twenty quarters: shocks that a division shares,
a random walk and noise of each enterprise's own, four in ten with a project finished in some
quarter. What is planted is added from the quarter after the finish on.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from ballast.brain.projects.effect import estimated
from ballast.brain.projects.effect_matching import Panel, Window, matched_sets

UNITS, DIVISIONS, QUARTERS = 600, 8, 20


def panel(seed: int, planted: float) -> Panel:
    """Return one made-up panel."""
    rng = np.random.default_rng(seed)
    strata = rng.integers(0, DIVISIONS, UNITS)
    shocks = np.cumsum(rng.normal(0, 0.03, (DIVISIONS, QUARTERS)), axis=1)
    own = np.cumsum(rng.normal(0, 0.02, (UNITS, QUARTERS)), axis=1)
    values = rng.normal(8, 1, UNITS)[:, None] + shocks[strata] + own
    values += rng.normal(0, 0.08, values.shape)
    when = np.where(rng.random(UNITS) < 0.4, rng.integers(8, QUARTERS - 4, UNITS), -1)
    after = (when >= 0)[:, None] & (np.arange(QUARTERS)[None] > when[:, None])
    names = tuple(map(str, range(UNITS)))
    return Panel(
        names, tuple(map(str, strata)), values + planted * after, when.astype(np.int64), when < 0
    )


def main() -> None:
    """Run, and print a line for each planted effect."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    window = Window()
    for planted in (0.05, 0.0):
        began = time.perf_counter()
        effects = []
        for seed in range(runs):
            one = panel(seed, planted)
            effects.append(estimated(one, matched_sets(one, window), window))
        means = [one.mean for one in effects]
        print(
            f"planted {planted:+.2f}, {runs} runs: "
            f"held by {np.mean([m.low <= planted <= m.high for m in means]):.3f} of the intervals; "
            f"zero left out by {np.mean([m.found for m in means]):.3f}; "
            f"moved apart before, by the test: {np.mean([not e.parallel for e in effects]):.3f}; "
            f"mean {np.mean([m.value for m in means]):+.4f}, "
            f"spread {np.std([m.value for m in means], ddof=1):.4f}, "
            f"stated error {np.mean([m.error for m in means]):.4f}; "
            f"{(time.perf_counter() - began) / runs:.2f} s a run"
        )


if __name__ == "__main__":
    main()
