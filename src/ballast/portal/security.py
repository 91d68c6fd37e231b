"""What is settled before anybody is known: host, sizes, and what a browser may do with an answer.

Written as plain ASGI layers, not as Starlette's ``BaseHTTPMiddleware``: that
one reads answers through a queue of its own, which slows every download and
does not see websockets.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ballast.errors import BallastError
from ballast.portal.access import SMALL_BODY, Kind, find
from ballast.portal.context import PortalContext
from ballast.portal.refusal import refusal, said_of, status_of
from ballast.words import Sentence

__all__ = ["POLICIES", "Limits", "SecurityHeaders", "kind_of", "same_host"]

_log = logging.getLogger(__name__)

POLICIES: dict[Kind, str] = {
    # NiceGUI's pages compile their templates in the browser.
    "page": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "public": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # A picture that is opened by itself may carry its own style, and nothing else.
    "api": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; sandbox"
    ),
    "asset": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TLS_ONLY = "max-age=31536000"

_LARGEST_HEAD = 16 * 1024
"""Bytes of all header lines together; a browser of ours sends about one thousand."""


def kind_of(scope: Scope) -> Kind:
    """Return what kind of answer is expected; for an address without a row, by its beginning."""
    row = find(scope.get("method", "WEBSOCKET"), scope["path"]) or find("GET", scope["path"])
    if row is not None:
        return row.kind
    return "api" if scope["path"].startswith("/api/") else "public"


def same_host(asked: str, ours: str) -> bool:
    """Return whether a ``Host`` names the portal; its port may be a proxy's.

    Parameters
    ----------
    asked
        What the request names, perhaps with a port.
    ours
        The host of the portal's address. Where that is this machine's loopback, its other names
        are the same.

    Examples
    --------
    >>> same_host("localhost:8710", "127.0.0.1"), same_host("evil.example", "127.0.0.1")
    (True, False)
    """
    try:
        parts = urlsplit(f"//{asked}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not name or parts.username is not None or parts.path or parts.query or parts.fragment:
        return False
    return name == ours.lower() or (_loopback(name) and _loopback(ours))


def _loopback(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@dataclass
class SecurityHeaders:
    """The outermost layer: every answer leaves with its policy, and none with a traceback."""

    app: ASGIApp
    context: PortalContext

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and add the headers of the kind of answer."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        # A client that could name a prefix would put it into every link of a page.
        scope["headers"] = [h for h in scope["headers"] if h[0] != b"x-forwarded-prefix"]
        scope["state"] = {**scope.get("state", {}), "context": self.context}
        kind = kind_of(scope)
        head = scope.get("method") == "HEAD"
        if head:
            # Answered as GET, whose row it falls under; FastAPI's routes do not do it themselves.
            scope = {**scope, "method": "GET"}
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add(MutableHeaders(scope=message), kind)
            elif head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, guarded)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            await _answer_to(error, scope, receive, guarded, kind)

    def _add(self, headers: MutableHeaders, kind: Kind) -> None:
        for name, value in _ALWAYS.items():
            headers[name] = value
        headers["content-security-policy"] = POLICIES[kind]
        if self.context.base_url.startswith("https:"):
            headers["strict-transport-security"] = _TLS_ONLY
        if kind == "asset":
            # It may be kept by a proxy for everybody; a cookie with it would be everybody's.
            del headers["set-cookie"]
        else:
            headers.setdefault("cache-control", "no-store")


async def _answer_to(
    error: Exception, scope: Scope, receive: Receive, send: Send, kind: Kind
) -> None:
    if isinstance(error, BallastError):
        status, why = status_of(error), said_of(error)
    else:
        status, why = 500, Sentence("something went wrong in the portal; nothing was changed")
    if status >= 500:
        _log.exception("%s %s", scope["method"], scope["path"], exc_info=error)
    response = refusal(HTTPConnection(scope), kind, status, why)
    await response(scope, receive, send)


class _TooLarge(Exception):
    """A body went on past what its row takes."""


@dataclass
class Limits:
    """Refuses another host, an oversized head, and a body larger than its row takes.

    A body is counted as it comes: what its sender says of its length is only the first test.
    """

    app: ASGIApp
    context: PortalContext

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what keeps the limits."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if refused := self._head(scope):
            await _refuse(scope, receive, send, *refused)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        row = find(scope["method"], scope["path"])
        limit = SMALL_BODY if row is None else row.body
        too_large = (
            413,
            Sentence("more than {limit} bytes were sent; send less", {"limit": limit}),
        )
        said = HTTPConnection(scope).headers.get("content-length", "0")
        if not (said.isascii() and said.isdigit()) or int(said[:20]) > limit:
            await _refuse(scope, receive, send, *too_large)
            return
        await self._counted(scope, receive, send, limit, too_large)

    def _head(self, scope: Scope) -> tuple[int, Sentence] | None:
        headers = HTTPConnection(scope).headers
        if sum(len(name) + len(value) for name, value in scope["headers"]) > _LARGEST_HEAD:
            return 431, Sentence("the cookies of this address are too large; delete them")
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not same_host(hosts[0], self.context.host):
            return 421, Sentence(
                "the portal is not at this address; open {url}", {"url": self.context.base_url}
            )
        if "\x00" in scope["path"] or any(ord(letter) < 32 for letter in scope["path"]):
            return 400, Sentence("there are control characters in the address")
        return None

    async def _counted(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        limit: int,
        too_large: tuple[int, Sentence],
    ) -> None:
        count, over, started = 0, False, False

        async def counting() -> Message:
            nonlocal count, over
            message = await receive()
            count += len(message.get("body", b""))
            if count > limit:
                over = True
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if over and not started:
                return  # what a handler makes of the broken body is not the answer
            started = True
            await send(message)

        try:
            await self.app(scope, counting, watched)
        except Exception:
            if not over:
                raise
        if over and not started:
            await _refuse(scope, receive, send, *too_large)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: Sentence) -> None:
    if scope["type"] == "websocket":
        # Before it is accepted, closing a websocket is an answer of 403.
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    response = refusal(HTTPConnection(scope), kind_of(scope), status, why)
    response.headers["connection"] = "close"  # the rest of the body is not read
    await response(scope, receive, send)
