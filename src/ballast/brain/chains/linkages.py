"""Linkages (产业关联): what a sector draws along behind it, and what leans on it.

Backward from Leontief, forward from Ghosh. Forward linkages taken from the row
sums of Leontief's inverse answer another question (what if every final use rose
by one unit at once), and a year with other final uses answers it otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ballast.brain.chains.leontief import Inverses
from ballast.brain.chains.table import Floats
from ballast.terms.label import Label

__all__ = ["Extraction", "LinkageKind", "Linkages", "extraction", "linkages"]


class LinkageKind(StrEnum):
    """What a sector is to the others, by both linkages against the mean."""

    KEY = "key"
    BACKWARD = "backward"
    FORWARD = "forward"
    WEAK = "weak"
    UNDEFINED = "undefined"

    @property
    def label(self) -> Label:
        """What people call it."""
        return _KINDS[self]


_KINDS = {
    LinkageKind.KEY: Label("关键部门", "key sector"),
    LinkageKind.BACKWARD: Label("后向拉动型", "draws on the others"),
    LinkageKind.FORWARD: Label("前向支撑型", "supports the others"),
    LinkageKind.WEAK: Label("弱关联", "weakly linked"),
    LinkageKind.UNDEFINED: Label("无定义", "undefined"),
}


@dataclass(frozen=True, eq=False)
class Linkages:
    """Linkages of n sectors, each shape (n,); nan for a sector without output.

    Parameters
    ----------
    direct_backward, direct_forward
        Sums of a column of A; of a row of B.
    backward, forward
        Sum of a column of L; of a row of G: whole output for one unit.
    relative_backward, relative_forward
        The same over its mean over the sectors: above 1 is above the mean
        (影响力系数, 感应度系数).
    """

    direct_backward: Floats
    direct_forward: Floats
    backward: Floats
    forward: Floats
    relative_backward: Floats
    relative_forward: Floats

    def kinds(self) -> tuple[LinkageKind, ...]:
        """Return what each sector is; a linkage equal to the mean is not above it."""
        found = []
        for back, ahead in zip(self.relative_backward, self.relative_forward, strict=True):
            if np.isnan(back) or np.isnan(ahead):
                found.append(LinkageKind.UNDEFINED)
            elif back > 1:
                found.append(LinkageKind.KEY if ahead > 1 else LinkageKind.BACKWARD)
            else:
                found.append(LinkageKind.FORWARD if ahead > 1 else LinkageKind.WEAK)
        return tuple(found)


def linkages(of: Inverses) -> Linkages:
    """Return direct and total linkages, and the total ones against their mean.

    Notes
    -----
    Equations, with n the sectors that have output: backward_j = Σ_i l_ij, forward_i = Σ_j g_ij;
    relative: n · backward_j / Σ_ij l_ij, n · forward_i / Σ_ij g_ij.

    Source: P. N. Rasmussen, Studies in Inter-sectoral Relations (1956), for the power of
    dispersion; L. P. Jones, "The Measurement of Hirschmanian Linkages", Quarterly Journal of
    Economics 90 (1976), for Ghosh's rows. From memory of them.

    Examples
    --------
    >>> from ballast.brain.chains.leontief import inverses
    >>> from ballast.brain.chains.table import InputOutput
    >>> t = InputOutput("two", ("a", "b"), np.array([[150.0, 500.0], [200.0, 100.0]]),
    ...                 np.array([1000.0, 2000.0]), np.array([650.0, 1400.0]))
    >>> found = linkages(inverses(t))
    >>> found.backward.round(4).tolist(), [str(kind) for kind in found.kinds()]
    ([1.5182, 1.4521], ['key', 'weak'])
    """
    output = of.table.output[of.table.present]
    backward = of.leontief_among.sum(axis=0)
    # Row sums of G = x̂⁻¹ L x̂, without making G.
    forward = (of.leontief_among @ output) / output
    return Linkages(
        direct_backward=of.of_all(of.among.sum(axis=0)),
        direct_forward=of.of_all((of.among @ output) / output),
        backward=of.of_all(backward),
        forward=of.of_all(forward),
        relative_backward=of.of_all(backward / backward.mean()),
        relative_forward=of.of_all(forward / forward.mean()),
    )


@dataclass(frozen=True, eq=False)
class Extraction:
    """Output that would be missing without a sector, each shape (n,), in the table's money.

    Parameters
    ----------
    whole
        If it were gone altogether, its own output included.
    backward
        If it bought nothing of the sectors of the table.
    forward
        If it sold nothing to them.
    """

    whole: Floats
    backward: Floats
    forward: Floats


def extraction(of: Inverses) -> Extraction:
    """Return what hypothetical extraction (假设抽取法) of each sector takes from all output.

    Taking a sector out is a change of rank one or two, so every sector's answer follows from the
    inverses at hand; solving n systems anew would cost n⁴.

    Notes
    -----
    Equations: whole_k = x_k Σ_i l_ik / l_kk;  backward_k = x_k (Σ_i l_ik − 1) / l_kk;
    forward_k = x_k (Σ_j g_kj − 1) / g_kk, by the Sherman–Morrison identity.

    Source: E. Dietzenbacher and J. van der Linden, "Sectoral and Spatial Linkages in the EC
    Production Structure", Journal of Regional Science 37 (1997), for backward and forward;
    from memory. The tests solve the reduced systems and compare.
    """
    output = of.table.output[of.table.present]
    # The diagonals of L and of G are the same.
    own = output / np.diag(of.leontief_among)
    backward = of.leontief_among.sum(axis=0)
    forward = (of.leontief_among @ output) / output
    return Extraction(
        whole=of.of_all(own * backward),
        backward=of.of_all(own * (backward - 1)),
        forward=of.of_all(own * (forward - 1)),
    )
