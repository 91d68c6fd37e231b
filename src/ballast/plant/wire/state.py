"""The STATE of a host application, which is JSON and no protobuf.

Hosts of before version 3 wrote the bare words ONLINE and OFFLINE; the next
version will add members (``bd_seq``, ``client_id``). Both are read; what is
written is version 3.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ballast.errors import Refused

__all__ = ["HostState", "decode_state", "encode_state"]

MAX_STATE_BYTES = 4096
_WORDS = {b"ONLINE": True, b"OFFLINE": False}


@dataclass(frozen=True, slots=True)
class HostState:
    """Whether a host is there, and since when (ms, UTC); hosts of before version 3 say no time."""

    online: bool
    timestamp: int | None


def decode_state(data: bytes) -> HostState:
    """Return the state that a STATE message tells.

    Raises
    ------
    Refused
        It is neither the JSON of version 3 nor one of the old words.

    Examples
    --------
    >>> decode_state(b'{"online":true,"timestamp":5,"bd_seq":1}')
    HostState(online=True, timestamp=5)
    >>> decode_state(b"OFFLINE")
    HostState(online=False, timestamp=None)
    """
    refused = Refused(
        "a STATE message of {size} bytes is neither JSON with online and timestamp nor an old "
        "ONLINE or OFFLINE; see which program publishes it",
        size=len(data),
    )
    if data in _WORDS:
        return HostState(_WORDS[data], None)
    if len(data) > MAX_STATE_BYTES:
        raise refused
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise refused from None
    if not isinstance(told, dict):
        raise refused
    online, timestamp = told.get("online"), told.get("timestamp")
    if not isinstance(timestamp, int) or isinstance(timestamp, bool):
        raise refused
    if not isinstance(online, bool) or not 0 <= timestamp < 2**63:
        raise refused
    return HostState(online, timestamp)


def encode_state(state: HostState) -> bytes:
    """Return the bytes of a STATE message of version 3.

    Examples
    --------
    >>> encode_state(HostState(True, 1700000000000))
    b'{"online":true,"timestamp":1700000000000}'
    """
    told = {"online": state.online, "timestamp": state.timestamp}
    return json.dumps(told, separators=(",", ":")).encode()
