"""The line between an open page and the portal, which outlives the request that opened it.

NiceGUI trusts whoever knows the number of a page. Here a line is tied to the
session that opened the page: it is refused to another one, and cut within
seconds of a sign-out, because even a page at which nobody sits answers the
server's question whether it is there. Only what somebody does keeps a session
from going idle.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from nicegui import Client
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ballast.portal.access import may
from ballast.portal.context import PortalContext, context_of
from ballast.portal.identity import Identity, identify, identity_of, token_of

__all__ = ["LIVE_PATH", "LiveLine"]

LIVE_PATH = "/_nicegui_ws"

_SESSION_ENDED = 4401
_LEAVE = '42["open",{"path":"/signin","new_tab":false}]'
_NOT_YOURS = 1008
_LONGEST = 1024 * 1024
"""Characters of one message; an event of ours has some hundreds."""

# Engine.IO 4 and Socket.IO 5: "42" is an event, "40" and "41" open and close, "2", "3" are pings.
_EVENT = re.compile(r"42(?:/[^,\[]*,)?\d*(\[.*)", re.DOTALL)
_SILENT = frozenset({"1", "2", "3", "6"})


@dataclass
class LiveLine:
    """Passes on the messages of a page to its own session, and nobody else's."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the line, or refuse it before it is accepted."""
        request = HTTPConnection(scope)
        context = context_of(request)
        page = _page(request)
        allowed = (
            scope["path"].startswith(LIVE_PATH + "/")
            and page is not None
            and _own_origin(request, context)
            and token_of(request, context) == token_of(page.request, context)
        )
        if not allowed or page is None or await _identity(request, page, used=True) is None:
            await receive()
            await send({"type": "websocket.close", "code": _NOT_YOURS})
            return
        line = _Line(request, page, receive, send)
        await self.app(scope, line.receive, line.send)


@dataclass
class _Line:
    request: HTTPConnection
    page: Client
    inner_receive: Receive
    inner_send: Send
    cut: bool = field(default=False)

    async def receive(self) -> Message:
        """Return the next message, or the end of the line where it may not go on."""
        if self.cut:
            return {"type": "websocket.disconnect", "code": _SESSION_ENDED}
        message = await self.inner_receive()
        if message["type"] != "websocket.receive" or await self._may_pass(message):
            return message
        self.cut = True
        # What is on the screen is no longer theirs to see: the page is told to leave first.
        await self.inner_send({"type": "websocket.send", "text": _LEAVE})
        await self.inner_send({"type": "websocket.close", "code": _SESSION_ENDED})
        return {"type": "websocket.disconnect", "code": _SESSION_ENDED}

    async def send(self, message: Message) -> None:
        """Send, unless the line was cut."""
        if not self.cut:
            await self.inner_send(message)

    async def _may_pass(self, message: Message) -> bool:
        text = message.get("text")
        if text is None or len(text) > _LONGEST or not _concerns(text, self.page.id):
            return False
        return await _identity(self.request, self.page, used=text.startswith("42")) is not None


async def _identity(request: HTTPConnection, page: Client, *, used: bool) -> Identity | None:
    """Look up who sits at a page, and tell the page; nothing where they may not sit there."""
    found = await run_in_threadpool(identify, request, by_key=False, used=used)
    opened = identity_of(page.request)
    same = found.user is not None and opened.user is not None and found.user.id == opened.user.id
    if not same or not may(found.role, "GET", page.request.url.path):
        return None
    page.request.scope["state"]["identity"] = found
    return found


def _page(request: HTTPConnection) -> Client | None:
    named = parse_qs(request.url.query).get("client_id", [])
    return Client.instances.get(named[0]) if len(named) == 1 else None


def _concerns(text: str, page: str) -> bool:
    """Return whether a message is one that a page sends, about itself.

    Examples
    --------
    >>> _concerns('42["event",{"client_id":"a"}]', "a")
    True
    >>> _concerns('42["event",{"client_id":"b"}]', "a"), _concerns('451-["event"]', "a")
    (False, False)
    """
    if text[:2] in ("40", "41") or text[:1] in _SILENT:
        return True
    event = _EVENT.fullmatch(text)
    if event is None:
        return False
    try:
        name, *arguments = json.loads(event.group(1))
    except (ValueError, TypeError, RecursionError):
        return False
    return isinstance(name, str) and all(
        isinstance(said, dict) and said.get("client_id", page) == page for said in arguments
    )


def _own_origin(request: HTTPConnection, context: PortalContext) -> bool:
    """Return whether a page of ours opens the line: browsers let any site try."""
    origin = request.headers.get("origin")
    if origin is None:
        return True  # no browser; it has the session's cookie, or it gets no further
    parts = urlsplit(origin)
    ours = urlsplit(context.base_url).scheme, request.headers["host"].lower()
    return (parts.scheme, parts.netloc.lower()) == ours
