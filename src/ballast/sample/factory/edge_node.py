"""A Sparkplug B edge node of the shop, without a socket: births, data, death.

The peer of `ballast.plant.host`: what a gateway beside the machines does. It
keeps the rules that hosts rely on (one seq for the node and all its devices,
a bdSeq that ties a death to its birth, aliases said once), so that the demo
shows the real protocol and the host is tested against another implementation
of it than its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ballast.errors import Refused
from ballast.plant.host.actions import Publish
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import BD_SEQ, REBIRTH, Metric, Payload, Value, decode, encode
from ballast.plant.wire.topic import DataTopic, MessageKind, parse_topic
from ballast.sample.factory.signals import Signal

__all__ = ["EdgeNode", "Reading"]

_NUMBERS = 256  # of seq and of bdSeq


@dataclass(frozen=True, slots=True)
class Reading:
    """What one sensor said: its signal, the time (epoch ms) and the value."""

    signal: Signal
    at: int
    value: float


class EdgeNode:
    """One edge node with its devices, from one connection to the next.

    Parameters
    ----------
    group, node
        How it is called.
    devices
        Name of each device to its signals.
    bd_seq
        Of the connection that is about to be made, 0 to 255.

    Examples
    --------
    >>> node = EdgeNode("shop", "line", {}, bd_seq=3)
    >>> node.will(now=5).topic, [one.topic for one in node.births({}, now=6)]
    ('spBv1.0/shop/NDEATH/line', ['spBv1.0/shop/NBIRTH/line'])
    """

    def __init__(
        self, group: str, node: str, devices: Mapping[str, Sequence[Signal]], *, bd_seq: int
    ) -> None:
        self._group, self._node, self._devices = group, node, devices
        self._bd_seq = bd_seq % _NUMBERS
        self._seq = 0
        places = [(d, s.metric) for d, signals in devices.items() for s in signals]
        self._alias = {place: number for number, place in enumerate(places, start=1)}

    @property
    def commands(self) -> str:
        """The filter under which commands to this node come."""
        return str(DataTopic(self._group, MessageKind.NCMD, self._node))

    def will(self, now: int) -> Publish:
        """Return the death that the broker is to publish when the node is gone.

        Parameters
        ----------
        now
            Epoch ms.
        """
        # "The NDEATH MQTT Will Message MUST include the same bdSeq number value" and no seq
        # (chapter 6, NDEATH).
        death = Payload(now, (Metric(BD_SEQ, self._bd_seq, DataType.INT64),))
        return self._published(MessageKind.NDEATH, None, death, qos=1)

    def births(self, values: Mapping[str, Sequence[Reading]], now: int) -> tuple[Publish, ...]:
        """Return the birth of the node and of every device, each metric with its value.

        Parameters
        ----------
        values
            Device to what its sensors say now.
        now
            Epoch ms.
        """
        self._seq = 0
        node = (
            Metric(BD_SEQ, self._bd_seq, DataType.INT64, timestamp=now),
            Metric(REBIRTH, False, DataType.BOOLEAN, timestamp=now),
        )
        born = [self._numbered(MessageKind.NBIRTH, None, node, now)]
        for device in self._devices:
            metrics = [self._born(device, one) for one in values[device]]
            born.append(self._numbered(MessageKind.DBIRTH, device, metrics, now))
        return tuple(born)

    def data(self, device: str, readings: Sequence[Reading], now: int) -> Publish:
        """Return a data message of a device: aliases and values alone."""
        metrics = [
            Metric(
                value=_value(one),
                datatype=one.signal.datatype,
                alias=self._alias[device, one.signal.metric],
                timestamp=one.at,
            )
            for one in readings
        ]
        return self._numbered(MessageKind.DDATA, device, metrics, now)

    def asked_to_be_born(self, topic: str, payload: bytes) -> bool:
        """Tell whether a message is a host's request for a rebirth of this node."""
        try:
            said = parse_topic(topic)
            if topic != self.commands or not isinstance(said, DataTopic):
                return False
            wish = decode(payload).metric(REBIRTH)
        except Refused:
            return False
        return wish is not None and wish.value is True

    def _born(self, device: str, one: Reading) -> Metric:
        signal = one.signal
        return Metric(
            signal.metric,
            _value(one),
            signal.datatype,
            alias=self._alias[device, signal.metric],
            timestamp=one.at,
            properties={"engUnit": signal.unit, "label": signal.name.zh},
        )

    def _numbered(
        self, kind: MessageKind, device: str | None, metrics: Sequence[Metric], now: int
    ) -> Publish:
        seq, self._seq = self._seq, (self._seq + 1) % _NUMBERS
        return self._published(kind, device, Payload(now, tuple(metrics), seq))

    def _published(
        self, kind: MessageKind, device: str | None, payload: Payload, *, qos: int = 0
    ) -> Publish:
        topic = DataTopic(self._group, kind, self._node, device)
        return Publish(str(topic), encode(payload), qos, retain=False)


def _value(one: Reading) -> Value:
    return one.value if one.signal.datatype is DataType.DOUBLE else round(one.value)
