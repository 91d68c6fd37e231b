"""The shop's handles in a node: a batch of a sheet resolves to a record that says what it is."""

from __future__ import annotations

from pathlib import Path

from tests.serve.founded import found

from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.caller import ANONYMOUS
from ballast.node.service.reading import resolve
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import values_from_wire
from ballast.node.writer.local import connect
from ballast.sample.factory.days import order_of
from ballast.sample.factory.handles import register_handles

SEED, FIRST = 5, 20_000


def test_batches_resolve_and_a_second_time_nothing_is_new(tmp_path: Path) -> None:
    home = found(tmp_path / "home")
    with connect(home) as writer:
        assert register_handles(writer, SEED, FIRST, FIRST + 2) == 4 + 10 + 3 * 4
        assert register_handles(writer, SEED, FIRST, FIRST + 2) == 0
        assert register_handles(writer, SEED, FIRST, FIRST + 3) == 4
    order = order_of(SEED, FIRST + 3, 2)
    store = LmdbStore.open(home / "node" / "registry", readonly=True)
    try:
        with store.snapshot() as moment:
            answer = resolve(moment, ResolveRequest(order.batch.encode(), (), ()), ANONYMOUS, 1.0)
    finally:
        store.close()
    values = {one.type: one.data.decode() for one in values_from_wire(answer.values, answer.count)}
    assert values["NAME"] == order.product.name.zh
    assert values["ORDER"] == order.number
    assert "样例" in values["ENTERPRISE"]
    assert "Synthetic" in values["SOURCE"]
