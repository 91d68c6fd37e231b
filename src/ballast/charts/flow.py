"""A flow from stage to stage: boxes in steps, and who takes from whom between them.

Laid out here, because Vega has no drawing of layered graphs: a box stands one
step before the first that takes from it, and within a step where the boxes it
is bound to pull it, so that few lines cross. On a narrow page the steps would
leave no room for words; there the boxes stand below each other and the lines
bow out beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import Box, fitted, width_of
from ballast.charts.theme import GROUND, INK, MUTED, QUIET, SMALL_SIZE, TEXT_SIZE, Colour
from ballast.terms.label import Language

__all__ = ["Arrow", "Node", "arranged", "crossings", "flow", "steps"]

_HIGH, _GAP = 58.0, 14.0  # of a box, and between two; pixels
_BETWEEN = 34.0  # least room for the lines between two steps
_WIDEST = 200.0  # a box; wider ones would only take room from the lines
_BEND = 90.0
_NARROW = 620  # below this the boxes stand below each other
_STRIPE = 4.0
_LINE = 15.0
_SWEEPS = 6
_PIECES = 16  # straight pieces of one curve


@dataclass(frozen=True, slots=True)
class Node:
    """One box: what it is called, what is said of it, and how it looks.

    Parameters
    ----------
    key, name, text
        The name may take two lines, the text has one.
    colour
        Of its stripe and its ground.
    strength
        Of the ground, 0 to 1.
    hollow
        Drawn with a broken edge: there is nothing there.
    short
        Stands in place of the text where that has no room.
    """

    key: str
    name: str
    text: str
    colour: Colour
    strength: float = 0.14
    hollow: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from one box to another; broken where what should flow does not come from here."""

    start: str
    end: str
    broken: bool = False


def steps(keys: Sequence[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """Return the step of each box: one before the first that takes from it.

    Parameters
    ----------
    keys
        So ordered that every arrow runs forwards.
    arrows
        Between them.

    Examples
    --------
    >>> steps(["ore", "coal", "iron", "steel"], [Arrow("ore", "iron"), Arrow("iron", "steel"),
    ...                                          Arrow("coal", "steel")])
    {'ore': 0, 'coal': 1, 'iron': 1, 'steel': 2}
    """
    soonest = dict.fromkeys(keys, 0)
    takers: dict[str, list[str]] = {key: [] for key in keys}
    for arrow in arrows:
        takers[arrow.start].append(arrow.end)
    for key in keys:
        for taker in takers[key]:
            soonest[taker] = max(soonest[taker], soonest[key] + 1)
    found = dict(soonest)
    for key in reversed(keys):
        if takers[key]:
            found[key] = min(found[taker] for taker in takers[key]) - 1
    return found


def arranged(keys: Sequence[str], arrows: Sequence[Arrow]) -> list[list[str]]:
    """Return the boxes of each step, from top to bottom, so that few lines cross.

    Each step is put in the order of the means of those it is bound to, forwards and backwards a
    few times (Sugiyama, Tagawa and Toda, 1981, from memory); the order with the fewest crossings
    seen is kept.

    Examples
    --------
    >>> arranged(["a", "b", "c", "d"], [Arrow("a", "d"), Arrow("b", "c")])
    [['a', 'b'], ['d', 'c']]
    """
    step = steps(keys, arrows)
    layers: list[list[str]] = [[] for _ in range(max(step.values(), default=-1) + 1)]
    for key in keys:
        layers[step[key]].append(key)
    bound: dict[str, list[str]] = {key: [] for key in keys}
    for arrow in arrows:
        bound[arrow.start].append(arrow.end)
        bound[arrow.end].append(arrow.start)
    best = [list(layer) for layer in layers]
    fewest = crossings(best, arrows)
    for sweep in range(_SWEEPS):
        back = sweep % 2 == 1
        for at in reversed(range(len(layers))) if back else range(len(layers)):
            at_height = _heights(layers)
            sides = {key: [k for k in bound[key] if (step[k] > at) == back] for key in layers[at]}
            pulled = {
                key: (
                    sum(at_height[k] for k in near) / len(near) if near else at_height[key],
                    at_height[key],
                )
                for key, near in sides.items()
            }
            layers[at].sort(key=pulled.__getitem__)
        if (crossed := crossings(layers, arrows)) < fewest:
            best, fewest = [list(layer) for layer in layers], crossed
    return best


def _heights(layers: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return where each box stands in its step, 0 to 1."""
    return {key: (n + 0.5) / len(layer) for layer in layers for n, key in enumerate(layer)}


def crossings(layers: Sequence[Sequence[str]], arrows: Sequence[Arrow]) -> int:
    """Return how many pairs of lines between the same two steps cross.

    Parameters
    ----------
    layers
        The boxes of each step, from top to bottom.
    arrows
        Between them.

    Examples
    --------
    >>> crossings([["a", "b"], ["c", "d"]], [Arrow("a", "d"), Arrow("b", "c")])
    1
    """
    height = _heights(layers)
    step = {key: at for at, layer in enumerate(layers) for key in layer}
    lines = [(step[a.start], step[a.end], height[a.start], height[a.end]) for a in arrows]
    return sum(
        one[:2] == other[:2] and (one[2] - other[2]) * (one[3] - other[3]) < 0
        for n, one in enumerate(lines)
        for other in lines[n + 1 :]
    )


def flow(
    nodes: Sequence[Node],
    arrows: Sequence[Arrow],
    caption: Caption,
    language: Language,
    *,
    width: int,
    description: str = "",
) -> Figure:
    """Return boxes and the lines between them.

    Parameters
    ----------
    nodes
        So ordered that every arrow runs forwards.
    arrows
        Between keys of nodes.
    caption, language
        What is written around it, and in which language.
    width
        In pixels; a narrow figure is laid out from top to bottom.
    description
        What a reader who cannot see it is told.
    """
    keys = [node.key for node in nodes]
    narrow = width < _NARROW
    boxes = _below(keys, width) if narrow else _beside(arranged(keys, arrows), width)
    data: dict[str, Rows] = {
        "boxes": [_ground(node, boxes[node.key]) for node in nodes],
        "stripes": [_stripe(node, boxes[node.key]) for node in nodes if not node.hollow],
        "texts": [line for node in nodes for line in _written(node, boxes[node.key])],
        "lines": [
            {"x": x, "y": y, "at": at, "line": n, "broken": arrow.broken}
            for n, arrow in enumerate(arrows)
            for at, (x, y) in enumerate(_curve(boxes[arrow.start], boxes[arrow.end], narrow))
        ],
        "heads": [_head(boxes[arrow.end], narrow) for arrow in arrows],
    }
    height = max((box.bottom for box in boxes.values()), default=_HIGH) + 2
    chart = _drawn(width, height, narrow).properties(width=width - 3, height=height)
    return Figure(chart.to_dict(), data, caption, language, description)


def _beside(layers: Sequence[Sequence[str]], width: int) -> dict[str, Box]:
    count = max(len(layers), 1)
    wide = min(_WIDEST, (width - 2 - _BETWEEN * (count - 1)) / count)
    between = (width - 2 - wide * count) / max(count - 1, 1)
    tallest = max((len(layer) for layer in layers), default=1)
    full = tallest * (_HIGH + _GAP) - _GAP
    found = {}
    for across, layer in enumerate(layers):
        top = (full - (len(layer) * (_HIGH + _GAP) - _GAP)) / 2 + 1
        for down, key in enumerate(layer):
            left = 1 + across * (wide + between)
            found[key] = Box(left, top + down * (_HIGH + _GAP), wide, _HIGH)
    return found


def _below(keys: Sequence[str], width: int) -> dict[str, Box]:
    wide = width * 0.74
    return {key: Box(1, 1 + n * (_HIGH + _GAP), wide, _HIGH) for n, key in enumerate(keys)}


def _curve(start: Box, end: Box, narrow: bool) -> list[tuple[float, float]]:
    """Return the points of a curve between two boxes."""
    if narrow:
        x, y, to_x, to_y = start.right, _middle(start) + 8, end.right, _middle(end) - 8
        out = min(18 + 0.13 * abs(to_y - y), 0.34 * start.width)
        bends = (x + out * 4 / 3, to_x + out * 4 / 3)
    else:
        x, y, to_x, to_y = start.right, _middle(start), end.left - 5, _middle(end)
        half = min((to_x - x) / 2, _BEND)
        bends = (x + half, to_x - half)
    found = []
    for piece in range(_PIECES + 1):
        t = piece / _PIECES
        parts = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        across = parts[0] * x + parts[1] * bends[0] + parts[2] * bends[1] + parts[3] * to_x
        down = (parts[0] + parts[1]) * y + (parts[2] + parts[3]) * to_y
        found.append((round(across, 1), round(down, 1)))
    return found


def _middle(box: Box) -> float:
    return box.top + box.height / 2


def _head(end: Box, narrow: bool) -> Mapping[str, object]:
    if narrow:
        return {"x": round(end.right + 4, 1), "y": round(_middle(end) - 8, 1)}
    return {"x": round(end.left - 4, 1), "y": round(_middle(end), 1)}


def _ground(node: Node, box: Box) -> Mapping[str, object]:
    return _sides(box) | {
        "colour": node.colour.light,
        "strength": node.strength,
        "hollow": node.hollow,
    }


def _stripe(node: Node, box: Box) -> Mapping[str, object]:
    return _sides(Box(box.left, box.top, _STRIPE, box.height)) | {"colour": node.colour.light}


def _sides(box: Box) -> dict[str, object]:
    sides = {"x": box.left, "x2": box.right, "y": box.top, "y2": box.bottom}
    return {name: round(at, 1) for name, at in sides.items()}


def _written(node: Node, box: Box) -> list[Mapping[str, object]]:
    """Return the lines of text in a box: its name on one or two, then what is said of it."""
    room = box.width - _STRIPE - 10
    names = _lines(node.name, room)
    left, top = box.left + _STRIPE + 6, box.top + (5 if len(names) > 1 else 12)
    lines: list[Mapping[str, object]] = [
        _text(name, left, top + n * _LINE, "name") for n, name in enumerate(names)
    ]
    fits = width_of(node.text, SMALL_SIZE) <= room or not node.short
    said = fitted(node.text if fits else node.short, SMALL_SIZE, room)
    return [*lines, _text(said, left, top + len(names) * _LINE + 2, "text")]


def _text(text: str, left: float, top: float, kind: str) -> Mapping[str, object]:
    return {"x": round(left, 1), "y": round(top, 1), "text": text, "kind": kind}


def _lines(name: str, room: float) -> list[str]:
    """Break a name over at most two lines, between words where it has any."""
    if width_of(name, TEXT_SIZE) <= room:
        return [name]
    breaks = [n for n, letter in enumerate(name) if letter == " "] or list(range(1, len(name)))
    fitting = [n for n in breaks if width_of(name[:n], TEXT_SIZE) <= room]
    if not fitting:
        return [fitted(name, TEXT_SIZE, room)]
    at = max(fitting)
    return [name[:at], fitted(name[at:].strip(), TEXT_SIZE, room)]


def _drawn(width: int, height: float, narrow: bool) -> alt.LayerChart:
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], nice=False, reverse=True))
    colour = alt.Color("colour:N", scale=None)
    lines = alt.Chart(alt.NamedData(name="lines")).encode(
        x=across, y=down, detail="line:N", order="at:Q"
    )
    boxes = alt.Chart(alt.NamedData(name="boxes")).encode(
        x=across, x2="x2:Q", y=down, y2="y2:Q", color=colour
    )
    texts = alt.Chart(alt.NamedData(name="texts")).encode(x=across, y=down, text="text:N")
    return alt.LayerChart(
        layer=[
            lines.mark_line(color=QUIET.light, strokeWidth=1.3).transform_filter("!datum.broken"),
            lines.mark_line(
                color=QUIET.light, strokeWidth=1.3, strokeDash=[4, 4]
            ).transform_filter("datum.broken"),
            alt.Chart(alt.NamedData(name="heads"))
            .mark_point(
                shape="triangle-left" if narrow else "triangle-right",
                filled=True, size=44, color=QUIET.light, opacity=1,
            )
            .encode(x=across, y=down),
            # An opaque ground first: lines pass behind the boxes.
            boxes.mark_rect(cornerRadius=3).encode(color=alt.value(GROUND.light)),
            boxes.mark_rect(cornerRadius=3).encode(
                fillOpacity=alt.FillOpacity("strength:Q", scale=None)
            ).transform_filter("!datum.hollow"),
            boxes.mark_rect(
                cornerRadius=3, filled=False, strokeDash=[5, 3], strokeWidth=1.6
            ).transform_filter("datum.hollow"),
            alt.Chart(alt.NamedData(name="stripes"))
            .mark_rect(cornerRadius=2)
            .encode(x=across, x2="x2:Q", y=down, y2="y2:Q", color=colour),
            texts.mark_text(
                align="left", baseline="top", color=INK.light, fontSize=TEXT_SIZE, fontWeight=600
            ).transform_filter("datum.kind == 'name'"),
            texts.mark_text(
                align="left", baseline="top", color=MUTED.light, fontSize=SMALL_SIZE
            ).transform_filter("datum.kind == 'text'"),
        ]
    )  # fmt: skip
