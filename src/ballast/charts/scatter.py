"""Size against specialisation: each mark named where a name fits.

Positions are reckoned here with the same scales that Vega then uses, so that
labels can be placed before drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10, pi, sqrt
from typing import get_args

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import Anchor, Box, Spot, placed
from ballast.charts.theme import ACCENT, INK, MUTED, QUIET, RULE, SMALL_SIZE
from ballast.terms.label import Language


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: where it lies on both axes (positive), how large its area is, its name."""

    name: str
    x: float
    y: float
    size: float
    accent: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it says, and a line across the plot that parts it, with its meaning."""

    title: str
    part: float | None = None
    part_text: str = ""


_SMALLEST, _LARGEST = 3.0, 16.0  # radii of marks, in pixels
_AXIS = 46  # width kept for the figures of the upright axis


def scatter(
    marks: Sequence[Mark],
    across: Axis,
    up: Axis,
    caption: Caption,
    language: Language,
    *,
    width: int,
    height: int = 320,
) -> Figure:
    """Return marks on two logarithmic axes, the largest named first.

    Parameters
    ----------
    marks
        Those with a value that is not positive have no place on the axes and are left out.
    across, up
        The axes.
    caption, language
        What is written around it, and in which language.
    width, height
        Of the figure and of its plot, in pixels.
    """
    shown = sorted((m for m in marks if m.x > 0 and m.y > 0), key=lambda m: (-m.accent, -m.size))
    plot = Box(0, 0, width - _AXIS, height)
    reach = _reach([m.x for m in shown] + _parts(across)), _reach([m.y for m in shown] + _parts(up))
    spots = _spots(shown, *reach, plot)
    circles = (
        alt.Chart(alt.NamedData(name="circles"))
        .mark_circle(opacity=0.75, stroke=None)
        .encode(
            x=_scale("x", across, reach[0]),
            y=_scale("y", up, reach[1]),
            size=alt.Size("area:Q", scale=None),
            color=alt.Color("colour:N", scale=None),
        )
    )
    names = [_names(anchor) for anchor in get_args(Anchor)]
    layers = [*_lines(across, up, width - _AXIS), circles, *names]
    chart = alt.layer(*layers).properties(width=width - _AXIS, height=height)
    data: dict[str, Rows] = {
        "circles": [
            {
                "x": m.x,
                "y": m.y,
                "area": pi * s.radius**2,
                "colour": (ACCENT if m.accent else QUIET).light,
            }
            for m, s in zip(shown, spots, strict=True)
        ],
        "texts": [
            {"left": round(p.x, 1), "top": round(p.box.top, 1), "text": s.text, "anchor": p.anchor}
            for p, s in zip(placed(spots, plot, SMALL_SIZE), spots, strict=True)
            if p is not None
        ],
        "part_x": [{"x": across.part, "text": across.part_text}],
        "part_y": [{"y": up.part, "text": up.part_text}],
    }
    return Figure(chart.to_dict(), data, caption, language)


def _spots(
    marks: Sequence[Mark], across: tuple[float, float], up: tuple[float, float], plot: Box
) -> list[Spot]:
    """Return where the marks lie in the plot, in pixels; areas in proportion to sizes."""
    biggest = max((m.size for m in marks), default=1.0) or 1.0
    return [
        Spot(
            _along(m.x, across) * plot.width,
            plot.height - _along(m.y, up) * plot.height,
            max(_SMALLEST, _LARGEST * sqrt(max(m.size, 0.0) / biggest)),
            m.name,
        )
        for m in marks
    ]


def _names(anchor: Anchor) -> alt.Chart:
    chosen = alt.Chart(alt.NamedData(name="texts")).transform_filter(f"datum.anchor == '{anchor}'")
    x, y = alt.X("left:Q", scale=None), alt.Y("top:Q", scale=None, axis=None)
    names: alt.Chart = chosen.mark_text(
        align=anchor, baseline="top", fontSize=SMALL_SIZE, color=INK.light
    ).encode(x=x, y=y, text="text:N")
    return names


def _parts(axis: Axis) -> list[float]:
    return [] if axis.part is None else [axis.part]


def _reach(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of a logarithmic axis with a margin, so that no mark is cut."""
    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    margin = max((high / low) ** 0.10, 1.25)
    return low / margin, high * margin


def _along(value: float, reach: tuple[float, float]) -> float:
    return (log10(value) - log10(reach[0])) / (log10(reach[1]) - log10(reach[0]))


def _scale(channel: str, axis: Axis, reach: tuple[float, float]) -> alt.X | alt.Y:
    scale = alt.Scale(type="log", domain=list(reach), nice=False)
    quiet = alt.Axis(title=axis.title, tickCount=4, grid=False, format="~r", labelOverlap="greedy")
    if channel == "x":
        return alt.X("x:Q", scale=scale, axis=quiet)
    quiet.titleAngle, quiet.titleAlign, quiet.titleY = 0, "left", -10
    return alt.Y("y:Q", scale=scale, axis=quiet)


def _lines(across: Axis, up: Axis, plot: int) -> list[alt.Chart]:
    lines: list[alt.Chart] = []
    for axis, channel in ((across, "x"), (up, "y")):
        if axis.part is None:
            continue
        data = alt.Chart(alt.NamedData(name=f"part_{channel}"))
        lines.append(
            data.mark_rule(color=RULE.light, strokeDash=[4, 3]).encode(**{channel: f"{channel}:Q"})
        )
        if channel == "y":
            words = data.mark_text(
                align="right", baseline="bottom", dy=-3, fontSize=SMALL_SIZE, color=MUTED.light
            ).encode(y="y:Q", x=alt.value(plot), text="text:N")
            lines.append(words)
        else:
            words = data.mark_text(
                align="left", baseline="top", dx=4, fontSize=SMALL_SIZE, color=MUTED.light
            ).encode(x="x:Q", y=alt.value(2), text="text:N")
            lines.append(words)
    return lines
