"""How far alarms agree with what somebody has labelled, row by row or window by window.

Only what was found is compared here, after it was found: nothing of this is
known to a detector. The two ways answer two questions. Rates by row say how
long an alarm was right and wrong; windows say whether a failure was noticed
at all, and how often somebody was called for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ballast.plant.detection.findings import Flags, Times
from ballast.plant.measures.ratios import defined, ratio

__all__ = ["Agreement", "Hits", "agreement", "hits", "runs", "together"]

_MONTH_MS = 86_400_000 * 365.25 / 12


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alarms and labels by row.

    Parameters
    ----------
    true_alarms, false_alarms, missed, quiet
        Rows: labelled with and without an alarm in the first and third, not
        labelled in the second and fourth.
    """

    true_alarms: int
    false_alarms: int
    missed: int
    quiet: int

    @property
    def f1(self) -> float | None:
        """F1 = TP / (TP + (FN + FP)/2); ``None`` where nothing is labelled and no alarm stands."""
        half = (self.missed + self.false_alarms) / 2.0
        return defined(ratio(self.true_alarms, self.true_alarms + half))

    @property
    def false_alarm_rate(self) -> float | None:
        """FAR = FP / (FP + TN); ``None`` where every row is labelled."""
        return defined(ratio(self.false_alarms, self.false_alarms + self.quiet))

    @property
    def missed_alarm_rate(self) -> float | None:
        """MAR = FN / (FN + TP); ``None`` where no row is labelled."""
        return defined(ratio(self.missed, self.missed + self.true_alarms))


def agreement(alarm: Flags, labels: Flags) -> Agreement:
    """Return how alarms and labels agree.

    Parameters
    ----------
    alarm, labels
        Of shape (rows,).

    Notes
    -----
    Source: the function ``chp_score`` with metric "binary" in ``core/metrics.py`` of
    the SKAB benchmark, where counts of all files are added before dividing (`together`).

    Examples
    --------
    >>> found = agreement(np.array([True, True, False]), np.array([True, False, False]))
    >>> found.f1, found.false_alarm_rate, found.missed_alarm_rate
    (0.6666666666666666, 0.5, 0.0)
    """
    return Agreement(
        int((alarm & labels).sum()),
        int((alarm & ~labels).sum()),
        int((~alarm & labels).sum()),
        int((~alarm & ~labels).sum()),
    )


def together(parts: Iterable[Agreement]) -> Agreement | None:
    """Return the agreement over all files together; ``None`` where there is none."""
    every = list(parts)
    if not every:
        return None
    return Agreement(
        sum(part.true_alarms for part in every),
        sum(part.false_alarms for part in every),
        sum(part.missed for part in every),
        sum(part.quiet for part in every),
    )


def runs(alarm: Flags, apart: int = 1) -> list[tuple[int, int]]:
    """Return the stretches of alarm, first and last row; closer than ``apart`` rows, they are one.

    Examples
    --------
    >>> runs(np.array([True, False, True, False, False, True]), 2)
    [(0, 2), (5, 5)]
    """
    rows = np.flatnonzero(alarm)
    if not len(rows):
        return []
    cut = np.flatnonzero(np.diff(rows) > apart)
    first = np.concatenate([rows[:1], rows[cut + 1]])
    last = np.concatenate([rows[cut], rows[-1:]])
    return list(zip(first.tolist(), last.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Hits:
    """Alarms and labelled windows.

    Parameters
    ----------
    windows
        Of each window: how many rows of alarm lie in it; ``None``: it ends
        before the first row that was judged.
    false_episodes
        Episodes of alarm of which no row lies in a window.
    months
        How long was judged, in months of a twelfth of 365.25 days.
    """

    windows: tuple[int | None, ...]
    false_episodes: int
    months: float

    @property
    def hit(self) -> int:
        """How many windows have an alarm."""
        return sum(1 for rows in self.windows if rows)

    @property
    def false_a_month(self) -> float | None:
        """False episodes a month; ``None`` where no time has passed."""
        return defined(ratio(self.false_episodes, self.months))


def hits(
    times: Times,
    alarm: Flags,
    windows: Sequence[tuple[int, int]],
    episodes: Sequence[tuple[int, int]],
) -> Hits:
    """Return which windows have an alarm, and how many episodes lie in none.

    Parameters
    ----------
    times
        Epoch ms UTC of the rows judged, of shape (rows,), rising.
    alarm
        Of shape (rows,).
    windows
        Epoch ms UTC, from and to, both included.
    episodes
        As `runs` gives them.
    """
    inside = np.zeros(len(times), dtype=np.bool_)
    found: list[int | None] = []
    for start, end in windows:
        within = (times >= start) & (times <= end)
        inside |= within
        judged = len(times) > 0 and end >= times[0]
        found.append(int((alarm & within).sum()) if judged else None)
    false = sum(1 for first, last in episodes if not (inside & alarm)[first : last + 1].any())
    months = float(times[-1] - times[0]) / _MONTH_MS if len(times) else 0.0
    return Hits(tuple(found), false, months)
