"""What the sealed cube says to peers of an enterprise: of when they are, whose sums are known.

Quarters of peers are given to readers who see one enterprise of the set. Were
they made of what stands now, a report that comes in late could be read off two
of them, one of before and one of after; so they are made of what the newest
vintage was made of, and change when it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ballast.brain.cube.reading import vintages
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC

__all__ = ["Sealing", "sealing"]


@dataclass(frozen=True, slots=True)
class Sealing:
    """What of the newest vintage of the cube decides on peers.

    Parameters
    ----------
    as_of
        When the newest load came in that it was made from.
    published
        Codes of the industries whose revenue of the year it publishes for the region; empty text
        for all of industry. A year that it does not hold has none.
    """

    as_of: datetime
    published: frozenset[str] = frozenset()


def sealing(lake: Lake, region: str, year: int) -> Sealing | None:
    """Return what the newest vintage says of a region and a year; ``None`` where none is sealed.

    Parameters
    ----------
    lake
        Whose cube.
    region
        A GB/T 2260 code.
    year
        A calendar year.
    """
    standing = vintages(lake)
    if not standing:
        return None
    rows = lake.read("indicator_value", PUBLIC)
    rows = rows.filter(rows.load_id == standing[-1].load_id)
    newest = rows.as_of.max().to_pyarrow().as_py()
    if newest is None:
        return None
    cells = rows.filter(
        rows.indicator == "revenue",
        rows.region == region,
        rows.cluster.fill_null("") == "",
        rows.period == f"{year}",
        rows.status == "published",
    )
    found = cells.select(industry=cells.industry.fill_null("")).to_pyarrow()["industry"]
    return Sealing(newest, frozenset(found.to_pylist()))
