"""``/api/handles``: look up, create, change, delete and list, as Handle.Net 9 has it.

Every change is one message to the writer, which judges the rights; the answer
is sent when it is on the disk. A proof of identity is asked for before that, so
that strangers cannot keep the writer busy with what it would refuse.
"""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ballast.errors import BadHandle, BadValue, HttpRefused, ProofNeeded
from ballast.node.registry.records import record_key, unpack_record
from ballast.node.servers.http.access import Asker, Gate
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.hot_path import etag_of, kept_for
from ballast.node.servers.http.paths import Query, handle_of
from ballast.node.servers.http.record_json import record_body, rendered
from ballast.node.servers.http.replies import CORS, JSON_TYPE, json_reply
from ballast.node.servers.http.requests import asker_of, body_of, proof_needed, query_of, tongue_of
from ballast.node.servers.http.statuses import status_of
from ballast.node.servers.http.value_input import values_of_json
from ballast.node.service import reading
from ballast.node.service.answers import Answer
from ballast.node.service.changes import (
    AddValues,
    Change,
    CreateHandle,
    DeleteHandle,
    RemoveValues,
)
from ballast.node.service.prefixes import record_of_handle
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import Value, values_to_wire
from ballast.terms.handle import fold, prefix_of

__all__ = ["HandlesApi"]

_MINT, _OVERWRITE = "mintNewSuffix", "overwrite"
_VARIOUS = "various"


class HandlesApi:
    """The handlers of ``/api/handles/{handle}``.

    Parameters
    ----------
    context
        What the door was given.
    gate
        Finds out who asks.
    """

    def __init__(self, context: HttpContext, gate: Gate) -> None:
        self._context, self._gate = context, gate

    async def get(self, request: Request) -> Response:
        """Answer with the record of a handle, or those of its values that were asked for."""
        query = query_of(request)
        handle = handle_of(request.path_params["handle"])
        asker = await asker_of(request, self._gate)
        public_only = query.flag("publicOnly", default=not asker.caller.known)
        return self.looked_up(request, handle, query, asker, public_only=public_only)

    def looked_up(
        self, request: Request, handle: bytes, query: Query, asker: Asker, *, public_only: bool
    ) -> Response:
        """Return the answer to a look-up."""
        context = self._context
        now = context.clock()
        wanted = ResolveRequest(handle, query.indexes(), query.types())
        pretty = query.flag("pretty")
        query.flag("auth")
        with context.store.snapshot() as snapshot:
            answer = reading.resolve(snapshot, wanted, asker.caller, now, public_only=public_only)
            record = record_of_handle(snapshot, handle) if answer.ok else None
        if not answer.ok:
            return _told(request, answer, handle, pretty=pretty)
        context.tally.count(fold(prefix_of(handle)))
        body, ttl = record_body(handle, answer.values, answer.count, now)
        if pretty:
            body = msgspec.json.format(body, indent=2)
        headers = {**CORS, "vary": "Accept, Authorization", "x-content-type-options": "nosniff"}
        if asker.caller.known or query.flag("auth"):
            return Response(body, 200, {**headers, "cache-control": "no-store"}, JSON_TYPE)
        tag = etag_of(body)
        kept = kept_for(ttl, record.expires_at if record is not None else 0, now)
        headers |= {"cache-control": f"public, max-age={kept}", "etag": tag}
        if matches(request.headers.get("if-none-match", ""), tag):
            return Response(None, 304, headers)
        return Response(body, 200, headers, JSON_TYPE)

    async def put(self, request: Request) -> Response:
        """Create a handle, replace it, or add and replace single values."""
        query = query_of(request)
        handle = handle_of(request.path_params["handle"])
        asker = await self._known(request)
        body = await body_of(request, self._context.limits.body_bytes)
        values = values_of_json(body)
        overwrite = query.flag(_OVERWRITE, default=True)
        if "index" in query:
            if _VARIOUS not in query.all("index"):
                values = _of_indexes(values, query.indexes())
            return await self._put_values(request, handle, values, asker, overwrite=overwrite)
        if (mint := query.flag(_MINT)) and b"/" not in handle:
            raise BadHandle("a new suffix needs a prefix and a slash before it: 88.118.8/")
        change = CreateHandle(handle, values_to_wire(values), len(values), mint, overwrite)
        there = False
        if overwrite and not mint:
            with self._context.store.snapshot() as snapshot:
                there = snapshot.record(record_key(fold(handle))) is not None
        return await self._changed(request, change, handle, asker, done=200 if there else 201)

    async def _put_values(
        self,
        request: Request,
        handle: bytes,
        values: tuple[Value, ...],
        asker: Asker,
        *,
        overwrite: bool,
    ) -> Response:
        with self._context.store.snapshot() as snapshot:
            packed = snapshot.record(record_key(fold(handle)))
        change = AddValues(handle, values_to_wire(values), len(values), overwrite)
        old = set() if packed is None else indexes_of(handle, packed)
        new = any(value.index not in old for value in values)
        return await self._changed(request, change, handle, asker, done=201 if new else 200)

    async def delete(self, request: Request) -> Response:
        """Delete a handle, or single values of it."""
        query = query_of(request)
        handle = handle_of(request.path_params["handle"])
        asker = await self._known(request)
        if "index" not in query:
            return await self._changed(request, DeleteHandle(handle), handle, asker, done=200)
        # A question for values that names none must not become one for the whole handle.
        indexes = query.indexes()
        if not indexes:
            raise HttpRefused("which values are to be deleted? Write index=1&index=2")
        return await self._changed(request, RemoveValues(handle, indexes), handle, asker, done=200)

    async def _known(self, request: Request) -> Asker:
        asker = await asker_of(request, self._gate)
        if not asker.caller.known:
            raise ProofNeeded("only an administrator may change a handle; prove to be one")
        return asker

    async def _changed(
        self, request: Request, change: Change, handle: bytes, asker: Asker, *, done: int
    ) -> Response:
        answer = await self._context.writer.apply(change, asker.caller)
        if answer.code == ResponseCode.AUTHENTICATION_NEEDED:
            raise proof_needed(answer)
        told: dict[str, Any] = {
            "responseCode": int(answer.code),
            "handle": (answer.handle or handle).decode(),
        }
        if not answer.ok and answer.message:
            told["message"] = answer.said(tongue_of(request))
        return json_reply(told, status=done if answer.ok else status_of(answer.code))


def _told(request: Request, answer: Answer, handle: bytes, *, pretty: bool) -> Response:
    """Return the answer to a question that has no values."""
    if answer.code == ResponseCode.AUTHENTICATION_NEEDED:
        raise proof_needed(answer)
    told: dict[str, Any] = {"responseCode": int(answer.code), "handle": handle.decode()}
    if answer.code == ResponseCode.VALUES_NOT_FOUND:
        told["values"] = []
    elif answer.message:
        told["message"] = answer.said(tongue_of(request))
    if answer.count:
        told["values"] = msgspec.Raw(rendered(answer.values, answer.count)[0])
    return json_reply(told, asking=True, pretty=pretty, headers=CORS)


def _of_indexes(values: tuple[Value, ...], indexes: tuple[int, ...]) -> tuple[Value, ...]:
    """Return the values of these indexes; the address and the body must mean the same."""
    given = {value.index for value in values}
    if given != set(indexes):
        raise BadValue(
            "the address names other indexes than the values have; write index=various for all"
        )
    return values


def indexes_of(handle: bytes, packed: bytes) -> set[int]:
    """Return the indexes of the values of a record."""
    record = unpack_record(record_key(fold(handle)), packed)
    return {value.index for value in record.values()}


def matches(header: str, tag: str) -> bool:
    """Tell whether an ``If-None-Match`` header names an entity tag (RFC 9110, section 13.1.2).

    Examples
    --------
    >>> matches('"a", W/"b"', '"b"'), matches("*", '"b"'), matches("", '"b"')
    (True, True, False)
    """
    named = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in named or header.strip() == "*"
