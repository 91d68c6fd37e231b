"""A stream, however it is cut, gives the very bits of the batch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.detection.findings import Findings
from ballast.plant.detection.lagged_pca import train_pca
from ballast.plant.detection.nearest import train_nearest
from ballast.plant.detection.streaming import BLOCK, START, Detector, judge

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
TRAIN = 300


def rows_of(seed: int, tags: int, count: int) -> tuple[Times, Floats]:
    """Return rows that wander, with holes, infinities and pauses behind the training."""
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.integers(900, 1100, size=count)).astype(np.int64)
    values = rng.normal(size=(count, tags)) * 10.0 ** rng.integers(-3, 4, size=tags)
    holes = np.asarray(rng.random(values.shape) < 0.02)
    holes[:TRAIN] = False
    values[holes] = rng.choice([np.nan, np.inf, -np.inf], size=int(holes.sum()))
    values[TRAIN + 50 : TRAIN + 60] = np.nan
    times[TRAIN + 100 :] += 60_000
    return times, values


def trained(times: Times, values: Floats) -> Detector:
    if values.shape[1] == 1:
        return train_nearest(times[:TRAIN], values[:TRAIN], neighbours=5)
    return train_pca(times[:TRAIN], values[:TRAIN])


def in_pieces(detector: Detector, times: Times, values: Floats, cuts: list[int]) -> list[Findings]:
    tail, found = START, []
    edges = [0, *sorted(cuts), len(times)]
    for first, last in pairwise(edges):
        part, tail = judge(detector, times[first:last], values[first:last], tail)
        found.append(part)
    return found


@given(
    seed=st.integers(0, 2**16),
    tags=st.sampled_from([1, 2, 8]),
    cuts=st.lists(st.integers(0, 500), max_size=12),
)
def test_any_cutting_of_the_stream_gives_the_bits_of_the_batch(
    seed: int, tags: int, cuts: list[int]
) -> None:
    times, values = rows_of(seed, tags, 500)
    detector = trained(times, values)
    whole, tail = judge(detector, times, values)
    parts = in_pieces(detector, times, values, cuts)
    assert np.isfinite(whole.severity).any()
    for name in ("severity", "alarm"):
        together = np.concatenate([getattr(part, name) for part in parts])
        assert together.tobytes() == getattr(whole, name).tobytes()
    statistics = np.concatenate([part.statistics for part in parts], axis=1)
    assert statistics.tobytes() == whole.statistics.tobytes()
    assert len(tail.times) == detector.shape.reach


@pytest.mark.parametrize("tags", [1, 4])
def test_row_by_row_is_the_batch_across_a_block_of_the_batch(tags: int) -> None:
    times, values = rows_of(7, tags, BLOCK + 40)
    detector = trained(times, values)
    whole, _ = judge(detector, times, values)
    start = BLOCK - 40
    tail = judge(detector, times[:start], values[:start])[1]
    for row in range(start, len(times)):
        found, tail = judge(detector, times[row : row + 1], values[row : row + 1], tail)
        assert found.severity.tobytes() == whole.severity[row : row + 1].tobytes()


def test_nothing_that_comes_later_changes_what_was_found() -> None:
    times, values = rows_of(3, 3, 500)
    detector = trained(times, values)
    before, _ = judge(detector, times[:400], values[:400])
    changed = values.copy()
    changed[400:] = 1e9
    after, _ = judge(detector, times, changed)
    assert after.severity[:400].tobytes() == before.severity.tobytes()
    assert after.alarm[400:].any()


def test_no_rows_are_judged_as_none() -> None:
    times, values = rows_of(3, 2, 400)
    found, tail = judge(trained(times, values), times[:0], values[:0])
    assert len(found.severity) == 0
    assert len(tail.times) == 0


def test_a_row_that_is_not_later_is_refused_also_across_pieces() -> None:
    times, values = rows_of(3, 2, 400)
    detector = trained(times, values)
    tail = judge(detector, times[:10], values[:10])[1]
    with pytest.raises(Refused, match="row 1 is not later"):
        judge(detector, times[9:12], values[9:12], tail)
    with pytest.raises(Refused, match="row 3 is not later"):
        judge(detector, times[[0, 1, 1]], values[[0, 1, 1]])


def test_rows_of_other_tags_are_refused() -> None:
    times, values = rows_of(3, 2, 400)
    detector = trained(times, values)
    with pytest.raises(Refused, match="the rows have 1 tags, the detector knows 2"):
        judge(detector, times, values[:, :1])
    with pytest.raises(Refused, match="give each row one time"):
        judge(detector, times[1:], values)
