"""The Projects page: which projects move, and which are stuck?

Flags first, because they are what somebody has to act on; the ledger, one
project with its history and, for who may, the form to change it; and what the
finished ones did. Who sees which projects is decided where the lake is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import ui

from ballast.brain.enterprise_profile import sees_some
from ballast.brain.names import names
from ballast.brain.projects.effect_panel import OUTCOMES, study
from ballast.brain.projects.flags import flagged
from ballast.brain.projects.ledger import KIND_LABELS, history, ledger
from ballast.errors import BallastError, NotPermitted
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import Pictures, pictures_of
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, note, show
from ballast.portal.enterprise import READERS
from ballast.portal.enterprise_list import empty_note
from ballast.portal.enterprise_style import STYLE as ENTERPRISE_STYLE
from ballast.portal.factory_html import View
from ballast.portal.factory_panel import show_view
from ballast.portal.factory_style import STYLE as FACTORY_STYLE
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters, go
from ballast.portal.identity import Identity, current, require
from ballast.portal.projects_edit import EditForm
from ballast.portal.projects_effect_view import ALL, effect_form, effect_markup
from ballast.portal.projects_one import history_markup, project_markup
from ballast.portal.projects_sheet import SheetPanel
from ballast.portal.projects_sheet_files import register_sheets
from ballast.portal.projects_view import (
    Seen,
    Wanted,
    empty_markup,
    flags_markup,
    ledger_markup,
)
from ballast.portal.projects_words import EFFECT, FLAGS, LEDGER, PAGE, PARTS, SHEET, STYLE, TITLE
from ballast.terms.china import day_in_china
from ballast.terms.label import Language
from ballast.terms.viewer import Right, Viewer
from ballast.words import explain, say

__all__ = ["ProjectsPage", "register", "seen_by"]

_KEPT = ("part", "project", "find", "kind", "status", "flag", "outcome", "region", "lang")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class ProjectsPage:
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

    def asked(self, name: str, otherwise: str = "") -> str:
        """Return one parameter of the address, cut to a bearable length."""
        return self.query.get(name, otherwise)[:_LONGEST]

    def address(self, **changes: str | None) -> str:
        """Return the page's own address with some parameters changed or left out."""
        kept: dict[str, str | None] = {k: self.query[k] for k in _KEPT if k in self.query}
        return go(PAGE, **(kept | changes))

    def wanted(self, region: str) -> Wanted:
        """Return what of the ledger the address asks for."""
        page = self.asked("page")
        at = int(page) if page.isdecimal() and page.isascii() and len(page) < 6 else 0
        return Wanted(
            region,
            self.asked("find").strip(),
            self.asked("kind"),
            self.asked("status"),
            self.asked("flag"),
            at,
        )


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Projects page.

    Parameters
    ----------
    app
        The portal; the page itself is NiceGUI's.
    context
        What it was started with.
    """
    register_sheets(app, context)
    ui.page(PAGE, response_timeout=30.0)(_page)


def seen_by(pictures: Pictures, viewer: Viewer, context: PortalContext) -> Future[Seen]:
    """Return the projects that a viewer may see, with their flags.

    Parameters
    ----------
    pictures
        Where answers are kept.
    viewer, context
        For whom, and of which home.
    """
    today = day_in_china(context.clock())

    def read(lake: Lake) -> Seen:
        of = ledger(lake, viewer)
        return Seen(of, flagged(of, today=today), names(lake, viewer), of.as_of(today))

    return pictures.other(viewer, ("projects",), read)


async def _page() -> None:
    identity = current()
    require(identity, *READERS)
    request = ui.context.client.request
    page = ProjectsPage(identity, dict(request.query_params))
    with frame(TITLE, identity):
        add_style()
        for style in (FACTORY_STYLE, ENTERPRISE_STYLE, STYLE):
            ui.add_css(style)
        if not sees_some(identity.viewer):
            note(empty_note(identity.role, page.language), role="status")
            return
        try:
            filters = here()
            if page.asked("project"):
                await _one(page, context_of(request))
            else:
                await _part(page, filters, context_of(request))
        except BallastError as error:
            note(explain(error, page.language), "alert", "alert")


def _parts(page: ProjectsPage, chosen: str) -> Markup:
    """Return the parts of the page that are open to the reader, as links."""
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            go(PAGE, part=part, lang=page.query.get("lang"), region=page.query.get("region")),
            Markup(' aria-current="page"') if part == chosen else Markup(),
            label.text(page.language),
        )
        for part, label in PARTS.items()
        if _open(part, page.identity.viewer)
    )
    return Markup('<ul class="bd-parts">{}</ul>').format(entries)


def _open(part: str, viewer: Viewer) -> bool:
    """Return whether a part is open: effects to who reads all units, the sheet to who loads."""
    needed = {EFFECT: Right.READ_UNITS, SHEET: Right.LOAD}.get(part)
    return needed is None or viewer.may(needed)


async def _part(page: ProjectsPage, filters: Filters, context: PortalContext) -> None:
    part = page.asked("part", FLAGS)
    part = part if part in PARTS else FLAGS
    show(_parts(page, part))
    if not _open(part, page.identity.viewer):
        raise NotPermitted("this is not open to your account; ask the administrator of the portal")
    if part == SHEET:
        SheetPanel(page.identity, context).draw()
        return
    if part == EFFECT:
        await _effect(page, context)
        return
    pictures, viewer = pictures_of(context), page.identity.viewer
    wanted, language = page.wanted(filters.region), page.language
    draw = ledger_markup if part == LEDGER else flags_markup

    def ask() -> Future[View]:
        seen = seen_by(pictures, viewer, context)

        def view(_: Lake) -> View:
            found = seen.result()
            if not found.ledger.projects:
                return View(empty_markup(language), {})
            return View(draw(found, wanted, language), {})

        return pictures.other(viewer, ("projects view", part, wanted, language), view, after=seen)

    await show_view(page, ask, f"projects: {part} {wanted.find}".strip())


async def _effect(page: ProjectsPage, context: PortalContext) -> None:
    language, viewer = page.language, page.identity.viewer
    outcome, kind = page.asked("outcome", "output"), page.asked("kind", "upgrade")
    outcome = outcome if outcome in OUTCOMES else "output"
    kind = kind if kind in (ALL, *KIND_LABELS) else "upgrade"
    show(effect_form(outcome, kind, language))
    pictures = pictures_of(context)
    kinds = tuple(KIND_LABELS) if kind == ALL else (kind,)

    def ask() -> Future[View]:
        return pictures.other(
            viewer,
            ("projects effect", outcome, kind, language),
            lambda lake: View(
                effect_markup(study(lake, viewer, outcome=outcome, kinds=kinds), language), {}
            ),
        )

    await show_view(page, ask, f"projects: effect {outcome}")


async def _one(page: ProjectsPage, context: PortalContext) -> None:
    number, language, viewer = page.asked("project"), page.language, page.identity.viewer
    pictures = pictures_of(context)
    if page.asked("done"):
        note(say("The change stands as {load_id}.", language, load_id=page.asked("done")),
             "good", "status")  # fmt: skip

    def ask() -> Future[View]:
        seen = seen_by(pictures, viewer, context)

        def view(lake: Lake) -> View:
            found = seen.result()
            one = found.ledger.project(number)
            events = history(lake, viewer, one.number)
            both = project_markup(found, one, language) + history_markup(events, language)
            return View(both, {})

        return pictures.other(viewer, ("project view", number, language), view, after=seen)

    await show_view(page, ask, f"project {number}", once_there=True)
    if viewer.may(Right.LOAD):
        today = day_in_china(context.clock())
        # Read apart from what is kept: a form must hold the project as it stands now.
        one = await pictures.run(lambda lake: ledger(lake, viewer, only=()).project(number))
        EditForm(one, context, language, today).draw()
