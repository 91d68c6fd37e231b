"""Every rule of the Sparkplug host profile, and every trap seen in the field, as one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plant.host.edge_node import (
    LATHE,
    NODE,
    OWN,
    birth,
    born,
    data,
    death,
    device_birth,
    doubts,
    gaps,
    online,
    requests,
    topic,
    values,
)

from ballast.errors import Refused
from ballast.plant.host.actions import (
    AskedRebirth,
    Born,
    Doubt,
    Flagged,
    Gap,
    Publish,
    Reason,
    Samples,
    Source,
    Stale,
)
from ballast.plant.host.application import Host, HostSettings
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import BD_SEQ, REBIRTH, Metric, Payload, decode, encode

# ── commands ────────────────────────────────────────────────────────────────────────────────────


def test_commands_are_qos_0_not_retained_with_time_and_name_and_type_as_born_and_no_seq() -> None:
    host = born()
    host.received(topic("DBIRTH", "lathe"), device_birth(1), 2000)
    (node_command,) = host.command(NODE, "t", 2.5, 4000)
    (device_command,) = host.command(LATHE, "speed", 3.5, 4000)
    assert isinstance(node_command, Publish)
    assert isinstance(device_command, Publish)
    assert (node_command.topic, node_command.qos, node_command.retain) == (
        topic("NCMD"), 0, False,
    )  # fmt: skip
    assert device_command.topic == topic("DCMD", "lathe")
    assert decode(node_command.payload) == Payload(
        4000, (Metric("t", 2.5, DataType.DOUBLE, timestamp=4000),)
    )


def test_a_command_to_what_was_not_born_or_of_another_type_is_refused() -> None:
    host = born()
    for source, name in ((NODE, "no such"), (LATHE, "speed"), (Source("x", "y"), "t")):
        with pytest.raises(Refused, match="has no metric"):
            host.command(source, name, 1.0, 4000)
    with pytest.raises(Refused, match="cannot be written"):
        host.command(NODE, "t", "fast", 4000)


def test_commands_that_are_heard_change_nothing() -> None:
    host = online()
    assert host.received(topic("NCMD"), data(0, 1.0), 2000) == ()
    assert host.node("shop", "line1") is None


# ── births, data, deaths ────────────────────────────────────────────────────────────────────────


def test_a_birth_names_the_tags_and_its_values_are_samples() -> None:
    told = online().received(topic("NBIRTH"), birth(), 2000)
    announced = next(a for a in told if isinstance(a, Born))
    assert [tag.name for tag in announced.table.tags] == [BD_SEQ, REBIRTH, "t"]
    assert values(told) == [1, False, 0.5]


def test_data_in_order_is_emitted_past_the_turn_of_the_sequence_at_255() -> None:
    host = born()
    heard = [
        values(host.received(topic("NDATA"), data(n % 256, float(n)), n)) for n in range(1, 600)
    ]
    assert heard == [[float(n)] for n in range(1, 600)]


def test_nodes_and_devices_share_one_sequence() -> None:
    host = born()
    host.received(topic("DBIRTH", "lathe"), device_birth(1), 2000)
    assert values(host.received(topic("NDATA"), data(2, 1.0), 3000), NODE) == [1.0]
    assert values(host.received(topic("DDATA", "lathe"), data(3, 2.0), 3000), LATHE) == [2.0]


def test_the_matching_ndeath_makes_the_node_and_all_its_devices_stale_by_our_clock() -> None:
    host = born()
    host.received(topic("DBIRTH", "lathe"), device_birth(1), 2000)
    assert host.received(topic("NDEATH"), death(1), 9000) == (
        Stale(NODE, 9000, Reason.NODE_DEATH),
        Stale(LATHE, 9000, Reason.NODE_DEATH),
    )


def test_the_ndeath_of_an_older_session_is_ignored() -> None:
    host = born()
    told = host.received(topic("NDEATH"), death(0), 9000)
    assert told == (Flagged(NODE, Doubt.OLD_DEATH, 9000),)
    assert values(host.received(topic("NDATA"), data(1, 4.0), 9001)) == [4.0]


def test_an_ndeath_that_carries_a_seq_is_a_death_all_the_same() -> None:
    told = born().received(topic("NDEATH"), death(1, seq=7), 9000)
    assert told == (
        Flagged(NODE, Doubt.DEATH_WITH_SEQ, 9000),
        Stale(NODE, 9000, Reason.NODE_DEATH),
    )


def test_a_ddeath_makes_its_device_stale_by_the_payloads_time_and_leaves_the_node() -> None:
    host = born()
    host.received(topic("DBIRTH", "lathe"), device_birth(1), 2000)
    gone = host.received(topic("DDEATH", "lathe"), encode(Payload(8888, seq=2)), 9000)
    assert gone == (Stale(LATHE, 8888, Reason.DEVICE_DEATH),)
    assert values(host.received(topic("NDATA"), data(3, 1.0), 9001)) == [1.0]
    late = host.received(topic("DDATA", "lathe"), data(4, 2.0), 9002)
    assert values(late) == []
    assert gaps(late) == [Gap(LATHE, Reason.UNBORN, 9002, 9002, messages=1)]
    assert requests(late)


def test_a_rebirth_replaces_the_alias_table_and_does_not_merge_it() -> None:
    host = born()
    host.received(topic("NBIRTH"), birth(alias=2, name="pressure"), 2500)
    told = host.received(topic("NDATA"), data(1, 4.0, alias=1), 3000)
    assert values(told) == []
    assert gaps(told) == [Gap(NODE, Reason.UNKNOWN_METRIC, 3000, 3000, metrics=1)]
    assert requests(told)


def test_a_rebirth_unborns_the_devices_until_they_are_born_again() -> None:
    host = born()
    host.received(topic("DBIRTH", "lathe"), device_birth(1), 2000)
    assert Stale(LATHE, 2500, Reason.REBIRTH) in host.received(topic("NBIRTH"), birth(), 2500)
    assert values(host.received(topic("DDATA", "lathe"), data(1, 1.0), 2600)) == []


def test_an_alias_reused_with_another_type_in_data_is_left_out_and_recorded() -> None:
    host = born()
    wrong = Payload(3000, (Metric(None, "hot", DataType.STRING, 1, 3000),), seq=1)
    told = host.received(topic("NDATA"), encode(wrong), 3000)
    assert values(told) == []
    assert gaps(told) == [Gap(NODE, Reason.MISFIT, 3000, 3000, metrics=1)]
    assert requests(told)


def test_an_alias_reused_with_another_type_in_a_rebirth_is_read_by_the_new_type() -> None:
    host = born()
    host.received(topic("NBIRTH"), birth(datatype=DataType.INT8, value=-1), 2500)
    told = Payload(3000, (Metric(None, -5, DataType.INT8, 1, 3000),), seq=1)
    assert values(host.received(topic("NDATA"), encode(told), 3000)) == [-5]


def test_data_before_a_birth_opens_a_gap_and_asks_for_a_rebirth_that_closes_it() -> None:
    host = online()
    first = host.received(topic("NDATA"), data(4, 1.0), 3000)
    (asked,) = requests(first)
    assert decode(asked.payload).metric(REBIRTH) == Metric(
        REBIRTH, True, DataType.BOOLEAN, timestamp=3000
    )
    assert (asked.qos, asked.retain, decode(asked.payload).seq) == (0, False, None)
    assert gaps(first) == [Gap(NODE, Reason.UNBORN, 3000, None, messages=1)]
    assert host.received(topic("NDATA"), data(5, 1.0), 3100) == ()
    closed = host.received(topic("NBIRTH"), birth(), 3200)
    assert gaps(closed) == [Gap(NODE, Reason.UNBORN, 3000, 3200, messages=2)]


def test_a_rebirth_is_asked_for_again_only_after_the_cool_down() -> None:
    host = online()
    asked = [
        bool(requests(host.received(topic("NDATA"), data(0, 1.0), at)))
        for at in range(3000, 70_000, 1000)
    ]
    assert [n * 1000 + 3000 for n, one in enumerate(asked) if one] == [3000, 33_000, 63_000]


def test_a_request_put_off_by_the_cool_down_is_sent_by_the_clock() -> None:
    host = online()
    host.received(topic("NDATA"), data(0, 1.0), 3000)
    host.received(topic("NDATA"), data(1, 1.0), 4000)
    assert host.next_tick() == 33_000
    assert host.tick(32_999) == ()
    assert isinstance(host.tick(33_000)[1], AskedRebirth)
    assert host.next_tick() is None


def test_a_large_plant_is_not_asked_all_at_once() -> None:
    host = Host(HostSettings("ballast", asks_per_s=10))
    host.connect(1000)
    host.connected(1000)
    for n in range(25):
        host.received(topic("NDATA", node=f"n{n}"), data(0, 1.0), 2000)
    assert host.next_tick() == 3000
    assert [len(requests(host.tick(at))) for at in (2500, 3000, 3500, 4000)] == [0, 10, 0, 5]


# ── the world ───────────────────────────────────────────────────────────────────────────────────


def test_a_lost_broker_makes_everything_stale_and_opens_a_gap_until_the_rebirth() -> None:
    host = born()
    told = host.disconnected(4000)
    assert told == (
        Stale(NODE, 4000, Reason.DISCONNECTED),
        Gap(NODE, Reason.DISCONNECTED, 4000, None),
    )
    assert host.next_tick() is None  # nobody can be asked while there is no broker
    host.connect(6000)
    host.connected(6000)
    assert len(requests(host.tick(6001))) == 1
    closed = host.received(topic("NBIRTH"), birth(at=6100), 6100)
    assert gaps(closed) == [Gap(NODE, Reason.DISCONNECTED, 4000, 6100)]


def test_clocks_hours_ahead_keep_the_source_time_and_the_time_of_receipt() -> None:
    hours = 3000 + 5 * 3_600_000
    told = born().received(topic("NDATA"), data(1, 1.0, at=hours), 3000)
    (samples,) = [a for a in told if isinstance(a, Samples)]
    assert (samples.readings.times, samples.readings.received_at) == ([hours], 3000)


def test_ten_thousand_tags_at_once_come_out_once_each() -> None:
    host = online()
    tags = [Metric(f"t{n}", float(n), DataType.DOUBLE, n, 2000) for n in range(10_000)]
    assert (
        len(values(host.received(topic("NBIRTH"), encode(Payload(2000, tuple(tags), 0)), 2000)))
        == 10_000
    )
    told = [Metric(None, n + 0.5, DataType.DOUBLE, n, 3000) for n in range(10_000)]
    heard = host.received(topic("NDATA"), encode(Payload(3000, tuple(told), 1)), 3000)
    assert values(heard) == [n + 0.5 for n in range(10_000)]


def test_an_unreadable_message_is_a_recorded_gap_and_asks_for_a_rebirth() -> None:
    told = born().received(topic("NDATA"), b"\xff\xff\xff", 3000)
    assert gaps(told) == [Gap(NODE, Reason.UNREADABLE, 3000, 3000, messages=1)]
    assert requests(told)


def test_topics_of_others_and_too_many_nodes_are_flagged() -> None:
    host = Host(HostSettings("ballast", max_nodes=1))
    assert doubts(host.received("some/where", b"", 1)) == [Doubt.FOREIGN]
    host.received(topic("NBIRTH"), birth(), 1)
    assert doubts(host.received(topic("NBIRTH", node="x"), birth(), 1)) == [Doubt.TOO_MANY]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [topic(k) for k in ("NBIRTH", "NDATA", "NDEATH")]
                + [topic(k, "lathe") for k in ("DBIRTH", "DDATA", "DDEATH")]
                + [OWN, "STATE/x", "spBv1.0/STATE/x", "a/b"]
            ),
            st.binary(max_size=40)
            | st.sampled_from([birth(), data(1, 1.0), data(9, 1.0), device_birth(1), death(1)]),
        ),
        max_size=20,
    )
)
def test_no_bytes_on_any_topic_raise(messages: list[tuple[str, bytes]]) -> None:
    host = online()
    for at, (where, payload) in enumerate(messages):
        host.received(where, payload, 2000 + at * 700)
        host.tick(2000 + at * 700)
