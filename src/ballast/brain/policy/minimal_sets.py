"""Which few things, if they changed, would make a rule hold: every smallest set of them.

Trying all subsets of the criteria would take 2^n decisions, and a rule has
scores of twenty items. But a rule only ever becomes truer when one of its
parts does, so its smallest sufficient sets can be put together from those of
its parts, and of parts that share nothing the best of the whole are made of
the best of the parts. That keeps the answer exact where only the first few
sets are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Count", "Leaf", "Node", "Reach", "Sets", "Step", "smallest"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What holds, or would if it changed, or cannot.

    Parameters
    ----------
    id
        Its name, once in a rule.
    holds
        Whether it holds as things stand.
    possible
        Whether it can be made to hold at all.
    """

    id: str
    holds: bool = False
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """Holds when so many of its parts do: all of them, one of them, or a number between."""

    least: int
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """An item of a sum: what it gives now, and what it gives at most if it changes."""

    id: str
    now: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Reach:
    """Holds when a sum of groups reaches a bound; a group counts up to its cap.

    Parameters
    ----------
    groups
        The items of each group, its cap, and what it must reach by itself (0: nothing).
    least
        What the sum must reach; ``strict``: exceed.
    """

    groups: tuple[tuple[tuple[Step, ...], Decimal, Decimal], ...]
    least: Decimal
    strict: bool = False


Node = Leaf | Count | Reach


@dataclass(frozen=True, slots=True)
class Sets:
    """The smallest sets, the cheapest (or shortest) first.

    Parameters
    ----------
    of
        Each a set of names; an empty set: nothing has to change. None of them
        contains another.
    complete
        False where there are more than were asked for.
    """

    of: tuple[frozenset[str], ...]
    complete: bool


def smallest(node: Node, most: int, prices: Mapping[str, Decimal] | None = None) -> Sets:
    """Return the smallest sets of leaves and steps whose change makes a rule hold.

    Parameters
    ----------
    node
        The rule; no name stands in it twice.
    most
        How many sets are wanted, at least 1.
    prices
        What each name costs, not negative. With prices, only what has one may change, and the
        sets come cheapest first; without, the shortest first.

    Returns
    -------
    Sets
        No set at all where the rule cannot be made to hold.
    """
    raise NotImplementedError


def _ordered(sets: Sequence[frozenset[str]]) -> tuple[frozenset[str], ...]:
    return tuple(sorted(sets, key=lambda one: (len(one), sorted(one))))
