"""A node with many records: ``python native_fill.py HOME RECORDS``.

Filled through the registry, in key order, from one packed record in which the
digits are replaced: what is measured is the reading. Prints what the generator
asks for: a plain resolution in hex, and where in it the digits stand.
"""

from __future__ import annotations

import json
import os
import sys
import time
from ipaddress import IPv4Address
from pathlib import Path

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record, record_of
from ballast.node.service.founding import Ports, found_node
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin
from ballast.node.wire.codes import OpCode
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.header import Header
from ballast.node.wire.message import Message
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import Value

PREFIX, DIGITS = "88.118.8", 9
HANDLE_AT = 48
BLOCK = 50_000


def values_of(number: int) -> tuple[Value, ...]:
    """Return the four values of a record."""
    digits = f"{number:0{DIGITS}d}"
    admin = Admin(ALL_PERMISSIONS, f"0.NA/{PREFIX}", 300)
    return (
        Value(1, "URL", f"https://id.example.cn/p/{digits}".encode()),
        Value(2, "BATCH", f"B-2026-{digits[:6]}".encode()),
        Value(3, "PRODUCT_NAME", f"轴承钢球{digits}".encode()),
        Value(100, "HS_ADMIN", admin.to_wire()),
    )


def handle_of(number: int) -> bytes:
    """Return the handle of a record."""
    return f"{PREFIX}/p-{number:0{DIGITS}d}".encode()


def request_template() -> bytes:
    """Return a plain resolution as clients send it; the generator fills in the digits."""
    header = Header(OpCode.RESOLVE, expiration=1_800_000_000)
    return Message(Envelope(), header, ResolveRequest(handle_of(0)).to_wire()).to_wire()


def fill(home: Path, records: int) -> None:
    """Found a node and register records through the registry, in key order."""
    now = int(time.time())
    pattern = pack_record(record_of(handle_of(0), values_of(0), now))
    zeros = b"0" * DIGITS
    with LmdbStore.open(home / "node" / "registry") as store:
        found_node(
            store, "88.118", keys_dir=home / "node" / "keys",
            addresses=[IPv4Address("127.0.0.1")], ports=Ports(), clock=time.time,
            random=os.urandom,
        )  # fmt: skip
        with store.write() as transaction:
            transaction.put_prefix(PrefixEntry(PREFIX, PrefixState.HOMED))
        for first in range(0, records, BLOCK):
            block = [
                (
                    handle_of(number),
                    pattern.replace(zeros, b"%09d" % number).replace(
                        zeros[:6], b"%06d" % (number // 1000)
                    ),
                )
                for number in range(first, min(first + BLOCK, records))
            ]
            with store.write() as transaction:
                transaction.put_new_records(block)


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
    asked = {
        "template": request_template().hex(),
        "offset": HANDLE_AT + len(handle_of(0)) - DIGITS,
        "digits": DIGITS,
    }
    print(json.dumps(asked))
