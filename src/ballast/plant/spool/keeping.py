"""A copy of the log for a backup, taken while the collector writes.

The files cannot simply be copied: between reading one and the next the log
goes on, and a copy whose mark is ahead of its segments would tell of damage
that never was. So the mark is read first, and everything is copied up to it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ballast.plant.spool.failing import disk_errors
from ballast.plant.spool.marks import DURABLE, SHIPPED, read_durable, read_shipped
from ballast.plant.spool.names import NAMES, encoded, parsed
from ballast.plant.spool.segments import listed

__all__ = ["copy_log"]

_COPIED_AT_ONCE = 1 << 20


def copy_log(directory: Path, target: Path) -> bool:
    """Copy a log as it is durable at this moment; nothing stops meanwhile.

    While it runs, nothing may be shipped, or the copy could lack what the lake
    has not got in the same backup: the caller holds the home's lock.

    Parameters
    ----------
    directory
        Where the log stands.
    target
        The directory to make; an opened copy is a log that was closed well.

    Returns
    -------
    bool
        Whether there is a log at all.

    Raises
    ------
    StorageFailed
        If it cannot be read, or the copy not be written.
    """
    with disk_errors(directory):
        mark = read_durable(directory)
        if mark is None:
            return False
        shipped = read_shipped(directory)
        segments, _ = listed(directory)
        names, _ = parsed((directory / NAMES).read_bytes())
    with disk_errors(target):
        target.mkdir(parents=True)
        for segment in segments:
            if segment.base < mark.position:
                # Gone meanwhile: then it was shipped.
                with suppress(FileNotFoundError):
                    path = segment.path(directory)
                    _copy_part(path, target / path.name, mark.position - segment.base)
        (target / NAMES).write_bytes(encoded(names[: mark.tags], 0))
        (target / SHIPPED).write_bytes(shipped.pack())
        (target / DURABLE).write_bytes(mark.pack())
    return True


def _copy_part(source: Path, target: Path, most: int) -> None:
    with source.open("rb") as read, target.open("wb") as written:
        while most > 0 and (piece := read.read(min(most, _COPIED_AT_ONCE))):
            written.write(piece)
            most -= len(piece)
