"""Who asks: a person or a program at a door of the node, as far as it has proved who it is.

The doors find out who a caller is (a challenge answered, a password over TLS,
a session of a connection); everything below judges rights by this one value
and knows nothing of doors. It travels with a change to the writer, so it is
plain data.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal, TypeAlias

import msgspec

from ballast.node.wire.value import Reference

Door: TypeAlias = Literal["udp", "tcp", "http", "local"]


class Caller(msgspec.Struct, frozen=True):
    """Who asks.

    Parameters
    ----------
    identity
        Handle and index of the administrator that was proved; nothing for anybody.
    address
        Where the request came from, for the audit trail and the limits.
    channel
        The door it came through.
    local
        The operator at the command line of this machine: every right.
    person
        Of an operator: who it is, for the audit trail.
    proof
        ``proof_of`` the key by which the identity was proved. Rights are read only while that
        very key stands: a session ends with the key that opened it (``rights``).

    Examples
    --------
    >>> Caller(Reference("0.NA/88.118.8", 300)).name
    '300:0.NA/88.118.8'
    >>> ANONYMOUS.name, OPERATOR.name
    ('', 'operator')
    """

    identity: Reference | None = None
    address: str = ""
    channel: Door = "tcp"
    local: bool = False
    person: str = ""
    proof: bytes = b""

    @property
    def name(self) -> str:
        """How the caller is written in the audit trail; empty for anybody."""
        if self.identity is not None:
            return f"{self.identity.index}:{self.identity.handle}"
        return (self.person or "operator") if self.local else ""

    @property
    def known(self) -> bool:
        """Whether the caller has proved to be somebody."""
        return self.local or self.identity is not None


def proof_of(key: bytes) -> bytes:
    """Return by what a key is known again, without being kept.

    Parameters
    ----------
    key
        Data of an HS_SECKEY or HS_PUBKEY value.

    Examples
    --------
    >>> proof_of(b"old") == proof_of(b"new")
    False
    """
    return blake2b(key, digest_size=16, person=b"proof-of-key").digest()


ANONYMOUS = Caller()
OPERATOR = Caller(channel="local", local=True)
