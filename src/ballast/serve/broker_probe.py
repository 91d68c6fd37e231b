"""Whether a broker answers, and lets us in: asked once, before anything is started.

The collector tries again for ever, as it must in a plant whose broker is
restarted at night. Whoever types an address wants to be told at once that
nobody is there, or that the password is wrong. One CONNECT of MQTT 3.1.1 in
plain bytes asks it, which brokers of MQTT 5 understand, too; a client library
would bring its own reconnecting along.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from contextlib import suppress
from dataclasses import dataclass

from ballast.errors import CannotServe, UnreadableFile

__all__ = ["BrokerAddress", "ask_broker", "connect_packet", "speaks_mqtt"]

_SECONDS = 8.0
# MQTT 3.1.1, table 3.1: what the second byte of CONNACK's variable header says.
_BAD_NAME_OR_PASSWORD, _NOT_AUTHORISED = 4, 5


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """A broker, and as whom to come.

    Parameters
    ----------
    host, port
        Where it listens.
    tls
        Whether the way there is encrypted.
    ca_file
        Of the authority that signed its certificate; the system's where empty.
    user, password
        Who comes; nobody in particular where empty.
    """

    host: str
    port: int
    tls: bool = False
    ca_file: str = ""
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Return it without the password."""
        return f"BrokerAddress({self.url})"

    @property
    def url(self) -> str:
        """The address as people write it, without who comes."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"


def connect_packet(client_id: str, user: str = "", password: str = "") -> bytes:
    """Return a CONNECT of MQTT 3.1.1 with a clean session.

    Examples
    --------
    >>> connect_packet("a").hex()
    '100d00044d51545404020000000161'
    """

    def text(said: str) -> bytes:
        packed = said.encode()
        return len(packed).to_bytes(2, "big") + packed

    # Clause 3.1.2.3: user name 0x80, password 0x40, clean session 0x02.
    flags = 0x02 | (0x80 if user else 0) | (0x40 if user and password else 0)
    body = text("MQTT") + bytes((4, flags, 0, 0)) + text(client_id)
    body += (text(user) if user else b"") + (text(password) if user and password else b"")
    # Clause 2.2.3: seven bits a byte, the eighth says that another follows.
    length, left = bytearray(), len(body)
    while True:
        left, low = divmod(left, 128)
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes((0x10,)) + bytes(length) + body


async def ask_broker(broker: BrokerAddress) -> None:
    """Connect to a broker and go away again.

    Raises
    ------
    CannotServe
        If nobody answers, what answers is no MQTT broker, its certificate does
        not hold, or it does not let us in: one line that says which.
    UnreadableFile
        If the file of the authority cannot be used.
    """
    code = await _answer(broker)
    if code in (_BAD_NAME_OR_PASSWORD, _NOT_AUTHORISED):
        raise CannotServe(
            "{broker}: the broker does not let {user} in; see BALLAST_PLANT_USER and "
            "BALLAST_PLANT_PASSWORD_FILE",
            broker=broker.url,
            user=broker.user or "–",
        )
    if code:
        raise CannotServe(
            "{broker}: the broker refuses the connection (code {code}); see its log",
            broker=broker.url,
            code=code,
        )


async def speaks_mqtt(host: str, port: int) -> bool:
    """Tell whether a broker answers on a port of this machine, whoever it lets in."""
    try:
        await _answer(BrokerAddress(host, port))
    except CannotServe:
        return False
    return True


async def _answer(broker: BrokerAddress) -> int:
    """Return the code that the broker answers to a CONNECT."""
    context = _tls(broker)
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(broker.host, broker.port, ssl=context)
            try:
                name = f"ballast-asks-{os.urandom(4).hex()}"
                writer.write(connect_packet(name, broker.user, broker.password))
                answer = await reader.readexactly(4)
                writer.write(b"\xe0\x00")  # DISCONNECT
                await writer.drain()
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
    except ssl.SSLError as error:
        raise CannotServe(
            "{broker}: the way there cannot be encrypted ({reason}); see BALLAST_PLANT_CA_FILE, "
            "or write mqtt:// where the broker has no TLS",
            broker=broker.url,
            reason=getattr(error, "verify_message", "") or error.reason or error,
        ) from None
    except asyncio.IncompleteReadError:
        answer = b""
    except OSError as error:  # a timeout is one, too
        raise CannotServe(
            "{broker}: no broker answers there ({reason}); see its address, and whether it runs",
            broker=broker.url,
            reason=error.strerror or _why(error),
        ) from None
    if len(answer) != 4 or answer[:2] != b"\x20\x02":
        raise CannotServe(
            "{broker}: what answers there is no MQTT broker; see the port (1883, or 8883 with TLS)",
            broker=broker.url,
        )
    return answer[3]


def _why(error: OSError) -> str:
    return f"{_SECONDS:.0f} s" if isinstance(error, TimeoutError) else str(error)


def _tls(broker: BrokerAddress) -> ssl.SSLContext | None:
    if not broker.tls:
        return None
    try:
        return ssl.create_default_context(cafile=broker.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise UnreadableFile(
            "{path}: cannot be used as the authority of the broker ({reason}); it must be a PEM "
            "file",
            path=broker.ca_file,
            reason=getattr(error, "strerror", None) or error,
        ) from None
