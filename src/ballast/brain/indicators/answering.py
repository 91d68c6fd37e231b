"""One door for every question: the facts for those who may read units, the sealed cube for others.

Were it for each page to choose, the page that forgets would publish. A page
or a command calls this and nothing beside it; who asks decides what is read,
and an answer to a viewer without the right to units is taken from the cube
alone, where suppression was computed once over everything that is linked.
A cut that the cube does not hold is refused and never computed: suppressing
each answer by itself leaks through the next one.
"""

from __future__ import annotations

from ballast.brain.indicators.answer import Answer
from ballast.brain.indicators.question import Question
from ballast.lake.lake import Lake
from ballast.terms.viewer import Viewer

__all__ = ["answer"]


def answer(lake: Lake, viewer: Viewer, question: Question) -> Answer:
    """Return the values of a question, as far as the viewer may know them.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom: with the right to units from the facts,
        unsuppressed; for everybody else from the newest vintage of the sealed cube.
    question
        What is asked.

    Raises
    ------
    NotFound
        If there is no such indicator, or nothing has been sealed yet.
    WrongUsage, Refused
        If the indicator cannot be asked so, or the cube does not hold the cut;
        the message says which it holds.
    """
    raise NotImplementedError
