"""Opens the HTTP door of a worker: HTTP and HTTPS ports in the worker's own loop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ballast.node.servers.http.app import create_app
from ballast.node.servers.http.context import HttpContext, Tls
from ballast.node.servers.http.hosting import HttpServer
from ballast.node.service.founding import founded_identity

if TYPE_CHECKING:
    # The worker imports this module: at run time only one of the two may.
    from ballast.node.servers.worker import WorkerParts

__all__ = ["HttpDoor", "context_of", "open_http_door"]


class HttpDoor:
    """The open ports of one worker.

    Parameters
    ----------
    servers
        What listens.
    """

    def __init__(self, servers: list[HttpServer]) -> None:
        self._servers = servers

    async def close(self) -> None:
        """Stop listening; what is being answered is answered."""
        for server in self._servers:
            await server.stop()


def context_of(parts: WorkerParts) -> HttpContext:
    """Return what the door is given by a worker."""
    orders = parts.orders
    with parts.store.snapshot() as snapshot:
        known = founded_identity(snapshot)
    title = (known.title or known.prefix) if known is not None else ""
    return HttpContext(
        store=parts.store,
        writer=parts.writer,
        front=parts.front,
        budgets=parts.budgets,
        counters=parts.counters,
        tally=parts.tally,
        counters_folder=parts.counters_folder,
        clock=parts.clock,
        random=parts.random,
        folder=Path(orders.home) / "node",
        basic_over_plain=orders.basic_over_plain,
        base_url=orders.base_url,
        title=title or "Ballast",
    )


async def open_http_door(parts: WorkerParts) -> HttpDoor:
    """Open the HTTP and HTTPS ports that a worker was told of.

    Raises
    ------
    CannotServe
        If a port is taken or a certificate cannot be read.
    """
    orders = parts.orders
    app = create_app(context_of(parts))
    limits = app.context.limits
    servers: list[HttpServer] = []
    if orders.http_port >= 0:
        servers.append(HttpServer(app, orders.host, orders.http_port, limits=limits))
    if orders.https_port >= 0:
        tls = Tls(Path(orders.certificate), Path(orders.certificate_key))
        servers.append(HttpServer(app, orders.host, orders.https_port, tls=tls, limits=limits))
    for server in servers:
        await server.start()
    return HttpDoor(servers)
