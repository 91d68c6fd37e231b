"""The host's own STATE: announced, defended, taken back.

```
state    │ connect()      connected()        own STATE heard                    close()
─────────┼────────────────────────────────────────────────────────────────────────────────────
away     │ → joining:     –                  –                                  → away
         │   will (T)
joining  │ → joining:     → here: subscribe, –                                  → away:
         │   new T        then birth (T)                                          disconnect
here     │ → joining:     –                  online, T: our own echo            → away:
         │   new T                           offline, empty, unreadable or        offline (now),
         │                                   older than T: birth (T) again        disconnect
         │                                   offline, newer than T: → joining,
         │                                   with a T newer than that
         │                                   online, newer than T: flagged
```

Edge nodes ignore a STATE older than the last they saw, and the will, once
given, cannot be changed: against a newer one only a new connection helps, whose
will and birth carry one new T. That is done at most once in a cool-down, for
two programs under one host id would otherwise throw each other out for ever.
A secondary host has no STATE: no will, no birth, nothing to defend.
"""

from __future__ import annotations

from enum import Enum

from ballast.errors import Refused
from ballast.plant.host.actions import (
    Action,
    Connect,
    Disconnect,
    Doubt,
    Flagged,
    Publish,
    Subscribe,
)
from ballast.plant.wire.state import HostState, decode_state, encode_state
from ballast.plant.wire.topic import NAMESPACE, state_topic

__all__ = ["Presence", "Where"]


class Where(Enum):
    """Where the host stands towards its broker."""

    AWAY = "away"
    JOINING = "joining"
    HERE = "here"


class Presence:
    """One connection after the other of one host, to one broker.

    Parameters
    ----------
    host_id
        Unique among the hosts of the plant.
    primary
        Whether edge nodes wait for this host, and it therefore tells its STATE.
    cooldown_ms
        The least time between two connections made to defend the STATE.
    """

    def __init__(self, host_id: str, *, primary: bool, cooldown_ms: int) -> None:
        self.topic = state_topic(host_id)
        self.primary = primary
        self.where = Where.AWAY
        self._cooldown_ms = cooldown_ms
        self._since = 0  # T, of the will and of the birth
        self._reconnected_at: int | None = None

    def _state(self, online: bool, timestamp: int) -> Publish:
        # "QoS 1, retained", will and birth and death alike.
        return Publish(self.topic, encode_state(HostState(online, timestamp)), 1, True)

    def connect(self, now: int) -> tuple[Action, ...]:
        """Return the CONNECT, with the will that the broker is to keep."""
        self.where, self._since = Where.JOINING, max(now, self._since + 1)
        return (Connect(self._state(False, self._since) if self.primary else None),)

    def connected(self) -> tuple[Action, ...]:
        """Return what follows the CONNACK: subscriptions, then the birth."""
        if self.where is not Where.JOINING:
            return ()
        self.where = Where.HERE
        heard = Subscribe((f"{NAMESPACE}/#", self.topic, "STATE/+"))
        return (heard, self._state(True, self._since)) if self.primary else (heard,)

    def lost(self) -> None:
        """Take note that the connection is gone."""
        self.where = Where.AWAY

    def close(self, now: int) -> tuple[Action, ...]:
        """Return the clean exit: the death is published before the DISCONNECT."""
        here, self.where = self.where is Where.HERE, Where.AWAY
        told = (self._state(False, max(now, self._since)),) if here and self.primary else ()
        return (*told, Disconnect())

    def heard(self, payload: bytes, now: int) -> tuple[Action, ...]:
        """Return the answer to a message on our own STATE topic."""
        if not self.primary or self.where is not Where.HERE:
            return ()
        again = (self._state(True, self._since),)
        try:
            told = decode_state(payload)
        except Refused:
            return again  # emptied, or overwritten with what nobody can read
        when = -1 if told.timestamp is None else told.timestamp
        if when <= self._since:
            return () if told.online and when == self._since else again
        flagged = Flagged(None, Doubt.CONTESTED, now)
        last = self._reconnected_at
        if told.online or (last is not None and now - last < self._cooldown_ms):
            return (flagged,)
        self._reconnected_at, self._since = now, when
        return (flagged, Disconnect(), *self.connect(now))
