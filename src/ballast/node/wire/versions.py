"""What clients of other versions expect otherwise.

Versions are compared as pairs (major, minor). A version is negotiated by
suggestion: the asker says in every envelope which version it would like, and
the answer comes in the lower of that one and our own.
"""

from __future__ import annotations

from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.envelope import OWN_VERSION, Envelope

__all__ = ["LOWEST_VERSION", "Version", "answer_version", "response_code_for", "spoken_version"]

Version = tuple[int, int]
LOWEST_VERSION: Version = (2, 0)
_NEW_CODES: Version = (2, 5)
# What came with 2.5 is told to older clients by the nearest code they know.
_OLDER = {
    ResponseCode.INVALID_VALUE: ResponseCode.VALUE_ALREADY_EXISTS,
    ResponseCode.SERVER_BACKUP: ResponseCode.PREFIX_REFERRAL,
}


def spoken_version(major: int, minor: int) -> Version:
    """Return the version that a pair of numbers means: 5.x was how 2.0 was first written.

    Examples
    --------
    >>> spoken_version(5, 1), spoken_version(2, 7)
    ((2, 0), (2, 7))
    """
    return LOWEST_VERSION if major == 5 else (major, minor)


def answer_version(envelope: Envelope) -> Version:
    """Return the version to answer in.

    Parameters
    ----------
    envelope
        That of the request.

    Examples
    --------
    >>> answer_version(Envelope(2, 3, suggested_major=2, suggested_minor=10))
    (2, 10)
    >>> answer_version(Envelope(2, 3, suggested_major=3, suggested_minor=0))
    (2, 11)
    """
    if envelope.suggested_major:
        wanted = (envelope.suggested_major, envelope.suggested_minor)
    else:
        wanted = spoken_version(envelope.major, envelope.minor)
    return max(LOWEST_VERSION, min(wanted, OWN_VERSION))


def response_code_for(version: Version, code: ResponseCode) -> ResponseCode:
    """Return the code by which a client of a version is told.

    Examples
    --------
    >>> response_code_for((2, 4), ResponseCode.INVALID_VALUE).name
    'VALUE_ALREADY_EXISTS'
    >>> response_code_for((2, 5), ResponseCode.INVALID_VALUE).name
    'INVALID_VALUE'
    """
    return _OLDER.get(code, code) if version < _NEW_CODES else code
