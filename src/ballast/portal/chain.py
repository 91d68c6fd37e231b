"""The Chain page: which links are strong, which are weak, what is missing?

All chains beside each other, one under ``?chain=``, one of its stages under
``&stage=``: each an ordinary address. It is worked out away from the event loop
and kept as the City page's pictures are, under the rights of who looks.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import background_tasks, ui

from ballast.brain.chains.region_chain import (
    RegionChain,
    loaded_chains,
    region_chains,
    whole_years,
)
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.names import names
from ballast.errors import BallastError, Refused
from ballast.lake.lake import Lake
from ballast.portal.access import may
from ballast.portal.chain_story import ENTERPRISE, MOST, stage_story
from ballast.portal.chain_view import MOST_SUPPLIERS, PAGE, chain_html, overview_html
from ballast.portal.city_pictures import Pictures, pictures_of
from ballast.portal.city_words import WORDS
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, link
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters, go
from ballast.portal.identity import Identity, audited, current
from ballast.portal.refusal import PAGES
from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Right, Viewer
from ballast.words import explain, say

__all__ = ["QUESTION", "ChainsRead", "chain_body", "read_chains", "register"]

QUESTION = Label("产业链强在哪里、弱在哪里、缺什么？", "Which links are strong, which are missing?")
_TEMPLATE, _LOAD = "/data/template/chain_definition.xlsx", "/data"
_LONGEST = 80
_STYLE = """
.page .ch-story { width: auto; max-height: none; margin-top: 16px; }
.page .ch-story h3 { margin-top: 16px; }
.page #card-flow h2 { font-size: 16px; line-height: 22px; margin: 0; }
"""


@dataclass(frozen=True)
class ChainsRead:
    """The chains of a region as a viewer sees them, what the region is called, what is unsound."""

    region: Label
    chains: tuple[RegionChain, ...]
    faults: tuple[Refused, ...] = ()

    def find(self, key: str) -> RegionChain | None:
        """Return the chain of a key, or nothing."""
        return next((one for one in self.chains if one.chain.key == key), None)


def read_chains(lake: Lake, viewer: Viewer, region: str, period: Period | None) -> ChainsRead:
    """Return the chains of a region; without unit rights of the newest year, whatever is asked.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    region
        A code.
    period
        Whose year is asked for: the newest wholly reported that is not after it.
    """
    book = loaded_chains(lake)
    faults = tuple(book.faults.values())
    if not book.chains:
        return ChainsRead(names(lake, PUBLIC).region(region), (), faults)
    year = None
    if period is not None and viewer.may(Right.READ_UNITS):
        year = max((y for y in whole_years(lake, viewer) if y <= period.year), default=None)
    found = region_chains(lake, viewer, region=region, year=year)
    return ChainsRead(names(lake, PUBLIC).region(region), found, faults)


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Chain page to an application.

    Parameters
    ----------
    app
        The portal; the page itself is NiceGUI's.
    context
        What it was started with.
    """
    del app, context

    @ui.page(PAGE)
    def chain() -> None:
        identity = current()
        with frame(QUESTION, identity):
            add_style()
            ui.add_css(_STYLE)
            try:
                filters = here()
            except BallastError as error:
                _note(explain(error, identity.language), "alert")
                return
            _Page(pictures_of(context_of(ui.context.client.request)), identity, filters).build()


def _note(sentence: str, role: str = "status") -> None:
    page = PAGES.from_string('<p class="note" role="{{ role }}">{{ it }}</p>')
    ui.html(page.render(it=sentence, role=role), sanitize=False)


@dataclass
class _Page:
    """One opened Chain page."""

    pictures: Pictures
    identity: Identity
    filters: Filters

    @property
    def language(self) -> Language:
        return self.identity.language

    def build(self) -> None:
        """Lay the page out, and fill it as soon as its links are known."""
        if not self.identity.viewer.may(Right.READ_UNITS):
            _note(
                say(
                    "You see what chains are defined as, and the status of each stage on which "
                    "{least} or more enterprises have reported and none is nearly all of it. "
                    "Figures and enterprises are shown to readers with the right to unit data; "
                    "your own enterprises to you.",
                    self.language,
                    least=PrimaryRules().least,
                )
            )
        self.body = ui.html("", sanitize=False).classes("w-full")
        self.body.props["aria-busy"] = "true"
        labels = {name: label.text(self.language) for name, label in WORDS.items()}
        self.body.set_content(
            PAGES.get_template("city_skeleton.html.j2").render(w=labels, wall=False)
        )
        background_tasks.create(self._fill(), name="fill the Chain page")

    async def _fill(self) -> None:
        viewer, region, period = self.identity.viewer, self.filters.region, self.filters.period
        waiting = self.pictures.other(
            viewer,
            ("chains", region, period),
            lambda lake: read_chains(lake, viewer, region, period),
        )
        try:
            read = await asyncio.wrap_future(waiting)
            shown = await asyncio.to_thread(chain_body, read, self.identity, self.filters)
        except BallastError as error:
            page = PAGES.from_string('<p class="note" role="alert">{{ it }}</p>')
            shown = Markup(page.render(it=explain(error, self.language)))  # noqa: S704  escaped
        if not self.body.is_deleted:
            self.body.set_content(str(shown))
            self.body.props["aria-busy"] = "false"
            self.body.update()


def _asked(filters: Filters, name: str) -> str:
    return (filters.query or {}).get(name, "")[:_LONGEST]


def chain_body(read: ChainsRead, identity: Identity, filters: Filters) -> Markup:
    """Return what is shown; writes down first that unit data are about to be seen.

    Parameters
    ----------
    read
        The chains as the reader sees them.
    identity
        The reader.
    filters
        Of the address; ``chain`` and ``stage`` say what is shown.
    """
    language = identity.language
    faults = Markup().join(
        Markup('<p class="note" role="status">{}</p>').format(explain(fault, language))
        for fault in read.faults
    )
    if not read.chains:
        return faults or _nothing(identity)
    key = _asked(filters, "chain")
    found = read.find(key)
    if found is None:
        unknown = say("There is no chain {key}; these are loaded:", language, key=key)
        note = Markup('<p class="note" role="status">{}</p>').format(unknown) if key else ""
        overview = overview_html(read.chains, filters, read.region, language)
        return Markup("{}{}{}").format(note, faults, overview)
    stage = _asked(filters, "stage")
    story = Markup()
    known = next((each for each in found.links if each.stage.key == stage), None)
    if known is not None:
        linked = may(identity.role, "GET", ENTERPRISE)
        story = stage_story(found, known, filters, language, linked=linked)
    named = {firm.uscc for firm in known.firms[:MOST]} if known is not None else set()
    if found.depends is not None:
        named |= {one.uscc for one in found.depends.suppliers[:MOST_SUPPLIERS]}
    if named:
        audited(identity, f"chain {found.chain.key} {stage}".strip(), len(named))
    body = chain_html(found, filters, read.region, language, story)
    return Markup("{}{}").format(_chooser(read, found, filters, language), body)


def _chooser(read: ChainsRead, found: RegionChain, filters: Filters, language: Language) -> Markup:
    entries = [("", say("All chains", language))]
    entries += [(one.chain.key, one.chain.label.text(language)) for one in read.chains]
    items = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            filters.link(PAGE, chain=key),
            Markup(' aria-current="page"') if key == found.chain.key else Markup(),
            text,
        )
        for key, text in entries
    )
    label = say("chains", language)
    return Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(label, items)


def _nothing(identity: Identity) -> Markup:
    """Return what would fill the page, and the way to it for those who may go it."""
    language = identity.language
    said = say(
        "No chain is written down yet. A chain is a table of stages: a product, the industries "
        "that make it, the stages that take it.",
        language,
    )
    ways = [
        link(text, address)
        for address, text in (
            (_TEMPLATE, say("Download the template", language)),
            (go(_LOAD), say("load the table", language)),
        )
        if may(identity.role, "GET", address)
    ]
    return Markup('<p class="note" role="status">{} {}</p>').format(said, Markup(" · ").join(ways))
