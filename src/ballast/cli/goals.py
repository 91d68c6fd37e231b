"""``goals``: what was set, held against what is and against the path to it."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from ballast.brain.goals.goal import PLACE_LABELS, Place, Standing
from ballast.brain.goals.standing import goals as goals_of
from ballast.brain.goals.standing import newest_month, standings
from ballast.brain.names import Names, names
from ballast.cli.asking import one_region
from ballast.cli.context import (
    FormatOption,
    HomeOption,
    PublicOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import NotFound
from ballast.terms.china import day_in_china
from ballast.terms.period import Period
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["goals", "rows_of"]


def goals(
    region: Annotated[
        str | None, typer.Option("--region", help="A code, a name, or part of a name.")
    ] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", help="Part of the name of a programme.")
    ] = None,
    place: Annotated[
        Place | None,
        typer.Option("--standing", help="Only those that stand so.", case_sensitive=False),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", help="The newest month looked at; the reports' if left out."),
    ] = None,
    public: PublicOption = False,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Hold the goals against the figures: reached, on the path to it, behind, or not to be told.

    A goal for a year is held, in the middle of it, against what the path wants
    by then: through the years by equal steps or at one rate, through the months
    as the year before went.
    """
    del public  # said by the viewer
    lake = open_lake(home)
    called = names(lake, viewer())
    code = None if region is None else one_region(called, region)
    found = goals_of(lake, region=code, programme=programme)
    if not found:
        raise NotFound(
            "no goal is set here; `ballast template goal` gives the form, `ballast load goal` "
            "loads it"
        )
    until = (
        newest_month(lake, viewer(), day_in_china(lake.clock()))
        if period is None
        else Period.parse(period)
    )
    standing = [
        one for one in standings(lake, viewer(), found, until=until) if place in (None, one.place)
    ]
    _print(standing, called, form)
    counted = {each: sum(one.place is each for one in standing) for each in Place}
    words = language()
    tell(
        "{goals} goals: {parts}",
        goals=len(standing),
        parts=", ".join(
            f"{PLACE_LABELS[each].text(words)} {count}" for each, count in counted.items() if count
        ),
    )
    if any(one.synthetic for one in standing):
        tell("synthetic sample: these figures are invented")


def rows_of(standing: list[Standing], called: Names) -> list[dict[str, object]]:
    """Return goals as rows: what was set, what is, what the path wants, in their own units."""
    words = language()
    return [
        {
            "programme": one.goal.programme,
            "item": one.goal.item,
            "name": one.label.text(words),
            "region": one.goal.region,
            "region_name": called.region(one.goal.region).text(words),
            "period": str(one.goal.period),
            "target": one.level,
            "unit": None if one.unit is None else one.unit.name,
            "base": one.base,
            "actual": one.actual,
            "actual_period": None if one.at is None else str(one.at),
            "path": one.path,
            "gap": one.gap,
            "standing": one.place.value,
            "responsible": one.goal.responsible,
            "reason": None if one.reason is None else one.reason.text(words),
        }
        for one in standing
    ]


_NUMBERS = ("target", "base", "actual", "path", "gap")


def _print(standing: list[Standing], called: Names, form: Format) -> None:
    words = language()
    rows = rows_of(standing, called)
    names_ = list(rows[0]) if rows else []
    schema = {name: pl.Float64 if name in _NUMBERS else pl.String for name in names_}
    if form is not Format.TABLE:
        print_rows(
            pl.DataFrame(rows, schema=schema or {"programme": pl.String}),
            [Shown(name, name) for name in (names_ or ["programme"])],
            form,
            words,
        )
        return
    eyes = [
        row
        | {
            "target": one.goal_text(words),
            "actual": one.text(one.actual, words),
            "path": one.text(one.path, words),
            "gap": one.gap_text(words),
            "standing": PLACE_LABELS[one.place].text(words),
            "actual_period": None if one.at is None else one.at.label.text(words),
        }
        for one, row in zip(standing, rows, strict=True)
    ]
    kept = [name for name in names_ if name != "base"]
    frame = pl.DataFrame(eyes, schema=dict.fromkeys(kept, pl.String()))
    none = Absence.NO_DATA
    print_rows(
        frame,
        [
            Shown("name", say("indicator", words)),
            Shown("region_name", say("region", words)),
            Shown("period", say("goal for", words)),
            Shown("target", say("goal", words), absent=none),
            Shown("actual", say("actual", words), absent=none),
            Shown("actual_period", say("of", words)),
            Shown("path", say("on its path", words), absent=none),
            Shown("gap", say("gap", words), absent=none),
            Shown("standing", say("against the path", words)),
            Shown("responsible", say("unit responsible", words)),
            Shown("reason", say("reason", words)),
        ],
        form,
        words,
    )
