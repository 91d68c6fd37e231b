"""What the HTTP door is given: one frozen object, filled by whoever hosts it.

The door opens no file and reads no setting: the store, the way to the writer
and the bounds are handed in, so that a test can host it over a store in a
temporary directory, and the worker over the node's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ballast.node.servers.budget import Budgets
from ballast.node.servers.channel import Channel
from ballast.node.servers.counters import Counters
from ballast.node.servers.tally import Tally

if TYPE_CHECKING:
    # Named for the reader and the type checker; the door itself never makes one.
    from ballast.node.registry.store import Store
    from ballast.node.writer.client import WriterClient

__all__ = ["HttpContext", "HttpLimits", "NativeAnswers", "Tls"]


class NativeAnswers(Protocol):
    """What answers a native message; ``servers.front.Front`` does."""

    def answer(self, data: bytes, channel: Channel) -> bytes | Awaitable[bytes | None] | None:
        """Return the answer to one whole native message."""
        ...


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """What one request may cost.

    Parameters
    ----------
    body_bytes
        Longest body of a request, bytes; a bulk load is a stream and has its own bound.
    bulk_bytes
        Longest bulk load in one request, bytes.
    header_bytes
        Longest request line and headers together, bytes.
    header_seconds, body_seconds
        How long a client may take for its headers; between two parts of its body.
    page_size
        Most handles in one page of a list.
    connections
        How many are open at once in one worker; one more waits until another ends, which an idle
        one does after ``header_seconds``.
    """

    body_bytes: int = 1 << 20
    bulk_bytes: int = 1 << 36
    header_bytes: int = 32 << 10
    header_seconds: float = 15.0
    body_seconds: float = 30.0
    page_size: int = 1000
    connections: int = 8192


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificate files of an HTTPS port.

    Parameters
    ----------
    certificate, key
        PEM files: the chain, and the private key.
    """

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class HttpContext:
    """What ``create_app`` needs.

    Parameters
    ----------
    store
        The registry, opened for reading.
    writer
        The way to the writer process: changes, challenges kept, bulk loads.
    front
        Answers the native messages tunnelled by POST; None: the tunnel is shut.
    budgets, counters, tally
        What an address may; what is counted; resolutions by prefix.
    counters_folder
        Where the counts of all workers lie.
    clock
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes, normally ``os.urandom``.
    folder
        The node's folder, whose disk ``/health`` looks at.
    basic_over_plain
        Whether a user name and a password are accepted without TLS.
    base_url
        Under which address browsers reach this door, for QR codes; empty: as they asked.
    title
        How the node is called on its pages.
    limits
        What one request may cost.
    """

    store: Store
    writer: WriterClient
    front: NativeAnswers | None
    budgets: Budgets
    counters: Counters
    tally: Tally
    counters_folder: Path
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    folder: Path
    basic_over_plain: bool = False
    base_url: str = ""
    title: str = "Ballast"
    limits: HttpLimits = field(default_factory=HttpLimits)
