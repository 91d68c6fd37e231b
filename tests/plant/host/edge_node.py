"""What an edge node of one shop publishes, and what to look for in the host's answer."""

from __future__ import annotations

from ballast.plant.host.actions import (
    Action,
    Doubt,
    Flagged,
    Gap,
    Publish,
    Samples,
    Source,
)
from ballast.plant.host.application import Host, HostSettings
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import BD_SEQ, REBIRTH, Metric, Payload, Value, encode

NODE = Source("shop", "line1")
LATHE = Source("shop", "line1", "lathe")
OWN = "spBv1.0/STATE/ballast"


def online(primary: bool = True) -> Host:
    host = Host(HostSettings("ballast", primary=primary))
    host.connect(1000)
    host.connected(1000)
    return host


def topic(kind: str, device: str | None = None, node: str = "line1") -> str:
    return f"spBv1.0/shop/{kind}/{node}" + (f"/{device}" if device else "")


def birth(
    seq: int = 0, bd_seq: int = 1, at: int = 2000, alias: int = 1, name: str = "t",
    datatype: DataType = DataType.DOUBLE, value: Value = 0.5,
) -> bytes:  # fmt: skip
    metrics = (
        Metric(BD_SEQ, bd_seq, DataType.INT64, timestamp=at),
        Metric(REBIRTH, False, DataType.BOOLEAN, timestamp=at),
        Metric(name, value, datatype, alias=alias, timestamp=at),
    )
    return encode(Payload(at, metrics, seq=seq))


def device_birth(seq: int, at: int = 2000, alias: int = 1, name: str = "speed") -> bytes:
    return encode(Payload(at, (Metric(name, 1.0, DataType.DOUBLE, alias, at),), seq=seq))


def data(seq: int | None, value: float, at: int = 3000, alias: int = 1) -> bytes:
    return encode(Payload(at, (Metric(None, value, DataType.DOUBLE, alias, at),), seq=seq))


def death(bd_seq: int | None = 1, seq: int | None = None) -> bytes:
    told = () if bd_seq is None else (Metric(BD_SEQ, bd_seq, DataType.INT64),)
    return encode(Payload(None, told, seq=seq))


def values(actions: tuple[Action, ...], source: Source | None = None) -> list[Value]:
    return [
        value
        for a in actions
        if isinstance(a, Samples) and source in (None, a.source)
        for value in a.readings.values
    ]


def requests(actions: tuple[Action, ...]) -> list[Publish]:
    return [a for a in actions if isinstance(a, Publish) and "/NCMD/" in a.topic]


def gaps(actions: tuple[Action, ...]) -> list[Gap]:
    return [a for a in actions if isinstance(a, Gap)]


def doubts(actions: tuple[Action, ...]) -> list[Doubt]:
    return [a.doubt for a in actions if isinstance(a, Flagged)]


def born(seq: int = 0) -> Host:
    host = online()
    host.received(topic("NBIRTH"), birth(seq), 2000)
    return host
