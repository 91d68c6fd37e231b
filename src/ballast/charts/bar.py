"""Rank as bars: sorted, from zero, each with its figure at its end.

There is no value axis: the figure at the bar says more than a grid does.
Where names are too long for the width (a phone), they stand above their bars
instead of being cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import fitted, width_of
from ballast.charts.theme import ACCENT, INK, MUTED, QUIET, RULE, SMALL_SIZE, TEXT_SIZE
from ballast.terms.label import Language

MOST = 15
_BAR, _GAP = 14, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Parameters
    ----------
    name
        Written beside it.
    value
        Its length, in the unit of the caption.
    text
        The figure at its end, formatted.
    accent
        Set off from the others.
    """

    name: str
    value: float
    text: str
    accent: bool = False


def ranked(bars: Sequence[Bar], other: Bar | None = None) -> tuple[Bar, ...]:
    """Return the bars in falling order, at most fifteen, the rest as one at the end.

    Parameters
    ----------
    bars
        In any order; equal values keep it.
    other
        What stands for the rest where there is one (only the caller knows
        whether the values add up). Without it the rest is left out, and the
        caption must say of how many these are the first.

    Examples
    --------
    >>> [bar.name for bar in ranked([Bar("a", 1, "1"), Bar("b", 2, "2")])]
    ['b', 'a']
    """
    order = sorted(bars, key=lambda bar: -bar.value)
    if len(order) <= MOST:
        return tuple(order)
    return tuple(order[:MOST] if other is None else [*order[: MOST - 1], other])


def bar_chart(bars: Sequence[Bar], caption: Caption, language: Language, *, width: int) -> Figure:
    """Return bars from top to bottom in the order given.

    Parameters
    ----------
    bars
        At most fifteen and the rest, as ``ranked`` gives them.
    caption, language
        What is written around it, and in which language.
    width
        Of the whole figure, in pixels.
    """
    longest = max((width_of(bar.name, TEXT_SIZE) for bar in bars), default=0.0)
    above = longest > 0.36 * width
    names = 0.0 if above else longest + 10
    low, high = _domain(bars, width - names)
    values = [
        {
            "order": i,
            "name": fitted(bar.name, TEXT_SIZE, width - 4 if above else longest + 1),
            "value": bar.value,
            "text": bar.text,
            "colour": (ACCENT if bar.accent else QUIET).light,
        }
        for i, bar in enumerate(bars)
    ]
    shift = 8 if above else 0
    drawn = alt.Chart(alt.NamedData(name="bars")).encode(
        y=alt.Y("order:O", axis=None),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[low, high], nice=False)),
    )
    layers: list[alt.Chart] = [
        drawn.mark_bar(height=_BAR, yOffset=shift, cornerRadiusEnd=2).encode(
            color=alt.Color("colour:N", scale=None)
        ),
        drawn.mark_text(align="left", dx=4, dy=shift, fontSize=SMALL_SIZE, color=INK.light)
        .encode(text="text:N")
        .transform_filter("datum.value >= 0"),
        drawn.mark_text(align="right", dx=-4, dy=shift, fontSize=SMALL_SIZE, color=INK.light)
        .encode(text="text:N")
        .transform_filter("datum.value < 0"),
        drawn.mark_text(
            align="left" if above else "right",
            dy=-8 if above else 0,
            fontSize=TEXT_SIZE,
            color=MUTED.light if above else INK.light,
        ).encode(text="name:N", x=alt.value(0 if above else -10)),
    ]
    if low < 0:
        zero = alt.Chart(alt.NamedData(name="zero"))
        layers.append(zero.mark_rule(color=RULE.light).encode(x="value:Q"))
    step = 2 * _BAR + _GAP + 2 if above else _BAR + _GAP
    chart = alt.layer(*layers).properties(width=width - names - 2, height=alt.Step(step))
    data: dict[str, Rows] = {"bars": values, "zero": [{"value": 0}]}
    return Figure(chart.to_dict(), data, caption, language)


def _domain(bars: Sequence[Bar], room: float) -> tuple[float, float]:
    """Return the ends of the value axis: zero inside, and space for the figures at the ends."""
    high = max((bar.value for bar in bars), default=0.0)
    low = min((bar.value for bar in bars), default=0.0)
    right = max((width_of(b.text, SMALL_SIZE) + 8 for b in bars if b.value >= 0), default=0.0)
    left = max((width_of(b.text, SMALL_SIZE) + 8 for b in bars if b.value < 0), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    per_pixel = ((high - low) or 1.0) / max(room - right - left, 40.0)
    return (low - left * per_pixel if low < 0 else 0.0), high + right * per_pixel
