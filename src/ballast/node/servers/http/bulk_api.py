"""``POST /api/bulk``: register many handles in one request, as a stream both ways.

Lines of JSON come in (``writer.bulk`` says of what form) and a result goes out
for each, in order, once it is on the disk; neither side ever holds the whole.
With ``Idempotency-Key`` a load that broke off anywhere is simply sent again:
what was done is answered from what was kept of it. Without a content type of
its own nothing is taken, so that no form of another site can send one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ballast.errors import BallastError, HttpRefused, LoadConflict, ProofNeeded, WrongMediaType
from ballast.node.servers.http.access import Gate
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.requests import asker_of, query_of, tongue_of
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.results import ended_line
from ballast.terms.label import Language
from ballast.words import explain

__all__ = ["LINES_TYPE", "BulkApi"]

LINES_TYPE = "application/x-ndjson"
_TYPES = (LINES_TYPE, "application/ndjson", "application/jsonl", "application/json-lines")
_MAX_KEY = 255


class BulkApi:
    """The handler of bulk loads.

    Parameters
    ----------
    context
        What the door was given.
    gate
        Finds out who asks.
    """

    def __init__(self, context: HttpContext, gate: Gate) -> None:
        self._context, self._gate = context, gate

    async def post(self, request: Request) -> Response:
        """Load the lines of the body; answer a result line for each."""
        query = query_of(request)
        asker = await asker_of(request, self._gate)
        if not asker.caller.known:
            raise ProofNeeded("only an administrator may register handles; prove to be one")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _TYPES:
            raise WrongMediaType(
                "a bulk load has the type {wanted}, not “{given}”",
                wanted=LINES_TYPE,
                given=kind[:60],
            )
        key = request.headers.get("idempotency-key")
        if key is not None and not (0 < len(key) <= _MAX_KEY and key.isprintable()):
            raise HttpRefused(
                "an Idempotency-Key has 1 to {most} printable characters", most=_MAX_KEY
            )
        overwrite = query.flag("overwrite")
        results = self._context.writer.bulk(
            request.stream(),
            asker.caller,
            key=key,
            overwrite=overwrite,
            language=tongue_of(request),
        )
        try:
            first = await anext(aiter(results), b"")
        except HttpRefused:
            raise
        except BallastError as error:
            raise LoadConflict("not accepted: {reason}", reason=error) from error
        headers = {
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            # A proxy that gathers the answer would hide how far the load has come.
            "x-accel-buffering": "no",
        }
        return StreamingResponse(
            _from(first, results, tongue_of(request)), 200, headers, LINES_TYPE
        )


async def _from(
    first: bytes, rest: AsyncIterator[bytes], language: Language
) -> AsyncIterator[bytes]:
    try:
        if first:
            yield first
        async for piece in rest:
            yield piece
    except BallastError as error:
        # The answer has begun, and a broken connection would say nothing.
        code = getattr(error, "response_code", None) or ResponseCode.ERROR
        yield ended_line(int(code), explain(error, language))
    finally:
        # A client that goes away leaves the load where it is; its key is free again at once.
        if isinstance(rest, AsyncGenerator):
            await rest.aclose()
