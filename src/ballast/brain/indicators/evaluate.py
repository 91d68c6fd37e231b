"""A question answered from the facts, for a viewer with the right to unit data.

Nobody else: what a viewer without that right may know stands in the sealed
cube, and ``answering`` decides between the two.
"""

from __future__ import annotations

from datetime import date, datetime

from ballast.brain.indicators.answer import Answer
from ballast.brain.indicators.question import Question
from ballast.lake.lake import Lake
from ballast.terms.viewer import Viewer

__all__ = ["evaluate"]


def evaluate(
    lake: Lake,
    viewer: Viewer,
    question: Question,
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
) -> Answer:
    """Return the values of a question: levels, unsuppressed.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    question
        What is asked.
    registered_on
        The day whose registration decides region and industry of an
        enterprise; by default the last day of the period.
    as_of
        The moment of the lake; now where it is ``None``.

    Raises
    ------
    NotPermitted
        If the viewer may not read what every enterprise reports.
    NotFound, WrongUsage
        If an indicator is not there, or cannot be asked so.
    """
    raise NotImplementedError
