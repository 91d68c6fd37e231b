"""A whole taken apart step by step: every bar begins where the one above it ended.

A stacked bar says the same and cannot be read where parts are small; a ranking
of losses does not show that they add up. Here the eye follows the edge from
the whole down to what is left, and each step has its own line for its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import fitted, width_of
from ballast.charts.theme import (
    ACCENT,
    AMBER,
    INK,
    MUTED,
    PURPLE,
    QUIET,
    RULE,
    SKY,
    SMALL_SIZE,
    TEXT_SIZE,
    Colour,
)
from ballast.terms.label import Language

__all__ = ["COLOURS", "Step", "StepKind", "waterfall_chart"]

StepKind = Literal["whole", "time", "speed", "quality", "left"]
_BAR, _GAP = 16, 8

COLOURS: dict[StepKind, Colour] = {
    "whole": QUIET,
    "time": AMBER,
    "speed": SKY,
    "quality": PURPLE,
    "left": ACCENT,
}
"""The whole, what is taken from it for one of three causes, and what is left."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the chart.

    Parameters
    ----------
    name
        Written beside it.
    value
        What it takes away; of the whole and of what is left, how long the bar is. A negative
        value gives back.
    text
        The figure at its end, formatted.
    kind
        Decides its colour, and whether it starts at zero.
    """

    name: str
    value: float
    text: str
    kind: StepKind


def placed(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Return where each bar begins and ends.

    Examples
    --------
    >>> placed([Step("all", 8, "", "whole"), Step("stop", 2, "", "time"),
    ...         Step("left", 6, "", "left")])
    [(0.0, 8), (6, 8), (0.0, 6)]
    """
    found: list[tuple[float, float]] = []
    edge = 0.0
    for step in steps:
        if step.kind in ("whole", "left"):
            found.append((0.0, step.value))
            edge = step.value
        else:
            found.append((edge - step.value, edge))
            edge -= step.value
    return found


def waterfall_chart(
    steps: Sequence[Step], caption: Caption, language: Language, *, width: int
) -> Figure:
    """Return the steps from top to bottom in the order given.

    Parameters
    ----------
    steps
        The whole first, what is left last.
    caption, language
        What is written around it, and in which language.
    width
        Of the whole figure, in pixels.
    """
    longest = max((width_of(step.name, TEXT_SIZE) for step in steps), default=0.0)
    above = longest > 0.36 * width
    names = 0.0 if above else longest + 12
    figures = max((width_of(step.text, SMALL_SIZE) for step in steps), default=0.0) + 10
    edges = placed(steps)
    high = max((max(pair) for pair in edges), default=0.0) or 1.0
    low = min((min(pair) for pair in edges), default=0.0)
    plot = width - names - 4
    # Room at the right for the figures, in the unit of the values.
    top = high + figures * (high - min(low, 0.0)) / max(plot - figures, 40.0)
    values = [
        {
            "order": i,
            "name": fitted(step.name, TEXT_SIZE, width - 4 if above else longest + 1),
            "from": min(pair),
            "to": max(pair),
            "text": step.text,
            "colour": COLOURS[step.kind].light,
        }
        for i, (step, pair) in enumerate(zip(steps, edges, strict=True))
    ]
    shift = 9 if above else 0
    base = alt.Chart(alt.NamedData(name="steps")).encode(y=alt.Y("order:O", axis=None))
    scale = alt.Scale(domain=[min(low, 0.0), top], nice=False)
    layers: list[alt.Chart] = [
        alt.Chart(alt.NamedData(name="zero"))
        .mark_rule(color=RULE.light)
        .encode(x=alt.X("value:Q", axis=None, scale=scale)),
        base.mark_bar(height=_BAR, yOffset=shift, cornerRadius=1).encode(
            x=alt.X("from:Q", axis=None, scale=scale),
            x2="to:Q",
            color=alt.Color("colour:N", scale=None),
        ),
        base.mark_text(align="left", dx=5, dy=shift, fontSize=SMALL_SIZE, color=INK.light).encode(
            x=alt.X("to:Q", axis=None, scale=scale), text="text:N"
        ),
        base.mark_text(
            align="left" if above else "right",
            dy=-9 if above else 0,
            fontSize=TEXT_SIZE,
            color=MUTED.light if above else INK.light,
        ).encode(text="name:N", x=alt.value(0 if above else -10)),
    ]
    step = 2 * _BAR + _GAP if above else _BAR + _GAP
    chart = alt.layer(*layers).properties(width=plot, height=alt.Step(step))
    data: dict[str, Rows] = {"steps": values, "zero": [{"value": 0}]}
    return Figure(chart.to_dict(), data, caption, language)
