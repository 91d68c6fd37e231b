"""Estimates as dots with their interval: a bar would give them a certainty they lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import width_of
from ballast.charts.theme import ACCENT, INK, QUIET, RULE, SMALL_SIZE, TEXT_SIZE
from ballast.terms.label import Language


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate with the ends of its interval, and the figure as text."""

    name: str
    value: float
    low: float
    high: float
    text: str
    accent: bool = False


def interval_chart(
    estimates: Sequence[Estimate],
    caption: Caption,
    language: Language,
    *,
    width: int,
    reference: float | None = None,
) -> Figure:
    """Return dots with intervals, from top to bottom in the order given.

    Parameters
    ----------
    estimates
        What is shown; the caption says which interval it is.
    caption, language
        What is written around it, and in which language.
    width
        Of the whole figure, in pixels.
    reference
        Where a line stands to compare with, such as 1 for a location quotient.
    """
    names = max((width_of(e.name, TEXT_SIZE) for e in estimates), default=0.0) + 10
    figures = max((width_of(e.text, SMALL_SIZE) for e in estimates), default=0.0) + 10
    values = [
        {
            "order": i,
            "name": e.name,
            "value": e.value,
            "low": e.low,
            "high": e.high,
            "text": e.text,
            "colour": (ACCENT if e.accent else QUIET).light,
        }
        for i, e in enumerate(estimates)
    ]
    plot = width - names - figures
    base = alt.Chart(alt.NamedData(name="estimates")).encode(y=alt.Y("order:O", axis=None))
    axis, scale = alt.Axis(title=None, tickCount=4), alt.Scale(zero=False)
    colour = alt.Color("colour:N", scale=None)
    layers: list[alt.Chart] = [
        base.mark_rule(strokeWidth=2).encode(
            x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q", color=colour
        ),
        base.mark_circle(size=64, opacity=1).encode(
            x=alt.X("value:Q", axis=axis, scale=scale), color=colour
        ),
        base.mark_text(align="right", fontSize=TEXT_SIZE, color=INK.light).encode(
            text="name:N", x=alt.value(-10)
        ),
        base.mark_text(align="left", fontSize=SMALL_SIZE, color=INK.light).encode(
            text="text:N", x=alt.value(plot + 8)
        ),
    ]
    if reference is not None:
        line = alt.Chart(alt.NamedData(name="reference"))
        layers.insert(0, line.mark_rule(color=RULE.light, strokeDash=[4, 3]).encode(x="value:Q"))
    chart = alt.layer(*layers).properties(width=plot, height=alt.Step(24))
    data: dict[str, Rows] = {"estimates": values, "reference": [{"value": reference}]}
    return Figure(chart.to_dict(), data, caption, language)
