"""How the portal says no: one sentence in the reader's language, in the form that was asked for.

A person gets a page with a way on; a program gets ``application/problem+json``
(RFC 9457). Neither gets a traceback, nor learns from a refusal what exists.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from ballast.errors import BallastError, NotFound, NotPermitted, Refused, SignInRefused, WrongUsage
from ballast.portal.access import Kind
from ballast.portal.language import language_of
from ballast.terms.label import Label, Language
from ballast.words import Sentence

__all__ = ["PAGES", "refusal", "said_of", "status_of"]

PAGES = Environment(
    loader=PackageLoader("ballast.portal", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""The server-rendered pages; everything put into them is escaped."""

_HEADINGS = {
    400: Label("请求有误", "The request is not right"),
    401: Label("请登录", "Please sign in"),
    403: Label("不允许", "Not permitted"),
    404: Label("没有此页", "No such page"),
    405: Label("不支持的操作", "No such action"),
    413: Label("内容过大", "Too large"),
    421: Label("地址不符", "Another address"),
    429: Label("过于频繁", "Too often"),
    431: Label("请求头过大", "The request's head is too large"),
    500: Label("出错了", "Something went wrong"),
}
_NAMES = {
    400: "malformed",
    401: "not-signed-in",
    403: "not-permitted",
    404: "not-found",
    405: "method",
    413: "too-large",
    421: "host",
    431: "too-large",
    500: "fault",
}
_FIRST_PAGE, _SIGN_IN = Label("首页", "First page"), Label("登录", "Sign in")
_OTHER = Label("未能完成", "Not done")


def refusal(
    request: HTTPConnection,
    kind: Kind,
    status: int,
    why: Sentence,
    *,
    language: Language | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer that says no.

    Parameters
    ----------
    request
        What was asked; its language where none is given.
    kind
        What kind of answer was expected.
    status
        The number of HTTP.
    why
        One sentence: what, and what to do next.
    language, headers
        In which language; more headers.
    """
    spoken = language or language_of(request)
    heading, sentence = _HEADINGS.get(status, _OTHER).text(spoken), why.text(spoken)
    if kind == "api":
        body = {
            "type": f"urn:ballast:problem:{_NAMES.get(status, 'other')}",
            "title": heading,
            "status": status,
            "detail": sentence,
            "instance": request.url.path,
            "errors": [],
        }
        return JSONResponse(body, status, headers, "application/problem+json")
    if kind == "asset":
        return PlainTextResponse(sentence, status, headers=headers)
    page = PAGES.get_template("signin_refused.html.j2").render(
        language=spoken,
        heading=heading,
        sentence=sentence,
        first_page=_FIRST_PAGE.text(spoken),
        sign_in=_SIGN_IN.text(spoken),
    )
    return HTMLResponse(page, status, headers=headers)


def status_of(error: BallastError) -> int:
    """Return the number of HTTP that an error of ours is."""
    match error:
        case SignInRefused():
            return 401
        case NotPermitted():
            return 403
        case NotFound():
            return 404
        case Refused() | WrongUsage():
            return 400
        case _:
            return 500


def said_of(error: BallastError) -> Sentence:
    """Return what an error says, to be said in a language later."""
    template = error.template
    return Sentence(template, error.values)
