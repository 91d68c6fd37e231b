from __future__ import annotations

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from ballast.errors import Refused
from ballast.plant.measures.hotelling import Joint, joint_baseline, joint_groups, judge

COVARIANCE = np.array([[4.0, 1.5, 0.2], [1.5, 1.0, 0.1], [0.2, 0.1, 0.25]])


def drawn(*shape: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.random.default_rng(seed).multivariate_normal([5.0, -2.0, 100.0], COVARIANCE, shape)


def test_t_squared_of_single_rows_is_the_form_with_the_inverse_covariance() -> None:
    rows = drawn(60)
    off = rows - rows.mean(axis=0)
    expected = np.einsum("ri,ij,rj->r", off, np.linalg.inv(np.cov(rows.T)), off)
    found = judge(rows, joint_baseline(rows), estimating=True)
    assert found.values == pytest.approx(expected, rel=1e-9)
    assert found.parts.sum(axis=1) == pytest.approx(expected, rel=1e-9)
    # An identity: the squares of the estimating rows add up to p (n − 1).
    assert found.values.sum() == pytest.approx(3 * 59, rel=1e-9)


def test_the_limits_of_single_rows_are_those_of_the_handbook_and_of_tracy_young_and_mason() -> None:
    """Phase II: NIST/SEMATECH e-Handbook, 6.5.4.3; phase I: SAS/QC, Tracy et al. (1992)."""
    m, p, alpha = 60, 3, 0.0027
    base = joint_baseline(drawn(m))
    second = p * (m + 1) * (m - 1) / (m**2 - m * p) * stats.f.ppf(1 - alpha, p, m - p)
    first = (m - 1) ** 2 / m * stats.beta.ppf(1 - alpha, p / 2, (m - p - 1) / 2)
    row = drawn(1)
    assert judge(row, base).upper[0] == pytest.approx(second, rel=1e-9)
    assert judge(row, base, estimating=True).upper[0] == pytest.approx(first, rel=1e-9)


def test_t_squared_of_the_textile_fibres_is_that_of_the_textbook() -> None:
    """D. C. Montgomery, "Introduction to Statistical Quality Control", example 11-1.

    Tensile strength and diameter of 20 samples of ten fibres, as reprinted at
    scribd.com/document/89759664, which leaves out sample 18. Centre and covariance are printed to
    two decimals; so are the values of T².
    """
    strength = [
        115.25, 115.91, 115.05, 116.21, 115.90, 115.55, 114.98, 115.25, 116.15, 115.92, 115.75,
        114.90, 116.01, 115.83, 115.29, 115.63, 115.47, 115.72, 115.40,
    ]  # fmt: skip
    diameter = [
        1.04, 1.06, 1.09, 1.05, 1.07, 1.06, 1.05, 1.10, 1.09, 1.05, 0.99, 1.06, 1.05, 1.07, 1.11,
        1.04, 1.03, 1.06, 1.04,
    ]  # fmt: skip
    printed = [
        2.16, 2.14, 6.77, 8.29, 1.89, 0.03, 7.54, 3.01, 5.92, 2.41, 1.13, 9.96, 3.86, 1.11, 2.56,
        0.08, 0.19, 0.35, 0.62,
    ]  # fmt: skip
    covariance = np.array([[1.23, 0.79], [0.79, 0.83]])
    base = Joint(
        np.array([115.59, 1.06]),
        np.linalg.cholesky(np.linalg.inv(covariance)),
        20 * 9,
        200,
        grouped=True,
    )
    # Only the means of a subgroup count: ten pieces that are all alike have them.
    groups = np.repeat(np.column_stack([strength, diameter])[:, None], 10, axis=1)
    assert judge(groups, base).values == pytest.approx(printed, abs=0.02)


def test_the_limit_of_further_subgroups_is_the_one_worked_out_elsewhere() -> None:
    """Montgomery's exercise 11-2: 30 samples of ten, three characteristics, α = 0.001: 17.4251.

    As worked at solutioninn.com/study-help/questions/3-reconsider-the-situation-in-exercise-112.
    """
    base = Joint(np.zeros(3), np.eye(3), 30 * 9, 300, grouped=True)
    found = judge(np.zeros((1, 10, 3)), base, false_alarms=0.001)
    assert found.upper[0] == pytest.approx(17.4251, abs=5e-4)


def test_the_limits_of_subgroups_are_those_of_equal_sizes_in_the_textbooks() -> None:
    m, n, p, alpha = 20, 4, 3, 0.01
    groups = drawn(m, n)
    base = joint_groups(groups)
    f = stats.f.ppf(1 - alpha, p, m * n - m - p + 1)
    scale = p * (n - 1) / (m * n - m - p + 1) * f
    first = judge(groups, base, estimating=True, false_alarms=alpha)
    second = judge(groups, base, false_alarms=alpha)
    assert first.upper == pytest.approx([(m - 1) * scale] * m, rel=1e-9)
    assert second.upper == pytest.approx([(m + 1) * scale] * m, rel=1e-9)


def test_t_squared_of_subgroups_is_the_form_with_the_pooled_covariance() -> None:
    groups = drawn(20, 4)
    pooled = np.mean([np.cov(group.T) for group in groups], axis=0)
    off = groups.mean(axis=1) - groups.mean(axis=(0, 1))
    expected = 4 * np.einsum("ri,ij,rj->r", off, np.linalg.inv(pooled), off)
    assert judge(groups, joint_groups(groups)).values == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("grouped", "estimating"), [(False, False), (False, True), (True, False)])
def test_undisturbed_rows_lie_beyond_the_limit_as_often_as_it_says(
    grouped: bool, estimating: bool
) -> None:
    """By simulation, with subgroups of unequal size; small baselines are where a limit errs."""
    hits = total = 0
    for seed in range(300):
        shape = (12, 4) if grouped else (15,)
        rows, more = drawn(*shape, seed=seed), drawn(*shape, seed=seed + 10_000)
        if grouped:
            rows[::2, 3], more[::3, 2:] = np.nan, np.nan
        base = joint_groups(rows) if grouped else joint_baseline(rows)
        found = judge(rows if estimating else more, base, estimating=estimating, false_alarms=0.05)
        hits += int(found.beyond.sum())
        total += len(found.values)
    assert hits / total == pytest.approx(0.05, abs=0.013)


def test_a_row_against_the_correlation_is_found_though_each_tag_is_within_three_sigma() -> None:
    base = joint_baseline(drawn(500))
    odd = np.array([[5.0 + 3.6, -2.0 - 1.8, 100.0]])
    assert (np.abs(odd[0] - [5.0, -2.0, 100.0]) < 2 * np.sqrt(np.diag(COVARIANCE))).all()
    assert judge(odd, base).beyond.tolist() == [True]


def test_rows_judged_one_by_one_are_judged_as_in_a_batch() -> None:
    base, rows = joint_baseline(drawn(60)), drawn(20, seed=3)
    rows[4, 1] = np.nan
    whole = judge(rows, base)
    ones = [judge(rows[row : row + 1], base) for row in range(20)]
    np.testing.assert_allclose([one.values[0] for one in ones], whole.values, rtol=1e-12)
    np.testing.assert_array_equal([one.upper[0] for one in ones], whole.upper)
    assert np.isnan(whole.values[4])
    assert not whole.beyond[4]


def test_units_far_apart_change_nothing() -> None:
    rows, scales = drawn(60), np.array([1e-9, 1.0, 1e9])
    found = judge(rows * scales, joint_baseline(rows * scales))
    assert found.values == pytest.approx(judge(rows, joint_baseline(rows)).values, rel=1e-6)


def test_a_tag_that_follows_from_the_others_or_never_varies_leaves_nothing_to_judge_by() -> None:
    rows = drawn(60)
    copied = np.column_stack([rows, rows[:, 0] + 2 * rows[:, 1]])
    stuck = np.column_stack([rows, np.full(60, 7.0)])
    for table in (copied, stuck):
        base = joint_baseline(table)
        assert base.why is not None
        assert "leave it out" in base.why.text("en")
        found = judge(table, base)
        assert np.isnan(found.values).all()
        assert np.isnan(found.upper).all()


def test_too_few_rows_leave_nothing_to_judge_by() -> None:
    base = joint_baseline(drawn(3))
    assert base.why is not None
    assert "need more than 3 pieces" in base.why.text("en")
    assert np.isnan(judge(drawn(2), joint_baseline(np.full((4, 3), np.nan))).upper).all()
    # Four rows give a covariance, but in phase I the limit takes one more.
    four = joint_baseline(drawn(4))
    assert np.isnan(judge(drawn(4), four, estimating=True).upper).all()
    assert np.isfinite(judge(drawn(4), four).upper).all()


def test_tables_of_another_shape_are_refused() -> None:
    base = joint_baseline(drawn(60))
    with pytest.raises(Refused, match="dimensions"):
        joint_groups(drawn(5))
    with pytest.raises(Refused, match="dimensions"):
        judge(drawn(5, 2), base)
    with pytest.raises(Refused, match="2 tags"):
        judge(drawn(5)[:, :2], base)
    with pytest.raises(Refused, match="between 0 and 1"):
        judge(drawn(5), base, false_alarms=0.0)
