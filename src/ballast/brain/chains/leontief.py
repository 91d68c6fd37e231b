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
    """Coefficients and inverses of a table, over the sectors that have output.

    Parameters
    ----------
    table
        What they were made of.
    among, leontief_among
        A and L = (I − A)⁻¹ of the m sectors present, shape (m, m).
    """

    table: InputOutput
    among: Floats
    leontief_among: Floats

    @property
    def technical(self) -> Floats:
        """A, shape (n, n): input of the row's product for a unit of the column's output; or nan."""
        return self._of_all(self.among)

    @property
    def leontief(self) -> Floats:
        """L, shape (n, n): output of the row for a unit of final use of the column; or nan."""
        return self._of_all(self.leontief_among)

    @property
    def allocation(self) -> Floats:
        """B, shape (n, n): the share of the row's output that the column uses; or nan."""
        return self._of_all(self._seen_through_outputs(self.among))

    @property
    def ghosh(self) -> Floats:
        """G = (I − B)⁻¹, shape (n, n): output of the column for a unit of value of the row."""
        return self._of_all(self._seen_through_outputs(self.leontief_among))

    def of_all(self, present: Floats) -> Floats:
        """Return a vector over the sectors present as one over all, nan for the others."""
        found = np.full(len(self.table.sectors), np.nan)
        found[self.table.present] = present
        return found

    def _of_all(self, present: Floats) -> Floats:
        here = self.table.present
        if here.all():
            return present
        found = np.full((len(here), len(here)), np.nan)
        found[np.ix_(here, here)] = present
        return found

    def _seen_through_outputs(self, matrix: Floats) -> Floats:
        output = self.table.output[self.table.present]
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
        Over the sectors with output; the others have no coefficients.

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
    here = table.present
    output = table.output[here]
    flows = table.flows if here.all() else table.flows[np.ix_(here, here)]
    among = flows / output
    system = -among
    system.flat[:: len(among) + 1] += 1
    try:
        found: Floats | None = np.asarray(np.linalg.inv(system), dtype=np.float64)
    except np.linalg.LinAlgError:
        found = None
    if found is None or not _productive(found):
        used = flows.sum(axis=0) / output
        worst = int(np.flatnonzero(here)[used.argmax()])
        raise Refused(
            "{table}: its sectors use more than they make, so no output meets every final use; "
            "look at {sector} first, whose intermediate inputs are {share} of its output",
            table=table.name,
            sector=table.sectors[worst],
            share=f"{used.max():.0%}",
        )
    return Inverses(table, among, found)


def _productive(inverse: Floats) -> bool:
    """Return whether no output would have to be negative, but for rounding."""
    # A number that is none makes the least one none, and a comparison with it false.
    return bool(inverse.min() >= -_ROUNDING * inverse.max())
