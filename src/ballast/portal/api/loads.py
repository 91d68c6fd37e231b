"""The ledger of loads, and new loads: sent as a file, tried or committed, taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Path, Query, UploadFile
from pydantic import Field

from ballast.errors import BallastError, NotPermitted
from ballast.lake.declare import Stage
from ballast.lake.lake import Lake
from ballast.lake.loading import LoadReport, load_file
from ballast.lake.tables import TABLES, table
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.cursors import page
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.portal.api.shapes import Shape
from ballast.portal.data_uploads import Upload
from ballast.terms.viewer import Right
from ballast.words import unpack

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["loads"])

_MOST_ISSUES = 200
_LOADED = [declared.name for declared in TABLES.values() if declared.stage is Stage.LOADED]
_CHUNK = 1024 * 1024
LoadId = Annotated[
    str, Path(pattern=r"^L[0-9]{7,12}-[0-9a-f]{8}$", description="As `/loads` lists.")
]


class LoadShape(Shape):
    """One event of a load: its commit, or its withdrawal."""

    load_id: str
    state: Literal["committed", "withdrawn"]
    standing: bool = Field(description="Whether its rows count now.")
    at: datetime
    tables: list[str]
    recipe: str | None
    file: str | None
    who: str
    accepted: int
    refused: int
    synthetic: bool
    note: str


class Loads(Shape):
    """A page of the ledger, newest first."""

    loads: list[LoadShape]
    next: str | None


class IssueShape(Shape):
    """One thing that is wrong in a file."""

    where: str
    found: str | None
    message: str


class Report(Shape):
    """What became of a file, or would become of it."""

    dry_run: bool
    load_id: str | None = Field(description="Null where nothing was committed.")
    already: bool = Field(description="The same file stands already; nothing was changed.")
    accepted: int
    refused: int
    issues: list[IssueShape] = Field(description="The first of them.")
    issue_count: int
    notes: list[str]


class Withdrawal(Shape):
    """A load that was taken back."""

    load_id: str
    at: datetime
    rows: int = Field(description="Rows that count no longer.")


@router.get("/api/v1/loads", operation_id="listLoads")
def list_loads(ask: Asker, limit: Limit = 100, cursor: Cursor = None) -> Loads:
    """List loads and withdrawals, newest first."""
    with ask.lakes.lend() as lake:
        rows = lake.loads(ask.viewer)
        ask.tagged(lake, more=str(rows.height))
        standing = set(lake.live_loads())
    events = [
        LoadShape(
            load_id=row["load_id"],
            state=row["state"],
            standing=row["load_id"] in standing,
            at=row["at"],
            tables=row["tables"].split(","),
            recipe=row["recipe"],
            file=row["file"],
            who=row["who"],
            accepted=row["accepted"],
            refused=row["refused"],
            synthetic=row["provenance"] == "synthetic",
            note=unpack(row["note"], ask.language),
        )
        for row in reversed(rows.to_dicts())
    ]
    kept, more = page(events, ["loads", len(events)], limit, cursor)
    return Loads(loads=kept, next=more)


@router.post("/api/v1/loads", operation_id="load")
async def load(
    ask: Asker,
    table_name: Annotated[
        str,
        Form(
            alias="table",
            max_length=60,
            description="Name of a table.",
            json_schema_extra={
                "enum": [t.name for t in TABLES.values() if t.stage is Stage.LOADED]
            },
        ),
    ],
    file: Annotated[UploadFile, File(description="A workbook, CSV or Parquet file.")],
    dry_run: Annotated[bool, Form(description="Say what would happen; change nothing.")] = True,
    sheet: Annotated[
        str | None, Form(max_length=60, description="Read this worksheet only.")
    ] = None,
) -> Report:
    """Load a file into a table: the right rows as one load, the wrong ones named.

    A dry run unless `dry_run` is `false`.
    """
    ask.private()
    if not ask.viewer.may(Right.LOAD):
        raise NotPermitted("{who} may not load data into this home", who=ask.viewer.name)
    table(table_name)
    held = await ask.shelf.receive(_chunks(file), file.filename or "", ask.user.id)
    try:
        return await asyncio.to_thread(_loaded, ask, held, table_name, sheet, dry_run)
    finally:
        await asyncio.to_thread(_cleared, ask, held)


@router.delete("/api/v1/loads/{load_id}", operation_id="withdrawLoad")
def withdraw(
    ask: Asker,
    load_id: LoadId,
    note: Annotated[str | None, Query(max_length=400, description="Why.")] = None,
) -> Withdrawal:
    """Take a load back: its rows no longer count; older moments still show them."""
    ask.private()
    with ask.lakes.lend() as lake:
        row = lake.withdraw(load_id, ask.viewer, note)
    return Withdrawal(load_id=row.load_id, at=row.at, rows=row.accepted)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


def _loaded(ask: Caller, held: Upload, name: str, sheet: str | None, dry_run: bool) -> Report:
    # A lake of its own: a long load would keep one of the few that questions borrow.
    lake = Lake(ask.context.lake.home, clock=ask.context.lake.clock)
    try:
        done = load_file(
            lake,
            name,
            held.path,
            ask.viewer,
            sheet=sheet,
            dry_run=dry_run,
            language=ask.language,
            file_name=held.name,
        )
    except BallastError as error:
        raise _under_its_own_name(error, held) from None
    return _report(done, ask, dry_run=dry_run)


def _under_its_own_name(error: BallastError, held: Upload) -> BallastError:
    """Return the same error about the file as its sender knows it, not about where it stood."""
    told: dict[str, object] = {
        key: str(value).replace(str(held.path), held.name).replace(held.path.name, held.name)
        if isinstance(value, FilePath | str)
        else value
        for key, value in error.values.items()
    }
    return type(error)(error.template, **told)


def _report(done: LoadReport, ask: Caller, *, dry_run: bool) -> Report:
    return Report(
        dry_run=dry_run,
        load_id=done.load_id,
        already=done.already,
        accepted=done.accepted,
        refused=done.refused,
        issues=[
            IssueShape(
                where=issue.where(ask.language),
                found=None if issue.found is None else issue.found[:200],
                message=issue.reason(ask.language),
            )
            for issue in done.issues[:_MOST_ISSUES]
        ],
        issue_count=done.issue_count,
        notes=[note.text(ask.language) for note in done.notes],
    )


def _cleared(ask: Caller, held: Upload) -> None:
    """Remove the file and the refused rows beside it: the answer names every one of them."""
    ask.shelf.discard(held.token)
    for left in ask.shelf.folder.glob(f"{held.token}*"):
        left.unlink(missing_ok=True)
