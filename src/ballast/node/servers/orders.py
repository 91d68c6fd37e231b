"""What a worker is told: plain values, one line of JSON on its standard input.

Not arguments, which every user of the machine can read in its list of
processes; not the environment, which only the command line reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from ballast.node.servers.budget import BudgetLimits

__all__ = ["Doors", "WorkerOrders"]


@dataclass(frozen=True, slots=True)
class Doors:
    """Bounds of the doors of one worker.

    Parameters
    ----------
    connections
        How many TCP connections are open at once; one more is turned away.
    connections_by_address
        How many of them may be of one address.
    idle_seconds
        After how long without a message a connection is closed.
    pressed_seconds
        The same while more than seven eighths of the connections are in use.
    frame_seconds
        How long a message may take to arrive once its first byte is here.
    write_bytes
        Above so many unsent bytes of one connection its requests are no longer read.
    stalled_seconds
        How long a connection may leave such bytes unread before it is closed.
    memory_bytes
        How many bytes all connections together may hold: unfinished requests, unread answers.
        Above it those are closed that have waited for longest.
    reassembly_messages
        How many fragmented UDP requests are put together at once.
    reassembly_seconds
        How long the fragments of one may take.
    """

    connections: int = 16_384
    connections_by_address: int = 4096
    idle_seconds: float = 300.0
    pressed_seconds: float = 15.0
    frame_seconds: float = 30.0
    write_bytes: int = 1_048_576
    stalled_seconds: float = 30.0
    memory_bytes: int = 128 << 20
    reassembly_messages: int = 256
    reassembly_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class WorkerOrders:
    """What a worker is told.

    Parameters
    ----------
    home
        The whole path of the home; the node's files lie in its ``node`` folder.
    number
        Which worker this is, from 0; names its file of counters.
    language
        In which the process says why it cannot start.
    host
        The address of the interface.
    native_port
        UDP and TCP; -1 for none. Opened by the worker with SO_REUSEPORT.
    http_port, https_port
        HTTP, and HTTP over TLS; -1 for none.
    certificate, certificate_key
        Files of the certificate for HTTPS.
    basic_over_plain
        Whether REST Basic is allowed without TLS.
    base_url
        Under which address browsers reach the HTTP door; empty: as they asked.
    map_bytes
        How far the store may grow.
    tcp_sockets, udp_sockets
        Descriptors handed over by the supervisor instead of ports to open.
    limits
        What an address may.
    doors
        Bounds of the doors.
    """

    home: str
    number: int = 0
    language: str = "zh"
    host: str = "127.0.0.1"
    native_port: int = 2641
    http_port: int = 8000
    https_port: int = -1
    certificate: str = ""
    certificate_key: str = ""
    basic_over_plain: bool = False
    base_url: str = ""
    map_bytes: int = 1 << 40
    tcp_sockets: tuple[int, ...] = ()
    udp_sockets: tuple[int, ...] = ()
    limits: BudgetLimits = field(default_factory=BudgetLimits)
    doors: Doors = field(default_factory=Doors)

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> told = WorkerOrders("h", doors=Doors(connections=3))
        >>> WorkerOrders.parse(told.line()) == told
        True
        """
        return msgspec.json.encode(self).decode()

    @classmethod
    def parse(cls, line: str) -> WorkerOrders:
        """Return the orders of a line."""
        return msgspec.json.decode(line, type=cls)
