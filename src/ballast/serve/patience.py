"""How long to wait before a process that ended is started again, and when to stop trying.

Apart from the supervisor, because it is arithmetic: a table of pauses can be
read and tested without a process or a clock.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Patience"]


@dataclass(frozen=True, slots=True)
class Patience:
    """The rule of restarts.

    Parameters
    ----------
    first_seconds
        The pause after the first failure; each further one doubles it.
    most_seconds
        No pause is longer.
    healthy_seconds
        A process that ran this long was well: its end is a first failure again.
    failures
        After so many quick failures in a row, nobody tries any more.
    grace_seconds
        How long a process may take to end when asked to, before it is killed.
    start_seconds
        How long a process may take until it answers for the first time.
    """

    first_seconds: float = 1.0
    most_seconds: float = 60.0
    healthy_seconds: float = 120.0
    failures: int = 8
    grace_seconds: float = 10.0
    start_seconds: float = 120.0

    def count(self, failures: int, ran_seconds: float) -> int:
        """Return how many quick failures in a row there are after one more end.

        Examples
        --------
        >>> Patience().count(3, ran_seconds=5.0), Patience().count(3, ran_seconds=3600.0)
        (4, 1)
        """
        return 1 if ran_seconds >= self.healthy_seconds else failures + 1

    def pause(self, failures: int) -> float | None:
        """Return the seconds to wait after so many quick failures; nothing: give up.

        Examples
        --------
        >>> [Patience().pause(count) for count in range(1, 9)]
        [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, None]
        """
        if failures >= self.failures:
            return None
        return min(self.first_seconds * 2.0 ** (failures - 1), self.most_seconds)
