"""What every handler takes from a request: who asks, and a body within its bound."""

from __future__ import annotations

from starlette.requests import Request

from ballast.errors import BodyTooLong, ProofNeeded
from ballast.node.servers.http.accepting import language_of
from ballast.node.servers.http.access import Asker, Gate
from ballast.node.servers.http.paths import Query, parse_query
from ballast.node.service.answers import Answer
from ballast.terms.label import Label, Language

__all__ = ["address_of", "asker_of", "body_of", "proof_needed", "query_of", "tongue_of"]


def address_of(request: Request) -> str:
    """Return the address of the other end."""
    return request.client.host if request.client is not None else ""


def tongue_of(request: Request) -> Language:
    """Return the language of what is said to a program: English, unless it asks for Chinese."""
    accept = request.headers.get("accept-language", "")
    return language_of("", accept) if accept else "en"


def proof_needed(answer: Answer) -> ProofNeeded:
    """Return the refusal that an answer of the service comes to where a proof would help."""
    return ProofNeeded(
        "a proof is needed: {reason}", reason=Label(answer.said("zh"), answer.said("en"))
    )


def query_of(request: Request) -> Query:
    """Return the parameters of a request."""
    return parse_query(request.scope["query_string"].decode("latin-1"))


async def asker_of(request: Request, gate: Gate) -> Asker:
    """Return who asks.

    Raises
    ------
    HttpRefused
        If a proof was offered and not taken.
    """
    return await gate.identify(
        request.headers.get("authorization", ""),
        address_of(request),
        secure=request.url.scheme == "https",
    )


async def body_of(request: Request, most: int) -> bytes:
    """Return the body of a request.

    Parameters
    ----------
    most
        The longest that is taken, bytes.

    Raises
    ------
    BodyTooLong
        If it is longer; what it says of its length is believed only when it says too much.
    """
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and len(told) < 20 and int(told) > most:
        raise _too_long(most)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_long(most)
        parts.append(part)
    return b"".join(parts)


def _too_long(most: int) -> BodyTooLong:
    return BodyTooLong(
        "the body of the request is longer than {bytes} bytes; send it in parts", bytes=most
    )
