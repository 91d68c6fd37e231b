"""Excel forms of the tables, as files."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath

from fastapi import APIRouter
from starlette.responses import Response

from ballast.errors import WrongUsage
from ballast.lake.declare import Stage
from ballast.lake.tables import table
from ballast.lake.template import write_template
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import TableName

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["tables"])

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/api/v1/templates/{name}.xlsx",
    operation_id="readTemplate",
    response_class=Response,
    responses={200: {"content": {_XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
def read_template(ask: Asker, name: TableName) -> Response:
    """Return an empty form of a table, in the caller's language."""
    declared = table(name)
    if declared.stage is not Stage.LOADED:
        raise WrongUsage("{name} is not a table that is loaded", name=name)
    with tempfile.TemporaryDirectory() as folder:
        path = FilePath(folder) / "form.xlsx"
        write_template(declared, path, ask.language)
        content = path.read_bytes()
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Language, Authorization, Cookie",
        "Content-Disposition": f'attachment; filename="{declared.name}.xlsx"',
    }
    return Response(content, headers=headers, media_type=_XLSX)
