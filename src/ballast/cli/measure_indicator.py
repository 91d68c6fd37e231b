"""``measure`` of a declared indicator: the question, the answer, what is compared, why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ballast.brain.indicators.cell_names import CellNames, cell_names
from ballast.brain.indicators.comparing import (
    Against,
    Compared,
    compared,
    set_label,
)
from ballast.brain.indicators.declared import Form, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Compare, Question
from ballast.brain.indicators.registry import indicator
from ballast.cli.context import viewer
from ballast.cli.measure_asking import cut, restriction, stretch
from ballast.cli.measure_peers import beside_peers
from ballast.cli.measure_tables import print_compared
from ballast.cli.measure_telling import explain_compared
from ballast.cli.output import Format
from ballast.cli.telling import tell_rest
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period

__all__ = ["Asked", "indicator_answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question about an indicator, as it was typed."""

    key: str
    by: tuple[str, ...]
    where: tuple[str, ...]
    period: str | None
    form: Form | None
    growth: bool
    since: str | None
    rank: bool
    peer: str | None
    definition: str | None
    weighted: bool
    explain: bool
    limit: int
    output: Format


def indicator_answer(lake: Lake, asked: Asked) -> None:
    """Print an indicator as it was asked for.

    Parameters
    ----------
    lake
        Where to read.
    asked
        What was typed.
    """
    one = indicator(asked.key)
    called = cell_names(lake, viewer())
    question = _question(lake, one, asked, called)
    against = Against(
        growths=(Compare.PUBLISHED, Compare.COMPARABLE) if asked.growth else (),
        since=None if asked.since is None else Period.parse(asked.since),
        rank=asked.rank,
        within=set_label(question, _labels(question, called)),
    )
    if asked.peer is not None:
        beside_peers(
            lake, one, question, against, called, asked.peer, asked.output, explain=asked.explain
        )
        return
    if asked.rank and not question.by:
        raise WrongUsage("--rank ranks cells: cut by something with --by, such as --by region")
    found = compared(lake, viewer(), question, against)
    if not found.lines:
        raise NotFound(
            "{indicator}: nothing is there of {period} where you look; ask for another period, or "
            "restrict it less",
            indicator=one.label,
            period=question.period,
        )
    lines = sorted(found.lines, key=_order)
    print_compared(one, lines[: asked.limit], question.by, called, asked.output)
    tell_rest(len(lines), asked.limit)
    explain_compared(lake, one, found, against, full=asked.explain)


def _question(lake: Lake, one: Indicator, asked: Asked, called: CellNames) -> Question:
    by = cut(asked.by, one)
    where = restriction(asked.where, one, called)
    # What has no value without a cut is cut by it where nothing is said: clusters by cluster.
    needed = sorted(one.needs - set(by) - set(where))
    since = None if asked.since is None else Period.parse(asked.since)
    period, form = stretch(lake, viewer(), one, asked.period, asked.form, since)
    return Question(
        indicators=(one.key,),
        by=(*by, *needed),
        where=where,
        period=period,
        form=form,
        definition=asked.definition,
        weighted=asked.weighted,
    )


def _labels(question: Question, called: CellNames) -> Mapping[tuple[Dimension, str], Label]:
    return {
        (dimension, code): called.label(dimension, code)
        for dimension, codes in question.where.items()
        for code in codes
    }


def _order(line: Compared) -> tuple[bool, float, tuple[str, ...]]:
    """Order the largest first, then cells without a value, each by their codes."""
    value = line.value.value
    codes = tuple(line.value.cell.values())
    return (value is None, 0.0 if value is None else -float(value), codes)
