"""What ``up``, ``demo`` and ``node serve`` share: from settings to processes that run.

Apart from the commands, because three of them start the same processes and
say the same things about them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from ballast.cli.context import language, settings, tell
from ballast.errors import CannotServe, NotFound
from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.orders import Doors
from ballast.node.service.founding import Identity
from ballast.serve.listening import is_loopback, reserve
from ballast.serve.node_parts import (
    NO_PORT,
    NodePorts,
    NodeWanted,
    identity_of,
    named_ports,
    node_parts,
    node_ports,
)
from ballast.serve.supervisor import Part, supervise
from ballast.words import Sentence

__all__ = ["NodeRun", "node_run", "node_wanted", "run_parts", "serve_node"]


@dataclass(frozen=True, slots=True)
class NodeRun:
    """A node that is about to be served: its ports are kept.

    Parameters
    ----------
    identity
        What it says of itself.
    ports
        Where it will answer.
    parts
        Its processes.
    """

    identity: Identity
    ports: NodePorts
    parts: tuple[Part, ...]

    def greet(self) -> None:
        """Say where it answers."""
        tell(
            "the identifier node {prefix} answers at {url}; its native protocol on port {port} "
            "(UDP and TCP)",
            prefix=self.identity.prefix,
            url=self.ports.url,
            port=self.ports.native,
        )


def node_wanted(home: Path) -> NodeWanted:
    """Return how the settings want a node to be served.

    Parameters
    ----------
    home
        The home that it was founded in.
    """
    found = settings().node
    certificate, key = found.certificate, found.certificate_key
    return NodeWanted(
        home=home.resolve(),
        language=language(),
        host=found.host,
        native_port=found.port,
        http_port=found.http_port,
        https_port=found.https_port if certificate else NO_PORT,
        workers=found.workers,
        map_bytes=found.map_gib << 30,
        certificate=str(certificate.resolve()) if certificate else "",
        certificate_key=str(key.resolve()) if key else "",
        basic_over_plain=found.basic_over_plain,
        base_url=found.base_url,
        limits=BudgetLimits(
            requests_per_second=found.requests_per_second,
            request_burst=2 * found.requests_per_second,
            failures_per_minute=found.failures_per_minute,
            amplification=found.amplification,
        ),
        keep_days=settings().plant.keep_days,
        doors=Doors(
            connections=found.connections,
            connections_by_address=found.connections_by_address,
            idle_seconds=float(found.idle_seconds),
        ),
    )


@contextmanager
def node_run(home: Path, *, any_port: bool = False) -> Iterator[NodeRun | None]:
    """Keep the ports of a home's node and return its processes; nothing where there is no node.

    Parameters
    ----------
    home
        Of the node.
    any_port
        Where a port is taken, take any that is free: for the demo, which
        nobody has told a client of.

    Raises
    ------
    CannotServe
        If a port is taken: one line that says which.
    """
    identity = identity_of(home)
    if identity is None:
        yield None
        return
    wanted = _with_free_ports(node_wanted(home)) if any_port else node_wanted(home)
    with node_ports(wanted) as ports:
        if not is_loopback(wanted.host) and not wanted.certificate:
            tell(
                "the node answers without TLS; changes are signed and may pass, but whoever sends "
                "a password sends it readable. Give a certificate in BALLAST_NODE_CERTIFICATE"
            )
        named = named_ports(identity)
        if named and ports.native not in named:
            tell(
                "the node's site names the ports {named}, and it answers on {port}: clients that "
                "go by the site will not find it",
                named=", ".join(str(port) for port in sorted(named)),
                port=ports.native,
            )
        yield NodeRun(identity, ports, tuple(node_parts(wanted, ports)))


def serve_node(home: Path, *, greet: Callable[[NodeRun], None] = NodeRun.greet) -> None:
    """Serve the node of a home, without the portal, until a signal ends it.

    Parameters
    ----------
    home
        Of the node.
    greet
        Told once all of it answers.

    Raises
    ------
    CannotServe
        If a port is taken, or a process refuses to start or keeps ending.
    NotFound
        If the home has no node.
    """
    with node_run(home) as run:
        if run is None:
            raise NotFound(
                "{path}: this home has no identifier node; make one with `ballast node init`",
                path=home,
            )
        run_parts(run.parts, lambda: greet(run))


def run_parts(parts: Sequence[Part], started: Callable[[], None]) -> None:
    """Run processes until a signal ends them, and say so.

    Parameters
    ----------
    parts
        What to run.
    started
        Called once, when all of them answer.
    """
    asyncio.run(supervise(parts, started=started, announce=_tell_sentence))
    tell("stopped")


def _tell_sentence(sentence: Sentence) -> None:
    typer.echo(sentence.text(language()), err=True)


def _with_free_ports(wanted: NodeWanted) -> NodeWanted:
    """Return a wish whose ports are free just now: those asked for, or 0 for any."""

    def free(port: int, *, datagrams: bool = False) -> int:
        if port == NO_PORT:
            return port
        try:
            reserve(wanted.host, port, setting="", datagrams=datagrams).close()
        except CannotServe:
            return 0
        return port

    return replace(
        wanted,
        native_port=free(wanted.native_port, datagrams=True),
        http_port=free(wanted.http_port),
        https_port=free(wanted.https_port),
    )
