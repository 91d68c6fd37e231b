"""Which few things, if they changed, would make a rule hold: every smallest set of them.

Trying all subsets of the criteria would take 2^n decisions, and a rule has
scores of twenty items. But a rule only ever becomes truer when one of its
parts does, so its smallest sufficient sets can be put together from those of
its parts; and since no part stands in a rule twice, the first few of the
whole are made of the first few of the parts. That keeps the answer exact
where only some sets are asked for, with prices or without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import heappop, heappush

__all__ = ["Count", "Group", "Leaf", "Node", "Reach", "Sets", "Step", "smallest"]

TOLERANCE = Decimal("5e-10")
"""As for every comparison of the rules."""

_MOST_LOOKED_AT = 50_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """What holds, or would if it changed; ``id`` stands once in a rule."""

    id: str
    holds: bool = False


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
class Group:
    """Items that count together up to a cap; ``least`` is what they must reach by themselves."""

    items: tuple[Step, ...]
    cap: Decimal
    least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Holds when groups together reach a bound, and each its own; ``strict``: exceed the bound."""

    groups: tuple[Group, ...]
    least: Decimal
    strict: bool = False


Node = Leaf | Count | Reach


@dataclass(frozen=True, slots=True)
class Sets:
    """The smallest sets, the cheapest (without prices: the shortest) first.

    Parameters
    ----------
    of
        Sets of names, none of which contains another; an empty one: nothing has to change.
    complete
        False where there are more than were asked for, or not all could be looked at.
    """

    of: tuple[frozenset[str], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Priced:
    """A set with what it costs; sorted by cost, then by length, then by the order of the rule."""

    cost: Decimal
    names: tuple[str, ...]

    @property
    def order(self) -> tuple[Decimal, int]:
        return self.cost, len(self.names)


def smallest(node: Node, most: int, prices: Mapping[str, Decimal] | None = None) -> Sets:
    """Return the smallest sets of leaves and items whose change makes a rule hold.

    Parameters
    ----------
    node
        The rule; no name stands in it twice.
    most
        How many sets are wanted, at least 1.
    prices
        What the change of each name costs, not negative. With prices only what has one may
        change, and the sets come cheapest first; without, the shortest first.

    Returns
    -------
    Sets
        No set at all where the rule cannot be made to hold.

    Examples
    --------
    >>> rule = Count(2, (Leaf("staff"), Count(1, (Leaf("revenue"), Leaf("equity"))), Leaf("debt")))
    >>> [sorted(one) for one in smallest(rule, 9).of]
    [['revenue', 'staff'], ['equity', 'staff'], ['debt', 'staff'], ['debt', 'revenue'], \
['debt', 'equity']]
    >>> [sorted(one) for one in smallest(rule, 1, {"debt": Decimal(9), "equity": Decimal(5)}).of]
    [['debt', 'equity']]
    """
    search = _Search(most + 1, prices)
    found = search.of(node)
    return Sets(
        tuple(frozenset(one.names) for one in found[:most]),
        complete=len(found) <= most and not search.cut_short,
    )


class _Search:
    """The first sets of a rule, and of each of its parts."""

    def __init__(self, most: int, prices: Mapping[str, Decimal] | None) -> None:
        self._most = most
        self._prices = prices
        self.cut_short = False

    def of(self, node: Node) -> list[_Priced]:
        """Return the first sets of a rule, in their order."""
        match node:
            case Leaf():
                return self._leaf(node)
            case Count():
                return self._count(node)
            case Reach():
                return self._reach(node)

    def _cost(self, name: str) -> Decimal | None:
        return Decimal(1) if self._prices is None else self._prices.get(name)

    def _leaf(self, leaf: Leaf) -> list[_Priced]:
        if leaf.holds:
            return [_Priced(Decimal(0), ())]
        cost = self._cost(leaf.id)
        return [] if cost is None else [_Priced(cost, (leaf.id,))]

    def _count(self, node: Count) -> list[_Priced]:
        """Return the first sets that make so many parts hold.

        A part that holds costs nothing and is always counted; of the others exactly as many as
        are missing are taken, because one more could be left out again.
        """
        lists = [self.of(part) for part in node.of]
        open_lists = [one for one in lists if not (one and not one[0].names)]
        missing = node.least - (len(lists) - len(open_lists))
        if missing <= 0:
            return [_Priced(Decimal(0), ())]
        taken: list[list[_Priced]] = [[] for _ in range(missing + 1)]
        taken[0] = [_Priced(Decimal(0), ())]
        for one in open_lists:
            for many in range(missing, 0, -1):
                taken[many] = self._first([*taken[many], *_joined(taken[many - 1], one)])
        return taken[missing]

    def _first(self, sets: Sequence[_Priced]) -> list[_Priced]:
        return sorted(sets, key=lambda one: one.order)[: self._most]

    def _reach(self, node: Reach) -> list[_Priced]:
        candidates = []
        for at, group in enumerate(node.groups):
            for step in group.items:
                cost = self._cost(step.id)
                if step.most > step.now and cost is not None:
                    candidates.append(_Candidate(step.id, at, step.most - step.now, cost))
        # What gives most for its cost comes first: the bound of the search rests on it.
        candidates.sort(key=lambda one: (one.cost / one.gain, -one.gain))
        found: list[_Priced] = []
        for looked, one in enumerate(_covers(node, candidates), start=1):
            if isinstance(one, _Priced):
                found.append(one)
                if len(found) == self._most:
                    break
            elif looked == _MOST_LOOKED_AT:
                self.cut_short = True
                break
        return self._first(found)


def _joined(left: Sequence[_Priced], right: Sequence[_Priced]) -> Iterator[_Priced]:
    for one in left:
        for other in right:
            yield _Priced(one.cost + other.cost, one.names + other.names)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An item that could give more."""

    name: str
    group: int
    gain: Decimal
    cost: Decimal


def _covers(node: Reach, candidates: Sequence[_Candidate]) -> Iterator[_Priced | None]:
    """Yield the smallest sets of items that reach a bound, cheapest first; None for a try.

    A* over sets that grow by later candidates: what is still missing costs at least what it
    would cost if the best candidates left could be bought in parts.
    """
    base = tuple(sum((step.now for step in group.items), Decimal(0)) for group in node.groups)
    if _holds(node, base):
        yield _Priced(Decimal(0), ())
        return
    count = 0
    # Cost so far plus what is still missing at least, then the fuller set, then the earlier one.
    queue: list[tuple[Decimal, int, int, Decimal, tuple[int, ...]]] = []
    heappush(queue, (Decimal(0), 0, count, Decimal(0), ()))
    while queue:
        _, _, _, cost, chosen = heappop(queue)
        sums = _sums(base, candidates, chosen)
        if _holds(node, sums):
            if _is_smallest(node, base, candidates, chosen):
                yield _Priced(cost, tuple(candidates[i].name for i in chosen))
            continue
        yield None
        first = chosen[-1] + 1 if chosen else 0
        for i in range(first, len(candidates)):
            grown = (*chosen, i)
            rest = _at_least(node, _sums(base, candidates, grown), candidates[i + 1 :])
            if rest is not None:
                count += 1
                spent = cost + candidates[i].cost
                heappush(queue, (spent + rest, -len(grown), count, spent, grown))


def _sums(
    base: tuple[Decimal, ...], candidates: Sequence[_Candidate], chosen: Sequence[int]
) -> tuple[Decimal, ...]:
    sums = list(base)
    for i in chosen:
        sums[candidates[i].group] += candidates[i].gain
    return tuple(sums)


def _capped(node: Reach, sums: Sequence[Decimal]) -> Decimal:
    return sum((min(g.cap, s) for g, s in zip(node.groups, sums, strict=True)), Decimal(0))


def _lacking(node: Reach, sums: Sequence[Decimal]) -> Decimal:
    """Return how much the bound lacks; a strict bound must be exceeded."""
    return node.least + (TOLERANCE if node.strict else -TOLERANCE) - _capped(node, sums)


def _holds(node: Reach, sums: Sequence[Decimal]) -> bool:
    lacking = _lacking(node, sums)
    return (lacking < 0 if node.strict else lacking <= 0) and all(
        group.least is None or min(group.cap, total) >= group.least - TOLERANCE
        for group, total in zip(node.groups, sums, strict=True)
    )


def _is_smallest(
    node: Reach, base: tuple[Decimal, ...], candidates: Sequence[_Candidate], chosen: Sequence[int]
) -> bool:
    return not any(
        _holds(node, _sums(base, candidates, [i for i in chosen if i != left])) for left in chosen
    )


def _at_least(node: Reach, sums: tuple[Decimal, ...], rest: Sequence[_Candidate]) -> Decimal | None:
    """Return what is still missing costs at least, or None where the rest cannot bring it."""
    full = list(sums)
    for one in rest:
        full[one.group] += one.gain
    if not _holds(node, full):
        return None
    lacking, cost = _lacking(node, sums), Decimal(0)
    for one in rest:
        if lacking <= 0:
            break
        part = min(Decimal(1), lacking / one.gain)
        cost += one.cost * part
        lacking -= one.gain
    return cost
