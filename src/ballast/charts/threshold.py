"""A figure beside the threshold that it must reach: a dot, or a bar where only its ends are known.

Drawn by hand like the strip of peers. Every mark has its threshold at the same
place, in the middle, whatever the figure: then twenty criteria below each
other are read in one glance down the page, and nobody compares axes. What is
farther off than the threshold is large leaves the scale, and an arrow says so.
"""

from __future__ import annotations

from html import escape

__all__ = ["share_mark", "threshold_mark"]

_EDGE = 8


def threshold_mark(
    low: float,
    high: float,
    threshold: float,
    told: str,
    *,
    less: bool = False,
    short: bool = False,
    open_ended: bool = False,
    width: int = 144,
    height: int = 20,
) -> str:
    """Return a figure against its threshold as inline SVG.

    Parameters
    ----------
    low, high
        The two ends of the figure, in any unit; the same where it is known.
    threshold
        In the same unit.
    told
        What a screen reader says.
    less
        Whether less is better: then the shaded side, where the figure must lie, is the left one.
    short
        Whether the figure does not suffice; it is drawn in the colour of what is behind.
    open_ended
        Whether it is not known yet which it is; then in the colour of neither.
    width, height
        In pixels.

    Returns
    -------
    str
        One ``<svg>`` element: from nothing to twice the threshold; where the threshold is 0, as
        far to either side as the figure goes.

    Examples
    --------
    >>> threshold_mark(3.2, 3.2, 3, "x").count("<circle"), "<path" in threshold_mark(9, 9, 3, "x")
    (1, True)
    >>> "<rect class=\\"mark-span" in threshold_mark(55, 70, 60, "x")
    True
    """
    middle, centre = width / 2, height / 2
    reach = abs(threshold) or max(abs(low), abs(high)) * 1.25 or 1.0
    half = middle - _EDGE

    def at(value: float) -> float:
        return middle + half * min(max((value - threshold) / reach, -1.0), 1.0)

    first, last = (_EDGE, middle) if less else (middle, width - _EDGE)
    mark = "mark-open" if open_ended else "mark-short" if short else "mark-met"
    if low == high:
        drawn = _dot(at(low), centre, mark, beyond=_beyond(low, threshold, reach))
    else:
        drawn = (
            f'<rect class="mark-span {mark}" x="{at(low):.1f}" y="{centre - 3:.1f}" '
            f'width="{max(at(high) - at(low), 2):.1f}" height="6" rx="3"/>'
        )
    return (
        f'<svg class="mark" role="img" aria-label="{escape(told)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect class="mark-side" x="{first:.1f}" y="{centre - 6:.1f}" '
        f'width="{last - first:.1f}" height="12"/>'
        f'<line class="mark-line" x1="{_EDGE}" x2="{width - _EDGE}" y1="{centre:.1f}" '
        f'y2="{centre:.1f}"/>{drawn}'
        f'<line class="mark-least" x1="{middle:.1f}" x2="{middle:.1f}" y1="1" '
        f'y2="{height - 1}"/></svg>'
    )


def share_mark(
    low: float, high: float, most: float, told: str, *, width: int = 144, height: int = 20
) -> str:
    """Return how much of the most that can be had as inline SVG: a bar, and what is still open.

    Parameters
    ----------
    low, high
        The two ends of the figure; the same where it is known.
    most
        What it is at most.
    told
        What a screen reader says.
    width, height
        In pixels.

    Examples
    --------
    >>> share_mark(7, 30, 30, "x").count("<rect"), share_mark(7, 7, 30, "x").count("<rect")
    (3, 2)
    """
    whole = width - 2 * _EDGE

    def wide(value: float) -> float:
        return whole * min(max(value / most if most > 0 else 0.0, 0.0), 1.0)

    top = height / 2 - 3
    open_part = ""
    if high > low:
        open_part = (
            f'<rect class="mark-open" x="{_EDGE + wide(low):.1f}" y="{top:.1f}" '
            f'width="{wide(high) - wide(low):.1f}" height="6"/>'
        )
    return (
        f'<svg class="mark" role="img" aria-label="{escape(told)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect class="mark-side" x="{_EDGE}" y="{top:.1f}" width="{whole}" height="6"/>'
        f'<rect class="mark-met" x="{_EDGE}" y="{top:.1f}" width="{wide(low):.1f}" height="6"/>'
        f"{open_part}</svg>"
    )


def _beyond(value: float, threshold: float, reach: float) -> int:
    """Return on which side a figure leaves the scale: -1, 1, or 0 where it does not."""
    away = (value - threshold) / reach
    return -1 if away < -1 else 1 if away > 1 else 0


def _dot(x: float, y: float, mark: str, *, beyond: int) -> str:
    if not beyond:
        return f'<circle class="{mark}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    tip, foot = x + 6 * beyond, x - 4 * beyond
    return (
        f'<path class="{mark}" d="M{tip:.1f} {y:.1f}L{foot:.1f} {y - 5:.1f}'
        f'L{foot:.1f} {y + 5:.1f}Z"/>'
    )
