"""The shortest way of a plain look-up: from the path of an address to its answer.

Nearly everything that is asked by HTTP is one of two questions: the record of a
handle as JSON, or where a handle leads. Both are answered here from the bytes
in which the record is kept, without a router, a request object or a ``Value``.
Whatever is not plain (a query, a proof of identity, a record that is revoked or
expired, a prefix that is not kept here, anything not found or odd) is answered
with None and goes the long way, which gives the same bytes for a plain one too:
a test compares them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from hashlib import blake2b
from struct import Struct
from typing import Any

from ballast.node.registry.entries import PrefixState
from ballast.node.registry.records import HEAD, record_key
from ballast.node.registry.store import Reader
from ballast.node.servers.counters import Series
from ballast.node.servers.http.accepting import wants_json
from ballast.node.servers.http.record_json import record_body
from ballast.node.servers.http.redirecting import url_of
from ballast.node.servers.tally import Tally
from ballast.node.wire.value import VALUE_HEAD
from ballast.terms.handle import MAX_HANDLE_BYTES, prefix_of

__all__ = ["API", "HotPath", "etag_of", "fresh_headers", "kept_for"]

API = "/api/handles/"
_API_CHARACTERS = len(API)
_U32 = Struct(">I")
_VALUE_HEAD = VALUE_HEAD.size
_LONGEST_KEPT = 86_400
# A secret key is never answered, even where it was stored as public.
_SECRET = b"hs_seckey"
_PLAIN_HEADERS = (
    ("content-type", "application/json;charset=UTF-8"),
    ("access-control-allow-origin", "*"),
    ("vary", "Accept, Authorization"),
    ("x-content-type-options", "nosniff"),
)
# Paths under / that are no handles; none of these could be a prefix of ours.
RESERVED = ("/api/", "/health", "/metrics")


def etag_of(body: bytes) -> str:
    """Return the entity tag of a body.

    Examples
    --------
    >>> etag_of(b"")
    '"e4a6a0577479b2b4"'
    """
    return f'"{blake2b(body, digest_size=8).hexdigest()}"'


def fresh_headers(ttl: int, tag: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return how long an answer is fresh and by what it is known."""
    return ("cache-control", f"public, max-age={ttl}"), ("etag", tag)


def kept_for(ttl: int, expires_at: int, now: float) -> int:
    """Return for how many seconds an answer may be kept by whoever got it.

    Not beyond the end of the record, and never for more than a day, whatever a value says: a
    product that is recalled must not be sent on out of the caches of browsers for years.

    Parameters
    ----------
    ttl
        What the values say, s.
    expires_at, now
        Epoch seconds; 0 for a record without an end.

    Examples
    --------
    >>> kept_for(4_294_967_295, 0, 100.0), kept_for(600, 400, 100.0), kept_for(600, 50, 100.0)
    (86400, 300, 600)
    """
    left = int(expires_at - now) if expires_at > now else _LONGEST_KEPT
    return min(ttl, left, _LONGEST_KEPT)


def first_url(wire: bytes, count: int) -> tuple[bytes, int] | None:
    """Return data and TTL in seconds of the first value of type URL; None where there is none."""
    at = 0
    for _ in range(count):
        _, _, absolute, ttl, _, size = VALUE_HEAD.unpack_from(wire, at)
        at += _VALUE_HEAD
        is_url = size == 3 and wire[at : at + 3].upper() == b"URL"
        at += size
        (size,) = _U32.unpack_from(wire, at)
        at += 4
        if is_url:
            return wire[at : at + size], 0 if absolute else ttl
        at += size
        (references,) = _U32.unpack_from(wire, at)
        at += 4
        for _ in range(references):
            at += 8 + _U32.unpack_from(wire, at)[0]
    return None


class HotPath:
    """Plain look-ups of one worker.

    Parameters
    ----------
    reader
        The records; let go at the end of each turn of the loop.
    tally
        Where resolutions are summed by prefix.
    clock
        Epoch seconds.
    """

    def __init__(
        self,
        reader: Reader,
        tally: Tally,
        clock: Callable[[], float],
    ) -> None:
        self._reader = reader
        self._tally = tally
        self._clock = clock
        self._homed: dict[bytes, bool] = {}
        self._held = False
        self._answered = {"record": 0, "redirect": 0}
        self.loop: asyncio.AbstractEventLoop | None = None

    def take(self) -> Mapping[Series, int]:
        """Return what was answered since the last time, for ``Counters.source``."""
        taken, self._answered = self._answered, {"record": 0, "redirect": 0}
        return {
            ("ballast_node_requests_total", (("door", "http"), ("operation", name))): count
            for name, count in taken.items()
        }

    def _release(self) -> None:
        self._reader.release()
        self._homed.clear()
        self._held = False

    def _plain(self, text: str) -> tuple[bytes, bytes, int, int] | None:
        """Return handle, public values, their number and the end of a record that is plain."""
        if "\ufffd" in text:
            return None
        try:
            handle = text.encode()
        except UnicodeEncodeError:
            return None
        if len(handle) > MAX_HANDLE_BYTES:
            return None
        folded = handle.lower()
        slash = folded.find(b"/")
        if slash < 1:
            return None
        if not self._held and self.loop is not None:
            # The next read would otherwise see what this turn began with, for ever.
            self._held = True
            self.loop.call_soon(self._release)
        packed = self._reader.get(record_key(folded))
        if packed is None:
            return None
        state, expires_at, _, _, count, size, _, _ = HEAD.unpack_from(packed)
        if state or (expires_at and expires_at <= self._clock()):
            return None
        prefix = folded[:slash]
        homed = self._homed.get(prefix)
        if homed is None:
            entry = self._reader.prefix(prefix)
            homed = self._homed[prefix] = entry is not None and entry.state == PrefixState.HOMED
        if not homed or not count:
            return None
        return handle, packed[HEAD.size : HEAD.size + size], count, expires_at

    def answer(self, scope: Any, protocol: Any) -> bool:
        """Answer a plain look-up; False: nothing was answered, it goes the long way.

        Parameters
        ----------
        scope, protocol
            What granian gave.
        """
        if scope.method != "GET" or scope.query_string:
            return False
        path: str = scope.path
        headers = scope.headers
        if "authorization" in headers:
            return False
        if path.startswith(API):
            return self._record(path[_API_CHARACTERS:], headers, protocol)
        if path.startswith(RESERVED):
            return False
        return self._redirect(path[1:], headers, protocol)

    def _record(self, text: str, headers: Any, protocol: Any) -> bool:
        found = self._plain(text)
        if found is None:
            return False
        handle, wire, count, expires_at = found
        now = self._clock()
        if _SECRET in wire.lower():
            return False
        body, ttl = record_body(handle, wire, count, now)
        tag = etag_of(body)
        fresh = fresh_headers(kept_for(ttl, expires_at, now), tag)
        self._answered["record"] += 1
        self._tally.count(prefix_of(handle).lower())
        if headers.get("if-none-match") == tag:
            protocol.response_empty(304, [*_PLAIN_HEADERS, *fresh])
        else:
            protocol.response_bytes(200, [*_PLAIN_HEADERS, *fresh], body)
        return True

    def _redirect(self, text: str, headers: Any, protocol: Any) -> bool:
        accept = headers.get("accept")
        if accept is not None and "json" in accept and wants_json(accept):
            return False
        found = self._plain(text)
        if found is None:
            return False
        handle, wire, count, expires_at = found
        target = first_url(wire, count)
        link = url_of(target[0]) if target is not None else None
        if target is None or link is None:
            return False
        kept = kept_for(target[1], expires_at, self._clock())
        self._answered["redirect"] += 1
        self._tally.count(prefix_of(handle).lower())
        protocol.response_empty(
            302,
            [
                ("location", link),
                ("cache-control", f"public, max-age={kept}"),
                ("vary", "Accept"),
                ("referrer-policy", "no-referrer"),
            ],
        )
        return True
