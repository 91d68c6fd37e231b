"""The Factory page: how are my machines, my quality, my energy?

Parts under addresses (``?part=``), each an ordinary link, as on the other
pages: "yesterday's losses of lathe 2" can be bookmarked and sent to the
foreman. One table says which parts there are; a part is a function that draws
itself. What stands on none of them is decided here: a home without a plant
tells how to begin, and a reader whose machines these are not is told so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import app as pages
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from ballast.errors import BallastError
from ballast.plant.site import Site
from ballast.portal.access import may
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, note, show
from ballast.portal.factory_data import draw_data
from ballast.portal.factory_desk import desk_of
from ballast.portal.factory_empty import show_no_mapping, show_no_plant, show_not_yours
from ballast.portal.factory_energy import draw_energy
from ballast.portal.factory_html import PAGE, badge
from ballast.portal.factory_now import draw_now
from ballast.portal.factory_oee import draw_oee
from ballast.portal.factory_panel import FactoryPage
from ballast.portal.factory_quality import draw_quality
from ballast.portal.factory_rights import sees_machines
from ballast.portal.factory_style import STYLE
from ballast.portal.frame import frame
from ballast.portal.frame_address import go
from ballast.portal.identity import current, require
from ballast.terms.label import Label
from ballast.terms.role import Role
from ballast.words import explain, say

__all__ = ["PARTS", "TITLE", "Part", "register"]

TITLE = Label("我的设备、质量、能耗怎么样？", "How are my machines, my quality, my energy?")
_ENTRY = "/factory/entry"

Draw = Callable[[FactoryPage, Site], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: what it is called, and what draws it."""

    label: Label
    draw: Draw


PARTS: dict[str, Part] = {
    "now": Part(Label("实时", "Now"), draw_now),
    "oee": Part(Label("综合效率（OEE）", "OEE"), draw_oee),
    "quality": Part(Label("质量", "Quality"), draw_quality),
    "energy": Part(Label("能耗", "Energy"), draw_energy),
    "data": Part(Label("数据", "Data"), draw_data),
}


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Factory page.

    Parameters
    ----------
    app
        The portal; the page itself is NiceGUI's.
    context
        What it was started with.
    """
    del app
    pages.on_shutdown(desk_of(context).close)
    ui.page(PAGE, response_timeout=30.0)(_page)


async def _page(part: str = "now") -> None:
    identity = current()
    require(identity, Role.ENTERPRISE)
    request = ui.context.client.request
    context = context_of(request)
    page = FactoryPage(identity, desk_of(context), dict(request.query_params))
    part = part if part in PARTS else "now"
    with frame(TITLE, identity):
        add_style()
        ui.add_css(STYLE)
        try:
            site = await run_in_threadpool(page.desk.site)
        except BallastError as error:
            note(explain(error, identity.language), "alert", "alert")
            return
        if site is None:
            (show_no_mapping if page.desk.exists else show_no_plant)(identity.language)
        elif not sees_machines(identity.viewer, site):
            show_not_yours(identity.language)
        else:
            _head(page, site, part)
            await PARTS[part].draw(page, site)


def _head(page: FactoryPage, site: Site, part: str) -> None:
    language = page.language
    lang = page.query.get("lang")
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            go(PAGE, part=name, machine=page.query.get("machine"), lang=lang),
            Markup(' aria-current="page"') if name == part else Markup(),
            one.label.text(language),
        )
        for name, one in PARTS.items()
    )
    mark = badge(language, synthetic=site.provenance == "synthetic")
    entry = Markup()
    if may(page.identity.role, "GET", _ENTRY):
        text = say("Enter a stop, scrap or an order", language)
        entry = Markup('<a href="{}">{}</a>').format(go(_ENTRY, lang=lang), text)
    show(
        Markup('<p class="about"><strong>{}</strong>{}{}</p>').format(
            site.name.text(language), mark, entry
        )
    )
    label = say("Parts of this page", language)
    show(Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(label, entries))
