"""A real registry and a real lake: what the node did is what the lake says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ballast.errors import StorageFailed
from ballast.lake.lake import Lake
from ballast.lake.shipper import position, ship
from ballast.node.registry.entries import EventDraft, EventKind, PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.founding import PROVENANCE_META
from ballast.serve.node_outbox import NodeDays, NodeEvents, node_outboxes
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.viewer import operator

ANALYST = operator("analyst")
USCC = with_check_character("91371500YL000001X")
AT = int(datetime(2026, 5, 4, 8, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LmdbStore]:
    with LmdbStore.open(tmp_path / "home" / "node" / "registry", map_bytes=1 << 28) as opened:
        yield opened


class Node:
    """A node that forgets when asked to, and notes what it was told."""

    def __init__(self, store: LmdbStore) -> None:
        self.store = store
        self.missing: list[tuple[int, int]] = []
        self.now = datetime(2026, 5, 6, 12, tzinfo=UTC)

    def forget(self, up_to: int) -> None:
        with self.store.write() as transaction:
            transaction.forget_outbox(up_to)

    def events(self) -> NodeEvents:
        return NodeEvents(
            self.store, "88.118", self.forget, lambda *lost: self.missing.append(lost)
        )

    def days(self) -> NodeDays:
        return NodeDays(self.store, "88.118", lambda: self.now)

    def happen(self, kind: EventKind, *handles: str, prefix: str = "88.118.A8") -> int:
        draft = EventDraft(
            AT, kind, prefix, tuple(h.encode() for h in handles), "300:0.NA/88.118", USCC
        )
        with self.store.write() as transaction:
            return transaction.append_events([draft])

    def count(self, day: date, prefix: str, **counts: int) -> None:
        with self.store.write() as transaction:
            transaction.add_daily(day, prefix.encode(), **counts)

    def left(self) -> int:
        with self.store.snapshot() as moment:
            return len(moment.outbox())


@pytest.fixture
def node(store: LmdbStore) -> Node:
    return Node(store)


def rows(lake: Lake, name: str, order: str) -> list[dict[str, Any]]:
    found = lake.read(name, ANALYST).to_pyarrow().sort_by(order)
    return list(found.to_pylist())


def test_events_arrive_with_all_that_is_known_and_leave_the_outbox(node: Node, lake: Lake) -> None:
    node.happen(EventKind.PREFIX_ALLOTTED, "0.NA/88.118.A8")
    node.happen(EventKind.REGISTERED, "88.118.A8/B-1", "88.118.A8/轴承-2")
    node.happen(EventKind.REVOKED, "88.118.A8/B-1")
    assert ship(lake, node.events()).rows == 4 + 1
    found = rows(lake, "handle_event", "seq")
    assert [(row["seq"], row["kind"], row["handle"]) for row in found] == [
        (1, "prefix-allotted", "0.NA/88.118.A8"),
        (2, "registered", "88.118.A8/B-1"),
        (3, "registered", "88.118.A8/轴承-2"),
        (4, "revoked", "88.118.A8/B-1"),
    ]
    assert found[1] == {
        "node": "88.118", "seq": 2, "at": datetime(2026, 5, 4, 8, tzinfo=UTC),
        "kind": "registered", "prefix": "88.118.a8", "handle": "88.118.A8/B-1",
        "actor": "300:0.NA/88.118", "uscc": USCC, "provenance": "real",
    }  # fmt: skip
    assert node.left() == 0
    assert node.missing == []


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_is_one_of_the_declared(
    kind: EventKind, node: Node, lake: Lake
) -> None:
    node.happen(kind, "0.NA/88.118.A8")
    ship(lake, node.events())
    from ballast.lake.tables.node import HANDLE_EVENT

    declared = {choice.value for choice in HANDLE_EVENT.column("kind").choices}
    assert {row["kind"] for row in rows(lake, "handle_event", "seq")} <= declared


def test_a_prefix_that_is_withdrawn_is_no_longer_held(node: Node, lake: Lake) -> None:
    node.happen(EventKind.PREFIX_ALLOTTED, "0.NA/88.118.9", prefix="88.118.9")
    node.happen(EventKind.PREFIX_WITHDRAWN, "0.NA/88.118.9", prefix="88.118.9")
    ship(lake, node.events())
    (row,) = rows(lake, "enterprise_prefix", "seq")  # of one moment: the later one holds
    assert (row["prefix"], row["uscc"], row["state"]) == ("88.118.9", USCC, "withdrawn")


def test_a_synthetic_registry_says_so_in_every_row(node: Node, lake: Lake) -> None:
    with node.store.write() as transaction:
        transaction.put_meta(PROVENANCE_META, b"synthetic")
    node.happen(EventKind.PREFIX_ALLOTTED, "0.NA/88.118.9")
    node.count(date(2026, 5, 4), "88.118.9", resolved=1)
    for outbox in (node.events(), node.days()):
        ship(lake, outbox)
    for name in ("handle_event", "enterprise_prefix", "handle_daily"):
        assert {row["provenance"] for row in rows(lake, name, "prefix")} == {"synthetic"}


def test_many_events_come_in_batches_of_the_size_asked_for(node: Node, lake: Lake) -> None:
    node.happen(EventKind.REGISTERED, *(f"88.118.A8/{n}" for n in range(2500)))
    assert ship(lake, node.events(), limit=1000).batches == 3
    assert [row["seq"] for row in rows(lake, "handle_event", "seq")] == list(range(1, 2501))


def test_a_registry_older_than_the_lake_is_told(node: Node, lake: Lake, tmp_path: Path) -> None:
    node.happen(EventKind.REGISTERED, "88.118.A8/1", "88.118.A8/2")
    events = node.events()
    ship(lake, events)
    with LmdbStore.open(tmp_path / "older", map_bytes=1 << 26) as older:
        set_back = Node(older).events()
        set_back.name = events.name
        with pytest.raises(StorageFailed, match=r"ends at event 0, .* up to 2 already"):
            ship(lake, set_back)


def test_a_new_registry_in_an_old_home_is_another_outbox(
    node: Node, lake: Lake, tmp_path: Path
) -> None:
    node.happen(EventKind.REGISTERED, "88.118.A8/1")
    ship(lake, node.events())
    with LmdbStore.open(tmp_path / "new", map_bytes=1 << 26) as new:
        other = Node(new)
        other.happen(EventKind.REGISTERED, "88.118.A8/2")
        assert ship(lake, other.events()).rows == 1
    assert len(rows(lake, "handle_event", "handle")) == 2


def test_events_that_are_nowhere_any_more_are_told(node: Node, lake: Lake, tmp_path: Path) -> None:
    node.happen(EventKind.REGISTERED, *(f"88.118.A8/{n}" for n in range(5)))
    ship(lake, node.events())
    node.happen(EventKind.REGISTERED, "88.118.A8/6")
    older = Lake.create(tmp_path / "older")
    assert ship(older, node.events()).rows == 1
    assert node.missing == [(1, 5)]


def test_a_day_is_shipped_once_it_is_over_and_only_once(node: Node, lake: Lake) -> None:
    with node.store.write() as transaction:
        transaction.put_prefix(PrefixEntry("88.118.A8", PrefixState.HOMED, USCC, "样例"))
    node.count(date(2026, 5, 4), "88.118.a8", registered=3, resolved=7)
    node.count(date(2026, 5, 6), "88.118.a8", resolved=2)
    node.count(date(2026, 5, 6), "0.na", resolved=4)
    assert ship(lake, node.days()).rows == 1
    assert rows(lake, "handle_daily", "day") == [
        {"node": "88.118", "prefix": "88.118.a8", "day": date(2026, 5, 4), "registered": 3,
         "changed": 0, "deleted": 0, "resolved": 7, "uscc": USCC, "provenance": "real"}
    ]  # fmt: skip
    # A few minutes past China's midnight a worker may still hand in what it counted before.
    node.now = datetime(2026, 5, 6, 16, 10, tzinfo=UTC)
    assert ship(lake, node.days()).rows == 0
    node.count(date(2026, 5, 6), "88.118.a8", resolved=1)
    node.now = datetime(2026, 5, 6, 16, 20, tzinfo=UTC)
    assert ship(lake, node.days()).rows == 2
    assert ship(lake, node.days()).rows == 0
    last = [row for row in rows(lake, "handle_daily", "prefix") if row["day"].day == 6]
    assert [(row["prefix"], row["resolved"], row["uscc"]) for row in last] == [
        ("0.na", 4, None), ("88.118.a8", 3, USCC),
    ]  # fmt: skip


def test_a_node_that_slept_for_months_ships_a_month_at_a_time(node: Node, lake: Lake) -> None:
    for month in (1, 2, 3, 5):
        node.count(date(2026, month, 3), "88.118.9", resolved=month)
    shipped = ship(lake, node.days())
    assert shipped.rows == 4
    assert shipped.batches == 3, "February and March fall into one of 31 days"
    assert position(lake, node.days()) == shipped.position
    assert [row["resolved"] for row in rows(lake, "handle_daily", "day")] == [1, 2, 3, 5]


def test_a_node_has_both_outboxes(node: Node) -> None:
    both = node_outboxes(
        node.store, "88.118", forget=node.forget, missing=print, clock=lambda: node.now
    )
    assert [outbox.tables[-1] for outbox in both] == ["handle_event", "handle_daily"]
    assert len({outbox.name for outbox in both}) == 2
