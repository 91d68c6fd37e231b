"""``cube``: seal the figures that anyone may know, and show what was sealed."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from ballast.brain.cube.counting import counted
from ballast.brain.cube.reading import Vintage, sealed_periods, vintages
from ballast.brain.cube.sealing import Sealed, seal
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.indicators.registry import INDICATORS
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import NotFound
from ballast.terms.label import Label
from ballast.words import say, unpack
from ballast.words.numbers import Absence

cube = typer.Typer(
    name="cube",
    help="The sealed cube: figures of enterprises that anyone may know, withheld where they would "
    "tell what a single one reported.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_RULES = PrimaryRules()
_FORMULAS = (
    Label(
        "一次抑制：报告企业少于 n 家（0 不计），或最大一家超过 k 的单元",
        "sensitive: a cell of fewer than n enterprises with an amount, or of which one holds more "
        "than k",
    ),
    Label(
        "二次抑制：每个敏感单元须可在 ±p 内变动而所有公布的合计不变；"
        "本年内一旦不公布，其后各月及累计均不公布",
        "withheld for others: every sensitive cell must be able to change by ±p while every "
        "published sum stays; withheld once, it and its year to date stay withheld for the year",
    ),
    Label(
        "比值：分子、分母均公布，且单元内企业两项都报时方公布",
        "a ratio stands where numerator and denominator do and everybody in the cell reported both",
    ),
    Label(
        "下限：若某合计与其各分项中恰有一个敏感，则至少还须有一个不公布",
        "least: of a sum and its parts of which just one is sensitive, one more must be withheld",
    ),
)


# longer than 60 lines because an option is a parameter with its help beside it
@cube.command("seal")
def seal_command(
    year: Annotated[
        list[int] | None,
        typer.Option("--year", help="A calendar year; the newest three if left out."),
    ] = None,
    vintage: Annotated[
        str | None, typer.Option("--vintage", help="Its name, such as 2026-05.1.")
    ] = None,
    least: Annotated[
        int, typer.Option("--least", help="A published cell rests on so many enterprises.")
    ] = _RULES.least,
    dominance: Annotated[
        float, typer.Option("--dominance", help="No enterprise holds more than this share of it.")
    ] = _RULES.dominance,
    protection: Annotated[
        float, typer.Option("--protection", help="How far a withheld cell stays in doubt.")
    ] = _RULES.protection,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help="Take periods of earlier vintages as they stand now. What changed shows as the "
            "difference of two vintages, be it a single enterprise.",
        ),
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say the rules, and what is withheld and lost.")
    ] = False,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Seal a vintage: decide which figures may be known, and write them for everybody to read."""
    lake = open_lake(home, engine)
    sealed = seal(
        lake,
        viewer(),
        now=lake.clock(),
        years=year or (),
        vintage=vintage,
        anew=anew,
        rules=PrimaryRules(least, dominance, protection),
        progress=lambda template, _: tell(template),
    )
    tell(
        "vintage {vintage}, {first} to {last}: {published} figures published, {suppressed} "
        "withheld",
        vintage=sealed.vintage,
        first=sealed.periods[0].label,
        last=sealed.periods[-1].label,
        published=f"{sealed.published:,}",
        suppressed=f"{sealed.suppressed:,}",
    )
    if sealed.pool is not None:
        tell(
            "pool of {day}: {published} counts published, {suppressed} withheld",
            day=sealed.pool.day.isoformat(),
            published=sealed.pool.published,
            suppressed=sealed.pool.suppressed,
        )
        if sealed.pool.kept:
            tell(
                "the pool of {year} was sealed already and stays as it was",
                year=sealed.pool.day.year,
            )
    if told := sum(each.told for each in sealed.losses.values()) + (
        0 if sealed.pool is None else sealed.pool.told
    ):
        tell(
            "{count} cells are withheld that earlier vintages, or the figures around them, tell "
            "all the same",
            count=told,
        )
    _print_losses(sealed, form)
    if explain:
        for formula in _FORMULAS:
            typer.echo(formula.text(language()), err=True)
        tell(
            "n = {least}, k = {dominance}, p = {protection}",
            least=least,
            dominance=dominance,
            protection=protection,
        )


@cube.command("show")
def show_command(
    vintage: Annotated[
        str | None, typer.Argument(help="A vintage; if left out, all of them are listed.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what its sealing withheld, and its sources.")
    ] = False,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the vintages, or what one holds; `ballast measure --public` reads its figures."""
    lake = open_lake(home, engine)
    standing = vintages(lake)
    if vintage is None:
        _print_vintages(standing, form)
        return
    chosen = next((each for each in standing if each.name == vintage), None)
    if chosen is None:
        raise NotFound(
            "there is no vintage {name}; there are: {known}",
            name=vintage,
            known=", ".join(each.name for each in standing) or "–",
        )
    rows = counted(lake, chosen)
    words = language()
    names = {key: one.label.text(words) for key, one in INDICATORS.items()}
    print_rows(
        rows.with_columns(pl.col("indicator").replace(names).alias("name")),
        [
            Shown("indicator", say("indicator", words)),
            Shown("name", say("name", words)),
            Shown("published", say("published", words)),
            Shown("suppressed", say("withheld", words)),
            Shown("undefined", say("undefined", words)),
        ],
        form,
        words,
    )
    periods = sealed_periods(lake, chosen.name)
    tell("{first} to {last}", first=periods[0].label, last=periods[-1].label)
    if chosen.synthetic:
        tell("made from invented figures")
    if explain:
        typer.echo(unpack(chosen.note, words), err=True)
        tell("made from the loads {loads}", loads=", ".join(rows["made_from"][0].split(",")))


def _print_vintages(standing: tuple[Vintage, ...], form: Format) -> None:
    words = language()
    frame = pl.DataFrame(
        {
            "vintage": [each.name for each in standing],
            "at": [f"{each.at:%Y-%m-%d %H:%M}" for each in standing],
            "rows": [each.rows for each in standing],
            "synthetic": [each.synthetic for each in standing],
            "load_id": [each.load_id for each in standing],
        },
        schema={
            "vintage": pl.String,
            "at": pl.String,
            "rows": pl.Int64,
            "synthetic": pl.Boolean,
            "load_id": pl.String,
        },
    )
    print_rows(
        frame,
        [
            Shown("vintage", say("vintage", words)),
            Shown("at", say("sealed at (UTC)", words)),
            Shown("rows", say("figures", words)),
            Shown("synthetic", say("invented", words)),
            Shown("load_id", say("its load", words)),
        ],
        form,
        words,
    )


def _print_losses(sealed: Sealed, form: Format) -> None:
    words = language()
    frame = pl.DataFrame(
        [
            {
                "indicator": key,
                "name": INDICATORS[key].label.text(words),
                "cells": each.cells,
                "primary": each.primary,
                "secondary": each.secondary,
                "least": each.least,
                "value_lost": each.value_lost / each.value if each.value else None,
                "clusters_withheld": each.across_withheld,
                "clusters": each.across,
            }
            for key, each in sealed.losses.items()
        ]
    )
    print_rows(
        frame,
        [
            Shown("indicator", say("indicator", words)),
            Shown("name", say("name", words)),
            Shown("cells", say("cells", words)),
            Shown("primary", say("sensitive", words)),
            Shown("secondary", say("withheld for others", words)),
            Shown("least", say("at least", words)),
            Shown(
                "value_lost", say("share of value withheld for others", words), 3, Absence.UNDEFINED
            ),
            Shown("clusters_withheld", say("clusters withheld", words)),
            Shown("clusters", say("of clusters", words)),
        ],
        form,
        words,
    )
