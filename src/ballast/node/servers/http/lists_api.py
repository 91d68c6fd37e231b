"""What there is: handles of a prefix page by page, handles by their beginning, prefixes, the site.

A page is reached by walking to it, so that far pages cost more than near ones;
who wants all goes on from the last handle of a page (``after``), which costs
the same everywhere. Walks are cut into steps between which others are answered.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ballast.errors import HttpRefused
from ballast.node.registry.records import record_key, spelling_of
from ballast.node.registry.store import Snapshot
from ballast.node.servers.http.access import Gate
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.data_json import site_json
from ballast.node.servers.http.paths import handle_of
from ballast.node.servers.http.replies import CORS, json_reply
from ballast.node.servers.http.requests import asker_of, proof_needed, query_of, tongue_of
from ballast.node.service import reading
from ballast.node.service.answers import Answer
from ballast.node.service.caller import Caller
from ballast.node.service.prefixes import prefix_named
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.site import Site
from ballast.terms.handle import fold, prefix_of

__all__ = ["ListsApi"]

_STEP = 1000
_FARTHEST = 1_000_000
_MOST_FOUND = 200
# Keys of longer handles are these many bytes and a digest.
_COMPARED = 478


class ListsApi:
    """The handlers of lists.

    Parameters
    ----------
    context
        What the door was given.
    gate
        Finds out who asks.
    """

    def __init__(self, context: HttpContext, gate: Gate) -> None:
        self._context, self._gate = context, gate

    async def handles(self, request: Request) -> Response:
        """List the handles of a prefix: ``?prefix=&page=&pageSize=``, or ``&after=``."""
        query = query_of(request)
        limits = self._context.limits
        prefix = query.last("prefix")
        if not prefix:
            raise HttpRefused("which prefix? Write prefix=88.118.8")
        named = prefix.encode()
        asker = await asker_of(request, self._gate)
        size = query.number("pageSize", limits.page_size, 0, limits.page_size)
        page = query.number("page", 0, -1, 0x7FFFFFFF)
        after = query.last("after")
        cursor = b"" if after is None else record_key(fold(after.encode()))
        skip = max(page, 0) * size if after is None else 0
        if skip > _FARTHEST:
            raise HttpRefused(
                "page {page} is too far to walk to; go on with after= the last handle of a page",
                page=page,
            )
        answer = self._page(named, asker.caller, cursor, min(_STEP, max(skip, 1)))
        while answer.ok and skip > 0:
            skip -= len(answer.handles)
            cursor = answer.cursor or cursor
            if not answer.more:
                break
            await asyncio.sleep(0)
            answer = self._page(named, asker.caller, cursor, min(_STEP, max(skip, 1)))
        if answer.ok:
            answer = self._page(named, asker.caller, cursor, max(size, 1))
        if not answer.ok:
            return _without(request, answer, prefix)
        found = answer.handles if size and skip <= 0 else ()
        with self._context.store.snapshot() as snapshot:
            total = snapshot.count(fold(named))
        told: dict[str, Any] = {
            "responseCode": int(ResponseCode.SUCCESS),
            "prefix": prefix,
            # A text, as clients of Handle.Net expect it.
            "totalCount": str(total),
            "page": page,
            "pageSize": size,
            "handles": [handle.decode() for handle in found],
        }
        return json_reply(told, asking=True, pretty=query.flag("pretty"), headers=CORS)

    def _page(self, prefix: bytes, caller: Caller, cursor: bytes, limit: int) -> Answer:
        with self._context.store.snapshot() as snapshot:
            return reading.list_handles(
                snapshot, prefix, caller, self._context.clock(), cursor=cursor, limit=limit
            )

    async def search(self, request: Request) -> Response:
        """Find handles by their beginning: ``?begin=88.118.8/VAL&limit=&after=``.

        For whoever may list the prefix: a beginning of nothing but the prefix is the list.
        """
        query = query_of(request)
        begin = handle_of(query.last("begin") or "")
        if b"/" not in begin:
            raise HttpRefused("a beginning holds the whole prefix: 88.118.8/ and what follows")
        limit = query.number("limit", 50, 1, _MOST_FOUND)
        folded, prefix = fold(begin), fold(prefix_of(begin))
        after = query.last("after")
        asker = await asker_of(request, self._gate)
        # The rights are asked for by the list itself; the beginning is then looked up in order.
        answer = self._page(prefix, asker.caller, b"", 1)
        if not answer.ok:
            return _without(request, answer, begin.decode())
        with self._context.store.snapshot() as snapshot:
            found = found_from(snapshot, folded, prefix, after, limit + 1)
        told = {
            "responseCode": int(ResponseCode.SUCCESS),
            "handles": [handle.decode() for handle in found[:limit]],
            "more": len(found) > limit,
        }
        return json_reply(told, asking=True, pretty=query.flag("pretty"))

    async def prefixes(self, request: Request) -> Response:
        """List the prefixes that are kept here, for administrators of the node."""
        query = query_of(request)
        asker = await asker_of(request, self._gate)
        limit = query.number("pageSize", self._context.limits.page_size, 1, 10_000)
        after = (query.last("after") or "").encode()
        with self._context.store.snapshot() as snapshot:
            answer = reading.list_prefixes(
                snapshot,
                asker.caller,
                self._context.clock(),
                cursor=fold(prefix_named(after) or after),
                limit=limit,
            )
        if not answer.ok:
            return _without(request, answer)
        told = {
            "responseCode": int(ResponseCode.SUCCESS),
            "prefixes": [handle.decode() for handle in answer.handles],
            "more": answer.more,
        }
        return json_reply(told, asking=True, pretty=query.flag("pretty"), headers=CORS)

    async def site(self, request: Request) -> Response:
        """Answer where this node is."""
        query = query_of(request)
        with self._context.store.snapshot() as snapshot:
            answer = reading.site_info(snapshot)
        if not answer.ok:
            return _without(request, answer)
        if request.headers.get("accept") == "application/octet-stream":
            return Response(answer.values, 200, CORS, "application/octet-stream")
        told = site_json(Site.parse(answer.values))
        return json_reply(told, asking=True, pretty=query.flag("pretty"), headers=CORS)


def found_from(
    snapshot: Snapshot, begin: bytes, prefix: bytes, after: str | None, limit: int
) -> list[bytes]:
    """Return the handles that begin so, in order, from behind a handle."""
    if after is None:
        packed = snapshot.record(record_key(begin))
        found = [] if packed is None else [spelling_of(record_key(begin), packed)]
        cursor = begin
    else:
        found, cursor = [], record_key(fold(after.encode()))
    for key, spelling in snapshot.handles(prefix, cursor, limit - len(found)):
        if not key.startswith(begin[:_COMPARED]):
            break
        if fold(spelling).startswith(begin):
            found.append(spelling)
    return found


def _without(request: Request, answer: Answer, handle: str = "") -> Response:
    if answer.code == ResponseCode.AUTHENTICATION_NEEDED:
        raise proof_needed(answer)
    told: dict[str, Any] = {
        "responseCode": int(answer.code),
        "message": answer.said(tongue_of(request)),
    }
    if handle:
        told["handle"] = handle
    return json_reply(told, asking=True, headers=CORS)
