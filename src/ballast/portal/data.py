"""The Data page: what stands, what is missing, and how figures get in and out again.

Four parts under four addresses (``?part=``), each an ordinary link: a part can
be bookmarked, and opening the ledger does not count the missing.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import app as pages
from nicegui import background_tasks, ui
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response

from ballast.brain.quality import Quality
from ballast.errors import BallastError, NotFound, Refused
from ballast.lake.lake import Lake
from ballast.lake.sheets import safe_cell
from ballast.lake.tables import TABLES, table
from ballast.lake.template import write_template
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, heading, link, note, show, show_table
from ballast.portal.data_ledger import LedgerPanel
from ballast.portal.data_load import LoadPanel
from ballast.portal.data_quality import MISSING_HEADS, Keeper, missing_rows, show_quality
from ballast.portal.data_report import refused_name, show_recent
from ballast.portal.data_uploads import Shelf
from ballast.portal.data_words import loaded_tables
from ballast.portal.frame import frame, go
from ballast.portal.identity import Identity, audited, current, identity_of, require
from ballast.portal.jobs import Worker
from ballast.state.jobs import find_job, jobs_of
from ballast.terms.label import Label, Language
from ballast.terms.role import Role
from ballast.terms.viewer import Right
from ballast.words import explain, say

__all__ = ["Desk", "desk_of", "register"]

TITLE = Label("数据新不新、全不全？", "Are the data fresh and whole?")
PARTS: dict[str, Label] = {
    "state": Label("数据状况", "State of the data"),
    "load": Label("装载文件", "Load a file"),
    "ledger": Label("装载台账", "Ledger of loads"),
    "templates": Label("填报模板", "Templates"),
}
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RECENT = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """What the Data pages of one home share: uploads, the worker, what was counted."""

    shelf: Shelf
    worker: Worker
    keeper: Keeper


# By home, not one for the program: two portals in one process do not share uploads.
_DESKS: dict[Path, Desk] = {}


def desk_of(context: PortalContext) -> Desk:
    """Return what the Data pages of a home share."""
    return _DESKS[context.lake.home.path]


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the Data page and what belongs to it.

    Parameters
    ----------
    app
        The portal.
    context
        What it was started with.
    """
    home, engine, clock = context.lake.home.path, context.lake.engine.name, context.lake.clock

    def open_lake() -> Lake:
        return Lake.open(home, engine, clock)

    if (before := _DESKS.pop(home, None)) is not None:
        before.worker.close()
    desk = Desk(Shelf(home / "uploads"), Worker(context.state, open_lake), Keeper(open_lake))
    desk.shelf.sweep()
    _DESKS[home] = desk
    pages.on_shutdown(desk.worker.close)
    ui.page("/data", response_timeout=30.0)(_page)
    app.add_api_route("/data/upload", _upload, methods=["POST"])
    app.add_api_route("/data/refused/{job}", _refused, methods=["GET"])
    app.add_api_route("/data/template/{name}.xlsx", _template, methods=["GET"])
    app.add_api_route("/data/missing.csv", _missing, methods=["GET"])


async def _page(part: str = "state") -> None:
    identity = current()
    require(identity, Role.ANALYST, Role.ADMINISTRATOR)
    context = context_of(ui.context.client.request)
    shown = [name for name in PARTS if name != "load" or identity.viewer.may(Right.LOAD)]
    part = part if part in shown else "state"
    with frame(TITLE, identity):
        add_style()
        _parts(shown, part, identity.language)
        await _DRAW[part](identity, context)


def _parts(shown: list[str], part: str, language: Language) -> None:
    query = dict(ui.context.client.request.query_params)
    kept = {name: query[name] for name in ("period", "region", "lang") if name in query}
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            go("/data", part=name, **kept),
            Markup(' aria-current="page"') if name == part else Markup(),
            PARTS[name].text(language),
        )
        for name in shown
    )
    label = say("Parts of this page", language)
    show(Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(label, entries))


async def _draw_state(identity: Identity, context: PortalContext) -> None:
    place = ui.element("div").classes("w-full").props('aria-busy="true"')
    with place:
        note(say("Counting what stands and what is missing …", identity.language), role="status")
    background_tasks.create(_fill_state(place, identity, context), name="count what is missing")


async def _fill_state(place: ui.element, identity: Identity, context: PortalContext) -> None:
    today = context.clock().date()
    keeper = desk_of(context).keeper
    try:
        found, called = await asyncio.to_thread(keeper.quality, identity.viewer, today)
        await asyncio.to_thread(_audit_named, identity, found)
    except BallastError as error:
        with place:
            place.clear()
            note(explain(error, identity.language), "alert", "alert")
        place.props["aria-busy"] = "false"
        return
    with place:
        place.clear()
        place.props["aria-busy"] = "false"
        show_quality(found, called, identity.language)


def _audit_named(identity: Identity, found: Quality) -> None:
    """Write down whose names are about to be shown."""
    reporting = found.reporting
    if reporting is not None and (reporting.missing or reporting.gaps):
        what = f"enterprise_period: not reported {reporting.newest}, gaps"
        number = len({m.uscc for m in reporting.missing} | {g.uscc for g in reporting.gaps})
        audited(identity, what, number)


async def _draw_load(identity: Identity, context: PortalContext) -> None:
    desk = desk_of(context)
    number = 0 if identity.user is None else identity.user.id

    async def recent() -> None:
        jobs = await asyncio.to_thread(jobs_of, context.state, number)
        place.clear()
        with place:
            show_recent([job for job in jobs if job.kind == "load"][:_RECENT], identity.language)

    LoadPanel(identity, desk.shelf, desk.worker, recent).draw()
    place = ui.element("div").classes("w-full")
    await recent()


async def _draw_ledger(identity: Identity, context: PortalContext) -> None:
    await LedgerPanel(identity, context.lake).draw()


async def _draw_templates(identity: Identity, _: PortalContext) -> None:
    words = identity.language
    heading(say("One workbook a table, with drop-downs and notes", words))
    if identity.viewer.may(Right.LOAD):
        note(say("Fill it in and upload it under “{part}”.", words, part=PARTS["load"]))
    heads = (Label("表", "Table"), Label("一行是", "A row is"), Label("模板", "Template"))
    show_table(
        say("Templates", words),
        [head.text(words) for head in heads],
        [
            [
                TABLES[name].label.text(words),
                TABLES[name].meaning.text(words),
                link(
                    say("Download {name}", words, name=f"{name}.xlsx"),
                    f"/data/template/{name}.xlsx?lang={words}",
                    download=True,
                ),
            ]
            for name in loaded_tables()
        ],
    )


_DRAW = {
    "state": _draw_state,
    "load": _draw_load,
    "ledger": _draw_ledger,
    "templates": _draw_templates,
}


async def _upload(request: Request) -> Response:
    identity = identity_of(request)
    if identity.user is None or not identity.viewer.may(Right.LOAD):
        require(identity, Role.ANALYST)
        raise NotFound("there is no account behind this request")
    sent_name = unquote(request.headers.get("x-file-name", ""))[:1000]
    shelf = desk_of(context_of(request)).shelf
    try:
        upload = await shelf.receive(request.stream(), sent_name, identity.user.id)
    except ClientDisconnect:
        raise Refused("the file did not arrive whole; nothing was kept") from None
    return JSONResponse({"token": upload.token, "name": upload.name, "size": upload.size})


def _refused(request: Request, job: int) -> Response:
    identity, context = identity_of(request), context_of(request)
    if identity.user is None:
        raise NotFound("there is no account behind this request")
    found = find_job(context.state, job, identity.user.id)
    result = found.result if isinstance(found.result, dict) else {}
    kept = str(result.get("refused_file") or "")
    path = desk_of(context).shelf.refused(kept)
    audited(identity, f"refused rows of job {job}", int(result.get("refused") or 0), "download")
    name = refused_name(str(found.detail.get("file", "file")), kept)
    return _attached(path, name)


def _template(request: Request, name: str) -> Response:
    if name not in loaded_tables():
        raise NotFound("there is no template of that name; the Data page lists them")
    language = identity_of(request).language
    folder = tempfile.TemporaryDirectory(prefix="ballast-template-")
    path = Path(folder.name) / "template.xlsx"
    write_template(table(name), path, language)
    return _attached(path, f"{name}.xlsx", BackgroundTask(folder.cleanup))


def _missing(request: Request) -> Response:
    identity, context = identity_of(request), context_of(request)
    keeper = desk_of(context).keeper
    found, called = keeper.quality(identity.viewer, context.clock().date())
    if found.reporting is None or not found.reporting.named:
        raise NotFound("nobody has reported yet")
    reporting, words = found.reporting, identity.language
    what = f"enterprise_period: not reported {reporting.newest}"
    audited(identity, what, len(reporting.missing), "download")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([head.text(words) for head in MISSING_HEADS])
    for row in missing_rows(reporting, called, words):
        writer.writerow([safe_cell(cell) for cell in row])
    name = f"not-reported-{re.sub(r'[^0-9A-Za-z.-]', '', str(reporting.newest))}.csv"
    # With a byte order mark, or Excel takes the Chinese for Latin-1.
    body = text.getvalue().encode("utf-8-sig")
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _attached(path: Path, name: str, after: BackgroundTask | None = None) -> Response:
    kind = _SPREADSHEET if path.suffix == ".xlsx" else "text/csv; charset=utf-8"
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return FileResponse(
        path, media_type=kind, headers={"content-disposition": disposition}, background=after
    )
