"""The identifier node as processes to keep running: one writer, several workers, one shipper.

The workers open their ports themselves, each its own with SO_REUSEPORT: the
kernel then spreads clients over them, and where one is killed the others take
its clients until it is back. A socket handed down by the supervisor, as the
portal has it, would keep the dead worker's share of the datagrams waiting. The
supervisor keeps the numbers meanwhile (``listening.reserve``).
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ballast.node.registry.lmdb_store import FILE, LmdbStore
from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.orders import Doors, WorkerOrders
from ballast.node.service.founding import Identity, founded_identity
from ballast.node.wire.site import Site
from ballast.node.writer.process import WriterOrders
from ballast.node.writer.socket_path import SOCKET_NAME
from ballast.serve.listening import address, answers, listens, reserve
from ballast.serve.shipper_orders import ShipperOrders
from ballast.serve.supervisor import Part
from ballast.terms.label import Label, Language

__all__ = [
    "HEALTH",
    "NO_PORT",
    "NodePorts",
    "NodeWanted",
    "identity_of",
    "named_ports",
    "node_parts",
    "node_ports",
    "shipper_part",
]

HEALTH = "/health"
NO_PORT = -1
_WRITER = Label("标识节点写入进程", "node writer")
_WORKER = Label("标识节点工作进程", "node worker")
_SHIPPER = Label("传送进程", "shipper")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeWanted:
    """How a node is to be served: plain values.

    Parameters
    ----------
    home
        The whole path of the home; the node has been founded in it.
    language
        In which the processes say why they cannot start.
    host
        The address of the interface.
    native_port, http_port, https_port
        Where to listen; 0 for any that is free, ``NO_PORT`` for none.
    workers
        How many answer.
    map_bytes
        How far the registry may grow.
    certificate, certificate_key
        Files of the certificate, for HTTPS.
    basic_over_plain
        Whether a name and a password are taken without TLS.
    base_url
        Under which address browsers reach the node; empty: as they asked.
    limits, doors
        What an address may; bounds of the doors of one worker.
    ship_seconds
        How often events are looked for and shipped into the lake.
    keep_days
        How long the home's shipper keeps the samples of a plant; 0 for good.
    """

    home: Path
    language: Language
    host: str = "127.0.0.1"
    native_port: int = 2641
    http_port: int = 8000
    https_port: int = NO_PORT
    workers: int = 2
    map_bytes: int = 64 << 30
    certificate: str = ""
    certificate_key: str = ""
    basic_over_plain: bool = False
    base_url: str = ""
    limits: BudgetLimits = field(default_factory=BudgetLimits)
    doors: Doors = field(default_factory=Doors)
    ship_seconds: float = 5.0
    keep_days: int = 0


@dataclass(frozen=True, slots=True)
class NodePorts:
    """The ports that were taken.

    Parameters
    ----------
    host
        Under which a program of this machine reaches them.
    native, http, https
        Their numbers; ``NO_PORT`` for none.
    """

    host: str
    native: int
    http: int
    https: int

    @property
    def url(self) -> str:
        """The address of the HTTP door, for programs of this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.http}"


def identity_of(home: Path) -> Identity | None:
    """Return what the node of a home says of itself; ``None`` where none was founded.

    Raises
    ------
    StorageFailed, HomeVersion
        If there is a registry that cannot be read.
    """
    registry = home / "node" / "registry"
    if not (registry / FILE).is_file():
        return None
    store = LmdbStore.open(registry, readonly=True)
    try:
        with store.snapshot() as moment:
            return founded_identity(moment)
    finally:
        store.close()


def named_ports(identity: Identity) -> frozenset[int]:
    """Return the ports that a node's site tells its clients."""
    if not identity.site:
        return frozenset()
    site = Site.parse(identity.site)
    return frozenset(door.port for server in site.servers for door in server.interfaces)


@contextmanager
def node_ports(wanted: NodeWanted) -> Iterator[NodePorts]:
    """Keep a node's ports for its workers, for as long as this holds.

    Raises
    ------
    CannotServe
        If one is taken: one line that says which, and where it can be changed.
    """
    with ExitStack() as kept:

        def take(port: int, setting: str, *, datagrams: bool = False) -> socket.socket | None:
            if port == NO_PORT:
                return None
            return kept.enter_context(
                reserve(wanted.host, port, setting=setting, datagrams=datagrams)
            )

        native = take(wanted.native_port, "BALLAST_NODE_PORT", datagrams=True)
        http = take(wanted.http_port, "BALLAST_NODE_HTTP_PORT")
        https = take(wanted.https_port, "BALLAST_NODE_HTTPS_PORT")
        found = [NO_PORT if one is None else address(one)[1] for one in (native, http, https)]
        host = next((address(one)[0] for one in (native, http, https) if one), wanted.host)
        yield NodePorts(host, *found)


def node_parts(wanted: NodeWanted, ports: NodePorts) -> list[Part]:
    """Return the processes of a node, in the order in which they begin.

    Parameters
    ----------
    wanted
        How it is to be served.
    ports
        What ``node_ports`` gave.
    """
    writer = _writer_part(wanted)
    workers = [_worker_part(wanted, ports, number) for number in range(wanted.workers)]
    shipper = shipper_part(wanted.home, wanted.language, wanted.ship_seconds, wanted.keep_days)
    return [writer, *workers, shipper]


def _writer_part(wanted: NodeWanted) -> Part:
    path = wanted.home / "node" / SOCKET_NAME
    orders = WriterOrders(str(wanted.home), wanted.language, wanted.map_bytes)
    return Part(
        name=_WRITER.text(wanted.language),
        command=(sys.executable, "-m", "ballast.node.writer.process"),
        orders=orders.line(),
        sockets=(),
        ready=lambda: listens(path),
    )


def _worker_part(wanted: NodeWanted, ports: NodePorts, number: int) -> Part:
    orders = WorkerOrders(
        home=str(wanted.home),
        number=number,
        language=wanted.language,
        host=wanted.host,
        native_port=ports.native,
        http_port=ports.http,
        https_port=ports.https,
        certificate=wanted.certificate,
        certificate_key=wanted.certificate_key,
        basic_over_plain=wanted.basic_over_plain,
        base_url=wanted.base_url,
        map_bytes=wanted.map_bytes,
        limits=wanted.limits,
        doors=wanted.doors,
    )
    return Part(
        name=f"{_WORKER.text(wanted.language)} {number + 1}",
        command=(sys.executable, "-m", "ballast.node.servers.worker"),
        orders=orders.line(),
        sockets=(),
        ready=lambda: answers(ports.host, ports.http, HEALTH),
    )


def shipper_part(home: Path, language: Language, seconds: float, keep_days: int = 0) -> Part:
    """Return the one shipper of a home as a process to keep running.

    Parameters
    ----------
    home
        The whole path of the home.
    language
        In which it says what is wrong.
    seconds
        How often it looks into the outboxes.
    keep_days
        How long the samples of a plant are kept; 0 for good.
    """
    orders = ShipperOrders(str(home), language, seconds, keep_days)

    async def ready() -> bool:
        return True  # nobody waits for it: events stay in the outbox until it takes them

    return Part(
        name=_SHIPPER.text(language),
        command=(sys.executable, "-m", "ballast.serve.shipper_process"),
        orders=orders.line(),
        sockets=(),
        ready=ready,
    )
