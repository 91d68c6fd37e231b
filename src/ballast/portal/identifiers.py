"""The Identifiers page: what is named, by whom, and who looks it up.

Parts under addresses (``?part=``), each an ordinary link, as on the Data page:
a record can be bookmarked and sent to a colleague, and a search is not run by
whoever only wants to see the prefixes. One table says which parts there are;
a part is a function that draws itself, told who looks and where the node is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import app as pages
from nicegui import ui

from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, show
from ballast.portal.frame import frame, go
from ballast.portal.identifiers_bulk_files import register_bulk
from ballast.portal.identifiers_desk import NodeDesk, keep_desk, node_of
from ballast.portal.identifiers_html import add_identifier_style
from ballast.portal.identifiers_overview import draw_overview
from ballast.portal.identifiers_prefixes import draw_prefixes
from ballast.portal.identifiers_record import draw_record
from ballast.portal.identifiers_register import draw_register
from ballast.portal.identifiers_search import draw_search
from ballast.portal.identifiers_sheet_page import draw_sheet, register_sheet
from ballast.portal.identity import Identity, current, require
from ballast.terms.label import Label, Language
from ballast.terms.role import Role
from ballast.words import say

__all__ = ["PARTS", "TITLE", "Part", "node_of", "register"]

TITLE = Label("给什么赋了码，谁在查？", "What is named, and who looks it up?")

_READERS = frozenset({Role.ENTERPRISE, Role.OPERATOR, Role.ANALYST, Role.ADMINISTRATOR})

Draw = Callable[[Identity, PortalContext, NodeDesk], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page.

    Parameters
    ----------
    label
        What it is called.
    draw
        Draws it into the page that is being built.
    roles
        Who is offered it; what stands in it is judged by ``identifiers_rights``.
    listed
        Whether it stands among the parts, or is reached by links alone.
    """

    label: Label
    draw: Draw
    roles: frozenset[Role] = _READERS
    listed: bool = True


PARTS: dict[str, Part] = {
    "overview": Part(Label("总览", "Overview"), draw_overview),
    "prefixes": Part(Label("前缀", "Prefixes"), draw_prefixes),
    "register": Part(Label("注册", "Register"), draw_register, frozenset({Role.ENTERPRISE})),
    "search": Part(Label("查询", "Search"), draw_search),
    "record": Part(Label("标识", "Record"), draw_record, listed=False),
    "sheet": Part(Label("标签页", "Print sheet"), draw_sheet),
}


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Identifiers page.

    Parameters
    ----------
    app
        The portal.
    context
        What it was started with.
    """
    desk = keep_desk(context)
    pages.on_shutdown(desk.close)
    ui.page("/identifiers", response_timeout=30.0)(_page)
    register_sheet(app)
    register_bulk(app, context)


async def _page(part: str = "overview") -> None:
    identity = current()
    require(identity, *_READERS)
    context = context_of(ui.context.client.request)
    offered = {name: one for name, one in PARTS.items() if identity.role in one.roles}
    part = part if part in offered else "overview"
    with frame(TITLE, identity):
        add_style()
        add_identifier_style()
        _parts(offered, part, identity.language)
        await offered[part].draw(identity, context, node_of(context))


def _parts(offered: dict[str, Part], part: str, language: Language) -> None:
    asked = ui.context.client.request.query_params.get("lang")
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            go("/identifiers", part=name, lang=asked),
            Markup(' aria-current="page"') if name == part else Markup(),
            one.label.text(language),
        )
        for name, one in offered.items()
        if one.listed or name == part
    )
    label = say("Parts of this page", language)
    show(Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(label, entries))
