"""``tables``, ``template``, ``load``, ``loads``, ``unload``, ``show``: what is in the lake."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
import typer

from ballast.brain.projects.sheet import SHEET
from ballast.brain.projects.sheet_template import write_sheet_template
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    create_lake,
    language,
    open_lake,
    tell,
    trial_lake,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.plant_opening import find_site
from ballast.cli.telling import frame_of
from ballast.errors import RefusedRows, WrongUsage
from ballast.lake.declare import PROVENANCE, Kind
from ballast.lake.loading import LoadReport, load_file, load_recipe
from ballast.lake.tables import LOAD, TABLES, table
from ballast.lake.template import write_template
from ballast.words import unpack

_MOST_SHOWN = 20
_MOST_ASKED = 1_000_000_000


def tables(form: FormatOption = Format.TABLE) -> None:
    """List the tables of the lake."""
    words = language()
    frame = pl.DataFrame(
        [
            {
                "table": declared.name,
                "label": declared.label.text(words),
                "stage": declared.stage.value,
                "sensitivity": declared.sensitivity.value,
                "key": ", ".join(declared.key),
                "meaning": declared.meaning.text(words),
            }
            for declared in TABLES.values()
        ]
    )
    print_rows(frame, [Shown(name, name) for name in frame.columns], form, words)


def template(
    table_name: Annotated[
        str, typer.Argument(metavar="TABLE", help="The table; project_sheet: the monthly sheet.")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="The workbook to write.")],
) -> None:
    """Write an Excel template for a table: headers, drop-downs, a sheet of notes."""
    if out.suffix.lower() != ".xlsx":
        raise WrongUsage("{path}: a template is a workbook; let its name end in .xlsx", path=out)
    if table_name == SHEET.name:
        write_sheet_template(out, language())
        tell("{path}: written; fill it in and run `ballast projects update {path}`", path=out)
        return
    write_template(table(table_name), out, language())
    tell(
        "{path}: written; fill it in and run `ballast load {table} {path}`",
        path=out,
        table=table_name,
    )


# longer than 60 lines because nearly all of it declares what the command takes
def load(
    target: Annotated[
        list[str],
        typer.Argument(
            metavar="TABLE FILE | FILE…", help="A table and a file; files with --recipe."
        ),
    ],
    home: HomeOption = None,
    recipe: Annotated[
        str | None, typer.Option("--recipe", help="A known kind of file: us-cbp, china-io, …")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="HEADER=COLUMN, for a header that is not understood."),
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", help="NAME=VALUE, an option of the recipe.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Read this worksheet only.")] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone",
            help="Whose clock times without a zone are by; that of the home's mapping if left out.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")
    ] = False,
) -> None:
    """Load a file into a table, or files of a known kind by a recipe.

    Rows that are right are committed as one load. Rows that are not go to a
    file beside the input, with the reasons; the command then ends with 1.
    """
    given = pairs("--map", mapping)
    options = pairs("--option", option)
    if recipe is not None and (given or sheet):
        raise WrongUsage("--map and --sheet do not go with --recipe")
    if recipe is not None and zone:
        raise WrongUsage("--zone does not go with --recipe; write --option zone=… if it has one")
    if recipe is None and (len(target) != 2 or options):
        raise WrongUsage(
            "give a table and a file: `ballast load TABLE FILE`; "
            "or a recipe and its files: `ballast load --recipe NAME FILE…`"
        )
    clock = None if recipe is not None else _zone(zone, target[0], home)
    with trial_lake(home) if dry_run else nullcontext(create_lake(home)) as lake:
        if recipe is not None:
            report = load_recipe(
                lake,
                recipe,
                [Path(name) for name in target],
                viewer(),
                options=options,
                dry_run=dry_run,
                language=language(),
            )
        else:
            report = load_file(
                lake,
                target[0],
                Path(target[1]),
                viewer(),
                given=given,
                sheet=sheet,
                zone=clock,
                dry_run=dry_run,
                language=language(),
            )
    _tell_report(report, dry_run=dry_run)


def _zone(asked: str | None, name: str, home: Path | None) -> tzinfo | None:
    """Return whose clock the times of a file are by, where it does not say so itself."""
    if asked is not None:
        try:
            return ZoneInfo(asked)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise WrongUsage(
                "zone={zone}: there is no such time zone; write one like Asia/Seoul", zone=asked
            ) from None
    if name not in TABLES or not any(c.kind is Kind.TIMESTAMP for c in TABLES[name]):
        return None
    site = find_site(home)
    if site is None:
        return None
    tell("times without a zone are by the clock of {zone}", zone=str(site.zone))
    return site.zone


def pairs(name: str, texts: list[str] | None) -> dict[str, str]:
    """Return options written as LEFT=RIGHT."""
    found = {}
    for text in texts or []:
        key, equals, value = text.rpartition("=")
        if not equals or not key:
            raise WrongUsage("{name} {text}: write it as LEFT=RIGHT", name=name, text=text)
        found[key] = value
    return found


def _tell_report(report: LoadReport, *, dry_run: bool) -> None:
    words = language()
    if report.already:
        tell("this file stands already as {load_id}; nothing was changed", load_id=report.load_id)
        return
    for note in report.notes:
        typer.echo(note.text(words), err=True)
    for issue in report.issues[:_MOST_SHOWN]:
        typer.echo(issue.text(words), err=True)
    if report.issue_count > _MOST_SHOWN:
        tell("… and {count} more", count=report.issue_count - _MOST_SHOWN)
    for name, count in report.tables.items():
        tell("{table}: {count} rows accepted", table=name, count=count)
    if dry_run:
        tell("dry run: nothing was changed")
    elif report.load_id is not None:
        tell("committed as {load_id}", load_id=report.load_id)
        typer.echo(report.load_id)
    if report.refused:
        where = report.refused_file
        if where is None:
            raise RefusedRows("{count} rows would be refused", count=report.refused)
        raise RefusedRows(
            "{count} rows were refused; they are in {path}: mend them there and load that file",
            count=report.refused,
            path=where,
        )


def loads(home: HomeOption = None, form: FormatOption = Format.TABLE) -> None:
    """List the loads and withdrawals, oldest first."""
    words = language()
    frame = open_lake(home).loads(viewer())
    notes = pl.Series("note", [unpack(text, words) for text in frame["note"]], dtype=pl.String)
    if form is Format.TABLE:
        notes = pl.Series([f"{note[:60]}…" if len(note) > 60 else note for note in notes])
        for column in LOAD:
            if column.choices:
                told = {choice.value: choice.label.text(words) for choice in column.choices}
                frame = frame.with_columns(pl.col(column.name).replace(told))
    columns = [Shown(c.name, c.label.text(words)) for c in LOAD if c.name != "file_hash"]
    print_rows(frame.with_columns(notes.alias("note")), columns, form, words)


def unload(
    load_id: Annotated[str, typer.Argument(help="The load, as `ballast loads` shows it.")],
    home: HomeOption = None,
    note: Annotated[str | None, typer.Option("--note", help="Why.")] = None,
) -> None:
    """Take a load back: its rows no longer count. Older moments still show them."""
    row = open_lake(home).withdraw(load_id, viewer(), note)
    tell(
        "{load_id} is withdrawn; {count} rows no longer count",
        load_id=row.load_id,
        count=row.accepted,
    )


def show(
    table_name: Annotated[str, typer.Argument(metavar="TABLE", help="The table.")],
    home: HomeOption = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=_MOST_ASKED, help="At most so many rows.")
    ] = 20,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="As it stood then: 2026-05-31 or with a time.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option("--where", help="COLUMN=VALUE, several are all required.")
    ] = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show current rows of a table."""
    declared = table(table_name)
    lake = open_lake(home, engine)
    rows = lake.read(table_name, viewer(), _moment(as_of))
    for column, value in pairs("--where", where).items():
        if column not in rows.columns:
            raise WrongUsage(
                "{table} has no column {column}; it has: {known}",
                table=table_name,
                column=column,
                known=", ".join(rows.columns),
            )
        rows = rows.filter(rows[column].cast("string") == value)
    frame = frame_of(lake, rows.order_by(list(declared.key)).limit(limit))
    words = language()
    labels = {column.name: column.label.text(words) for column in declared}
    kept = [n for n in frame.columns if n not in PROVENANCE[1:] or form is not Format.TABLE]
    if form is Format.TABLE:
        kept = [n for n in kept if frame[n].null_count() < frame.height or n in declared.key]
    print_rows(frame, [Shown(name, labels.get(name, name)) for name in kept], form, words)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        try:  # a day means its end
            moment = datetime.combine(date.fromisoformat(text), time.max)
        except ValueError:
            moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongUsage(
            "--as-of {text}: write 2026-05-31 or 2026-05-31T08:00:00+08:00", text=text
        ) from None
