"""Challenges of the native protocol: made for a request, sent, and found again.

A challenge is a nonce of ours and the digest of what was asked, both of which
the answer must cover: a proof given for one request is worth nothing for
another. The request itself waits in the vault with it, so that the answer may
come over any connection and to any worker.
"""

from __future__ import annotations

from collections.abc import Callable

from ballast.errors import MalformedMessage
from ballast.node.service.authentication.vault import Pending
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.message import Message, answer_to, parse_message
from ballast.node.wire.requests import LoginRequest
from ballast.node.wire.responses import Challenge, DigestAlgorithm, RequestDigest, request_digest
from ballast.node.wire.value import Reference
from ballast.node.wire.versions import answer_version

__all__ = ["challenge_message", "login_claim", "make_challenge"]

NONCE_BYTES = 16


def make_challenge(request: Message, address: str, random: Callable[[int], bytes]) -> Pending:
    """Return the challenge to a request, to be given to the vault (``Hold``).

    Parameters
    ----------
    request
        What was asked, whole.
    address
        Whence.
    random
        ``random(n)`` gives n unpredictable bytes.
    """
    version = answer_version(request.envelope)
    digest = request_digest(request, version)
    return Pending(
        nonce=random(NONCE_BYTES),
        algorithm=int(digest.algorithm),
        digest=digest.digest,
        request=request.to_wire(),
        address=address,
        version=version,
    )


def challenge_message(request: Message, held: Pending) -> Message:
    """Return the message that carries a challenge (402).

    Parameters
    ----------
    request
        What was asked.
    held
        The challenge as the vault gave it back: its session id is what ties the answer to it.
    """
    digest = RequestDigest(DigestAlgorithm(held.algorithm), held.digest)
    return answer_to(
        request,
        ResponseCode.AUTHENTICATION_NEEDED,
        Challenge(digest, held.nonce).to_wire(),
        # "Challenges always carry it": the flag says that a digest leads the body.
        flags=request.header.flags | OpFlag.RRDG,
        session_id=held.session_id,
    )


def login_claim(held: Pending) -> Reference | None:
    """Return whom a challenge's request wants to log in (operation 2001); None: it is no login.

    The proof must be given by this very identity: a connection that asked to be one
    administrator and proves to be another is neither.
    """
    try:
        request = parse_message(held.request)
        if request.header.op != OpCode.LOGIN_IDENTITY:
            return None
        asked = LoginRequest.parse(request.body)
    except MalformedMessage:
        return None
    return Reference(asked.handle.decode(), asked.index)
