"""MQTT 3.1.1 by hand: what is sent is exactly what the test says, acknowledgements included."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Heard", "PlainClient"]


@dataclass(frozen=True)
class Heard:
    topic: str
    payload: bytes
    qos: int
    retained: bool


def _length(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = divmod(number, 128)
        out.append(low | (128 if number else 0))
        if not number:
            return bytes(out)


def _text(text: str) -> bytes:
    told = text.encode()
    return struct.pack("!H", len(told)) + told


class PlainClient:
    """A client of one thread: it sends, and reads when asked to."""

    def __init__(self, port: int, name: str, user: str = "", password: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._buffer = b""
        self._mid = 0
        self.acknowledged: set[int] = set()
        self._waiting: list[Heard] = []
        flags = 0x02 | (0xC0 if user else 0)
        body = _text("MQTT") + bytes([4, flags]) + struct.pack("!H", 0) + _text(name)
        if user:
            body += _text(user) + _text(password)
        self._send(0x10, body)
        kind, answer = self._packet()
        assert (kind, answer[1]) == (0x20, 0), answer

    def publish(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False) -> int:
        """Publish; return the number of the packet, 0 without one."""
        body = _text(topic)
        if qos:
            self._mid = self._mid % 65_535 + 1
            body += struct.pack("!H", self._mid)
        self._send(0x30 | qos << 1 | int(retain), body + payload)
        return self._mid if qos else 0

    def publish_surely(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 1 and wait until the broker has it."""
        mid = self.publish(topic, payload, qos=1)
        while mid not in self.acknowledged:
            self._read()
        self.acknowledged.discard(mid)

    def drain_acknowledgements(self, outstanding: int) -> int:
        """Read until so many acknowledgements are known; return and forget them."""
        while len(self.acknowledged) < outstanding:
            self._read()
        found = len(self.acknowledged)
        self.acknowledged.clear()
        return found

    def subscribe(self, topic: str, qos: int = 1) -> None:
        """Subscribe and wait for the answer."""
        self._send(0x82, struct.pack("!H", 1) + _text(topic) + bytes([qos]))
        kind, body = self._packet()
        while kind != 0x90:
            self._take(kind, body)
            kind, body = self._packet()

    def heard(self, seconds: float = 10.0) -> Heard:
        """Return the next message."""
        self._socket.settimeout(seconds)
        while not self._waiting:
            self._read()
        return self._waiting.pop(0)

    def all_heard(self, seconds: float) -> Iterator[Heard]:
        """Yield messages until none comes for a while."""
        while True:
            try:
                yield self.heard(seconds)
            except TimeoutError:
                return

    def close(self) -> None:
        """Send DISCONNECT and close."""
        self._socket.sendall(b"\xe0\x00")
        self._socket.close()

    def vanish(self) -> None:
        """Close without a word: the broker publishes the will."""
        self._socket.close()

    def _read(self) -> None:
        self._take(*self._packet())

    def _take(self, kind: int, body: bytes) -> None:
        if kind & 0xF0 == 0x40:
            self.acknowledged.add(struct.unpack("!H", body[:2])[0])
        elif kind & 0xF0 == 0x30:
            size = struct.unpack("!H", body[:2])[0]
            topic, rest = body[2 : 2 + size].decode(), body[2 + size :]
            qos = kind >> 1 & 3
            if qos:
                self._send(0x40, rest[:2])
                rest = rest[2:]
            self._waiting.append(Heard(topic, rest, qos, bool(kind & 1)))

    def _send(self, head: int, body: bytes) -> None:
        self._socket.sendall(bytes([head]) + _length(len(body)) + body)

    def _packet(self) -> tuple[int, bytes]:
        while True:
            size, scale, at = 0, 1, 1
            while at < len(self._buffer):
                byte = self._buffer[at]
                size += (byte & 127) * scale
                scale *= 128
                at += 1
                if not byte & 128:
                    if len(self._buffer) >= at + size:
                        found = self._buffer[0], self._buffer[at : at + size]
                        self._buffer = self._buffer[at + size :]
                        return found
                    break
            more = self._socket.recv(65_536)
            if not more:
                raise ConnectionError("the broker has closed")
            self._buffer += more
