"""The sample's edge nodes keep the rules that our host expects: no gap, no doubt, all values."""

from __future__ import annotations

import numpy as np
import pytest

from ballast.plant.host.actions import AskedRebirth, Born, Flagged, Gap, Samples, Stale
from ballast.plant.host.application import Host, HostSettings
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import REBIRTH, Metric, Payload, decode, encode
from ballast.sample.factory.days import DAY_MS
from ballast.sample.factory.edge_node import EdgeNode, Reading
from ballast.sample.factory.shop import AREAS, GROUP, MACHINES
from ballast.sample.factory.signals import LEAK, signals_of
from ballast.sample.factory.telling import REPEAT_MS, Shop, devices_of

FIRST = 20_000
NOON = (FIRST + 1) * DAY_MS + 4_000_000


def listening() -> Host:
    host = Host(HostSettings("ballast"))
    host.connect(NOON)
    host.connected(NOON)
    return host


def edge(area: str = "machining") -> EdgeNode:
    return EdgeNode(GROUP, area, devices_of(area), bd_seq=300)


def test_ten_minutes_of_the_shop_reaches_a_host_without_gap_or_doubt() -> None:
    host, shop = listening(), Shop(5, FIRST)
    doubts: list[object] = []
    tags, values = {}, 0
    for area in AREAS:
        node = edge(area)
        births = node.births(shop.now(area, NOON), NOON)
        sent = list(births)
        for now in range(NOON + 2000, NOON + 600_000, 2000):
            told = shop.since(area, now - 2000, now)
            sent += [node.data(device, readings, now) for device, readings in told.items()]
        for message in sent:
            for action in host.received(message.topic, message.payload, NOON):
                if isinstance(action, Born):
                    tags[action.source] = len(action.table.tags)
                elif isinstance(action, Samples):
                    values += len(action.readings.values)
                    doubts += [action] * action.readings.left_out
                elif isinstance(action, (Gap, Flagged, AskedRebirth, Stale)):
                    doubts.append(action)
    assert doubts == []
    assert len(tags) == len(AREAS) + len(MACHINES) + 1
    assert values > 10_000


def test_seq_counts_over_node_and_devices_and_wraps() -> None:
    node, shop = edge("packing"), Shop(5, FIRST)
    births = node.births(shop.now("packing", NOON), NOON)
    seqs = [decode(one.payload).seq for one in births]
    reading = [Reading(signals_of(MACHINES[-1])[0], NOON, 10.0)]
    seqs += [decode(node.data("labeller-1", reading, NOON).payload).seq for _ in range(300)]
    assert seqs == [number % 256 for number in range(len(seqs))]


def test_births_say_names_and_data_say_aliases_alone() -> None:
    node, shop = edge("inspection"), Shop(5, FIRST)
    birth = decode(node.births(shop.now("inspection", NOON), NOON)[1].payload)
    assert {m.name for m in birth.metrics} == {
        s.metric for s in devices_of("inspection")["leak-tester-1"]
    }
    assert all(m.alias is not None and m.value is not None for m in birth.metrics)
    data = decode(node.data("leak-tester-1", [Reading(LEAK, NOON, 21.5)], NOON).payload)
    (metric,) = data.metrics
    assert (metric.name, metric.value, metric.timestamp) == (None, 21.5, NOON)
    alias = next(m.alias for m in birth.metrics if m.name == LEAK.metric)
    assert metric.alias == alias


def test_the_death_carries_the_number_of_the_birth_and_no_seq() -> None:
    node, shop = edge(), Shop(5, FIRST)
    death = node.will(NOON)
    birth = decode(node.births(shop.now("machining", NOON), NOON)[0].payload)
    said = decode(death.payload)
    assert (death.qos, death.retain, said.seq) == (1, False, None)
    assert said.metric("bdSeq").value == birth.metric("bdSeq").value == 300 % 256  # type: ignore[union-attr]
    host = listening()
    for message in edge().births(shop.now("machining", NOON), NOON):
        host.received(message.topic, message.payload, NOON)
    assert any(isinstance(one, Stale) for one in host.received(death.topic, death.payload, NOON))


def command(name: str = REBIRTH, value: bool = True) -> bytes:
    return encode(Payload(NOON, (Metric(name, value, DataType.BOOLEAN),)))


@pytest.mark.parametrize(
    ("topic", "payload", "asked"),
    [
        (f"spBv1.0/{GROUP}/NCMD/machining", command(), True),
        (f"spBv1.0/{GROUP}/NCMD/packing", command(), False),
        (f"spBv1.0/{GROUP}/NCMD/machining", command(value=False), False),
        (f"spBv1.0/{GROUP}/NCMD/machining", command("Node Control/Reboot"), False),
        (f"spBv1.0/{GROUP}/NCMD/machining", b"\xff\x00nonsense", False),
        ("elsewhere", command(), False),
    ],
)
def test_only_a_request_for_its_own_rebirth_is_one(topic: str, payload: bytes, asked: bool) -> None:
    assert edge().asked_to_be_born(topic, payload) is asked


def test_a_rebirth_begins_a_new_sequence_that_the_host_takes() -> None:
    node, shop, host = edge("utilities"), Shop(5, FIRST), listening()
    for _ in range(2):
        for message in node.births(shop.now("utilities", NOON), NOON):
            told = host.received(message.topic, message.payload, NOON)
            assert any(isinstance(one, Born) for one in told)
            assert not any(isinstance(one, Flagged) for one in told)


def test_what_does_not_change_is_told_again_once_a_minute() -> None:
    shop = Shop(5, FIRST)
    shop.now("packing", NOON)
    told = [
        one.at
        for now in range(NOON + 2000, NOON + 3 * REPEAT_MS + 1, 2000)
        for one in shop.since("packing", now - 2000, now).get("packer-1", [])
        if one.signal.metric == "state"
    ]
    assert told
    assert np.diff([NOON, *told]).max() <= REPEAT_MS


def test_a_state_carries_the_time_at_which_it_changed() -> None:
    shop = Shop(5, FIRST)
    course = shop.courses(NOON)["lathe-1"]
    edge_at = int(course.edges[course.place(np.array([NOON]))[0] + 1])
    shop.now("machining", edge_at - 1000)
    told = shop.since("machining", edge_at - 1000, edge_at + 5000)["lathe-1"]
    assert edge_at in [one.at for one in told if one.signal.metric == "state"]
