"""A region's table from the nation's: location quotients and balancing (RAS).

No city publishes an input–output table of its own. What is made here is an
estimate and has to be shown as one: it assumes the nation's technology, and
guesses from employment how much of it is bought within the region.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ballast.brain.chains.table import Floats
from ballast.errors import Refused

__all__ = ["Balanced", "Quotient", "ras", "regional_coefficients", "trading_quotients"]


class Quotient(StrEnum):
    """How the share that a region supplies itself is guessed."""

    SLQ = "slq"  # simple: the supplier's location quotient
    CILQ = "cilq"  # cross-industry: the supplier's over the buyer's
    FLQ = "flq"  # Flegg's: cross-industry, smaller for smaller regions


def trading_quotients(
    regional: Floats, national: Floats, method: Quotient, *, delta: float = 0.3
) -> Floats:
    """Return the quotient by which each of the nation's coefficients is cut, before the bound at 1.

    Parameters
    ----------
    regional, national
        Shape (n,): employment (or output) of each sector in the region and in the nation.
    method
        Which quotient.
    delta
        FLQ's exponent, 0 to below 1; published estimates lie about 0.3 and vary by country.

    Returns
    -------
    Floats
        Shape (n, n), supplier by buyer; nan where the buyer is not in the region or a sector not
        in the nation.

    Raises
    ------
    Refused
        A negative or missing number, a region larger than its nation, a delta out of range.

    Notes
    -----
    Equations: SLQ_i = (e_i/e) / (E_i/E);  CILQ_ij = SLQ_i / SLQ_j, with SLQ_i on the diagonal;
    FLQ_ij = CILQ_ij · [log₂(1 + e/E)]^δ.

    Source: A. T. Flegg and C. D. Webber, "On the Appropriate Use of Location Quotients in
    Generating Regional Input–Output Tables", Regional Studies 31 (1997). From memory of it.

    Examples
    --------
    >>> part, whole = np.array([10.0, 10.0]), np.array([100.0, 300.0])
    >>> trading_quotients(part, whole, Quotient.SLQ).round(3).tolist()
    [[2.0, 2.0], [0.667, 0.667]]
    """
    if not 0 <= delta < 1:
        raise Refused("delta is {delta}; it must be from 0 to below 1", delta=delta)
    for values in (regional, national):
        if not np.isfinite(values).all() or (values < 0).any():
            raise Refused("employment by sector must be known and not negative, in every sector")
    if (regional > national).any() or not regional.sum() > 0:
        raise Refused(
            "a sector of the region is larger than that of the nation, or the region is empty; "
            "take both from one source and one year"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = (regional / regional.sum()) / (national / national.sum())
        crossed = simple[:, None] / simple
    crossed[~np.isfinite(crossed)] = np.nan
    np.fill_diagonal(crossed, simple)
    if method is Quotient.SLQ:
        return np.where(regional > 0, np.repeat(simple[:, None], len(simple), axis=1), np.nan)
    if method is Quotient.CILQ:
        return np.asarray(crossed)
    size = np.log2(1 + regional.sum() / national.sum()) ** delta
    return np.asarray(crossed * size)


def regional_coefficients(technical: Floats, quotients: Floats) -> Floats:
    """Return the estimated coefficients of a region: the nation's, cut where it must buy elsewhere.

    a_ij of the region = a_ij of the nation · min(1, q_ij); nan stays nan.
    """
    return np.asarray(technical * np.minimum(quotients, 1.0))


@dataclass(frozen=True, eq=False)
class Balanced:
    """What RAS made.

    Parameters
    ----------
    flows
        Shape (n, m), with the sums asked for.
    rounds
        After how many rounds.
    error
        The largest deviation of a sum, relative to the largest sum.
    """

    flows: Floats
    rounds: int
    error: float


def ras(
    flows: Floats, rows: Floats, columns: Floats, *, tolerance: float = 1e-10, rounds: int = 10_000
) -> Balanced:
    """Return the table nearest to one given (in relative entropy) that has the sums asked for.

    Parameters
    ----------
    flows
        Shape (n, m), ≥ 0. A zero stays zero.
    rows, columns
        Sums to reach, shapes (n,) and (m,), ≥ 0, of one total.
    tolerance
        The largest deviation of a sum, relative to the largest sum.
    rounds
        At most so many.

    Raises
    ------
    Refused
        Sums of different totals; a sum to reach where all flows are zero; sums that the zeros of
        the table do not allow (RAS then never settles); negative flows.

    Notes
    -----
    Equation: flows' = r̂ · flows · ŝ, found by scaling rows and columns in turn. A column or row
    to be zero becomes zero.

    Source: R. Stone, Input–Output and National Accounts (OECD, 1961); W. E. Deming and F. F.
    Stephan, Annals of Mathematical Statistics 11 (1940). From memory of them.

    Examples
    --------
    >>> first = np.array([[1.0, 1.0], [1.0, 3.0]])
    >>> ras(first, np.array([4.0, 6.0]), np.array([5.0, 5.0])).flows.sum(axis=0).round(6).tolist()
    [5.0, 5.0]
    """
    _require_balance(flows, rows, columns)
    scale = max(rows.max(initial=0), columns.max(initial=0)) or 1.0
    found = flows.astype(np.float64)
    error = np.inf
    for done in range(1, rounds + 1):
        found = found * _over(rows, found.sum(axis=1))[:, None]
        found = found * _over(columns, found.sum(axis=0))
        error = float(np.abs(found.sum(axis=1) - rows).max(initial=0) / scale)
        if error <= tolerance:
            return Balanced(found, done, error)
    raise Refused(
        "the sums cannot be reached: after {rounds} rounds a row is still {error} of the largest "
        "sum away; where the table has zeros, the sums must allow for them",
        rounds=rounds,
        error=f"{error:.1e}",
    )


def _require_balance(flows: Floats, rows: Floats, columns: Floats) -> None:
    for values in (flows, rows, columns):
        if not np.isfinite(values).all() or (values < 0).any():
            raise Refused("a flow or a sum is negative or missing; RAS balances known ones alone")
    if abs(rows.sum() - columns.sum()) > 1e-9 * max(rows.sum(), columns.sum()):
        raise Refused(
            "the sums of the rows make {rows}, those of the columns {columns}; they must be equal",
            rows=rows.sum(),
            columns=columns.sum(),
        )
    if ((flows.sum(axis=1) == 0) & (rows > 0)).any() or (
        (flows.sum(axis=0) == 0) & (columns > 0)
    ).any():
        raise Refused("a row or a column of zeros is to have a sum; give it a first guess")


def _over(wanted: Floats, found: Floats) -> Floats:
    return np.divide(wanted, found, out=np.zeros_like(wanted, dtype=np.float64), where=found > 0)
