"""What a check will ask, found out by checking: a first round with no figure, which only notes.

A list of what each kind of statement needs, kept beside the code that asks,
would miss what that code asks next year; and a cell that was not noted costs a
question of its own. So the same code runs twice, first over figures that are
all the same and stand for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ballast.brain.claims.figures import Figure, Figures, Where
from ballast.brain.indicators.dimensions import Dimension
from ballast.errors import BallastError
from ballast.terms.period import Period

__all__ = ["Noted"]


class Noted(Figures):
    """Figures that are not asked for: who would ask is answered 1, and what for is kept.

    Parameters
    ----------
    of
        Those that will be asked.
    """

    def __init__(self, of: Figures) -> None:
        super().__init__(of.lake, of.viewer)
        self.newest = of.newest
        self._of = of
        self._noted: tuple[list[Any], list[Any], list[Any]] = ([], [], [])

    def hand_over(self) -> None:
        """Tell the figures what was noted, and forget it."""
        levels, cuts, samples = self._noted
        self._of.gather(dict.fromkeys(levels), dict.fromkeys(cuts), dict.fromkeys(samples))
        self._noted = ([], [], [])

    def one(self, key: str, where: Where, period: Period) -> Figure:
        """Note a figure."""
        self._noted[0].append((key, where, period))
        return Figure(key, where, period, 1.0)

    def many(
        self, key: str, by: Dimension, where: Where, period: Period
    ) -> Mapping[str, Figure] | BallastError:
        """Note a cut; it has no cells."""
        self._noted[1].append((key, by, where, period))
        return {}

    def sample(self, key: str, where: Where, period: Period) -> float | None:
        """Note a growth on the comparable sample."""
        self._noted[2].append((key, where, period))
        return None
