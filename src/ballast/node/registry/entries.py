"""What else the registry keeps: prefixes, events on their way out, bulk loads, counts a day.

Apart from the records, because these are read as objects and not sent as bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class PrefixState(IntEnum):
    """What this node does for a prefix."""

    HOMED = 0  # its handles are kept here
    DELEGATED = 1  # its handles are kept by the enterprise's own node
    UNHOMED = 2  # allotted, but not answered for at present


@dataclass(frozen=True, slots=True)
class PrefixEntry:
    """A prefix and the enterprise behind it.

    Parameters
    ----------
    prefix
        As allotted, ``88.118.8``.
    state
        Whether its handles are kept here.
    uscc
        The unified social credit code of the enterprise; empty for the node's own.
    enterprise, contact
        Its name, and how to reach it.
    allotted_at
        Epoch seconds.
    site
        The HS_SITE bytes of the enterprise's own node, for a delegated prefix.
    count
        How many records stand under it; filled when it is read, not stored with it.
    """

    prefix: str
    state: PrefixState
    uscc: str = ""
    enterprise: str = ""
    contact: str = ""
    allotted_at: int = 0
    site: bytes = b""
    count: int = 0


class EventKind(IntEnum):
    """What happened to a handle or a prefix."""

    REGISTERED = 0
    CHANGED = 1
    DELETED = 2
    REVOKED = 3
    RESTORED = 4
    RENEWED = 5
    PREFIX_ALLOTTED = 6
    PREFIX_CHANGED = 7
    PREFIX_WITHDRAWN = 8


@dataclass(frozen=True, slots=True)
class EventDraft:
    """Events to come, alike but for their handles; each handle takes a number of its own.

    Parameters
    ----------
    at
        Epoch milliseconds.
    kind
        What happened.
    prefix
        As allotted.
    handles
        To what it happened, UTF-8, in this order; for a prefix its own handle ``0.NA/…``.
    actor
        Who did it, ``300:0.NA/88.118.8``, or a name of the command line.
    uscc
        The enterprise behind the prefix; may be empty.
    """

    at: int
    kind: EventKind
    prefix: str
    handles: tuple[bytes, ...]
    actor: str = ""
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, with its number; the numbers are contiguous and never reused.

    Parameters
    ----------
    seq
        From 1.
    at
        Epoch milliseconds.
    """

    seq: int
    at: int
    kind: EventKind
    prefix: str
    handle: str
    actor: str
    uscc: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """What happened under one prefix in one day.

    Parameters
    ----------
    day
        By the node's own calendar; whoever counts decides on its zone.
    prefix
        As it was counted, ``88.118.8``.
    """

    day: date
    prefix: str
    registered: int = 0
    changed: int = 0
    deleted: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """How far a bulk load has come.

    Parameters
    ----------
    lines
        Lines taken in, accepted or refused.
    size_bytes
        Their bytes.
    digest
        Of these bytes, in whatever way the writer takes it.
    created
        How many records they made.
    refused
        How many lines were refused; the lines themselves: ``Snapshot.bulk_refusals``.
    changed_at
        Epoch seconds of the last block.
    finished
        Whether the end of the load was seen.
    """

    lines: int = 0
    size_bytes: int = 0
    digest: bytes = b""
    created: int = 0
    refused: int = 0
    changed_at: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class BulkRefusal:
    """One line of a bulk load that was refused.

    Parameters
    ----------
    line
        From 1.
    handle
        As far as it could be read.
    code
        The protocol's response code.
    message
        Why, in one line.
    """

    line: int
    handle: str
    code: int
    message: str
