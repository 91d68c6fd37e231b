"""The REST API: what the pages show, for programs, with the same rights.

Each answer is made by the functions that the pages call and read as the
caller's own viewer; nothing here knows more than a page does.
"""

from __future__ import annotations

from fastapi import FastAPI

from ballast.portal.api import (
    bulletin,
    chain,
    city,
    claims,
    clusters,
    document,
    enterprises,
    factory,
    factory_entry,
    freshness,
    goals,
    identifiers,
    identifiers_bulk,
    identifiers_records,
    indicators,
    keys,
    loads,
    measures,
    open_figures,
    plant_days,
    policy,
    project_sheet,
    projects,
    reference,
    rows,
    search,
    templates,
)
from ballast.portal.api.reading import Lakes
from ballast.portal.context import PortalContext
from ballast.portal.data_uploads import Shelf
from ballast.portal.identity import session_cookie

__all__ = ["register"]

_ROUTERS = (
    keys.router,
    rows.router,
    loads.router,
    templates.router,
    city.router,
    clusters.router,
    bulletin.router,
    chain.router,
    measures.router,
    indicators.router,
    reference.router,
    claims.router,
    search.router,
    enterprises.router,
    projects.router,
    project_sheet.router,
    goals.router,
    freshness.router,
    open_figures.router,
    identifiers.router,
    identifiers_records.router,
    identifiers_bulk.router,
    factory.router,
    factory_entry.router,
    plant_days.router,
    policy.router,
)


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the API to the application.

    Parameters
    ----------
    app
        The portal.
    context
        What it was started with.
    """
    app.state.api_lakes = Lakes(context.lake)
    app.state.api_shelf = Shelf(context.lake.home.path / "uploads")
    app.state.api_document = document.describe(
        [route for router in _ROUTERS for route in router.routes], session_cookie(context)
    )
    for router in (*_ROUTERS, document.router):
        app.include_router(router)
