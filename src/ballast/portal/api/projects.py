"""Projects for programs: the ledger, its flags, one project, a change to it, what they did.

Every answer but the effect is unit data of the enterprises that the caller may
see: none is kept on the way, and each is written down with who asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from ballast.brain.projects.changing import change_project
from ballast.brain.projects.effect_panel import OUTCOMES, study
from ballast.brain.projects.flags import FlagKind, flagged
from ballast.brain.projects.ledger import KIND_LABELS, Ledger, Project, history, ledger
from ballast.brain.projects.status import Status
from ballast.brain.projects.totals import in_region
from ballast.errors import WrongUsage
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.cursors import read_cursor, write_cursor
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.project_shapes import (
    EffectShape,
    ProjectChange,
    ProjectFlag,
    ProjectFlags,
    Projects,
    ProjectWhole,
    effect_shape,
    flag_shape,
    listed_project,
    whole_project,
)
from ballast.portal.api.rows import Cursor, Limit
from ballast.terms.china import day_in_china

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["projects"])
_FURTHEST = 10_000_000
_ALL = "all"

Number = Annotated[str, Path(max_length=80, description="The bureau's number, or an alias.")]
Region = Annotated[str, Query(max_length=20, description="Only in this region, by its code.")]


def _start(question: list[str], cursor: str | None) -> int:
    if cursor is None:
        return 0
    found = read_cursor(question, cursor)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _FURTHEST:
        raise WrongUsage("this cursor leads nowhere; ask again without one")
    return found


def _today(ask: Caller) -> date:
    return day_in_china(ask.context.clock())


@router.get("/api/v1/projects", operation_id="listProjects")
def list_projects(
    ask: Asker,
    q: Annotated[str, Query(max_length=80, description="Part of a number, a name, an alias.")] = "",
    region: Region = "",
    kind: Annotated[str | None, Query(max_length=20)] = None,
    status: Annotated[Status | None, Query()] = None,
    uscc: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Projects:
    """List the projects that the caller may see, the newest number first."""
    if kind is not None and kind not in KIND_LABELS:
        raise WrongUsage(
            "kind {kind}: there is no such kind; there are: {known}",
            kind=kind,
            known=", ".join(KIND_LABELS),
        )
    text = " ".join(q.replace("\0", " ").split()).casefold()
    question = ["projects", text, region, kind or "", status or "", uscc or ""]
    start = _start(question, cursor)
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=True)
        of = ledger(lake, ask.viewer, only=())
    found = [
        one
        for one in of.projects.values()
        if kind in (None, one.kind)
        and status in (None, one.status)
        and uscc in (None, one.uscc)
        and (not region or in_region(one.region, region))
        and any(text in each.casefold() for each in (one.number, one.name, *one.aliases))
    ]
    found.sort(key=lambda one: one.number, reverse=True)
    shown = found[start : start + limit]
    if shown:
        ask.audit(f"projects: {text}".strip(), len({one.uscc for one in shown}))
    return Projects(
        projects=[listed_project(one) for one in shown],
        synthetic=of.synthetic,
        next=write_cursor(question, start + limit) if len(found) > start + limit else None,
    )


@router.get("/api/v1/project-flags", operation_id="listProjectFlags")
def list_flags(
    ask: Asker,
    flag: Annotated[FlagKind | None, Query()] = None,
    region: Region = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> ProjectFlags:
    """List what is late, stalled, over budget or silent, each with its reason."""
    today = _today(ask)
    question = ["flags", flag or "", region]
    start = _start(question, cursor)
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=True, more=str(today))
        of = ledger(lake, ask.viewer)
    order = list(FlagKind)
    found = [
        (of.projects[number], each)
        for number, some in flagged(of, today=today).items()
        for each in some
        if flag in (None, each.kind)
        and (not region or in_region(of.projects[number].region, region))
    ]
    found.sort(key=lambda pair: (order.index(pair[1].kind), pair[1].since, pair[0].number))
    shown = found[start : start + limit]
    if shown:
        ask.audit("project flags", len({one.uscc for one, _ in shown}))
    return ProjectFlags(
        flags=[
            ProjectFlag(
                number=one.number, name=one.name, uscc=one.uscc, region=one.region,
                flag=flag_shape(each, ask.language),
            )
            for one, each in shown
        ],
        as_of=of.as_of(today),
        synthetic=of.synthetic,
        next=write_cursor(question, start + limit) if len(found) > start + limit else None,
    )  # fmt: skip


@router.get("/api/v1/project-effect", operation_id="readProjectEffect")
def read_effect(
    ask: Asker,
    outcome: Annotated[str, Query(max_length=40, description=", ".join(OUTCOMES))] = "output",
    kind: Annotated[
        str, Query(max_length=20, description="A kind of project, or `all`.")
    ] = "upgrade",
) -> EffectShape:
    """Tell what finished projects did to a figure of their enterprises."""
    if kind != _ALL and kind not in KIND_LABELS:
        raise WrongUsage(
            "kind {kind}: there is no such kind; there are: {known}",
            kind=kind,
            known=", ".join((*KIND_LABELS, _ALL)),
        )
    kinds = tuple(KIND_LABELS) if kind == _ALL else (kind,)
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=True)
        found = study(lake, ask.viewer, outcome=outcome, kinds=kinds)
        ask.audit(f"project effect {outcome}", found.effect.sets)
    return effect_shape(found, ask.language)


@router.get("/api/v1/projects/{number}", operation_id="readProject")
def read_project(ask: Asker, number: Number) -> ProjectWhole:
    """Tell how one project stands, what is flagged, its months and its history."""
    today = _today(ask)
    with ask.lakes.lend() as lake:
        of = ledger(lake, ask.viewer)
        one = of.project(number)
        events = history(lake, ask.viewer, one.number)
        ask.audit(f"project {one.number}", 1)
        ask.tagged(lake, units=True, more=str(today))
    return whole_project(
        one,
        flagged(of, today=today).get(one.number, ()),
        of.months.get(one.number, ()),
        events,
        ask.language,
        as_of=of.as_of(today),
        synthetic=of.synthetic,
    )


@router.patch("/api/v1/projects/{number}", operation_id="changeProject")
def change(ask: Asker, number: Number, wish: ProjectChange) -> ProjectWhole:
    """Change fields of one project; the change is a load of one row, with its history."""
    ask.private()
    today = _today(ask)
    with ask.lakes.lend() as lake:
        one = _seen(ledger(lake, ask.viewer, only=()), number, wish.seen)
        load_id, changes = change_project(
            lake, ask.viewer, one, wish.changes, reason=wish.reason, today=today
        )
        if load_id:
            fields = ", ".join(each.field for each in changes)
            ask.audit(f"project {one.number}: {fields}", 1, "change")
        of = ledger(lake, ask.viewer)
        events = history(lake, ask.viewer, one.number)
    return whole_project(
        of.project(one.number),
        flagged(of, today=today).get(one.number, ()),
        of.months.get(one.number, ()),
        events,
        ask.language,
        as_of=of.as_of(today),
        synthetic=of.synthetic,
    )


def _seen(of: Ledger, number: str, seen: str | None) -> Project:
    """Return a project as the caller has seen it."""
    one = of.project(number)
    return one if seen is None else replace(one, load_id=seen)
