"""``projects update``: a monthly sheet against the ledger, or one project by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ballast.brain.projects.changing import change_project
from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.ledger import ledger
from ballast.brain.projects.looking import Look, commit_look, look
from ballast.brain.projects.matching import MatchKind
from ballast.cli.context import HomeOption, language, open_lake, tell, viewer
from ballast.cli.data import pairs
from ballast.errors import RefusedRows, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.china import day_in_china

__all__ = ["update"]

_MOST_SHOWN = 30


# longer than 60 lines because its options, each with its help, are its signature
def update(
    file: Annotated[
        Path | None, typer.Argument(help="A monthly sheet: .xlsx, .xls, .csv.", show_default=False)
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", help="The month that the sheet is of, 2026-05; or as it says."),
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Read this worksheet only.")] = None,
    same: Annotated[
        list[str] | None,
        typer.Option("--same", help="ROW=PROJECT: which project an undecided row means."),
    ] = None,
    new: Annotated[
        list[str] | None, typer.Option("--new", help="ROW: an undecided row that is a new project.")
    ] = None,
    out: Annotated[
        list[str] | None, typer.Option("--leave-out", help="ROW: a row that is not to be taken.")
    ] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="Correct months that stand already.")
    ] = False,
    partly: Annotated[
        bool, typer.Option("--partly", help="Take the rows that are right, leave out the others.")
    ] = False,
    project: Annotated[
        str | None, typer.Option("--project", help="Change this one project by hand.")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", help="FIELD=VALUE; an empty value empties it.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is changed by hand.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Update the ledger by a monthly sheet, or change one project by hand.

    A row means a project by its number, by an alias, or by evidence that leaves
    no doubt; a row that nobody can be sure of is named with what it may mean,
    and nothing is changed until you say which.
    """
    lake = open_lake(home)
    today = day_in_china(lake.clock())
    if (file is None) == (project is None):
        raise WrongUsage(
            "give a monthly sheet, or --project NUMBER with --set FIELD=VALUE and --reason"
        )
    if project is not None:
        if period or sheet or same or new or out or correct or partly or dry_run:
            raise WrongUsage("--project takes --set and --reason, and nothing of a sheet")
        _by_hand(lake, project, given, reason, today)
        return
    if given or reason:
        raise WrongUsage("--set and --reason are for --project")
    if file is None:
        raise AssertionError
    decisions = Decisions(
        pairs("--same", same), frozenset(new or ()), frozenset(out or ()), correct
    )
    found = look(
        lake, viewer(), file, today=today, language=language(), period=period, sheet=sheet,
        decisions=decisions,
    )  # fmt: skip
    _tell_look(found)
    problems = found.refused - len(decisions.out)
    if dry_run:
        tell("dry run: nothing was changed")
    elif not problems or partly:
        load_id = commit_look(lake, viewer(), found, today=today)
        if load_id:
            tell("committed as {load_id}", load_id=load_id)
            typer.echo(load_id)
        else:
            tell("everything in it stands already; nothing was changed")
    if problems and (partly or dry_run):
        raise RefusedRows("{count} rows were not taken, for the reasons above", count=problems)
    if problems:
        raise RefusedRows(
            "{count} rows were not taken, for the reasons above; nothing was changed",
            count=problems,
        )


def _by_hand(lake: Lake, number: str, given: list[str] | None, reason: str, today: date) -> None:
    values = {}
    for text in given or []:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise WrongUsage("{name} {text}: write it as LEFT=RIGHT", name="--set", text=text)
        values[name] = value
    if not values:
        raise WrongUsage("--project {number}: say what to change with --set FIELD=VALUE",
                         number=number)  # fmt: skip
    one = ledger(lake, viewer(), only=()).project(number)
    load_id, changes = change_project(lake, viewer(), one, values, reason=reason, today=today)
    for change in changes:
        typer.echo(f"{change.field}: {change.before or '–'} → {change.after or '–'}")
    if not load_id:
        tell("it stands so already; nothing was changed")
        return
    tell("committed as {load_id}", load_id=load_id)
    typer.echo(load_id)


def _tell_look(seen: Look) -> None:
    words, found = language(), seen.update
    if seen.already is not None:
        tell("{file} stands already as {load_id}; what is below is what it would change now",
             file=seen.file, load_id=seen.already)  # fmt: skip
    for note in seen.sheet.notes:
        typer.echo(note.text(words), err=True)
    for issue in seen.sheet.issues[:_MOST_SHOWN]:
        typer.echo(issue.text(words), err=True)
    for one in found.problems[:_MOST_SHOWN]:
        if one.problem is not None:
            tell("row {row}: {reason}", row=one.row.place, reason=one.problem.text(words))
    shown = min(len(seen.sheet.issues), _MOST_SHOWN) + min(len(found.problems), _MOST_SHOWN)
    if (more := seen.sheet.issue_count + len(found.problems) - shown) > 0:
        tell("… and {count} more", count=more)
    asks = {one.asks for one in found.problems}
    if "decision" in asks:
        tell("say which it is with --same ROW=PROJECT, --new ROW or --leave-out ROW")
    if "correction" in asks:
        tell("--correct allows months that stand already to be corrected")
    fresh = [one for one in found.changing if one.project is None]
    corrected = [one for one in found.changing if one.corrects is not None]
    quiet = sum(one.quiet for one in found.rows)
    tell(
        "{period}: {rows} rows; {changing} change something ({fresh} new projects, {corrected} "
        "corrected months), {quiet} stand so already, {problems} are not taken",
        period=found.period.label,
        rows=len(found.rows) + seen.sheet.wrong,
        changing=len(found.changing),
        fresh=len(fresh),
        corrected=len(corrected),
        quiet=quiet,
        problems=seen.refused,
    )
    for one in found.changing[:_MOST_SHOWN]:
        for note in one.notes:
            if one.match.kind in (MatchKind.EVIDENCE, MatchKind.ALIAS, MatchKind.DECIDED):
                tell("row {row}: {reason}", row=one.row.place,
                     reason=f"{one.match.number} · {note.text(words)}")  # fmt: skip
    if found.missing:
        tell(
            "{count} projects under way are not in the sheet, the first: {first}",
            count=len(found.missing),
            first=", ".join(found.missing[:5]),
        )
