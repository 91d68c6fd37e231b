"""What went wrong, for programs: one shape (RFC 9457), in the caller's language.

The routes of the API turn errors into answers themselves, not the
application: a page says the same error as a page. Whatever is raised below,
no traceback and no text of the library leaves the house.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ballast.errors import (
    BallastError,
    EngineMissing,
    HomeBusy,
    HomeError,
    LoadConflict,
    NotFound,
    NotPermitted,
    Refused,
    SignInRefused,
    StorageFailed,
    Undefined,
    WrongMediaType,
    WrongUsage,
)
from ballast.portal.api.callers import NotModified, language_of
from ballast.terms.label import Label, Language
from ballast.words import explain, say

__all__ = ["MEDIA_TYPE", "Problem", "ProblemRoute", "problem"]

MEDIA_TYPE: Final = "application/problem+json"
_LOG = logging.getLogger(__name__)


class Fault(BaseModel):
    """One thing that is wrong in a request, and where."""

    where: str = Field(description="Place in the request, such as `query.limit`.")
    message: str


class Problem(BaseModel):
    """What went wrong (RFC 9457), in the language that `Accept-Language` asks for."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Names the kind of problem; does not change with the language.")
    title: str
    status: int
    detail: str
    instance: str = Field(default="", description="Path of the request.")
    errors: list[Fault] = Field(default_factory=list)


_NOT_TAKEN = Label("不支持的格式", "Format not taken")
# The first class that fits decides, so the narrower stand above the wider.
_KINDS: tuple[tuple[type[BallastError], HTTPStatus, str, Label], ...] = (
    (SignInRefused, HTTPStatus.UNAUTHORIZED, "not-signed-in", Label("未登录", "Not signed in")),
    (NotPermitted, HTTPStatus.FORBIDDEN, "not-permitted", Label("无权限", "Not permitted")),
    (NotFound, HTTPStatus.NOT_FOUND, "not-found", Label("未找到", "Not found")),
    (HomeBusy, HTTPStatus.SERVICE_UNAVAILABLE, "busy", Label("正忙", "Busy")),
    (HomeError, HTTPStatus.SERVICE_UNAVAILABLE, "home", Label("不可用", "Unavailable")),
    (StorageFailed, HTTPStatus.INSUFFICIENT_STORAGE, "storage", Label("未存", "Not stored")),
    (EngineMissing, HTTPStatus.NOT_IMPLEMENTED, "engine", Label("缺少组件", "A part is missing")),
    (LoadConflict, HTTPStatus.CONFLICT, "conflict", Label("已存在", "Conflict")),
    (WrongMediaType, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media-type", _NOT_TAKEN),
    (WrongUsage, HTTPStatus.UNPROCESSABLE_ENTITY, "wrong-usage", Label("有误", "Wrong request")),
    (Undefined, HTTPStatus.UNPROCESSABLE_ENTITY, "undefined", Label("无定义", "Undefined")),
    (Refused, HTTPStatus.UNPROCESSABLE_ENTITY, "refused", Label("已拒绝", "Refused")),
)  # fmt: skip
_UNKNOWN_KIND = (HTTPStatus.BAD_REQUEST, "other", Label("出错", "Something went wrong"))
_OF_STATUS: dict[int, tuple[str, Label]] = {
    400: ("malformed", Label("请求格式有误", "Malformed request")),
    401: ("not-signed-in", Label("未登录", "Not signed in")),
    403: ("not-permitted", Label("无权限", "Not permitted")),
    404: ("not-found", Label("未找到", "Not found")),
    405: ("method", Label("不支持此方法", "Method not allowed")),
    413: ("too-large", Label("内容过大", "Too large")),
    415: ("media-type", _NOT_TAKEN),
    422: ("wrong-usage", Label("请求不当", "Wrong request")),
    500: ("fault", Label("内部错误", "Internal error")),
}
_FAULTS = {
    "missing": "is missing",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be above {gt}",
    "less_than": "must be below {lt}",
    "string_too_short": "needs at least {min_length} characters",
    "string_too_long": "takes at most {max_length} characters",
    "too_long": "takes at most {max_length} entries",
    "bool_parsing": "write true or false",
    "enum": "must be one of: {expected}",
    "literal_error": "must be one of: {expected}",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "extra_forbidden": "is not known here",
    "json_invalid": "is not JSON",
}
_NOT_VALID = "is not valid"


def problem(
    status: int,
    kind: str,
    title: str,
    detail: str,
    path: str,
    *,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem as the answer to a request.

    Parameters
    ----------
    status
        Of the answer.
    kind
        Names the problem, whatever the language.
    title, detail
        In the caller's language.
    path
        Of the request.
    errors
        Single faults.
    headers
        More of the answer's headers.
    """
    body = Problem(
        type=f"urn:ballast:problem:{kind}",
        title=title,
        status=status,
        detail=detail,
        instance=path,
        errors=list(errors),
    )
    held = {"Cache-Control": "no-store", "Vary": "Accept-Language", **(headers or {})}
    return JSONResponse(body.model_dump(), status, held, MEDIA_TYPE)


class ProblemRoute(APIRoute):
    """A route that answers every error with a problem."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route, its errors turned into answers."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except NotModified as held:
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=held.headers)
            except Exception as error:
                return _answer(error, request, language_of(request))

        return handled


def _answer(error: Exception, request: Request, language: Language) -> Response:
    path = request.url.path
    if isinstance(error, BallastError):
        status, kind, title = next(
            (found[1:] for found in _KINDS if isinstance(error, found[0])), _UNKNOWN_KIND
        )
        return problem(status, kind, title.text(language), explain(error, language), path)
    if isinstance(error, RequestValidationError):
        return _invalid(error, path, language)
    if isinstance(error, HTTPException):
        kind, title = _OF_STATUS.get(error.status_code, _OF_STATUS[400])
        detail = say("the request cannot be answered: {title}", language, title=title)
        return problem(
            error.status_code, kind, title.text(language), detail, path, headers=error.headers
        )
    _LOG.error("%s %s failed", request.method, path, exc_info=error)
    kind, title = _OF_STATUS[500]
    detail = say("the portal failed at this request; its log says why", language)
    return problem(500, kind, title.text(language), detail, path)


def _invalid(error: RequestValidationError, path: str, language: Language) -> Response:
    faults = [_fault(found, language) for found in error.errors()]
    kind, title = _OF_STATUS[422]
    joint = "；" if language == "zh" else "; "
    detail = joint.join(f"{fault.where}: {fault.message}" for fault in faults[:5])
    return problem(422, kind, title.text(language), detail, path, errors=faults[:50])


def _fault(found: Mapping[str, Any], language: Language) -> Fault:
    where = ".".join(str(part) for part in found["loc"])
    kind, context = found["type"], found.get("ctx") or {}
    message = say(_FAULTS[kind] if kind in _FAULTS else _NOT_VALID, language, **context)  # noqa: SIM401
    return Fault(where=where, message=message)
