"""What projects did: difference-in-differences of matched enterprises, with its intervals.

The estimation and its covariances are statsmodels': sandwich formulas are
easily written and easily wrong. What is ours is whom to compare, what is put
into the regression, and what is said of the answer.

Not a two-way fixed-effects regression over everybody: with finishes spread
over years, that compares late finishers with early ones, whose effect it then
takes for a trend (Goodman-Bacon 2021, from memory). Here each set of an
enterprise and its like has times of its own, so nobody who was ever treated
stands in for the untreated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from statsmodels.regression.linear_model import OLS

from ballast.brain.projects.effect_matching import Floats, Ints, Panel, Sets, Window
from ballast.errors import Undefined

__all__ = ["LEAST_SETS", "Effect", "Estimate", "estimated"]

LEAST_SETS = 20
"""With fewer, intervals that rest on many clusters say more than they know."""
_STILL = 1e-9  # logarithms that differ by less are rounding
_POWER = 2.8  # z(0.975) + z(0.80): differences from so many standard errors on are found in 80 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference of logarithms with its 95 % interval.

    Parameters
    ----------
    step
        Quarters from the finish; ``None`` for the mean over those after it.
    value, low, high
        In logarithms; `percent` is what people read.
    error
        Standard error.
    """

    step: int | None
    value: float
    low: float
    high: float
    error: float

    @property
    def percent(self) -> tuple[float, float, float]:
        """Value and interval in percent.

        Examples
        --------
        >>> round(Estimate(None, 0.0488, 0.01, 0.09, 0.02).percent[0], 1)
        5.0
        """
        value, low, high = (float(np.expm1(one) * 100) for one in (self.value, self.low, self.high))
        return value, low, high

    @property
    def found(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What was estimated.

    Parameters
    ----------
    mean
        Over the quarters after the finish.
    steps
        Quarter by quarter; the one before the finish is the point of comparison and zero.
    apart
        The p-value of the test that both moved alike before the finish: small where they did not.
    sets
        How many enterprises with a finished project were compared.
    others
        With how many different ones.
    outside, gaps, alone
        How many were left out, and why; see `Sets`.
    """

    mean: Estimate
    steps: tuple[Estimate, ...]
    apart: float
    sets: int
    others: int
    outside: int
    gaps: int
    alone: int

    @property
    def parallel(self) -> bool:
        """Whether nothing speaks against their having moved alike before the finish."""
        return self.apart >= 0.05

    @property
    def visible_percent(self) -> float:
        """The smallest effect, in percent, that such data would show four times in five."""
        return float(np.expm1(_POWER * self.mean.error) * 100)


def estimated(panel: Panel, sets: Sets, window: Window) -> Effect:
    r"""Return the effect of a finished project on a figure.

    .. math:: y_{ust} = \alpha_{us} + \delta_{st}
              + \sum_{k \ne -1} \beta_k \, D_{us} \, 1[t = g_s + k] + \varepsilon_{ust}

    of enterprise u in set s and quarter t, D one for the enterprise whose project was finished in
    quarter g. Each set's others weigh as much as the one, so that β_k is the mean over sets of
    the matched difference-in-differences. Errors are clustered two ways, by set and by
    enterprise, since one may be held against several. α and δ are taken out beforehand
    (Frisch–Waugh), exactly, because each set is a full rectangle.

    Parameters
    ----------
    panel, sets, window
        The data, who is compared with whom, and over which quarters.

    Raises
    ------
    Undefined
        If fewer than `LEAST_SETS` can be compared, or with fewer different ones.

    Notes
    -----
    Stacking follows Cengiz, Dube, Lindner and Zipperer (2019), the two-way clusters Cameron,
    Gelbach and Miller (2011); both from memory.
    """
    others = len({int(unit) for some in sets.others for unit in some})
    if len(sets) < LEAST_SETS:
        raise Undefined(
            "only {count} enterprises with a finished project can be compared with like ones; an "
            "estimate needs {least}",
            count=len(sets),
            least=LEAST_SETS,
        )
    if others < LEAST_SETS:
        raise Undefined(
            "there are only {count} different enterprises to hold against; an estimate needs "
            "{least}, or the luck of one would be taken for an effect",
            count=others,
            least=LEAST_SETS,
        )
    y, x, groups = _stacked(panel, sets, window)
    if float(np.abs(y).max()) < _STILL:
        raise Undefined("the figures do not vary enough for an interval")
    fitted = OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    free = [k for k in window.steps if k != -1]
    steps = []
    for at, k in enumerate(free):
        row = np.zeros(len(free))
        row[at] = 1.0
        steps.append(_estimate(fitted, row, k))
    steps.insert(window.before - 1, Estimate(-1, 0.0, 0.0, 0.0, 0.0))
    after = np.array([1.0 / window.after if k > 0 else 0.0 for k in free])
    leads = np.eye(len(free))[[at for at, k in enumerate(free) if k < -1]]
    if np.linalg.matrix_rank(leads @ fitted.cov_params() @ leads.T) < len(leads):
        raise Undefined("the figures do not vary enough for an interval")
    test = fitted.wald_test(leads, scalar=True)
    return Effect(
        _estimate(fitted, after, None),
        tuple(steps),
        float(test.pvalue),
        len(sets),
        others,
        sets.outside,
        sets.gaps,
        sets.alone,
    )


def _estimate(fitted: object, row: Floats, step: int | None) -> Estimate:
    tested = fitted.t_test(row)  # type: ignore[attr-defined]
    low, high = np.ravel(tested.conf_int(alpha=0.05))
    value, error = float(np.ravel(tested.effect)[0]), float(np.ravel(tested.sd)[0])
    if not np.isfinite([value, low, high, error]).all():
        raise Undefined("the figures do not vary enough for an interval")
    return Estimate(step, value, float(low), float(high), error)


def _stacked(panel: Panel, sets: Sets, window: Window) -> tuple[Floats, Floats, Ints]:
    """Return figure, regressors and clusters of all sets, unit and time means taken out.

    Returns
    -------
    tuple
        y (rows), X (rows x free steps), groups (rows x 2: set, enterprise); rows are weighted by
        the root of their weight.
    """
    steps = window.steps
    free = [at for at, k in enumerate(steps) if k != -1]
    ys: list[Floats] = []
    xs: list[Floats] = []
    groups: list[Ints] = []
    for number, (unit, when, others) in enumerate(
        zip(sets.treated.tolist(), sets.quarter.tolist(), sets.others, strict=True)
    ):
        members = np.concatenate([[unit], others]).astype(np.int64)
        weight = np.concatenate([[1.0], np.full(len(others), 1.0 / len(others))])
        span = slice(when - window.before, when + window.after + 1)
        y = _demeaned(panel.values[members, span][:, :, None], weight)[:, :, 0]
        treated = np.zeros((len(members), len(steps), len(free)))
        treated[0, free, np.arange(len(free))] = 1.0
        x = _demeaned(treated, weight)
        root = np.sqrt(weight)[:, None]
        ys.append((y * root).ravel())
        xs.append((x * root[:, :, None]).reshape(-1, len(free)))
        pair = np.stack([np.full(len(members), number), members], axis=1)
        groups.append(np.repeat(pair, len(steps), axis=0))
    return np.concatenate(ys), np.concatenate(xs), np.concatenate(groups)


def _demeaned(values: Floats, weight: Floats) -> Floats:
    """Take out the mean of each unit over time and, by weights, of each time over units."""
    by_unit = values.mean(axis=1, keepdims=True)
    by_time = np.tensordot(weight / weight.sum(), values, axes=1)[None]
    whole = by_time.mean(axis=1, keepdims=True)
    return np.asarray(values - by_unit - by_time + whole)
