"""How a message came in, and who is known to be at the other end.

One object a connection, kept for as long as the connection lives: operation
2001 makes the *connection* the authenticated session, so the identity cannot
live in a table keyed by a number that somebody else might send. A datagram
has no connection; it gets a fresh channel each time and stays anonymous.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ballast.node.wire.value import Reference

__all__ = ["Channel", "ChannelKind"]

ChannelKind = Literal["udp", "tcp", "http"]


@dataclass(slots=True)
class Channel:
    """The way a message came in.

    Parameters
    ----------
    kind
        Which door.
    address
        The other end's address without the port, as text.
    identity
        The administrator that logged in on this connection, if one did.
    proof
        The key by which that was proved (``caller.proof_of``).
    encrypted
        Whether others on the way could have read it.
    following
        Gives the messages that follow the last answer, one a call and None behind the last: a
        list longer than one message. Set by the front for doors that keep an order (TCP), and
        taken away by the door.
    """

    kind: ChannelKind
    address: str
    identity: Reference | None = None
    proof: bytes = b""
    encrypted: bool = False
    following: Callable[[], bytes | None] | None = None
