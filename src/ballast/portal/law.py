"""The Law page: which titles are within reach, and what is missing?

Behind the door, with the pool of the whole region as far as its reader may
know it; the text of the rules and the calendar are the same as on the open
page. The self-check itself stands in front of the door, for anyone: a link
leads there, and an enterprise that is signed in may keep there what it wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import background_tasks, ui
from starlette.concurrency import run_in_threadpool

from ballast.brain.policy.pool import pool
from ballast.brain.policy.pool_shape import Pool, PoolBy
from ballast.brain.policy.reading import laws
from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import pictures_of
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, alert, note, show
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters
from ballast.portal.identity import Identity, audited, current
from ballast.portal.law_pool import pool_markup
from ballast.portal.law_style import LAW_STYLE, STYLE
from ballast.portal.law_text import calendar_markup, events_ahead, law_markup, scheme_of
from ballast.portal.law_words import QUESTION
from ballast.terms.china import day_in_china
from ballast.terms.label import Label
from ballast.words import explain, say

__all__ = ["PAGE", "register"]

PAGE = "/law"
_PARTS: dict[str, Label] = {
    "pool": Label("后备企业", "The pool"),
    "rules": Label("规定原文", "The rules"),
    "calendar": Label("日历", "The calendar"),
}
_CHECK = Label("称号自查", "Check one enterprise")


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Law page to an application.

    Parameters
    ----------
    app
        The portal; the page itself is NiceGUI's.
    context
        What it was started with.
    """
    del app, context

    @ui.page(PAGE)
    async def law() -> None:
        identity = current()
        with frame(QUESTION, identity):
            add_style()
            ui.add_css(STYLE + LAW_STYLE)
            try:
                await _LawPage(identity, here()).build()
            except BallastError as error:
                note(explain(error, identity.language), "alert", "alert")


class _LawPage:
    """One opened Law page."""

    def __init__(self, identity: Identity, filters: Filters) -> None:
        query = filters.query or {}
        self.identity, self.filters = identity, filters
        self.language = identity.language
        self.context = context_of(ui.context.client.request)
        self.part = query.get("part", "") if query.get("part", "") in _PARTS else "pool"
        self.scheme = query.get("scheme", "")[:40]

    def address(self, **changes: str | None) -> str:
        """Return an address of this page, some of its filters changed."""
        held: dict[str, str | None] = {"part": self.part, "scheme": self.scheme}
        return self.filters.link(PAGE, **(held | changes))

    async def build(self) -> None:
        """Lay the page out."""
        self._choices()
        today = day_in_china(self.context.clock())
        if self.part == "pool":
            await self._pool()
        elif self.part == "rules":
            held = await run_in_threadpool(laws)
            scheme = scheme_of(held, self.scheme)
            show(
                law_markup(held, scheme, today, self.language, lambda key: self.address(scheme=key))
            )
        else:
            held = await run_in_threadpool(laws)
            show(calendar_markup(events_ahead(held, today), held, today, self.language))

    def _choices(self) -> None:
        entries = Markup().join(
            Markup('<li><a href="{}"{}>{}</a></li>').format(
                self.address(part=key),
                Markup(' aria-current="page"') if key == self.part else Markup(),
                label.text(self.language),
            )
            for key, label in _PARTS.items()
        )
        entries += Markup('<li><a href="/public/check?lang={}">{}</a></li>').format(
            self.language, _CHECK.text(self.language)
        )
        label = say("Parts of this page", self.language)
        show(
            Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(label, entries)
        )

    async def _pool(self) -> None:
        body = ui.html("", sanitize=False).classes("w-full")
        body.props["aria-busy"] = "true"
        wait = say("The pool is being worked out …", self.language)
        body.set_content(Markup('<p role="status" class="bd-note">{}</p>').format(wait))

        async def fill() -> None:
            try:
                found = await asyncio.wrap_future(await run_in_threadpool(self._ask()))
                if found.candidates:
                    what = f"law: pool of {self.scheme or 'all titles'}"
                    await run_in_threadpool(audited, self.identity, what, len(found.candidates))
                made = await run_in_threadpool(
                    pool_markup, found, self.scheme, self.language,
                    lambda key: self.address(scheme=key),
                )  # fmt: skip
            except BallastError as error:
                made = alert(explain(error, self.language))
            except Exception:
                # What nobody foresaw is logged where this was begun; the page must not wait for it.
                _filled(body, alert(say(_FAULT, self.language)))
                raise
            _filled(body, made)

        background_tasks.create(fill(), name="fill the Law page")

    def _ask(self) -> Callable[[], Future[Pool]]:
        viewer, today = self.identity.viewer, day_in_china(self.context.clock())

        def read(lake: Lake) -> Pool:
            return pool(lake, viewer, laws(), today, (PoolBy.COUNTY, PoolBy.CLUSTER))

        pictures = pictures_of(self.context)
        return lambda: pictures.other(viewer, ("law-pool", today), read)


_FAULT = "something went wrong in the portal; nothing was changed"


def _filled(body: ui.html, made: Markup) -> None:
    if not body.is_deleted:
        body.set_content(made)
        body.props["aria-busy"] = "false"
