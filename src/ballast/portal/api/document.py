"""The API's own description, for each caller only of what that caller may call.

There is no page to browse it: the usual ones load their programs from
elsewhere. The document itself is what tools want.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

import ballast
from ballast.portal.access import may
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import MEDIA_TYPE, Problem, ProblemRoute
from ballast.terms.role import Role

__all__ = ["describe", "router"]

router = APIRouter(route_class=ProblemRoute, tags=["document"])

_ABOUT = """\
What the pages of the portal show, for programs, with the rights of the account.

Send a key as `Authorization: Bearer bk_…`; without one only `/api/v1/public/…` answers.
Exact amounts are decimal numbers as text, money in the unit named beside it; ratios, shares
and growth are JSON numbers (binary floating point). `null` is no data; it is never 0.
Lists come in pages: follow `next` as `cursor`. Answers carry an `ETag`: send it back as
`If-None-Match` and get 304 while nothing has changed. Errors are `application/problem+json`
(RFC 9457) in the language of `Accept-Language`.
"""
_DOCUMENT = "/api/v1/openapi.json"


@router.get(_DOCUMENT, include_in_schema=False)
def document(ask: Asker) -> JSONResponse:
    """Return the description of what the caller may call."""
    whole: dict[str, Any] = ask.document
    headers = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    return JSONResponse(_for_role(whole, ask.viewer.role), headers=headers)


def describe(routes: Sequence[BaseRoute], cookie: str) -> dict[str, Any]:
    """Return the description of all endpoints (OpenAPI 3.1).

    Parameters
    ----------
    routes
        Those of the API.
    cookie
        The name of the one that holds a session.
    """
    whole = get_openapi(
        title="Ballast", version=ballast.__version__, description=_ABOUT, routes=routes
    )
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = whole["components"]["schemas"]
    schemas |= schema.pop("$defs", {})
    schemas["Problem"] = schema
    whole["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key, `bk_…`."},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }
    told = {
        "description": "What went wrong",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path, operations in whole["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {"4XX": told, "5XX": told}
            if operation is operations.get("get"):
                operation["responses"]["304"] = {"description": "The caller holds it already"}
            if "/public/" not in path:
                operation["security"] = [{"key": []}, {"session": []}]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return whole


def _for_role(whole: dict[str, Any], role: Role) -> dict[str, Any]:
    paths = {}
    for path, operations in whole["paths"].items():
        kept = {m: held for m, held in operations.items() if may(role, m.upper(), path)}
        if kept:
            paths[path] = kept
    return {**whole, "paths": paths}
