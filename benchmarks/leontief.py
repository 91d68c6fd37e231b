"""Leontief and every linkage of 153 sectors against pymrio, and of 5,000 sectors by themselves.

Claims: no slower than pymrio, which gives A, L, the Ghosh inverse and their sums, where ours gives
the extraction of every sector besides; 5,000 sectors in under 20 seconds. The tables are made up.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pymrio

from ballast.brain.chains.leontief import inverses
from ballast.brain.chains.linkages import Linkages, extraction, linkages
from ballast.brain.chains.table import Floats, InputOutput

SMALL, LARGE, CLAIM_SECONDS, ROUNDS = 153, 5000, 20.0, 20


def made(sectors: int) -> InputOutput:
    """Return a productive table."""
    random = np.random.default_rng(sectors)
    output = random.uniform(1e3, 1e6, sectors)
    flows = random.exponential(size=(sectors, sectors)) * output
    flows *= 0.55 * output / flows.sum(axis=0)
    names = tuple(f"{number:04}" for number in range(sectors))
    return InputOutput("made", names, flows, output, output - flows.sum(axis=0))


def ours(table: InputOutput) -> Linkages:
    """Return all linkages, with the extraction of every sector."""
    of = inverses(table)
    extraction(of)
    return linkages(of)


def theirs(table: InputOutput) -> tuple[Floats, Floats]:
    """Return backward and forward linkages by pymrio, on arrays: its frames cost more."""
    technical = pymrio.calc_A(table.flows, table.output)
    leontief = pymrio.calc_L(technical)
    allocation = pymrio.calc_B(table.flows, table.output)
    ghosh = pymrio.calc_G(allocation, L=leontief, x=table.output)
    return leontief.sum(axis=0), ghosh.sum(axis=1)


def least(work: Callable[[], object], rounds: int) -> float:
    """Return the shortest of some runs, seconds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def main() -> None:
    """Measure and print."""
    table = made(SMALL)
    found, (backward, forward) = ours(table), theirs(table)
    assert np.allclose(found.backward, backward, atol=1e-9)
    assert np.allclose(found.forward, forward, atol=1e-9)
    own, other = least(lambda: ours(table), ROUNDS), least(lambda: theirs(table), ROUNDS)
    verdict = "" if own <= other else ": MISSED"
    print(f"{SMALL} sectors: ours {own * 1e3:.2f} ms, pymrio {other * 1e3:.2f} ms")
    print(f"{own / other:.2f} of pymrio's time (claim at most 1{verdict})")
    large = made(LARGE)
    seconds = least(lambda: ours(large), 1)
    verdict = "" if seconds < CLAIM_SECONDS else ": MISSED"
    print(f"{LARGE:,} sectors: {seconds:.1f} s (claim under {CLAIM_SECONDS:.0f} s{verdict})")


if __name__ == "__main__":
    main()
