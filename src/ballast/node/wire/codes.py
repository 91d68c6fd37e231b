"""The numbers of the protocol and their names; a number without a name survives.

Clients and servers of later versions, and the Chinese extensions, use numbers
that this file does not list. A plain ``IntEnum`` would refuse them and a plain
``IntFlag`` would remember every new combination for ever, which a stranger
could use to fill the memory; so both are taught to make an unnamed member
that is forgotten like any other object.

Sources: RFC 3652, sections 2.2.2.1 to 2.2.2.3, and the practice of running
servers where it differs (operation 302 for 106, three more flags).
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from functools import lru_cache
from typing import Self, TypeVar

__all__ = ["EnvelopeFlag", "KeptCode", "KeptFlag", "OpCode", "OpFlag", "ResponseCode"]

_U32 = 0xFFFFFFFF


class KeptCode(IntEnum):
    """A number that may be unknown: it then has a printable name and nothing else."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or not 0 <= value <= _U32:
            return None
        unnamed = int.__new__(cls, value)
        unnamed._name_ = f"{cls.__name__}_{value}"
        unnamed._value_ = value
        return unnamed


class KeptFlag(IntFlag):
    """Bits of which some may be unknown: they are kept."""

    @classmethod
    def _missing_(cls, value: object) -> Self:
        if not isinstance(value, int) or not ~_U32 <= value <= _U32:
            raise ValueError(value)
        combined: Self = _combined(cls, value & _U32)
        return combined


_Flag = TypeVar("_Flag", bound=KeptFlag)


# Peers use a handful of combinations; those of a stranger push each other out.
@lru_cache(maxsize=1024)
def _combined(kind: type[_Flag], value: int) -> _Flag:
    parts = [str(one.name) for one in kind if one.value & value]
    rest = value & ~sum(one.value for one in kind)
    unnamed = int.__new__(kind, value)
    unnamed._name_ = "|".join([*parts, *([f"{rest:#x}"] if rest else [])]) or "0"
    unnamed._value_ = value
    return unnamed


class EnvelopeFlag(KeptFlag):
    """The upper six bits of the envelope's third byte."""

    COMPRESSED = 0x80
    ENCRYPTED = 0x40
    TRUNCATED = 0x20  # one of several datagrams


class OpCode(KeptCode):
    """What a message asks for; the answer carries the same number.

    Examples
    --------
    >>> OpCode(1).name, OpCode(4711).name, int(OpCode(4711))
    ('RESOLVE', 'OpCode_4711', 4711)
    """

    RESERVED = 0  # also the answer to a message whose operation could not be read
    RESOLVE = 1
    GET_SITE_INFO = 2
    CREATE_HANDLE = 100
    DELETE_HANDLE = 101
    ADD_VALUE = 102
    REMOVE_VALUE = 103
    MODIFY_VALUE = 104
    LIST_HANDLES = 105
    LIST_SUB_PREFIXES = 106  # RFC 3652: OC_LIST_NA; servers in the field answer 302 instead
    CHALLENGE_ANSWER = 200
    VERIFY_CHALLENGE = 201
    HOME_PREFIX = 300
    UNHOME_PREFIX = 301
    LIST_HOMED_PREFIXES = 302
    SESSION_SETUP = 400
    SESSION_TERMINATE = 401
    SESSION_EXCHANGE_KEY = 402
    RETRIEVE_TRANSACTION_LOG = 1000
    DUMP_HANDLES = 1001
    RETRIEVE_NEXT_TRANSACTION_ID = 1002
    BACKUP_SERVER = 1003
    LOGIN_PASSWORD = 2000  # China
    LOGIN_IDENTITY = 2001  # China


class ResponseCode(KeptCode):
    """What became of a request.

    Examples
    --------
    >>> ResponseCode(100).name, ResponseCode(900).name
    ('HANDLE_NOT_FOUND', 'ResponseCode_900')
    """

    REQUEST = 0
    SUCCESS = 1
    ERROR = 2
    SERVER_BUSY = 3
    PROTOCOL_ERROR = 4
    OPERATION_NOT_SUPPORTED = 5
    RECURSION_LIMIT = 6
    SERVER_BACKUP = 7  # not in RFC 3652
    HANDLE_NOT_FOUND = 100
    HANDLE_ALREADY_EXISTS = 101
    INVALID_HANDLE = 102
    VALUES_NOT_FOUND = 200
    VALUE_ALREADY_EXISTS = 201
    INVALID_VALUE = 202
    OUT_OF_DATE_SITE_INFO = 300
    SERVER_NOT_RESPONSIBLE = 301
    SERVICE_REFERRAL = 302
    PREFIX_REFERRAL = 303
    INVALID_ADMIN = 400
    INSUFFICIENT_PERMISSIONS = 401
    AUTHENTICATION_NEEDED = 402
    AUTHENTICATION_FAILED = 403
    INVALID_CREDENTIAL = 404
    AUTHENTICATION_TIMEOUT = 405
    AUTHENTICATION_ERROR = 406
    LOGIN_AGAIN = 407  # China
    LOGIN_FIRST = 408  # China
    SESSION_TIMEOUT = 500
    SESSION_FAILED = 501
    INVALID_SESSION_KEY = 502
    NEED_RSA_KEY = 503
    INVALID_SESSION_SETUP = 504
    SESSION_MESSAGE_REJECTED = 505  # a counter seen before
    VERIFY_FAILED = 3001  # China


class OpFlag(KeptFlag):
    """What the asker wants besides; RFC 3652, section 2.2.2.3, and what came later.

    Examples
    --------
    >>> OpFlag(0x19000000) == OpFlag.RECU | OpFlag.CACR | OpFlag.PUBL
    True
    >>> OpFlag(0x01000040).name
    'PUBL|0x40'
    """

    AUTH = 0x80000000  # authoritative: not from a cache
    CERT = 0x40000000  # sign the answer
    ENCR = 0x20000000  # encrypt the answer
    RECU = 0x10000000  # ask on if not responsible
    CACR = 0x08000000  # a cache server's answer is to be authenticated
    CONT = 0x04000000  # more answers follow
    KPAL = 0x02000000  # keep the connection open
    PUBL = 0x01000000  # public values only: needs no authentication
    RRDG = 0x00800000  # return the digest of the request
    OVRW = 0x00400000  # overwrite when creating; not in RFC 3652
    MINT = 0x00200000  # the server chooses the suffix; not in RFC 3652
    DNRF = 0x00100000  # do not refer; not in RFC 3652
    RECU_AUTH = 0x00000004  # China: authenticate the recursion
