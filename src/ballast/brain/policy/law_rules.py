"""Walks everything that a law holds, each with its place in the file.

Criteria hold scores, scores hold items, items hold criteria again: each check
that walked them for itself would forget one of the ways down.
"""

from __future__ import annotations

from collections.abc import Iterator

from ballast.brain.policy.shape import Shape
from ballast.brain.policy.strict_yaml import Path

__all__ = ["Place", "places"]

Place = tuple[Path, Shape]


def places(of: Shape, at: Path = ()) -> Iterator[Place]:
    """Yield every shape inside a shape, from the top down, with its path.

    Examples
    --------
    >>> from ballast.brain.policy.shape import All, Flag, Words
    >>> said = Words(zh="否", en="no")
    >>> flag = Flag(kind="flag", id="b", label=said, article="1", fact="fraud_3y")
    >>> rule = All(kind="all", id="a", label=said, article="1", of=(flag,))
    >>> [path for path, inside in places(rule) if isinstance(inside, Flag)]
    [('of', 0)]
    """
    yield at, of
    for name in type(of).model_fields:
        yield from _inside(getattr(of, name), (*at, name))


def _inside(value: object, at: Path) -> Iterator[Place]:
    if isinstance(value, Shape):
        yield from places(value, at)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _inside(each, (*at, index))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _inside(each, (*at, key))
