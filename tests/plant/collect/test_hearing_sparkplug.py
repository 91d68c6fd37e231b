"""A Sparkplug host over a real broker: what the specification asks, seen from the outside."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

import pytest
from tests.plant.collect.mosquitto import Mosquitto
from tests.plant.collect.plain_mqtt import PlainClient
from tests.plant.collect.running import collecting, count, eventually, stored, told
from tests.plant.collect.sites import SPEED, site
from tests.plant.host.edge_node import birth, data, death, device_birth

from ballast.plant.host.application import HostSettings
from ballast.plant.site import automatic_tag
from ballast.plant.spool.events import EventKind
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import REBIRTH, Metric, Payload, decode, encode
from ballast.plant.wire.state import HostState, decode_state, encode_state

STATE = "spBv1.0/STATE/ballast"
NBIRTH, NDATA, NDEATH, NCMD = (f"spBv1.0/shop/{kind}/line1" for kind in (
    "NBIRTH", "NDATA", "NDEATH", "NCMD"))  # fmt: skip
DBIRTH, DDATA = (f"spBv1.0/shop/{kind}/line1/lathe" for kind in ("DBIRTH", "DDATA"))
NOW = 1_790_000_000_000


def node(mosquitto: Mosquitto) -> PlainClient:
    client = PlainClient(mosquitto.port, "line1")
    client.subscribe(NCMD)
    return client


def values(folder: Path, tag: str) -> list[float]:
    return [row[3] for row in stored(folder) if row[0] == tag]


@pytest.mark.parametrize("version", [4, 5])
def test_births_and_data_become_samples_of_mapped_and_unmapped_tags(
    mosquitto: Mosquitto, spool_folder: Path, version: Literal[4, 5]
) -> None:
    with collecting(spool_folder, mosquitto.port, site(), version=version):
        edge = node(mosquitto)
        edge.publish(NBIRTH, birth(at=NOW))
        edge.publish(DBIRTH, device_birth(seq=1, at=NOW))
        edge.publish(NDATA, data(2, 7.5, NOW + 1))
        edge.publish(DDATA, data(3, 900.0, NOW + 2))
        eventually(lambda: count(spool_folder) == 4)
        edge.close()
    assert values(spool_folder, SPEED) == [1.0, 900.0]
    assert len({row[0] for row in stored(spool_folder)}) == 2  # bdSeq and the control are no tags
    assert [one.source for one in told(spool_folder, EventKind.UNMAPPED)] == ["shop/line1"]


def test_started_after_all_births_it_asks_for_them(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    edge = node(mosquitto)
    edge.publish(NBIRTH, birth(at=NOW))
    with collecting(spool_folder, mosquitto.port):
        edge.publish(NDATA, data(1, 5.0, NOW + 1))
        asked = edge.heard()
        assert asked.topic == NCMD
        command = decode(asked.payload)
        assert (asked.qos, asked.retained, command.seq) == (0, False, None)
        assert command.metrics[0].name == REBIRTH
        assert command.metrics[0].value is True
        edge.publish(NBIRTH, birth(at=NOW + 2, value=5.5))
        edge.publish(NDATA, data(1, 6.0, NOW + 3))
        eventually(lambda: count(spool_folder) == 2)
        edge.close()
    assert [row[3] for row in stored(spool_folder)] == [5.5, 6.0]
    assert told(spool_folder, EventKind.REBIRTH_ASKED) != []
    gap = [one for one in told(spool_folder, EventKind.GAP) if one.until is not None]
    assert [one.count for one in gap] == [1]


def test_a_missing_number_is_waited_for_then_a_rebirth_is_asked_and_the_gap_written_down(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    with collecting(spool_folder, mosquitto.port):
        edge = node(mosquitto)
        edge.publish(NBIRTH, birth(at=NOW))
        edge.publish(NDATA, data(2, 2.0, NOW + 2))  # 1 comes a little later
        edge.publish(NDATA, data(1, 1.0, NOW + 1))
        eventually(lambda: count(spool_folder) == 3)
        edge.publish(NDATA, data(5, 5.0, NOW + 5))  # 3 and 4 never come
        assert edge.heard().topic == NCMD
        edge.publish(NBIRTH, birth(at=NOW + 6, value=6.0))
        eventually(lambda: count(spool_folder) == 4)
        edge.close()
    assert [row[3] for row in stored(spool_folder)] == [0.5, 1.0, 2.0, 6.0]
    assert [one.kind for one in told(spool_folder, EventKind.STALE)] != []
    assert [one for one in told(spool_folder, EventKind.GAP) if one.until is not None] != []


def test_twice_the_same_message_is_stored_once(mosquitto: Mosquitto, spool_folder: Path) -> None:
    with collecting(spool_folder, mosquitto.port):
        edge = node(mosquitto)
        edge.publish(NBIRTH, birth(at=NOW))
        for _ in range(2):
            edge.publish(NDATA, data(1, 1.0, NOW + 1))
        edge.publish(NDATA, data(2, 2.0, NOW + 2))
        eventually(lambda: count(spool_folder) == 3)
        edge.close()
    assert [row[3] for row in stored(spool_folder)] == [0.5, 1.0, 2.0]
    assert sum(one.count for one in told(spool_folder, EventKind.DUPLICATE)) == 1


def test_the_death_of_an_older_session_changes_nothing_and_that_of_this_one_does(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    with collecting(spool_folder, mosquitto.port) as running:

        def stale() -> list[int | None]:
            live = running.live()
            return [] if live is None else [one.stale_since for one in live.values]

        edge = node(mosquitto)
        edge.publish(NBIRTH, birth(bd_seq=2, at=NOW))
        edge.publish(NDEATH, death(bd_seq=1))
        edge.publish(NDATA, data(1, 1.0, NOW + 1))
        eventually(lambda: count(spool_folder) == 2)
        eventually(lambda: stale() == [None])
        edge.publish(NDEATH, death(bd_seq=2))
        eventually(lambda: stale() not in ([None], []))
        edge.close()
    assert len(told(spool_folder, EventKind.STALE)) == 1


def test_an_alias_that_is_given_to_another_tag_of_another_type_goes_by_the_new_birth(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    with collecting(spool_folder, mosquitto.port):
        edge = node(mosquitto)
        edge.publish(NBIRTH, birth(at=NOW, alias=1, name="t"))
        edge.publish(NDATA, data(1, 1.5, NOW + 1))
        edge.publish(NBIRTH, birth(at=NOW + 2, alias=1, name="word", datatype=DataType.STRING,
                                   value="cold"))  # fmt: skip
        hot = Metric(None, "hot", DataType.STRING, 1, NOW + 3)
        edge.publish(NDATA, encode(Payload(NOW + 3, (hot,), seq=1)))
        edge.publish(NDATA, data(2, 9.0, NOW + 4))  # a number under a text's alias
        eventually(lambda: count(spool_folder) == 4)
        eventually(lambda: told(spool_folder, EventKind.REBIRTH_ASKED))
        edge.close()
    assert values(spool_folder, automatic_tag("shop", "line1", None, "t")) == [0.5, 1.5]
    assert [row[4] for row in stored(spool_folder)][2:] == ["cold", "hot"]
    assert sum(one.count for one in told(spool_folder, EventKind.UNREADABLE)) == 1


def test_a_broker_that_is_restarted_gets_a_new_will_and_a_new_birth(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    with collecting(spool_folder, mosquitto.port) as running:
        watcher = PlainClient(mosquitto.port, "watcher")
        watcher.subscribe(STATE)
        first = decode_state(watcher.heard().payload)
        edge = node(mosquitto)
        edge.publish(NBIRTH, birth(at=NOW))
        eventually(lambda: count(spool_folder) == 1)
        edge.vanish()
        watcher.vanish()
        mosquitto.stop()
        eventually(lambda: not running.connected())
        mosquitto.start()
        eventually(running.connected)
        watcher = PlainClient(mosquitto.port, "watcher")
        watcher.subscribe(STATE)
        second = decode_state(watcher.heard().payload)
        watcher.close()
        edge = node(mosquitto)
        edge.publish(NDATA, data(1, 1.0, NOW + 1))  # by the table of before, which we forgot
        assert edge.heard().topic == NCMD
        edge.close()
    assert first.online
    assert second.online
    assert first.timestamp is not None
    assert second.timestamp is not None
    assert second.timestamp > first.timestamp
    assert [one.until is not None for one in told(spool_folder, EventKind.BROKER_BACK)] == [True]
    assert told(spool_folder, EventKind.STALE) != []


def test_its_state_is_defended(mosquitto: Mosquitto, spool_folder: Path) -> None:
    watcher = PlainClient(mosquitto.port, "watcher")
    watcher.subscribe(STATE)
    with collecting(spool_folder, mosquitto.port, host=HostSettings("ballast", cooldown_ms=100)):
        born = decode_state(watcher.heard().payload)
        assert born.timestamp is not None
        watcher.publish(STATE, b"", retain=True)
        assert watcher.heard().payload == b""
        assert decode_state(watcher.heard().payload) == born
        newer = HostState(False, born.timestamp + 60_000)
        watcher.publish(STATE, encode_state(newer), retain=True)
        after = [decode_state(one.payload) for one in watcher.all_heard(1.5)]
        assert newer in after
        assert after[-1].online
        assert after[-1].timestamp is not None
        assert after[-1].timestamp > born.timestamp + 60_000
    watcher.close()


def test_ten_thousand_tags_at_once_and_not_one_over_the_bound(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    def many(first: int, size: int) -> bytes:
        metrics = (
            Metric("bdSeq", 0, DataType.INT64),
            *(Metric(f"m{first + n}", n / 2, DataType.DOUBLE, n + 1, NOW) for n in range(size)),
        )
        return encode(Payload(NOW, metrics, seq=0))

    with collecting(spool_folder, mosquitto.port) as running:
        edge = PlainClient(mosquitto.port, "line1")
        edge.publish(NBIRTH, many(0, 10_000))
        eventually(lambda: count(spool_folder) == 10_000)
        eventually(lambda: (live := running.live()) and len(live.values) == 10_000)
        other = "spBv1.0/shop/NBIRTH/line2"
        edge.publish(other, many(10_000, 12_000))
        eventually(lambda: count(spool_folder) == 20_000)
        time.sleep(0.2)
        edge.close()
    assert count(spool_folder) == 20_000
    details = [one.detail for one in told(spool_folder, EventKind.UNMAPPED)]
    assert any('"over": 2000' in one for one in details)


def test_nan_infinities_texts_and_large_integers_are_what_was_sent(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    inf, large = float("inf"), 2**63 - 1
    metrics = (
        Metric("bdSeq", 0, DataType.INT64),
        Metric("nan", float("nan"), DataType.DOUBLE, 1, NOW),
        Metric("inf", -inf, DataType.DOUBLE, 2, NOW),
        Metric("large", large, DataType.INT64, 3, NOW),
        Metric("text", "阀", DataType.STRING, 4, NOW),
        Metric("null", None, DataType.DOUBLE, 5, NOW, is_null=True),
        Metric("flag", True, DataType.BOOLEAN, 6, NOW),
    )
    with collecting(spool_folder, mosquitto.port):
        edge = PlainClient(mosquitto.port, "line1")
        edge.publish(NBIRTH, encode(Payload(NOW, metrics, seq=0)))
        eventually(lambda: count(spool_folder) == 6)
        edge.close()
    rows = {row[0].rpartition("/")[2]: row for row in stored(spool_folder)}
    assert rows["nan"][3] != rows["nan"][3]
    assert rows["inf"][3] == -inf
    assert rows["large"][4] == str(large)
    assert rows["text"][4] == "阀"
    assert rows["flag"][3] == 1.0


def test_a_clock_hours_ahead_is_marked_and_hides_nothing(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    now = time.time_ns() // 1_000_000
    with collecting(spool_folder, mosquitto.port) as running:
        edge = PlainClient(mosquitto.port, "line1")
        edge.publish(NBIRTH, birth(at=now))
        edge.publish(NDATA, data(1, 1.0, now + 7_200_000))
        edge.publish(NDATA, data(2, 2.0, now + 10))
        eventually(lambda: count(spool_folder) == 3)
        eventually(lambda: (live := running.live()) and [v.value for v in live.values] == [2.0])
        edge.close()
    assert [one.count for one in told(spool_folder, EventKind.AHEAD)] == [1]


def test_a_secondary_host_tells_no_state_and_asks_for_rebirths_all_the_same(
    mosquitto: Mosquitto, spool_folder: Path
) -> None:
    watcher = PlainClient(mosquitto.port, "watcher")
    watcher.subscribe("spBv1.0/STATE/+")
    edge = node(mosquitto)
    with collecting(spool_folder, mosquitto.port, host=HostSettings("ballast", primary=False)):
        edge.publish(NDATA, data(1, 1.0, NOW))
        assert edge.heard().topic == NCMD
    assert list(watcher.all_heard(0.3)) == []
    watcher.close()
    edge.close()
