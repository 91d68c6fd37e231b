"""Native messages carried by ``POST /``, for clients behind a wall that lets only HTTP through.

One message in the body, one in the answer, of the type
``application/x-hdl-message``; what they mean is decided by ``front`` as for any
other door. A request has no connection of its own to keep a login for, so each
comes by a fresh channel.
"""

from __future__ import annotations

import inspect

from starlette.requests import Request
from starlette.responses import Response

from ballast.errors import HttpRefused, WrongMediaType
from ballast.node.servers.channel import Channel
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.requests import address_of, body_of
from ballast.node.wire.reader import MAX_MESSAGE_BYTES

__all__ = ["MESSAGE_TYPE", "Tunnel"]

MESSAGE_TYPE = "application/x-hdl-message"
_ENVELOPE = 20


class Tunnel:
    """The handler of ``POST /``.

    Parameters
    ----------
    context
        What the door was given.
    """

    def __init__(self, context: HttpContext) -> None:
        self._context = context

    async def post(self, request: Request) -> Response:
        """Answer one native message."""
        front = self._context.front
        if front is None:
            raise HttpRefused("this node takes no native messages by HTTP")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != MESSAGE_TYPE:
            raise WrongMediaType(
                "a native message has the type {wanted}, not “{given}”",
                wanted=MESSAGE_TYPE,
                given=kind[:60],
            )
        data = await body_of(request, MAX_MESSAGE_BYTES + _ENVELOPE)
        secure = request.url.scheme == "https"
        channel = Channel("http", address_of(request), encrypted=secure)
        answer = front.answer(data, channel)
        if inspect.isawaitable(answer):
            answer = await answer
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        return Response(answer, 200, headers, MESSAGE_TYPE)
