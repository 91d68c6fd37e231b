"""Time as a line, with each series named at its end instead of in a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import altair as alt

from ballast.charts.figure import Caption, Figure
from ballast.charts.lettering import width_of
from ballast.charts.theme import ACCENT, MUTED, QUIET, SMALL_SIZE
from ballast.terms.label import Language

_SHORT = 200  # days: so short a time has fewer months than the axis has room for marks
_AXIS = 36  # kept for the figures of the value axis, so that charts of one width line up


@dataclass(frozen=True, slots=True)
class Series:
    """One line.

    Parameters
    ----------
    name
        Written at its end.
    points
        Dates and values in order of time; ``None`` leaves a gap.
    accent
        The one line that the chart is about.
    """

    name: str
    points: tuple[tuple[date, float | None], ...]
    accent: bool = False


def line_chart(
    series: Sequence[Series],
    caption: Caption,
    language: Language,
    *,
    width: int,
    height: int = 220,
    from_zero: bool = False,
    years_only: bool = False,
    by_day: bool = False,
) -> Figure:
    """Return lines over time.

    Parameters
    ----------
    series
        Drawn in the order given, so the accent is best last.
    caption, language
        What is written around it, and in which language.
    width, height
        Of the figure and of its plot, in pixels.
    from_zero
        Start the value axis at zero; a line may leave it out, a bar may not.
    years_only
        Mark the time axis by years.
    by_day
        Mark it by days, and leave room for the figures of counts.
    """
    values = [
        {"name": s.name, "at": day.isoformat(), "value": value, "colour": _colour(s)}
        for s in series
        for day, value in s.points
    ]
    ends = _ends(series, height)
    axis = max(_AXIS, _room(series)) if by_day else _AXIS
    names = max((width_of(s.name, SMALL_SIZE) for s in series), default=0.0) + 16
    time = alt.Axis(
        title=None,
        format="%Y" if years_only else "%m-%d" if by_day else "%Y-%m",
        tickCount="year" if years_only else _ticks(series, width - names, by_day=by_day),
        labelFlush=True,
        labelOverlap="greedy",
        grid=False,
    )
    base = alt.Chart(alt.NamedData(name="points")).encode(
        x=alt.X("at:T", axis=time),
        y=alt.Y(
            "value:Q",
            axis=alt.Axis(title=None, tickCount=4, minExtent=axis, maxExtent=axis),
            scale=alt.Scale(zero=from_zero, nice=True),
        ),
        color=alt.Color("colour:N", scale=None),
    )
    lines = base.mark_line(strokeWidth=2, invalid="break-paths-show-domains").encode(
        detail="name:N"
    )
    labels = (
        alt.Chart(alt.NamedData(name="ends"))
        .mark_text(align="left", dx=8, fontSize=SMALL_SIZE)
        .encode(
            x="at:T",
            y="value:Q",
            text="name:N",
            color=alt.Color("colour:N", scale=None),
            yOffset=alt.YOffset("push:Q", scale=None),
        )
    )
    dots = (
        alt.Chart(alt.NamedData(name="ends"))
        .mark_circle(size=36, opacity=1)
        .encode(x="at:T", y="value:Q", color=alt.Color("colour:N", scale=None))
    )
    chart = alt.layer(lines, dots, labels).properties(width=width - names - axis - 4, height=height)
    return Figure(chart.to_dict(), {"points": values, "ends": ends}, caption, language)


def _ticks(series: Sequence[Series], room: float, *, by_day: bool) -> int | Literal["day", "month"]:
    """Return the marks of the time axis: of few days or months one each, none written twice."""
    count = max(3, round(room / 90))
    days = [day for one in series for day, _ in one.points]
    length = (max(days) - min(days)).days if days else _SHORT
    if by_day:
        return "day" if days and length <= count else count
    return "month" if length < _SHORT else count


def _room(series: Sequence[Series]) -> int:
    """Return the pixels that the figures of counts take: more digits than a month's, scaled."""
    high = max((v for s in series for _, v in s.points if v is not None), default=0.0)
    # A browser's font may be a fifth wider than the one measured here.
    return round(1.2 * width_of(f"{high:,.0f}", SMALL_SIZE)) + 8


def _colour(series: Series) -> str:
    return (ACCENT if series.accent else QUIET).light


def _ends(series: Sequence[Series], height: int) -> list[dict[str, object]]:
    """Return the last point of each series, names pushed apart where ends lie close."""
    found: list[dict[str, object]] = []
    known = [v for s in series for _, v in s.points if v is not None]
    if not known:
        return []
    per_pixel = ((max(known) - min(known)) or 1.0) / height
    lowest: float | None = None
    tails = []
    for s in series:
        ends = [(day, v) for day, v in s.points if v is not None]
        if ends:
            tails.append((ends[-1][1], ends[-1][0], s))
    for value, day, s in sorted(tails, key=lambda tail: -tail[0]):
        at = -value / per_pixel
        wanted = at if lowest is None else max(at, lowest + SMALL_SIZE + 2)
        lowest = wanted
        colour = (ACCENT if s.accent else MUTED).light
        found.append(
            {
                "name": s.name,
                "at": day.isoformat(),
                "value": value,
                "colour": colour,
                "push": wanted - at,
            }
        )
    return found
