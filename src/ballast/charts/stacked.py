"""Bars made of parts, one below the other, with what the parts are called above them.

For wholes of several things divided alike: where the hours of each machine
went, what a day's energy was bought as. The key above the bars is drawn in
the order of the parts and written beside its colours; a part that has room
carries its figure inside, so that colour is never the only way to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import fitted, width_of
from ballast.charts.theme import ACCENT, GROUND, INK, SMALL_SIZE, TEXT_SIZE, Colour
from ballast.terms.label import Language

__all__ = ["Pile", "Segment", "stacked_chart"]

_BAR, _GAP, _KEY_LINE, _SWATCH = 20, 10, 18, 10


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: how long, and the figure inside it."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Pile:
    """One bar.

    Parameters
    ----------
    name
        Written beside it.
    segments
        As many as there are kinds, in their order; a part of no length is not drawn.
    text
        The figure at its end.
    """

    name: str
    segments: tuple[Segment, ...]
    text: str = ""


def stacked_chart(
    piles: Sequence[Pile],
    kinds: Sequence[tuple[str, Colour]],
    caption: Caption,
    language: Language,
    *,
    width: int,
) -> Figure:
    """Return bars from top to bottom in the order given.

    Parameters
    ----------
    piles
        The bars.
    kinds
        What the parts are called, and their colours.
    caption, language
        What is written around it, and in which language.
    width
        Of the whole figure, in pixels.
    """
    longest = max((width_of(pile.name, TEXT_SIZE) for pile in piles), default=0.0)
    names = min(longest, 0.34 * width) + 12
    figures = max((width_of(pile.text, SMALL_SIZE) for pile in piles), default=0.0) + 10
    plot = width - names - figures
    whole = max((sum(s.value for s in pile.segments) for pile in piles), default=0.0) or 1.0
    key, lines = _key(kinds, plot + figures)
    segments: list[dict[str, object]] = []
    for order, pile in enumerate(piles):
        edge = 0.0
        for segment, (_, colour) in zip(pile.segments, kinds, strict=True):
            room = segment.value / whole * plot - 6
            if segment.value > 0:
                segments.append(
                    {
                        "order": order,
                        "from": edge,
                        "to": edge + segment.value,
                        "middle": edge + segment.value / 2,
                        "text": segment.text if width_of(segment.text, SMALL_SIZE) <= room else "",
                        "colour": colour.light,
                        "letters": _letters(colour),
                    }
                )
            edge += segment.value
    called: list[dict[str, object]] = [
        {
            "order": order,
            "name": fitted(pile.name, TEXT_SIZE, names - 11),
            "end": sum(max(s.value, 0.0) for s in pile.segments),
            "text": pile.text,
        }
        for order, pile in enumerate(piles)
    ]
    chart = _layers(whole).properties(width=plot, height=alt.Step(_BAR + _GAP))
    head = _head(plot, lines)
    both = alt.vconcat(head, chart, spacing=6, bounds="flush")
    data: dict[str, Rows] = {"segments": segments, "piles": called, "key": key}
    return Figure(both.to_dict(), data, caption, language)


def _layers(whole: float) -> alt.LayerChart | alt.FacetChart:
    scale = alt.Scale(domain=[0, whole], nice=False)
    y = alt.Y("order:O", axis=None)
    parts = alt.Chart(alt.NamedData(name="segments")).encode(y=y)
    piles = alt.Chart(alt.NamedData(name="piles")).encode(y=y)
    return alt.layer(
        parts.mark_bar(height=_BAR, stroke=GROUND.light, strokeWidth=1).encode(
            x=alt.X("from:Q", axis=None, scale=scale),
            x2="to:Q",
            color=alt.Color("colour:N", scale=None),
        ),
        parts.mark_text(fontSize=SMALL_SIZE).encode(
            x=alt.X("middle:Q", axis=None, scale=scale),
            text="text:N",
            color=alt.Color("letters:N", scale=None),
        ),
        piles.mark_text(align="right", fontSize=TEXT_SIZE, color=INK.light).encode(
            text="name:N", x=alt.value(-10)
        ),
        piles.mark_text(align="left", dx=6, fontSize=SMALL_SIZE, color=INK.light).encode(
            x=alt.X("end:Q", axis=None, scale=scale), text="text:N"
        ),
    )


def _letters(ground: Colour) -> str:
    """Return a colour that can be read on another: black, but on the dark blue the page's own."""
    return GROUND.light if ground == ACCENT else "#000000"


def _head(width: float, lines: int) -> alt.LayerChart | alt.FacetChart:
    key = alt.Chart(alt.NamedData(name="key"))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[lines * _KEY_LINE, 0], nice=False))
    return alt.layer(
        key.mark_square(size=_SWATCH * _SWATCH, opacity=1).encode(
            x=x, y=y, color=alt.Color("colour:N", scale=None)
        ),
        key.mark_text(align="left", dx=_SWATCH, fontSize=SMALL_SIZE, color=INK.light).encode(
            x=x, y=y, text="name:N"
        ),
    ).properties(width=width, height=lines * _KEY_LINE)


def _key(kinds: Sequence[tuple[str, Colour]], width: float) -> tuple[list[dict[str, object]], int]:
    """Return where each name of the key stands, and over how many lines they go."""
    found: list[dict[str, object]] = []
    x, line = float(_SWATCH), 0
    for name, colour in kinds:
        wide = 2 * _SWATCH + width_of(name, SMALL_SIZE) + 10
        if x > _SWATCH and x + wide > width:
            x, line = float(_SWATCH), line + 1
        found.append({"name": name, "colour": colour.light, "x": x, "y": (line + 0.5) * _KEY_LINE})
        x += wide
    return found, line + 1
