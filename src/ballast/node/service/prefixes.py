"""For which handles this node answers, and where it sends those who ask for others.

A handle under a prefix that was never allotted here is "not responsible"
(301), as servers in the field answer it, and not "not found" (100): the second
would tell a resolver that the handle exists nowhere. A prefix whose enterprise
keeps a node of its own is referred there (303), with the HS_SITE values that
stand in the prefix's own record. What stands without a slash is no handle, but
is answered with 301 too, because that is what servers in the field do.

The prefixes themselves are handles, ``0.NA/<prefix>``; they are kept here for
every prefix that was allotted here, wherever its handles are.
"""

from __future__ import annotations

from ballast.errors import InvalidTerm
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.records import MAX_PREFIX_BYTES, Record, record_key, unpack_record
from ballast.node.registry.store import Snapshot
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.founding import PREFIX_META
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Value
from ballast.terms.handle import fold, prefix_handle, prefix_of

__all__ = [
    "AUTHORITY",
    "away",
    "entry_of",
    "node_handle",
    "parse_prefix",
    "prefix_named",
    "record_of_handle",
]

AUTHORITY = b"0.na"
_NAMES = AUTHORITY + b"/"
_SITE = "HS_SITE"


def record_of_handle(snapshot: Snapshot, handle: bytes) -> Record | None:
    """Return the record of a handle in any spelling."""
    key = record_key(fold(handle))
    packed = snapshot.record(key)
    return None if packed is None else unpack_record(key, packed)


def prefix_named(handle: bytes) -> bytes | None:
    """Return the folded prefix that a handle of the form ``0.NA/<prefix>`` names, or None.

    Examples
    --------
    >>> prefix_named(b"0.na/88.118.8"), prefix_named(b"88.118.8/A")
    (b'88.118.8', None)
    """
    folded = fold(handle)
    return folded[len(_NAMES) :] if folded.startswith(_NAMES) else None


def node_handle(snapshot: Snapshot) -> bytes | None:
    """Return the handle of the node's own prefix, ``0.NA/<node prefix>``."""
    own = snapshot.meta(PREFIX_META)
    return None if own is None else prefix_handle(own.decode()).encode()


def entry_of(snapshot: Snapshot, handle: bytes) -> PrefixEntry | None:
    """Return the prefix a handle stands under; of ``0.NA/<prefix>`` the prefix it names."""
    named = prefix_named(handle)
    return snapshot.prefix(prefix_of(fold(handle)) if named is None else named)


def away(snapshot: Snapshot, handle: bytes, *, refer: bool = True) -> Answer | None:
    """Return why this node does not answer for a handle; None where it does.

    Parameters
    ----------
    handle
        As asked for.
    refer
        Say where to go instead (303); otherwise 301, as the flag DNRF asks.
    """
    if not handle:
        return turned_down(ResponseCode.INVALID_HANDLE, "the handle is empty; write prefix/suffix")
    named = prefix_named(handle)
    entry = snapshot.prefix(prefix_of(fold(handle)) if named is None else named)
    if entry is None:
        # The prefix of a node that was restored in part may stand as a record alone.
        if named is not None and snapshot.record(record_key(fold(handle))) is not None:
            return None
        return turned_down(
            ResponseCode.SERVER_NOT_RESPONSIBLE,
            "{handle}: its prefix was not allotted by this node; ask the one that did",
            handle,
        )
    if b"/" not in handle:
        return turned_down(
            ResponseCode.SERVER_NOT_RESPONSIBLE,
            "{handle}: is a prefix and no handle; write prefix/suffix, or 0.NA/ before it",
            handle,
        )
    if named is not None or entry.state is PrefixState.HOMED:
        return None
    if entry.state is PrefixState.DELEGATED and refer:
        return _referral(snapshot, entry)
    return turned_down(
        ResponseCode.SERVER_NOT_RESPONSIBLE,
        "{handle}: this node does not answer for its prefix at present",
        handle,
    )


def _referral(snapshot: Snapshot, entry: PrefixEntry) -> Answer:
    """Return where the enterprise's own node is: what its prefix says now, or said at first."""
    named = prefix_handle(entry.prefix)
    record = record_of_handle(snapshot, named.encode())
    sites = (
        []
        if record is None
        else [
            value for value in record.values() if value.public_read and value.type.upper() == _SITE
        ]
    )
    if not sites and entry.site:
        sites = [Value(1, _SITE, entry.site, timestamp=entry.allotted_at)]
    said = turned_down(
        ResponseCode.PREFIX_REFERRAL,
        "the handles of {prefix} are kept by the enterprise's own node; ask there",
        prefix=entry.prefix,
    )
    return Answer(
        said.code,
        said.message,
        named.encode(),
        b"".join([site.to_wire() for site in sites]),
        len(sites),
        sentence=said.sentence,
    )


def parse_prefix(text: str) -> str:
    """Return a prefix that can be allotted: parts with dots between, such as ``88.118.8``.

    Parts are strings: leading zeros stay. Letters are allowed, blanks, slashes and what cannot
    be printed are not.

    Raises
    ------
    InvalidTerm
        If it is none.

    Examples
    --------
    >>> parse_prefix("88.101.0042")
    '88.101.0042'
    """
    well_formed = all(text.split(".")) and "/" not in text and text.isprintable()
    if not well_formed or " " in text or fold(text.encode()) == AUTHORITY:
        raise InvalidTerm(
            "“{text}” is no prefix; write parts with dots between them, such as 88.118.8",
            text=text[:80],
        )
    if len(text.encode()) > MAX_PREFIX_BYTES - len(_NAMES):
        raise InvalidTerm(
            "the prefix “{text}…” has more than {most} bytes",
            text=text[:80],
            most=MAX_PREFIX_BYTES - len(_NAMES),
        )
    return text
