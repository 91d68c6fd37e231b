"""Where an enterprise keeps facts of a self-check, sees what it kept, and takes it back.

Plain forms without script, as the self-check itself: the step from the report
to what is kept is one button, and so is the way back.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ballast.brain.policy.reading import laws
from ballast.lake.lake import Lake
from ballast.portal.context import PortalContext, context_of
from ballast.portal.door import CSRF_FIELD
from ballast.portal.frame_address import go
from ballast.portal.identity import audited, identity_of
from ballast.portal.law_checking import asked_of
from ballast.portal.law_keeping import KeptFacts, facts_of_form
from ballast.portal.law_style import FORM_STYLE, OPEN_COLOURS, OPEN_COLOURS_DARK, STYLE
from ballast.portal.law_words import KEPT_WORDS
from ballast.portal.public_check import MOST_FIELDS
from ballast.portal.public_pages import OpenPages
from ballast.terms.china import day_in_china
from ballast.terms.region import region as region_of

__all__ = ["KEEP_PATH", "KEPT_PATH", "register"]

KEEP_PATH, KEPT_PATH, FORGET_PATH = "/law/keep", "/law/kept", "/law/forget"


def register(app: FastAPI, context: PortalContext) -> None:
    """Add keeping to an application.

    Parameters
    ----------
    app
        The portal, with its open pages.
    context
        What it was started with.
    """
    del context

    @app.get(KEPT_PATH)
    async def kept(request: Request) -> Response:
        return await run_in_threadpool(_page, request)

    @app.post(KEEP_PATH)
    async def keep(request: Request) -> Response:
        return await run_in_threadpool(_keep, request, await _fields(request, MOST_FIELDS))

    @app.post(FORGET_PATH)
    async def forget(request: Request) -> Response:
        return await run_in_threadpool(_forget, request, await _fields(request, 10))


async def _fields(request: Request, most: int) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=most)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _desk(request: Request) -> KeptFacts:
    context = context_of(request)
    lake = Lake(context.lake.home, clock=context.lake.clock)
    return KeptFacts(lake, identity_of(request).viewer)


def _keep(request: Request, given: Mapping[str, str]) -> Response:
    identity, today = identity_of(request), day_in_china(context_of(request).clock())
    held = laws()
    desk = _desk(request)
    facts = facts_of_form(given, held, asked_of(given, held, today))
    uscc = given.get("uscc", "").strip()[:40]
    load = desk.keep(facts, uscc, today, given.get("once", ""))
    audited(identity, f"self-check: keep facts of {uscc}", 1, "enter")
    return RedirectResponse(go(KEPT_PATH, done=load, lang=identity.language), 303)


def _forget(request: Request, given: Mapping[str, str]) -> Response:
    identity = identity_of(request)
    load = given.get("load", "")[:60]
    _desk(request).take_back(load)
    audited(identity, f"self-check: take back {load}", 1, "enter")
    return RedirectResponse(go(KEPT_PATH, lang=identity.language), 303)


def _page(request: Request) -> Response:
    identity, context = identity_of(request), context_of(request)
    language = identity.language
    pages: OpenPages = request.app.state.open_pages
    page = pages.page(
        "law_kept.html.j2",
        language,
        region=region_of(context.region).label.text(language),
        question=KEPT_WORDS["question"].text(language),
        today=day_in_china(context.clock()),
        synthetic=False,
        here=f"{KEPT_PATH}?",
        style=Markup(OPEN_COLOURS + STYLE + FORM_STYLE),  # noqa: S704 - our own style rules
        dark_style=Markup(OPEN_COLOURS_DARK),  # noqa: S704 - our own style rules
        kept_words={name: label.text(language) for name, label in KEPT_WORDS.items()},
        kept=_desk(request).all(),
        done=request.query_params.get("done", "")[:60],
        csrf_field=CSRF_FIELD,
        csrf=identity.csrf or "",
    )
    return HTMLResponse(page, headers={"cache-control": "private, no-store"})
