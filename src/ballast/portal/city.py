"""The City page: where does our industry stand?

A skeleton at once, the figures when the picture is there, the charts when they
are drawn; all of it at once where somebody with the same rights looked before.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

from fastapi import FastAPI
from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from ballast.brain.picture_shape import RegionPicture
from ballast.errors import BallastError, SignInRefused
from ballast.portal import downloads, search
from ballast.portal.city_drill import drill_down
from ballast.portal.city_goals import GOAL_STYLE, ask_goals
from ballast.portal.city_pictures import pictures_of
from ballast.portal.city_view import CityView, city_top
from ballast.portal.city_words import WORDS
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters
from ballast.portal.identity import Identity, current
from ballast.portal.picture_words import QUESTION
from ballast.portal.refusal import PAGES
from ballast.portal.story import story_of
from ballast.terms.label import Language
from ballast.terms.viewer import Right
from ballast.words import explain, say

__all__ = ["register"]

_LISTEN = """(event) => {
  const told = event.target.closest("[data-story]");
  const inside = event.target.closest("[data-explore]");
  if (told) emit(["story", told.dataset.story]);
  else if (inside) emit(["explore", inside.dataset.explore]);
}"""


def register(app: FastAPI, context: PortalContext) -> None:
    """Put the City page, the search and the downloads into an application."""

    @ui.page("/city")
    def city() -> None:
        identity = current()
        with frame(QUESTION, identity):
            try:
                filters = here()
            except BallastError as error:
                _note(explain(error, identity.language))
                return
            add_style()
            ui.add_css(GOAL_STYLE)
            _Page(context_of(ui.context.client.request), identity, filters).build()

    search.register(app, context)
    downloads.register(app, context)


def _note(sentence: str) -> None:
    ui.html(
        PAGES.from_string('<p class="note" role="status">{{ it }}</p>').render(it=sentence),
        sanitize=False,
    )


class _Page:
    """One opened City page."""

    def __init__(self, context: PortalContext, identity: Identity, filters: Filters) -> None:
        self.pictures, self.identity, self.filters = pictures_of(context), identity, filters
        self.context = context
        self.refresh = context.wall_refresh_seconds
        self.language: Language = identity.language

    def build(self) -> None:
        """Lay the page out, and fill it now or as soon as it is known."""
        if not self.identity.viewer.may(Right.READ_UNITS):
            _note(self._why())
        self.top = ui.html("", sanitize=False)
        self.rest = ui.html("", sanitize=False)
        self.goals = ui.html("", sanitize=False)
        self.dialog = ui.dialog()
        self.dialog.props["aria-labelledby"] = "story-title"
        for part in (self.top, self.rest):
            part.on("click", self._clicked, js_handler=_LISTEN)
        made, drawn = self._asked()
        if made.done() and drawn.done():
            try:
                self._show(made.result(), drawn.result())
            except BallastError as error:
                self._fail(error)
        else:
            self.top.set_content(self._skeleton())
            self.rest.props["aria-busy"] = "true"
            background_tasks.create(self._fill(made, drawn), name="fill the City page")
        if not self.filters.wall:
            self.goals.props["aria-busy"] = "true"
            background_tasks.create(self._show_goals(), name="goals of the City page")
        if self.filters.story and not self.filters.wall:
            background_tasks.create(self._tell(self.filters.story), name="story of the address")
        if self.filters.wall:
            ui.timer(self.refresh, self._refill, immediate=False)

    async def _show_goals(self) -> None:
        """Put the goals below the picture, as soon as both are there."""
        asked = ask_goals(
            self.pictures, self.identity.viewer, self.context,
            region=self.filters.region, period=self.filters.period, language=self.language,
        )  # fmt: skip
        try:
            text = await asyncio.wrap_future(asked)
        except BallastError as error:
            text = PAGES.from_string('<p class="note" role="status">{{ it }}</p>').render(
                it=explain(error, self.language)
            )
        if not self.goals.is_deleted:
            self.goals.set_content(text)
            self.goals.props["aria-busy"] = "false"

    def _asked(self) -> tuple[Future[RegionPicture], Future[CityView]]:
        asked = (self.identity.viewer, self.filters.region, self.filters.period)
        return self.pictures.picture(*asked), self.pictures.view(*asked, self.language)

    def _why(self) -> str:
        return say(
            "You see what is published of the region. Figures made of what enterprises reported "
            "stand here once they have passed disclosure control; what would tell of a single "
            "enterprise is withheld, and said to be.",
            self.language,
        )

    def _skeleton(self) -> str:
        words = {name: label.text(self.language) for name, label in WORDS.items()}
        page = PAGES.get_template("city_skeleton.html.j2")
        return page.render(w=words, wall=self.filters.wall)

    async def _fill(self, made: Future[RegionPicture], drawn: Future[CityView]) -> None:
        try:
            picture = await asyncio.wrap_future(made)
            if not self.top.is_deleted:
                self.top.set_content(city_top(picture, self.language, wall=self.filters.wall))
            view = await asyncio.wrap_future(drawn)
            if not self.top.is_deleted:
                self._show(picture, view)
        except BallastError as error:
            if not self.top.is_deleted:
                self._fail(error)

    async def _refill(self) -> None:
        try:
            current()
        except SignInRefused:
            ui.navigate.reload()
            return
        await self._fill(*self._asked())

    def _show(self, picture: RegionPicture, view: CityView) -> None:
        wall = self.filters.wall
        self.top.set_content(city_top(picture, self.language, wall=wall))
        self.rest.set_content(view.wall if wall else view.sections)
        self.rest.props["aria-busy"] = "false"

    def _fail(self, error: BallastError) -> None:
        page = PAGES.from_string('<p class="note" role="alert">{{ it }}</p>')
        self.top.set_content(page.render(it=explain(error, self.language)))
        self.rest.set_content("")
        self.rest.props["aria-busy"] = "false"

    async def _clicked(self, event: GenericEventArguments) -> None:
        what, key = (str(part)[:80] for part in (*event.args, "", "")[:2])
        try:
            current()
        except SignInRefused:
            ui.navigate.reload()
            return
        if what == "story":
            await self._tell(key)
        elif what == "explore":
            picture = await asyncio.wrap_future(self._asked()[0])
            self.dialog.clear()
            with self.dialog:
                drill_down(picture, self.language, self.dialog.close)
            self.dialog.open()

    async def _tell(self, key: str) -> None:
        picture = await asyncio.wrap_future(self._asked()[0])
        story = story_of(picture, key, self.language)
        if story is None or self.dialog.is_deleted:
            return
        link = self.filters.link(
            "/city", story=key, region=picture.region, lang=self.language,
            period=None if picture.period is None else str(picture.period),
        )  # fmt: skip
        words = {name: label.text(self.language) for name, label in WORDS.items()}
        told = PAGES.get_template("city_story.html.j2").render(story=story, address=link, w=words)
        self.dialog.clear()
        with self.dialog, ui.element("div").classes("story"):
            close = ui.element("button").classes("story-close").on("click", self.dialog.close)
            close.props["type"], close.props["autofocus"] = "button", True
            with close:
                ui.html(WORDS["close"].text(self.language), sanitize=True, tag="span")
            ui.html(told, sanitize=False)
        self.dialog.open()
