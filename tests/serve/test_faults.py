"""What goes wrong between a machine and the lake stands in the data-quality report of its tags.

The whole way but the broker: messages as they come, the host, the pipeline, the log, the shipper,
the lake, the report.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.plant.collect.sites import MAPPING, OIL, SPEED
from tests.plant.host.edge_node import birth, data, death, device_birth, online, topic
from tests.serve.plant_log import ME

from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.plant.collect.pipeline import Pipeline
from ballast.plant.reports.quality import TagQuality, data_quality
from ballast.plant.reports.window import Window
from ballast.plant.site import read_site
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.live import CollectorStatus, Live
from ballast.plant.spool.spool import Spool
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import Metric, Payload, encode
from ballast.serve.ship_once import ship_once

START = 1_790_000_040_000  # a whole minute
MINUTE = 60_000
SITE = read_site(MAPPING)
STATUS = CollectorStatus("mqtt://broker:1883", START, 1.0, 1.0, 0, 0)
DDATA = topic("DDATA", "lathe")


class Plant:
    """A lathe behind Sparkplug and a press that speaks JSON, heard by one collector."""

    def __init__(self, home: Path) -> None:
        self.home, self.now = home, START
        Lake.create(home)
        self.begin()

    def begin(self) -> None:
        """Start a collector."""
        self.host = online()
        self.spool = Spool.open(self.home / "plant" / "spool")
        self.pipeline = Pipeline(SITE, self.spool, clock_ms=lambda: self.now)
        self.pipeline.recall(0)
        self.note(EventKind.STARTED)

    def note(self, kind: EventKind) -> None:
        told = CollectEvent(self.now, kind, "mqtt://broker:1883", None, self.now, self.now, 1)
        self.pipeline.event(told)

    def born(self) -> None:
        """Have the node and its lathe born; the next message has the number 2."""
        self.hear(topic("NBIRTH"), birth(at=self.now))
        self.hear(topic("DBIRTH", "lathe"), device_birth(1, at=self.now, alias=2))

    def hear(self, where: str, payload: bytes, *, after: int = 1000) -> None:
        self.now += after
        self.pipeline.actions(self.host.received(where, payload, self.now))

    def say(
        self, seq: int, value: float = 1.0, *, at: int | None = None, after: int = 1000
    ) -> None:
        told = data(seq, value, self.now + after if at is None else at, alias=2)
        self.hear(DDATA, told, after=after)

    def press(self, value: object, *, at: int | None = None, after: int = 1000) -> None:
        self.now += after
        told = {"at": self.now if at is None else at, "oil": {"temp": value}}
        self.pipeline.json("shop/press", json.dumps(told).encode(), self.now)

    def report(self) -> dict[str, TagQuality]:
        """End the collector, ship its log, and report on the hour."""
        self.pipeline.prepare()
        self.pipeline.tick(self.now, last=True)
        self.pipeline.commit()
        live = Live(self.now, STATUS, self.pipeline.values())
        self.spool.close()
        lake = Lake.open(self.home)
        ship_once(lake)
        window = Window(moment(START), moment(START + 60 * MINUTE), UTC)
        found = data_quality(lake, ME, window, self.now, site=SITE, live=live)
        return {one.tag: one for one in found}


def moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    made = Plant(tmp_path / "home")
    yield made
    made.spool.close()


def whys(found: TagQuality) -> list[str]:
    return [gap.kind for gap in found.gaps]


def test_what_goes_well_shows_no_fault(plant: Plant) -> None:
    plant.born()
    for n in range(20):
        plant.say(2 + n, float(n))
        plant.press(float(n))
    found = plant.report()
    for tag, count in ((SPEED, 21), (OIL, 20)):
        one = found[tag]
        assert one.received == count
        told = (one.late, one.ahead, one.duplicates, one.conflicts, one.not_numbers,
                one.unreadable, one.clashes)  # fmt: skip
        assert told == (0,) * 7
        assert one.stale_since_ms is None
        assert not one.unmapped


def test_a_host_that_starts_after_all_births_shows_the_gap_until_the_rebirth(plant: Plant) -> None:
    plant.say(7, after=MINUTE)
    plant.now += 5 * MINUTE
    plant.born()
    plant.say(2)
    found = plant.report()[SPEED]
    assert found.received == 2
    assert "gap" in whys(found) or "started" in whys(found)


def test_a_number_sent_twice_counts_as_a_duplicate_and_one_out_of_order_as_nothing(
    plant: Plant,
) -> None:
    plant.born()
    plant.say(2, 2.0, at=START + 10_000)
    plant.say(2, 2.0, at=START + 10_000)
    plant.say(4, 4.0, at=START + 12_000)
    plant.say(3, 3.0, at=START + 11_000, after=100)
    plant.say(5, 5.0)
    found = plant.report()[SPEED]
    assert found.received == 1 + 4
    assert found.duplicates == 1
    assert (found.conflicts, found.late) == (0, 0)


def test_a_number_that_never_comes_is_a_gap(plant: Plant) -> None:
    plant.born()
    plant.say(2)
    plant.say(5, after=MINUTE)
    for _ in range(3):  # the number is waited for
        plant.now += 3000
        plant.pipeline.actions(plant.host.tick(plant.now))
    plant.now += 5 * MINUTE
    plant.born()
    found = plant.report()[SPEED]
    assert whys(found)[:1] in (["gap"], ["stale"])


def test_the_death_of_an_older_session_marks_nothing_and_of_this_one_stale(plant: Plant) -> None:
    plant.born()
    plant.hear(topic("NDEATH"), death(bd_seq=0))
    plant.say(2)
    plant.pipeline.prepare()
    assert [one.stale_since for one in plant.pipeline.values() if one.tag == SPEED] == [None]
    plant.hear(topic("NDEATH"), death(bd_seq=1))
    died = plant.now
    plant.now += 5 * MINUTE
    found = plant.report()[SPEED]
    assert found.stale_since_ms == died


def test_an_alias_used_for_another_type_is_left_out_and_counted(plant: Plant) -> None:
    plant.born()
    plant.say(2)
    other = Metric(None, "text", DataType.STRING, 2, plant.now + 1000)
    plant.hear(DDATA, encode(Payload(plant.now + 1000, (other,), seq=3)))
    plant.say(4)
    found = plant.report()[SPEED]
    assert found.received == 3
    assert found.unreadable == 1


def test_an_alias_given_to_two_tags_of_one_birth_is_told(plant: Plant) -> None:
    twice = (Metric("speed", 1.0, DataType.DOUBLE, 2, plant.now),
             Metric("load", 2, DataType.INT32, 2, plant.now))  # fmt: skip
    plant.hear(topic("NBIRTH"), birth(at=plant.now))
    plant.hear(topic("DBIRTH", "lathe"), encode(Payload(plant.now, twice, seq=1)))
    plant.say(2)
    found = plant.report()[SPEED]
    assert found.clashes == 1
    assert any("alias" in note.text("en") for note in found.notes)


def test_nan_and_infinities_are_counted_as_no_numbers(plant: Plant) -> None:
    plant.born()
    for n, value in enumerate((1.0, float("nan"), float("inf"), float("-inf"), 2.0)):
        plant.say(2 + n, value)
    assert plant.report()[SPEED].not_numbers == 3


def test_a_clock_hours_ahead_and_one_hours_behind_are_counted(plant: Plant) -> None:
    plant.born()
    plant.say(2, at=plant.now + 3 * 60 * MINUTE)
    plant.say(3)
    plant.now += 20 * MINUTE
    plant.press(1.0, at=plant.now - 15 * MINUTE)
    plant.press(2.0)
    found = plant.report()
    assert found[SPEED].ahead == 1
    assert found[OIL].late == 1


def test_a_message_delivered_again_and_a_contradiction_are_counted(plant: Plant) -> None:
    plant.press(1.0, at=START + 500)
    plant.press(1.0, at=START + 500)
    plant.press(9.0, at=START + 500)
    plant.pipeline.json("shop/press", b"\xff\xfe", plant.now)
    found = plant.report()[OIL]
    assert (found.received, found.duplicates, found.conflicts, found.unreadable) == (2, 1, 1, 1)


def test_ten_thousand_tags_at_once_are_all_told_and_as_unmapped(plant: Plant) -> None:
    many = tuple(
        Metric(f"t{n}", float(n), DataType.DOUBLE, n + 10, plant.now) for n in range(10_000)
    )
    plant.hear(topic("NBIRTH"), encode(Payload(plant.now, many, seq=0)))
    found = [one for one in plant.report().values() if one.unmapped]
    assert len(found) == 10_000
    assert {one.received for one in found} == {1}


def test_a_broker_that_was_lost_is_the_reason_of_the_silence(plant: Plant) -> None:
    plant.born()
    plant.say(2)
    plant.press(1.0)
    since = plant.now
    plant.pipeline.actions(plant.host.disconnected(since))
    plant.now += 10 * MINUTE
    for side in ("Sparkplug", "JSON"):
        source = f"mqtt://broker:1883 ({side})"
        for kind, at in ((EventKind.BROKER_LOST, since), (EventKind.BROKER_BACK, plant.now)):
            until = None if kind is EventKind.BROKER_LOST else plant.now
            plant.pipeline.event(CollectEvent(at, kind, source, None, since, until, 1))
    plant.host.connect(plant.now)
    plant.host.connected(plant.now)
    plant.born()
    plant.press(2.0)
    found = plant.report()
    for tag in (SPEED, OIL):
        assert any(kind in ("broker-lost", "broker-back", "gap", "stale") for kind in
                   whys(found[tag])), tag  # fmt: skip
        assert (found[tag].coverage or 0.0) < 0.5


def test_a_collector_that_was_killed_and_a_torn_tail_of_its_log_are_the_reason(
    plant: Plant,
) -> None:
    plant.born()
    plant.say(2)
    plant.pipeline.commit()
    plant.spool.close()  # nothing more is said: it was killed
    (segment,) = (plant.home / "plant" / "spool").glob("*.log")
    with segment.open("ab") as file:
        file.write(b"torn" * 10)
    plant.now += 20 * MINUTE
    plant.begin()
    plant.born()
    plant.say(2)
    plant.now += MINUTE
    found = plant.report()[SPEED]
    assert found.received == 4
    assert whys(found)[0] in ("started", "torn-log")


def test_a_unit_that_is_none_is_refused_before_anything_is_heard() -> None:
    with pytest.raises(Refused, match="furlong"):
        read_site(MAPPING.replace('unit = "°C"', 'unit = "furlong"'))
