"""What the broker and the publisher of the demo are told: one line of JSON each.

Apart from the processes, so that neither imports the other's libraries, nor
the supervisor any of them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ballast.terms.label import Language

__all__ = ["BrokerOrders", "FactoryOrders"]


@dataclass(frozen=True, slots=True)
class BrokerOrders:
    """What the embedded broker is told.

    Parameters
    ----------
    user, password
        Whom it lets in; nobody else.
    socket
        The descriptor that it listens on.
    """

    user: str
    password: str
    socket: int = -1

    def __repr__(self) -> str:
        """Return it without the password."""
        return f"BrokerOrders({self.user}, {self.socket})"

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> BrokerOrders.parse(BrokerOrders("u", "p", 3).line()).socket
        3
        """
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> BrokerOrders:
        """Return the orders of a line."""
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class FactoryOrders:
    """What the publisher is told.

    Parameters
    ----------
    language
        In which it says what is wrong.
    seed, first_day
        Of the shop; the first day is in days since 1970.
    host, port, user, password
        The broker, and who the edge nodes are to it.
    every_seconds
        How often the sensors are looked at.
    """

    language: Language
    seed: int
    first_day: int
    host: str
    port: int
    user: str = ""
    password: str = ""
    every_seconds: float = 2.0

    def __repr__(self) -> str:
        """Return it without the password."""
        return f"FactoryOrders({self.host}, {self.port}, {self.user})"

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> FactoryOrders.parse(FactoryOrders("zh", 1, 2, "h", 3).line()).port
        3
        """
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> FactoryOrders:
        """Return the orders of a line."""
        return cls(**json.loads(line))
