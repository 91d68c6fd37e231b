"""The names of the tags, numbered for good.

A file of its own and not part of the segments: segments are forgotten once
they are shipped, and a name is needed as long as its number. The number is
the place in the file. Names are only ever added.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from ballast.errors import Refused, StorageFailed
from ballast.plant.spool.columns import plain_text

__all__ = ["LONGEST_NAME", "NAMES", "encoded", "parsed", "recovered", "usable"]

NAMES = "tags"
#: So many bytes may a name have.
LONGEST_NAME = 4096
_HEAD = struct.Struct("<II")


def usable(name: str) -> str:
    """Return a tag's name as it is kept.

    Raises
    ------
    Refused
        If it is empty or too long.
    """
    kept = plain_text(name)
    if not kept or len(kept.encode()) > LONGEST_NAME:
        raise Refused(
            "{name}: the name of a tag has 1 to {most} bytes; give it a shorter one in the site's "
            "mapping",
            name=name[:40],
            most=LONGEST_NAME,
        )
    return kept


def encoded(names: Sequence[str], first: int) -> bytes:
    """Return names as they are added to the file.

    Parameters
    ----------
    names
        One behind the other.
    first
        The number of the first of them: part of the checksum, so that no name slips to another
        number.

    Examples
    --------
    >>> parsed(encoded(["line/lathe", "line/saw"], 0))[0]
    ['line/lathe', 'line/saw']
    """
    pieces = []
    for number, name in enumerate(names, first):
        text = name.encode()
        pieces += [_HEAD.pack(len(text), zlib.crc32(text, number)), text]
    return b"".join(pieces)


def parsed(data: bytes) -> tuple[list[str], int]:
    """Return the names of a file, and the offset behind the last whole one."""
    names: list[str] = []
    offset = 0
    while offset + _HEAD.size <= len(data):
        length, check = _HEAD.unpack_from(data, offset)
        text = data[offset + _HEAD.size : offset + _HEAD.size + length]
        if len(text) < length or not length or zlib.crc32(text, len(names)) != check:
            break
        names.append(text.decode())
        offset += _HEAD.size + length
    return names, offset


def recovered(path: Path, known: int) -> tuple[int, list[str], int, int]:
    """Open the file for adding, and cut a torn tail off.

    Parameters
    ----------
    path
        The file; made if it is not there.
    known
        How many names were durable.

    Returns
    -------
    tuple
        The opened file, the names, its length, and how many bytes were cut off.

    Raises
    ------
    StorageFailed
        If names that were durable cannot be read: numbers would get other names.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        data = path.read_bytes()
        names, end = parsed(data)
        if len(names) < known:
            raise StorageFailed(
                "{path}: only {found} of {known} names of tags can be read; restore the home from "
                "a backup",
                path=path,
                found=len(names),
                known=known,
            )
        if end < len(data):
            os.ftruncate(handle, end)
        os.fsync(handle)
    except BaseException:
        os.close(handle)
        raise
    return handle, names, end, len(data) - end
