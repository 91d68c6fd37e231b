"""Columns through a day or any other row of equal slots, set off by what each slot belongs to.

The colour of a column says which group its slot is of; above the columns the
name of the group stands over every run of its slots, so that the colours need
no key and nobody has to tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import width_of
from ballast.charts.theme import BEHIND, INK, SMALL_SIZE, Colour
from ballast.terms.label import Language

__all__ = ["Column", "columns_chart"]

_AXIS = 44
_ABOVE = 36


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how high (``None``: not known), and the group of its slot."""

    value: float | None
    group: str


def columns_chart(
    columns: Sequence[Column],
    groups: Mapping[str, Colour],
    ticks: Mapping[int, str],
    caption: Caption,
    language: Language,
    *,
    width: int,
    height: int = 200,
    peak: tuple[float, str] | None = None,
) -> Figure:
    """Return columns from left to right in the order given.

    Parameters
    ----------
    columns
        Equally wide, without a gap.
    groups
        Every group that occurs, by its name as it is written.
    ticks
        What stands below the axis, by the number of the slot at whose left edge.
    caption, language
        What is written around it, and in which language.
    width, height
        Of the figure and of its plot, in pixels.
    peak
        A line across, and what it is; ``None`` for none.
    """
    plot = width - _AXIS - 4
    known = [one.value for one in columns if one.value is not None]
    top = max([*known, peak[0] if peak else 0.0, 0.0]) or 1.0
    high = top * (1 + _ABOVE / height)
    values = [
        {
            "from": n,
            "to": n + 1,
            "value": one.value,
            "colour": groups[one.group].light,
        }
        for n, one in enumerate(columns)
        if one.value is not None
    ]
    runs = _runs(columns, plot)
    data: dict[str, Rows] = {
        "columns": values,
        "runs": runs,
        "peak": [] if peak is None else [{"value": peak[0], "name": peak[1]}],
    }
    said = ",".join(f"'{n}':'{text}'" for n, text in ticks.items())
    axis = alt.Axis(
        title=None, values=[*ticks], labelExpr=f"{{{said}}}[datum.value]", labelFlush=True,
        labelOverlap="greedy", grid=False,
    )  # fmt: skip
    scale = alt.Scale(domain=[0, max(len(columns), 1)], nice=False)
    y_axis = alt.Axis(title=None, tickCount=4, minExtent=_AXIS, maxExtent=_AXIS)
    y = alt.Y("value:Q", axis=y_axis, scale=alt.Scale(domain=[0, high], nice=False))
    line = alt.Chart(alt.NamedData(name="peak"))
    layers = alt.layer(
        alt.Chart(alt.NamedData(name="columns"))
        .mark_bar(strokeWidth=0)
        .encode(
            x=alt.X("from:Q", axis=axis, scale=scale),
            x2="to:Q",
            y=y,
            y2=alt.datum(0),
            color=alt.Color("colour:N", scale=None),
        ),
        alt.Chart(alt.NamedData(name="runs"))
        .mark_text(baseline="top", fontSize=SMALL_SIZE, color=INK.light)
        .encode(x=alt.X("middle:Q", axis=axis, scale=scale), y=alt.value(0), text="name:N"),
        line.mark_rule(color=BEHIND.light, strokeDash=[5, 3]).encode(y=y),
        line.mark_text(align="left", dx=4, dy=-7, fontSize=SMALL_SIZE, color=INK.light).encode(
            y=y, x=alt.value(0), text="name:N"
        ),
    )
    return Figure(layers.properties(width=plot, height=height).to_dict(), data, caption, language)


def _runs(columns: Sequence[Column], plot: float) -> list[dict[str, object]]:
    """Return the name of each run of slots of one group, where there is room for it."""
    found: list[dict[str, object]] = []
    start = 0
    for n in range(1, len(columns) + 1):
        if n < len(columns) and columns[n].group == columns[start].group:
            continue
        name = columns[start].group
        if width_of(name, SMALL_SIZE) <= (n - start) / len(columns) * plot:
            found.append({"middle": (start + n) / 2, "name": name})
        start = n
    return found
