"""Hosts the door on granian, inside the loop of whoever calls.

Granian's own command would start processes of its own and load the
application by name; a node's worker already is a process with a loop, a
snapshot of the store and a connection to the writer, so the server is
embedded. Workers share the port: granian opens its listening socket with
SO_REUSEPORT.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import Any

from granian.constants import HTTPModes
from granian.http import HTTP1Settings
from granian.server.embed import Server

from ballast.errors import CannotServe
from ballast.node.servers.http.context import HttpLimits, Tls

__all__ = ["HttpServer"]

# Who reads an answer slowly may keep the door open for so long, and no longer.
_FAREWELL_SECONDS = 5.0


class HttpServer:
    """One HTTP or HTTPS port in this loop.

    Parameters
    ----------
    app
        What ``create_app`` gave.
    address, port
        Where to listen; several workers may give the same.
    tls
        Certificate files: the port speaks HTTPS.
    limits
        Bounds on headers and on connections.

    Raises
    ------
    CannotServe
        If the certificate cannot be used.
    """

    def __init__(
        self,
        app: Any,
        address: str,
        port: int,
        *,
        tls: Tls | None = None,
        limits: HttpLimits | None = None,
    ) -> None:
        limits = limits or HttpLimits()
        self._address, self._port = address, port
        if tls is not None:
            _check(tls)
        self._server: Any = Server(
            app,
            address=address,
            port=port,
            # Telling HTTP/2 from HTTP/1 waits for a first byte without end, and so would whoever
            # connects and is silent: a thousand of them would close the door for good.
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
            backlog=1024,
            # granian's word for how many connections it keeps; further ones wait in the backlog.
            backpressure=limits.connections,
            http1_settings=HTTP1Settings(
                header_read_timeout=int(limits.header_seconds * 1000),
                max_buffer_size=limits.header_bytes,
            ),
            ssl_cert=tls.certificate if tls else None,
            ssl_key=tls.key if tls else None,
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; returns once connections are taken.

        Raises
        ------
        CannotServe
            If the port is taken.
        """
        self._task = asyncio.get_running_loop().create_task(self._server.serve(), name="http")
        # The server spawns its listener in the first turns of the loop.
        await asyncio.sleep(0.05)
        if self._task.done():
            try:
                await self._task
            except (OSError, RuntimeError) as error:
                # What granian says of it holds a trace of Rust, which helps nobody.
                raise CannotServe(
                    "the HTTP port {port} of {address} cannot be opened; is it taken by another "
                    "program?",
                    port=self._port,
                    address=self._address,
                ) from error

    async def stop(self) -> None:
        """Stop listening and end what is still being answered."""
        self._server.stop()
        if self._task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, _FAREWELL_SECONDS)


def _check(tls: Tls) -> None:
    """Refuse certificate files that cannot be used, before anything listens."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ValueError) as error:
        raise CannotServe(
            "{certificate}, {key}: cannot be used as certificate and key ({reason})",
            certificate=tls.certificate,
            key=tls.key,
            reason=error,
        ) from error
