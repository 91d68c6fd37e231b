"""The monthly sheet on the Projects page: send it, see what it would change, decide, commit.

The file travels by a plain request and looking is a job, as on the Data page. Decisions gather on
the page and are looked at together; nothing can be committed that was not looked at before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.looking import Look
from ballast.errors import BallastError, NotPermitted
from ballast.portal.context import PortalContext
from ballast.portal.data import desk_of
from ballast.portal.data_html import button, entry, link, note, show
from ballast.portal.data_uploads import Upload
from ballast.portal.identity import Identity, audited, current
from ballast.portal.job_panel import JobPanel
from ballast.portal.jobs import Work
from ballast.portal.projects_sheet_files import KINDS, MOST_BYTES, shelf_of
from ballast.portal.projects_sheet_report import LookView, show_committed
from ballast.portal.projects_sheet_work import (
    Asked,
    Committed,
    Looked,
    commit_work,
    enterprises_of,
    look_work,
)
from ballast.portal.upload_script import upload_script
from ballast.state.jobs import Job, JobStatus
from ballast.terms.china import day_in_china
from ballast.terms.label import Language
from ballast.terms.viewer import Right
from ballast.words import say, unpack

__all__ = ["SheetPanel"]

_EVENT = "ballast-project-sheet"
_LOOK, _COMMIT = "projects-look", "projects-sheet"


class SheetPanel:
    """One clerk's way from a monthly sheet to the ledger.

    Parameters
    ----------
    identity
        Who has opened the page.
    context
        The portal.
    """

    def __init__(self, identity: Identity, context: PortalContext) -> None:
        self._language: Language = identity.language
        self._csrf = identity.csrf or ""
        self._context = context
        self._shelf, self._worker = shelf_of(context), desk_of(context).worker
        self._upload: Upload | None = None
        self._look: Look | None = None
        self._asked = Asked()
        self._jobs = JobPanel(self._worker, self._language, self._show)

    def draw(self) -> None:
        """Put the panel on the page that is being built."""
        words = self._language
        note(
            say(
                "The bureau's sheet of one month, a project a row. It is only looked at first: you "
                "see which row means which project and what would change, and commit it then.",
                words,
            )
        )
        show(link(say("Template (Excel)", words), f"/projects/template.xlsx?lang={words}",
                  download=True))  # fmt: skip
        with ui.element("div").classes("bd-row"):
            hint = say("Empty: as the sheet says", words)
            self._month = entry(
                say("Month, such as 2026-05", words), on_change=self._asked_anew, hint=hint
            )
            self._sheet = entry(
                say("Worksheet", words), on_change=self._asked_anew, hint=say("Empty: all", words)
            )
        self._field()
        bar = ui.element("progress").classes("bd-bar").props('id="ps-sent" max="1" hidden')
        bar.props["aria-label"] = say("Sent so far", words)
        ui.element("p").classes("bd-note").props('id="ps-said" role="status"')
        self._jobs.draw("ps-look")
        ui.on(_EVENT, self._received)

    def _field(self) -> None:
        words, limit = self._language, MOST_BYTES // (1024 * 1024)
        script = upload_script(
            "/projects/upload", _EVENT, "ps", limit_bytes=MOST_BYTES, csrf=self._csrf,
            language=words,
        )  # fmt: skip
        with ui.element("label").classes("bd-field"):
            said = say("Monthly sheet: Excel or CSV, up to {limit} MB", words, limit=limit)
            TextElement(tag="span", text=said)
            field = ui.element("input").props(f'type="file" accept="{",".join(KINDS)}"')
            field.props["id"] = "ps-file"
            field.on("change", js_handler=script)

    async def _received(self, event: GenericEventArguments) -> None:
        try:
            identity = current()
            if identity.user is None:
                return
            self._upload = self._shelf.find(str(event.args), identity.user.id)
        except BallastError as error:
            self._jobs.refuse(error)
            return
        await self._look_at(Asked().decisions)

    async def _asked_anew(self, _: str) -> None:
        if self._upload is not None and not self._jobs.waits:
            await self._look_at(Asked().decisions)

    async def _look_at(self, decisions: Decisions) -> None:
        """Look at the sheet with these decisions."""
        self._asked = Asked(self._month.value.strip() or None, self._sheet.value.strip() or None,
                            decisions)  # fmt: skip
        await self._start(_LOOK)

    async def _commit(self) -> None:
        await self._start(_COMMIT)

    async def _start(self, kind: str) -> None:
        upload = self._upload
        if upload is None or self._jobs.waits:
            return
        try:
            # Who sits here now: the session may have ended since the page was opened.
            who = current()
            if who.user is None or not who.viewer.may(Right.LOAD):
                raise NotPermitted(
                    "this is not open to your account; ask the administrator of the portal"
                )
            self._shelf.find(upload.token, who.user.id)
            work = self._work(kind, upload, who)
            if work is None:
                return
            detail: Mapping[str, object] = {"file": upload.name, "size": upload.size}
            await self._jobs.start(kind, who.user.id, detail, work)
        except BallastError as error:
            self._jobs.refuse(error)

    def _work(self, kind: str, upload: Upload, who: Identity) -> Work | None:
        today = day_in_china(self._context.clock())
        if kind == _LOOK:
            return look_work(upload, self._asked, who.viewer, self._language, today)
        if self._look is None:
            return None
        return commit_work(
            self._shelf, upload, self._look, self._asked, who.viewer, self._language, today
        )

    async def _show(self, job: Job) -> None:
        result = self._worker.result(job.id)
        who = current()
        words, upload = self._language, self._upload
        if isinstance(result, Looked | Committed):
            # Written down before it is shown; a commit besides, with what it was.
            what = f"projects: sheet {result.look.file} of {result.look.update.period}"
            action = "change" if isinstance(result, Committed) else "read"
            await asyncio.to_thread(audited, who, what, enterprises_of(result.look), action)
        match job.status, result:
            case JobStatus.DONE, Looked():
                self._look = result.look
                LookView(result, words, self._look_at, self._commit, self._discard).draw()
            case JobStatus.DONE, Committed():
                self._upload = self._look = None
                show_committed(result, words)
            case _:
                self._look = None
                stopped = say("Stopped. Nothing was changed.", words)
                ended = job.status is JobStatus.CANCELLED
                note(stopped if ended else unpack(job.message, words), "alert", "alert")
                if upload is not None:
                    button(say("Put the file away", words), self._discard)

    async def _discard(self) -> None:
        if self._upload is not None:
            await asyncio.to_thread(self._shelf.discard, self._upload.token)
        self._upload = self._look = None
        self._jobs.clear()
