"""The pool at each rung: how many hold it, can hold it, lack one thing; and, for analysts, who.

Two answers to one question. Whoever may read units gets counts and names from
the facts of the day. Everybody else gets counts alone, and those from the
sealed cube (``cube.pool_sealing``), never from the facts: a count made for one
question cannot know the next one, and two counts that differ by one enterprise
tell which.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ballast.brain.policy.pool_shape import Pool, PoolBy
from ballast.brain.policy.reading import Laws
from ballast.lake.lake import Lake
from ballast.terms.viewer import Viewer

__all__ = ["pool"]


def pool(
    lake: Lake,
    viewer: Viewer,
    laws: Laws,
    day: date,
    by: Collection[PoolBy] = (),
    schemes: Collection[str] = (),
) -> Pool:
    """Return the pool at each rung on a day.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom: with ``READ_UNITS`` from the facts and with names, else from
        the newest sealed vintage, of the day for which that was made.
    laws
        All laws.
    day
        Of the decision; of a sealed pool the newest one sealed up to this day is read.
    by
        How it is cut beside the whole: by county, by cluster.
    schemes
        The rungs; all of them by default.

    Raises
    ------
    NotFound
        If there is no such scheme, or nothing is sealed for who may not read units.
    """
    raise NotImplementedError(lake, viewer, laws, day, by, schemes)
