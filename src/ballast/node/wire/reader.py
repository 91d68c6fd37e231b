"""Reading bytes without ever running past the frame that holds them.

Every length and every count on the wire was chosen by a stranger. Slicing in
Python never fails: ``data[4:4 + length]`` of a short message is silently
shorter. So all reading goes through one object that knows where its frame
ends, refuses what does not fit, and judges a count by what is left in the
frame before anything is allocated for it.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any, TypeVar

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.terms.handle import MAX_HANDLE_BYTES

__all__ = ["MAX_ARRAY_BYTES", "MAX_MESSAGE_BYTES", "MAX_VALUES", "Buffer", "Reader", "string"]

# The limits that servers in the field hold to.
MAX_MESSAGE_BYTES = 262_144
MAX_ARRAY_BYTES = 1_048_576
MAX_VALUES = 2048

Buffer = bytes | bytearray | memoryview
_Item = TypeVar("_Item")
_U16 = Struct(">H")
_U32 = Struct(">I")


def string(data: bytes) -> bytes:
    """Return bytes as the wire carries them: a 32-bit length, then the bytes.

    Examples
    --------
    >>> string(b"URL").hex()
    '0000000355524c'
    """
    return _U32.pack(len(data)) + data


class Reader:
    """A place in a buffer, and the end that it cannot pass.

    Parameters
    ----------
    data
        What is read; it is not copied, the strings taken from it are.
    start, end
        The frame, in bytes; to the end of the data by default.

    Examples
    --------
    >>> reader = Reader(bytes.fromhex("0000000355524c ff"))
    >>> reader.string(), reader.u8(), reader.left
    (b'URL', 255, 0)
    """

    __slots__ = ("_data", "at", "end")

    def __init__(self, data: Buffer, start: int = 0, end: int | None = None) -> None:
        size = len(data)
        self._data = data
        self.at = start
        self.end = size if end is None else end
        if not 0 <= start <= self.end <= size:
            raise MalformedMessage(
                "a frame from byte {start} to {end} does not fit in {size} bytes",
                start=start,
                end=self.end,
                size=size,
            )

    @property
    def left(self) -> int:
        """How many bytes of the frame have not been read."""
        return self.end - self.at

    def _advance(self, size: int) -> int:
        at = self.at
        after = at + size
        if after > self.end:
            raise MalformedMessage(
                "the frame ends at byte {end}, but {size} bytes are called for at byte {at}",
                end=self.end,
                size=size,
                at=at,
            )
        self.at = after
        return at

    def u8(self) -> int:
        """Return the next byte."""
        return self._data[self._advance(1)]

    def u16(self) -> int:
        """Return the next 16-bit number."""
        return int(_U16.unpack_from(self._data, self._advance(2))[0])

    def u32(self) -> int:
        """Return the next 32-bit number."""
        return int(_U32.unpack_from(self._data, self._advance(4))[0])

    def unpack(self, layout: Struct) -> tuple[Any, ...]:
        """Return the numbers of a fixed layout."""
        return layout.unpack_from(self._data, self._advance(layout.size))

    def take(self, size: int) -> bytes:
        """Return the next bytes.

        Parameters
        ----------
        size
            How many.
        """
        at = self._advance(size)
        return bytes(self._data[at : at + size])

    def rest(self) -> bytes:
        """Return all that is left of the frame."""
        return self.take(self.end - self.at)

    def string(
        self,
        most: int = MAX_ARRAY_BYTES,
        response_code: int = ResponseCode.PROTOCOL_ERROR,
    ) -> bytes:
        """Return the next string: a 32-bit length, then as many bytes.

        Parameters
        ----------
        most
            How many bytes it may have.
        response_code
            What the protocol answers where it has more.
        """
        at = self.at
        size = self.u32()
        # What does not fit in the frame contradicts the message; what fits may still be too long.
        after = self._advance(size) + size
        if size > most:
            raise MalformedMessage(
                "the string at byte {at} has {size} bytes; at most {most} are allowed",
                response_code=response_code,
                at=at,
                size=size,
                most=most,
            )
        return bytes(self._data[after - size : after])

    def utf8(
        self,
        most: int = MAX_ARRAY_BYTES,
        response_code: int = ResponseCode.PROTOCOL_ERROR,
    ) -> bytes:
        """Return the next string as bytes that are known to be UTF-8.

        Parameters
        ----------
        most, response_code
            As for ``string``; the code also answers what is not UTF-8.
        """
        at = self.at
        found = self.string(most, response_code)
        if not found.isascii():
            _decoded(found, at, response_code)
        return found

    def text(
        self,
        most: int = MAX_ARRAY_BYTES,
        response_code: int = ResponseCode.PROTOCOL_ERROR,
    ) -> str:
        """Return the next string as text.

        Parameters
        ----------
        most, response_code
            As for ``utf8``.
        """
        at = self.at
        return _decoded(self.string(most, response_code), at, response_code)

    def handle(self) -> bytes:
        """Return the next string as a handle: UTF-8, at most 2048 bytes; else code 102."""
        return self.utf8(MAX_HANDLE_BYTES, ResponseCode.INVALID_HANDLE)

    def count(self, smallest: int, most: int | None = None) -> int:
        """Return the count in front of a list, if the frame can hold so many.

        Parameters
        ----------
        smallest
            How many bytes an item has at least; 1 or more.
        most
            How many items are allowed; as many as fit by default.
        """
        at = self.at
        number = self.u32()
        fits = (self.end - self.at) // smallest
        if number > fits:
            raise MalformedMessage(
                "the list at byte {at} claims {number} items, but the frame holds at most {fits}",
                at=at,
                number=number,
                fits=fits,
            )
        if most is not None and number > most:
            raise MalformedMessage(
                "the list at byte {at} has {number} items; at most {most} are allowed",
                at=at,
                number=number,
                most=most,
            )
        return number

    def list(
        self, read: Callable[[Reader], _Item], smallest: int, most: int | None = None
    ) -> tuple[_Item, ...]:
        """Return a list: a 32-bit count, then so many items.

        Parameters
        ----------
        read
            What reads one item.
        smallest, most
            As for ``count``.
        """
        return tuple([read(self) for _ in range(self.count(smallest, most))])

    def restrict(self, size: int) -> Reader:
        """Return a reader of the next bytes alone, and step over them.

        Parameters
        ----------
        size
            How many bytes the inner frame has.
        """
        at = self._advance(size)
        return Reader(self._data, at, at + size)

    def finish(self) -> None:
        """Refuse what is left in the frame: nothing may follow what was read."""
        if self.at != self.end:
            raise MalformedMessage(
                "{left} bytes are left over at byte {at}; nothing belongs there",
                left=self.end - self.at,
                at=self.at,
            )


def _decoded(data: bytes, at: int, response_code: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise MalformedMessage(
            "the text at byte {at} is not UTF-8", response_code=response_code, at=at
        ) from error
