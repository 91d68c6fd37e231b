"""``projects effect``: what finished projects did, with what that can and cannot mean."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from ballast.brain.projects.ledger import KIND_LABELS
from ballast.cli.context import FormatOption, HomeOption, language, open_lake, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import WrongUsage
from ballast.words import say

__all__ = ["effect"]


def effect(
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            help="output, revenue, productivity, employment, electricity or energy-intensity.",
        ),
    ] = "output",
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="Kinds of projects; upgrade if left out, all: every kind."),
    ] = None,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Hold enterprises with a finished project against like ones without, before and after.

    Difference-in-differences of matched enterprises over quarters, with 95 %
    intervals and a test of whether the two moved alike before. The table has
    the difference quarter by quarter; the sentences say what it means.
    """
    # The library behind it takes a second to load, which no other command should wait for.
    from ballast.brain.projects.effect_panel import study
    from ballast.brain.projects.effect_words import answer_of, caveats_of, sample_of

    kinds = tuple(kind or ("upgrade",))
    if "all" in kinds:
        kinds = tuple(KIND_LABELS)
    for one in kinds:
        if one not in KIND_LABELS:
            raise WrongUsage(
                "--kind {kind}: there is no such kind; there are: {known}",
                kind=one,
                known=", ".join(KIND_LABELS),
            )
    words = language()
    found = study(open_lake(home), viewer(), outcome=outcome, kinds=kinds)
    for sentence in answer_of(found):
        typer.echo(sentence.text(words), err=True)
    rows = [(one.step, *one.percent) for one in (*found.effect.steps, found.effect.mean)]
    frame = pl.DataFrame(
        rows,
        schema={"quarters": pl.Int64, "percent": pl.Float64, "low": pl.Float64,
                "high": pl.Float64},
        orient="row",
    )  # fmt: skip
    if form is Format.TABLE:
        mean = say("mean after", words)
        frame = frame.with_columns(pl.col("quarters").cast(pl.String).fill_null(mean))
    print_rows(
        frame,
        [
            Shown("quarters", say("quarters from the finish", words)),
            Shown("percent", say("difference, %", words), 2),
            Shown("low", say("from, %", words), 2),
            Shown("high", say("to, %", words), 2),
        ],
        form,
        words,
    )
    for sentence in (*sample_of(found), *caveats_of(found)):
        typer.echo(sentence.text(words), err=True)
    if found.synthetic:
        tell("synthetic sample: these figures are invented")
