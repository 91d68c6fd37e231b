"""What every handler takes from a request: who asks, and a body within its bound."""

from __future__ import annotations

from starlette.requests import Request

from ballast.errors import BodyTooLong
from ballast.node.servers.http.access import Asker, Gate
from ballast.node.servers.http.paths import Query, parse_query

__all__ = ["address_of", "asker_of", "body_of", "query_of"]


def address_of(request: Request) -> str:
    """Return the address of the other end."""
    return request.client.host if request.client is not None else ""


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
