"""One division for every measure of the plant: what cannot be divided is undefined, not zero.

numpy would answer infinity with a warning, and hushing the warning would let
the infinity travel on to a chart; here a denominator of zero gives nan, and
nan means the same everywhere in the plant: this number does not exist.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "defined", "ratio"]

Floats = npt.NDArray[np.float64]
"""An array of binary floating point numbers; a scalar is an array without dimensions."""


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    """Return a quotient, nan where the denominator is zero or either is unknown.

    Parameters
    ----------
    numerator, denominator
        Arrays of shapes that broadcast; nan: unknown.

    Returns
    -------
    Floats
        Of the broadcast shape.

    Examples
    --------
    >>> ratio([1.0, 1.0], [2.0, 0.0])
    array([0.5, nan])
    """
    top = np.asarray(numerator, dtype=np.float64)
    bottom = np.asarray(denominator, dtype=np.float64)
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    undefined = np.full(shape, np.nan)
    # A quotient too large for a number is not infinite, it is not known.
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.divide(top, bottom, out=undefined, where=np.broadcast_to(bottom != 0, shape))
    return np.where(np.isfinite(found), found, np.nan)


def defined(value: npt.ArrayLike) -> float | None:
    """Return one number, or nothing where it does not exist.

    Examples
    --------
    >>> defined(ratio(1.0, 4.0)), defined(ratio(1.0, 0.0))
    (0.25, None)
    """
    number = float(np.asarray(value, dtype=np.float64))
    return number if np.isfinite(number) else None
