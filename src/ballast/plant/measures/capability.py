"""Whether a process can keep its specification: Cp, Cpk, Pp, Ppk, Cm, each with its interval.

An index without an interval is a guess that looks like a fact: of thirty
pieces a Cpk of 1.33 means anything between 1.0 and 1.7. Intervals, and a
warning where the values do not look normal, are therefore part of the result
and not an option.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.control_charts import Baseline, known
from ballast.plant.measures.distributions import chi_square_quantile, normal_quantile
from ballast.plant.measures.normality import Normality, normality
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["CONFIDENCE", "INDEX_LABELS", "Capability", "Index", "Specification", "capability"]

CONFIDENCE = 0.95

INDEX_LABELS: dict[str, Label] = {
    "cp": Label("过程能力指数 Cp", "process capability index Cp"),
    "cpk": Label("过程能力指数 Cpk", "process capability index Cpk"),
    "pp": Label("过程性能指数 Pp", "process performance index Pp"),
    "ppk": Label("过程性能指数 Ppk", "process performance index Ppk"),
    "cm": Label("设备能力指数 Cm", "machine capability index Cm"),
    "cmk": Label("设备能力指数 Cmk", "machine capability index Cmk"),
}


@dataclass(frozen=True, slots=True)
class Specification:
    """The limits of the specification, in the unit of the values; one of them may be absent."""

    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """One index with its interval.

    Parameters
    ----------
    value
        ``None``: it does not exist.
    low, high
        The bounds of its interval; ``None`` where there is none.
    why
        Why the index does not exist.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """The indices of one characteristic.

    Parameters
    ----------
    cp, cpk
        By the spread within subgroups, or from row to row: what the process
        could do if nothing moved it.
    pp, ppk
        By the spread of all values: what it did.
    cm, cmk
        As ``pp`` and ``ppk``, but of a run of one machine without a break;
        ``None`` unless the values are said to be such a run.
    mean, overall
        Mean and standard deviation of all values.
    within
        The baseline behind ``cp`` and ``cpk``.
    count
        How many values are known.
    normal
        Whether they look normal.
    """

    cp: Index
    cpk: Index
    pp: Index
    ppk: Index
    cm: Index | None
    cmk: Index | None
    mean: float
    overall: float
    within: Baseline
    count: int
    normal: Normality


def capability(
    values: npt.ArrayLike,
    limits: Specification,
    within: Baseline,
    *,
    machine_run: bool = False,
    confidence: float = CONFIDENCE,
) -> Capability:
    """Return the capability of a process.

    Parameters
    ----------
    values
        All values, of any shape; nan where missing.
    limits
        Of the specification; at least one.
    within
        The spread within subgroups, from ``baseline_of_ranges``,
        ``baseline_of_deviations`` or ``baseline_of_individuals``.
    machine_run
        Whether the values are a run of one machine without a break.
    confidence
        Of the two-sided intervals, strictly between 0 and 1.

    Raises
    ------
    Refused
        If there is no limit, one is no finite number, they are not in order, or the confidence
        is none.

    Notes
    -----
    Cp = (U − L)/(6 σ̂), Cpk = min(U − x̄, x̄ − L)/(3 σ̂) with σ̂ within subgroups; Pp,
    Ppk alike with the standard deviation s of all values; Cm = (U − L)/(6 s) of a
    machine run. With one limit only, the first of each pair does not exist and
    the second has the limit that there is.

    Intervals. Cp, Pp: ν σ̂²/σ² as χ² with ν degrees of freedom, index · √(χ²ᵧ/ν) at
    γ = α/2 and 1 − α/2; exact for s with ν = n − 1, for σ̂ from ranges or standard
    deviations of subgroups an approximation with the ν of its variance
    (``Baseline.freedom``). Cpk, Ppk: index ± z √(1/(9 n) + index²/(2 ν)), a normal
    approximation for large n.

    Sources: ISO 22400-2 for Cp and Cm in the reading of the design page; SAS/QC
    User's Guide, XCHART, "Control Limits with Capability Indices" (Cp, Cpk) and
    sample library, CPCON (interval of Cp, after Chou, Owen and Borrego 1990);
    interval of Cpk: Minitab, "Methods and formulas", after A. F. Bissell, "How
    reliable is your capability index?", Applied Statistics 39 (1990).

    Examples
    --------
    >>> within = Baseline(97.0, 1.6, 29.0, 30)
    >>> sample = 97.0 + 1.6 * np.tile([1.0, -1.0], 15) * math.sqrt(29 / 30)
    >>> found = capability(sample, Specification(90.0, 100.0), within)
    >>> print(f"{found.cpk.value:.3f} {found.cpk.low:.3f} {found.cpk.high:.3f}")
    0.625 0.425 0.825
    """
    _check(limits, confidence)
    given = known(values)
    points = given[np.isfinite(given)]
    count = len(points)
    mean = float(points.mean()) if count else math.nan
    # Values that are all alike have a deviation of exactly zero, whatever rounding says.
    varied = count > 1 and bool(points.min() < points.max())
    overall = float(points.std(ddof=1)) if varied else (0.0 if count > 1 else math.nan)
    inside = _Spread(within.sigma, within.freedom, within.why)
    outside = _Spread(overall, float(count - 1), None)
    pp, ppk = (
        _potential(limits, outside, confidence),
        _actual(limits, mean, outside, count, confidence),
    )
    return Capability(
        cp=_potential(limits, inside, confidence),
        cpk=_actual(limits, mean, inside, count, confidence),
        pp=pp,
        ppk=ppk,
        cm=pp if machine_run else None,
        cmk=ppk if machine_run else None,
        mean=mean,
        overall=overall,
        within=within,
        count=count,
        normal=normality(points),
    )


@dataclass(frozen=True, slots=True)
class _Spread:
    sigma: float
    freedom: float
    why: Sentence | None

    @property
    def missing(self) -> Sentence | None:
        """Why nothing can be divided by this spread; None where it can."""
        if self.sigma > 0:
            return None
        if self.why is not None:
            return self.why
        if self.sigma == 0:
            return Sentence("the values do not differ: nothing can be said of capability")
        return Sentence("there are too few values to say how they vary")


def _potential(limits: Specification, spread: _Spread, confidence: float) -> Index:
    if limits.lower is None or limits.upper is None:
        return Index(None, why=Sentence("with one limit only there is no width to compare with"))
    if spread.missing:
        return Index(None, why=spread.missing)
    value = (limits.upper - limits.lower) / (6.0 * spread.sigma)
    if not spread.freedom > 0:
        return Index(value)
    tail = (1.0 - confidence) / 2.0
    low, high = (
        value * math.sqrt(chi_square_quantile(at, spread.freedom) / spread.freedom)
        for at in (tail, 1.0 - tail)
    )
    return Index(value, low, high)


def _actual(
    limits: Specification, mean: float, spread: _Spread, count: int, confidence: float
) -> Index:
    if spread.missing:
        return Index(None, why=spread.missing)
    if not math.isfinite(mean):
        return Index(None, why=Sentence("there are too few values to say how they vary"))
    rooms = [
        *([] if limits.upper is None else [limits.upper - mean]),
        *([] if limits.lower is None else [mean - limits.lower]),
    ]
    value = min(rooms) / (3.0 * spread.sigma)
    if not spread.freedom > 0:
        return Index(value)
    error = math.hypot(1.0 / math.sqrt(9.0 * count), value / math.sqrt(2.0 * spread.freedom))
    half = normal_quantile(0.5 + confidence / 2.0) * error
    return Index(value, value - half, value + half)


def _check(limits: Specification, confidence: float) -> None:
    if limits.lower is None and limits.upper is None:
        raise Refused("a specification needs a lower limit, an upper limit or both")
    if not all(math.isfinite(one) for one in (limits.lower, limits.upper) if one is not None):
        raise Refused("a limit of the specification is no finite number; leave it out or mend it")
    if limits.lower is not None and limits.upper is not None and not limits.lower < limits.upper:
        raise Refused(
            "the lower limit of the specification is {lower}, the upper {upper}; "
            "the lower must be below",
            lower=limits.lower,
            upper=limits.upper,
        )
    if not 0.0 < confidence < 1.0:
        raise Refused(
            "the confidence is {confidence}; it must lie between 0 and 1", confidence=confidence
        )
