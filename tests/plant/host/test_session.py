"""A node, a network that loses, repeats and reorders, and a host that must not be fooled.

The model is the list of what the node sent and what became of it. Two things must hold at every
step: nothing is emitted twice, and whatever was sent before something that the host has placed in
its order is emitted, or lies in a recorded gap.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.plant.host.edge_node import (
    NODE,
    birth,
    born,
    data,
    death,
    device_birth,
    doubts,
    gaps,
    requests,
    topic,
    values,
)

from ballast.plant.host.actions import (
    Action,
    Doubt,
    Flagged,
    Gap,
    Reason,
    Samples,
    Stale,
)
from ballast.plant.host.application import Host, HostSettings
from ballast.plant.host.session import State
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import BD_SEQ, Metric, Payload, encode

REORDER_MS = 2000


@dataclass
class Sent:
    """One message: its value is its own number, so that it can be told from all others."""

    topic: str
    payload: bytes
    value: int
    session: int
    received: int | None = None
    lost: bool = False


class Plant(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000
        self.host = Host(HostSettings("h", reorder_ms=REORDER_MS))
        self.host.connect(self.now)
        self.host.connected(self.now)
        self.count = self.session = self.seq = 0
        self.sent: list[Sent] = []
        self.flying: list[Sent] = []
        self.emitted: list[int] = []
        self.gaps: dict[tuple[Reason, int], Gap] = {}
        self.send_birth()

    def take(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            if isinstance(action, Samples):
                names = [action.readings.table.tags[n].name for n in action.readings.tags]
                told = zip(names, action.readings.values, strict=True)
                # The tag is named for its session: data read by another session's table show.
                for name, value in told:
                    if name == BD_SEQ:
                        continue
                    assert isinstance(value, int)
                    sender = next(one for one in self.sent if one.value == value)
                    assert name == f"of session {sender.session}"
                    self.emitted.append(value)
            elif isinstance(action, Gap):
                self.gaps[action.reason, action.since] = action

    def write(self, kind: str, metrics: tuple[Metric, ...], value: int) -> Sent:
        payload = encode(Payload(self.now, metrics, seq=self.seq))
        one = Sent(f"spBv1.0/g/{kind}/n", payload, value, self.session)
        self.seq = (self.seq + 1) % 256
        self.sent.append(one)
        return one

    def deliver(self, one: Sent) -> None:
        one.received = one.received or self.now
        self.take(self.host.received(one.topic, one.payload, self.now))

    @rule()
    def send_birth(self) -> None:
        """Start a session on an empty network: what overtakes a birth is tested by itself."""
        self.now += 5000
        for one in self.flying:
            one.lost = True
        self.flying = []
        self.take(self.host.tick(self.now))
        self.session, self.seq, self.count = self.session + 1, 0, self.count + 1
        tag = Metric(
            f"of session {self.session}", self.count, DataType.INT64, 1 + self.session % 2, self.now
        )
        bd_seq = Metric(BD_SEQ, self.session, DataType.INT64)
        self.deliver(self.write("NBIRTH", (bd_seq, tag), self.count))

    @rule(count=st.integers(1, 6))
    def send_data(self, count: int) -> None:
        for _ in range(count):
            self.now += 1
            self.count += 1
            metric = Metric(None, self.count, DataType.INT64, 1 + self.session % 2, self.now)
            self.flying.append(self.write("NDATA", (metric,), self.count))

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), lose=st.booleans(), again=st.booleans())
    def arrive(self, data: st.DataObject, lose: bool, again: bool) -> None:
        one = self.flying.pop(data.draw(st.integers(0, min(4, len(self.flying) - 1))))
        one.lost = lose
        self.now += 10
        if not lose:
            self.deliver(one)
            if again:
                self.deliver(one)

    @precondition(lambda self: self.flying)
    @rule()
    def arrive_in_order(self) -> None:
        for one in self.flying:
            self.now += 1
            self.deliver(one)
        self.flying = []

    @rule(wait=st.sampled_from([100, REORDER_MS, 40_000]))
    def time_passes(self, wait: int) -> None:
        self.now += wait
        self.take(self.host.tick(self.now))

    @rule()
    def broker_lost(self) -> None:
        for one in self.flying:
            one.lost = True
        self.flying = []
        self.take(self.host.disconnected(self.now))
        self.now += 100
        self.host.connect(self.now)
        self.host.connected(self.now)

    @invariant()
    def nothing_is_emitted_twice(self) -> None:
        assert len(self.emitted) == len(set(self.emitted))

    @invariant()
    def no_sample_is_lost_without_a_recorded_gap(self) -> None:
        """What may still come, or may not have been sent for all the host can know, is not lost."""
        node = self.host.node("g", "n")
        assert node is not None
        emitted = set(self.emitted)
        last = max((v for v in emitted), default=0)
        held = node.state is State.WAITING
        flying = {one.value for one in self.flying}
        for one in self.sent:
            if one.value in emitted or one.value in flying:
                continue
            # A hole is shown by what comes after it in its session; where nothing did, no protocol
            # of numbers can tell that anything was sent.
            later = [
                other.received
                for other in self.sent
                if other.session == one.session and other.value > one.value and other.received
            ]
            if one.received is None and not later:
                continue
            if held and one.session == self.session and one.value > last:
                continue
            when = one.received or later[0]
            assert any(
                gap.since <= when and (gap.until is None or when <= gap.until)
                for gap in self.gaps.values()
            ), (one, when, self.gaps)


Plant.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestPlant = Plant.TestCase


def test_a_hole_in_the_sequence_that_fills_in_time_loses_nothing_and_asks_nothing() -> None:
    host = born()
    assert host.received(topic("NDATA"), data(3, 3.0), 3000) == ()
    assert host.received(topic("NDATA"), data(2, 2.0), 3100) == ()
    assert host.next_tick() == 5000
    filled = host.received(topic("NDATA"), data(1, 1.0), 3200)
    assert values(filled) == [1.0, 2.0, 3.0]
    assert requests(filled) == []
    assert host.next_tick() is None


def test_a_hole_that_stays_open_is_a_recorded_gap_and_a_rebirth_request() -> None:
    host = born()
    host.received(topic("NDATA"), data(2, 2.0), 3000)
    assert host.tick(4999) == ()
    told = host.tick(5000)
    assert Stale(NODE, 5000, Reason.SEQUENCE) in told
    assert gaps(told) == [Gap(NODE, Reason.SEQUENCE, 2000, None, messages=1)]
    assert len(requests(told)) == 1
    closed = host.received(topic("NBIRTH"), birth(at=5100), 5100)
    assert gaps(closed) == [Gap(NODE, Reason.SEQUENCE, 2000, 5100, messages=1)]


def test_one_seq_for_ndata_and_ddata_keeps_both_and_flags_the_node_once() -> None:
    host = born()
    host.received(topic("DBIRTH", "lathe"), device_birth(1), 2000)
    kept = []
    for seq in (2, 3):
        kept += values(host.received(topic("NDATA"), data(seq, 1.0 + seq), 3000))
        told = host.received(topic("DDATA", "lathe"), data(seq, 10.0 + seq), 3000)
        kept += values(told)
        assert doubts(told) == ([Doubt.SEQ_REUSED] if seq == 2 else [])
    assert kept == [3.0, 12.0, 4.0, 13.0]


def test_a_message_received_twice_is_emitted_once() -> None:
    host = born()
    host.received(topic("NDATA"), data(1, 1.0), 3000)
    host.received(topic("NDATA"), data(2, 2.0), 3000)
    for seq in (1, 2):
        told = host.received(topic("NDATA"), data(seq, float(seq)), 3000)
        assert told == (Flagged(NODE, Doubt.DUPLICATE, 3000),)
    host.received(topic("NDATA"), data(4, 4.0), 3000)
    assert doubts(host.received(topic("NDATA"), data(4, 4.0), 3000)) == [Doubt.DUPLICATE]
    assert values(host.received(topic("NDATA"), data(3, 3.0), 3000)) == [3.0, 4.0]


def test_data_without_a_seq_is_kept_and_flagged() -> None:
    told = born().received(topic("NDATA"), data(None, 1.0), 3000)
    assert (values(told), doubts(told)) == ([1.0], [Doubt.NO_SEQ])


def test_what_was_held_of_the_old_session_goes_into_a_gap_at_the_next_birth() -> None:
    host = born()
    host.received(topic("NDATA"), data(1, 1.0), 3000)
    host.received(topic("NDATA"), data(5, 5.0, at=3001), 3500)
    told = host.received(topic("NBIRTH"), birth(bd_seq=2, at=4000), 4003)
    assert values(told) == [2, False, 0.5]
    assert gaps(told) == [Gap(NODE, Reason.SEQUENCE, 3000, 4003, messages=1)]


def test_a_held_message_sent_after_a_late_nbirth_is_emitted_with_it() -> None:
    host = born()
    for seq in range(1, 6):
        host.received(topic("NDATA"), data(seq, 0.0), 3000)
    assert host.received(topic("NDATA"), data(1, 9.0, at=5001, alias=7), 5001) == ()
    told = host.received(topic("NBIRTH"), birth(bd_seq=2, at=5000, alias=7), 5003)
    assert values(told)[-1] == 9.0
    assert gaps(told) == []


def test_a_birth_overtaken_by_its_own_death_does_not_raise_the_dead() -> None:
    host = born()
    host.received(topic("NDEATH"), death(1), 9000)
    told = host.received(topic("NBIRTH"), birth(bd_seq=1), 9100)
    assert gaps(told) == [Gap(NODE, Reason.OVERTAKEN, 9100, None, messages=1)]
    assert host.next_tick() == 11_100
    assert requests(host.tick(11_100))
    assert values(host.received(topic("NBIRTH"), birth(bd_seq=1), 11_200))
