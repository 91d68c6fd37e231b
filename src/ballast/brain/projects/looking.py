"""Looking at a monthly sheet, and committing what was looked at: one way for all who send one.

The command, the page and the interface for programs each show a sheet before it stands.
Had each its own steps, a row would one day be a new project on the page and an old one at the
command line. What was looked at is a value that knows which loads it rests on; it is committed
only while those stand, which is asked once more with the home's lock held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from ballast.brain.projects.changing import Change, changes_between
from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.ledger import ledger
from ballast.brain.projects.sheet import Sheet, month_of, read_sheet
from ballast.brain.projects.updating import Planned, Update, plan
from ballast.brain.projects.writing import write
from ballast.errors import LoadConflict
from ballast.lake import store
from ballast.lake.home import storage_errors
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer
from ballast.words import visible

__all__ = ["Difference", "Look", "commit_look", "differences", "look"]

_BEHIND = ("project", "project_month", "enterprise")
"""The tables that decide what a row means and what it changes."""


@dataclass(frozen=True, slots=True)
class Look:
    """A monthly sheet as it would change the ledger.

    Parameters
    ----------
    file
        What its sender calls it.
    digest
        Of the file, its month and its worksheet.
    seen
        Of all that decides what was seen: the file, the decisions, the loads behind it.
    stands
        The loads that it rests on.
    already
        The standing load of the same file, if there is one.
    sheet
        What was read, and which cells are wrong.
    update
        What it would change.
    decisions
        What a person had said.
    synthetic
        Whether the ledger is invented.
    """

    file: str
    digest: str
    seen: str
    stands: tuple[str, ...]
    already: str | None
    sheet: Sheet
    update: Update
    decisions: Decisions
    synthetic: bool

    @property
    def refused(self) -> int:
        """Rows that are not taken, the unreadable ones among them."""
        return len(self.update.problems) + self.sheet.wrong


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a row changes: of a table, a column, from what to what."""

    table: str
    change: Change


# longer than 60 lines because its signature and the value it returns are written out
def look(
    lake: Lake,
    viewer: Viewer,
    path: Path,
    *,
    today: date,
    language: Language,
    file: str | None = None,
    period: str | None = None,
    sheet: str | None = None,
    decisions: Decisions | None = None,
    phase: store.Step = store.no_step,
) -> Look:
    """Return what a monthly sheet would change; nothing is changed.

    Parameters
    ----------
    lake, viewer
        Where, and for whom.
    path
        The file.
    today
        The last day that something can have happened on.
    language
        Of the first fault, where the whole file is refused.
    file
        What it is called, where it does not stand under its own name.
    period
        The month that it is of; as its rows say where ``None``.
    sheet
        The worksheet to read; all of them where ``None``.
    decisions
        What a person has said of its rows.
    phase
        Called as ``reading`` and ``checking`` begin; may raise.

    Raises
    ------
    Refused, WrongUsage, NotFound, NotPermitted
        As `read_sheet`, `month_of`, `plan` and `ledger` do.
    """
    phase("reading")
    found = read_sheet(lake, path, language, sheet=sheet)
    month = month_of(period, found.rows, today)
    phase("checking")
    # Before the ledger is read: what comes between makes the look stale, not wrong.
    stands = _behind(lake)
    of = ledger(lake, viewer)
    said = decisions or Decisions()
    update = plan(of, found.rows, month, today=today, decisions=said)
    with storage_errors(path), path.open("rb") as opened:
        content = hashlib.file_digest(opened, "sha256").hexdigest()
    digest = _hashed(content, str(month), sheet or "")
    return Look(
        file=visible(file or path.name),
        digest=digest,
        seen=_hashed(digest, said.told(), viewer.name, *stands),
        stands=stands,
        already=_already(lake, digest),
        sheet=found,
        update=update,
        decisions=said,
        synthetic=of.synthetic,
    )


def commit_look(
    lake: Lake, viewer: Viewer, seen: Look, *, today: date, step: store.Step = store.no_step
) -> str:
    """Commit what was looked at as one load; rows that are not taken are left out.

    Parameters
    ----------
    lake, viewer
        Where, and who.
    seen
        What `look` gave.
    today
        The day of the events.
    step
        Called between the steps of the write.

    Returns
    -------
    str
        The load; empty where all of it stands already.

    Raises
    ------
    LoadConflict
        If projects, their months or the register were changed since; nothing is written.
    NotPermitted, StorageFailed, HomeBusy
        As `Lake.commit` does.
    """

    def unchanged(name: str) -> None:
        step(name)
        if not asked:
            asked.append(name)
            _refuse_stale(lake, seen)

    asked: list[str] = []
    _refuse_stale(lake, seen)
    return write(
        lake,
        viewer,
        seen.update,
        today=today,
        file=seen.file,
        file_hash=f"{seen.digest}:{seen.seen}",
        refused=seen.sheet.wrong,
        step=unchanged,
    )


def differences(one: Planned) -> tuple[Difference, ...]:
    """Return what a row changes: of the month first, then of the project.

    Parameters
    ----------
    one
        A row that is taken; a new project differs from nothing in all that it has.
    """
    found = [Difference("project_month", change) for change in _of_month(one)]
    changes = one.changes
    if one.project is None and one.after is not None:
        changes = changes_between({}, one.after)
    found += [Difference("project", change) for change in changes]
    if any(each.change.field == "invested_1e4_cny" and each.table == "project" for each in found):
        # The sum to date of the newest month is that of the project.
        found = [each for each in found if each.change.field != "cumulative_1e4_cny"]
    return tuple(found)


def _of_month(one: Planned) -> tuple[Change, ...]:
    if one.month is None:
        return ()
    names = [column.name for column in table("project_month")]
    held: Mapping[str, object] = {}
    if one.corrects is not None:
        held = {
            "planned_1e4_cny": one.corrects.planned,
            "invested_1e4_cny": one.corrects.invested,
            "cumulative_1e4_cny": one.corrects.cumulative,
            "progress": one.corrects.progress,
        }
    own = [name for name in names if name not in ("project", "uscc", "period")]
    return changes_between(held, one.month, own)


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _behind(lake: Lake) -> tuple[str, ...]:
    """Return the standing loads of the tables that a look rests on, oldest first."""
    live = lake.ledger.live()
    held = pl.col("tables").str.split(",").list.eval(pl.element().is_in(_BEHIND)).list.any()
    return tuple(live.filter(held)["load_id"].to_list())


def _already(lake: Lake, digest: str) -> str | None:
    found = lake.ledger.live().filter(pl.col("file_hash").str.starts_with(f"{digest}:"))
    return str(found["load_id"][-1]) if found.height else None


def _refuse_stale(lake: Lake, seen: Look) -> None:
    if _behind(lake) != seen.stands:
        raise LoadConflict(
            "the ledger of projects was changed since you looked at {file}; look at it again, "
            "nothing was written",
            file=seen.file,
        )
