"""The space of products: how near industries are to each other, and to what a place can do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ballast.brain.complexity.presence import Bools, Floats

__all__ = ["Outlook", "density", "outlook", "proximity"]


def proximity(present: Bools) -> Floats:
    """Return how often two industries are present together, shape (industries, industries).

    Returns
    -------
    Floats
        0 to 1; 1 on the diagonal; nan for an industry that is present nowhere.

    Notes
    -----
    Equation: φ_pq = Σ_c M_cp M_cq / max(U_p, U_q): the smaller one of both conditional
    probabilities.

    Source: C. A. Hidalgo, B. Klinger, A.-L. Barabási and R. Hausmann, "The Product Space Conditions
    the Development of Nations", Science 317 (2007). From memory of it.

    Examples
    --------
    >>> proximity(np.array([[1, 1], [1, 0]], dtype=bool)).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    # float32 is exact for counts below 2²⁴, and multiplied twice as fast.
    matrix = present.astype(np.float32)
    together = (matrix.T @ matrix).astype(np.float64)
    ubiquity = np.diag(together)
    ubiquity = np.where(ubiquity > 0, ubiquity, np.nan)
    return np.asarray(together / np.maximum(ubiquity[:, None], ubiquity))


def density(present: Bools, near: Floats) -> Floats:
    """Return the share of an industry's neighbourhood that a place has, shape (places, industries).

    Parameters
    ----------
    present
        Shape (places, industries).
    near
        Proximity of the industries.

    Notes
    -----
    Equation: ω_cp = Σ_q M_cq φ_pq / Σ_q φ_pq, the industry itself included, as in the source of
    ``proximity`` and in the package ecomplexity. nan where an industry is present nowhere.
    """
    known = np.nan_to_num(near)
    with np.errstate(invalid="ignore"):
        found = present.astype(np.float64) @ (known.T / known.sum(axis=1))
    found[:, np.isnan(np.diag(near))] = np.nan
    return np.asarray(found)


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is within reach.

    Parameters
    ----------
    outlook
        Shape (places,): complexity outlook index (COI): complexity of what is absent, weighted by
        how near it is.
    gain
        Shape (places, industries): how much nearer other absent complex industries would come,
        were this one taken up (COG); 0 where it is present.
    """

    outlook: Floats
    gain: Floats


def outlook(present: Bools, near: Floats, close: Floats, pci: Floats) -> Outlook:
    """Return complexity outlook and gain.

    Parameters
    ----------
    present, near, close
        Presence, proximity of the industries, density of each in each place.
    pci
        Shape (industries,); those without one (nan) are left out.

    Notes
    -----
    Equations: COI_c = Σ_p ω_cp (1 − M_cp) PCI_p;
    COG_cp = (1 − M_cp) Σ_q (1 − M_cq) φ_pq PCI_q / Σ_r φ_qr.

    The Atlas subtracts ω_cp PCI_p from the gain; here, as in the package ecomplexity, the industry
    itself stays in the sum (φ_pp = 1), so that a gain is never below what taking it up brings.

    Source: R. Hausmann and others, The Atlas of Economic Complexity (2011), technical box 5.4.
    From memory of it.
    """
    absent = 1.0 - present
    worth = np.nan_to_num(pci)
    known = np.nan_to_num(near)
    total = known.sum(axis=1)
    share = np.divide(worth, total, out=np.zeros_like(worth), where=total > 0)
    found = (np.nan_to_num(close) * absent * worth).sum(axis=1)
    gain = absent * (absent @ (known * share[:, None]))
    return Outlook(np.asarray(found), np.asarray(gain))
