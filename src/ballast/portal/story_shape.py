"""What a story consists of: lines of text, the same for every figure.

Apart from the telling, because whoever shows a story needs its shape and none of its sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Line", "Story"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: what it tells, and in which words; a command is set as code."""

    name: str
    texts: tuple[str, ...]
    code: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """The story of one figure.

    Parameters
    ----------
    key
        Names the figure in the address.
    title, value
        What it is, and how much, with its unit; the word for its absence where there is none.
    reason
        Why there is none.
    lines
        What is told, in order.
    synthetic
        Whether it rests on synthetic data.
    """

    key: str
    title: str
    value: str
    reason: str
    lines: tuple[Line, ...]
    synthetic: bool
