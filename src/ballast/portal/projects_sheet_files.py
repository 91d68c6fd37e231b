"""Monthly sheets on their way in, and the template on its way out: plain requests.

Apart from the panel that shows them, as with identifiers: each is a row of the table of access,
and a file is counted, and refused, while it comes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from fastapi import FastAPI
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response

from ballast.brain.projects.sheet import SHEET
from ballast.brain.projects.sheet_template import write_sheet_template
from ballast.errors import NotPermitted, Refused
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_uploads import Shelf, label_of
from ballast.portal.identity import identity_of
from ballast.terms.viewer import Right

__all__ = ["KINDS", "MOST_BYTES", "register_sheets", "sheet_kind", "shelf_of"]

KINDS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt")
"""Ends of the names of files that are taken."""
MOST_BYTES = 20 * 1024 * 1024
"""Of a monthly sheet; one of 5,000 rows has less than two."""
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# By home, as the desks of the Data page.
_SHELVES: dict[Path, Shelf] = {}


def register_sheets(app: FastAPI, context: PortalContext) -> None:
    """Add what the monthly sheet needs besides its page."""
    home = context.lake.home.path
    _SHELVES[home] = Shelf(home / "uploads", MOST_BYTES, KINDS)
    app.add_api_route("/projects/upload", _upload, methods=["POST"])
    app.add_api_route("/projects/template.xlsx", _template, methods=["GET"])


def shelf_of(context: PortalContext) -> Shelf:
    """Return where monthly sheets stand until they are committed."""
    return _SHELVES[context.lake.home.path]


def sheet_kind(name: str) -> None:
    """Refuse a file whose name says that it is no spreadsheet.

    Parameters
    ----------
    name
        As it was sent.

    Raises
    ------
    Refused
        If its end is none of `KINDS`.
    """
    shown = label_of(name)
    if PurePosixPath(shown).suffix.lower() not in KINDS:
        raise Refused(
            "{name}: a monthly sheet is a spreadsheet; save it as .xlsx, .xls or .csv", name=shown
        )


async def _upload(request: Request) -> Response:
    identity = identity_of(request)
    if identity.user is None or not identity.viewer.may(Right.LOAD):
        raise NotPermitted("{who} may not load data into this home", who=identity.viewer.name)
    name = unquote(request.headers.get("x-file-name", ""))[:1000]
    sheet_kind(name)
    shelf = shelf_of(context_of(request))
    try:
        upload = await shelf.receive(request.stream(), name, identity.user.id)
    except ClientDisconnect:
        raise Refused("the file did not arrive whole; nothing was kept") from None
    return JSONResponse({"token": upload.token, "name": upload.name, "size": upload.size})


def _template(request: Request) -> Response:
    language = identity_of(request).language
    folder = tempfile.TemporaryDirectory(prefix="ballast-template-")
    path = Path(folder.name) / "template.xlsx"
    write_sheet_template(path, language)
    name = quote(f"{SHEET.label.text(language)}.xlsx", safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return FileResponse(
        path, media_type=_SPREADSHEET, headers=headers, background=BackgroundTask(folder.cleanup)
    )
