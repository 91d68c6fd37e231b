"""The HTTP door as one RSGI application.

Two ways in behind one callable: a plain look-up (``GET /api/handles/{handle}``
and the redirect of ``GET /{handle}``) is answered on RSGI without a router;
everything else goes through a small adapter of ours to an ASGI router. One
ASGI application for all would cost the hot path a scope dictionary, a router
and two messages for each answer, which is more than the look-up itself.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from ballast.node.servers.http.adapter import bridge, peer_of
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.hot_path import HotPath
from ballast.node.servers.http.router import create_router

__all__ = ["HttpApp", "create_app"]

_log = logging.getLogger(__name__)
_BUSY = b'{"responseCode":3,"message":"too many requests from this address; wait a second"}'
# What a browser of another site may do: read, and never with a proof of identity.
_PREFLIGHT = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, HEAD, OPTIONS"),
    ("access-control-max-age", "86400"),
    ("allow", "GET, HEAD, OPTIONS, PUT, DELETE, POST"),
]


class HttpApp:
    """The RSGI application; host it with ``hosting.HttpServer``.

    Parameters
    ----------
    context
        What the door is given.
    """

    def __init__(self, context: HttpContext) -> None:
        self.context = context
        self._hot = HotPath(context.store.reader(), context.tally, context.clock)
        self._router = create_router(context)
        context.counters.source(self._hot.take)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop that the requests run in."""
        self._hot.loop = loop

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request.

        Parameters
        ----------
        scope, protocol
            What granian gives.
        """
        if not self.context.budgets.may_ask(peer_of(scope.client)[0]):
            headers = [("content-type", "application/json"), ("retry-after", "1")]
            protocol.response_bytes(429, headers, _BUSY)
        elif self._hot.answer(scope, protocol):
            pass
        elif scope.method == "OPTIONS":
            protocol.response_empty(204, _PREFLIGHT)
        else:
            await self._long_way(scope, protocol)

    async def _long_way(self, scope: Any, protocol: Any) -> None:
        try:
            await bridge(self._router, scope, protocol, self.context.limits)
        except Exception as error:
            # The router has answered already, or cannot; granian would print a traceback.
            _log.error("%s %r was not answered: %r", scope.method, scope.path[:200], error)


def create_app(context: HttpContext) -> HttpApp:
    """Return the door over a context.

    Parameters
    ----------
    context
        Store, writer, front, clock, random, bounds.
    """
    return HttpApp(context)
