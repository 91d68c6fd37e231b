"""What may be shown of a region to anyone: yearly figures that were published, and lists.

A picture made from the public tables alone, so that a viewer without the
right to unit data cannot be shown a figure of units by a slip of a filter:
no table of units is opened here.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from ballast.brain.names import names
from ballast.brain.picture_macro import macro_items, rankings, upgrade_investment
from ballast.brain.picture_shape import RegionPicture, Source
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC

__all__ = ["public_picture"]

_TABLES = ("region", "region_period", "ranking")


def public_picture(lake: Lake, region: str, *, today: date) -> RegionPicture:
    """Return the published figures of a region; every other part of the picture is empty.

    Parameters
    ----------
    lake
        Where to read.
    region
        A GB/T 2260 code, such as ``"371500"``, or a zone's extension code.
    today
        The day on which it is made.
    """
    called = names(lake, PUBLIC).region
    macro = lake.read("region_period", PUBLIC)
    return RegionPicture(
        region=region,
        label=called(region),
        as_of=today,
        latest=None,
        period=None,
        year=None,
        indicators=(),
        macro=macro_items(macro, region, called),
        upgrade=upgrade_investment(macro, None, region, None),
        rankings=rankings(lake.read("ranking", PUBLIC), region),
        sources=_sources(lake),
    )


def _sources(lake: Lake) -> tuple[Source, ...]:
    """Return the standing loads of the public tables, without the files they came from."""
    rows = lake.ledger.live().filter(pl.col("state") == "committed")
    return tuple(
        Source(
            load_id=row["load_id"],
            at=row["at"],
            tables=tuple(t for t in row["tables"].split(",") if t in _TABLES),
            file=None,
            synthetic=row["provenance"] == "synthetic",
        )
        for row in rows.to_dicts()
        if set(row["tables"].split(",")) & set(_TABLES)
    )
