"""``policy lint``: what is wrong with a law before anybody is judged by it."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from ballast.brain.policy.law_problem import Problem
from ballast.brain.policy.lint import lint, unconfirmed
from ballast.brain.policy.reading import open_folder
from ballast.brain.policy.telling import article_in
from ballast.cli.context import FormatOption, language, tell
from ballast.cli.output import Format, Shown, print_rows
from ballast.words import say

__all__ = ["lint_command"]


def lint_command(
    folder: Annotated[
        Path | None,
        typer.Argument(help="An own copy of the law; if left out, the law that Ballast carries."),
    ] = None,
    doubtful: Annotated[
        bool, typer.Option("--unconfirmed", help="List what no source at hand confirms instead.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look a law through: holes between dates, two in force at once, figures without a case.

    Every case that stands beside it is decided; one that comes out otherwise is a fault.
    """
    where = files("ballast.brain.policy") / "law" if folder is None else folder
    if doubtful:
        _print_unconfirmed(where, form)
        return
    problems = lint(where)
    _print(problems, form)
    grave = sum(problem.grave for problem in problems)
    tell("{count} faults, {others} remarks", count=grave, others=len(problems) - grave)
    if grave:
        raise typer.Exit(1)


def _print_unconfirmed(folder: Traversable, form: Format) -> None:
    words = language()
    rows = [
        {
            "scheme": one.scheme,
            "version": one.version,
            "what": one.what.text(words),
            "article": article_in(one.article, words),
            "note": None if one.note is None else one.note.text(words),
        }
        for one in unconfirmed(open_folder(folder).laws)
    ]
    schema = dict.fromkeys(("scheme", "version", "what", "article", "note"), pl.String)
    print_rows(
        pl.DataFrame(rows, schema=schema),
        [
            Shown("scheme", say("scheme", words)),
            Shown("version", say("version", words)),
            Shown("what", say("not confirmed", words)),
            Shown("article", say("article", words)),
            Shown("note", say("note", words)),
        ],
        form,
        words,
    )
    tell("{count} places are not confirmed; the official text decides", count=len(rows))


def _print(problems: tuple[Problem, ...], form: Format) -> None:
    words = language()
    rows = [
        {
            "file": problem.file,
            "line": problem.line,
            "grave": problem.grave,
            "fault": problem.sentence.text(words),
        }
        for problem in problems
    ]
    schema = {"file": pl.String, "line": pl.Int64, "grave": pl.Boolean, "fault": pl.String}
    print_rows(
        pl.DataFrame(rows, schema=schema),
        [
            Shown("file", say("file", words)),
            Shown("line", say("line", words), 0),
            Shown("grave", say("grave", words)),
            Shown("fault", say("what is wrong", words)),
        ],
        form,
        words,
    )
