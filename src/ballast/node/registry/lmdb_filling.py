"""Blocks of records in key order fill their pages, wherever in the tree they go.

Behind the last key of the tree LMDB fills page after page (its append flag). In the middle of
the tree it does not: a full page onto whose end a record goes is cut in front of its
last one, so each page stays short of a record; and where other records follow on the same page,
as those of a later prefix do, it is cut in the middle, and the left half is never filled
again. A load in order then takes twice its space. As the enterprises' prefixes (``88.118.8/``)
sort in front of that of their node (``88.118/``), most loads are of this kind.

So two kinds of records that live no longer than the block are put among its own:

* Fillers of half a page stand behind the block, and keep the page that it grows on to itself.
* A spacer of some bytes goes onto the end of each full page, so that it is the spacer that moves
  to the new page. It is taken away when that is half full: LMDB evens out emptier ones.

When a page is full follows from the sizes of the records once a page was seen to be cut. If that
is ever wrong, a page holds a record less; what is stored is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import lmdb

from ballast.node.registry.records import MAX_KEY_BYTES

PAYS_FROM = 256
"""How many records a block has at least for which this pays."""

Items = Sequence[tuple[bytes, bytes]]

# A page of 4096 bytes has a head of 16, and for each record a pointer of 2 and a head of 8; a
# record of more than half a page stands elsewhere, and leaves 8 bytes on the page.
_ROOM = 4096 - 16
_POINTER, _NODE, _ELSEWHERE = 2, 8, 8
_LARGEST = _ROOM // 2 - _POINTER
_FILLERS = 4
_FIRST = 32  # records that fill a quarter of a page at least


def put_in_gap(
    cursor: lmdb.Cursor[bytes], items: Items, behind: bytes, leaves: Callable[[], int]
) -> None:
    """Put records in key order into a gap of the tree.

    Parameters
    ----------
    cursor
        Of the tree.
    items
        Keys and values; no key of the tree stands between the first and the last.
    behind
        The first key behind them.
    leaves
        Returns how many leaf pages the tree has.
    """
    fillers = _fillers(items[-1][0], behind) if len(items) >= PAYS_FROM else []
    if not fillers:
        cursor.putmulti(items)
        return
    # Some records go first, for LMDB fills a page that is almost empty from its neighbour.
    cursor.putmulti(items[:_FIRST])
    cursor.putmulti(fillers)
    # One filler at most fits beside records: the first is taken away at once.
    cursor.pop(fillers[0][0])
    _fill(cursor, items, _put_until_cut(cursor, items, leaves))
    for key, _ in fillers[1:]:
        cursor.pop(key)


def _fillers(last: bytes, behind: bytes) -> list[tuple[bytes, bytes]]:
    """Return records of half a page between two keys; none where no key fits between."""
    keys = [last + bytes((0, place)) for place in range(_FILLERS)]
    if keys[-1] >= behind or len(keys[-1]) > MAX_KEY_BYTES:
        return []
    return [(key, bytes(_LARGEST - _NODE - len(key))) for key in keys]


def _put_until_cut(cursor: lmdb.Cursor[bytes], items: Items, leaves: Callable[[], int]) -> int:
    """Put records until a page was cut; return how many of all are put then."""
    before = leaves()
    for place in range(_FIRST, len(items)):
        cursor.put(*items[place])
        if leaves() != before:
            return place + 1
    return len(items)


def _fill(cursor: lmdb.Cursor[bytes], items: Items, put: int) -> None:
    """Put the rest of the records, the last two of those before standing on a page alone."""
    sizes = [_size(len(key) + len(value), len(key)) for key, value in items]
    used = sizes[put - 2] + sizes[put - 1]
    spacer = b""
    while put < len(items):
        end = put
        while end < len(items) and used + sizes[end] <= _ROOM:
            used += sizes[end]
            end += 1
        if spacer:
            half = put + (end - put + 1) // 2
            cursor.putmulti(items[put:half])
            cursor.pop(spacer)
            put = half
        cursor.putmulti(items[put:end])
        put = end
        if put == len(items):
            return
        spacer = items[put - 1][0] + b"\0"
        if (
            len(spacer) <= MAX_KEY_BYTES
            and spacer < items[put][0]
            and (used + _size(len(spacer), len(spacer)) <= _ROOM)
        ):
            cursor.put(spacer, b"")
            used = sizes[put]
        else:
            spacer = b""
            used = sizes[put - 1] + sizes[put]
        cursor.put(*items[put])  # the page is cut here
        put += 1
    if spacer:
        cursor.pop(spacer)


def _size(both: int, key: int) -> int:
    """Return what a record takes of a page, from the bytes of key and value, and of the key."""
    node = _NODE + both
    if node > _LARGEST:
        node = _NODE + key + _ELSEWHERE
    return node + (node & 1) + _POINTER
