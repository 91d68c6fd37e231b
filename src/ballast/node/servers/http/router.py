"""Everything that is no plain look-up: which address and method is answered by what.

One table, read from above. What no line of it names is a handle, because a
resolver's addresses are its handles; so the names that are ours stand under
``/api/`` and at two words that no prefix can be.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ballast.errors import HttpRefused
from ballast.node.servers.http.access import Gate
from ballast.node.servers.http.bulk_api import BulkApi
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.handles_api import HandlesApi
from ballast.node.servers.http.lists_api import ListsApi
from ballast.node.servers.http.replies import CORS, json_reply, refusal_reply, unauthorized_headers
from ballast.node.servers.http.requests import address_of, tongue_of
from ballast.node.servers.http.resolver import Resolver
from ballast.node.servers.http.sessions_api import SessionsApi
from ballast.node.servers.http.tunnel import Tunnel
from ballast.node.servers.http.watching import Watching
from ballast.node.wire.codes import ResponseCode

__all__ = ["create_router"]

_log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]


class _HandleConvertor(Convertor[str]):
    """The rest of a path, whatever it holds: handles have slashes and may have line breaks."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("handle", _HandleConvertor())


def create_router(context: HttpContext) -> Starlette:
    """Return the ASGI application behind the hot path.

    Parameters
    ----------
    context
        What the door was given.
    """
    gate = Gate(context)
    handles, lists = HandlesApi(context, gate), ListsApi(context, gate)
    sessions, watching = SessionsApi(context, gate), Watching(context)
    resolver = Resolver(context, gate, handles)

    def answered(operation: str, handler: Handler) -> Handler:
        """Return a handler that is counted, and whose refusals are answered."""

        async def counted(request: Request) -> Response:
            labels = (("door", "http"), ("operation", operation))
            context.counters.add(("ballast_node_requests_total", labels))
            try:
                return await handler(request)
            except HttpRefused as error:
                return await refused(request, error)

        return counted

    async def refused(request: Request, error: HttpRefused) -> Response:
        headers: dict[str, str] = {}
        if request.method in ("GET", "HEAD"):
            headers |= CORS
        if error.http_status == 401:
            headers |= unauthorized_headers(await gate.open_session(address_of(request)))
        if error.http_status == 429:
            headers["retry-after"] = "60"
        if error.http_status in (408, 413):
            # What is left of the body is not waited for.
            headers["connection"] = "close"
        handle = request.path_params.get("handle", "")
        return refusal_reply(error, tongue_of(request), handle=handle, headers=headers)

    def route(path: str, method: str, operation: str, handler: Handler) -> Route:
        return Route(path, answered(operation, handler), methods=[method])

    return Starlette(
        routes=[
            *_both(route, "/api/handles", "GET", "list", lists.handles),
            route("/api/handles/{handle:handle}", "GET", "resolve", handles.get),
            route("/api/handles/{handle:handle}", "PUT", "put", handles.put),
            route("/api/handles/{handle:handle}", "DELETE", "delete", handles.delete),
            *_both(route, "/api/prefixes", "GET", "prefixes", lists.prefixes),
            *_both(route, "/api/site", "GET", "site", lists.site),
            route("/api/search", "GET", "search", lists.search),
            *_both(route, "/api/sessions", "POST", "session", sessions.open),
            route("/api/sessions/this", "GET", "session", sessions.show),
            route("/api/sessions/this", "PUT", "session", sessions.prove),
            route("/api/sessions/this", "DELETE", "session", sessions.end),
            route("/api/bulk", "POST", "bulk", BulkApi(context, gate).post),
            route("/health", "GET", "health", watching.health),
            route("/metrics", "GET", "metrics", watching.metrics),
            route("/api/{rest:handle}", "GET", "unknown", _unknown),
            route("/", "POST", "tunnel", Tunnel(context).post),
            route("/", "GET", "start", _start),
            route("/{handle:handle}", "GET", "redirect", resolver.get),
        ],
        exception_handlers={HTTPException: _http_error, Exception: _broken},
    )


def _both(
    route: Callable[[str, str, str, Handler], Route],
    path: str,
    method: str,
    operation: str,
    handler: Handler,
) -> list[Route]:
    """Return the routes with and without a slash at the end; Handle.Net takes either."""
    return [route(path, method, operation, handler), route(path + "/", method, operation, handler)]


async def _start(_: Request) -> Response:
    return json_reply({"responseCode": int(ResponseCode.SUCCESS), "api": "/api/handles/"})


async def _unknown(_: Request) -> Response:
    raise HTTPException(404)


async def _http_error(_: Request, error: Exception) -> Response:
    """Answer what the router itself turns away: no such address, or not by this method."""
    if not isinstance(error, HTTPException):
        raise error
    told = {
        "responseCode": int(ResponseCode.OPERATION_NOT_SUPPORTED),
        "message": "this node has nothing at this address that is asked for so",
    }
    return json_reply(told, status=error.status_code, headers=error.headers)


async def _broken(request: Request, error: Exception) -> Response:
    """Answer that the node failed; what failed is for its log."""
    if not isinstance(error, ClientDisconnect):
        _log.error("%s %r failed", request.method, request.url.path, exc_info=error)
    told = {"responseCode": int(ResponseCode.ERROR), "message": "the node failed to answer"}
    return json_reply(told, status=500)
