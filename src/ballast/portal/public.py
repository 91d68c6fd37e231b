"""The open pages: what anyone may know of the region, and where it comes from.

Drawn on the server and complete without a script, because whoever is not
signed in may be anyone with anything; and read as the public viewer, so that
an account's rights cannot widen what the page shows.
"""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from ballast.portal.context import PortalContext, context_of
from ballast.portal.public_pages import OpenPages

__all__ = ["register"]


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the open pages to the application.

    Parameters
    ----------
    app
        The portal.
    context
        What it was started with.
    """
    pages = OpenPages(context)
    app.state.open_pages = pages
    app.add_api_route("/public", _city, response_class=HTMLResponse, include_in_schema=False)
    app.add_api_route("/public/about", _about, response_class=HTMLResponse, include_in_schema=False)
    app.add_api_route(
        "/public/identifiers", _identifiers, response_class=HTMLResponse, include_in_schema=False
    )


def _identifiers(request: Request) -> Response:
    pages: OpenPages = request.app.state.open_pages
    return pages.identifiers(request, context_of(request))


def _city(request: Request) -> Response:
    pages: OpenPages = request.app.state.open_pages
    return pages.city(request, context_of(request))


def _about(request: Request) -> Response:
    pages: OpenPages = request.app.state.open_pages
    return pages.about(request, context_of(request))
