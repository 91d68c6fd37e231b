"""The text of the rules and their calendar for anyone, without script.

Law is public, and whoever checks a title wants to read the rule: so the same
text as behind the door stands here, on a page of its own that is kept for a
day, because it depends on nothing but the laws and the day.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import date

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ballast.brain.policy.reading import laws
from ballast.portal.context import PortalContext
from ballast.portal.frame_address import go
from ballast.portal.identity import identity_of
from ballast.portal.law_style import LAW_STYLE, OPEN_COLOURS, OPEN_COLOURS_DARK, STYLE
from ballast.portal.law_text import calendar_markup, events_ahead, law_markup, scheme_of
from ballast.portal.law_words import LAW_WORDS
from ballast.portal.public_pages import OpenPages
from ballast.terms.china import day_in_china
from ballast.terms.label import Language
from ballast.terms.region import region as region_of

__all__ = ["PATH", "register"]

PATH = "/public/law"
_KEPT = 32


class LawPages:
    """The open pages of law of one portal.

    Parameters
    ----------
    context
        What it was started with.
    pages
        The open pages, whose frame they have.
    """

    def __init__(self, context: PortalContext, pages: OpenPages) -> None:
        self._context, self._pages = context, pages
        self._kept: OrderedDict[tuple[str, Language, date], str] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        """Answer with one scheme; blocks while it is drawn."""
        language, today = identity_of(request).language, day_in_china(self._context.clock())
        scheme = scheme_of(laws(), request.query_params.get("scheme", ""))
        key = (scheme, language, today)
        with self._lock:
            page = self._kept.get(key)
            if page is None:
                page = self._kept[key] = self._made(scheme, language, today)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language, Cookie"}
        return HTMLResponse(page, headers=headers)

    def _made(self, scheme: str, language: Language, today: date) -> str:
        held = laws()
        return self._pages.page(
            "public_law.html.j2",
            language,
            region=region_of(self._context.region).label.text(language),
            question=LAW_WORDS["question"].text(language),
            today=today,
            synthetic=False,
            here=go(PATH, scheme=scheme),
            style=Markup(OPEN_COLOURS + STYLE + LAW_STYLE),  # noqa: S704 - our own style rules
            dark_style=Markup(OPEN_COLOURS_DARK),  # noqa: S704 - our own style rules
            law_words={name: label.text(language) for name, label in LAW_WORDS.items()},
            text=law_markup(
                held, scheme, today, language, lambda key: go(PATH, scheme=key, lang=language)
            ),
            calendar=calendar_markup(events_ahead(held, today), held, today, language),
        )


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the open page of law to an application.

    Parameters
    ----------
    app
        The portal, with its open pages.
    context
        What it was started with.
    """
    pages = LawPages(context, app.state.open_pages)

    @app.get(PATH)
    def law(request: Request) -> Response:
        return pages.answer(request)
