"""What the collector's process is told: plain values, one line of JSON on its standard input.

The mapping travels as its text and not as a path: who starts the process has
read it already, said what is wrong with it, and both then mean the same site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from ballast.terms.label import Language

__all__ = ["COMMAND_MODULE", "CollectorOrders"]

COMMAND_MODULE = "ballast.plant.collect.process"


@dataclass(frozen=True, slots=True)
class CollectorOrders:
    """What the collector is told.

    Parameters
    ----------
    home
        The whole path of the home; the spool lies in ``plant/spool`` of it.
    language
        In which the process says why it cannot start.
    site
        The text of the mapping (TOML); empty: no mapping, every tag is named automatically.
    folder
        Against which the mapping's file names (certificates, password) are read; empty:
        ``<home>/plant``.
    broker_host, broker_port, broker_tls
        Where the broker listens; they override the mapping, and are needed without one.
    broker_version
        5, or 4 for MQTT 3.1.1; 0: as the mapping says.
    user, password_file, ca_file, client_id
        Who connects, and how the broker is known; empty: as the mapping says. Files by
        their whole path.
    host_id, primary
        How the home appears as a Sparkplug host; empty and none: as the mapping says.
    commit_ms, commit_rows
        A commit to the disk is made so many ms after the first sample not yet on it, or
        when so many samples wait.
    spool_bytes
        How much may wait for the lake before nothing more is acknowledged.
    live_ms
        How often the live picture is written.
    max_unmapped
        How many tags that the mapping does not know are collected at most.
    """

    home: str
    language: Language = "zh"
    site: str = ""
    folder: str = ""
    broker_host: str = ""
    broker_port: int = 0
    broker_tls: bool = False
    broker_version: Literal[0, 4, 5] = 0
    user: str = ""
    password_file: str = ""
    ca_file: str = ""
    client_id: str = ""
    host_id: str = ""
    primary: bool | None = None
    commit_ms: float = 10.0
    commit_rows: int = 10_000
    spool_bytes: int = 8 << 30
    live_ms: int = 1_000
    max_unmapped: int = 20_000

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> CollectorOrders.parse(CollectorOrders("h").line()) == CollectorOrders("h")
        True
        """
        return msgspec.json.encode(self).decode()

    @classmethod
    def parse(cls, line: str) -> CollectorOrders:
        """Return the orders of a line."""
        return msgspec.json.decode(line, type=cls)
