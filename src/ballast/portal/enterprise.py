"""The Enterprise page: where does this enterprise stand?

Whoever belongs to one enterprise begins at it; whoever may see several begins
with a field to look for one. Which enterprise is shown stands in the address,
so that it can be sent to a colleague; a colleague who may not see it is told
what anyone is told about a code that nobody has.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from ballast.brain.enterprise_profile import enterprises, made_up, profile, sees_some
from ballast.brain.enterprise_shape import EnterpriseProfile, Listed
from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import pictures_of
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, note, show
from ballast.portal.enterprise_list import MOST, empty_note, finder, list_markup
from ballast.portal.enterprise_style import STYLE
from ballast.portal.enterprise_time import PAGE
from ballast.portal.enterprise_view import enterprise_view
from ballast.portal.enterprise_words import OWN_TITLE, TITLE
from ballast.portal.factory_html import View
from ballast.portal.factory_panel import show_view
from ballast.portal.factory_style import STYLE as FACTORY_STYLE
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters, go
from ballast.portal.identity import Identity, audited, current, require
from ballast.portal.law_ladder import ladder_part
from ballast.portal.law_style import STYLE as LAW_STYLE
from ballast.terms.china import day_in_china
from ballast.terms.label import Language
from ballast.terms.role import Role
from ballast.words import explain, say

__all__ = ["READERS", "EnterprisePage", "register"]

READERS = (Role.ENTERPRISE, Role.OPERATOR, Role.ANALYST)
"""Who sees unit data of any enterprise; the administrator of accounts does not."""
_KEPT = ("code", "period", "figure", "lang")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class EnterprisePage:
    """One opened page.

    Parameters
    ----------
    identity
        Who looks.
    query
        The address's parameters.
    """

    identity: Identity
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The reader's."""
        return self.identity.language

    @property
    def code(self) -> str:
        """The enterprise asked for; one's own where the address names none and there is one."""
        asked = self.asked("code").strip().upper()
        own = sorted(self.identity.viewer.enterprises)
        if not asked and self.identity.role is Role.ENTERPRISE and len(own) == 1:
            return own[0]
        return asked

    def asked(self, name: str, otherwise: str = "") -> str:
        """Return one parameter of the address, cut to a bearable length."""
        return self.query.get(name, otherwise)[:_LONGEST]

    def address(self, **changes: str | None) -> str:
        """Return the page's own address with some parameters changed or left out."""
        kept: dict[str, str | None] = {k: self.query[k] for k in _KEPT if k in self.query}
        return go(PAGE, **(kept | {"code": self.code} | changes))


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Enterprise page.

    Parameters
    ----------
    app
        The portal; the page itself is NiceGUI's.
    context
        What it was started with.
    """
    del app, context
    ui.page(PAGE, response_timeout=30.0)(_page)


async def _page() -> None:
    identity = current()
    require(identity, *READERS)
    request = ui.context.client.request
    page = EnterprisePage(identity, dict(request.query_params))
    with frame(OWN_TITLE if identity.role is Role.ENTERPRISE else TITLE, identity):
        add_style()
        ui.add_css(FACTORY_STYLE)
        ui.add_css(STYLE + LAW_STYLE)
        if not sees_some(identity.viewer):
            note(empty_note(identity.role, page.language), role="status")
            return
        try:
            filters = here()
            if page.code and not page.asked("list"):
                await _one(page, filters, context_of(request))
            else:
                await _several(page, context_of(request))
        except BallastError as error:
            note(explain(error, page.language), "alert", "alert")


async def _one(page: EnterprisePage, filters: Filters, context: PortalContext) -> None:
    viewer, code, language = page.identity.viewer, page.code, page.language
    if page.identity.role is not Role.ENTERPRISE or len(viewer.enterprises) > 1:
        text = say("Look for another enterprise", language)
        back = go(PAGE, list="all", lang=page.query.get("lang"))
        show(Markup('<p class="en-back"><a href="{}">{}</a></p>').format(back, text))
    pictures, period = pictures_of(context), filters.period
    today = day_in_china(context.clock())
    region, chosen = context.region, page.asked("figure")

    def ask() -> Future[View]:
        def read(lake: Lake) -> EnterpriseProfile:
            return profile(lake, viewer, code, region=region, today=today, until=period)

        key = (code, period, today)
        known = pictures.other(viewer, ("enterprise", *key), read)
        return pictures.other(
            viewer,
            ("enterprise view", *key, chosen, language),
            lambda lake: enterprise_view(
                known.result(), chosen, language, ladder_part(lake, viewer, code, today, language)
            ),
            after=known,
        )

    await show_view(page, ask, f"enterprise {code}", once_there=True)


async def _several(page: EnterprisePage, context: PortalContext) -> None:
    asked, language = page.asked("find").strip(), page.language
    show(finder(asked, language))
    wide = page.identity.role is Role.ANALYST
    if wide and not asked and not page.asked("list"):
        note(say("Enter a name or a code; or see them all, by name.", language))
        everything = go(PAGE, list="all", lang=page.query.get("lang"))
        text = say("All enterprises of the register", language)
        show(Markup('<p><a href="{}">{}</a></p>').format(everything, text))
        return
    at = int(number) if (number := page.asked("page")).isdecimal() and len(number) < 6 else 0
    today = day_in_china(context.clock())

    def read(lake: Lake) -> tuple[tuple[Listed, ...], bool]:
        held = enterprises(
            lake, page.identity.viewer, asked, today=today, limit=MOST + 1, offset=at * MOST
        )
        return held, made_up(lake)

    found, synthetic = await pictures_of(context).run(read)
    if found:
        seen = min(len(found), MOST)
        await run_in_threadpool(audited, page.identity, f"enterprises: {asked}".strip(), seen)
    show(list_markup(found, asked, at, language, synthetic=synthetic))
