"""A Sparkplug B 3.0 host application: messages and clock ticks in, actions out.

It opens no socket and reads no clock, so every rule of the specification can be
a test of a few lines, and the same host runs under any MQTT client, over a
recording, and under a fuzzer. The host hands each message to whom it concerns:
`presence` (our own STATE) or the `session` of one edge node; their tables of
states are in those modules.

A *primary* host tells its STATE, for edge nodes may wait for it, and may send
commands. A *secondary* host only listens; it too asks for rebirths, or its tags
would stay unnamed for ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.errors import Refused
from ballast.plant.host.actions import (
    Action,
    AskedRebirth,
    Doubt,
    Flagged,
    HostSeen,
    Publish,
    Reason,
    Samples,
    Source,
)
from ballast.plant.host.presence import Presence, Where
from ballast.plant.host.session import Arrival, EdgeNode
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import REBIRTH, Metric, Payload, Value, encode
from ballast.plant.wire.schema import parse
from ballast.plant.wire.state import decode_state
from ballast.plant.wire.topic import DataTopic, MessageKind, StateTopic, parse_topic

__all__ = ["Host", "HostSettings"]

_COMMANDS = (MessageKind.NCMD, MessageKind.DCMD)
_DATA = (MessageKind.NDATA, MessageKind.DDATA)
_MOST_ROUTES = 100_000  # topics cost their sender nothing; beyond, the way is only longer


@dataclass(frozen=True, slots=True)
class _Route:
    """What a topic of data says, and whom it concerns."""

    node: EdgeNode
    kind: MessageKind
    device: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What a host can be set to.

    Parameters
    ----------
    host_id
        Unique among the hosts of the plant.
    primary
        Whether it tells its STATE and may command.
    reorder_ms
        How long a missing message is waited for.
    cooldown_ms
        The least time between two requests for a rebirth of one node.
    max_nodes
        How many edge nodes are known at most; topics cost their sender nothing.
    asks_per_s
        How many rebirths are asked for in a second, of all nodes together: a
        birth is the largest message of its node.
    """

    host_id: str
    primary: bool = True
    reorder_ms: int = 2_000
    cooldown_ms: int = 30_000
    max_nodes: int = 10_000
    asks_per_s: int = 50


class Host:
    """The host application of one broker.

    Every method returns actions, to be done in their order. Times are ms (UTC).

    Parameters
    ----------
    settings
        See `HostSettings`.

    Examples
    --------
    >>> host = Host(HostSettings("ballast"))
    >>> host.connect(now=5)[0].will.payload
    b'{"online":false,"timestamp":5}'
    >>> [type(action).__name__ for action in host.connected(now=6)]
    ['Subscribe', 'Publish']
    """

    def __init__(self, settings: HostSettings) -> None:
        self.settings = settings
        self.presence = Presence(
            settings.host_id, primary=settings.primary, cooldown_ms=settings.cooldown_ms
        )
        self._nodes: dict[tuple[str, str], EdgeNode] = {}
        self._routes: dict[str, _Route] = {}
        self._waiting: set[EdgeNode] = set()  # those for whom the clock matters
        self._second, self._asks = 0, 0

    def connect(self, now: int) -> tuple[Action, ...]:
        """Return how to connect."""
        return self.presence.connect(now)

    def connected(self, now: int) -> tuple[Action, ...]:  # noqa: ARG002 - inputs carry their time
        """Return what follows the broker's acceptance."""
        return self.presence.connected()

    def disconnected(self, now: int) -> tuple[Action, ...]:
        """Return what follows from a connection that broke (not from a `Disconnect` of ours)."""
        self.presence.lost()
        return tuple(a for node in self._nodes.values() for a in self._heed(node, None, now))

    def close(self, now: int) -> tuple[Action, ...]:
        """Return a clean exit: everything stale, our death published, then DISCONNECT."""
        last = [a for node in self._nodes.values() for a in self._heed(node, None, now)]
        return (*last, *self.presence.close(now))

    def received(self, topic: str, payload: bytes, now: int) -> tuple[Action, ...]:
        """Return what follows from a message; never raises, whatever the bytes.

        Parameters
        ----------
        topic
            As received.
        payload
            As received.
        now
            Time of receipt, ms (UTC).
        """
        route = self._routes.get(topic)
        if route is not None:
            try:
                message = parse(payload)
            except Refused:
                return (*route.node.unreadable(now), *self._ask(route.node, now))
            told = route.node.steady(route.kind, route.device, message, payload, now)
            if told is not None:
                return (Samples(route.source, told),)
            arrival = Arrival(route.kind, route.device, message, payload, now)
            return tuple(self._heed(route.node, arrival, now))
        return self._first_heard(topic, payload, now)

    def _first_heard(self, topic: str, payload: bytes, now: int) -> tuple[Action, ...]:
        """Return what follows from a message on a topic that has no route."""
        try:
            said = parse_topic(topic)
        except Refused:
            return (Flagged(None, Doubt.FOREIGN, now),)
        if isinstance(said, StateTopic):
            return self._state_heard(said, payload, now)
        if said.kind in _COMMANDS:
            return ()  # another host's, or our own
        key = (said.group, said.node)
        node = self._nodes.get(key)
        if node is None:
            if len(self._nodes) >= self.settings.max_nodes:
                return (Flagged(None, Doubt.TOO_MANY, now),)
            node = self._nodes[key] = EdgeNode(
                Source(*key),
                reorder_ms=self.settings.reorder_ms,
                cooldown_ms=self.settings.cooldown_ms,
            )
        try:
            message = parse(payload)
        except Refused:
            return (*node.unreadable(now), *self._ask(node, now))
        if said.kind in _DATA and len(self._routes) < _MOST_ROUTES:
            source = Source(said.group, said.node, said.device)
            self._routes[topic] = _Route(node, said.kind, said.device, source)
        arrival = Arrival(said.kind, said.device, message, payload, now)
        return tuple(self._heed(node, arrival, now))

    def tick(self, now: int) -> tuple[Action, ...]:
        """Return what follows from the time; due no later than `next_tick`."""
        done: list[Action] = []
        for node in sorted(self._waiting, key=lambda one: one.source):
            done += [*node.tick(now), *self._ask(node, now)]
        return tuple(done)

    def next_tick(self) -> int | None:
        """Return when the clock next matters, or None while it does not."""
        times = [n.deadline for n in self._waiting if n.deadline is not None]
        if self.presence.where is Where.HERE:
            free = self._second + 1000 if self._asks >= self.settings.asks_per_s else 0
            times += [max(n.ask_at, free) for n in self._waiting if n.ask_at is not None]
        return min(times, default=None)

    def node(self, group: str, node: str) -> EdgeNode | None:
        """Return what is known of an edge node."""
        return self._nodes.get((group, node))

    def ask_rebirth(self, source: Source, now: int) -> tuple[Action, ...]:
        """Return a person's request for a rebirth; it too keeps the cool-down."""
        node = self._nodes.get((source.group, source.node))
        if node is None:
            return ()
        node.want_rebirth(now, Reason.ASKED)
        return tuple(self._ask(node, now))

    def command(self, source: Source, name: str, value: Value, now: int) -> tuple[Action, ...]:
        """Return an NCMD or DCMD that writes one metric.

        Raises
        ------
        Refused
            This host is secondary; the source is not live; it has no such
            metric; the value does not fit the datatype it was born with.
        """
        if not self.settings.primary:
            raise Refused(
                "{source}: a secondary host sends no commands; send it from the primary host",
                source=source,
            )
        node = self._nodes.get((source.group, source.node))
        table = None
        if node is not None:
            table = node.table if source.device is None else node.device(source.device)
        place = None if table is None else table.by_name.get(name)
        if table is None or place is None:
            raise Refused(
                "{source} has no metric {name} now; see the tags of its last birth",
                source=source,
                name=name,
            )
        kind = MessageKind.NCMD if source.device is None else MessageKind.DCMD
        metric = Metric(name, value, table.tags[place].datatype, timestamp=now)
        return (_published(source, kind, metric, now),)

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _state_heard(self, topic: StateTopic, payload: bytes, now: int) -> tuple[Action, ...]:
        if topic.host_id == self.settings.host_id and not topic.old:
            answer = self.presence.heard(payload, now)
            if self.presence.where is Where.HERE or not answer:
                return answer
            # We leave and come back: what is said meanwhile is not heard.
            lost = [a for node in self._nodes.values() for a in self._heed(node, None, now)]
            return (*lost, *answer)
        try:
            told = decode_state(payload)
        except Refused:
            return ()  # another host's affair
        return (HostSeen(topic.host_id, told.online, told.timestamp, topic.old),)

    def _heed(self, node: EdgeNode, arrival: Arrival | None, now: int) -> list[Action]:
        done = node.lost_broker(now) if arrival is None else node.arrived(arrival)
        return [*done, *self._ask(node, now)]

    def _ask(self, node: EdgeNode, now: int) -> list[Action]:
        done: list[Action] = []
        due = node.ask_at is not None and node.ask_at <= now
        if due and self.presence.where is Where.HERE and self._may_ask(now):
            # "Node Control/Rebirth = true asks for a rebirth"; it asks the node, never a device.
            metric = Metric(REBIRTH, True, DataType.BOOLEAN, timestamp=now)
            ask = _published(node.source, MessageKind.NCMD, metric, now)
            done = [ask, AskedRebirth(node.source, node.asked(now), now)]
        if node.deadline is None and node.ask_at is None:
            self._waiting.discard(node)
        else:
            self._waiting.add(node)
        return done

    def _may_ask(self, now: int) -> bool:
        if now - self._second >= 1000:
            self._second, self._asks = now, 0
        self._asks += 1
        return self._asks <= self.settings.asks_per_s


def _published(source: Source, kind: MessageKind, metric: Metric, now: int) -> Publish:
    """Return a command: QoS 0, not retained, with a time and without a seq."""
    topic = DataTopic(source.group, kind, source.node, source.device)
    return Publish(str(topic), encode(Payload(now, (metric,))), 0, False)
