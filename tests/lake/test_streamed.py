"""Streamed tables are read as the others are: by right, by moment, joined with the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from tests.lake.numbered_outbox import BEGUN, CODES, NumberedOutbox

from ballast.errors import NotPermitted, WrongUsage
from ballast.lake import store
from ballast.lake.engine import DuckEngine
from ballast.lake.lake import Lake
from ballast.lake.shipper import ship
from ballast.lake.streamed import current, is_shipped, stored
from ballast.lake.tables import LOAD, TABLES, table
from ballast.sample.synthetic import typed
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Viewer, viewer_for

ADMINISTRATOR = viewer_for(Role.ADMINISTRATOR, "qian")


@pytest.fixture
def shipped(lake: Lake, tmp_path: Path) -> Lake:
    ship(lake, NumberedOutbox(30, tmp_path / "forgotten"))
    return lake


def found(lake: Lake, name: str, viewer: Viewer, as_of: datetime | None = None) -> list[Any]:
    return sorted(lake.read(name, viewer, as_of).to_pyarrow().to_pylist(), key=lambda r: str(r))


def test_a_table_nothing_was_shipped_to_is_empty_and_has_its_columns(
    lake: Lake, analyst: Viewer
) -> None:
    for name in ("handle_event", "handle_daily", "enterprise_prefix"):
        rows = lake.read(name, analyst).to_pyarrow()
        assert rows.num_rows == 0
        assert rows.schema.names == [column.name for column in table(name)]


def test_what_node_and_plant_stream_is_shipped_and_the_ledger_is_not() -> None:
    assert [t.name for t in TABLES.values() if is_shipped(t)] == [
        "enterprise_prefix", "handle_event", "handle_daily",
        "telemetry", "telemetry_1min", "telemetry_1h", "telemetry_event", "plant_daily",
    ]  # fmt: skip
    assert not is_shipped(LOAD)


def test_an_enterprise_reads_its_own_events_and_nobody_else_s(shipped: Lake) -> None:
    mine = viewer_for(Role.ENTERPRISE, "owner", frozenset({CODES[1]}))
    rows = found(shipped, "handle_event", mine)
    assert len(rows) == 10
    assert {row["uscc"] for row in rows} == {CODES[1]}


@pytest.mark.parametrize("viewer", [PUBLIC, ADMINISTRATOR, viewer_for(Role.ENTERPRISE, "nobody")])
@pytest.mark.parametrize("name", ["handle_event", "handle_daily"])
def test_who_has_no_right_to_units_reads_no_events_and_no_days(
    shipped: Lake, viewer: Viewer, name: str
) -> None:
    with pytest.raises(NotPermitted, match=name):
        shipped.read(name, viewer)


def test_anybody_reads_whose_a_prefix_is(shipped: Lake) -> None:
    rows = found(shipped, "enterprise_prefix", PUBLIC)
    assert {(row["prefix"], row["uscc"]) for row in rows} == {
        (f"88.118.{n}", CODES[n]) for n in range(3)
    }


def test_a_table_that_is_streamed_cannot_be_loaded(lake: Lake, analyst: Viewer) -> None:
    with pytest.raises(WrongUsage, match="not a table that is loaded"):
        lake.commit({"handle_event": typed("handle_event", {"node": ["88.118"]})}, analyst)


def test_the_past_is_read_by_the_time_of_an_event(shipped: Lake, analyst: Viewer) -> None:
    moment = BEGUN + timedelta(minutes=12)
    rows = found(shipped, "handle_event", analyst, moment)
    assert sorted(row["seq"] for row in rows) == list(range(1, 13))
    assert [row["seq"] for row in found(shipped, "enterprise_prefix", PUBLIC, moment)] == [10]


def test_a_day_counts_once_it_is_over(lake: Lake, analyst: Viewer) -> None:
    days = [date(2026, 5, 1), date(2026, 5, 2)]
    counts = {"registered": 2, "changed": 0, "deleted": 0, "resolved": 5}
    rows = [
        {"node": "88.118", "prefix": "88.118.1", "day": day, "uscc": CODES[1],
         "provenance": "real"} | counts
        for day in days
    ]  # fmt: skip
    store.append(lake.directory("handle_daily"), stored("handle_daily", pa.Table.from_pylist(rows)))
    during = datetime(2026, 5, 2, 15, 59, tzinfo=UTC)  # a minute to midnight in China
    assert [row["day"] for row in found(lake, "handle_daily", analyst, during)] == days[:1]
    behind = during + timedelta(minutes=1)
    assert [row["day"] for row in found(lake, "handle_daily", analyst, behind)] == days


def test_of_two_events_of_one_moment_the_later_one_holds(lake: Lake) -> None:
    one = {"node": "88.118", "prefix": "88.118.1", "uscc": CODES[1], "from": BEGUN,
           "provenance": "real"}  # fmt: skip
    rows = [one | {"seq": 4, "state": "held"}, one | {"seq": 5, "state": "withdrawn"}]
    directory = lake.directory("enterprise_prefix")
    store.append(directory, stored("enterprise_prefix", pa.Table.from_pylist(rows)))
    assert [row["state"] for row in found(lake, "enterprise_prefix", PUBLIC)] == ["withdrawn"]


def test_rows_without_a_declared_column_are_a_fault() -> None:
    with pytest.raises(ValueError, match="lack"):
        stored("handle_daily", pa.table({"day": [date(2026, 5, 1)]}))


def test_rows_of_a_table_without_a_moment_are_all_current() -> None:
    rows = DuckEngine().memory(pa.table({"load_id": ["a", "b"]}))
    assert current(rows, LOAD, datetime(2026, 1, 1, tzinfo=UTC)) is rows


def test_an_edition_changes_with_every_batch_and_only_then(lake: Lake, tmp_path: Path) -> None:
    seen = [lake.edition("handle_event")]
    for count in (10, 10, 11):
        ship(lake, NumberedOutbox(count, tmp_path / "forgotten"))
        seen.append(lake.edition("handle_event"))
    assert len(set(seen)) == 3
    assert seen[1] == seen[2]


def registrations_by_division(lake: Lake, viewer: Viewer) -> dict[tuple[str, str], int]:
    """Join events to the holder of their prefix at their time, and to its region and industry."""
    events = lake.read("handle_event", viewer).filter(ibis._.kind == "registered")
    held = lake.read("enterprise_prefix", viewer)
    order = ibis.window(group_by="prefix", order_by=held["from"])
    held = held.mutate(until=held["from"].lead().over(order)).select(
        "state", "until", holder="uscc", of="prefix", since="from"
    )
    joined = events.join(
        held,
        [
            events.prefix == held.of,
            held.state == "held",
            events["at"] >= held.since,
            held.until.isnull() | (events["at"] < held.until),
        ],
    )
    enterprise = lake.read("enterprise", viewer).select("uscc", "region", "industry")
    placed = joined.join(enterprise, joined.holder == enterprise.uscc)
    by = placed.group_by("region", division=placed.industry.left(2)).aggregate(n=placed.count())
    return {(r["region"], r["division"]): r["n"] for r in by.to_pyarrow().to_pylist()}


def test_registrations_are_counted_by_region_and_division_of_who_held_the_prefix(
    lake: Lake, analyst: Viewer
) -> None:
    lake.commit(
        {
            "enterprise": typed(
                "enterprise",
                {
                    "uscc": CODES,
                    "valid_from": date(2020, 1, 1),
                    "name": ["a", "b", "c"],
                    "region_scheme": "gb2260",
                    "region": ["371502", "371502", "371581"],
                    "industry_scheme": "gbt4754-2017",
                    "industry": ["3240", "3252", "3451"],
                },
            )
        },
        analyst,
    )

    def at(minute: int) -> datetime:
        return BEGUN + timedelta(minutes=minute)

    # The prefix 88.118.1 passes from the second enterprise to the third at minute 10.
    turns = [(1, "88.118.0", 0, 0), (2, "88.118.1", 1, 0), (5, "88.118.1", 2, 10)]
    held = [
        {"node": "88.118", "seq": seq, "prefix": prefix, "uscc": CODES[who], "from": at(minute),
         "state": "held", "provenance": "real"}
        for seq, prefix, who, minute in turns
    ]  # fmt: skip
    made = [(3, "88.118.0", 3), (4, "88.118.1", 9), (6, "88.118.1", 10), (7, "88.118.1", 11)]
    events = [
        {"node": "88.118", "seq": seq, "prefix": prefix, "at": at(minute), "kind": "registered",
         "handle": f"{prefix}/{seq}", "actor": "", "uscc": None, "provenance": "real"}
        for seq, prefix, minute in made
    ]  # fmt: skip
    for name, rows in (("enterprise_prefix", held), ("handle_event", events)):
        store.append(lake.directory(name), stored(name, pa.Table.from_pylist(rows)))
    assert registrations_by_division(lake, analyst) == {("371502", "32"): 2, ("371581", "34"): 2}
