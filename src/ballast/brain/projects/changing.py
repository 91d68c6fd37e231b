"""Changing a project: one row of the ledger, and one event for each field that changed.

Nothing is written over. The changed project is a load of one row like any
other, so it can be withdrawn and the past read again; the events beside it say
who changed what, from what, and why, which a row alone would not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa

from ballast.brain.projects.ledger import ALIAS_SIGNS, Project
from ballast.brain.projects.status import Status, check_dates, step
from ballast.errors import NotPermitted, Refused, WrongUsage
from ballast.lake import store
from ballast.lake.known import known_codes
from ballast.lake.lake import Lake
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import table
from ballast.terms.viewer import Right, Viewer

__all__ = [
    "EDITABLE",
    "RECIPE",
    "Change",
    "change_project",
    "changes_between",
    "commit_changes",
    "frame_of",
    "row_of",
]

RECIPE = "projects"
"""What the ledger of loads calls changes to projects."""

_DECLARED = table("project")
_FIXED = ("project", "uscc", "region_scheme", "industry_scheme")
EDITABLE = tuple(column.name for column in _DECLARED if column.name not in _FIXED)
"""The columns that may be changed; whose a project is, is not changed but loaded anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a project that changes; texts as ``project_event`` holds them."""

    field: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        """What the history calls it."""
        return {"status": "status", "aliases": "alias"}.get(self.field, "correction")


def row_of(project: Project) -> dict[str, Any]:
    """Return a project as a row of the table ``project``."""
    own, loan, fiscal = project.funds
    return {
        "project": project.number,
        "name": project.name,
        "aliases": f"{ALIAS_SIGNS[0]}".join(project.aliases) or None,
        "uscc": project.uscc,
        "project_kind": project.kind,
        "region_scheme": project.region_scheme,
        "region": project.region,
        "industry_scheme": project.industry_scheme,
        "industry": project.industry,
        "planned_1e4_cny": project.planned,
        "invested_1e4_cny": project.invested,
        "funds_own_1e4_cny": own,
        "funds_loan_1e4_cny": loan,
        "funds_fiscal_1e4_cny": fiscal,
        "planned_start": project.planned_start,
        "planned_end": project.planned_end,
        "started": project.started,
        "finished": project.finished,
        "status": project.status.value,
    }


def changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str] = EDITABLE
) -> tuple[Change, ...]:
    """Return the fields in which two rows differ; of the table ``project`` if no others are named.

    Parameters
    ----------
    before, after
        Column to value.
    fields
        The columns, in the order of the answer.
    """
    return tuple(
        Change(name, _text(before.get(name)), _text(after.get(name)))
        for name in fields
        if before.get(name) != after.get(name)
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def frame_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows as a frame with the declared columns and types of a table.

    Parameters
    ----------
    name
        The table.
    rows
        Column to value; a column that a row lacks is empty.
    """
    schema = table(name).arrow_schema
    made = pl.from_arrow(pa.Table.from_pylist([dict(row) for row in rows], schema=schema))
    if not isinstance(made, pl.DataFrame):
        raise TypeError(type(made))
    return made


def change_project(
    lake: Lake,
    viewer: Viewer,
    project: Project,
    given: Mapping[str, str],
    *,
    reason: str,
    today: date,
) -> tuple[str, tuple[Change, ...]]:
    """Change fields of one project, and write down what was changed and why.

    Parameters
    ----------
    lake, viewer
        Where, and who changes it.
    project
        As the one who changes it has seen it.
    given
        Column to its new value as a person writes it; an empty text empties it.
    reason
        Why.
    today
        The last day that something can have happened on.

    Returns
    -------
    tuple
        The load, and what changed; an empty identifier where nothing did.

    Raises
    ------
    NotPermitted
        If the viewer may not load.
    WrongUsage
        If a column is none, or none that is changed.
    Refused
        If a value is none of its column, the status cannot become so, dates
        contradict each other, no reason is given, or the project was changed meanwhile.
    """
    if Right.LOAD not in viewer.rights:
        raise NotPermitted(
            "{who} may not change projects; ask the home's administrator for the right {right}",
            who=viewer.name,
            right=Right.LOAD.value,
        )
    for name in given:
        if name not in EDITABLE:
            raise WrongUsage(
                "{field} is no field of a project that is changed; there are: {known}",
                field=name[:60],
                known=", ".join(EDITABLE),
            )
    if len(reason.strip()) < 2:
        raise Refused("say why: a change to a project needs a reason")
    before = row_of(project)
    after = _parsed(lake, before, given)
    check_change(before, after, today)
    changes = changes_between(before, after)
    if not changes:
        return "", ()
    events = [
        {"on": _day_of(one, after, today), "reason": reason.strip(), "change": one}
        for one in changes
    ]
    load_id = commit_changes(lake, viewer, {project.number: (project, after, events)})
    return load_id, changes


def check_change(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> None:
    """Refuse a change of status that there is not, and dates that contradict the status.

    Parameters
    ----------
    before, after
        Rows of the table ``project``.
    today
        The last day that something can have happened on.

    Raises
    ------
    Refused
        Naming what does not go.
    """
    old, new = Status(before["status"]), Status(after["status"])
    if old is not new:
        step(old, new)
    check_dates(new, after["started"], after["finished"], today)


def _parsed(lake: Lake, before: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Return the row with the new values, held against the declaration as a loaded row is."""
    texts = {name: _text(value) for name, value in before.items()} | {
        name: text.strip() or None for name, text in given.items()
    }
    frame = pl.DataFrame({name: pl.Series([text], dtype=pl.String) for name, text in texts.items()})
    sifted = sift(_DECLARED, [Cells(frame)], known_codes(lake))
    if sifted.issue_count:
        issue = sifted.issues(1)[0]
        raise Refused(issue.template, **issue.values)
    row = sifted.accepted.select(_DECLARED.arrow_schema.names).to_dicts()[0]
    # An emptied choice would be filled with the default of files that lack the column.
    for name in ("status", "project_kind"):
        if texts[name] is None:
            raise Refused("{column} is empty; it is required", column=_DECLARED.column(name).label)
    return row


def _day_of(change: Change, after: Mapping[str, Any], today: date) -> date:
    """Return the day from which a change holds: of a status, when it came about."""
    if change.field == "status":
        day = {"building": after["started"], "finished": after["finished"]}.get(change.after or "")
        if isinstance(day, date):
            return day
    return today


Drafts = Sequence[Mapping[str, Any]]


def commit_changes(
    lake: Lake,
    viewer: Viewer,
    changed: Mapping[str, tuple[Project | None, Mapping[str, Any], Drafts]],
    *,
    beside: Mapping[str, pl.DataFrame] | None = None,
    step: store.Step = store.no_step,
    **ledger: Any,
) -> str:
    """Write changed projects, their events and what comes with them as one load.

    Parameters
    ----------
    lake, viewer
        Where, and who changes them.
    changed
        Number to the project as it was seen (``None``: a new one), its row as it becomes, and
        drafts of events: ``on``, ``reason`` and a ``change``, or ``kind``.
    beside
        Other tables of the same load.
    step
        Called between the steps of the write, the first time with the home's lock held and nothing
        written; it may raise.
    **ledger
        What the ledger keeps: ``file``, ``file_hash``, ``note``.

    Raises
    ------
    NotPermitted, StorageFailed
        As `Lake.commit` does.
    Refused
        If one of the projects was changed since it was seen; nothing is then written.
    """
    rows, events = [], []
    counted = _counted(lake, viewer, changed)
    for number, (seen, after, drafts) in changed.items():
        if seen is None or changes_between(row_of(seen), after):
            rows.append(after)
        for seq, draft in enumerate(drafts, start=counted.get(number, 0) + 1):
            events.append(_event(number, str(after["uscc"]), seq, draft, viewer.name))
    check = _unless_changed(lake, viewer, {n: seen for n, (seen, _, _) in changed.items()})

    def both(name: str) -> None:
        step(name)
        check(name)

    frames = {
        "project": frame_of("project", rows),
        **(beside or {}),
        "project_event": frame_of("project_event", events),
    }
    return lake.commit(
        {name: frame for name, frame in frames.items() if frame.height},
        viewer,
        recipe=RECIPE,
        provenance="synthetic" if _invented(lake, changed) else "real",
        step=both,
        **ledger,
    )


def _counted(lake: Lake, viewer: Viewer, numbers: Iterable[str]) -> dict[str, int]:
    """Return the number of the last event of each project that has any."""
    rows = lake.read("project_event", viewer)
    rows = rows.filter(rows.project.isin(sorted(numbers)))
    last = rows.group_by("project").aggregate(last=rows.seq.max())
    return {row["project"]: row["last"] for row in last.to_pyarrow().to_pylist()}


def _event(number: str, uscc: str, seq: int, draft: Mapping[str, Any], who: str) -> dict[str, Any]:
    change: Change | None = draft.get("change")
    return {
        "project": number,
        "seq": seq,
        "uscc": uscc,
        "on": draft["on"],
        "event_kind": draft.get("kind") or (change.kind if change else "correction"),
        "field": change.field if change else None,
        "before": change.before if change else None,
        "after": change.after if change else None,
        "reason": draft.get("reason"),
        "who": who,
    }


def _invented(lake: Lake, changed: Mapping[str, tuple[Project | None, Any, Any]]) -> bool:
    """Return whether every project that is changed is made up: what follows from it is too."""
    loads = {seen.load_id for seen, _, _ in changed.values() if seen is not None}
    known = {
        load
        for load, provenance in lake.ledger.live().select("load_id", "provenance").iter_rows()
        if provenance == "synthetic"
    }
    return bool(loads) and loads <= known


def _unless_changed(lake: Lake, viewer: Viewer, seen: Mapping[str, Project | None]) -> store.Step:
    """Return what stops a write, before its first row, if somebody else was quicker.

    Run while the home's lock is held, so that nobody can come between.
    """
    looked: list[bool] = []

    def check(_: str) -> None:
        if looked:
            return
        looked.append(True)
        rows = lake.read("project", viewer)
        found = rows.filter(rows.project.isin(sorted(seen))).select("project", "load_id")
        now = {row["project"]: row["load_id"] for row in found.to_pyarrow().to_pylist()}
        for number, one in seen.items():
            if now.get(number) != (None if one is None else one.load_id):
                raise Refused(
                    "project {number} was changed by somebody else meanwhile; look at it again, "
                    "nothing was written",
                    number=number,
                )

    return check
