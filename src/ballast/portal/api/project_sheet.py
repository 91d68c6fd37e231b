"""A monthly sheet of projects for programs: looked at, then committed as it was looked at.

Two requests, each with the file: the first says what would change and gives a word for what
it saw, the second commits with that word, or is refused because the ledger has changed since.
Nothing of a file is kept between them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile

from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.looking import Look, commit_look, look
from ballast.errors import BallastError, LoadConflict, NotPermitted, RefusedRows, WrongUsage
from ballast.lake.lake import Lake
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.project_sheet_shapes import ProjectSheet, sheet_shape
from ballast.portal.data_uploads import Shelf, Upload
from ballast.portal.data_work import under_its_name
from ballast.portal.projects_sheet_files import KINDS, MOST_BYTES, sheet_kind
from ballast.portal.projects_sheet_work import enterprises_of
from ballast.terms.china import day_in_china
from ballast.terms.viewer import Right

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["projects"])

_CHUNK = 1024 * 1024
_MOST_DECISIONS = 5_000
Row = Annotated[str, Form(max_length=120)]


# longer than 60 lines because nearly all of it declares what the request may hold
@router.post("/api/v1/project-sheet", operation_id="updateProjects")
async def update_projects(
    ask: Asker,
    file: Annotated[UploadFile, File(description="The monthly sheet: .xlsx, .xls or .csv.")],
    period: Annotated[
        str | None,
        Form(max_length=20, description="The month that it is of, 2026-05; or as it says."),
    ] = None,
    sheet: Annotated[
        str | None, Form(max_length=60, description="Read this worksheet only.")
    ] = None,
    same: Annotated[
        list[Row],
        Form(max_length=_MOST_DECISIONS, description="ROW=PROJECT: which project a row means."),
    ] = [],  # noqa: B006  read, never written to
    new: Annotated[
        list[Row], Form(max_length=_MOST_DECISIONS, description="ROW: it is a new project.")
    ] = [],  # noqa: B006
    leave_out: Annotated[
        list[Row], Form(max_length=_MOST_DECISIONS, description="ROW: it is not to be taken.")
    ] = [],  # noqa: B006
    evidence: Annotated[
        bool,
        Form(description="Take rows of which enterprise, name and plan agree; else they wait."),
    ] = True,
    correct: Annotated[bool, Form(description="Correct months that stand already.")] = False,
    partly: Annotated[
        bool, Form(description="Commit the rows that are right, leave out the others.")
    ] = False,
    dry_run: Annotated[bool, Form(description="Say what would happen; change nothing.")] = True,
    seen: Annotated[
        str | None,
        Form(
            max_length=64,
            description="As the look gave it: commit only if it would be the same now.",
        ),
    ] = None,
) -> ProjectSheet:
    """Look at a monthly sheet of projects, or commit it as one load.

    A dry run unless `dry_run` is `false`. A file that stands already is
    committed again only with the `seen` of a look at what is left of it.
    """
    ask.private()
    if not ask.viewer.may(Right.LOAD):
        raise NotPermitted("{who} may not load data into this home", who=ask.viewer.name)
    sheet_kind(file.filename or "")
    decisions = Decisions(
        _pairs(same), frozenset(new), frozenset(leave_out), correct, ask=not evidence
    )
    # One of its own: a program's file does not push a clerk's off the shelf of the page.
    shelf = Shelf(ask.context.lake.home.path / "uploads", MOST_BYTES, KINDS)
    held = await shelf.receive(_chunks(file), file.filename or "", ask.user.id)
    try:
        return await asyncio.to_thread(
            _answered, ask, held, period, sheet, decisions,
            partly=partly, dry_run=dry_run, seen=seen,
        )  # fmt: skip
    finally:
        await asyncio.to_thread(shelf.discard, held.token)


def _pairs(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        row, equals, number = text.rpartition("=")
        if not equals or not row:
            raise WrongUsage("{name} {text}: write it as LEFT=RIGHT", name="same", text=text)
        found[row] = number
    return found


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


def _answered(
    ask: Caller,
    held: Upload,
    period: str | None,
    sheet: str | None,
    decisions: Decisions,
    *,
    partly: bool,
    dry_run: bool,
    seen: str | None,
) -> ProjectSheet:
    today = day_in_china(ask.context.clock())
    # A lake of its own: a sheet would keep one of the few that questions borrow.
    lake = Lake(ask.context.lake.home, clock=ask.context.lake.clock)
    try:
        found = look(
            lake, ask.viewer, held.path, today=today, language=ask.language, file=held.name,
            period=period or None, sheet=sheet or None, decisions=decisions,
        )  # fmt: skip
    except BallastError as error:
        raise under_its_name(error, held) from None
    what = f"projects: sheet {found.file} of {found.update.period}"
    ask.audit(what, enterprises_of(found))
    if dry_run:
        return sheet_shape(found, ask.language, dry_run=True, load_id=found.already)
    if found.already and (seen is None or not found.update.changing):
        return sheet_shape(found, ask.language, dry_run=False, load_id=found.already)
    _refuse(found, decisions, seen, partly=partly)
    load_id = commit_look(lake, ask.viewer, found, today=today)
    if load_id:
        ask.audit(what, enterprises_of(found), "change")
    return sheet_shape(found, ask.language, dry_run=False, load_id=load_id or None)


def _refuse(found: Look, decisions: Decisions, seen: str | None, *, partly: bool) -> None:
    if seen is not None and seen != found.seen:
        raise LoadConflict(
            "the ledger of projects was changed since you looked at {file}; look at it again, "
            "nothing was written",
            file=found.file,
        )
    if not partly and (problems := found.refused - len(decisions.out)):
        raise RefusedRows(
            "{count} rows cannot be taken; a dry run names each. Nothing was changed; `partly` "
            "takes the others",
            count=problems,
        )
