"""A block of a bulk load: thousands of new records, judged and put as one.

Not a ``Change`` of the service, whose ``apply`` judges one handle at a time: a
block carries records that the worker has packed already, is judged once a
prefix, leaves one entry in the outbox and one in the audit trail, and is
answered line by line. ``service.changes.CreateBlock`` is therefore not applied
by ``service.changing``: this module does it with the service's rights.
"""

from __future__ import annotations

import msgspec

__all__ = ["Block", "Judged", "Outcome"]


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Records of one block, in the order in which they are to be judged.

    Parameters
    ----------
    load
        Under what the progress of the load is kept; empty: it keeps none.
    first_line, lines
        Number of its first line in the load, from 1; how many lines it has.
    size_bytes
        Their bytes.
    digest
        Digest of all bytes of the load up to the end of the block.
    last
        Whether the load ends here.
    overwrite
        Whether a record that stands already is replaced.
    prefixes
        The prefixes of the items, folded, each with how many items in turn have it.
    items
        Key and packed record of each handle.
    handles
        The spelling of each, UTF-8.
    refused
        What the worker refused itself: line in the load, handle, code, message.
    numbers
        Line of each item in the load; empty: they follow one another from the first line.
    """

    load: bytes
    first_line: int
    lines: int
    size_bytes: int
    digest: bytes
    last: bool
    overwrite: bool
    prefixes: list[tuple[bytes, int]]
    items: list[tuple[bytes, bytes]]
    handles: list[bytes]
    refused: list[tuple[int, str, int, str]] = []
    numbers: list[int] = []


class Judged(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of one item that was not registered: its place in the block, code, why."""

    item: int
    code: int
    message: str


class Outcome(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of a block.

    Parameters
    ----------
    code
        SUCCESS: the block is on the disk; anything else: none of it is.
    message
        Why not.
    refused
        The items that were not registered; all others were.
    done
        How many lines of the load are done.
    """

    code: int
    message: str = ""
    refused: list[Judged] = []
    done: int = 0
