"""What happened to the data on its way: gaps, doubles, lost connections.

Events travel in the same log as the samples, so that a report can say of a
missing hour whether the machine, the broker or the disk was silent; counters
in memory would be gone with the process that had the trouble.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CollectEvent", "EventKind"]


class EventKind(StrEnum):
    """What happened; the values stand in the lake, and are never renamed."""

    GAP = "gap"
    STALE = "stale"
    REBIRTH_ASKED = "rebirth-asked"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    LATE = "late"
    AHEAD = "ahead"
    UNMAPPED = "unmapped"
    ALIAS_CLASH = "alias-clash"
    UNREADABLE = "unreadable"
    DOUBT = "doubt"
    BROKER_LOST = "broker-lost"
    BROKER_BACK = "broker-back"
    SPOOL_FULL = "spool-full"
    TORN_LOG = "torn-log"
    STARTED = "started"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class CollectEvent:
    """One thing that happened to the data.

    Parameters
    ----------
    at
        When it was noticed, by our clock, in ms (UTC).
    kind
        What it was.
    source
        Where: an edge node, a topic, a broker's address, the log.
    tag
        The tag that it is about; None where it is about all of the source.
    since, until
        The time that it covers, in ms (UTC); ``until`` is None while it lasts.
    count
        How many samples or messages.
    detail
        More about it: sentences of ``ballast.words.pack``, or text of the
        source; shown by ``ballast.words.unpack``. May be empty.
    """

    at: int
    kind: EventKind
    source: str
    tag: str | None
    since: int
    until: int | None
    count: int
    detail: str = ""
