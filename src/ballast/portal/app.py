"""The portal as one application: the door, the pages behind it, the table checked.

NiceGUI keeps its application, its pages and its storage once for the whole
process. Everything that has to touch those is in this file, so that the pages
themselves know nothing of it; and the pages find their portal through their
request, so that a second portal in one process (the tests make many) does not
answer with the first one's data.
"""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import app as pages
from nicegui import ui
from nicegui.storage import Storage
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ballast.errors import BallastError
from ballast.portal import (
    api,
    bulletin,
    chain,
    city,
    claims,
    cluster,
    data,
    enterprise,
    factory,
    factory_entry,
    identifiers,
    law,
    law_kept,
    oidc,
    projects,
    public,
    public_check,
    public_law,
    signin,
    users,
)
from ballast.portal.access import check_routes
from ballast.portal.consent import Consent
from ballast.portal.context import OidcSettings, PortalContext
from ballast.portal.door import Door
from ballast.portal.factory_desk import desk_of
from ballast.portal.formtoken import portal_folder, portal_secret
from ballast.portal.identity import identity_of
from ballast.portal.refusal import refusal, said_of, status_of
from ballast.portal.security import Limits, SecurityHeaders, kind_of
from ballast.portal.signin import page_storage_cookie
from ballast.terms.label import Language
from ballast.terms.role import Role
from ballast.words import Sentence

__all__ = ["OidcSettings", "PortalContext", "create_app"]

_PAGES = (
    signin,
    oidc,
    city,
    cluster,
    enterprise,
    bulletin,
    claims,
    chain,
    projects,
    factory,
    factory_entry,
    data,
    identifiers,
    users,
    law,
    public,
    public_check,
    public_law,
    law_kept,
    api,
)

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="6" fill="#0060a0"/>'
    '<path d="M7 13h18l-3 12H10zM16 5v8" fill="#fff" stroke="#fff" stroke-width="2"/></svg>'
)
_NOT_THERE = Sentence("there is nothing at this address; go back, or begin at the first page")
_NOT_UNDERSTOOD = Sentence("this request could not be understood; open the page again")


def create_app(context: PortalContext) -> FastAPI:
    """Return the portal.

    Parameters
    ----------
    context
        What it is started with.

    Raises
    ------
    WrongUsage
        If the table of access and the routes do not fit each other.
    """
    app = FastAPI(
        title="Ballast",
        openapi_url=None,  # the description of the interface is a row of the table like any other
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(SecurityHeaders, context=context),
            Middleware(Limits, context=context),
            Middleware(Door, context=context, consent=Consent(context)),
        ],
    )
    app.state.context = context
    _first_page(app, context)
    for room in _PAGES:
        room.register(app, context)
    _say_errors_ourselves(app)
    _mount_pages(app, context)
    check_routes(app)
    return app


def _first_page(app: FastAPI, context: PortalContext) -> None:
    @app.get("/")
    def first(request: Request) -> Response:
        return RedirectResponse(_front(request, context), 303)

    @app.get("/health")
    def health() -> Response:
        return Response("ok", media_type="text/plain", headers={"cache-control": "no-store"})

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(
            _ICON, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"}
        )


def _front(request: Request, context: PortalContext) -> str:
    """Return where somebody begins: an enterprise's people at their machines, or at its page."""
    identity = identity_of(request)
    if identity.user is None:
        return "/public"
    if identity.role is Role.ENTERPRISE:
        return "/factory" if desk_of(context).exists else "/enterprise"
    return "/city"


def _mount_pages(app: FastAPI, context: PortalContext) -> None:
    """Put the interactive pages behind the door, with their storage in the home."""
    # What a portal before this one in the same process has put around the pages.
    pages.user_middleware.clear()
    pages.middleware_stack = None
    Storage.path = portal_folder(context) / "pages"
    # It was made when NiceGUI was loaded, to be kept where the program happened to start.
    vars(pages.storage.general)["filepath"] = Storage.path / "storage-general.json"
    # A page's line goes by websocket alone: the other transport would be posts without a token.
    pages.config.socket_io_js_transports = ["websocket"]
    _say_errors_ourselves(pages)
    ui.run_with(
        app,
        title="Ballast",
        favicon=_ICON,
        dark=None,
        storage_secret=portal_secret(context),
        session_middleware_kwargs={
            "session_cookie": page_storage_cookie(context),
            "https_only": context.secure_cookies,
            "same_site": "lax",
        },
        reconnect_timeout=10.0,
        show_welcome_message=False,
    )


def _say_errors_ourselves(app: FastAPI) -> None:
    """Answer errors in the reader's language, without what only we should read."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, BallastError)  # noqa: S101  registered for it alone
        status = status_of(error)
        return refusal(
            request, kind_of(request.scope), status, said_of(error), language=_language(request)
        )

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for it alone
        sentence = _NOT_THERE if error.status_code == 404 else _NOT_UNDERSTOOD
        return refusal(
            request,
            kind_of(request.scope),
            error.status_code,
            sentence,
            language=_language(request),
            headers=error.headers,
        )

    app.add_exception_handler(BallastError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(404, http)


def _language(request: Request) -> Language:
    return identity_of(request).language
