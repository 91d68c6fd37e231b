"""A control chart: points in order, the centre, the limits, and what stands out, with its rule.

Points are equally far apart, whatever time lies between them: the rules count
points, and a night without production would otherwise take half the width.
A point that breaks a rule is a diamond with the rule's number beside it, so
that it is found without colour; limits carry their names and figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import width_of
from ballast.charts.theme import ACCENT, BEHIND, GREEN, INK, MUTED, SMALL_SIZE
from ballast.terms.label import Language

__all__ = ["ControlPoint", "control_figure"]

_MOST_DOTS = 160
"""Above so many points only those that stand out get a mark of their own."""
_AXIS = 44


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One point.

    Parameters
    ----------
    value
        ``None``: not known; the line has a gap.
    centre, lower, upper
        What it is judged by; ``None``: there is none.
    mark
        What rule it breaks, short (``1``, ``2, 5``); empty for none.
    """

    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    mark: str = ""


def control_figure(
    points: Sequence[ControlPoint],
    times: Mapping[int, str],
    names: tuple[str, str, str],
    caption: Caption,
    language: Language,
    *,
    width: int,
    height: int = 220,
    phases: Sequence[tuple[int, str]] = (),
    below: Sequence[float | None] | None = None,
) -> Figure:
    """Return a control chart.

    Parameters
    ----------
    points
        In order.
    times
        What is written below the axis, by the number of a point.
    names
        Of the upper limit, the centre and the lower limit, with their figures, as they stand at
        the end of the chart; empty for one that there is not.
    caption, language
        What is written around it, and in which language.
    width, height
        Of the figure and of its plot, in pixels.
    phases
        Where a phase begins, and what it is called; the first needs no mark.
    below
        A second value of each point, judged by the lower limit: the lower sum of a CUSUM.
    """
    end = max((width_of(name, SMALL_SIZE) for name in names), default=0.0) + 10
    last = max(len(points) - 1, 1)
    rows: list[dict[str, object]] = [
        {
            "n": n,
            "value": p.value,
            "centre": p.centre,
            "lower": p.lower,
            "upper": p.upper,
            "mark": p.mark,
            "below": None if below is None else below[n],
        }
        for n, p in enumerate(points)
    ]
    marked = [row for row in rows if row["mark"] and row["value"] is not None]
    # Of a run only every few get a number, or the numbers cover each other.
    lettered = _lettered(marked, last, width - _AXIS - end)
    ends = [
        {"n": last, "at": at, "name": name}
        for at, name in zip(_last_limits(points), names, strict=True)
        if at is not None and name
    ]
    data: dict[str, Rows] = {
        "points": rows,
        "dots": rows if len(rows) <= _MOST_DOTS else [],
        "marks": marked,
        "letters": lettered,
        "ends": ends,
        "phases": [{"n": n - 0.5, "name": name} for n, name in phases if n > 0],
    }
    chart = _drawn(times, last).properties(width=width - _AXIS - end, height=height)
    return Figure(chart.to_dict(), data, caption, language)


def _drawn(times: Mapping[int, str], last: int) -> alt.LayerChart | alt.FacetChart:
    said = ",".join(f"'{n}':'{text}'" for n, text in times.items())
    axis = alt.Axis(
        title=None,
        values=[*times],
        labelExpr=f"{{{said}}}[datum.value]",
        labelFlush=True,
        labelOverlap="greedy",
        grid=False,
    )
    x = alt.X("n:Q", axis=axis, scale=alt.Scale(domain=[0, last], nice=False))
    value = alt.Axis(title=None, tickCount=5, minExtent=_AXIS, maxExtent=_AXIS)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", axis=value, scale=alt.Scale(zero=False, nice=False, padding=18))

    base = alt.Chart(alt.NamedData(name="points")).encode(x=x)
    marks = alt.Chart(alt.NamedData(name="marks")).encode(x=x, y=y("value"))
    letters = alt.Chart(alt.NamedData(name="letters")).encode(x=x, y=y("value"), text="mark:N")
    limit: dict[str, Any] = {"interpolate": "step", "strokeDash": [5, 3], "strokeWidth": 1.2}
    phases = alt.Chart(alt.NamedData(name="phases")).encode(x=x)
    return alt.layer(
        phases.mark_rule(color=MUTED.light, strokeDash=[2, 2]),
        phases.mark_text(
            align="left", dx=4, baseline="top", fontSize=SMALL_SIZE, color=MUTED.light
        ).encode(text="name:N", y=alt.value(0)),
        base.mark_line(color=BEHIND.light, **limit).encode(y=y("upper")),
        base.mark_line(color=BEHIND.light, **limit).encode(y=y("lower")),
        base.mark_line(color=MUTED.light, interpolate="step", strokeWidth=1.2).encode(
            y=y("centre")
        ),
        base.mark_line(
            color=ACCENT.light, strokeWidth=1.2, invalid="break-paths-show-domains"
        ).encode(y=y("value")),
        base.mark_line(
            color=GREEN.light, strokeWidth=1.2, invalid="break-paths-show-domains"
        ).encode(y=y("below")),
        alt.Chart(alt.NamedData(name="dots"))
        .mark_circle(color=ACCENT.light, size=18, opacity=1)
        .encode(x=x, y=y("value")),
        marks.mark_point(shape="diamond", size=70, filled=True, opacity=1, color=BEHIND.light),
        letters.mark_text(dy=-11, fontSize=SMALL_SIZE, color=INK.light).transform_filter(
            "datum.value >= datum.centre"
        ),
        letters.mark_text(dy=14, fontSize=SMALL_SIZE, color=INK.light).transform_filter(
            "datum.value < datum.centre"
        ),
        alt.Chart(alt.NamedData(name="ends"))
        .mark_text(align="left", dx=6, fontSize=SMALL_SIZE, color=MUTED.light)
        .encode(x=x, y=y("at"), text="name:N"),
    )


def _lettered(marked: list[dict[str, object]], last: int, plot: float) -> list[dict[str, object]]:
    """Return the marks that get their rule written: those that do not cover the one before."""
    kept: list[dict[str, object]] = []
    free, before = -1.0, ""
    for row in marked:
        at = float(str(row["n"])) / last * plot
        text = str(row["mark"])
        # The same rule over and over is said once in a while: the diamonds show how long it lasts.
        if at >= free and (text != before or at >= free + 40):
            kept.append(row)
            free, before = at + width_of(text, SMALL_SIZE) + 4, text
    return kept


def _last_limits(points: Sequence[ControlPoint]) -> tuple[float | None, ...]:
    for point in reversed(points):
        if point.centre is not None:
            return point.upper, point.centre, point.lower
    return None, None, None
