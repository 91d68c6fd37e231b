"""The last value of every tag, for pages: one small file, replaced about once a second.

Not the log, because its newest segment would have to be read whole to find a
tag that changed an hour ago; not shared memory, because the file survives the
collector and can say since when it is silent. It is never synced: after a
power cut the log knows better.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ballast.plant.spool.failing import disk_errors

__all__ = ["CollectorStatus", "LastValue", "Live", "read_live", "write_live"]

LIVE = "live"
_SIGN = b"BLlive1\n"


@dataclass(frozen=True, slots=True)
class LastValue:
    """What a tag said last.

    Parameters
    ----------
    tag
        Its name.
    time, received_at
        When it was measured and when it reached us, in ms (UTC).
    value
        As in ``Samples``; nan where null or only a text.
    text
        What a float cannot hold exactly.
    quality
        192 is good, 0 bad, 500 stale.
    stale_since
        Since when its source is known to be silent, in ms (UTC); None while it is not.
    """

    tag: str
    time: int
    received_at: int
    value: float
    text: str | None
    quality: int
    stale_since: int | None


@dataclass(frozen=True, slots=True)
class CollectorStatus:
    """How the collector is doing.

    Parameters
    ----------
    broker
        Its address, never with a password.
    connected_since
        In ms (UTC); None while not connected.
    messages_per_second, samples_per_second
        Over the last seconds.
    waiting_bytes, waiting_samples
        What the lake has not got yet.
    last_fault
        What went wrong last (``ballast.words.pack``), with ``last_fault_at`` in ms (UTC).
    """

    broker: str
    connected_since: int | None
    messages_per_second: float
    samples_per_second: float
    waiting_bytes: int
    waiting_samples: int
    last_fault: str | None = None
    last_fault_at: int | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """How the plant looked at one moment.

    Parameters
    ----------
    at
        When it was written, by the collector's clock, in ms (UTC).
    status
        How the collector was doing.
    values
        The last value of every tag.
    """

    at: int
    status: CollectorStatus
    values: tuple[LastValue, ...]


def write_live(directory: Path, live: Live) -> None:
    """Replace what was written before; a reader sees the old or the new, never a part.

    Parameters
    ----------
    directory
        That of the log.
    live
        What to write.

    Raises
    ------
    StorageFailed
        If the disk is full or cannot be written; the old stays.
    """
    new = directory / f"{LIVE}.new"
    with disk_errors(new):
        try:
            new.write_bytes(_SIGN + msgspec.msgpack.encode(live))
            new.rename(directory / LIVE)
        except OSError:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise


def read_live(directory: Path) -> Live | None:
    """Return what the collector wrote last; None where there is nothing that can be read."""
    try:
        data = (directory / LIVE).read_bytes()
        if not data.startswith(_SIGN):
            return None
        return msgspec.msgpack.decode(data[len(_SIGN) :], type=Live)
    except (OSError, msgspec.MsgspecError):
        return None
