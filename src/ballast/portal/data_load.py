"""The part of the Data page that takes a file in: send it, see what is wrong, load it.

The file travels by a plain request, not through the page's live line, so that
it can be counted and refused while it comes; the page then hears its number.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from ballast.errors import BallastError
from ballast.lake.loading import LoadReport
from ballast.lake.tables import table
from ballast.portal.data_faults import Faults
from ballast.portal.data_html import button, choice, heading, note, show_table
from ballast.portal.data_mapping import show_mapping
from ballast.portal.data_preview import Preview
from ballast.portal.data_report import show_report
from ballast.portal.data_uploads import MAX_UPLOAD_BYTES, SUFFIXES, Shelf, Upload
from ballast.portal.data_words import count, loaded_tables
from ballast.portal.data_work import Asked, loading_work, preview_work
from ballast.portal.identity import Identity, current
from ballast.portal.job_panel import JobPanel
from ballast.portal.jobs import Worker
from ballast.portal.upload_script import upload_script
from ballast.state.jobs import Job, JobStatus
from ballast.terms.viewer import Right
from ballast.words import explain, say, unpack

__all__ = ["LoadPanel"]

_EVENT = "ballast-uploaded"


class LoadPanel:
    """One reader's way from a file to a load.

    Parameters
    ----------
    identity
        Who has opened the page.
    shelf
        Where the file was put.
    worker
        Previews and loads.
    after
        Called when a load has ended.
    """

    def __init__(
        self,
        identity: Identity,
        shelf: Shelf,
        worker: Worker,
        after: Callable[[], Awaitable[None]],
    ) -> None:
        self._after = after
        self._language = identity.language
        self._identity = identity
        self._shelf = shelf
        self._worker = worker
        self._upload: Upload | None = None
        self._asked = Asked()
        self._jobs = JobPanel(worker, self._language, self._show, self._ended)
        self._faults = Faults(self._language)

    def draw(self) -> None:
        """Put the part on the page that is being built."""
        self._field()
        self._jobs.draw()
        ui.on(_EVENT, self._received)

    def _field(self) -> None:
        words = self._language
        limit = MAX_UPLOAD_BYTES // (1024 * 1024)
        label = say("File: Excel, CSV or Parquet, up to {limit} MB", words, limit=limit)
        script = upload_script(
            "/data/upload",
            _EVENT,
            "bd",
            limit_bytes=MAX_UPLOAD_BYTES,
            csrf=self._identity.csrf or "",
            language=words,
        )
        with ui.element("label").classes("bd-field"):
            ui.label(label)
            field = ui.element("input").props(f'type="file" accept="{",".join(SUFFIXES)}"')
            field.props["id"] = "bd-file"
            field.on("change", js_handler=script)
        bar = ui.element("progress").classes("bd-bar").props('id="bd-sent" max="1" hidden')
        bar.props["aria-label"] = say("Sent so far", words)
        ui.element("p").classes("bd-note").props('id="bd-said" role="status"')

    async def _received(self, event: GenericEventArguments) -> None:
        try:
            identity = current()
            assert identity.user is not None  # noqa: S101  the page is closed to others
            self._upload = self._shelf.find(str(event.args), identity.user.id)
        except BallastError as error:
            self._jobs.refuse(error)
            return
        self._asked = Asked()
        await self._preview()

    async def _preview(self, asked: Asked | None = None) -> None:
        """Read the file as asked; what is on the page stays until the answer is there."""
        self._asked = asked or self._asked
        if self._upload is not None:
            await self._start("preview", self._upload)

    async def _look_again(self) -> None:
        await self._preview()

    async def _load(self) -> None:
        if self._upload is not None:
            await self._start("load", self._upload)

    async def _start(self, kind: str, upload: Upload) -> None:
        try:
            identity = current()
            user = identity.user
            if user is None or not identity.viewer.may(Right.LOAD):
                return
            work = (
                preview_work(upload, self._asked)
                if kind == "preview"
                else loading_work(self._shelf, upload, self._asked, identity.viewer, self._language)
            )
            detail = {"file": upload.name, "table": self._asked.table or "", "size": upload.size}
            await self._jobs.start(kind, user.id, detail, work)
        except BallastError as error:
            self._jobs.refuse(error)

    async def _show(self, job: Job) -> None:
        result = self._worker.result(job.id)
        match job.status, result:
            case JobStatus.DONE, Preview():
                self._draw_preview(result)
            case JobStatus.DONE, LoadReport():
                self._upload = None
                show_report(job, result, self._language)
            case JobStatus.CANCELLED, _:
                note(say("Stopped. Nothing was changed.", self._language), "alert", "status")
                self._again()
            case _:
                note(unpack(job.message, self._language), "alert", "alert")
                self._table_choice(())
                self._again()

    async def _ended(self, job: Job) -> None:
        if job.kind == "load":
            await self._after()

    def _again(self) -> None:
        if self._upload is not None:
            again = say("Look at the file again", self._language)
            button(again, self._look_again)

    def _draw_preview(self, found: Preview) -> None:
        words, upload = self._language, self._upload
        self._asked = Asked(found.table, self._asked.given, self._asked.sheet)
        heading(say("What loading {file} would do", words, file=upload.name if upload else ""))
        with ui.element("div").classes("bd-row"):
            self._table_choice(
                tuple((one.table, one.matched, one.headers) for one in found.guesses)
            )
            if len(found.sheets) > 1 or self._asked.sheet:
                self._sheet_choice(found.sheets)
        show_mapping(found, self._asked, words, self._preview)
        if found.fault is not None:
            note(explain(found.fault, words), "alert", "alert")
        elif not found.missing:
            self._draw_verdict(found)
        for sentence in found.notes:
            note(sentence.text(words))
        if found.wrong:
            self._faults.draw(found)
        if found.sample:
            with ui.element("details").classes("w-full"):
                summary = TextElement(tag="summary", text=say("The first rows of the file", words))
                summary.style("cursor: pointer")
                show_table(
                    say("First rows, as they stand in the file", words),
                    found.sample[0],
                    found.sample[1:],
                )

    def _draw_verdict(self, found: Preview) -> None:
        words = self._language
        counts = {
            "accepted": count(found.accepted, words),
            "refused": count(found.refused, words),
        }
        if found.refused:
            note(
                say(
                    "{accepted} rows are right and would be loaded; {refused} are wrong and would "
                    "be set aside, to be mended and loaded later.",
                    words,
                    **counts,
                ),
                "alert",
                "status",
            )
        else:
            right = say("All {accepted} rows are right.", words, accepted=counts["accepted"])
            note(right, "good", "status")
        with ui.element("div").classes("bd-row"):
            if found.accepted:
                go = say("Load {accepted} rows", words, accepted=counts["accepted"])
                button(go, self._load, main=True)
            button(say("Put the file away", words), self._discard)

    async def _discard(self) -> None:
        if self._upload is not None:
            await asyncio.to_thread(self._shelf.discard, self._upload.token)
        self._upload = None
        self._jobs.clear()

    def _table_choice(self, guesses: tuple[tuple[str, int, int], ...]) -> None:
        words = self._language
        fits = {
            name: say("{matched} of {headers} headers fit", words, matched=matched, headers=headers)
            for name, matched, headers in guesses
        }
        options = {"": "–"} if self._asked.table is None else {}
        for name in [*fits, *(name for name in loaded_tables() if name not in fits)]:
            label = table(name).label.text(words)
            options[name] = f"{label} · {fits[name]}" if name in fits else label

        async def chosen(name: str) -> None:
            await self._preview(Asked(name or None, None, self._asked.sheet))

        choice(say("Load into the table", words), options, self._asked.table or "", chosen)

    def _sheet_choice(self, sheets: tuple[str, ...]) -> None:
        words = self._language
        options = {"": say("all sheets", words)} | {name: name for name in sheets}

        async def chosen(name: str) -> None:
            await self._preview(Asked(self._asked.table, self._asked.given, name or None))

        choice(say("Worksheet", words), options, self._asked.sheet or "", chosen)
