"""Which cells may not be published by themselves: too few enterprises, or one that is nearly all.

These are the primary rules (一次抑制). What else has to be withheld so that
such a cell cannot be computed from its margins is the work of ``suppression``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused

__all__ = ["Bools", "Floats", "PrimaryRules", "sensitive"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PrimaryRules:
    """The bounds that a publisher sets.

    Parameters
    ----------
    least
        A cell of fewer enterprises is sensitive; at least 2.
    dominance
        A cell of which one enterprise has more than this share is sensitive, 0 to 1.
    protection
        How far, as a share of its value, a sensitive cell must stay in doubt both upwards and
        downwards for whoever works with everything that is published; above 0, at most 1.

    Examples
    --------
    >>> PrimaryRules(least=1)
    Traceback (most recent call last):
    ...
    ballast.errors.Refused: disclosure: the least number of enterprises is 1; it must be 2 or more
    """

    least: int = 3
    dominance: float = 0.85
    protection: float = 0.15

    def __post_init__(self) -> None:
        if self.least < 2:
            raise Refused(
                "disclosure: the least number of enterprises is {least}; it must be 2 or more",
                least=self.least,
            )
        if not 0 < self.dominance <= 1 or not 0 < self.protection <= 1:
            raise Refused(
                "disclosure: dominance and protection are shares above 0 and at most 1; they are "
                "{dominance} and {protection}",
                dominance=self.dominance,
                protection=self.protection,
            )


def sensitive(
    enterprises: npt.ArrayLike, largest: npt.ArrayLike, total: npt.ArrayLike, rules: PrimaryRules
) -> Bools:
    """Return which cells are sensitive.

    Parameters
    ----------
    enterprises
        How many different enterprises stand in each cell; one with several plants counts once.
    largest
        The largest sum of one enterprise in the cell.
    total
        The cell's value.
    rules
        The bounds.

    Returns
    -------
    Bools
        In the shape of the inputs. A cell without an enterprise is empty, not sensitive.

    Examples
    --------
    >>> sensitive([0, 2, 3, 3], [0, 5, 9, 4], [0, 9, 10, 9], PrimaryRules()).tolist()
    [False, True, True, False]
    """
    count, top, value = (
        np.asarray(each, dtype=np.float64) for each in (enterprises, largest, total)
    )
    few = (count > 0) & (count < rules.least)
    return np.asarray(few | ((count > 0) & (top > rules.dominance * value)))
