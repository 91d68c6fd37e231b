"""Bare uvloop echoes: ``python native_echoes.py udp|raw|framed PORT ANSWER_BYTES``, until killed.

A program of its own, so that it is nothing but the echo: no module of ours is
loaded beside it.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop


class UdpEcho(asyncio.DatagramProtocol):
    """A bare echo of datagrams."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Send back what came."""
        self.transport.sendto(data, addr)  # type: ignore[attr-defined]


class RawEcho(asyncio.Protocol):
    """A bare echo of bytes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Send back what came."""
        self.transport.write(data)  # type: ignore[attr-defined]


class FramedEcho(asyncio.Protocol):
    """A bare echo of messages: each is answered with a ready-made one of the size of ours."""

    ready = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport, self.held = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer each whole message."""
        data = self.held + data if self.held else data
        at, size, out, ready = 0, len(data), [], self.ready
        while size - at >= 20:
            stop = at + 20 + int.from_bytes(data[at + 16 : at + 20], "big")
            if stop > size:
                break
            out.append(ready)
            at = stop
        self.held = data[at:]
        self.transport.write(b"".join(out))  # type: ignore[attr-defined]


async def echo(kind: str, port: int, answer_bytes: int) -> None:
    """Serve one of the peers until killed."""
    body = answer_bytes - 20
    FramedEcho.ready = bytes(16) + body.to_bytes(4, "big") + bytes(body)
    loop = asyncio.get_running_loop()
    if kind == "udp":
        await loop.create_datagram_endpoint(UdpEcho, ("127.0.0.1", port))
    else:
        protocol = RawEcho if kind == "raw" else FramedEcho
        await loop.create_server(protocol, "127.0.0.1", port)
    await asyncio.sleep(3600)


if __name__ == "__main__":
    uvloop.run(echo(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
