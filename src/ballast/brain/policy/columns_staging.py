"""Columns that are computed once, however many rules ask for them: a plan in levels.

An Ibis expression is a tree. A rule over columns, written down as one tree,
repeats the debt ratio wherever it is asked for, and the state of a group
repeats the states of its parts, twice and thrice at every step up; the SQL of
a scheme would grow with the product of its levels. So each value is bound
once, under what it is (its key), one level above the highest that it needs,
and every level becomes one SELECT that carries on only what is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

__all__ = ["Bound", "Staging"]


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A column to be: its name in the plan, and the level on which it is computed.

    ``constant`` is set where its value is the same for every row; it is then written wherever it
    is needed, and no column.
    """

    name: str
    level: int
    constant: Any = None


@dataclass(frozen=True, slots=True)
class _Made:
    bound: Bound
    needs: tuple[Bound, ...]
    make: Callable[..., ir.Value]


class Staging:
    """A plan over one table: bind values by their key, then ask for the table of some of them.

    Parameters
    ----------
    source
        What the plan starts from; its columns are level 0.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> plan = Staging(ibis.memtable(pa.table({"a": [2.0], "b": [4.0]})))
    >>> a, b = plan.given("a"), plan.given("b")
    >>> share = plan.bind(("/", "a", "b"), (a, b), lambda x, y: x / y)
    >>> plan.bind(("/", "a", "b"), (a, b), lambda x, y: x / y) is share
    True
    >>> double = plan.bind(("*", share), (share,), lambda x: x * 2)
    >>> plan.table({"share": share, "double": double}).to_pyarrow().to_pylist()
    [{'share': 0.5, 'double': 1.0}]
    """

    def __init__(self, source: ir.Table) -> None:
        self._source = source
        self._made: dict[Hashable, _Made] = {}
        self._given: dict[str, Bound] = {}

    def has(self, name: str) -> bool:
        """Say whether the source has a column of this name."""
        return name in self._source.columns

    def given(self, name: str) -> Bound:
        """Return a column of the source."""
        return self._given.setdefault(name, Bound(name, 0))

    def constant(self, value: Any, make: Callable[[], ir.Value]) -> Bound:
        """Return a column that is the same for every row; ``make`` gives the literal."""
        return self._add(("constant", type(value), value), (), make, value)

    def bind(self, key: Hashable, needs: Sequence[Bound], make: Callable[..., ir.Value]) -> Bound:
        """Return the column of a key, planned the first time that it is asked for.

        Parameters
        ----------
        key
            What the value is; two values of one key are one column.
        needs
            The columns that it is computed from.
        make
            Called with them, in this order, when the plan becomes a table.
        """
        return self._add(key, tuple(needs), make, None)

    def _add(
        self, key: Hashable, needs: tuple[Bound, ...], make: Callable[..., ir.Value], constant: Any
    ) -> Bound:
        found = self._made.get(key)
        if found is None:
            level = 0 if constant is not None else 1 + max((e.level for e in needs), default=0)
            bound = Bound(f"v{len(self._made)}__", level, constant)
            found = self._made[key] = _Made(bound, needs, make)
        return found.bound

    def reads(self, wanted: Iterable[Bound]) -> frozenset[str]:
        """Return the columns of the source that some values are computed from."""
        made = {each.bound: each for each in self._made.values()}
        return frozenset(bound.name for bound in _last_uses(wanted, made) if bound.level == 0)

    def table(self, wanted: Mapping[str, Bound]) -> ir.Table:
        """Return a table of the wanted columns under their names, and of nothing else."""
        made = {each.bound: each for each in self._made.values()}
        until = _last_uses(wanted.values(), made)

        def value(table: ir.Table, bound: Bound) -> ir.Value:
            return table[bound.name] if bound.constant is None else made[bound].make()

        table = self._source
        for level in range(1, 1 + max((bound.level for bound in until), default=0)):
            kept = [bound.name for bound in until if bound.level < level <= until[bound]]
            fresh = {
                bound.name: made[bound].make(*(value(table, each) for each in made[bound].needs))
                for bound in until
                if bound.level == level
            }
            table = table.select(*kept, **fresh)
        return table.select(**{name: value(table, bound) for name, bound in wanted.items()})


def _last_uses(wanted: Iterable[Bound], made: Mapping[Bound, _Made]) -> dict[Bound, int]:
    """Return what is needed for the wanted columns, each with the last level that reads it."""
    asked = [bound for bound in wanted if bound.constant is None]
    end = 1 + max((bound.level for bound in asked), default=0)
    until: dict[Bound, int] = {}
    open_ = [(bound, end) for bound in asked]
    while open_:
        bound, at = open_.pop()
        if bound not in until and bound in made:
            needs = (need for need in made[bound].needs if need.constant is None)
            open_.extend((need, bound.level) for need in needs)
        until[bound] = max(until.get(bound, 0), at)
    return dict(sorted(until.items(), key=lambda each: (each[0].level, each[0].name)))
