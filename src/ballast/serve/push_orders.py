"""What the daily push is told: plain values, one line of JSON on its standard input."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ballast.terms.label import Language

__all__ = ["PushOrders"]


@dataclass(frozen=True, slots=True)
class PushOrders:
    """What the daily push is told.

    Parameters
    ----------
    home
        The whole path of the factory's home.
    language
        In which it says what is wrong.
    to
        Address of the city's portal.
    key_file
        The whole path of the file with the key of the enterprise's account there.
    zone
        Whose wall clock ``minute`` is of.
    minute
        Of the day, at which it pushes: behind midnight, when yesterday is over.
    days
        How many days up to yesterday it tells each time; those told before change nothing.
    first_seconds
        How long after its start it pushes for the first time.
    """

    home: str
    language: Language
    to: str
    key_file: str
    zone: str
    minute: int = 20
    days: int = 3
    first_seconds: float = 30.0

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> PushOrders.parse(PushOrders("h", "zh", "u", "f", "Asia/Shanghai").line()).minute
        20
        """
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> PushOrders:
        """Return the orders of a line."""
        return cls(**json.loads(line))
