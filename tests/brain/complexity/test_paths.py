"""What to strengthen, attract and watch: each class by its own rule, and nothing where all is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.complexity.paths import BEGUN, Path, paths


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_every_path_keeps_its_rule(seed: int, industries: int) -> None:
    random = np.random.default_rng(seed)
    advantage, density = random.uniform(0, 2, industries), random.uniform(0, 1, industries)
    gain, pci = random.normal(size=industries), random.normal(size=industries)
    present = advantage >= 1
    found = paths(advantage, present, density, gain, pci, eci=0.1)
    assert ((found == Path.PRESENT) == present).all()
    near = density >= np.percentile(density[~present], 75) if (~present).any() else present
    for path, rule in {
        Path.STRENGTHEN: near & (advantage >= BEGUN),
        Path.ATTRACT: near & (advantage < BEGUN) & (pci > 0.1),
        Path.WATCH: ~near & (pci > 0.1),
    }.items():
        assert (rule & ~present)[found == path].all()


def test_an_industry_whose_complexity_is_undefined_is_no_advice() -> None:
    found = paths(
        np.array([0.2, 0.2]), np.array([False, False]), np.array([0.5, np.nan]),
        np.array([1.0, 1.0]), np.array([np.nan, 2.0]), eci=0.0,
    )  # fmt: skip
    assert list(found) == [Path.NONE, Path.NONE]


def test_every_path_has_words() -> None:
    assert len({path.label.zh for path in Path}) == len(Path)
