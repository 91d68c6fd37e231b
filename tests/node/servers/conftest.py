"""One running node for the tests of this folder that leave it as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ballast.node.registry.records import Record, RecordState, record_of
from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.orders import Doors
from ballast.node.wire.value import Value

from .served import Node, served

NOW = 1_790_000_000
SECRET = 0x0C
LONGEST = b"88.118.8/" + b"x" * (2048 - 9)


def records() -> list[Record]:
    """Return what is registered: small, large, long, restricted, revoked, expired."""
    url = Value(1, "URL", b"https://x.cn/1", timestamp=NOW)
    large = [Value(n, "NOTE", b"%04d" % n * 60, timestamp=NOW) for n in range(1, 41)]
    return [
        record_of(b"88.118.8/A-1", [url, Value(2, "NAME", "轴承".encode(), timestamp=NOW)], NOW),
        record_of(b"88.118.8/SECRET", [url, Value(2, "KEY", b"k", SECRET, timestamp=NOW)], NOW),
        record_of(b"88.118.8/ALL-SECRET", [Value(2, "KEY", b"k", SECRET, timestamp=NOW)], NOW),
        record_of(b"88.118.8/LARGE", large, NOW),
        record_of(b"88.118.8/REVOKED", [url], NOW, state=RecordState.REVOKED),
        record_of(b"88.118.8/EXPIRED", [url], NOW, expires_at=NOW + 1),
        record_of(LONGEST, [url], NOW),
        *[record_of(b"88.118.8/N-%04d" % n, [url], NOW) for n in range(2500)],
    ]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Return a node with small bounds, so that a test reaches them."""
    doors = Doors(
        connections=64, connections_by_address=40, idle_seconds=600, frame_seconds=1.0,
        write_bytes=65_536, stalled_seconds=1.5,
    )  # fmt: skip
    limits = BudgetLimits(failures_per_minute=60_000, failure_burst=1000)
    home = tmp_path_factory.mktemp("native")
    with served(home, records(), limits=limits, doors=doors) as running:
        yield running
