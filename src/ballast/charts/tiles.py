"""Places as equal tiles: a map without drawn boundaries, so without a map's licence.

Where each place stands is data. Strength of one colour carries the value and
the figure is written in the tile, so nothing hangs on the colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from ballast.charts.figure import Caption, Figure
from ballast.charts.lettering import fitted
from ballast.charts.theme import ACCENT, GROUND, INK, SMALL_SIZE, TEXT_SIZE
from ballast.terms.label import Language


@dataclass(frozen=True, slots=True)
class Tile:
    """One place: its key in the layout, its name, its value or ``None``, the figure as text."""

    place: str
    name: str
    value: float | None
    text: str


def tile_map(
    tiles: Sequence[Tile],
    layout: Mapping[str, tuple[int, int]],
    caption: Caption,
    language: Language,
    *,
    width: int,
) -> Figure:
    """Return a tile map.

    Parameters
    ----------
    tiles
        Those that the layout does not know are left out.
    layout
        Column and row of each place, from the upper left.
    caption, language
        What is written around it, and in which language.
    width
        Of the whole figure, in pixels.
    """
    columns = 1 + max((column for column, _ in layout.values()), default=0)
    rows = 1 + max((row for _, row in layout.values()), default=0)
    side = width / columns
    high = min(side, 84.0)
    most = max((t.value for t in tiles if t.value is not None), default=0.0) or 1.0
    values = [
        {
            "x": column * side,
            "x2": (column + 1) * side - 4,
            "y": row * high,
            "y2": (row + 1) * high - 4,
            "middle": (column + 0.5) * side - 2,
            "name": fitted(tile.name, TEXT_SIZE, side - 10),
            "text": fitted(tile.text, SMALL_SIZE, side - 8),
            "strength": 0.06 + 0.5 * max(tile.value or 0.0, 0.0) / most,
            "centre": (row + 0.5) * high - 2,
        }
        for tile in tiles
        if tile.place in layout
        for column, row in [layout[tile.place]]
    ]
    base = alt.Chart(alt.NamedData(name="tiles"))
    flat = alt.Scale(nice=False, zero=True, domain=[0, width])
    down = alt.Scale(nice=False, zero=True, domain=[0, rows * high], reverse=True)
    chart = alt.layer(
        base.mark_rect(fill=ACCENT.light, stroke=GROUND.light, cornerRadius=4).encode(
            x=alt.X("x:Q", axis=None, scale=flat),
            x2="x2:Q",
            y=alt.Y("y:Q", axis=None, scale=down),
            y2="y2:Q",
            fillOpacity=alt.FillOpacity("strength:Q", scale=None),
        ),
        base.mark_text(fontSize=TEXT_SIZE, fontWeight=600, dy=-8, color=INK.light).encode(
            x="middle:Q", y="centre:Q", text="name:N"
        ),
        base.mark_text(fontSize=SMALL_SIZE, dy=10, color=INK.light).encode(
            x="middle:Q", y="centre:Q", text="text:N"
        ),
    ).properties(width=width - 2, height=rows * high)
    return Figure(chart.to_dict(), {"tiles": values}, caption, language)
