"""What the shipper's process is told: plain values, one line of JSON on its standard input.

Apart from the process itself, so that the supervisor need not import the lake
to say it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ballast.terms.label import Language

__all__ = ["ShipperOrders"]


@dataclass(frozen=True, slots=True)
class ShipperOrders:
    """What the shipper is told.

    Parameters
    ----------
    home
        The whole path of the home.
    language
        In which it says what is wrong.
    seconds
        How long it waits between two looks into the outboxes.
    keep_days
        How long the samples of a plant are kept; 0 for good.
    """

    home: str
    language: Language
    seconds: float = 5.0
    keep_days: int = 0

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> ShipperOrders.parse(ShipperOrders("h", "zh", 1.0).line()).seconds
        1.0
        """
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> ShipperOrders:
        """Return the orders of a line."""
        return cls(**json.loads(line))
