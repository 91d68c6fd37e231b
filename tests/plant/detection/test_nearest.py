"""The distance of one tag's course to those it took in training."""

from __future__ import annotations

import numpy as np
import pytest

from ballast.errors import Refused
from ballast.plant.detection.nearest import MEMORY, train_nearest
from ballast.plant.detection.streaming import judge
from ballast.plant.detection.windows import Shape

SHAPE = Shape(lags=6, smooth=1, hold=0)


def cycle(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    place = np.arange(count)
    values = np.where(place % 20 < 10, 1.0, 0.0) + 0.02 * rng.normal(size=count)
    return place.astype(np.int64) * 1000, values[:, None]


def test_the_distance_is_the_mean_one_to_the_nearest_courses() -> None:
    times, values = cycle(400)
    detector = train_nearest(times[:300], values[:300], shape=SHAPE, neighbours=3)
    found = judge(detector, times, values)[0]
    rows = values[:, 0] - values[:300, 0].mean()
    windows = np.stack([rows[t - np.arange(6)] for t in range(5, 400)])
    training = windows[:295]
    spread = training.T @ training / len(training)
    spread += np.eye(6) * np.trace(spread) / 6 * 1e-3
    inverse = np.linalg.inv(spread)
    off = windows[350][None] - training
    distances = np.sqrt(np.einsum("ij,jk,ik->i", off, inverse, off))
    expected = np.sort(distances)[:3].mean()
    assert found.statistics[0, 355] == pytest.approx(expected, rel=1e-9)
    assert np.isnan(found.statistics[0, :5]).all()


def test_a_cycle_left_out_is_found_though_every_value_was_seen_before() -> None:
    times, values = cycle(1200)
    values[800:840] = values[5:45][values[5:45] < 0.5].mean()  # low for two cycles
    detector = train_nearest(times[:400], values[:400])
    found = judge(detector, times, values)[0]
    assert found.alarm[810:840].mean() > 0.8
    assert found.alarm[400:800].mean() < 0.02
    assert (values[800:840] >= values[:400].min()).all()


def test_the_memory_is_bounded() -> None:
    times, values = cycle(5000)
    detector = train_nearest(times, values, shape=SHAPE)
    assert len(detector.courses) <= MEMORY
    assert detector.courses.shape[1] == 6


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (np.ones((300, 1)), "it does not vary"),
        (np.full((300, 1), np.nan), "more than half"),
        (np.arange(20.0)[:, None] % 3, "20 training rows give 15 whole windows; it takes 54"),
        (np.zeros((300, 2)), "the rows have 2 tags, the detector knows 1"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(values: np.ndarray, told: str) -> None:
    times = np.arange(len(values), dtype=np.int64) * 1000
    with pytest.raises(Refused, match=told):
        train_nearest(times, values, shape=SHAPE)


def test_rows_that_repeat_exactly_are_undisturbed_and_anything_else_is_an_alarm() -> None:
    place = np.arange(600)
    values = (place % 2).astype(np.float64)[:, None]
    values[500] = 0.5
    times = place.astype(np.int64) * 1000
    detector = train_nearest(times[:400], values[:400], shape=SHAPE, neighbours=3)
    found = judge(detector, times, values)[0]
    assert not np.isnan(found.severity[5:]).any()
    assert np.flatnonzero(found.alarm).tolist() == [500, 501, 502, 503, 504, 505]


def test_a_tag_that_varies_only_beside_holes_is_refused() -> None:
    values = np.zeros((400, 1))
    for row, value in ((100, 1.0), (200, -1.0)):
        values[row - 1 : row + 11] = np.nan
        values[row] = value
    with pytest.raises(Refused, match="does not vary"):
        train_nearest(np.arange(400, dtype=np.int64) * 1000, values, shape=SHAPE, neighbours=3)
