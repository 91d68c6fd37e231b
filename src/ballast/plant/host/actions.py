"""What the host asks its surroundings to do, and what it tells them.

Actions are values: the collector sends what is to be sent and stores what is to
be stored, in the order given; a test reads them. Reasons and doubts are
enumerations with their names in both languages, for the data-quality report
shows them to people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ballast.plant.wire.birth import BirthTable
from ballast.plant.wire.readings import Readings
from ballast.terms.label import Label

__all__ = [
    "Action",
    "AskedRebirth",
    "Born",
    "Connect",
    "Disconnect",
    "Doubt",
    "Flagged",
    "Gap",
    "HostSeen",
    "Publish",
    "Reason",
    "Samples",
    "Source",
    "Stale",
    "Subscribe",
]


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """An edge node, or a device behind one."""

    group: str
    node: str
    device: str | None = None

    def __str__(self) -> str:
        return "/".join(filter(None, (self.group, self.node, self.device)))


class Reason(Enum):
    """Why samples are missing, stale, or a rebirth is asked for."""

    UNBORN = Label("未收到上线报文", "data before a birth")
    UNKNOWN_METRIC = Label("指标未在上线报文中声明", "a metric that was not born")
    MISFIT = Label("数值与声明类型不符", "a value of another type than born")
    UNTIMED = Label("时间戳无效", "no usable time")
    SEQUENCE = Label("报文序号缺失", "a missing sequence number")
    UNREADABLE = Label("报文无法解析", "a message that cannot be read")
    NODE_DEATH = Label("边缘节点离线", "the edge node died")
    DEVICE_DEATH = Label("设备离线", "the device died")
    REBIRTH = Label("边缘节点重新上线", "the edge node was born again")
    DISCONNECTED = Label("与代理服务器断开", "we lost the broker")
    OVERTAKEN = Label("上线报文晚于离线报文到达", "a birth overtaken by its death")
    OVERFLOW = Label("待排序报文过多", "too many messages held back")
    ASKED = Label("人工请求", "somebody asked")


class Doubt(Enum):
    """What was tolerated, and should be known."""

    SEQ_REUSED = Label("同一序号用于多条报文", "one seq for several messages")
    DUPLICATE = Label("重复报文", "a message received twice")
    NO_SEQ = Label("报文无序号", "a message without seq")
    CLASH = Label("指标重名或别名重复", "metrics sharing a name or an alias")
    NO_BDSEQ = Label("缺少 bdSeq", "no bdSeq")
    OLD_DEATH = Label("旧会话的离线报文", "the death of an older session")
    DEATH_WITH_SEQ = Label("离线报文带有序号", "an NDEATH with a seq")
    CONTESTED = Label("主机标识被他人使用", "somebody else uses our host id")
    TOO_MANY = Label("来源过多", "too many nodes or devices")
    FOREIGN = Label("非 Sparkplug 主题", "a topic that is not Sparkplug's")


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish a message."""

    topic: str
    payload: bytes
    qos: int
    retain: bool


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect: Clean Session in MQTT 3.1.1; Clean Start with this session expiry in 5.0."""

    will: Publish | None
    clean: bool = True
    session_expiry_s: int = 0


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Subscribe to filters, and wait for the broker's answer before the next action."""

    filters: tuple[str, ...]
    qos: int = 1


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Send DISCONNECT, after everything published before it has been acknowledged."""


@dataclass(frozen=True, slots=True)
class Born:
    """A source has a new table; data from now on go by it and by nothing else."""

    source: Source
    table: BirthTable
    at: int


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples to be kept."""

    source: Source
    readings: Readings


@dataclass(frozen=True, slots=True)
class Stale:
    """Every metric of a source is stale from a time (ms, UTC) on, until it is born again."""

    source: Source
    since: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples are, or may be, missing between two times of receipt (ms, UTC).

    A gap without an end is still open; the same gap (source, reason, since) is
    told again when it ends. ``messages`` counts those that were received and
    could not be used, ``metrics`` the single metrics left out of a message that
    was; what was never received nobody can count.
    """

    source: Source
    reason: Reason
    since: int
    until: int | None
    messages: int = 0
    metrics: int = 0


@dataclass(frozen=True, slots=True)
class AskedRebirth:
    """A rebirth was asked for; the message itself is the `Publish` before it."""

    source: Source
    reason: Reason
    at: int


@dataclass(frozen=True, slots=True)
class Flagged:
    """Something was tolerated; told once for a source and session."""

    source: Source | None
    doubt: Doubt
    at: int


@dataclass(frozen=True, slots=True)
class HostSeen:
    """Another host told its state."""

    host_id: str
    online: bool
    timestamp: int | None
    old: bool


Action = (
    Publish | Connect | Subscribe | Disconnect | Born | Samples | Stale | Gap | AskedRebirth
    | Flagged | HostSeen
)  # fmt: skip
