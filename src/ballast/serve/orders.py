"""What the portal's process is told: plain values, one line of JSON on its standard input.

Not arguments, which every user of the machine can read in its list of
processes; not the environment, which only the command line reads.
"""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from ballast.serve.listening import address, answers
from ballast.serve.supervisor import Part
from ballast.terms.label import Label, Language

__all__ = ["HEALTH", "PortalOrders", "portal_part"]

HEALTH = "/health"
_NAME = Label("门户进程", "portal")


@dataclass(frozen=True, slots=True)
class PortalOrders:
    """What the portal's process is told.

    Parameters
    ----------
    home
        The whole path of the home.
    engine
        Where set-shaped work runs.
    region
        Code of the region that the home is about.
    base_url
        Under which address browsers reach the portal.
    language
        In which the process says why it cannot start.
    contact
        Whom to ask, as shown on the public pages.
    oidc_issuer, oidc_client_id, oidc_secret_file
        The organisation's sign-in; no issuer, none.
    node_url
        Where people reach the home's identifier node; empty where it is not served.
    socket
        The descriptor that it listens on.
    """

    home: str
    engine: str
    region: str
    base_url: str
    language: Language
    contact: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_secret_file: str = ""
    node_url: str = ""
    socket: int = -1

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> told = PortalOrders("h", "duckdb", "371500", "http://127.0.0.1:1", "zh")
        >>> PortalOrders.parse(told.line()) == told
        True
        """
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> PortalOrders:
        """Return the orders of a line."""
        return cls(**json.loads(line))


def portal_part(orders: PortalOrders, taken: socket.socket) -> Part:
    """Return the portal as a process to keep running on a socket that listens."""
    host, port = address(taken)
    # The portal refuses requests that name another host than the one it is reached under.
    named = urlsplit(orders.base_url).netloc
    return Part(
        name=_NAME.text(orders.language),
        command=(sys.executable, "-m", "ballast.serve.portal_process"),
        orders=replace(orders, socket=taken.fileno()).line(),
        sockets=(taken,),
        ready=lambda: answers(host, port, HEALTH, named=named),
    )
