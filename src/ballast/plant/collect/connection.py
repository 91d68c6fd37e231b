"""One connection to a broker, by gmqtt, from CONNECT to its end; never a second one by itself.

gmqtt reconnects by itself, and we do not let it: it would come back with a
session that is not clean and with the old will, where Sparkplug wants a clean
one and a will with a new time. A new connection is a new client of it.

What gmqtt does and does not (0.8, read in its source):

- ``optimistic_acknowledgement=False`` with an ``async`` handler sends the PUBACK
  when the handler returns 0, in MQTT 5 and, because the switch is looked at
  before the version is known, in 3.1.1; a handler that raises acknowledges
  nothing. So a message is acknowledged after our commit by awaiting it.
- The task that each such message costs is bounded by the receive maximum that
  we tell (MQTT 5) or by the broker's own bound (3.1.1).
- While handlers run nothing is read from the socket: TCP holds the broker back.
- It has no time-out of its own for the CONNACK, the SUBACK, the PUBACK.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import gmqtt  # type: ignore[import-untyped]
from gmqtt.mqtt.handler import MQTTConnectError  # type: ignore[import-untyped]
from gmqtt.storage import PersistentStorage  # type: ignore[import-untyped]

from ballast.errors import Refused
from ballast.plant.host.actions import Publish

__all__ = ["Address", "Connection", "Heard", "open_connection"]

_PATIENCE_SECONDS = 15.0
# Neither "for ever" (-1) nor a number of failures that was not reached yet.
_NO_RECONNECT = -2
_GRANTED_BELOW = 128
#: Bounds that the broker is told (MQTT 5): what one message may weigh, and how many may wait for
#: their acknowledgement at once.
LARGEST_PACKET = 32 * 1024 * 1024
MOST_UNACKNOWLEDGED = 4096

# What it would say on standard error we say ourselves, once and in the user's language.
_silent = logging.getLogger("gmqtt")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where a broker is, and who we are to it; never shown whole.

    Parameters
    ----------
    host, port
        Where it listens.
    version
        4 (MQTT 3.1.1) or 5.
    tls
        How the connection is encrypted; none: it is not.
    user, password
        Who connects.
    client_id
        ASCII; under it the broker keeps our session.
    keepalive_s
        Seconds of silence after which the broker is asked whether it lives.
    """

    host: str
    port: int
    version: Literal[4, 5]
    tls: ssl.SSLContext | None
    user: str | None
    password: str | None
    client_id: str
    keepalive_s: int

    def __str__(self) -> str:
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{shown}:{self.port}"


Heard = Callable[[str, bytes, bool, bool], None]
Kept = Callable[[str, bytes, int, bool, bool], Awaitable[None]]


class Connection:
    """A connection that was accepted.

    Parameters
    ----------
    client, stored
        Of gmqtt: the client, and where it keeps what was published and not yet acknowledged.
    """

    def __init__(self, client: gmqtt.Client, stored: PersistentStorage) -> None:
        self._client, self._stored = client, stored
        self._answers: dict[int, asyncio.Future[Sequence[int]]] = {}
        self.lost = asyncio.Event()
        self.session_present = False

    async def subscribe(self, filters: Sequence[str], qos: int) -> None:
        """Subscribe, and wait for the broker's answer.

        Raises
        ------
        Refused
            If the broker refuses one of them, or does not answer.
        """
        # 1: what is retained comes only where the subscription is new (MQTT 5).
        wanted = [gmqtt.Subscription(one, qos=qos) for one in filters]
        answer: asyncio.Future[Sequence[int]] = asyncio.get_running_loop().create_future()
        self._answers[self._client.subscribe(wanted)] = answer
        granted = await self._patiently(answer)
        if bad := [f for f, code in zip(filters, granted, strict=False) if code >= _GRANTED_BELOW]:
            raise Refused(
                "the broker does not let us subscribe to {topic}; see its access rules",
                topic=bad[0],
            )

    def publish(self, message: Publish) -> None:
        """Publish; what has QoS 1 is awaited by `drained`."""
        if not self.lost.is_set():
            self._client.publish(
                message.topic, message.payload, qos=message.qos, retain=message.retain
            )

    async def drained(self) -> None:
        """Wait until everything published is acknowledged, or the connection is lost."""
        with suppress(Refused):
            await self._patiently(asyncio.ensure_future(self._stored.wait_empty()))

    async def close(self) -> None:
        """Send DISCONNECT and close; harmless where the connection is gone already."""
        self.lost.set()
        with suppress(Exception):  # of a connection that is given up nothing more is of interest
            await asyncio.wait_for(self._client.disconnect(), 2.0)

    def on_subscribe(self, _client: Any, mid: int, granted: Sequence[int], _more: Any) -> None:
        """Take the answer to a subscription."""
        answer = self._answers.pop(mid, None)
        if answer is not None and not answer.done():
            answer.set_result(granted)

    def on_disconnect(self, _client: Any, _packet: Any, _error: object = None) -> None:
        """Take note that the connection is gone."""
        self.lost.set()

    async def _patiently(self, answer: asyncio.Future[Any]) -> Any:
        gone = asyncio.ensure_future(self.lost.wait())
        try:
            done, _ = await asyncio.wait(
                (answer, gone), timeout=_PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            gone.cancel()
        if answer not in done:
            answer.cancel()
            raise Refused("the broker does not answer; see whether it is overloaded")
        return answer.result()


async def open_connection(
    address: Address,
    *,
    clean: bool,
    session_expiry_s: int = 0,
    will: Publish | None = None,
    heard: Heard | None = None,
    kept: Kept | None = None,
) -> Connection:
    """Connect, and wait for the broker's acceptance.

    Parameters
    ----------
    address
        Of the broker.
    clean
        Clean Session (3.1.1), Clean Start (5).
    session_expiry_s
        How long the broker is to keep our session after a loss (MQTT 5).
    will
        What the broker is to publish when we are lost.
    heard
        Called with topic, payload, retained, duplicate of each message, which is acknowledged
        at once.
    kept
        Awaited with topic, payload, QoS, retained, duplicate of each message, which is
        acknowledged when this returns. One of the two is given.

    Raises
    ------
    Refused
        If nobody answers there, or who answers does not let us in.
    """
    stored = PersistentStorage()
    testament = None if will is None else gmqtt.Message(
        will.topic, will.payload, qos=will.qos, retain=will.retain
    )  # fmt: skip
    client = gmqtt.Client(
        address.client_id,
        clean_session=clean,
        optimistic_acknowledgement=kept is None,
        will_message=testament,
        persistent_storage=stored,
        logger=_silent,
        session_expiry_interval=session_expiry_s,
        receive_maximum=MOST_UNACKNOWLEDGED,
        maximum_packet_size=LARGEST_PACKET,
    )
    client.set_config({"reconnect_retries": _NO_RECONNECT, "reconnect_delay": 0})
    if address.user is not None:
        client.set_auth_credentials(address.user, address.password)
    connection = Connection(client, stored)
    client.on_subscribe = connection.on_subscribe
    client.on_disconnect = connection.on_disconnect
    client.on_message = _at_once(heard) if kept is None and heard else _afterwards(kept)

    def accepted(_client: Any, flags: int, _code: int, _properties: Any) -> None:
        connection.session_present = bool(flags)

    client.on_connect = accepted
    await _connect(client, connection, address)
    return connection


async def _connect(client: gmqtt.Client, connection: Connection, address: Address) -> None:
    attempt = asyncio.ensure_future(
        client.connect(
            address.host, address.port, ssl=address.tls or False,
            keepalive=address.keepalive_s, version=address.version,
        )
    )  # fmt: skip
    gone = asyncio.ensure_future(connection.lost.wait())
    try:
        done, _ = await asyncio.wait(
            (attempt, gone), timeout=_PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if attempt in done:
            attempt.result()
            return
    except MQTTConnectError as error:
        await connection.close()
        raise Refused(
            "{broker} does not let us in: {why}; see user, password and version in the mapping",
            broker=address, why=error.message,
        ) from None  # fmt: skip
    except ssl.SSLError as error:
        await connection.close()
        raise Refused(
            "{broker}: no encrypted connection: {why}; see tls and ca_file in the mapping",
            broker=address, why=error.reason or str(error),
        ) from None  # fmt: skip
    except OSError as error:
        await connection.close()
        raise Refused(
            "{broker} cannot be reached: {why}; see whether the broker runs",
            broker=address, why=error.strerror or str(error),
        ) from None  # fmt: skip
    finally:
        gone.cancel()
        if not attempt.done():
            attempt.cancel()
    await connection.close()
    raise Refused(
        "{broker} takes no MQTT connection; see its port, and version in the mapping",
        broker=address,
    )


def _at_once(heard: Heard) -> Callable[..., None]:
    def on_message(_c: Any, topic: str, payload: bytes, _qos: int, more: dict[str, Any]) -> None:
        # Bytes that are no UTF-8 are handed on as they came.
        name = topic if isinstance(topic, str) else bytes(topic).decode("utf-8", "replace")
        heard(name, payload, bool(more["retain"]), bool(more["dup"]))

    return on_message


def _afterwards(kept: Kept | None) -> Callable[..., Awaitable[int]]:
    async def on_message(
        _c: Any, topic: str, payload: bytes, qos: int, more: dict[str, Any]
    ) -> int:
        if kept is not None:
            name = topic if isinstance(topic, str) else bytes(topic).decode("utf-8", "replace")
            await kept(name, payload, qos, bool(more["retain"]), bool(more["dup"]))
        return 0

    return on_message
