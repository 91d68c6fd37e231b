"""Hotelling's T²: several measured values judged together, for what none shows alone.

Two tags that rise and fall together may each stay within their limits while
one stops following the other. The sum of squares after whitening is the only
chart here whose limit is a quantile and not three standard deviations: T² is
skewed, and the limit also depends on whether a row helped to estimate it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.control_charts import known
from ballast.plant.measures.distributions import beta_quantile, f_quantile
from ballast.plant.measures.ratios import Floats, ratio
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["FALSE_ALARMS", "LABEL", "Joint", "TSquared", "joint_baseline", "joint_groups", "judge"]

LABEL = Label("霍特林 T² 控制图", "Hotelling's T² chart")
FALSE_ALARMS = 0.0027
"""The share of undisturbed rows beyond the limit: that of three standard deviations."""

# Correlations whose smallest eigenvalue is below this share of the largest leave no inverse.
_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Joint:
    """What phase I found of several tags together, frozen.

    Parameters
    ----------
    mean
        Of shape (tags,).
    whitener
        W with W Wᵀ the inverse covariance of one piece, of shape (tags, tags);
        nan where there is no inverse.
    freedom
        Degrees of freedom of the covariance: n − 1 for single rows, Σ (nᵢ − 1)
        for subgroups.
    count
        How many pieces were looked at.
    grouped
        Whether it was estimated within subgroups.
    why
        Why there is nothing to judge by, where that is so.
    """

    mean: Floats
    whitener: Floats
    freedom: int
    count: int
    grouped: bool
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class TSquared:
    """The points of a T² chart; arrays of shape (rows,) but for the parts.

    Parameters
    ----------
    values
        T²; nan where a tag is missing.
    upper
        The limit; there is none below.
    parts
        What each tag adds to T², of shape (rows, tags); they sum to it, and may
        be below zero where tags are correlated.
    """

    values: Floats
    upper: Floats
    parts: Floats

    @property
    def beyond(self) -> npt.NDArray[np.bool_]:
        """Which rows lie beyond the limit; what is not known does not."""
        return self.values > self.upper


def joint_baseline(values: npt.ArrayLike) -> Joint:
    """Return the joint baseline of single rows: their mean and their covariance.

    Parameters
    ----------
    values
        Of shape (rows, tags); a row in which a tag is missing is left out.

    Raises
    ------
    Refused
        If the table has not two dimensions.
    """
    table = known(values)
    _of_dimensions(table, 2)
    whole = table[np.isfinite(table).all(axis=1)]
    mean = whole.mean(axis=0) if len(whole) else np.full(table.shape[1], np.nan)
    off = whole - mean
    return _joint(mean, off.T @ off, len(whole) - 1, len(whole), grouped=False)


def joint_groups(values: npt.ArrayLike) -> Joint:
    """Return the joint baseline of subgroups: the mean of all, the covariance within.

    Parameters
    ----------
    values
        Of shape (subgroups, pieces, tags); a piece of which a tag is missing is
        left out, so that subgroups may differ in size.

    Raises
    ------
    Refused
        If the table has not three dimensions.
    """
    table = known(values)
    _of_dimensions(table, 3)
    there, means, sizes = _group_means(table)
    count = int(sizes.sum())
    total = np.where(there[..., None], table, 0.0).sum(axis=(0, 1))
    off = np.where(there[..., None], table - means[:, None, :], 0.0).reshape(-1, table.shape[2])
    freedom = int(np.maximum(sizes - 1, 0).sum())
    return _joint(ratio(total, count), off.T @ off, freedom, count, grouped=True)


def judge(
    values: npt.ArrayLike,
    baseline: Joint,
    *,
    estimating: bool = False,
    false_alarms: float = FALSE_ALARMS,
) -> TSquared:
    """Return the T² of rows or subgroups, one by one: a stream and a batch come to the same.

    Parameters
    ----------
    values
        Of shape (rows, tags) for single rows, (subgroups, pieces, tags) for
        subgroups; nan where missing.
    baseline
        From `joint_baseline` or `joint_groups` in the same shape.
    estimating
        Whether these are the rows the baseline was estimated from (phase I).
    false_alarms
        The share of undisturbed rows beyond the limit, strictly between 0 and 1.

    Raises
    ------
    Refused
        If the shape is not that of the baseline, or the share is none.

    Notes
    -----
    T² = n (x̄ − x̿)ᵀ S⁻¹ (x̄ − x̿) with n pieces under the row. With p tags, ν
    degrees of freedom and N pieces in the baseline, the limit is

    phase II: (1 + n/N) p ν / (ν − p + 1) · F₁₋α(p, ν − p + 1);
    phase I, subgroups: the same with 1 − n/N;
    phase I, single rows: (N − 1)²/N · Beta₁₋α(p/2, (N − p − 1)/2).

    For single rows phase II is p (N + 1)(N − 1) / (N² − N p) · F(p, N − p); for m
    subgroups of one size p (m ± 1)(n − 1) / (m n − m − p + 1) · F.

    Sources: NIST/SEMATECH e-Handbook of Statistical Methods, 6.5.4.3.4 (single
    rows, phase II); D. C. Montgomery, "Introduction to Statistical Quality
    Control", example 11-1, in a reprint of its table (T² of subgroups); SAS/QC
    User's Guide, "Computing T² Control Limits", after Tracy, Young and Mason
    (1992) (single rows, phase I); the form for unequal subgroups from the
    variance of x̄ − x̿, (1/n ± 1/N) Σ.

    Examples
    --------
    >>> rows = np.array([[0.0, 0.1], [1.0, 1.0], [2.0, 1.9], [3.0, 3.2], [4.0, 3.9], [5.0, 5.1]])
    >>> base = joint_baseline(rows)
    >>> judge([[2.0, 4.0]], base).beyond, judge([[6.0, 6.0]], base).beyond
    (array([ True]), array([False]))
    """
    if not 0.0 < false_alarms < 1.0:
        raise Refused(
            "the share of false alarms is {share}; it must lie between 0 and 1",
            share=false_alarms,
        )
    table = known(values)
    _of_dimensions(table, 3 if baseline.grouped else 2)
    if table.shape[-1] != len(baseline.mean):
        raise Refused(
            "the rows have {tags} tags and the baseline {wanted}; give the same ones",
            tags=table.shape[-1],
            wanted=len(baseline.mean),
        )
    if baseline.grouped:
        _, means, sizes = _group_means(table)
    else:
        sizes = np.asarray(np.isfinite(table).all(axis=1), dtype=np.int64)
        means = np.where(sizes[:, None] > 0, table, np.nan)
    off = means - baseline.mean
    pulled = off @ (baseline.whitener @ baseline.whitener.T)
    parts = sizes[:, None] * off * pulled
    squares = sizes * ((off @ baseline.whitener) ** 2).sum(axis=1)
    upper = _limits(sizes, baseline, estimating=estimating, false_alarms=false_alarms)
    return TSquared(squares, upper, parts)


def _limits(
    sizes: npt.NDArray[np.int64], baseline: Joint, *, estimating: bool, false_alarms: float
) -> Floats:
    tags, freedom, count = len(baseline.mean), baseline.freedom, baseline.count
    under = freedom - tags + 1
    if baseline.why is not None or under < 1:
        return np.full(sizes.shape, np.nan)
    if estimating and not baseline.grouped:
        if count - tags - 1 < 1:
            return np.full(sizes.shape, np.nan)
        beta = beta_quantile(1.0 - false_alarms, tags / 2.0, (count - tags - 1) / 2.0)
        limit = (count - 1) ** 2 / count * beta
        return np.where(sizes > 0, limit, np.nan)
    scale = tags * freedom / under * f_quantile(1.0 - false_alarms, tags, under)
    share = sizes / count
    return np.where(sizes > 0, scale * (1.0 - share if estimating else 1.0 + share), np.nan)


def _joint(mean: Floats, squares: Floats, freedom: int, count: int, *, grouped: bool) -> Joint:
    """Return the baseline with the inverse of its covariance, or the reason it has none."""
    tags = len(mean)
    nothing = np.full((tags, tags), np.nan)
    if freedom < tags:
        why = Sentence(
            "{tags} tags need more than {count} pieces to estimate how they vary together",
            {"tags": tags, "count": count},
        )
        return Joint(mean, nothing, max(freedom, 0), count, grouped, why)
    covariance = squares / freedom
    sigma = np.sqrt(np.diag(covariance))
    if (sigma > 0).all():
        # Through the correlations: units as far apart as bar and micrometre would hide which
        # tags follow from the others.
        weights, axes = np.linalg.eigh(covariance / np.outer(sigma, sigma))
        if weights[0] > _SINGULAR * weights[-1]:
            whitener = axes / sigma[:, None] / np.sqrt(weights)
            return Joint(mean, whitener, freedom, count, grouped)
    why = Sentence("a tag does not vary, or follows from the others: leave it out")
    return Joint(mean, nothing, freedom, count, grouped, why)


def _group_means(
    table: Floats,
) -> tuple[npt.NDArray[np.bool_], Floats, npt.NDArray[np.int64]]:
    there = np.asarray(np.isfinite(table).all(axis=2), dtype=np.bool_)
    sizes = np.asarray(there.sum(axis=1), dtype=np.int64)
    total = np.where(there[..., None], table, 0.0).sum(axis=1)
    return there, ratio(total, sizes[:, None]), sizes


def _of_dimensions(table: Floats, wanted: int) -> None:
    if table.ndim != wanted:
        raise Refused(
            "the table of tags has {dimensions} dimensions; {wanted} are needed",
            dimensions=table.ndim,
            wanted=wanted,
        )
