"""How far a bulk load has come, kept so that it can be sent again after any fault.

With each block the number of its last line and a digest of all bytes up to
there are committed in the same transaction. Whoever sends the load again under
its key is answered from that up to where it came, and goes on from there; what
was sent is compared with the digests, so that other content under the same key
is refused instead of being taken for done.

One digest at the end would not do: nothing could be answered before all lines
up to there had come again, and their answers would have to be held. One digest
a block would grow with the load. So at most ``MOST_CHECKPOINTS`` are kept, and
when there are more they are thinned out evenly: of a load of any size the
answers to 1/200 are held back while it is compared.
"""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

from ballast.errors import Refused
from ballast.node.service.caller import Caller

__all__ = [
    "KEEP_SECONDS",
    "MAX_KEY_BYTES",
    "Checkpoint",
    "add_checkpoint",
    "load_key",
    "read_checkpoints",
]

KEEP_SECONDS = 7 * 86_400
MAX_KEY_BYTES = 255
MOST_CHECKPOINTS = 1024
_CHECKPOINT = struct.Struct(">Q16s")
_DIGEST_BYTES = 16


class Checkpoint(NamedTuple):
    """A place in a load.

    Parameters
    ----------
    lines
        How many lines lie before it.
    digest
        The first 16 bytes of the SHA-256 of all bytes before it.
    """

    lines: int
    digest: bytes

    def fits(self, digest: bytes) -> bool:
        """Whether the bytes that came now have the same digest."""
        return self.digest == digest[:_DIGEST_BYTES]


def load_key(key: str, caller: Caller) -> bytes:
    """Return under what the progress of a load is kept: nobody's key opens another's load.

    Parameters
    ----------
    key
        The idempotency key, chosen by whoever sends the load.
    caller
        Who sends it.

    Raises
    ------
    Refused
        If the key is empty or too long.
    """
    encoded = key.encode(errors="surrogatepass")
    if not 0 < len(encoded) <= MAX_KEY_BYTES:
        raise Refused(
            "an idempotency key has 1 to {most} bytes; this one has {size}",
            most=MAX_KEY_BYTES,
            size=len(encoded),
        )
    whose = caller.name.encode()
    return hashlib.blake2b(
        len(whose).to_bytes(4, "big") + whose + encoded, digest_size=32, person=b"bulk-load"
    ).digest()


def read_checkpoints(packed: bytes) -> list[Checkpoint]:
    """Return the checkpoints of a load, in order.

    Examples
    --------
    >>> read_checkpoints(add_checkpoint(b"", 3, bytes(32)))[0].lines
    3
    """
    return [Checkpoint(*fields) for fields in _CHECKPOINT.iter_unpack(packed)]


def add_checkpoint(packed: bytes, lines: int, digest: bytes) -> bytes:
    """Return checkpoints with one more; too many are thinned out, the last one stays.

    Parameters
    ----------
    packed
        The checkpoints so far.
    lines, digest
        Where the load stands now.
    """
    packed += _CHECKPOINT.pack(lines, digest[:_DIGEST_BYTES])
    if len(packed) <= MOST_CHECKPOINTS * _CHECKPOINT.size:
        return packed
    apart = lines // (MOST_CHECKPOINTS // 2)
    kept: list[Checkpoint] = []
    for one in read_checkpoints(packed):
        if one.lines == lines or one.lines >= (kept[-1].lines if kept else 0) + apart:
            kept.append(one)
    return b"".join([_CHECKPOINT.pack(*one) for one in kept])
