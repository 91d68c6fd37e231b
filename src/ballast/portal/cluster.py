"""The Cluster page: which clusters and industries are strong, and what makes them grow?

An overview of the region's clusters, divisions or groups under ``?kind=``, and
one of them under ``&key=``. A skeleton at once, the figures when they are
known; at once where somebody with the same rights looked before.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import background_tasks, ui

from ballast.brain.cluster_position import peers_label, positions
from ballast.brain.cluster_shape import ClusterBook, Kind
from ballast.brain.indicators.answer import Answer
from ballast.brain.names import names
from ballast.errors import BallastError, NotFound, NotPermitted, WrongUsage
from ballast.portal import cluster_words as words
from ballast.portal.city_pictures import Pictures, pictures_of
from ballast.portal.city_words import WORDS
from ballast.portal.cluster_more import definition_card, members_card
from ballast.portal.cluster_open import open_html
from ballast.portal.cluster_reading import (
    ClusterQuestion,
    ask_book,
    ask_definitions,
    ask_members,
    ask_standings,
    profile_of,
)
from ballast.portal.cluster_standing import position_card
from ballast.portal.cluster_story import story_html
from ballast.portal.cluster_view import Card, cards_html, overview_html, profile_html
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, alert, show
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters
from ballast.portal.identifiers_html import add_identifier_style
from ballast.portal.identity import Identity, audited, current
from ballast.portal.refusal import PAGES
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Right
from ballast.words import explain, say

__all__ = ["register"]

PAGE = "/clusters"
_LONGEST = 80
_STYLE = """
.cluster-cards { margin-top: 16px; }
.page h2.cluster-name { margin: 8px 0; }
dl.cluster-tiles { margin-bottom: 0; } .cluster-tiles dt { font-weight: 400; }
.cluster-tiles dd { margin: 0; }
.cluster-story { margin-top: 24px; }
.cluster-cards .alone > .scroll { max-height: 640px; }
.cluster-cards .alone td.text:first-child { min-width: 10em; }
@media (min-width: 1081px) { .cluster-tiles { grid-template-columns: repeat(6, minmax(0, 1fr)); }
  .cluster-tiles .value { font-size: 22px; } }
"""


def register(app: FastAPI, context: PortalContext) -> None:  # noqa: ARG001  as every page's
    """Add the Cluster page to an application.

    Parameters
    ----------
    app
        The portal.
    context
        What it was started with.
    """

    @ui.page(PAGE)
    def clusters() -> None:
        identity = current()
        with frame(words.QUESTION, identity):
            add_style()
            add_identifier_style()
            ui.add_css(_STYLE)
            try:
                filters = here()
            except BallastError as error:
                _note(explain(error, identity.language), "alert")
                return
            found = pictures_of(context_of(ui.context.client.request))
            _Page(found, identity, filters, _asked(filters)).build()


def _asked(filters: Filters) -> ClusterQuestion:
    query = filters.query or {}
    kind = next((k for k in Kind if k.value == query.get("kind", "")), Kind.CLUSTER)
    return ClusterQuestion(
        filters.region,
        filters.period,
        kind,
        query.get("key", "")[:_LONGEST],
        query.get("ref", "")[:_LONGEST],
    )


def _note(sentence: str, role: str = "status") -> None:
    page = PAGES.from_string('<p class="note" role="{{ role }}">{{ it }}</p>')
    ui.html(page.render(it=sentence, role=role), sanitize=False)


@dataclass
class _Page:
    """One opened Cluster page."""

    pictures: Pictures
    identity: Identity
    filters: Filters
    asked: ClusterQuestion

    @property
    def language(self) -> Language:
        return self.identity.language

    def build(self) -> None:
        """Lay the page out, and fill it as soon as its figures are known."""
        self._kinds()
        self.body = ui.html("", sanitize=False).classes("w-full")
        self.body.props["aria-busy"] = "true"
        labels = {name: label.text(self.language) for name, label in WORDS.items()}
        self.body.set_content(
            PAGES.get_template("city_skeleton.html.j2").render(w=labels, wall=False)
        )
        background_tasks.create(self._fill(), name="fill the Cluster page")

    def address(self, **changes: str | None) -> str:
        """Return an address of this page with its filters, some of them changed."""
        held: dict[str, str | None] = {
            "kind": self.asked.kind.value,
            "key": self.asked.key,
            "ref": self.asked.reference,
        }
        if "kind" in changes or "key" in changes:
            held["ref"] = None
        return self.filters.link(PAGE, **(held | changes))

    def _kinds(self) -> None:
        entries = Markup().join(
            Markup('<li><a href="{}"{}>{}</a></li>').format(
                self.address(kind=kind.value, key=None),
                Markup(' aria-current="page"') if kind is self.asked.kind else Markup(),
                label.text(self.language),
            )
            for kind, label in words.KINDS.items()
        )
        label = say("Parts of this page", self.language)
        show(
            Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(label, entries)
        )

    async def _fill(self) -> None:
        try:
            made = await self._made()
        except BallastError as error:
            made = alert(explain(error, self.language))
        except Exception:
            # What nobody foresaw is logged where this was begun; the page must not wait for it.
            self._show(
                alert(say("something went wrong in the portal; nothing was changed", self.language))
            )
            raise
        self._show(made)

    def _show(self, made: str) -> None:
        if not self.body.is_deleted:
            self.body.set_content(made)
            self.body.props["aria-busy"] = "false"

    async def _made(self) -> str:
        if self.identity.viewer.may(Right.READ_UNITS):
            found = await self._of_units()
        else:
            found = await self._open()
        more = await self._more()
        return found[0] + (cards_html(more, self.language) if more else "") + found[1]

    async def _of_units(self) -> tuple[str, str]:
        viewer, asked = self.identity.viewer, self.asked
        made = ask_book(self.pictures, viewer, asked.region, asked.period)
        book = await asyncio.wrap_future(made)
        story = story_html(book, asked.kind, asked.key, self.language)
        if not asked.key:
            drawn = await asyncio.wrap_future(
                self.pictures.other(
                    viewer,
                    ("cluster-overview", asked, self.language, self.address()),
                    lambda _: overview_html(book, asked.kind, self.language, self.address),
                    after=made,
                )
            )
            return drawn, story
        profile = profile_of(book, asked)
        position = await self._position(book)
        more = [] if position is None else [position]
        drawn = await asyncio.wrap_future(
            self.pictures.other(
                viewer,
                ("cluster-profile", asked, self.language, self.address()),
                lambda _: profile_html(
                    book, profile, asked.reference, self.language, self.address, more
                ),
                after=made,
            )
        )
        return drawn, story

    async def _open(self) -> tuple[str, str]:
        viewer, asked = self.identity.viewer, self.asked
        defined = await asyncio.wrap_future(ask_definitions(self.pictures, viewer, asked.region))
        found: Answer | str
        try:
            found = await asyncio.wrap_future(ask_standings(self.pictures, viewer, asked, None))
        except (NotFound, NotPermitted) as error:
            found = explain(error, self.language)
        region = await asyncio.wrap_future(self._region())
        before = await self._year_before(found) if isinstance(found, Answer) else None
        shown = open_html(asked, region, defined, found, before, self.language, self.address)
        return shown, ""

    async def _year_before(self, found: Answer) -> Answer | None:
        base = found.question.period.same_period_last_year()
        try:
            return await asyncio.wrap_future(
                ask_standings(self.pictures, self.identity.viewer, self.asked, base)
            )
        except (NotFound, NotPermitted):
            return None

    def _region(self) -> Future[Label]:
        viewer, code = self.identity.viewer, self.asked.region
        return self.pictures.other(
            viewer, ("cluster-region", code), lambda lake: names(lake, viewer).region(code)
        )

    async def _position(self, book: ClusterBook) -> Card | None:
        """Return where the one that is asked for stands among its like, by indicators."""
        asked = self.asked
        if book.year is None:
            return None
        try:
            found = await asyncio.wrap_future(
                ask_standings(self.pictures, self.identity.viewer, asked, book.year)
            )
        except (NotFound, NotPermitted, WrongUsage):
            return None
        held = positions(
            found, asked.kind, asked.key, peers_label(asked.kind, asked.key, book.label)
        )
        source = words.source_line(book, self.language)
        return position_card(held, book.year.label, source, self.language)

    async def _more(self) -> list[Card]:
        viewer, asked = self.identity.viewer, self.asked
        cards: list[Card] = []
        if not asked.key:
            return cards
        if (waiting := ask_members(self.pictures, viewer, asked)) is not None:
            members = await asyncio.wrap_future(waiting)
            if members.rows:
                what = f"clusters: members of {asked.kind} {asked.key}"
                await asyncio.to_thread(audited, self.identity, what, len(members.rows))
            cards.append(members_card(members, viewer, self.language, asked.period))
        if asked.kind is Kind.CLUSTER:
            found = await asyncio.wrap_future(ask_definitions(self.pictures, viewer, asked.region))
            if (defined := found.find(asked.key)) is not None:
                cards.append(definition_card(defined, found.name or "", self.language))
        return cards
