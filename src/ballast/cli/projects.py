"""``projects``: the ledger and what is flagged; one project, sheets and effects stand beside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import polars as pl
import typer

from ballast.brain.names import Names, names
from ballast.brain.projects.flags import FLAG_LABELS, Flag, FlagKind, Rules, flagged
from ballast.brain.projects.ledger import KIND_LABELS, Ledger, Project, ledger
from ballast.brain.projects.status import STATUS_LABELS, Status
from ballast.brain.projects.totals import BY, in_region, totals
from ballast.cli import projects_effect, projects_show, projects_update
from ballast.cli.asking import LimitOption, some_regions
from ballast.cli.context import (
    FormatOption,
    HomeOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.projects_show import OnOption, day_of
from ballast.cli.telling import tell_rest, tell_synthetic
from ballast.errors import WrongUsage
from ballast.terms.china import day_in_china
from ballast.terms.label import Label
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["projects"]

projects = typer.Typer(
    name="projects",
    help="The ledger of projects: what stands, what is flagged, what changes, what they did.",
    no_args_is_help=True,
)
projects.command("show")(projects_show.show)
projects.command("update")(projects_update.update)
projects.command("effect")(projects_effect.effect)

StatusOption = Annotated[
    Status | None, typer.Option("--status", help="Only those that stand so.", case_sensitive=False)
]
KindOption = Annotated[
    str | None, typer.Option("--kind", help="upgrade, digital, green, capacity or innovation.")
]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="A code, a name, or part of a name.")
]


@projects.command("list")
def list_(
    status: StatusOption = None,
    kind: KindOption = None,
    region: RegionOption = None,
    enterprise: Annotated[
        str | None, typer.Option("--enterprise", help="Its code, or part of its name.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--find", help="Part of a number, a name or an alias.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Sums by kind, status, region, industry or year of the start."),
    ] = None,
    limit: LimitOption = 20,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List projects, or add them up."""
    lake = open_lake(home)
    called = names(lake, viewer())
    of = ledger(lake, viewer(), only=())
    found = _chosen(
        of, called, status=status, kind=kind, region=region, enterprise=enterprise, text=text
    )
    if by is None:
        _print_list(found, called, form, limit)
    else:
        _print_totals(found, by, called, form)
    tell_synthetic(lake, "project")


def _chosen(
    of: Ledger,
    called: Names,
    *,
    status: Status | None,
    kind: str | None,
    region: str | None,
    enterprise: str | None = None,
    text: str | None = None,
) -> list[Project]:
    """Return the projects that fulfil every condition, newest number last."""
    if kind is not None and kind not in KIND_LABELS:
        raise WrongUsage(
            "--kind {kind}: there is no such kind; there are: {known}",
            kind=kind,
            known=", ".join(KIND_LABELS),
        )
    places = None if region is None else some_regions(called, region)
    found = []
    for one in of.projects.values():
        wanted = status in (None, one.status) and kind in (None, one.kind)
        if places is not None:
            wanted = wanted and any(in_region(one.region, place) for place in places)
        owner = one.enterprise or Label("", "")
        wanted = wanted and _holds(enterprise, one.uscc, owner.zh, owner.en)
        if wanted and _holds(text, one.number, one.name, *one.aliases):
            found.append(one)
    return sorted(found, key=lambda one: one.number)


def _holds(wanted: str | None, *texts: str) -> bool:
    return wanted is None or any(wanted.casefold() in text.casefold() for text in texts)


def _print_list(found: list[Project], called: Names, form: Format, limit: int) -> None:
    words = language()
    eyes = form is Format.TABLE
    rows = [
        {
            "project": one.number,
            "name": one.name,
            "uscc": one.uscc,
            "enterprise": None if one.enterprise is None else one.enterprise.text(words),
            "kind": KIND_LABELS[one.kind].text(words) if eyes else one.kind,
            "region": called.region(one.region).text(words) if eyes else one.region,
            "status": STATUS_LABELS[one.status].text(words) if eyes else one.status.value,
            "planned_1e4_cny": one.planned,
            "invested_1e4_cny": one.invested,
            "planned_end": one.planned_end,
            "finished": one.finished,
        }
        for one in found
    ]
    texts = ("project", "name", "uscc", "enterprise", "kind", "region", "status")
    money = pl.Decimal(24, 4)
    frame = pl.DataFrame(
        rows,
        schema={**dict.fromkeys(texts, pl.String), "planned_1e4_cny": money,
                "invested_1e4_cny": money, "planned_end": pl.Date, "finished": pl.Date},
    )  # fmt: skip
    shown = [
        Shown("project", say("project", words)),
        Shown("name", say("name", words)),
        Shown("enterprise", say("enterprise", words)),
        Shown("kind", say("kind", words)),
        Shown("region", say("region", words)),
        Shown("status", say("status", words)),
        Shown("planned_1e4_cny", say("planned, 10,000 CNY", words), 0),
        Shown("invested_1e4_cny", say("invested, 10,000 CNY", words), 0, Absence.NO_DATA),
        Shown("planned_end", say("planned end", words)),
        Shown("finished", say("finished", words)),
    ]
    if not eyes:
        shown.insert(3, Shown("uscc", "uscc"))
    print_rows(frame.head(limit), shown, form, words)
    tell_rest(frame.height, limit)


def _print_totals(found: list[Project], by: str, called: Names, form: Format) -> None:
    if by not in BY:
        raise WrongUsage("--by {by}: it is one of {known}", by=by, known=", ".join(BY))
    words = language()

    def name(key: str) -> str:
        if form is not Format.TABLE:
            return key
        if by == "region":
            return called.region(key).text(words)
        if by == "industry":
            return called.industry("gbt4754-2017", key).text(words)
        labels = {"kind": KIND_LABELS, "status": STATUS_LABELS}.get(by, {})
        return labels[key].text(words) if key in labels else key

    rows = [
        (name(t.key), t.projects, t.under_way, t.finished, t.planned, t.invested)
        for t in totals(found, by)
    ]
    columns = ("group", "projects", "under_way", "finished", "planned_1e4_cny", "invested_1e4_cny")
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    print_rows(
        frame,
        [
            Shown("group", say("group", words)),
            Shown("projects", say("projects", words), 0),
            Shown("under_way", say("under way", words), 0),
            Shown("finished", say("finished", words), 0),
            Shown("planned_1e4_cny", say("planned, 10,000 CNY", words), 0),
            Shown("invested_1e4_cny", say("invested, 10,000 CNY", words), 0),
        ],
        form,
        words,
    )


@projects.command("flags")
def flags(
    flag: Annotated[
        FlagKind | None, typer.Option("--flag", help="Only this one.", case_sensitive=False)
    ] = None,
    region: RegionOption = None,
    kind: KindOption = None,
    on: OnOption = None,
    silent: Annotated[int, typer.Option("--silent", min=1, help="Reports without a word.")] = 2,
    idle: Annotated[int, typer.Option("--idle", min=1, help="Reports without investment.")] = 3,
    limit: LimitOption = 20,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List projects that are late, stalled, over budget or silent, each with the reason."""
    lake = open_lake(home)
    called = names(lake, viewer())
    of = ledger(lake, viewer())
    judged = day_of(on) or of.as_of(day_in_china(lake.clock()))
    chosen = {one.number for one in _chosen(of, called, status=None, kind=kind, region=region)}
    rules = Rules(silent_months=silent, idle_months=idle)
    found = flagged(of, today=judged, rules=rules)
    rows = [
        (of.projects[number], each)
        for number, some in found.items()
        if number in chosen
        for each in some
        if flag in (None, each.kind)
    ]
    rows.sort(key=lambda row: (list(FlagKind).index(row[1].kind), row[1].since, row[0].number))
    _print_flags(rows, called, form, limit)
    tell("judged as of {day}", day=of.as_of(judged).isoformat())
    tell_synthetic(lake, "project")


def _print_flags(
    rows: Iterable[tuple[Project, Flag]], called: Names, form: Format, limit: int
) -> None:
    words = language()
    eyes = form is Format.TABLE
    frame = pl.DataFrame(
        [
            (
                FLAG_LABELS[flag.kind].text(words) if eyes else flag.kind.value,
                one.number,
                one.name,
                None if one.enterprise is None else one.enterprise.text(words),
                called.region(one.region).text(words) if eyes else one.region,
                flag.since,
                flag.reason.text(words),
            )
            for one, flag in rows
        ],
        schema={"flag": pl.String, "project": pl.String, "name": pl.String,
                "enterprise": pl.String, "region": pl.String, "since": pl.Date,
                "reason": pl.String},
        orient="row",
    )  # fmt: skip
    print_rows(
        frame.head(limit),
        [
            Shown("flag", say("flag", words)),
            Shown("project", say("project", words)),
            Shown("name", say("name", words)),
            Shown("enterprise", say("enterprise", words)),
            Shown("region", say("region", words)),
            Shown("since", say("since", words)),
            Shown("reason", say("reason", words)),
        ],
        form,
        words,
    )
    tell_rest(frame.height, limit)
