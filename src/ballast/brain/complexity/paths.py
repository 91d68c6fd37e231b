"""What a place might do next: industries to strengthen, to attract, to watch (壮大、招引、关注).

A ranking by one number would put what is near and simple beside what is
complex and out of reach. Three questions with different answers are asked
instead: what is begun here already, what is near though absent, what is worth
much though far.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ballast.brain.complexity.presence import Bools, Floats
from ballast.terms.label import Label

__all__ = ["BEGUN", "Path", "paths"]

BEGUN = 0.5
"""An industry with at least this advantage is begun: it stands, though not yet out."""
_NEAR, _DEAR = 75.0, 75.0  # per cent of what is absent lies below


class Path(StrEnum):
    """What to do about an industry."""

    PRESENT = "present"
    STRENGTHEN = "strengthen"
    ATTRACT = "attract"
    WATCH = "watch"
    NONE = "none"

    @property
    def label(self) -> Label:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    Path.PRESENT: Label("已有优势", "present"),
    Path.STRENGTHEN: Label("壮大", "strengthen"),
    Path.ATTRACT: Label("招引", "attract"),
    Path.WATCH: Label("关注", "watch"),
    Path.NONE: Label("—", "—"),
}


def paths(
    advantage: Floats, present: Bools, density: Floats, gain: Floats, pci: Floats, eci: float
) -> npt.NDArray[np.object_]:
    """Return what to do about each industry in one place.

    Parameters
    ----------
    advantage, present, density, gain
        Of the place, each shape (industries,).
    pci
        Shape (industries,).
    eci
        The place's own complexity: an industry above it raises the place's mean.

    Returns
    -------
    ndarray of Path, shape (industries,)
        Of the absent ones: *near* is a density in the place's upper quarter. STRENGTHEN: near, and
        begun (``BEGUN``). ATTRACT: near, not begun, and more complex than the place. WATCH: not
        near, more complex than the place, and a gain in the upper quarter. The rest: NONE.

    Notes
    -----
    The quarters are a choice of ours, not of a paper; they are stated wherever the answer is shown.

    Examples
    --------
    >>> advantage = np.array([2.0, 0.7, 0.1, 0.0, 0.0])
    >>> found = paths(advantage, advantage >= 1, np.array([0.9, 0.8, 0.8, 0.1, 0.1]),
    ...               np.array([0.0, 1, 1, 9, 1]), np.array([0.0, 1, 2, 3, -1]), eci=0.5)
    >>> [str(each) for each in found]
    ['present', 'strengthen', 'attract', 'watch', 'none']
    """
    absent = ~present & np.isfinite(pci) & np.isfinite(density)
    found = np.full(present.shape, Path.NONE, dtype=object)
    found[present] = Path.PRESENT
    if not absent.any():
        return found
    near = absent & (density >= np.percentile(density[absent], _NEAR))
    dear = absent & (gain >= np.percentile(gain[absent], _DEAR))
    complex_ = absent & (pci > eci)
    begun = np.nan_to_num(advantage) >= BEGUN
    found[~near & dear & complex_] = Path.WATCH
    found[near & ~begun & complex_] = Path.ATTRACT
    found[near & begun] = Path.STRENGTHEN
    return found
