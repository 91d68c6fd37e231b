"""The Bulletin page: what does this month's report say? Read it, take it away, look at past months.

Who may read what enterprises reported reads the bureau's own bulletin;
everybody else the one made of sealed figures. It is made when it is asked for
and kept while the data stand, so a month that was revised is told as it is now.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import Response
from markupsafe import Markup
from nicegui import background_tasks, ui
from starlette.concurrency import run_in_threadpool

from ballast.brain.bulletin.document import as_document
from ballast.brain.bulletin.making import bulletin, months
from ballast.brain.bulletin.markdown import as_markdown
from ballast.brain.bulletin.page import as_page, as_part
from ballast.brain.bulletin.shape import Bulletin
from ballast.errors import BallastError, NotFound
from ballast.portal.city_pictures import Pictures, pictures_of
from ballast.portal.city_words import WORDS
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, alert
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters, filters_of, go
from ballast.portal.identity import Identity, audited, current, identity_of
from ballast.portal.refusal import PAGES
from ballast.terms.china import day_in_china
from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Right, Viewer
from ballast.words import explain, say
from ballast.words.marks import SYNTHETIC

__all__ = ["PAGE", "ask_bulletin", "ask_months", "register"]

PAGE = "/bulletin"
QUESTION = Label("本月工业运行简报说了什么？", "What does this month's bulletin say?")
_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_FORMS = {
    "docx": Label("Word 文档", "Word document"),
    "html": Label("网页文件", "HTML file"),
    "md": Label("Markdown 文本", "Markdown"),
}
_PAST = 12
_STYLE = """
.bulletin { max-width: 760px; line-height: 26px; }
.bulletin h2 { margin: 24px 0 8px; }
.bulletin p { margin: 0 0 12px; }
.bulletin sup { font-size: 11px; line-height: 0; }
.bulletin .wide { overflow-x: auto; margin: 0 0 16px; }
.bulletin table { border-collapse: collapse; width: 100%; }
.bulletin caption { text-align: left; font-weight: 600; padding: 4px 0; }
.bulletin th, .bulletin td { text-align: left; vertical-align: top; padding: 4px 8px 4px 0; }
.bulletin th.n, .bulletin td.n { text-align: right; white-space: nowrap; }
.bulletin figure { margin: 0 0 16px; }
.bulletin figure svg { max-width: 100%; height: auto; }
.bulletin ol { font-size: 13px; line-height: 20px; padding-left: 32px; }
.bulletin li { overflow-wrap: anywhere; }
"""


def ask_months(pictures: Pictures, viewer: Viewer) -> Future[tuple[Period, ...]]:
    """Return the months that a reader's bulletins can be made for, oldest first."""
    reader = viewer if viewer.may(Right.READ_UNITS) else PUBLIC
    return pictures.other(reader, ("bulletin-months",), lambda lake: months(lake, reader))


def ask_bulletin(
    pictures: Pictures, viewer: Viewer, region: str, period: Period | None, context: PortalContext
) -> Future[Bulletin]:
    """Return the bulletin that a reader may read.

    Parameters
    ----------
    pictures
        Where it is made and kept.
    viewer
        The reader; without the right to units the same one as for everybody.
    region, period
        Of what and when; the newest month where it is ``None``.
    context
        Whose clock tells the day.
    """
    reader = viewer if viewer.may(Right.READ_UNITS) else PUBLIC
    today = day_in_china(context.clock())
    return pictures.other(
        reader,
        ("bulletin", region, period),
        lambda lake: bulletin(lake, reader, region, today=today, period=period),
    )


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Bulletin page and its files to an application.

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
            ui.add_css(_STYLE)
            try:
                filters = here()
            except BallastError as error:
                ui.html(alert(explain(error, identity.language)), sanitize=False)
                return
            asked = context_of(ui.context.client.request)
            _Page(pictures_of(asked), asked, identity, filters).build()

    @app.get("/download/bulletin/{form}")
    async def download(request: Request, form: str) -> Response:
        return await _file(request, form)


@dataclass
class _Page:
    """One opened Bulletin page."""

    pictures: Pictures
    context: PortalContext
    identity: Identity
    filters: Filters

    @property
    def language(self) -> Language:
        return self.identity.language

    def build(self) -> None:
        """Lay the page out, and fill it as soon as the bulletin is made."""
        self.body = ui.html("", sanitize=False).classes("w-full")
        self.body.props["aria-busy"] = "true"
        labels = {name: label.text(self.language) for name, label in WORDS.items()}
        self.body.set_content(
            PAGES.get_template("city_skeleton.html.j2").render(w=labels, wall=False)
        )
        background_tasks.create(self._fill(), name="fill the Bulletin page")

    async def _fill(self) -> None:
        viewer = self.identity.viewer
        try:
            known = await asyncio.wrap_future(ask_months(self.pictures, viewer))
            made = await asyncio.wrap_future(
                ask_bulletin(
                    self.pictures, viewer, self.filters.region, self.filters.period, self.context
                )
            )
            shown = await asyncio.to_thread(self._drawn, made, known)
        except BallastError as error:
            shown = alert(explain(error, self.language))
        except Exception:
            # What nobody foresaw is logged where this was begun; the page must not wait for it.
            said = say("something went wrong in the portal; nothing was changed", self.language)
            self._show(alert(said))
            raise
        self._show(shown)

    def _show(self, shown: str) -> None:
        if not self.body.is_deleted:
            self.body.set_content(shown)
            self.body.props["aria-busy"] = "false"

    def _drawn(self, made: Bulletin, known: tuple[Period, ...]) -> str:
        if not made.open_to_all:
            audited(self.identity, f"bulletin {made.region} {made.period}", made.enterprises)
        badge = Markup('<span class="badge">{}</span>').format(SYNTHETIC.text(self.language))
        head = Markup('<p class="about"><span>{}</span>{}</p>{}').format(
            _about(made, self.language), badge if made.synthetic else "", self._files(made)
        )
        body = Markup(as_part(made, self.language))  # noqa: S704 its template escapes
        return str(
            Markup('{}{}<article class="bulletin">{}</article>').format(
                head, self._past(made, known), body
            )
        )

    def _files(self, made: Bulletin) -> Markup:
        links = Markup(" · ").join(
            Markup('<a href="{}" download>{}</a>').format(
                go(
                    f"/download/bulletin/{form}",
                    period=str(made.period),
                    region=made.region,
                    lang=self.language,
                ),
                label.text(self.language),
            )
            for form, label in _FORMS.items()
        )
        return Markup('<p class="files">{}: {}</p>').format(
            say("Take it away", self.language), links
        )

    def _past(self, made: Bulletin, known: tuple[Period, ...]) -> Markup:
        entries = Markup().join(
            Markup('<li><a href="{}"{}>{}</a></li>').format(
                self.filters.link(PAGE, period=str(each)),
                Markup(' aria-current="page"') if each == made.period else Markup(),
                f"{each.year}-{each.last_month:02d}",
            )
            for each in reversed(known[-_PAST:])
        )
        return Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(
            say("Months", self.language), entries
        )


def _about(made: Bulletin, language: Language) -> str:
    if made.open_to_all:
        return say(
            "Made of published figures, for everybody. As of {day}.", language, day=f"{made.made}"
        )
    return say(
        "Made of what every enterprise reported, for the bureau's own use. As of {day}.",
        language,
        day=f"{made.made}",
    )


async def _file(request: Request, form: str) -> Response:
    identity, context = identity_of(request), context_of(request)
    if form not in _TYPES:
        raise NotFound(
            "there is no file {name} to download here; go back to the page", name=form[:80]
        )
    filters = filters_of(request.query_params, home=context.region, language=identity.language)
    made = await asyncio.wrap_future(
        ask_bulletin(pictures_of(context), identity.viewer, filters.region, filters.period, context)
    )
    content = await run_in_threadpool(_written, made, form, filters.language)
    if not made.open_to_all:
        what = f"bulletin {made.region} {made.period} .{form}"
        await run_in_threadpool(audited, identity, what, made.enterprises, "download")
    name = f"bulletin-{made.region}-{made.period.year}-{made.period.last_month:02d}.{form}"
    return Response(
        content,
        media_type=_TYPES[form],
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "private, no-store",
            "x-content-type-options": "nosniff",
        },
    )


def _written(made: Bulletin, form: str, language: Language) -> bytes:
    if form == "docx":
        return as_document(made, language)
    text = as_page(made, language) if form == "html" else as_markdown(made, language)
    return text.encode()
