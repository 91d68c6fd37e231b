"""How wide a word is, and where labels fit without covering each other.

Vega-Lite places every label where it is told and lets them overlap. What fits
must be known before drawing, so it is reckoned here from the widths of
Chinese and Latin letters: coarse, but the same on every machine, whatever
fonts it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import east_asian_width

ELLIPSIS = "…"
_WIDE = frozenset("WF")


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, in pixels.

    Parameters
    ----------
    text
        One line.
    size
        Of the type, in pixels.

    Examples
    --------
    >>> width_of("有色金属", 12)
    48.0
    >>> width_of("Al", 10)
    12.4
    """
    wide = sum(map(_WIDE.__contains__, map(east_asian_width, text)))
    return size * (wide + 0.62 * (len(text) - wide))


def fitted(text: str, size: float, room: float) -> str:
    """Return a text shortened with an ellipsis until it fits; empty when nothing does.

    Examples
    --------
    >>> fitted("有色金属冶炼和压延加工业", 12, 60)
    '有色金属…'
    >>> fitted("有色", 12, 10)
    ''
    """
    if width_of(text, size) <= room:
        return text
    left = room - width_of(ELLIPSIS, size)
    kept = 0
    for character in text:
        left -= width_of(character, size)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + ELLIPSIS if kept > 1 else ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, in pixels, y downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def covers(self, other: Box) -> bool:
        """Return whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Return whether the other lies within this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark that would like a label: its centre, its radius, the label's text."""

    x: float
    y: float
    radius: float
    text: str


Anchor = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label goes, and which of its ends stands fast whatever the font's real widths."""

    box: Box
    anchor: Anchor

    @property
    def x(self) -> float:
        """Where the end that stands fast is."""
        if self.anchor == "left":
            return self.box.left
        return self.box.right if self.anchor == "right" else self.box.left + self.box.width / 2


def placed(spots: Sequence[Spot], frame: Box, size: float) -> tuple[Placed | None, ...]:
    """Return where each label goes so that none covers a mark or another label.

    Greedy in the order given (the most important first): right of the mark,
    left, above, below; a label that fits nowhere is left out.

    Parameters
    ----------
    spots
        The marks, the most important first.
    frame
        Labels stay within it.
    size
        Of the type, in pixels.

    Returns
    -------
    tuple of Placed or None
        One for each spot.
    """
    marks = [Box(s.x - s.radius, s.y - s.radius, 2 * s.radius, 2 * s.radius) for s in spots]
    taken: list[Box] = []
    chosen: list[Placed | None] = []
    for own, spot in enumerate(spots):
        others = [mark for i, mark in enumerate(marks) if i != own]
        for label in _beside(spot, size):
            box = label.box
            if frame.holds(box) and not any(box.covers(b) for b in (*taken, *others)):
                taken.append(box)
                chosen.append(label)
                break
        else:
            chosen.append(None)
    return tuple(chosen)


def _beside(spot: Spot, size: float) -> tuple[Placed, ...]:
    wide, high, gap = width_of(spot.text, size), size * 1.15, spot.radius + 3
    middle, top = spot.x - wide / 2, spot.y - high / 2
    return (
        Placed(Box(spot.x + gap, top, wide, high), "left"),
        Placed(Box(spot.x - gap - wide, top, wide, high), "right"),
        Placed(Box(middle, spot.y - gap - high, wide, high), "center"),
        Placed(Box(middle, spot.y + gap, wide, high), "center"),
    )
