"""What a topic says: group, kind of message, edge node, device; or a host's STATE.

Topics are read by position, because any level may hold any name: a group may
be called ``NDATA`` and a node ``STATE``. Hosts of before version 3 announce
themselves on ``STATE/<id>``, those of today on ``spBv1.0/STATE/<id>``; both are
read, the new one is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from ballast.errors import Refused

__all__ = ["NAMESPACE", "DataTopic", "MessageKind", "StateTopic", "parse_topic", "state_topic"]

NAMESPACE = "spBv1.0"
# MQTT writes the length of a topic in two bytes.
MAX_TOPIC_BYTES = 65_535


class MessageKind(Enum):
    """The eight messages of an edge node and its devices."""

    NBIRTH = "NBIRTH"
    NDEATH = "NDEATH"
    NDATA = "NDATA"
    NCMD = "NCMD"
    DBIRTH = "DBIRTH"
    DDEATH = "DDEATH"
    DDATA = "DDATA"
    DCMD = "DCMD"

    @property
    def of_device(self) -> bool:
        """Return whether the message speaks of a device behind the node."""
        return self.value[0] == "D"


_KINDS = {kind.value: kind for kind in MessageKind}


@dataclass(frozen=True, slots=True)
class DataTopic:
    """``spBv1.0/group/kind/node[/device]``.

    Examples
    --------
    >>> str(DataTopic("shop", MessageKind.DDATA, "line1", "lathe"))
    'spBv1.0/shop/DDATA/line1/lathe'
    """

    group: str
    kind: MessageKind
    node: str
    device: str | None = None

    def __str__(self) -> str:
        tail = "" if self.device is None else f"/{self.device}"
        return f"{NAMESPACE}/{self.group}/{self.kind.value}/{self.node}{tail}"


@dataclass(frozen=True, slots=True)
class StateTopic:
    """The STATE of a host; ``old`` where it is told without the namespace."""

    host_id: str
    old: bool = False

    def __str__(self) -> str:
        return f"STATE/{self.host_id}" if self.old else f"{NAMESPACE}/STATE/{self.host_id}"


def _refused(topic: str) -> Refused:
    return Refused(
        "{topic} is no Sparkplug topic; it should be spBv1.0/group/kind/node or "
        "spBv1.0/group/kind/node/device",
        topic=topic[:200],
    )


@lru_cache(maxsize=16_384)
def parse_topic(topic: str) -> DataTopic | StateTopic:
    """Return what a topic says.

    Parameters
    ----------
    topic
        The topic of a message that was received, never a filter.

    Raises
    ------
    Refused
        It is no topic of Sparkplug B.

    Examples
    --------
    >>> parse_topic("spBv1.0/shop/NDATA/line1").node
    'line1'
    >>> parse_topic("STATE/scada")
    StateTopic(host_id='scada', old=True)
    """
    levels = topic.split("/")
    bad = any(not level or "+" in level or "#" in level or "\0" in level for level in levels)
    if bad or len(topic.encode("utf-8", "surrogatepass")) > MAX_TOPIC_BYTES:
        raise _refused(topic)
    if len(levels) == 2 and levels[0] == "STATE":
        return StateTopic(levels[1], old=True)
    if levels[0] != NAMESPACE or not 3 <= len(levels) <= 5:
        raise _refused(topic)
    if len(levels) == 3:
        if levels[1] != "STATE":
            raise _refused(topic)
        return StateTopic(levels[2])
    kind = _KINDS.get(levels[2])
    if kind is None or kind.of_device != (len(levels) == 5):
        raise _refused(topic)
    return DataTopic(levels[1], kind, levels[3], levels[4] if kind.of_device else None)


def state_topic(host_id: str) -> str:
    """Return the topic on which a host of version 3 tells its STATE.

    Examples
    --------
    >>> state_topic("ballast")
    'spBv1.0/STATE/ballast'
    """
    written = str(StateTopic(host_id))
    if parse_topic(written) != StateTopic(host_id):
        raise _refused(written)
    return written
