"""Many identifiers from a file: send it, look at its first rows, register, see what was refused.

The file travels by a plain request, as on the Data page, so that it can be
counted and refused while it comes. Looking and loading are jobs of the
portal's worker: a page may be left while they run.
"""

from __future__ import annotations

import asyncio

from nicegui import ui
from nicegui.events import GenericEventArguments

from ballast.errors import BallastError
from ballast.portal.context import PortalContext
from ballast.portal.data import desk_of
from ballast.portal.data_html import button, choice, link, note, show, show_table
from ballast.portal.data_uploads import MAX_UPLOAD_BYTES, Upload
from ballast.portal.identifiers_bulk_files import KINDS, shelf_of
from ballast.portal.identifiers_bulk_rows import TEMPLATE_TYPES
from ballast.portal.identifiers_bulk_work import BulkReport, FirstRows, load_work, look_work
from ballast.portal.identifiers_desk import NodeDesk, acting
from ballast.portal.identifiers_rights import registers_somewhere
from ballast.portal.identifiers_words import type_label
from ballast.portal.identity import Identity, audited, current
from ballast.portal.job_panel import JobPanel
from ballast.portal.upload_script import upload_script
from ballast.state.jobs import Job, JobStatus
from ballast.terms.label import Language
from ballast.words import say, unpack, visible

__all__ = ["BulkPanel", "show_first_rows", "show_report"]

_EVENT = "ballast-identifiers-uploaded"
_LOOK, _LOAD = "identifiers-look", "identifiers"


class BulkPanel:
    """One reader's way from a file to identifiers.

    Parameters
    ----------
    identity
        Who has opened the page.
    context, desk
        The portal and its node.
    prefixes
        Under which the reader may register.
    """

    def __init__(
        self, identity: Identity, context: PortalContext, desk: NodeDesk, prefixes: list[str]
    ) -> None:
        self._language: Language = identity.language
        self._csrf = identity.csrf or ""
        self._context, self._desk, self._prefixes = context, desk, prefixes
        self._shelf, self._worker = shelf_of(context), desk_of(context).worker
        self._upload: Upload | None = None
        self._jobs = JobPanel(self._worker, self._language, self._show)

    def draw(self) -> None:
        """Put the panel on the page that is being built."""
        words = self._language
        note(
            say(
                "Excel or CSV: one identifier a row, one value a column. NDJSON: one a line, as "
                "the node's interface takes it. The same file sent twice registers once.",
                words,
            )
        )
        show(link(say("Template (Excel)", words), f"/identifiers/template.xlsx?lang={words}",
                  download=True))  # fmt: skip
        with ui.element("div").classes("bd-row"):
            names = {name: f"{name}/" for name in self._prefixes}
            self._prefix = choice(
                say("Register under", words), names, self._prefixes[0], self._prefix_chosen
            )
            self._field()
        bar = ui.element("progress").classes("bd-bar").props('id="bi-sent" max="1" hidden')
        bar.props["aria-label"] = say("Sent so far", words)
        ui.element("p").classes("bd-note").props('id="bi-said" role="status"')
        self._jobs.draw()
        ui.on(_EVENT, self._received)

    def _field(self) -> None:
        words, limit = self._language, MAX_UPLOAD_BYTES // (1024 * 1024)
        script = upload_script(
            "/identifiers/upload",
            _EVENT,
            "bi",
            limit_bytes=MAX_UPLOAD_BYTES,
            csrf=self._csrf,
            language=words,
        )
        with ui.element("label").classes("bd-field"):
            ui.label(say("File: Excel, CSV or NDJSON, up to {limit} MB", words, limit=limit))
            field = ui.element("input").props(f'type="file" accept="{",".join(KINDS)}"')
            field.props["id"] = "bi-file"
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
        await self._start(_LOOK)

    async def _prefix_chosen(self, _: str) -> None:
        if self._upload is not None and not self._jobs.waits:
            await self._start(_LOOK)

    async def _load(self) -> None:
        await self._start(_LOAD)

    async def _start(self, kind: str) -> None:
        upload, prefix = self._upload, self._prefix.value
        if upload is None:
            return
        try:
            who = current()
            if who.user is None or not registers_somewhere(who.viewer):
                return
            work = (
                look_work(upload, prefix)
                if kind == _LOOK
                else load_work(
                    self._desk,
                    self._shelf,
                    upload,
                    prefix,
                    who.viewer,
                    acting(who.viewer.name, who.address),
                    self._language,
                )
            )
            detail = {"file": upload.name, "prefix": prefix, "size": upload.size}
            if kind == _LOAD:
                what = f"identifiers: {upload.name[:100]} under {prefix}"
                await asyncio.to_thread(audited, who, what, 1, "register")
            await self._jobs.start(kind, who.user.id, detail, work)
        except BallastError as error:
            self._jobs.refuse(error)

    async def _show(self, job: Job) -> None:
        result = self._worker.result(job.id)
        match job.status, result:
            case _, FirstRows() if job.status is JobStatus.DONE:
                self._draw_first(result)
            case _, BulkReport():
                self._draw_report(job, result)
            case _:
                note(unpack(job.message, self._language), "alert", "alert")
                if self._upload is not None and job.kind == _LOAD:
                    button(say("Try again", self._language), self._load)

    def _draw_first(self, found: FirstRows) -> None:
        words = self._language
        show_first_rows(found, self._upload.name if self._upload else "", words)
        with ui.element("div").classes("bd-row"):
            go = say("Register {count} rows", words, count=f"{found.lines:,}")
            button(go, self._load, main=True)
            button(say("Put the file away", words), self._discard)

    def _draw_report(self, job: Job, report: BulkReport) -> None:
        if not report.ended:
            self._upload = None
        show_report(job.id, report, self._language)
        if report.ended:
            button(say("Go on", self._language), self._load)

    async def _discard(self) -> None:
        if self._upload is not None:
            await asyncio.to_thread(self._shelf.discard, self._upload.token)
        self._upload = None
        self._jobs.clear()


def show_first_rows(found: FirstRows, name: str, language: Language) -> None:
    """Put the first rows of a file on the page, as they would be registered."""
    caption = say("The first rows of {file}, as they would be registered", language, file=name)
    heads = [
        say("Row", language),
        say("Identifier", language),
        say("Anyone reads", language),
        say("Administrators read", language),
    ]
    rows = []
    for row in found.rows:
        told = [
            "; ".join(
                f"{type_label(kind, language)}: {visible(data[:120])}"
                for kind, data, public in row.values
                if public == wanted
            )
            for wanted in (True, False)
        ]
        if row.fault is not None:
            told[0] = say("refused: {reason}", language, reason=row.fault.text(language))
        rows.append([str(row.number), visible(row.handle), *told])
    show_table(caption, heads, rows, figures=frozenset({0}))
    own = [kind for _, kind, _ in found.columns if kind.upper() not in TEMPLATE_TYPES]
    own = [kind for kind in own if kind not in ("", "handle", "expires")]
    if own:
        note(
            say(
                "These columns become values of types of your own: {names}.",
                language,
                names=", ".join(own),
            )
        )
    for sentence in found.notes:
        note(sentence.text(language))


def show_report(job: int, report: BulkReport, language: Language) -> None:
    """Put what became of a file on the page."""
    counts = {"registered": f"{report.registered:,}", "refused": f"{report.refused:,}"}
    if report.already:
        note(
            say(
                "This file was registered before under this prefix; nothing was registered twice. "
                "Then: {registered} registered, {refused} refused.",
                language,
                **counts,
            ),
            "good",
            "status",
        )
    else:
        kind = "alert" if report.refused or report.ended else "good"
        said = say("{registered} registered, {refused} refused.", language, **counts)
        note(said, kind, "status")
    if report.ended:
        note(
            say("The load ended before its end: {reason}.", language, reason=report.ended),
            "alert",
            "alert",
        )
    if not report.shown:
        return
    caption = say("Refused rows", language)
    heads = [
        say("Row", language),
        say("Identifier", language),
        say("Why, and what to do", language),
    ]
    rows = [[str(one.number), visible(one.handle), one.reason] for one in report.shown]
    show_table(caption, heads, rows, figures=frozenset({0}))
    if report.refused_file is not None:
        show(
            link(
                say("Download all refused rows, to mend and send again (CSV)", language),
                f"/identifiers/refused/{job}?lang={language}",
                download=True,
            )
        )
