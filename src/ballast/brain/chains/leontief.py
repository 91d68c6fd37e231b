"""The two inverses: what final use draws along (Leontief), what value added pushes on (Ghosh).

Both come from one inversion. The allocation coefficients are the technical
ones seen through the outputs, B = x̂⁻¹ A x̂, so G = x̂⁻¹ L x̂; inverting a second
time would cost as much again and agree less well. Ghosh's sums run along
rows: transposing B, as is often done, gives the linkages of nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ballast.brain.chains.table import Floats, InputOutput
from ballast.errors import Refused

__all__ = ["Inverses", "inverses"]

# How far rounding may carry an element of an inverse below zero, beside its largest one.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Inverses:
    """Coefficients and inverses of a table; rows and columns of sectors without output are nan.

    Parameters
    ----------
    table
        What they were made of.
    technical
        A, shape (n, n): input of the row's product for one unit of the column's output.
    leontief
        L = (I − A)⁻¹, shape (n, n): output of the row for one unit of final use of the column.
    """

    table: InputOutput
    technical: Floats
    leontief: Floats

    @property
    def allocation(self) -> Floats:
        """B, shape (n, n): the share of the row's output that the column uses."""
        return self._seen_through_outputs(self.technical)

    @property
    def ghosh(self) -> Floats:
        """G = (I − B)⁻¹, shape (n, n): output of the column for one unit of value of the row."""
        return self._seen_through_outputs(self.leontief)

    def _seen_through_outputs(self, matrix: Floats) -> Floats:
        output = np.where(self.table.present, self.table.output, np.nan)
        return np.asarray(matrix * output / output[:, None])


def inverses(table: InputOutput) -> Inverses:
    """Return the technical coefficients of a table and its Leontief inverse.

    Parameters
    ----------
    table
        Its flows are those of domestic products where it tells imports apart, of all otherwise.

    Returns
    -------
    Inverses
        With nan in the rows and columns of sectors without output.

    Raises
    ------
    Refused
        If the system is not productive: I − A is singular, or some output would have to be
        negative to meet a final use (Hawkins and Simon's condition does not hold).

    Notes
    -----
    Equations: a_ij = z_ij / x_j;  L = (I − A)⁻¹;  b_ij = z_ij / x_i;  G = (I − B)⁻¹.

    Source: W. Leontief, "Quantitative Input and Output Relations in the Economic System of the
    United States", Review of Economics and Statistics 18 (1936); A. Ghosh, "Input–Output Approach
    in an Allocation System", Economica 25 (1958); D. Hawkins and H. Simon, Econometrica 17 (1949).
    From memory of them; checked by the identities of the tests.

    Examples
    --------
    >>> t = InputOutput("two", ("a", "b"), np.array([[150.0, 500.0], [200.0, 100.0]]),
    ...                 np.array([1000.0, 2000.0]), np.array([650.0, 1400.0]))
    >>> inverses(t).leontief.round(4).tolist()
    [[1.2541, 0.33], [0.264, 1.1221]]
    """
    n = len(table.sectors)
    here = table.present
    chosen = np.ix_(here, here)
    technical, leontief = np.full((n, n), np.nan), np.full((n, n), np.nan)
    among = table.flows[chosen] / table.output[here]
    technical[chosen] = among
    try:
        found = np.linalg.inv(np.eye(len(among)) - among)
    except np.linalg.LinAlgError:
        found = np.full_like(among, np.nan)
    if not np.isfinite(found).all() or (found < -_ROUNDING * np.abs(found).max(initial=1)).any():
        used = np.where(here, table.flows.sum(axis=0) / np.where(here, table.output, 1), 0)
        raise Refused(
            "{table}: its sectors use more than they make, so no output meets every final use; "
            "look at {sector} first, whose intermediate inputs are {share} of its output",
            table=table.name,
            sector=table.sectors[int(used.argmax())],
            share=f"{used.max():.0%}",
        )
    leontief[chosen] = found
    return Inverses(table, technical, leontief)
