"""The shop's products, machines and batches in the city's node, under a prefix of their own.

A batch on a sheet of the shop then resolves to a record, and the record to the
shop. They are lines of NDJSON through the bulk path, as the other identifiers
of the sample are; what is registered already is left as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from ballast.errors import StorageFailed
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import AllotPrefix
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.local import Writing
from ballast.sample.factory.days import DAY_MS, orders_of
from ballast.sample.factory.mapping import machine_handle
from ballast.sample.factory.shop import ENTERPRISE, MACHINES, PREFIX, PRODUCTS, USCC
from ballast.sample.synthetic import SOURCE

__all__ = ["register_handles"]

_REGISTERED, _THERE = b'"code":1,', b'"code":101,'


def register_handles(writer: Writing, seed: int, first_day: int, last_day: int) -> int:
    """Register what the shop names until a day; return how many are new.

    Parameters
    ----------
    writer
        Of the city's node.
    seed
        Of the sample.
    first_day, last_day
        Days since 1970: the first of the shop, and the newest whose batches there are.

    Raises
    ------
    StorageFailed
        If the node takes some of them not.
    """
    allotted = writer.apply(AllotPrefix(PREFIX, USCC, ENTERPRISE, contact=SOURCE), OPERATOR)
    if not allotted.ok and allotted.code is not ResponseCode.HANDLE_ALREADY_EXISTS:
        raise StorageFailed(
            "the sample's prefix {prefix} was not allotted: {reason}",
            prefix=PREFIX,
            reason=allotted.message,
        )
    lines = list(_lines(seed, first_day, last_day))
    new = there = 0
    for piece in writer.bulk(["".join(lines).encode()], OPERATOR):
        new += piece.count(_REGISTERED)
        there += piece.count(_THERE)
    if new + there != len(lines):
        raise StorageFailed(
            "{count} identifiers of the sample were not registered; run the demo again",
            count=len(lines) - new - there,
        )
    return new


def _lines(seed: int, first_day: int, last_day: int) -> Iterator[str]:
    for product in PRODUCTS:
        yield _line(f"{PREFIX}/3443.{product.model}", product.name.zh, product.name.en)
    for machine in MACHINES:
        yield _line(machine_handle(machine), machine.name.zh, machine.name.en)
    for day in range(first_day, last_day + 1):
        made = datetime.fromtimestamp(day * DAY_MS / 1000, UTC).date().isoformat()
        for order in orders_of(seed, day):
            more = {"BATCH": order.batch.rpartition("3443.")[2], "MADE_ON": made}
            name = order.product.name
            yield _line(order.batch, name.zh, name.en, ORDER=order.number, **more)


def _line(handle: str, zh: str, en: str, **more: str) -> str:
    values = [
        {"index": 1, "type": "URL", "data": f"https://example.com/{handle}"},
        {"index": 2000, "type": "NAME", "data": zh},
        {"index": 2001, "type": "NAME_EN", "data": en},
    ]
    values += [
        {"index": index, "type": kind, "data": data}
        for index, (kind, data) in enumerate(more.items(), start=2002)
    ]
    values += [
        {"index": 2050, "type": "ENTERPRISE", "data": ENTERPRISE},
        {"index": 2099, "type": "SOURCE", "data": SOURCE},
    ]
    return json.dumps({"handle": handle, "values": values}, ensure_ascii=False) + "\n"
