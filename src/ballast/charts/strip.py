"""One figure beside the middle half of a set: a band, its middle, a dot.

Drawn by hand like the sparkline: a row of a page holds one of these for each
measure, each on a scale of its own, and an engine of charts would lay out
seven axes that nobody reads.
"""

from __future__ import annotations

from html import escape

__all__ = ["strip"]

_EDGE = 8


def strip(
    low: float,
    middle: float,
    high: float,
    own: float | None,
    told: str,
    *,
    width: int = 240,
    height: int = 24,
) -> str:
    """Return a band from the lower to the upper quarter as inline SVG, with a dot for one's own.

    Parameters
    ----------
    low, middle, high
        The quarters of the set, rising.
    own
        Where the dot stands; none without it.
    told
        What a screen reader says.
    width, height
        In pixels.

    Returns
    -------
    str
        One ``<svg>`` element. The scale reaches from the lowest to the highest of what is drawn.

    Examples
    --------
    >>> "<circle" in strip(1, 2, 3, 2.5, "x"), "<circle" in strip(1, 2, 3, None, "x")
    (True, False)
    """
    drawn: list[float] = [low, middle, high, *(() if own is None else (own,))]
    first: float = min(drawn)
    span: float = (max(drawn) - first) or 1.0

    def at(value: float) -> float:
        return _EDGE + (value - first) / span * (width - 2 * _EDGE)

    centre = height / 2
    dot = ""
    if own is not None:
        dot = f'<circle class="strip-own" cx="{at(own):.1f}" cy="{centre:.1f}" r="6"/>'
    return (
        f'<svg class="strip" role="img" aria-label="{escape(told)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">'
        f'<line class="strip-line" x1="{_EDGE}" x2="{width - _EDGE}" y1="{centre:.1f}" '
        f'y2="{centre:.1f}"/>'
        f'<rect class="strip-band" x="{at(low):.1f}" y="{centre - 5:.1f}" '
        f'width="{max(at(high) - at(low), 1):.1f}" height="10" rx="2"/>'
        f'<line class="strip-middle" x1="{at(middle):.1f}" x2="{at(middle):.1f}" '
        f'y1="{centre - 8:.1f}" y2="{centre + 8:.1f}"/>{dot}</svg>'
    )
