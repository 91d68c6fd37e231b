"""``projects show``: one project, how it stands, what was told of it, what became of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import polars as pl
import typer

from ballast.brain.names import Names, names
from ballast.brain.projects.flags import FLAG_LABELS, Flag, flagged
from ballast.brain.projects.ledger import KIND_LABELS, Project, history, ledger
from ballast.brain.projects.status import STATUS_LABELS
from ballast.cli.context import FormatOption, HomeOption, language, open_lake, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.telling import tell_synthetic
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["OnOption", "day_of", "show"]

OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        help="The day that they are judged on, 2026-05-31; the end of the newest month told if "
        "left out.",
        show_default=False,
    ),
]


def show(
    number: Annotated[str, typer.Argument(help="The bureau's number, or an alias.")],
    on: OnOption = None,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one project: how it stands, what is flagged, its months, its history."""
    lake = open_lake(home)
    of = ledger(lake, viewer())
    one = of.project(number)
    day = day_of(on) or date.max
    if form is Format.TABLE:
        _tell_project(one, names(lake, viewer()))
        for flag in flagged(of, today=day).get(one.number, ()):
            typer.echo(_said(flag))
    words = language()
    months = of.months.get(one.number, ())
    frame = pl.DataFrame(
        [(str(m.period), m.planned, m.invested, m.cumulative, m.progress) for m in months],
        schema={"period": pl.String, "planned_1e4_cny": pl.Decimal(24, 4),
                "invested_1e4_cny": pl.Decimal(24, 4), "cumulative_1e4_cny": pl.Decimal(24, 4),
                "progress": pl.String},
        orient="row",
    )  # fmt: skip
    print_rows(
        frame,
        [
            Shown("period", say("month", words)),
            Shown("planned_1e4_cny", say("planned, 10,000 CNY", words), 0, Absence.NO_DATA),
            Shown("invested_1e4_cny", say("invested, 10,000 CNY", words), 0, Absence.NO_DATA),
            Shown("cumulative_1e4_cny", say("to date, 10,000 CNY", words), 0, Absence.NO_DATA),
            Shown("progress", say("progress", words)),
        ],
        form,
        words,
    )
    if form is Format.TABLE:
        _tell_history(lake, one)
    tell_synthetic(lake, "project")


def _tell_project(one: Project, called: Names) -> None:
    words = language()
    owner = one.uscc if one.enterprise is None else f"{one.enterprise.text(words)} ({one.uscc})"
    typer.echo(f"{one.number}  {one.name}")
    typer.echo(owner)
    place, industry = (
        called.region(one.region).text(words),
        called.industry(one.industry_scheme, one.industry).text(words),
    )
    kind, status = KIND_LABELS[one.kind].text(words), STATUS_LABELS[one.status].text(words)
    typer.echo(f"{kind} · {status} · {place} · {industry}")
    if one.aliases:
        typer.echo(say("also called: {names}", words, names="; ".join(one.aliases)))
    days = [
        say(
            "planned {start} to {end}",
            words,
            start=_or(one.planned_start),
            end=_or(one.planned_end),
        ),
        say("actual {start} to {end}", words, start=_or(one.started), end=_or(one.finished)),
    ]
    typer.echo(" · ".join(days))
    typer.echo(
        say(
            "planned {planned}, invested {invested} (10,000 CNY)",
            words,
            planned=f"{one.planned.normalize():f}",
            invested=_or(None if one.invested is None else f"{one.invested.normalize():f}"),
        )
    )


def _or(value: object) -> str:
    return "–" if value is None else str(value)


def _said(flag: Flag) -> str:
    words = language()
    return f"! {FLAG_LABELS[flag.kind].text(words)}: {flag.reason.text(words)}"


def _tell_history(lake: Lake, one: Project) -> None:
    words = language()
    for event in history(lake, viewer(), one.number):
        before, after = (
            STATUS_LABELS[text].text(words)
            if event.field == "status" and text is not None and text in STATUS_LABELS
            else text
            for text in (event.before, event.after)
        )  # fmt: skip
        what = event.field or event.kind
        reason = "" if event.reason is None else f" · {event.reason}"
        typer.echo(f"{event.on} · {what}: {_or(before)} → {_or(after)} · {event.who}{reason}")


def day_of(text: str | None) -> date | None:
    """Return the day that an option names.

    Raises
    ------
    WrongUsage
        If it is none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("--on {text}: is no day; write 2026-05-31", text=text) from None
