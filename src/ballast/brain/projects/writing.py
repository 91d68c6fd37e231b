"""Writing what a monthly sheet changes: one load of months, projects and events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ballast.brain.projects.changing import Change, commit_changes, frame_of
from ballast.brain.projects.ledger import Project
from ballast.brain.projects.updating import Update
from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.terms.viewer import Viewer

__all__ = ["write"]


def write(
    lake: Lake,
    viewer: Viewer,
    update: Update,
    *,
    today: date,
    file: str,
    file_hash: str | None = None,
    refused: int = 0,
    step: store.Step = store.no_step,
) -> str:
    """Write what a sheet changes as one load; rows with problems are left out.

    Parameters
    ----------
    lake, viewer
        Where, and who.
    update
        What `plan` gave.
    today
        The day of the events.
    file, file_hash
        What the ledger of loads calls the sheet.
    refused
        Rows that were not even read, for the ledger's count.
    step
        Called between the steps of the write, as `commit_changes` does.

    Returns
    -------
    str
        The load; empty where the sheet says what stands already.

    Raises
    ------
    NotPermitted, Refused, StorageFailed
        As `commit_changes` does.
    """
    changing = update.changing
    if not changing:
        return ""
    changed: dict[str, tuple[Project | None, Mapping[str, Any], list[Mapping[str, Any]]]] = {}
    for one in changing:
        if one.after is None:
            continue
        reason = f"{file} {update.period}"
        drafts: list[Mapping[str, Any]] = [
            {"on": _on(change, one.after, today), "reason": reason, "change": change}
            for change in one.changes
            if change.field != "invested_1e4_cny"  # it follows from the month and is told there
        ]
        if one.project is None:
            drafts = [{"on": today, "reason": reason, "kind": "registered"}]
        changed[str(one.after["project"])] = (one.project, one.after, drafts)
    months = frame_of("project_month", [one.month for one in changing if one.month is not None])
    return commit_changes(
        lake,
        viewer,
        changed,
        beside={"project_month": months},
        file=file,
        file_hash=file_hash,
        refused=len(update.problems) + refused,
        step=step,
    )


def _on(change: Change, after: Mapping[str, Any], today: date) -> date:
    if change.field == "status":
        day = {"building": after["started"], "finished": after["finished"]}.get(change.after or "")
        if isinstance(day, date):
            return day
    return today
