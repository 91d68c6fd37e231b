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
from pathlib import Path

from ballast.errors import CannotServe
from ballast.node.writer.socket_path import connecting

__all__ = ["address", "answers", "is_loopback", "listen", "listens", "reserve"]

_BACKLOG = 512
_ANSWER_SECONDS = 5.0
_TRIES = 50  # for a number that is free for streams and datagrams alike


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
    family, kind, protocol, _, where = _interface(host, port)
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


def reserve(host: str, port: int, *, setting: str, datagrams: bool = False) -> socket.socket:
    """Keep a port for processes that open it themselves, several of them at once.

    The socket that keeps it is bound with SO_REUSEPORT and never listens, so it
    gets no connection; it holds the number while none of the processes runs.
    One that takes datagrams would get some, so for these the port is only
    looked at.

    Parameters
    ----------
    host
        The name or number of the interface.
    port
        The port; 0 for any that is free.
    setting
        Where the port can be changed.
    datagrams
        The port must be free for UDP as well.

    Returns
    -------
    socket
        Close it when the processes are gone.

    Raises
    ------
    CannotServe
        If the port is taken, is not ours to take, or there is no such host.

    Examples
    --------
    >>> with reserve("127.0.0.1", 0, setting="BALLAST_NODE_PORT", datagrams=True) as kept:
    ...     address(kept)[1] > 0
    True
    """
    for left in range(_TRIES if port == 0 else 1, 0, -1):
        try:
            return _reserved(_interface(host, port), datagrams=datagrams)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and left > 1:
                continue
            if error.errno == errno.EADDRINUSE:
                raise CannotServe(
                    "port {port} is taken by another program; end it, or name another port in "
                    "{setting} (0: any that is free)",
                    port=port,
                    setting=setting,
                ) from None
            raise CannotServe(
                "{host}, port {port}: cannot listen there ({reason}); change {setting}",
                host=host,
                port=port,
                reason=error.strerror or error,
                setting=setting,
            ) from None
    raise AssertionError("the last try returns or raises")


Interface = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int]]


def _interface(host: str, port: int) -> Interface:
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )  # fmt: skip
    except OSError as error:
        raise CannotServe(
            "--host {host}: there is no such address on this machine ({reason})",
            host=host,
            reason=error.strerror or error,
        ) from None
    family, kind, protocol, name, where = found[0]
    return family, kind, protocol, name, (str(where[0]), int(where[1]))


def _reserved(found: Interface, *, datagrams: bool) -> socket.socket:
    family, kind, protocol, _, where = found
    # Without SO_REUSEPORT first: another program of ours on the port would otherwise share it.
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(where)
        where = (where[0], probe.getsockname()[1])
    if datagrams:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind(where)
    kept = socket.socket(family, kind, protocol)
    try:
        # Not SO_REUSEADDR: with it, another program may take what does not listen.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        kept.bind(where)
    except OSError:
        kept.close()
        raise
    return kept


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


async def listens(path: Path) -> bool:
    """Tell whether a process listens on a socket in the file system.

    Parameters
    ----------
    path
        The socket; its path may be longer than the 107 bytes that an address holds.
    """
    try:
        with connecting(path) as reachable:
            _, writer = await asyncio.open_unix_connection(reachable)
    except OSError:
        return False
    writer.close()
    return True
