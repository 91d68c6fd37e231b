"""One door for every question: the facts for those who may read units, the sealed cube for others.

Were it for each page to choose, the page that forgets would publish. A page
or a command calls this and nothing beside it; who asks decides what is read,
and an answer to a viewer without the right to units is taken from the cube
alone, where suppression was computed once over everything that is linked.
A cut that the cube does not hold is refused and never computed: suppressing
each answer by itself leaks through the next one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ballast.brain.cube.reading import sealed_series, sealed_values
from ballast.brain.indicators.answer import Answer
from ballast.brain.indicators.evaluate import evaluate, evaluate_series
from ballast.brain.indicators.question import Question, checked
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Right, Viewer

__all__ = ["answer", "answer_series", "open_series"]


def answer(lake: Lake, viewer: Viewer, question: Question) -> Answer:
    """Return the values of a question, as far as the viewer may know them.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom: with the right to units from the facts,
        unsuppressed; for everybody else from the newest vintage of the sealed
        cube, and what rests on public tables from these.
    question
        What is asked.

    Raises
    ------
    NotFound
        If there is no such indicator, nothing has been sealed yet, or not that period.
    NotPermitted
        If the cube does not hold the indicator or the cut; the message says what it holds.
    WrongUsage
        If the indicator cannot be asked so.
    """
    if viewer.may(Right.READ_UNITS):
        return evaluate(lake, viewer, question)
    declared = checked(question)
    open_ones = tuple(one.key for one in declared if one.disclosure.public)
    sealed_ones = tuple(one.key for one in declared if not one.disclosure.public)
    # Both are read as the public viewer: no right that the asker has can widen what is answered.
    if not open_ones:
        return sealed_values(lake, question, viewer=PUBLIC)
    opened = evaluate(lake, PUBLIC, replace(question, indicators=open_ones))
    if not sealed_ones:
        return opened
    sealed = sealed_values(lake, replace(question, indicators=sealed_ones), viewer=PUBLIC)
    place = {one.key: number for number, one in enumerate(declared)}
    values = sorted(
        (*opened.values, *sealed.values),
        key=lambda v: (tuple(v.cell.get(d, "") for d in question.by), place[v.indicator]),
    )
    return Answer(tuple(values), question)


def answer_series(
    lake: Lake, viewer: Viewer, question: Question, periods: Collection[Period]
) -> dict[Period, Answer]:
    """Return what a viewer may know of several periods; of the facts read as one question.

    Parameters
    ----------
    lake, viewer, question
        As for `answer`; the question's own period is not read.
    periods
        What is asked for instead.

    Raises
    ------
    NotFound, NotPermitted, WrongUsage
        As for `answer`, of any of the periods.
    """
    if viewer.may(Right.READ_UNITS):
        return evaluate_series(lake, viewer, question, periods)
    return {p: answer(lake, viewer, replace(question, period=p)) for p in periods}


def open_series(
    lake: Lake, question: Question, periods: Collection[Period]
) -> dict[Period, Answer]:
    """Return what anyone may know of several periods, read at once.

    Of what enterprises report alone; the same, period by period, as `answer`
    gives a viewer without rights, for pages that show two dozen of them.

    Parameters
    ----------
    lake, question
        As for `answer`; the question's own period is not read.
    periods
        What is asked for instead; one of which nothing is published is left out.

    Raises
    ------
    NotFound, NotPermitted, WrongUsage
        As for `answer`, but for the periods.
    """
    return sealed_series(lake, question, periods, viewer=PUBLIC)
