"""Structure as a treemap: division by division, each cut into its groups.

Vega-Lite has no treemap, and Vega's needs a specification of its own beside
all others. The squarified layout (Bruls, Huizing and van Wijk, "Squarified
Treemaps", 2000) is a page of code, so it is laid out here and drawn as
rectangles like any other chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from ballast.charts.figure import Caption, Figure, Rows
from ballast.charts.lettering import Box, fitted
from ballast.charts.theme import CATEGORIES, GROUND, INK, QUIET, SMALL_SIZE, TEXT_SIZE
from ballast.terms.label import Language

_BOLD = 1.1  # how much wider bold letters run
_LEGIBLE = 64  # a name cut shorter than this many pixels says nothing


@dataclass(frozen=True, slots=True)
class Leaf:
    """One rectangle: what it belongs to, what it is called, how large it is, the figure as text."""

    branch: str
    name: str
    value: float
    text: str


def squarified(values: Sequence[float], frame: Box) -> tuple[Box, ...]:
    """Return rectangles that fill a frame, areas in proportion, as square as may be.

    Parameters
    ----------
    values
        Positive, in falling order for the best shapes.
    frame
        What they fill.

    Returns
    -------
    tuple of Box
        One for each value, in the same order.

    Notes
    -----
    Rows are laid along the shorter side; a row takes the next value while the
    worst ratio of sides, max(w² r⁺ / s², s² / (w² r⁻)), does not grow (w the
    side, s the row's area, r⁺ and r⁻ its largest and smallest; Bruls, Huizing
    and van Wijk 2000, section 3.2).

    Examples
    --------
    >>> squarified([1, 1], Box(0, 0, 20, 10))
    (Box(left=0, top=0.0, width=10.0, height=10), Box(left=10.0, top=0.0, width=10.0, height=10))
    """
    whole = sum(values)
    if whole <= 0 or frame.width <= 0 or frame.height <= 0:
        return tuple(Box(frame.left, frame.top, 0.0, 0.0) for _ in values)
    scale = frame.width * frame.height / whole
    areas = [value * scale for value in values]
    boxes: list[Box] = []
    rest, start = frame, 0
    while start < len(areas):
        side = min(rest.width, rest.height)
        end = start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(
            areas[start:end], side
        ):
            end += 1
        row, rest = _row(areas[start:end], rest)
        boxes.extend(row)
        start = end
    return tuple(boxes)


def _worst(row: Sequence[float], side: float) -> float:
    total = sum(row)
    if total <= 0 or side <= 0 or min(row) <= 0:
        return float("inf")
    return max(side**2 * max(row) / total**2, total**2 / (side**2 * min(row)))


def _row(areas: Sequence[float], frame: Box) -> tuple[list[Box], Box]:
    """Lay one row along the shorter side of the frame; return it and what is left."""
    total = sum(areas)
    across = frame.width >= frame.height
    side = frame.height if across else frame.width
    depth = min(total / side, frame.width if across else frame.height) if side > 0 else 0.0
    laid, at = [], 0.0
    for area in areas:
        length = area / depth if depth > 0 else 0.0
        laid.append(
            Box(frame.left, frame.top + at, depth, length)
            if across
            else Box(frame.left + at, frame.top, length, depth)
        )
        at += length
    if len(areas) == 1:  # avoids a rounding error where one value fills the frame's whole side
        only = laid[0]
        laid = [
            Box(only.left, only.top, depth, side)
            if across
            else Box(only.left, only.top, side, depth)
        ]
    if across:
        return laid, Box(frame.left + depth, frame.top, frame.width - depth, frame.height)
    return laid, Box(frame.left, frame.top + depth, frame.width, frame.height - depth)


def treemap(
    leaves: Sequence[Leaf], caption: Caption, language: Language, *, width: int, height: int = 420
) -> Figure:
    """Return a treemap of two levels.

    Parameters
    ----------
    leaves
        In any order; those that are not positive have no area and are left out.
    caption, language
        What is written around it, and in which language.
    width, height
        In pixels.
    """
    branches: dict[str, list[Leaf]] = {}
    for leaf in sorted(leaves, key=lambda leaf: -leaf.value):
        if leaf.value > 0:
            branches.setdefault(leaf.branch, []).append(leaf)
    order = sorted(branches.items(), key=lambda item: -sum(leaf.value for leaf in item[1]))
    sizes = [sum(leaf.value for leaf in inside) for _, inside in order]
    rectangles, texts = [], []
    for rank, ((branch, inside), frame) in enumerate(
        zip(order, squarified(sizes, Box(0, 0, width, height)), strict=True)
    ):
        colour = (CATEGORIES[rank] if rank < len(CATEGORIES) else QUIET).light
        head = TEXT_SIZE + 6 if frame.height > 48 and frame.width > 48 else 0
        if head:
            texts.append(
                _text(
                    fitted(branch, TEXT_SIZE * _BOLD, frame.width - 10), frame.left, frame.top, True
                )
            )
        plot = Box(frame.left, frame.top + head, frame.width, frame.height - head)
        rectangles.append(_rectangle(frame, colour, 0.30 if head else 0.36))
        for leaf, box in zip(
            inside, squarified([leaf.value for leaf in inside], plot), strict=True
        ):
            rectangles.append(_rectangle(box, colour, 0.16))
            texts.extend(_inside(leaf, box))
    chart = _drawn().properties(width=width - 2, height=height)
    data: dict[str, Rows] = {"rectangles": rectangles, "texts": texts}
    return Figure(chart.to_dict(), data, caption, language)


def _rectangle(box: Box, colour: str, strength: float) -> dict[str, object]:
    rounded = {"x": box.left, "x2": box.right, "y": box.top, "y2": box.bottom}
    return {k: round(v, 1) for k, v in rounded.items()} | {"colour": colour, "strength": strength}


def _text(text: str, left: float, top: float, strong: bool) -> dict[str, object]:
    return {"x": round(left + 5, 1), "y": round(top + 4, 1), "text": text, "strong": strong}


def _inside(leaf: Leaf, box: Box) -> list[dict[str, object]]:
    """Return the name of a leaf, and its figure below, where they fit."""
    name = fitted(leaf.name, SMALL_SIZE, box.width - 9)
    cut = name != leaf.name
    if box.height < SMALL_SIZE + 8 or not name or (cut and box.width < _LEGIBLE):
        return []
    lines = [_text(name, box.left, box.top, False)]
    if (
        box.height > 2 * SMALL_SIZE + 14
        and fitted(leaf.text, SMALL_SIZE, box.width - 9) == leaf.text
    ):
        lines.append(_text(leaf.text, box.left, box.top + SMALL_SIZE + 4, False))
    return lines


def _drawn() -> alt.LayerChart:
    written = alt.Chart(alt.NamedData(name="texts")).encode(x="x:Q", y="y:Q", text="text:N")
    return alt.LayerChart(
        layer=[
            alt.Chart(alt.NamedData(name="rectangles"))
            .mark_rect(stroke=GROUND.light, strokeWidth=1)
            .encode(
                x=alt.X("x:Q", axis=None, scale=alt.Scale(nice=False, zero=True)),
                x2="x2:Q",
                y=alt.Y("y:Q", axis=None, scale=alt.Scale(nice=False, zero=True, reverse=True)),
                y2="y2:Q",
                color=alt.Color("colour:N", scale=None),
                fillOpacity=alt.FillOpacity("strength:Q", scale=None),
            ),
            written.mark_text(
                align="left", baseline="top", color=INK.light, fontSize=TEXT_SIZE, fontWeight=600
            ).transform_filter("datum.strong"),
            written.mark_text(
                align="left", baseline="top", color=INK.light, fontSize=SMALL_SIZE
            ).transform_filter("!datum.strong"),
        ]
    )
