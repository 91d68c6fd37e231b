"""HS_ADMIN: who may do what with a handle, or below a prefix.

The word of permissions stands here as the wire has it, sixteen bits of which
twelve are named; RFC 3651, section 3.2.1, numbers them otherwise than servers
in the field do, and the field wins. The REST interface shows the same word as
a string of bits, high to low.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ballast.errors import InvalidTerm
from ballast.node.wire.codes import KeptFlag
from ballast.node.wire.reader import Buffer, Reader, string
from ballast.node.wire.value import Reference

__all__ = ["ALL_PERMISSIONS", "Admin", "AdminPermission"]


class AdminPermission(KeptFlag):
    """What an administrator may do."""

    ADD_HANDLE = 0x0001
    DELETE_HANDLE = 0x0002
    ADD_DERIVED_PREFIX = 0x0004
    DELETE_DERIVED_PREFIX = 0x0008
    MODIFY_VALUE = 0x0010
    REMOVE_VALUE = 0x0020
    ADD_VALUE = 0x0040
    MODIFY_ADMIN = 0x0080
    REMOVE_ADMIN = 0x0100
    ADD_ADMIN = 0x0200
    READ_VALUE = 0x0400
    LIST_HANDLES = 0x0800


ALL_PERMISSIONS = AdminPermission(0x0FFF)
_SPARE = b"\0\0"


@dataclass(frozen=True, slots=True)
class Admin:
    """The data of an HS_ADMIN value.

    Parameters
    ----------
    permissions
        What the administrator may do.
    handle, index
        The value that identifies the administrator: a key, or an HS_VLIST of such values.
    spare
        Whether two zero bytes follow, as in records that reckoned four bytes for the permissions.

    Examples
    --------
    >>> Admin(ALL_PERMISSIONS, "0.NA/88.118.8", 300).to_wire().hex()
    '0fff0000000d302e4e412f38382e3131382e380000012c'
    """

    permissions: AdminPermission
    handle: str
    index: int
    spare: bool = False

    @property
    def reference(self) -> Reference:
        """The value that identifies the administrator."""
        return Reference(self.handle, self.index)

    def to_wire(self) -> bytes:
        """Return the bytes: permissions u16, handle as a string, index u32."""
        return (
            int(self.permissions).to_bytes(2, "big")
            + string(self.handle.encode())
            + self.index.to_bytes(4, "big")
            + (_SPARE if self.spare else b"")
        )

    @classmethod
    def parse(cls, data: Buffer) -> Self:
        """Return the administrator that the data of an HS_ADMIN value describe.

        Raises
        ------
        MalformedMessage
            If they are not the data of one.
        """
        reader = Reader(data)
        permissions = AdminPermission(reader.u16())
        who = Reference.parse(reader)
        spare = bytes(data[reader.at :]) == _SPARE
        if not spare:
            reader.finish()
        return cls(permissions, who.handle, who.index, spare)

    def bit_string(self) -> str:
        """Return the permissions as the REST interface shows them, high to low.

        Examples
        --------
        >>> Admin(AdminPermission(0x07F3), "88.118.8/ADMIN", 300).bit_string()
        '011111110011'
        """
        return f"{int(self.permissions):012b}"

    @staticmethod
    def from_bit_string(text: str) -> AdminPermission:
        """Return the permissions that a string of 12 (at most 16) bits shows.

        Raises
        ------
        InvalidTerm
            If it is not such a string.

        Examples
        --------
        >>> hex(Admin.from_bit_string("011111110011"))
        '0x7f3'
        """
        if not 12 <= len(text) <= 16 or set(text) - {"0", "1"}:
            raise InvalidTerm(
                "“{text}” is no set of permissions; write 12 digits 0 or 1", text=text[:40]
            )
        return AdminPermission(int(text, 2))
