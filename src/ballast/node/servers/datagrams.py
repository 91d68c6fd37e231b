"""Many datagrams for one system call: ``recvmmsg`` and ``sendmmsg`` of Linux.

Python's own ``recvfrom`` makes an address text and a tuple of each datagram and
``sendto`` takes them apart again; together with a system call each that is a
third of what a plain resolution costs. Here the kernel writes addresses and
datagrams into memory of ours, and answers leave from there; the address is
read only where somebody needs it. Where these calls are missing (anything but
Linux), ``UdpDoor`` goes datagram by datagram.
"""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
from typing import Any

__all__ = ["BATCH", "Datagrams", "Host", "batches_are_possible"]

BATCH = 64
# An address of IPv4 as the number that lies in memory, one of IPv6 as its bytes: a key, no text.
Host = int | bytes

# Room for the longest address, that of IPv6 (28 bytes), in whole words.
_NAME_BYTES = 32
_NAME_WORDS = _NAME_BYTES // 4
_V4_NAME_BYTES, _V6_NAME_BYTES = 16, 28
_V4_HOST_WORD, _V6_HOST_AT = 1, 8
_PORT = struct.Struct(">2xH")
_V6_SCOPE = struct.Struct("=I")
_V6_SCOPE_AT = 24


class _Part(ctypes.Structure):
    """``struct iovec``."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    """``struct msghdr``."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("parts", ctypes.c_void_p),
        ("part_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """``struct mmsghdr``."""

    _fields_ = (("header", _Header), ("length", ctypes.c_uint32))


_MESSAGE_BYTES = ctypes.sizeof(_Message)
_MESSAGE_WORDS = _MESSAGE_BYTES // 4
_LENGTH_WORD = ctypes.sizeof(_Header) // 4
_NAME_LONG, _PART_LONGS, _PART_LENGTH_LONG = 0, ctypes.sizeof(_Part) // 8, 1
_MESSAGE_LONGS = _MESSAGE_BYTES // 8


def batches_are_possible() -> bool:
    """Whether this system has the two calls, with structures as they are known here."""
    library = ctypes.CDLL(None)
    return (
        sys.platform == "linux"
        and ctypes.sizeof(ctypes.c_void_p) == 8
        and hasattr(library, "recvmmsg")
        and hasattr(library, "sendmmsg")
    )


class Datagrams:
    """A UDP socket that is read and written a batch at a time.

    Parameters
    ----------
    taken
        Bound and not blocking, of IPv4 or IPv6; it must outlive this object.
    longest_in
        Datagrams are cut off at so many bytes.
    longest_out
        No answer is longer.
    """

    def __init__(self, taken: socket.socket, longest_in: int, longest_out: int) -> None:
        self._descriptor = taken.fileno()
        self._v6 = taken.family == socket.AF_INET6
        name_bytes = _V6_NAME_BYTES if self._v6 else _V4_NAME_BYTES
        self._kept: list[Any] = []
        names, name_base = self._memory(BATCH * _NAME_BYTES)
        self._names, self._name_words = names, names.cast("I")
        self._name_at = [name_base + place * _NAME_BYTES for place in range(BATCH)]
        self._in, in_base = self._memory(BATCH * longest_in)
        self._out, out_base = self._memory(BATCH * longest_out)
        self._in_at = [place * longest_in for place in range(BATCH)]
        self._out_at = [place * longest_out for place in range(BATCH)]
        self._in_base, received, _ = self._headers(in_base, longest_in, name_base, name_bytes)
        self._lengths = received.cast("I")
        self._out_base, sent, parts = self._headers(out_base, longest_out, name_base, name_bytes)
        self._sent_names, self._sent_lengths = sent.cast("Q"), parts.cast("Q")
        library = ctypes.CDLL(None)
        self._receive, self._send = library.recvmmsg, library.sendmmsg
        self._receive.argtypes = (
            ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p,
        )  # fmt: skip
        self._send.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int)

    def _memory(self, size: int) -> tuple[memoryview, int]:
        """Return memory that stays where it is, and its address."""
        block = (ctypes.c_ubyte * size)()
        self._kept.append(block)
        return memoryview(block).cast("B"), ctypes.addressof(block)

    def _headers(
        self, base: int, each: int, names: int, name_bytes: int
    ) -> tuple[int, memoryview, memoryview]:
        """Return the address of a batch's headers, and views of them and of their parts."""
        parts = (_Part * BATCH)()
        messages = (_Message * BATCH)()
        self._kept += [parts, messages]
        for place in range(BATCH):
            parts[place].base, parts[place].length = base + place * each, each
            header = messages[place].header
            header.name, header.name_length = names + place * _NAME_BYTES, name_bytes
            header.parts = ctypes.addressof(parts[place])
            header.part_count = 1
        return (
            ctypes.addressof(messages),
            memoryview(messages).cast("B"),
            memoryview(parts).cast("B"),
        )

    def receive(self) -> tuple[list[bytes], list[Host]]:
        """Return the datagrams that wait, a batch at most, and the hosts that sent them."""
        count = self._receive(self._descriptor, self._in_base, BATCH, socket.MSG_DONTWAIT, None)
        if count <= 0:
            return [], []
        view = self._in
        sizes = self._lengths[_LENGTH_WORD : count * _MESSAGE_WORDS : _MESSAGE_WORDS].tolist()
        found = [
            bytes(view[at : at + size]) for at, size in zip(self._in_at[:count], sizes, strict=True)
        ]
        if not self._v6:
            words = self._name_words[_V4_HOST_WORD : count * _NAME_WORDS : _NAME_WORDS]
            hosts: list[Host] = words.tolist()  # type: ignore[assignment]
            return found, hosts
        return found, [
            bytes(self._names[at + _V6_HOST_AT : at + _V6_HOST_AT + 16])
            for at in range(0, count * _NAME_BYTES, _NAME_BYTES)
        ]

    def address(self, place: int) -> tuple[Any, ...]:
        """Return the address of a datagram of the last batch, as ``socket.sendto`` takes it."""
        name = bytes(self._names[place * _NAME_BYTES : (place + 1) * _NAME_BYTES])
        (port,) = _PORT.unpack_from(name)
        if not self._v6:
            return socket.inet_ntop(socket.AF_INET, name[4:8]), port
        host = socket.inet_ntop(socket.AF_INET6, name[_V6_HOST_AT : _V6_HOST_AT + 16])
        (scope,) = _V6_SCOPE.unpack_from(name, _V6_SCOPE_AT)
        return host, port, 0, scope

    def send(self, answers: list[tuple[int, bytes]]) -> int:
        """Send answers to where datagrams of the last batch came from; return how many could not.

        Parameters
        ----------
        answers
            The place of the datagram in its batch, and the answer to it.
        """
        out, out_at, lengths, names = self._out, self._out_at, self._sent_lengths, self._sent_names
        name_at = self._name_at
        for number, (place, answer) in enumerate(answers):
            at, size = out_at[number], len(answer)
            out[at : at + size] = answer
            lengths[number * _PART_LONGS + _PART_LENGTH_LONG] = size
            names[number * _MESSAGE_LONGS + _NAME_LONG] = name_at[place]
        done = failed = 0
        while done < len(answers):
            sent = self._send(
                self._descriptor, self._out_base + done * _MESSAGE_BYTES, len(answers) - done,
                socket.MSG_DONTWAIT,
            )  # fmt: skip
            if sent <= 0:
                # The first of them cannot be sent; UDP may lose it.
                sent, failed = 1, failed + 1
            done += sent
        return failed
