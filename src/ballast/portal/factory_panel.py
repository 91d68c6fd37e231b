"""A piece of the Factory page that is filled as soon as its answer is there.

The page comes at once: where the answer is kept already, with it; else with
its outline, and the answer follows over the page's line. A click on a figure
opens the story that came with the answer, so that a story can never tell of
other figures than those on the screen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from markupsafe import Markup
from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments
from starlette.concurrency import run_in_threadpool

from ballast.errors import BallastError, SignInRefused
from ballast.portal.city_words import WORDS as CITY_WORDS
from ballast.portal.factory_desk import FactoryDesk
from ballast.portal.factory_html import PAGE, View
from ballast.portal.factory_words import WORDS
from ballast.portal.frame_address import go
from ballast.portal.identity import Identity, audited, current
from ballast.portal.refusal import PAGES
from ballast.portal.story import Story
from ballast.terms.label import Language
from ballast.words import explain

__all__ = ["FactoryPage", "OpenedPage", "show_view"]

_log = logging.getLogger(__name__)
_FAULT = "something went wrong in the portal; nothing was changed"
_PATIENCE = 0.4
"""Seconds for which the page itself waits: what takes no longer comes without an outline."""
_KEPT = ("part", "span", "machine", "subject", "kind", "group", "lang")
_LISTEN = """(event) => {
  const told = event.target.closest("[data-story]");
  if (told) emit(told.dataset.story);
}"""


class OpenedPage(Protocol):
    """What a page has to be for a view to be shown on it."""

    @property
    def identity(self) -> Identity:
        """Who looks."""

    @property
    def language(self) -> Language:
        """The reader's."""

    def asked(self, name: str, otherwise: str = "") -> str:
        """Return one parameter of the address."""

    def address(self, **changes: str | None) -> str:
        """Return the page's own address with some parameters changed or left out."""


@dataclass(frozen=True, slots=True)
class FactoryPage:
    """One opened page.

    Parameters
    ----------
    identity
        Who looks.
    desk
        The plant of the home.
    query
        The address's parameters.
    """

    identity: Identity
    desk: FactoryDesk
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The reader's."""
        return self.identity.language

    def asked(self, name: str, otherwise: str = "") -> str:
        """Return one parameter of the address, cut to a bearable length."""
        return self.query.get(name, otherwise)[:250]

    def kept(self, *without: str) -> dict[str, str | None]:
        """Return the parameters that links of the page take along."""
        return {k: self.query[k] for k in _KEPT if k in self.query and k not in without}

    def address(self, **changes: str | None) -> str:
        """Return the page's own address with some parameters changed or left out."""
        return go(PAGE, **(self.kept() | changes))


async def show_view(
    page: OpenedPage, ask: Callable[[], Future[View]], what: str, *, once_there: bool = False
) -> None:
    """Put the place of a view on the page, and fill it now or as soon as it is there.

    Parameters
    ----------
    page
        The opened page.
    ask
        Begins the work and gives its future; called in a thread, for it looks at the tables.
    what
        For the audit trail: that it was seen.
    once_there
        Write it down when the view is there, before it is shown: for an address that may name
        what the reader does not see, of which nothing was seen then.
    """
    place = _Place(page, what if once_there else "")
    try:
        made = await run_in_threadpool(ask)
        if not once_there:
            await run_in_threadpool(audited, page.identity, what, 1)
    except BallastError as error:
        place.fail(error)
        return
    answer = asyncio.ensure_future(asyncio.wrap_future(made))
    done, _ = await asyncio.wait({answer}, timeout=_PATIENCE)
    if done:
        await place.fill(answer)
    else:
        place.outline()
        background_tasks.create(place.fill(answer), name="fill a page")


class _Place:
    """Where a view stands."""

    def __init__(self, page: OpenedPage, seen: str = "") -> None:
        self.page = page
        self.seen = seen
        self.stories: Mapping[str, Story] = {}
        self.body = ui.html("", sanitize=False)
        self.body.on("click", self._clicked, js_handler=_LISTEN)
        self.dialog = ui.dialog()
        self.dialog.props["aria-labelledby"] = "story-title"

    def outline(self) -> None:
        """Show what will stand here while it is being worked out."""
        bones = Markup('<div class="card fa-bone bone fa-wait"></div>') * 2
        loading = WORDS["loading"].text(self.page.language)
        self.body.set_content(
            Markup('<p role="status" class="unseen">{}</p>{}').format(loading, bones)
        )
        self.body.props["aria-busy"] = "true"

    async def fill(self, answer: asyncio.Future[View]) -> None:
        """Show the view, and the story that the address names."""
        try:
            view = await answer
            if self.seen:
                await run_in_threadpool(audited, self.page.identity, self.seen, 1)
        except BallastError as error:
            self.fail(error)
            return
        except Exception:  # a fault of ours; who looks is told, and not left waiting
            _log.exception("a part of a page")
            self.fail(BallastError(_FAULT))
            return
        if self.body.is_deleted:
            return
        self.stories = view.stories
        self.body.set_content(str(view.markup))
        self.body.props["aria-busy"] = "false"
        if asked := self.page.asked("story"):
            self._tell(asked)

    def fail(self, error: BallastError) -> None:
        """Say why there is no view."""
        if self.body.is_deleted:
            return
        said = explain(error, self.page.language)
        self.body.set_content(Markup('<p class="note" role="alert">{}</p>').format(said))
        self.body.props["aria-busy"] = "false"

    def _clicked(self, event: GenericEventArguments) -> None:
        try:
            current()
        except SignInRefused:
            ui.navigate.reload()
            return
        self._tell(str(event.args)[:250])

    def _tell(self, key: str) -> None:
        story = self.stories.get(key)
        if story is None or self.dialog.is_deleted:
            return
        language = self.page.language
        words = {name: label.text(language) for name, label in CITY_WORDS.items()}
        told = PAGES.get_template("city_story.html.j2").render(
            story=story, address=self.page.address(story=key), w=words
        )
        self.dialog.clear()
        with self.dialog, ui.element("div").classes("story"):
            close = ui.element("button").classes("story-close").on("click", self.dialog.close)
            close.props["type"], close.props["autofocus"] = "button", True
            with close:
                ui.html(WORDS["close"].text(language), sanitize=True, tag="span")
            ui.html(told, sanitize=False)
        self.dialog.open()
