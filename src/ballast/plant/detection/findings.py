"""What a detector found, row by row, whichever detector it was.

Two detectors with two kinds of result would mean two reports, two pages and
two tests of the same things. Every detector here gives statistics, each with
a limit from its training rows, and one alarm made of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.ratios import Floats

__all__ = ["MOST_SEVERE", "Findings", "Flags", "Times", "joined"]

Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.int64]
"""Epoch milliseconds, UTC."""


MOST_SEVERE = 1e6
"""A million limits say no more than any larger number: a sensor gave up, and told 1e308."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Rows as a detector judges them.

    Parameters
    ----------
    names
        Of the statistics: ``("t2", "q")`` or ``("distance",)``.
    statistics
        Of shape (statistics, rows); nan: cannot be said (a value is missing, or
        the window is not yet full).
    limits
        Of shape (statistics,), from the training rows alone.
    severity
        Of shape (rows,): the largest smoothed statistic as a multiple of its
        limit, `MOST_SEVERE` at most; above 1 it is anomalous. nan as above.
    alarm
        Of shape (rows,): whether an alarm stands.
    """

    names: tuple[str, ...]
    statistics: Floats
    limits: Floats
    severity: Floats
    alarm: Flags

    @property
    def unknown(self) -> int:
        """For how many rows nothing can be said."""
        return int(np.isnan(self.severity).sum())

    def behind(self, rows: int) -> Findings:
        """Return the findings without those of so many rows at the beginning."""
        return Findings(
            self.names,
            self.statistics[:, rows:],
            self.limits,
            self.severity[rows:],
            self.alarm[rows:],
        )


def joined(parts: list[Findings]) -> Findings:
    """Return the findings of neighbouring stretches as one; at least one must be given."""
    first = parts[0]
    return Findings(
        first.names,
        np.concatenate([part.statistics for part in parts], axis=1),
        first.limits,
        np.concatenate([part.severity for part in parts]),
        np.concatenate([part.alarm for part in parts]),
    )
