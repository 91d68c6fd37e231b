"""The Claims page: what does this text state in figures, and is it so?

A text is pasted, or read from a file; nothing of it is kept. It is answered
with the reader's own rights, so that who may not see what enterprises reported
cannot find it out by stating it and looking whether it holds.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from markupsafe import Markup
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments
from starlette.concurrency import run_in_threadpool

from ballast.brain.claims.answers import Checked
from ballast.brain.claims.checking import check
from ballast.brain.claims.documents import MOST_BYTES, document
from ballast.brain.claims.reading import statements
from ballast.brain.claims.vocabulary import vocabulary
from ballast.errors import BallastError, Refused, WrongUsage
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import pictures_of
from ballast.portal.claims_view import STYLE, answers, marked, summary
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, alert, button
from ballast.portal.data_uploads import label_of
from ballast.portal.frame import frame
from ballast.portal.identity import Identity, audited, current
from ballast.portal.upload_script import upload_script
from ballast.terms.china import day_in_china
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Right, Viewer
from ballast.words import explain, say

__all__ = ["FILE", "MOST_CHARACTERS", "PAGE", "answered", "audit_claims", "register"]

PAGE = "/claims"
FILE = "/claims/file"
MOST_CHARACTERS = 60_000
"""Of a text on the page and over the API: three times a report of 10,000 words."""
QUESTION = Label("这篇文稿里的数字对不对？", "Are the figures in this text right?")
_EVENT = "ballast-claims-text"
_SUFFIXES = ".txt,.html,.htm,.docx,.md"
_READ = (
    f"() => emit(document.getElementById('cl-in').value.slice(0, {MOST_CHARACTERS + 1}), "
    "document.getElementById('cl-date').value)"
)


def answered(
    lake: Lake, viewer: Viewer, text: str, *, written: date, today: date, region: str
) -> tuple[Checked, ...]:
    """Return the answers to a text, as far as a reader may know them.

    Parameters
    ----------
    lake, viewer
        Where to look, and for whom.
    text
        As it was given.
    written, today
        The day of writing, and the day of checking.
    region
        What 全市 means.

    Raises
    ------
    Refused
        If the text is longer than may be checked at once.
    """
    if len(text) > MOST_CHARACTERS:
        raise Refused(
            "a text of more than {most} characters is not checked at once; send a part of it",
            most=MOST_CHARACTERS,
        )
    known = vocabulary(lake, viewer, region)
    read = statements(text, written=written, known=known)
    return check(lake, viewer, read, today, home=region)


def audit_claims(identity: Identity, checked: tuple[Checked, ...]) -> None:
    """Note that somebody was answered from what enterprises reported, if it was so."""
    viewer = identity.viewer
    if not (viewer.may(Right.READ_UNITS) or viewer.enterprises):
        return
    if count := sum(bool(one.ours) for one in checked):
        audited(identity, f"claims of a text: {len(checked)} statements", count)


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Claims page, and the way to send it a file, to an application.

    Parameters
    ----------
    app
        The portal.
    context
        What it was started with.
    """
    del context

    @ui.page(PAGE)
    def page() -> None:
        identity = current()
        with frame(QUESTION, identity):
            add_style()
            ui.add_css(STYLE)
            _Page(context_of(ui.context.client.request), identity).build()

    @app.post(FILE)
    async def send(request: Request) -> Response:
        name = label_of(unquote(request.headers.get("x-file-name", ""))[:1000])
        data = await _whole(request.stream(), name)
        found = await run_in_threadpool(document, name, data)
        if len(found.text) > MOST_CHARACTERS:
            raise Refused(
                "a text of more than {most} characters is not checked at once; send a part of it",
                most=MOST_CHARACTERS,
            )
        return JSONResponse({"token": found.text}, headers={"cache-control": "no-store"})


async def _whole(chunks: AsyncIterator[bytes], name: str) -> bytes:
    """Return a body of bounded size; one that is larger is not read to its end."""
    found = bytearray()
    async for chunk in chunks:
        found += chunk
        if len(found) > MOST_BYTES:
            raise Refused(
                "{name}: {size} MB, a text may have {most} MB; send the part that is to be checked",
                name=name,
                size=len(found) // 1024 // 1024,
                most=MOST_BYTES // 1024 // 1024,
            )
    return bytes(found)


@dataclass
class _Page:
    """One opened Claims page."""

    context: PortalContext
    identity: Identity

    @property
    def language(self) -> Language:
        return self.identity.language

    def build(self) -> None:
        """Lay the page out: the text, how it is sent, and where the answers will stand."""
        words = self.language
        TextElement(
            tag="p",
            text=say(
                "Paste a report or a piece of news, in Chinese or English. Every statement with a "
                "figure, a rank or a count is found and laid beside our figures. The text is not "
                "kept.",
                words,
            ),
        ).classes("bd-note")
        with ui.element("label").classes("bd-field cl-entry"):
            TextElement(tag="span", text=say("Text to check", words))
            box = ui.element("textarea").props('rows="8"')
            box.props["id"], box.props["maxlength"] = "cl-in", str(MOST_CHARACTERS)
        with ui.element("div").classes("bd-row"):
            self._file()
            with ui.element("label").classes("bd-field"):
                TextElement(tag="span", text=say("Written on", words))
                day = ui.element("input").props('type="date"')
                day.props["id"] = "cl-date"
                day.props["defaultValue"] = f"{day_in_china(self.context.clock()):%Y-%m-%d}"
            self.start = button(say("Check the text", words), self._nothing, main=True)
            self.start.on("click", self._pressed, js_handler=_READ, throttle=0.5)
        bar = ui.element("progress").classes("bd-bar").props('id="cl-sent" max="1" hidden')
        bar.props["aria-label"] = say("Sent so far", words)
        ui.element("p").classes("bd-note").props('id="cl-said" role="status"')
        self.head = ui.html("", sanitize=False).props('aria-live="polite"')
        with ui.element("div").classes("cl-both"):
            self.left = ui.html("", sanitize=False)
            self.right = ui.html("", sanitize=False)
        ui.on(_EVENT, self._received)

    def _file(self) -> None:
        words = self.language
        script = upload_script(
            FILE, _EVENT, "cl", limit_bytes=MOST_BYTES, csrf=self.identity.csrf or "",
            language=words,
        )  # fmt: skip
        with ui.element("label").classes("bd-field"):
            limit = MOST_BYTES // (1024 * 1024)
            said = say("or a file: Word, web page or text, up to {limit} MB", words, limit=limit)
            TextElement(tag="span", text=said)
            field = ui.element("input").props(f'type="file" accept="{_SUFFIXES}"')
            field.props["id"] = "cl-file"
            field.on("change", js_handler=script)

    def _nothing(self) -> None:
        """Nothing: what is pressed tells its text by a handler of its own."""

    async def _received(self, event: GenericEventArguments) -> None:
        """Put the text of a file where a pasted one would stand, and check it."""
        text = str(event.args)[: MOST_CHARACTERS + 1]
        ui.run_javascript(f"document.getElementById('cl-in').value = {json.dumps(text)}")
        await self._check(text, "")

    async def _pressed(self, event: GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, list) else [event.args]
        text = str(sent[0]) if sent else ""
        await self._check(text, str(sent[1]) if len(sent) > 1 else "")

    async def _check(self, text: str, day: str) -> None:
        words = self.language
        for place in (self.left, self.right):
            place.set_content("")
        if not text.strip():
            self.head.set_content(alert(say("Paste a text first, or choose a file.", words)))
            return
        self.head.set_content(alert(say("The text is being read and checked …", words)))
        try:
            identity = current()
            today = day_in_china(self.context.clock())
            written = _day(day, today)
            region = self.context.region
            checked = await pictures_of(self.context).run(
                lambda lake: answered(
                    lake, identity.viewer, text, written=written, today=today, region=region
                )
            )
            await run_in_threadpool(audit_claims, identity, checked)
        except BallastError as error:
            self.head.set_content(alert(explain(error, words)))
            return
        if self.head.is_deleted:
            return
        self.head.set_content(str(summary(checked, words)))
        self.left.set_content(str(marked(text, checked, words)))
        self.right.set_content(str(answers(text, checked, words) if checked else Markup()))


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise WrongUsage("{text} is no day; write one as 2026-07-10", text=text[:40]) from None
