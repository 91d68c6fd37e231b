"""Many identifiers at once: lines in, a result for each line out; and codes to print.

The lines go to the node's writer while they come and are answered as they are
on its disk; neither the load nor its answer is ever held whole.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response, StreamingResponse

from ballast.errors import NotPermitted, WrongMediaType
from ballast.node.writer.client import WriterClient
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import Shape
from ballast.portal.identifiers_bulk_link import load_own
from ballast.portal.identifiers_desk import NodeDesk, acting, node_of
from ballast.portal.identifiers_rights import changes_records, registers_somewhere
from ballast.portal.identifiers_sheet import (
    COLUMNS,
    MOST_CODES,
    SIDES_MM,
    Choice,
    chosen,
)
from ballast.portal.identifiers_sheet_page import drawn_for
from ballast.portal.identifiers_writing import demand_writer
from ballast.portal.identity import audited
from ballast.terms.viewer import Viewer

__all__ = ["LINES_TYPE", "router"]

router = APIRouter(route_class=ProblemRoute, tags=["identifiers"])

LINES_TYPE = "application/x-ndjson"
_TYPES = (LINES_TYPE, "application/ndjson", "application/jsonl", "text/plain")
_ABOUT_LINES = (
    "One identifier a line: `{\"handle\": \"88.118.8/A-1\", \"values\": [{\"index\": 1, "
    "\"type\": \"URL\", \"data\": \"https://example.cn\"}]}`; further `permissions`, `ttl` of a "
    "value and `expires` of the whole."
)  # fmt: skip
_ABOUT_RESULTS = (
    "One line for each line sent, in order: `line`, `handle`, `code` (1: registered) and `message` "
    "(why not). A line with number 0 says why the load ended before its end."
)
_HTML: dict[int | str, dict[str, object]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}}
}


class SheetWish(Shape):
    """Codes that are to be printed."""

    handles: list[Annotated[str, Field(min_length=1, max_length=2048)]] = Field(
        min_length=1, max_length=MOST_CODES
    )
    columns: int = Field(default=Choice().columns, ge=min(COLUMNS), le=max(COLUMNS))
    side: int = Field(
        default=Choice().side_mm, description="Width of a code in mm, as far as the columns allow.",
        json_schema_extra={"enum": list(SIDES_MM)},
    )  # fmt: skip


@router.post(
    "/api/v1/identifiers/bulk",
    operation_id="registerIdentifiers",
    response_class=Response,
    responses={
        200: {
            "description": _ABOUT_RESULTS,
            "content": {LINES_TYPE: {"schema": {"type": "string"}}},
        }
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": _ABOUT_LINES,
            "content": {LINES_TYPE: {"schema": {"type": "string"}}},
        }
    },
)
async def register_many(
    ask: Asker,
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            pattern=r"^[!-~]+$",
            description="Send the same load under the same key after any fault: what is done is "
            "answered again and the rest goes on.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, Query(description="Replace the values of identifiers that exist already.")
    ] = False,
) -> Response:
    """Register many identifiers under one's own prefixes; each line is answered by itself."""
    ask.private()
    if not registers_somewhere(ask.viewer):
        raise NotPermitted(
            "{who} may not register identifiers: they are registered by the enterprise whose "
            "prefix it is",
            who=ask.viewer.name,
        )
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES:
        raise WrongMediaType(
            "a bulk load has the type {wanted}, not “{given}”", wanted=LINES_TYPE, given=kind[:60]
        )
    node = node_of(ask.context)
    with node.reading():  # no node: say so, and not that its writer is away
        pass
    writer = node.writer()
    try:
        await demand_writer(writer)
        results = load_own(
            writer,
            request.stream(),
            acting(ask.viewer.name, ask.identity.address),
            time.time,
            lambda prefix: may_register(node, ask.viewer, prefix),
            key=idempotency_key,
            overwrite=overwrite,
            language=ask.language,
        )
        first = await anext(results, b"")
    except BaseException:
        await writer.close()
        raise
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_answered(ask, writer, first, results), 200, headers, LINES_TYPE)


def may_register(node: NodeDesk, viewer: Viewer, prefix: bytes) -> bool:
    """Return whether a viewer may register under a folded prefix at this moment."""
    with node.reading() as moment:
        entry = moment.prefix(prefix)
    return entry is not None and changes_records(viewer, entry)


async def _answered(
    ask: Caller, writer: WriterClient, first: bytes, rest: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    lines = 0
    try:
        if first:
            lines += first.count(b"\n")
            yield first
        async for piece in rest:
            lines += piece.count(b"\n")
            yield piece
    finally:
        await writer.close()
        await run_in_threadpool(
            audited, ask.identity, f"identifiers: bulk, {lines} lines", 1, "register"
        )


@router.get(
    "/api/v1/identifiers/sheet",
    operation_id="printBeginning",
    response_class=HTMLResponse,
    responses=_HTML,
)
def print_beginning(
    ask: Asker,
    begins: Annotated[
        str, Query(min_length=1, max_length=400, description="A prefix, a slash, a beginning.")
    ],
    columns: Annotated[int, Query(ge=min(COLUMNS), le=max(COLUMNS))] = Choice().columns,
    side: Annotated[
        int, Query(description="Width of a code in mm.", json_schema_extra={"enum": list(SIDES_MM)})
    ] = Choice().side_mm,
) -> HTMLResponse:
    """Draw a sheet of codes to print, of the identifiers that begin so."""
    choice = chosen(begins, "", str(columns), str(side))
    return _sheet(ask, choice)


@router.post(
    "/api/v1/identifiers/sheet",
    operation_id="printListed",
    response_class=HTMLResponse,
    responses=_HTML,
)
def print_listed(ask: Asker, wish: SheetWish) -> HTMLResponse:
    """Draw a sheet of codes to print, of the identifiers listed."""
    choice = chosen("", "\n".join(wish.handles), str(wish.columns), str(wish.side))
    return _sheet(ask, choice)


def _sheet(ask: Caller, choice: Choice) -> HTMLResponse:
    drawn = drawn_for(ask.identity, ask.context, node_of(ask.context), choice)
    return HTMLResponse(drawn, headers={"Cache-Control": "private, no-store"})
