"""What the Identifiers page and its API read of the registry, each as far as the viewer may see.

One moment of the registry goes in, frozen answers come out; whoever draws
them, or writes them as JSON, holds no moment open and judges no right again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ballast.errors import InvalidTerm, NotFound, NotPermitted
from ballast.node.registry.entries import PrefixEntry
from ballast.node.registry.records import MAX_KEY_BYTES, Record, record_key, unpack_record
from ballast.node.registry.store import Snapshot
from ballast.node.servers.http.known_types import NAME_TYPES
from ballast.node.servers.http.record_json import text_of
from ballast.node.service.founding import PROVENANCE_META
from ballast.node.service.lifecycle import LifeState, life_of
from ballast.node.service.prefixes import entry_of, record_of_handle
from ballast.portal.identifiers_rights import (
    counts_prefix,
    lists_records,
    reads_value,
    sees_prefix,
)
from ballast.terms.handle import MAX_HANDLE_BYTES, fold, prefix_of
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer
from ballast.words import visible

__all__ = [
    "Hit",
    "Hits",
    "Opened",
    "every_prefix",
    "is_synthetic",
    "one_prefix",
    "open_record",
    "prefixes_of",
    "search",
]

_PAGE = 1_000
_MAX_NAME = 120


def is_synthetic(moment: Snapshot) -> bool:
    """Return whether what the node names is invented, as a sample's is."""
    return moment.meta(PROVENANCE_META) == b"synthetic"


def every_prefix(moment: Snapshot) -> Iterator[PrefixEntry]:
    """Yield all prefixes of a node, whoever looks."""
    after: bytes | None = None
    while page := moment.prefixes(after, _PAGE):
        yield from page
        after = fold(page[-1].prefix.encode())


def _by_number(entry: PrefixEntry) -> tuple[tuple[bool, int, str], ...]:
    """Return what sorts 88.118.9 before 88.118.10."""
    return tuple(
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in entry.prefix.split(".")
    )


def prefixes_of(moment: Snapshot, viewer: Viewer) -> tuple[PrefixEntry, ...]:
    """Return the prefixes that a viewer sees, in the order of their numbers.

    A count that is not the viewer's to see is -1.
    """
    seen = (entry for entry in every_prefix(moment) if sees_prefix(viewer, entry))
    shown = (entry if counts_prefix(viewer, entry) else replace(entry, count=-1) for entry in seen)
    return tuple(sorted(shown, key=_by_number))


def one_prefix(moment: Snapshot, viewer: Viewer, prefix: str) -> PrefixEntry:
    """Return one prefix that a viewer sees.

    Raises
    ------
    NotFound
        If there is none, or none that is the viewer's to see.
    """
    entry = moment.prefix(fold(prefix.encode("utf-8", "replace")))
    if entry is None or not sees_prefix(viewer, entry):
        raise NotFound(
            "there is no prefix {prefix} that you may see; the list shows those there are",
            prefix=prefix[:80],
        )
    return entry if counts_prefix(viewer, entry) else replace(entry, count=-1)


@dataclass(frozen=True, slots=True)
class Hit:
    """One identifier that was found.

    Parameters
    ----------
    handle
        As it was registered.
    life
        What has become of it.
    created_at, expires_at
        Epoch seconds; ``expires_at`` 0 for never.
    """

    handle: str
    life: LifeState
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of what was found.

    Parameters
    ----------
    hits
        In the order of the registry.
    after
        To be given for the page behind it; empty where there is none.
    prefixes
        Where no slash was given: further prefixes that begin so.
    enterprises
        How many enterprises' identifiers are shown, for the trail.
    """

    hits: tuple[Hit, ...]
    after: bytes = b""
    prefixes: tuple[PrefixEntry, ...] = ()
    enterprises: int = 0


def search(
    moment: Snapshot,
    viewer: Viewer,
    asked: str,
    now: float,
    *,
    after: bytes = b"",
    limit: int = 50,
) -> Hits:
    """Return the identifiers that begin as asked, in any spelling; a page of them.

    Parameters
    ----------
    asked
        A handle or its beginning. Without a slash it is a prefix, or the beginning of one.
    now
        Epoch seconds.
    after
        Where the page before ended.
    limit
        Identifiers of one page; prefixes likewise.

    Raises
    ------
    NotPermitted
        If the prefix is one whose identifiers are not the viewer's to list.
    """
    wanted = fold(asked.strip().encode("utf-8", "replace"))[:MAX_HANDLE_BYTES]
    if not wanted:
        return Hits(())
    prefix, slash, _ = wanted.partition(b"/")
    others: tuple[PrefixEntry, ...] = ()
    if not slash:
        begun = [
            entry
            for entry in prefixes_of(moment, viewer)
            if fold(entry.prefix.encode()).startswith(prefix) and lists_records(viewer, entry)
        ]
        if len(begun) == 1:
            prefix = fold(begun[0].prefix.encode())
        others = tuple(entry for entry in begun if fold(entry.prefix.encode()) != prefix)[:limit]
        wanted = prefix + b"/"
    entry = moment.prefix(prefix)
    if entry is None or not sees_prefix(viewer, entry):
        return Hits((), prefixes=others)
    if not lists_records(viewer, entry):
        raise NotPermitted(
            "what stands under {prefix} is for its enterprise to list; anyone who has an "
            "identifier can resolve it at the node",
            prefix=entry.prefix,
        )
    keys = _keys(moment, prefix, wanted, after, limit + 1)
    hits = tuple(_hit(key, moment, now) for key in keys[:limit])
    behind = keys[limit - 1] if len(keys) > limit else b""
    return Hits(hits, behind, others, int(bool(hits and entry.uscc)))


def _keys(moment: Snapshot, prefix: bytes, wanted: bytes, after: bytes, limit: int) -> list[bytes]:
    """Return keys that begin as wanted: that one itself, then those behind it, in order."""
    key = record_key(wanted)
    found: list[bytes] = []
    if not after and moment.record(key) is not None:
        found.append(key)
    for other, _ in moment.handles(prefix, max(after[:MAX_KEY_BYTES], key), limit - len(found)):
        if not other.startswith(wanted):
            break
        found.append(other)
    return found


def _hit(key: bytes, moment: Snapshot, now: float) -> Hit:
    packed = moment.record(key)
    if packed is None:  # not in one moment
        raise NotFound("an identifier was deleted while it was looked up; search again")
    record = unpack_record(key, packed)
    life = life_of(record.state, record.expires_at, now)
    handle = record.handle.decode("utf-8", "replace")
    return Hit(handle, life, record.created_at, record.expires_at)


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that a viewer opened.

    Parameters
    ----------
    record
        As the registry keeps it; only ``readable`` of its values may be shown.
    entry
        Its prefix, with the enterprise behind it.
    life
        What has become of it.
    readable
        Indexes of the values whose data the viewer reads.
    synthetic
        Whether the node is a sample's.
    """

    record: Record
    entry: PrefixEntry
    life: LifeState
    readable: frozenset[int]
    synthetic: bool

    @property
    def handle(self) -> str:
        """The handle as it was registered."""
        return self.record.handle.decode("utf-8", "replace")

    def name(self, language: Language) -> str:
        """Return what the thing is called, if a value that the viewer reads says so; else empty."""
        named = {
            value.type.upper(): text_of(value.data) or ""
            for value in reversed(self.record.values())
            if value.index in self.readable
        }
        text = next((named[kind] for kind in NAME_TYPES[language] if named.get(kind)), "")
        return visible(text[:_MAX_NAME])


def open_record(moment: Snapshot, viewer: Viewer, handle: str, now: float) -> Opened:
    """Return the record of a handle in any spelling.

    Raises
    ------
    NotFound
        If it is not registered here.
    NotPermitted
        If it is another enterprise's.
    """
    asked = handle.strip()
    if not asked:
        raise InvalidTerm("enter an identifier, such as 88.118.8/A-1")
    folded = fold(asked.encode("utf-8", "replace"))
    entry = entry_of(moment, folded)
    if entry is None:
        raise NotFound(
            "{handle}: its prefix {prefix} was not allotted by this node",
            handle=asked[:200],
            prefix=prefix_of(folded).decode("utf-8", "replace")[:80],
        )
    if not lists_records(viewer, entry):
        raise NotPermitted(
            "{handle} is of an enterprise whose identifiers your account does not open; anyone can "
            "resolve it at the node",
            handle=asked[:200],
        )
    record = record_of_handle(moment, folded)
    if record is None:
        raise NotFound("{handle}: is not registered", handle=asked[:200])
    readable = {v.index for v in record.values() if reads_value(viewer, entry, v)}
    return Opened(
        record,
        entry,
        life_of(record.state, record.expires_at, now),
        frozenset(readable),
        is_synthetic(moment),
    )
