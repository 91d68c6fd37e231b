"""Principal components of lagged windows: what is seen, what is left out, what is told."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from ballast.errors import Refused
from ballast.plant.detection.findings import MOST_SEVERE
from ballast.plant.detection.lagged_pca import LaggedPca, contributions, train_pca
from ballast.plant.detection.streaming import judge
from ballast.plant.detection.windows import Shape, lagged, smoothed

Floats = npt.NDArray[np.float64]
ROWS = 1200


def times_of(count: int) -> npt.NDArray[np.int64]:
    return np.arange(count, dtype=np.int64) * 1000


def plant(seed: int = 0, count: int = ROWS) -> Floats:
    """Return four tags that know of each other: a load, what follows it, its negative, noise."""
    rng = np.random.default_rng(seed)
    load = rng.normal(size=count)
    return np.column_stack(
        [
            50.0 + load,
            7.0 + 3.0 * load + 0.3 * rng.normal(size=count),
            -load + 0.3 * rng.normal(size=count),
            rng.normal(size=count),
        ]
    )


def trained(values: Floats, **asked: object) -> LaggedPca:
    return train_pca(times_of(400), values[:400], **asked)  # type: ignore[arg-type]


def test_both_statistics_are_those_of_the_textbook() -> None:
    values = plant()
    shape = Shape(lags=2, smooth=3, hold=0)
    detector = trained(values, shape=shape, variance=0.7)
    found = judge(detector, times_of(ROWS), values)[0]
    means = np.stack([values[t - 2 : t + 1].mean(axis=0) for t in range(2, ROWS)])
    windows = np.concatenate([means[1:], means[:-1]], axis=1)  # the row, then the one before it
    training = windows[: 400 - 3]
    scale = np.tile(training[:, :4].std(axis=0), 2)
    x = (windows - training.mean(axis=0)) / scale
    _, sizes, axes = np.linalg.svd(x[: 400 - 3], full_matrices=False)
    variances = sizes**2 / (400 - 3 - 1)
    kept = int(np.searchsorted(np.cumsum(variances) / variances.sum(), 0.7) + 1)
    scores = x @ axes[:kept].T
    t2 = (scores**2 / variances[:kept]).sum(axis=1)
    q = ((x - scores @ axes[:kept]) ** 2).sum(axis=1)
    assert np.isnan(found.statistics[:, :3]).all()
    np.testing.assert_allclose(found.statistics[0, 3:], t2, rtol=1e-8)
    np.testing.assert_allclose(found.statistics[1, 3:], q, rtol=1e-8)
    np.testing.assert_array_equal(found.alarm, found.severity > 1.0)


def test_undisturbed_rows_raise_few_alarms_and_a_shift_raises_one() -> None:
    times, shares = times_of(8000), []
    for seed in range(6):
        values = plant(seed, 8000)
        detector = train_pca(times[:1000], values[:1000])
        shares.append(judge(detector, times, values)[0].alarm[1000:].mean())
        values[2000:, 3] += 3.0
        assert judge(detector, times, values)[0].alarm[2030:].mean() > 0.9
    assert np.mean(shares) < 0.01  # 0.0027 are aimed at; rows in a window are not independent


def test_two_tags_that_part_company_are_found_though_each_stays_in_its_range() -> None:
    values = plant(2)
    before = values[:, 1].copy()
    values[800:, 1] = 7.0 - 3.0 * (values[800:, 0] - 50.0)  # follows the load the wrong way
    assert values[:, 1].min() > before.min() - 1.0
    detector = trained(values, shape=Shape(3, 1, 0), variance=0.95)
    found = judge(detector, times_of(ROWS), values)[0]
    assert found.alarm[400:800].mean() < 0.02
    assert found.alarm[805:].mean() > 0.9
    assert (found.statistics[1, 805:] > found.limits[1]).mean() > 0.9


def test_contributions_add_up_to_the_statistics_and_name_the_tag() -> None:
    values = plant(3)
    values[800:, 2] += 4.0
    detector = trained(values)
    times = times_of(ROWS)
    found = judge(detector, times, values)[0]
    rows = [500, 850, 900]
    parts = contributions(detector, times, values, rows)
    np.testing.assert_allclose(parts.t2.sum(axis=1), found.statistics[0, rows], rtol=1e-9)
    np.testing.assert_allclose(parts.q.sum(axis=1), found.statistics[1, rows], rtol=1e-9)
    assert (parts.t2 >= 0).all()
    assert (parts.q >= 0).all()
    assert (parts.q[1:] + parts.t2[1:]).argmax(axis=1).tolist() == [2, 2]


def test_a_tag_that_never_moved_or_wandered_is_left_out_and_said() -> None:
    values = plant(4)
    wandering = np.cumsum(np.ones(ROWS)) / 100.0
    values = np.column_stack([values, np.full(ROWS, 3.0), wandering])
    detector = trained(values)
    assert detector.used == (0, 1, 2, 3)
    assert detector.without[4].text("en") == "it does not vary over the training rows"
    assert detector.without[5].text("en").startswith("it wanders over the training rows")
    assert trained(values, keep_wandering=True).used == (0, 1, 2, 3, 5)
    parts = contributions(detector, times_of(ROWS), values, [600])
    assert parts.t2[0, 4:].tolist() == [0.0, 0.0]


def test_tags_that_are_the_same_are_no_trouble_and_their_parting_is_found() -> None:
    values = np.column_stack([plant(5), plant(5)[:, 0]])
    detector = trained(values)
    assert judge(detector, times_of(ROWS), values)[0].alarm[400:].mean() < 0.05
    values[800:, 4] += 2.0
    assert judge(detector, times_of(ROWS), values)[0].alarm[815:].mean() > 0.9


def test_a_single_tag_can_be_judged() -> None:
    values = plant(6)[:, :1]
    values[800:] += 4.0
    found = judge(trained(values), times_of(ROWS), values)[0]
    assert found.alarm[820:].mean() > 0.95


def test_a_value_beyond_all_measure_is_an_alarm_and_not_unknown() -> None:
    values = plant(7)
    detector = trained(values)
    values[600:640, 1] = 1e300
    values[700:740, 2] = -1e160
    found = judge(detector, times_of(ROWS), values)[0]
    assert found.alarm[600:640].all()
    assert found.alarm[700:740].all()
    assert found.unknown == detector.shape.span - 1


def test_missing_values_are_held_for_a_while_and_then_unknown() -> None:
    values = plant(8)
    detector = trained(values)
    span, hold = detector.shape.span, detector.shape.hold
    values[600 : 600 + hold, 0] = np.nan
    values[800 : 800 + hold + 3, 0] = np.nan
    found = judge(detector, times_of(ROWS), values)[0]
    assert np.isfinite(found.severity[span : 800 + hold]).all()
    unknown = np.flatnonzero(np.isnan(found.severity[span:])) + span
    assert unknown.tolist() == [*range(800 + hold, 800 + hold + 3 + span - 1)]
    assert not found.alarm[unknown].any()


def test_after_a_pause_nothing_is_said_until_a_window_is_full() -> None:
    values = plant(9)
    times = times_of(ROWS)
    times[600:] += 3_600_000
    detector = trained(values)
    found = judge(detector, times, values)[0]
    unknown = np.flatnonzero(np.isnan(found.severity)).tolist()
    span = detector.shape.span
    assert unknown == [*range(span - 1), *range(600, 600 + span - 1)]


def test_steps_that_are_merely_irregular_are_no_pause() -> None:
    times = np.cumsum(np.tile([1000, 1000, 2000, 5000], ROWS // 4)).astype(np.int64)
    values = plant(9)
    detector = train_pca(times[:400], values[:400])
    assert judge(detector, times, values)[0].unknown == detector.shape.span - 1


def test_the_rows_behind_the_training_have_no_say_in_it() -> None:
    values = plant(10)
    disturbed = values.copy()
    disturbed[400:] = np.nan
    one, other = trained(values), trained(disturbed)
    assert one.limit == other.limit
    assert one.space.components.tobytes() == other.space.components.tobytes()


@pytest.mark.parametrize(
    ("count", "spoil", "told"),
    [
        (30, None, "30 training rows give 19 whole windows; it takes 96"),
        (400, "constant", "none of 4 tags can be judged: it does not vary"),
        (400, "missing", "more than half of its training rows are missing"),
        (0, None, "none of 4 tags can be judged"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(count: int, spoil: str | None, told: str) -> None:
    values = plant(11)[:count]
    if spoil:
        values[:] = 1.0 if spoil == "constant" else np.nan
    with pytest.raises(Refused, match=told):
        train_pca(times_of(count), values, keep_wandering=True)


@pytest.mark.parametrize("share", [0.0, 1.5, float("nan")])
def test_shares_out_of_bounds_are_refused(share: float) -> None:
    values = plant(12)
    with pytest.raises(Refused, match="share of variance"):
        trained(values, variance=share)
    with pytest.raises(Refused, match="share of false alarms"):
        trained(values, false_alarms=share)


@pytest.mark.parametrize("shape", [(0, 1, 0), (1, 0, 0), (1, 1, -1)])
def test_a_window_of_nothing_is_refused(shape: tuple[int, int, int]) -> None:
    with pytest.raises(Refused, match="is none"):
        Shape(*shape)


def test_windows_are_the_row_and_those_before_it() -> None:
    rows = np.arange(12.0).reshape(6, 2).T
    assert lagged(rows, 3)[:, 4].tolist() == [8.0, 9.0, 6.0, 7.0, 4.0, 5.0]
    assert smoothed(rows, 3)[:, 2].tolist() == [2.0, 3.0]
    assert np.isnan(smoothed(rows, 7)).all()


def test_rows_that_repeat_exactly_and_values_no_sensor_means_give_numbers() -> None:
    place = np.arange(600)
    values = np.stack([place % 2, (place % 2) * 3.0], axis=1).astype(np.float64)
    values[500, 0] = 1e308
    times = place.astype(np.int64) * 1000
    detector = train_pca(times[:400], values[:400])
    found = judge(detector, times, values)[0]
    assert not np.isnan(found.severity[50:]).any()
    assert found.severity.max(initial=0.0, where=np.isfinite(found.severity)) == MOST_SEVERE
    assert not found.alarm[50:500].any()
    assert found.alarm[500]
