"""RSGI in front, ASGI behind: the small bridge over which the router is reached.

Granian can host an ASGI application itself, but then every request pays for
the dictionary and the messages of ASGI, the plain look-ups too. Here a request
is ASGI only once the hot path has let it go.

What the bridge adds of its own are the bounds no router has: a body that is too
long ends in 413 while it is read, one that comes too slowly in 408, and a
client that went away is noticed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from ballast.errors import BodyCutOff, BodyTooLong, BodyTooSlow
from ballast.node.servers.http.context import HttpLimits

__all__ = ["AsgiApp", "bridge", "peer_of"]

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[Message]],
        Callable[[Message], Awaitable[None]],
    ],
    Awaitable[None],
]

_VERSION = {"version": "3.0", "spec_version": "2.4"}


def peer_of(told: str) -> tuple[str, int]:
    """Return address and port of an end of a connection, as granian tells it.

    Examples
    --------
    >>> peer_of("192.0.2.7:41000"), peer_of("[2001:db8::7]:41000")
    (('192.0.2.7', 41000), ('2001:db8::7', 41000))
    """
    address, colon, port = told.rpartition(":")
    if not (colon and port.isascii() and port.isdigit()):
        return told, 0
    return address.removeprefix("[").removesuffix("]"), int(port)


def _asgi_scope(scope: Any) -> dict[str, Any]:
    """Return the ASGI scope of an RSGI one."""
    path: str = scope.path
    headers = [
        (name.encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in scope.headers.items()
    ]
    if scope.authority is not None:
        # HTTP/2 has no Host; what asks for it there means the authority.
        headers.append((b"host", scope.authority.encode("latin-1", "replace")))
    return {
        "type": "http",
        "asgi": _VERSION,
        "http_version": scope.http_version,
        "method": scope.method,
        "scheme": scope.scheme,
        "path": path,
        "raw_path": quote(path).encode("ascii"),
        "root_path": "",
        "query_string": scope.query_string.encode("latin-1", "replace"),
        "headers": headers,
        "client": peer_of(scope.client),
        "server": peer_of(scope.server),
        "state": {},
    }


class _Body:
    """The body of a request as it comes in: counted, and not waited for without end.

    Granian ends a body that broke off like one that is whole, and does not tell that the client
    is gone. What gives it away: fewer bytes than were announced; or, by HTTP/1, two empty parts
    at the end where a whole body has one (by HTTP/2 a whole one may have two, and one that broke
    off never ends, but runs out of time). Half a bulk load must not pass for a whole one.
    """

    def __init__(self, scope: Any, protocol: Any, limits: HttpLimits) -> None:
        self._protocol = protocol
        self._http1 = not scope.http_version.startswith("2")
        told: str = scope.headers.get("content-length", "")
        self._announced = int(told) if told.isascii() and told.isdigit() else None
        self._taken = self._empty = 0
        self._parts: Any = None
        self._limits = limits
        self._done = False

    async def receive(self) -> Message:
        if self._done:
            await self._protocol.client_disconnect()
            return {"type": "http.disconnect"}
        if self._parts is None:
            self._parts = aiter(self._protocol)
        try:
            part: bytes = await asyncio.wait_for(anext(self._parts), self._limits.body_seconds)
        except StopAsyncIteration:
            self._done = True
            short = self._announced is not None and self._taken != self._announced
            if short or (self._http1 and self._empty > 1):
                raise BodyCutOff(
                    "the body of the request broke off after {bytes} bytes; send it again",
                    bytes=self._taken,
                ) from None
            return {"type": "http.request", "body": b"", "more_body": False}
        except TimeoutError:
            self._done = True
            raise BodyTooSlow(
                "the body of the request stopped coming for {seconds} s; send it again",
                seconds=int(self._limits.body_seconds),
            ) from None
        self._taken += len(part)
        self._empty = 0 if part else self._empty + 1
        if self._taken > self._limits.bulk_bytes:
            self._done = True
            raise BodyTooLong(
                "the body of the request is longer than {bytes} bytes; send it in parts",
                bytes=self._limits.bulk_bytes,
            )
        return {"type": "http.request", "body": part, "more_body": True}


class _Answer:
    """What the router sends, handed on: in one piece where it is one, otherwise as a stream."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self._stream: Any = None
        self.begun = False

    def drop(self) -> None:
        """Let go of the stream: the connection waits for what is still held of it."""
        self._stream = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message["headers"]
            ]
            return
        body: bytes = message.get("body", b"")
        self.begun = True
        if self._stream is None and not message.get("more_body", False):
            if body:
                self._protocol.response_bytes(self._status, self._headers, bytes(body))
            else:
                self._protocol.response_empty(self._status, self._headers)
            return
        if self._stream is None:
            self._stream = self._protocol.response_stream(self._status, self._headers)
        if body:
            await self._stream.send_bytes(bytes(body))


async def bridge(app: AsgiApp, scope: Any, protocol: Any, limits: HttpLimits) -> None:
    """Answer one RSGI request by an ASGI application.

    Parameters
    ----------
    app
        The router.
    scope, protocol
        What granian gave.
    limits
        Bounds on the body.
    """
    answer = _Answer(protocol)
    try:
        await app(_asgi_scope(scope), _Body(scope, protocol, limits).receive, answer.send)
    except BaseException:
        answer.drop()
        if not answer.begun:
            with suppress(Exception):
                protocol.response_bytes(
                    500,
                    [("content-type", "application/json")],
                    b'{"responseCode":2,"message":"the node could not answer"}',
                )
        raise
