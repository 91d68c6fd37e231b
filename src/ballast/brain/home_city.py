"""Which city a home is about, as far as its figures tell.

Apart from ``places``, which looks at codes alone: here the lake is asked.
"""

from __future__ import annotations

from ballast.lake.lake import Lake
from ballast.terms.viewer import operator

__all__ = ["cities_with_figures"]


def cities_with_figures(lake: Lake) -> tuple[str, ...]:
    """Return the codes of the cities of which the lake has figures by industry, in order.

    Which cities these are is no secret, though the table that tells it is not open to anyone.

    Parameters
    ----------
    lake
        Where to look.
    """
    rows = lake.read("region_industry", operator("home city")).select("region").distinct()
    codes: list[str] = rows.to_pyarrow()["region"].to_pylist()
    return tuple(sorted(c for c in codes if c.endswith("00") and not c.endswith("0000")))
