"""The native ports, opened so that several workers can share them.

With SO_REUSEPORT each worker has a socket of its own and the kernel spreads
clients over them: no worker waits for another's accept, and when one is killed
its socket goes with it, so that the others get its clients.
"""

from __future__ import annotations

import errno
import socket

from ballast.errors import CannotServe

__all__ = ["tcp_socket", "udp_socket"]

_BACKLOG = 4096


def tcp_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket on a port that other workers listen on, too.

    Parameters
    ----------
    host
        The address of the interface.
    port
        The port; 0 for any that is free.

    Raises
    ------
    CannotServe
        If the port is taken, is not ours to take, or there is no such host.

    Examples
    --------
    >>> with tcp_socket("127.0.0.1", 0) as one:
    ...     with tcp_socket(*one.getsockname()) as other:
    ...         one.getsockname() == other.getsockname()
    True
    """
    taken = _bound(host, port, socket.SOCK_STREAM)
    taken.listen(_BACKLOG)
    return taken


def udp_socket(host: str, port: int) -> socket.socket:
    """Return a bound UDP socket on a port that other workers have bound, too.

    Parameters
    ----------
    host, port
        As for ``tcp_socket``.

    Raises
    ------
    CannotServe
        As for ``tcp_socket``.
    """
    return _bound(host, port, socket.SOCK_DGRAM)


def _bound(host: str, port: int, kind: socket.SocketKind) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_PASSIVE)
        family, _, protocol, _, where = found[0]
        taken = socket.socket(family, kind, protocol)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, kind == socket.SOCK_STREAM)
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            taken.bind(where)
        except OSError:
            taken.close()
            raise
    except OSError as error:
        reason = error.strerror or error
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(
                "{host}, port {port}: is taken by another program; end it, or name another port",
                host=host,
                port=port,
            ) from None
        raise CannotServe(
            "{host}, port {port}: cannot be opened ({reason}); name another address or port",
            host=host,
            port=port,
            reason=reason,
        ) from None
    return taken
