"""How much of a vintage is published, indicator by indicator."""

from __future__ import annotations

import polars as pl

from ballast.brain.cube.reading import Vintage
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC

__all__ = ["counted"]


def counted(lake: Lake, vintage: Vintage) -> pl.DataFrame:
    """Return how many figures of each indicator are published, withheld and undefined.

    Parameters
    ----------
    lake
        Whose cube.
    vintage
        Which sealing.

    Returns
    -------
    pl.DataFrame
        ``indicator``, ``published``, ``suppressed``, ``undefined``, ``made_from``.
    """
    rows = lake.read("indicator_value", PUBLIC)
    rows = rows.filter(rows.load_id == vintage.load_id)
    found = rows.aggregate(
        **{
            status: (rows.status == status).sum()
            for status in ("published", "suppressed", "undefined")
        },
        made_from=rows.made_from.max(),
        by=["indicator"],
    )
    return pl.DataFrame(lake.engine.collect(found)).sort("indicator")
