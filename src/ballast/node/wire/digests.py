"""The digest of a request, which an answer may carry and an administrator signs.

Where the RRDG flag is set in a response, and in every challenge, the body
starts with a digest of the request's header and body: so the asker knows that
nobody changed the question on its way. ``split_digest`` takes it off.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import KeptCode, OpFlag, ResponseCode
from ballast.node.wire.message import Message, digested
from ballast.node.wire.reader import Reader, string
from ballast.node.wire.versions import Version, answer_version

__all__ = ["DigestAlgorithm", "RequestDigest", "request_digest", "split_digest"]


class DigestAlgorithm(KeptCode):
    """By which algorithm the digest of a request was taken."""

    OLD_MD5 = 0  # MD5 with its length written before it
    MD5 = 1
    SHA1 = 2
    SHA256 = 3


_SIZES = {DigestAlgorithm.MD5: 16, DigestAlgorithm.SHA1: 20, DigestAlgorithm.SHA256: 32}
_OLD_SIZE = 16


@dataclass(frozen=True, slots=True)
class RequestDigest:
    """The digest of a request's header and body.

    Parameters
    ----------
    algorithm
        Which; it says how long the digest is.
    digest
        The digest alone, as it is signed.
    """

    algorithm: DigestAlgorithm
    digest: bytes

    def to_wire(self) -> bytes:
        """Return the bytes: algorithm u8, then the digest."""
        written = self.digest
        if self.algorithm == DigestAlgorithm.OLD_MD5:
            written = string(written)
        return bytes([self.algorithm]) + written

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        """Return the digest that stands next.

        Raises
        ------
        MalformedMessage
            If the algorithm is unknown: then nobody can tell where the digest ends.
        """
        at = reader.at
        algorithm = DigestAlgorithm(reader.u8())
        if algorithm == DigestAlgorithm.OLD_MD5:
            return cls(algorithm, reader.string(_OLD_SIZE))
        if algorithm not in _SIZES:
            raise MalformedMessage(
                "the digest at byte {at} is of kind {kind}; kinds 0 to 3 are known",
                at=at,
                kind=int(algorithm),
            )
        return cls(algorithm, reader.take(_SIZES[algorithm]))


def request_digest(request: Message, version: Version | None = None) -> RequestDigest:
    """Return the digest of a request, by the algorithm that its version asks for.

    Parameters
    ----------
    request
        The request.
    version
        The version of the answer that will carry it; the negotiated one by default.
        2.7 and later take SHA-256, 2.1 to 2.6 SHA-1, before that MD5 in the old form.
    """
    data = digested(request)
    spoken = version or answer_version(request.envelope)
    if spoken >= (2, 7):
        return RequestDigest(DigestAlgorithm.SHA256, hashlib.sha256(data).digest())
    if spoken >= (2, 1):
        sha1 = hashlib.sha1(data, usedforsecurity=False)
        return RequestDigest(DigestAlgorithm.SHA1, sha1.digest())
    md5 = hashlib.md5(data, usedforsecurity=False)
    return RequestDigest(DigestAlgorithm.OLD_MD5, md5.digest())


def split_digest(message: Message) -> tuple[RequestDigest | None, bytes]:
    """Return the digest that leads the body of a response, if any, and the body behind it.

    Parameters
    ----------
    message
        A response.
    """
    header = message.header
    carried = header.flags & OpFlag.RRDG or header.response == ResponseCode.AUTHENTICATION_NEEDED
    if not carried:
        return None, message.body
    reader = Reader(message.body)
    found = RequestDigest.parse(reader)
    return found, reader.rest()
