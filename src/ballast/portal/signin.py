"""Signing in and out: one form, rendered here, that works without script.

Every wrong try gets the same sentence, whatever was wrong with it. A sign-in
opens a new session and ends the one the browser brought, so that a session
planted beforehand is worth nothing; a sign-out ends it in the state, so that
a copied cookie is worth nothing afterwards.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ballast.errors import SignInRefused
from ballast.portal.access import find
from ballast.portal.context import PortalContext
from ballast.portal.formtoken import cookie_name, form_token, set_form_cookie
from ballast.portal.identity import address_of, identity_of, session_cookie, token_of
from ballast.portal.ratelimit import Tries
from ballast.portal.refusal import PAGES, said_of
from ballast.state.audit import record
from ballast.state.sessions import LIFETIME, close_session, open_session
from ballast.state.users import User, verify_password
from ballast.terms.label import LANGUAGES, Label
from ballast.words import Sentence

__all__ = ["let_in", "own_path", "register", "sign_in_page"]

_LONGEST_NAME, _LONGEST_PASSWORD, _LONGEST_NEXT = 200, 1_024, 2_000

_WORDS = {
    "title": Label("登录", "Sign in"),
    "product": Label("产业大脑", "Industry brain"),
    "name": Label("账号", "Account"),
    "password": Label("密码", "Password"),
    "submit": Label("登录", "Sign in"),
    "organisation": Label("用单位账号登录", "Sign in with your organisation's account"),
    "public": Label("不登录，查看公开数据", "See the published figures without signing in"),
    "signed_in": Label("您已登录：", "You are signed in as "),
    "sign_out": Label("退出登录", "Sign out"),
    "go_on": Label("继续", "Go on"),
    "other_language": Label("English", "中文"),
}


def own_path(asked: str) -> str:
    """Return where to go after signing in: a page of the portal, or its first page.

    Parameters
    ----------
    asked
        What the address of the sign-in page asks for; anybody can have written it.

    Examples
    --------
    >>> own_path("//evil.example"), own_path("https://evil.example"), own_path("/signin")
    ('/', '/', '/')
    """
    if len(asked) > _LONGEST_NEXT or not asked.isprintable() or "\\" in asked:
        return "/"
    try:
        parts = urlsplit(asked)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or not asked.startswith("/") or asked.startswith("//"):
        return "/"
    row = find("GET", parts.path)
    if row is None or row.kind == "asset" or parts.path.startswith(("/signin", "/oidc")):
        return "/"
    # Spelled anew: what a browser is sent to is made of parts that were looked at.
    return parts._replace(fragment="").geturl()


def sign_in_page(
    request: Request,
    context: PortalContext,
    status: int = 200,
    *,
    wrong: Sentence | None = None,
    after: str = "/",
) -> Response:
    """Return the page with the form.

    Parameters
    ----------
    request, context
        Who asks, and which portal.
    status
        The number of HTTP.
    wrong
        What was wrong with the last try.
    after
        Where to go afterwards.
    """
    identity = identity_of(request)
    language = identity.language
    token, cookie = form_token(request, context)
    other = next(known for known in LANGUAGES if known != language)
    page = PAGES.get_template("signin.html.j2").render(
        language=language,
        other=other,
        words={key: label.text(language) for key, label in _WORDS.items()},
        wrong=wrong.text(language) if wrong else None,
        token=token,
        csrf=identity.csrf,
        after=own_path(after),
        organisation=context.oidc is not None,
        user=identity.user.display if identity.user else None,
    )
    response = HTMLResponse(page, status)
    set_form_cookie(response, context, cookie)
    return response


def let_in(request: Request, context: PortalContext, user: User, after: str) -> Response:
    """Open a session, end the one that was brought, and go on; blocks while it writes.

    Parameters
    ----------
    request, context
        Who asks, and which portal.
    user
        An account that has just shown who it is.
    after
        Where to go.
    """
    if old := token_of(request, context):
        close_session(context.state, old)
    token, _ = open_session(context.state, user.id)
    _record(request, context, user, "sign-in")
    response = RedirectResponse(own_path(after), 303)
    response.set_cookie(
        session_cookie(context),
        token,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=context.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    response.delete_cookie(
        page_storage_cookie(context),
        path="/",
        secure=context.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the routes of signing in and out."""
    tries = Tries(context.clock)

    @app.get("/signin")
    async def form(request: Request) -> Response:
        return sign_in_page(request, context, after=request.query_params.get("next", "/"))

    @app.post("/signin")
    async def sign_in(request: Request) -> Response:
        given = await _fields(request)
        after = given.get("next", "/")
        address = address_of(request)
        if not tries.begin(address):
            often = Sentence("there were too many wrong tries from your address; wait 15 minutes")
            response = sign_in_page(request, context, 429, wrong=often, after=after)
            response.headers["retry-after"] = "900"
            return response
        try:
            user = await run_in_threadpool(
                _checked, context, given.get("name", ""), given.get("password", "")
            )
        except SignInRefused as error:
            return sign_in_page(request, context, 401, wrong=said_of(error), after=after)
        tries.succeeded(address)
        return await run_in_threadpool(let_in, request, context, user, after)

    @app.post("/signout")
    def sign_out(request: Request) -> Response:
        if token := token_of(request, context):
            close_session(context.state, token)
        if (user := identity_of(request).user) is not None:
            _record(request, context, user, "sign-out")
        response = RedirectResponse("/signin", 303)
        for name in (session_cookie(context), page_storage_cookie(context)):
            response.delete_cookie(
                name, path="/", secure=context.secure_cookies, httponly=True, samesite="lax"
            )
        return response


def page_storage_cookie(context: PortalContext) -> str:
    """Return the name of the cookie of what pages keep for a browser."""
    return cookie_name(context, "pages")


def _checked(context: PortalContext, name: str, password: str) -> User:
    # Longer ones open nothing; cut, so that they cost no more than a short one.
    return verify_password(context.state, name[:_LONGEST_NAME], password[:_LONGEST_PASSWORD])


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=10)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _record(request: Request, context: PortalContext, user: User, action: str) -> None:
    record(
        context.state,
        at=context.clock(),
        who=user.name,
        role=user.role,
        action=action,
        what="",
        address=address_of(request),
    )
