"""The port: taken before anything is started, and asked whether somebody answers.

The supervisor holds the listening socket and hands it to the process that
serves. So a busy port is told before anything runs, port 0 is known at once,
and who connects while a process is being started again waits instead of being
turned away.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket

from ballast.errors import CannotServe

__all__ = ["address", "answers", "is_loopback", "listen"]

_BACKLOG = 512
_ANSWER_SECONDS = 5.0


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    Parameters
    ----------
    host
        The name or number of the interface; ``127.0.0.1`` for this machine alone.
    port
        The port; 0 for any that is free.

    Returns
    -------
    socket
        It listens already.

    Raises
    ------
    CannotServe
        If the port is taken, is not ours to take, or there is no such host.

    Examples
    --------
    >>> with listen("127.0.0.1", 0) as taken:
    ...     taken.getsockname()[1] > 0
    True
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotServe(
            "--host {host}: there is no such address on this machine ({reason})",
            host=host,
            reason=error.strerror or error,
        ) from None
    taken = socket.socket(family, kind, protocol)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(where)
        taken.listen(_BACKLOG)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(
                "port {port} is taken by another program; end it, or name another port with "
                "--port (0: any that is free)",
                port=port,
            ) from None
        raise CannotServe(
            "{host}, port {port}: cannot listen there ({reason}); name others with --host and "
            "--port",
            host=host,
            port=port,
            reason=error.strerror or error,
        ) from None
    return taken


def address(taken: socket.socket) -> tuple[str, int]:
    """Return the host and port under which a listening socket is reached from this machine."""
    host, port = taken.getsockname()[:2]
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound
    return everywhere.get(host, host), port


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a host.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def answers(host: str, port: int, path: str, *, named: str = "") -> bool:
    """Tell whether a page answers with 200.

    Parameters
    ----------
    host, port
        Where to ask.
    path
        The page.
    named
        The host that the request names; ``host`` and ``port`` where empty.
    """
    # By hand, because it must be possible to stop asking at once: a thread could not be stopped.
    lines = (f"GET {path} HTTP/1.1", f"Host: {named or f'{host}:{port}'}", "Connection: close")
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write("\r\n".join((*lines, "", "")).encode())
                return (await reader.readline()).split(b" ")[1:2] == [b"200"]
            finally:
                writer.close()
    except OSError:  # a timeout is one, too
        return False
