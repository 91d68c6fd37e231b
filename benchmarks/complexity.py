"""ECI and PCI from a long table of 933 places × 961 industries, against the package ecomplexity.

Claim: at least 20 times as fast. Both start from the same long table in memory. The package has no
way to ECI and PCI that leaves out density, outlook and gain, so the time with these is printed too.
"""

from __future__ import annotations

import contextlib
import io
import time
import warnings

import numpy as np
import pandas as pd
from ecomplexity import ecomplexity

from ballast.brain.complexity.indices import complexity
from ballast.brain.complexity.presence import Floats, presence, rectangle
from ballast.brain.complexity.space import density, outlook, proximity

PLACES, INDUSTRIES, CLAIM, ROUNDS = 933, 961, 20.0, 5


def long_table() -> pd.DataFrame:
    """Return a table in the shape of US metropolitan areas and industries."""
    random = np.random.default_rng(933)
    reach = random.uniform(0.05, 0.9, PLACES)
    ease = random.uniform(0.05, 1, INDUSTRIES)
    there = random.uniform(size=(PLACES, INDUSTRIES)) < reach[:, None] * ease
    there[:, 0] = there[0] = True
    place, industry = np.nonzero(there)
    return pd.DataFrame(
        {
            "year": 2018,
            "place": np.char.add("p", place.astype(str)),
            "industry": np.char.add("i", industry.astype(str)),
            "value": random.lognormal(3, 1.5, len(place)),
        }
    )


def ours(table: pd.DataFrame) -> Floats:
    """Return ECI, computed with PCI."""
    _, _, values = rectangle(table["place"], table["industry"], table["value"])
    return complexity(presence(values)).eci


def ours_with_all(table: pd.DataFrame) -> Floats:
    """Return ECI, computed with everything that the package computes."""
    _, _, values = rectangle(table["place"], table["industry"], table["value"])
    present = presence(values)
    found = complexity(present)
    near = proximity(present)
    outlook(present, near, density(present, near), found.pci)
    return found.eci


def theirs(table: pd.DataFrame) -> Floats:
    """Return ECI by the package."""
    columns = {"time": "year", "loc": "place", "prod": "industry", "val": "value"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        out = ecomplexity(table, columns, check_logsupermodularity=False, verbose=False)
    return np.asarray(out.drop_duplicates("place").sort_values("place")["eci"], dtype=float)


def main() -> None:
    """Measure and print."""
    table = long_table()
    least: dict[str, float] = {}
    found: dict[str, Floats] = {}
    for work, rounds in ((theirs, 2), (ours, ROUNDS), (ours_with_all, ROUNDS)):
        took = []
        for _ in range(rounds):
            began = time.perf_counter()
            found[work.__name__] = work(table)
            took.append(time.perf_counter() - began)
        least[work.__name__] = min(took)
    assert np.allclose(found["ours"], found["theirs"], atol=1e-9)
    print(f"{len(table):,} rows; ecomplexity {least['theirs']:.2f} s")
    for name, what in (("ours", "ECI and PCI"), ("ours_with_all", "with density, outlook, gain")):
        ratio = least["theirs"] / least[name]
        verdict = (
            "" if name != "ours" else f" (claim {CLAIM:.0f}{'' if ratio >= CLAIM else ': MISSED'})"
        )
        print(f"{what}: {least[name]:.3f} s, {ratio:.1f} times as fast{verdict}")


if __name__ == "__main__":
    main()
