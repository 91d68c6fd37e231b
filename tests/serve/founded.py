"""A home with a node in it, as ``ballast node init`` leaves it."""

from __future__ import annotations

import os
import time
from ipaddress import IPv4Address
from pathlib import Path

from ballast.lake.lake import Lake
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.founding import Ports, found_node

PREFIX = "88.118"


def found(home: Path) -> Path:
    """Make a home with a node for the prefix, and return it."""
    Lake.create(home)
    with LmdbStore.open(home / "node" / "registry") as store:
        found_node(
            store,
            PREFIX,
            keys_dir=home / "node" / "keys",
            addresses=[IPv4Address("127.0.0.1")],
            ports=Ports(),
            clock=time.time,
            random=os.urandom,
        )
    return home
