"""Files of identifiers on their way in and out: uploads, the template, refused rows.

Apart from the panel that shows them, because these are plain requests: they
are rows of the table of access, and counted while they come.
"""

from __future__ import annotations

import io
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

import xlsxwriter
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response

from ballast.errors import NotFound, NotPermitted, Refused
from ballast.lake.sheets import safe_cell
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_uploads import Shelf
from ballast.portal.identifiers_bulk_rows import (
    LINE_SUFFIXES,
    TABLE_SUFFIXES,
    TEMPLATE_TYPES,
)
from ballast.portal.identifiers_rights import registers_somewhere
from ballast.portal.identifiers_words import type_label
from ballast.portal.identity import audited, identity_of
from ballast.state.jobs import find_job
from ballast.terms.label import Label, Language
from ballast.words import say

__all__ = ["KINDS", "register_bulk", "shelf_of", "template"]

KINDS = (*TABLE_SUFFIXES, *LINE_SUFFIXES)
"""Ends of the names of files that are taken."""

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH = 24
_HINTS: dict[str, Label] = {
    "handle": Label(
        "必填。整个标识（88.118.8/A-1），或只写后缀。",
        "Required. The whole identifier (88.118.8/A-1), or the suffix alone.",
    ),
    "value": Label(
        "可留空。表头加“（不公开）”则只有管理员可读。可加自己的列，表头即类型。",
        "May be empty. “(restricted)” behind the header: administrators alone read it. Add columns "
        "of your own; their header is the type.",
    ),
    "expires": Label(
        "可留空。2030-01-31：当日仍有效。", "May be empty. 2030-01-31: valid that day."
    ),
}
_HEADS = Label("标识", "identifier"), Label("有效期至", "valid through")

# By home, as the desks of the Data page.
_SHELVES: dict[Path, Shelf] = {}


def register_bulk(app: FastAPI, context: PortalContext) -> None:
    """Add what the bulk upload needs besides its page."""
    home = context.lake.home.path
    _SHELVES[home] = Shelf(home / "uploads", suffixes=KINDS)
    app.add_api_route("/identifiers/upload", _upload, methods=["POST"])
    app.add_api_route("/identifiers/refused/{job}", _refused, methods=["GET"])
    app.add_api_route("/identifiers/template.xlsx", _template, methods=["GET"])


def shelf_of(context: PortalContext) -> Shelf:
    """Return where files of identifiers stand until they are registered."""
    return _SHELVES[context.lake.home.path]


async def _upload(request: Request) -> Response:
    identity = identity_of(request)
    if identity.user is None or not registers_somewhere(identity.viewer):
        raise NotPermitted(
            "{who} may not register identifiers: they are registered by the enterprise whose "
            "prefix it is",
            who=identity.viewer.name,
        )
    sent_name = unquote(request.headers.get("x-file-name", ""))[:1000]
    if PurePosixPath(sent_name).suffix.lower() not in KINDS:
        raise Refused(
            "{name}: files of this kind are not read; save it as .xlsx, .csv or .ndjson",
            name=sent_name[-80:],
        )
    try:
        upload = await shelf_of(context_of(request)).receive(
            request.stream(), sent_name, identity.user.id
        )
    except ClientDisconnect:
        raise Refused("the file did not arrive whole; nothing was kept") from None
    return JSONResponse({"token": upload.token, "name": upload.name, "size": upload.size})


def _refused(request: Request, job: int) -> Response:
    identity, context = identity_of(request), context_of(request)
    if identity.user is None:
        raise NotFound("there is no account behind this request")
    found = find_job(context.state, job, identity.user.id)
    result = found.result if isinstance(found.result, dict) else {}
    path = shelf_of(context).refused(str(result.get("refused_file") or ""))
    audited(identity, f"refused identifiers of job {job}", 1, "download")
    stem = PurePosixPath(str(found.detail.get("file", "file"))).stem
    name = quote(f"{stem}-refused.csv", safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return FileResponse(path, media_type="text/csv; charset=utf-8", headers=headers)


def _template(request: Request) -> Response:
    name = "identifiers.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    made = template(identity_of(request).language)
    return Response(made, media_type=_SPREADSHEET, headers=headers)


def template(language: Language) -> bytes:
    """Return an empty table to fill in: headers with notes, text in every column."""
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"in_memory": True}) as book:
        sheet = book.add_worksheet(say("identifiers", language)[:31])
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        heads = [
            (_HEADS[0].text(language), "handle"),
            *((type_label(kind, language), "value") for kind in TEMPLATE_TYPES),
            (_HEADS[1].text(language), "expires"),
        ]
        for across, (head, hint) in enumerate(heads):
            # Text everywhere, or Excel makes a number of the serial number 007.
            sheet.set_column(across, across, _WIDTH, text)
            sheet.write_string(0, across, safe_cell(head), bold)
            sheet.write_comment(0, across, _HINTS[hint].text(language))
        sheet.freeze_panes(1, 1)
    return stored.getvalue()
