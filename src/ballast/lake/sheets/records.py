"""Where the records of a CSV begin, and how many fields each has.

polars fills a short record with nulls and does not say where a record stood in
the file. Both are counted here, a chunk at a time in numpy; only files that
need it pay for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Records", "scan_records", "stray_quote"]

_CHUNK = 16 * 1024 * 1024
_LF, _CR, _QUOTE = 10, 13, 34


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a text, blank lines included.

    Parameters
    ----------
    lines : int64, one a record
        The line on which the record begins, from 1.
    fields : int64, one a record
        How many fields it has; 0 for a blank line.
    """

    lines: npt.NDArray[np.int64]
    fields: npt.NDArray[np.int64]


def scan_records(data: bytes, separator: str) -> Records:
    """Count the records of a CSV and their fields.

    Parameters
    ----------
    data
        UTF-8 text; a quoted field may hold separators and line breaks.
    separator
        One ASCII character.

    Examples
    --------
    >>> found = scan_records(b'a,b\\n1,"x\\ny"\\n\\n2\\n', ",")
    >>> found.lines.tolist(), found.fields.tolist()
    ([1, 2, 4, 5], [2, 2, 0, 1])
    """
    whole = np.frombuffer(data, dtype=np.uint8)
    quoted = b'"' in data
    ends, breaks, counts = [], [], []  # ends of records, all line breaks, separators so far
    inside, seen = np.uint8(0), 0
    for start in range(0, len(whole), _CHUNK):
        chunk = whole[start : start + _CHUNK]
        at_break = chunk == _LF
        at_separator = chunk == ord(separator)
        at_end = at_break
        if quoted:
            within = np.bitwise_xor.accumulate((chunk == _QUOTE).astype(np.uint8)) ^ inside
            inside = within[-1]
            at_end = at_break & (within == 0)
            at_separator &= within == 0
            breaks.append(np.flatnonzero(at_break) + start)
        here = np.flatnonzero(at_end)
        ends.append(here + start)
        places = np.flatnonzero(at_separator)
        counts.append(np.searchsorted(places, here) + seen)
        seen += len(places)
    end = np.concatenate(ends) if ends else np.empty(0, np.int64)
    count = np.concatenate(counts) if counts else np.empty(0, np.int64)
    if len(whole) and (not len(end) or end[-1] != len(whole) - 1):
        end, count = np.append(end, len(whole)), np.append(count, seen)
    begin = np.concatenate([[0], end[:-1] + 1]) if len(end) else end
    fields = np.diff(count, prepend=0) + 1
    length = end - begin
    blank = (length == 0) | ((length == 1) & (whole[np.minimum(begin, len(whole) - 1)] == _CR))
    fields[blank] = 0
    if quoted:
        lines = np.searchsorted(np.concatenate(breaks), begin) + 1
    else:
        lines = np.arange(1, len(end) + 1)
    return Records(lines.astype(np.int64), fields.astype(np.int64))


def stray_quote(data: bytes, separator: str) -> int | None:
    """Return the line of the first quotation mark that stands where none can.

    Parameters
    ----------
    data, separator
        As for `scan_records`.

    Returns
    -------
    int or None
        Also for a field that is opened and never closed.

    Examples
    --------
    >>> stray_quote(b'a,b\\n1,5" pipe\\n', ","), stray_quote(b'a,"b"\\n', ",")
    (2, None)
    """
    edge = separator.encode() + b"\n\r"
    opened: int | None = None
    skip = -1
    for found in re.finditer(rb'"', data):
        place = found.start()
        if place == skip:
            continue
        after = data[place + 1 : place + 2]
        if opened is None:
            if place and data[place - 1 : place] not in _each(edge):
                return data.count(b"\n", 0, place) + 1
            opened = place
        elif after == b'"':
            skip = place + 1
        elif after and after not in _each(edge):
            return data.count(b"\n", 0, place) + 1
        else:
            opened = None
    return None if opened is None else data.count(b"\n", 0, opened) + 1


def _each(letters: bytes) -> tuple[bytes, ...]:
    return tuple(letters[i : i + 1] for i in range(len(letters)))
