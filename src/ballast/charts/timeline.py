"""What several things were doing, side by side in time: one line each, one bar a stretch.

A state is told twice, by the colour and by the height of its bar, so that the
picture can be read by those who do not tell the colours apart, and printed.
Where nothing was recorded there is no bar: a gap must look like a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import fitted, width_of
from ballast.charts.theme import INK, RULE, SMALL_SIZE, TEXT_SIZE, Colour
from ballast.terms.label import Language

__all__ = ["Look", "Spell", "Track", "timeline_chart"]

_ROW, _TALL, _KEY_LINE = 30, 22, 20


@dataclass(frozen=True, slots=True)
class Look:
    """How one state looks: its name, its colour, and how much of the line its bar fills."""

    name: str
    colour: Colour
    height: float


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch: from when, until when (local, without a zone), in which state."""

    start: datetime
    end: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Track:
    """One line: its name and its stretches."""

    name: str
    spells: tuple[Spell, ...]


def timeline_chart(
    tracks: Sequence[Track],
    looks: Mapping[str, Look],
    ends: tuple[datetime, datetime],
    caption: Caption,
    language: Language,
    *,
    width: int,
) -> Figure:
    """Return the lines from top to bottom in the order given.

    Parameters
    ----------
    tracks
        The things.
    looks
        Every state that occurs; the key above the lines is in this order.
    ends
        From when, until when; local, without a zone.
    caption, language
        What is written around it, and in which language.
    width
        Of the whole figure, in pixels.
    """
    longest = max((width_of(track.name, TEXT_SIZE) for track in tracks), default=0.0)
    names = min(longest, 0.3 * width) + 12
    plot = width - names - 4
    spells = [
        {
            "from": _at(spell.start),
            "to": _at(spell.end),
            "top": order * _ROW + _TALL - _TALL * looks[spell.state].height,
            "bottom": order * _ROW + _TALL,
            "colour": looks[spell.state].colour.light,
        }
        for order, track in enumerate(tracks)
        for spell in track.spells
    ]
    called = [
        {
            "name": fitted(track.name, TEXT_SIZE, names - 11),
            "middle": order * _ROW + _TALL / 2,
            "bottom": order * _ROW + _TALL,
        }
        for order, track in enumerate(tracks)
    ]
    high = max(len(tracks), 1) * _ROW
    key, lines = _key(looks, plot)
    chart = _lines(ends, plot, high).properties(width=plot, height=high)
    both = alt.vconcat(_head(plot, lines), chart, spacing=4, bounds="flush")
    data: dict[str, Rows] = {"spells": spells, "tracks": called, "key": key}
    return Figure(both.to_dict(), data, caption, language)


def _lines(
    ends: tuple[datetime, datetime], plot: float, high: int
) -> alt.LayerChart | alt.FacetChart:
    days = (ends[1] - ends[0]).total_seconds() / 86_400
    time = alt.Axis(
        title=None,
        format="%m-%d" if days > 2 else "%H:%M",
        tickCount=max(3, round(plot / 80)),
        labelFlush=True,
        labelOverlap="greedy",
        grid=False,
    )
    x_scale = alt.Scale(domain=[_at(ends[0]), _at(ends[1])], type="utc", nice=False)
    y_scale = alt.Scale(domain=[0, high], nice=False, reverse=True)
    tracks = alt.Chart(alt.NamedData(name="tracks"))
    return alt.layer(
        tracks.mark_rule(color=RULE.light).encode(y=alt.Y("bottom:Q", axis=None, scale=y_scale)),
        alt.Chart(alt.NamedData(name="spells"))
        .mark_rect()
        .encode(
            x=alt.X("from:T", axis=time, scale=x_scale),
            x2="to:T",
            y=alt.Y("top:Q", axis=None, scale=y_scale),
            y2="bottom:Q",
            color=alt.Color("colour:N", scale=None),
        ),
        tracks.mark_text(align="right", fontSize=TEXT_SIZE, color=INK.light).encode(
            text="name:N", x=alt.value(-10), y=alt.Y("middle:Q", axis=None, scale=y_scale)
        ),
    )


def _key(looks: Mapping[str, Look], width: float) -> tuple[list[dict[str, object]], int]:
    """Return where each name of the key stands, with a bar of the state's own height."""
    found: list[dict[str, object]] = []
    x, line = 0.0, 0
    for look in looks.values():
        wide = 32 + width_of(look.name, SMALL_SIZE)
        if x and x + wide > width:
            x, line = 0.0, line + 1
        bottom = line * _KEY_LINE + _KEY_LINE - 4
        found.append(
            {
                "name": look.name,
                "colour": look.colour.light,
                "left": x,
                "right": x + 12,
                "top": bottom - (_KEY_LINE - 6) * look.height,
                "bottom": bottom,
                "middle": bottom - (_KEY_LINE - 6) / 2,
            }
        )
        x += wide
    return found, line + 1


def _head(width: float, lines: int) -> alt.LayerChart | alt.FacetChart:
    key = alt.Chart(alt.NamedData(name="key"))
    high = lines * _KEY_LINE
    x_scale = alt.Scale(domain=[0, width], nice=False, zero=False)
    y_scale = alt.Scale(domain=[0, high], nice=False, reverse=True)
    return alt.layer(
        key.mark_rect().encode(
            x=alt.X("left:Q", axis=None, scale=x_scale),
            x2="right:Q",
            y=alt.Y("top:Q", axis=None, scale=y_scale),
            y2="bottom:Q",
            color=alt.Color("colour:N", scale=None),
        ),
        key.mark_text(align="left", dx=5, fontSize=SMALL_SIZE, color=INK.light).encode(
            x=alt.X("right:Q", axis=None, scale=x_scale),
            y=alt.Y("middle:Q", axis=None, scale=y_scale),
            text="name:N",
        ),
    ).properties(width=width, height=high)


def _at(moment: datetime) -> str:
    # Said to be UTC so that the engine, which knows no zone of ours, leaves the clock alone.
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
